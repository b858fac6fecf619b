"""Where a follow-up question leans on the conversation: the places in it that something could stand in for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from evals.rewriting.mentions import FUNCTION_WORDS


class Lean(StrEnum):
    """How a place leans on what was said."""

    PERSON = "person"
    THEY = "they"
    IT = "it"
    THAT = "that"
    THING = "thing"
    TIME = "time"
    NAME = "name"
    OTHER = "other"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a question.

    Attributes:
        lean: how it leans.
        start, end: the words that would be replaced; the same number where something would be added.
        word: the pronoun, the determiner or the name, in lower case.
        head: the noun that it determines, in lower case.
        owner: whether it is a possessive.
    """

    lean: Lean
    start: int
    end: int
    word: str
    head: str = ""
    owner: bool = False


_PRONOUN = re.compile(
    r"\b(?P<word>he|him|his|she|hers|her|they|them|theirs|their|thier|its|it|this|that|these|those)(?=(?P<is>['’]s)?\b)(?P<rest>[^.?!]*)",
    re.IGNORECASE,
)
_PRONOUNS = re.compile(
    r"\b(?:he|him|his|she|hers|her|they|them|theirs|their|thier|its|it)\b(?!['’](?!s))", re.IGNORECASE
)
_DETERMINED = re.compile(
    r"\b(?P<word>the|this|that|these|those)\s+(?P<noun>[\w’'-]+(?:\s+[\w’'-]+){0,2})", re.IGNORECASE
)
_EMPTY = re.compile(
    r"\b(?:is|was)\s+it\s+(?:true|possible|correct|right|fair|just|worth)\b|\bit\s+(?:is|was|seems)\s+\w+\s+(?:that|to)\b|\bdoes\s+it\s+(?:say|mention)\b",
    re.IGNORECASE,
)
_BARE = re.compile(r"\b(?:this|that|these|those)\b", re.IGNORECASE)
_AT_THAT_TIME = re.compile(
    r"\b(?:(?:during|at|in|around|throughout|by|from)\s+)(?P<word>this|that|the|these|those)\s+(?:same\s+)?(?P<noun>times?(?:\s+(?:period|frame))?|periods?|years?|eras?|days|decade|season|point(?:\s+in\s+time)?)\b|\b(?P<then>then)(?=\W*$)",
    re.IGNORECASE,
)
_OTHER = re.compile(r"\b(?:other|others|else|another|elsewhere)\b", re.IGNORECASE)
_EXCEPTED = re.compile(r"\b(?:besides|aside|other\s+than|apart|except|in\s+addition|others?\s+of)\b", re.IGNORECASE)
_CLASSES = {
    **dict.fromkeys("he him his she her hers".split(), Lean.PERSON),
    **dict.fromkeys("they them their theirs thier".split(), Lean.THEY),
    **dict.fromkeys("it its".split(), Lean.IT),
}
_VERB_LIKE = frozenset(
    "happen happened come came go went work worked occur occurred mean cause caused affect affected help helped end take took lead led have get "
    "make change changed turn sell do did go well become became start started last look help influence relate chart win sell tour peak release receive perform reach fail include contain hit matter".split()
)
_CONJUNCTION_BEFORE = frozenset(
    "said say says think thought know believe feel felt claim claimed so fact all something anything things thing everything "
    "people those someone anyone one way stated mention mentioned songs album albums awards reason sure find found true possible clear known likely".split()
)


def slots_in(question: str, partial_names: tuple[tuple[str, str], ...] = ()) -> list[Slot]:
    """The places, in the order of the text; the additions ("other", "missing") last.

    Args:
        question: what was asked.
        partial_names: pairs of a part of a name, as it would stand in a question, and the name in full.
    """
    found: list[Slot] = []
    for slot in (*_times(question), *_pronouns(question), *_demonstratives(question), *_things(question)):
        if not any(slot.start < other.end and other.start < slot.end for other in found):
            found.append(slot)
    for part, whole in partial_names:
        if any(slot.lean is Lean.NAME for slot in found):
            break
        for match in re.finditer(rf"(?<![\w-]){re.escape(part)}(?![\w-])", question, re.IGNORECASE):
            around = Slot(Lean.NAME, match.start(), match.end(), part.lower())
            if whole.lower() not in question.lower() and not any(
                around.start < other.end and other.start < around.end for other in found
            ):
                found.append(around)
    found.sort(key=lambda slot: slot.start)
    end = len(question.rstrip(" ?.!"))
    if _OTHER.search(question) and not _EXCEPTED.search(question):
        found.append(Slot(Lean.OTHER, end, end, "other"))
    found.append(Slot(Lean.MISSING, end, end, ""))
    return found


def _times(question: str) -> Iterator[Slot]:
    for match in _AT_THAT_TIME.finditer(question):
        yield Slot(
            Lean.TIME, match.start(), match.end(), (match["word"] or "then").lower(), (match["noun"] or "").lower()
        )


def _pronouns(question: str) -> Iterator[Slot]:
    for match in _PRONOUNS.finditer(question):
        word = match.group().lower()
        if match.group() == "IT" or (word == "it" and _EMPTY.search(question)):  # information technology
            continue
        after = re.match(r"\s+([\w’'-]+)", question[match.end() :])
        following = after.group(1).lower() if after else ""
        owner = word in ("his", "their", "its", "thier") or (
            word == "her" and bool(following) and following not in FUNCTION_WORDS
        )
        if owner and not following:
            owner = word == "his"
        yield Slot(_CLASSES[word], match.start(), match.end(), word, following if owner else "", owner)


def _demonstratives(question: str) -> Iterator[Slot]:
    """ "This" and "that" that stand alone."""
    for match in _BARE.finditer(question):
        word = match.group().lower()
        before = re.findall(r"[\w’'-]+", question[: match.start()])
        after = re.match(r"\s+([\w’'-]+)", question[match.end() :])
        following = after.group(1).lower() if after else ""
        if (
            word == "that"
            and before
            and following
            and (before[-1].lower() in _CONJUNCTION_BEFORE or following in _RELATIVE)
        ):
            continue
        if not following or following in FUNCTION_WORDS or following in _VERB_LIKE:
            yield Slot(Lean.THAT, match.start(), match.end(), word)


_RELATIVE = frozenset("he she they it we you i the his her their was were is are had has have would could did".split())


def _things(question: str) -> Iterator[Slot]:
    """ "The album", "that first season": a determiner and its noun, up to the next small word."""
    for match in _DETERMINED.finditer(question):
        before = re.findall(r"[\w’'-]+", question[: match.start()])
        if match["word"].lower() == "that" and before and before[-1].lower() in _CONJUNCTION_BEFORE:
            continue
        words: list[str] = []
        end = match.start("noun")
        for part in re.finditer(r"[\w’'-]+", match["noun"]):
            if part.group().lower() in FUNCTION_WORDS or (words and part.group().lower() in _VERB_LIKE):
                break
            words.append(part.group())
            end = match.start("noun") + part.end()
        while len(words) > 1 and words[-1].lower().endswith(("ed", "ing")):
            end -= len(words.pop()) + 1
        if words and not words[-1].endswith(("'s", "’s")):
            yield Slot(Lean.THING, match.start(), end, match["word"].lower(), " ".join(words).lower())
