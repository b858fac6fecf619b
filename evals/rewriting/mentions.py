"""What a conversation has mentioned: headings, names, quoted titles, phrases, times, and what somebody did.

No tagger and no list of names: capitals, quotation marks, determiners and the small closed classes of English are
enough to cut the things out that a later "he", "that album" or "anything else" can stand for.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

_FUNCTION = """
    a about above across after again against all almost along already also although always am among an and another any
    anyone anything are around as at away back be became because been before behind being below besides between both but
    by can could did do does doing down during each either else ever every few following for from further get gets got
    had has have having he her here hers herself him himself his how however i if in including into is it its itself just
    later least less like many may me might more most much must my near never no nor not now of off often on once one
    only onto or other others our out over own per perhaps quite rather really same she should since so some soon
    still such than that the their theirs them themselves then there these they this those though through throughout
    to together too toward towards under until up upon us very via was we well were what whatever when where whereas whether
    which while who whom whose why will with within without would yet you your i'm it's he's she's don't didn't
    doesn't isn't wasn't weren't couldn't wouldn't made came went took began left
"""
FUNCTION_WORDS = frozenset(_FUNCTION.split())
_ASKING = frozenset(
    "what which who whom whose when where why how is are was were am do does did can could will would should has have had any anything in".split()
)
_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_TIME = re.compile(rf"\b(?:\d{{1,2}}\s+)?(?:(?:{_MONTH})\s+)?(?:\d{{1,2}},?\s+)?\b(?:1[5-9]|20)\d\ds?\b")
_QUOTED = re.compile(r'["“]\s*([^"“”]{2,60}?)[,.]?\s*["”]')
_NAME_WORD = r"(?:[A-Z][\w’'&./-]*[\w!]|[A-Z]\.?|\d+(?:st|nd|rd|th))"
_NAME = re.compile(
    rf"{_NAME_WORD}(?:(?:\s+(?:of|the|de|la|van|von|du|and\s+the|of\s+the|in\s+the|&|for|to|on)){{0,1}}\s+{_NAME_WORD})*"
)
_ASKED = re.compile(
    r"^\W*(?:what(?:['’]s|\s+(?:is|are|was|were))|who\s+(?:is|are|was|were)|tell\s+me\s+about|define|explain)\s+(?!(?:it|this|that|he|she|they|there|some|his|her|their|its|one|the\s+\w+\s+of)\b)(?P<what>[\w’'&-]+(?:\s+[\w’'&-]+){0,4}?)\W*$",
    re.IGNORECASE,
)
_UNKNOWN = re.compile(r"^\W*(?:i\s+(?:do\s+not|don['’]?t)\s+know|cannotanswer|no|yes|unknown)\W*$", re.IGNORECASE)
_CLAUSE_END = re.compile(
    r"[,;:.()\[\]–—](?=\s|$)|\s(?:who|which|but|because|while|when|where|after|before|since|although|so\s+that|and\s+(?:he|she|they|it)|and\s+(?:[A-Z]\w+\s+){1,2}\w+ed)\b|\s[-–—]\s"
)
_IRREGULAR = {
    "was": "being", "were": "being", "had": "having", "has": "having", "is": "being", "are": "being", "made": "making",
    "took": "taking", "won": "winning", "wrote": "writing", "went": "going", "became": "becoming", "began": "beginning",
    "gave": "giving", "got": "getting", "said": "saying", "saw": "seeing", "left": "leaving", "led": "leading",
    "met": "meeting", "sold": "selling", "told": "telling", "ran": "running", "came": "coming", "did": "doing",
    "sang": "singing", "held": "holding", "found": "finding", "lost": "losing", "spent": "spending", "fought": "fighting",
    "taught": "teaching", "bought": "buying", "brought": "bringing", "built": "building", "chose": "choosing",
    "drew": "drawing", "fell": "falling", "felt": "feeling", "grew": "growing", "hit": "hitting", "kept": "keeping",
    "knew": "knowing", "put": "putting", "rose": "rising", "set": "setting", "spoke": "speaking", "stood": "standing",
    "threw": "throwing", "wore": "wearing", "beat": "beating", "cut": "cutting", "paid": "paying", "sent": "sending",
    "shot": "shooting", "sought": "seeking", "swore": "swearing", "thought": "thinking", "broke": "breaking",
    "died": "dying", "tied": "tying", "lay": "lying", "rode": "riding", "drove": "driving", "read": "reading",
}  # fmt: skip
_NOT_PAST = frozenset("need indeed hundred speed seed breed embed united unnamed red bed feed".split())
_LONGEST_SUBJECT, _LONGEST_DEED = 6, 14  # words
_MOST = 8  # mentions of one kind kept from one text


class Kind(StrEnum):
    """What a mention is made of."""

    NAME = "name"
    QUOTED = "quoted"
    PHRASE = "phrase"
    TIME = "time"
    DEED = "deed"
    WHOLE = "whole"
    ASKED = "asked"


class Part(StrEnum):
    """Who said a text."""

    HEADING = "h"
    QUESTION = "q"
    ANSWER = "a"


@dataclass(frozen=True, slots=True)
class Mention:
    """Something that was said.

    Attributes:
        text: the words, without their determiner where they had one.
        kind: what it is made of.
        place: its number among those of its kind in its text, from 0.
    """

    text: str
    kind: Kind
    place: int = 0


@dataclass(frozen=True, slots=True)
class Said:
    """One text of the conversation: `age` 1 for the last question or answer; a heading's age is its place, from 0."""

    text: str
    part: Part
    age: int

    @property
    def mentions(self) -> tuple[Mention, ...]:
        """What it mentions."""
        return mentions_in(self.text)


def conversation(history: Sequence[str]) -> tuple[Said, ...]:
    """The texts with who said them, newest first, headings last. Answers that say nothing are left out.

    A conversation may open with up to two headings (what it is about); after them, questions and answers alternate.
    """
    heads = 0
    while heads < min(2, len(history)) and is_heading(history[heads]) and (heads or len(history) != 1):
        heads += 1
    if len(history) == 1 and is_heading(history[0]):
        heads = 1
    if (len(history) - heads) % 2 and heads == 2:
        heads = 1
    talk = [
        Said(text, Part.ANSWER if back % 2 == 0 else Part.QUESTION, back // 2 + 1)
        for back, text in enumerate(reversed(history[heads:]))
        if not is_empty(text)
    ]
    return (*talk, *(Said(text, Part.HEADING, place) for place, text in enumerate(history[:heads])))


def is_empty(text: str) -> bool:
    """Whether an answer says nothing that can be referred to."""
    return not text.strip() or bool(_UNKNOWN.match(text))


@lru_cache(maxsize=2048)
def is_heading(text: str) -> bool:
    """A short text that neither asks nor states: "Early career (1985-1989)"."""
    words = text.split()
    if not words or "?" in text[-2:] or len(words) > 14:
        return False
    titled = all(word[0].isupper() or not word[0].isalpha() or word in FUNCTION_WORDS for word in words)
    return words[0][0].isupper() and (titled or words[0].lower() not in _ASKING) and not text.rstrip().endswith(".")


@lru_cache(maxsize=2048)
def mentions_in(text: str) -> tuple[Mention, ...]:
    """What a text mentions: quoted titles, names, times, phrases, in that order; the deed and the whole if short."""
    found: dict[str, Mention] = {}
    quoted = [match.group(1).strip() for match in _QUOTED.finditer(text)]
    _add(found, Kind.QUOTED, quoted)
    _add(found, Kind.NAME, _names(text))
    _add(found, Kind.TIME, [match.group().strip() for match in _TIME.finditer(text)])
    _add(found, Kind.PHRASE, _phrases(text))
    asked = _ASKED.match(text)
    if asked:
        _add(found, Kind.ASKED, [re.sub(r"^an?\s+", "the ", asked.group(1), flags=re.IGNORECASE)])
    deed = deed_of(text)
    if deed:
        _add(found, Kind.DEED, [deed])
    whole = first_clause(text)
    sentence = text[:1].isupper() and text.rstrip().endswith(".") and len(text.split()) > 3
    if whole and not sentence and len(whole.split()) <= _LONGEST_DEED:
        _add(found, Kind.WHOLE, [whole])
    return tuple(found.values())


def _add(found: dict[str, Mention], kind: Kind, texts: Sequence[str]) -> None:
    for place, text in enumerate(dict.fromkeys(texts)):
        if place < _MOST:
            found.setdefault(text.lower(), Mention(text, kind, place))


def _names(text: str) -> list[str]:
    found = []
    for match in _NAME.finditer(text):
        name = match.group()
        words = name.split()
        while words and words[0].lower().rstrip(".") in FUNCTION_WORDS and words[0] not in ("The",):
            words = words[1:]
        if len(words) == 1 and (words[0] == "The" or _merely_opens(text, match)):
            continue
        name = re.sub(r"['’]s?$", "", " ".join(words))
        if len(name) > 2 and not re.fullmatch(rf"(?:{_MONTH})(?:\s+\d+)?|\d+\w*", name):
            found.append(name)
    return found


def _merely_opens(text: str, match: re.Match[str]) -> bool:
    """Whether a lone capitalised word is one because it opens a sentence: "Infusion centers", not "Quist joined"."""
    if match.start() and not re.search(r"[.!?]\s+$", text[: match.start()]):
        return False
    following = re.match(r"\s+([a-z][\w’'-]*)", text[match.end() :])
    if not following:
        return False
    word = following.group(1)
    return word not in FUNCTION_WORDS and not word.endswith("ed")


def _phrases(text: str) -> list[str]:
    """Noun phrases by their determiner: up to the next small word."""
    found = []
    for match in re.finditer(
        r"\b(?:the|an?|his|her|their|its|this|that|these|those|any|some|no)\s+", text, re.IGNORECASE
    ):
        words: list[str] = []
        for word in text[match.end() :].split()[:6]:
            bare = word.strip("\"“”'’()[]")
            if bare.rstrip(".,;:?!").lower() in FUNCTION_WORDS:
                break
            words.append(bare.rstrip(".,;:?!"))
            if re.search(r"[.,;:?!)\]\"”]$", word):
                break
        while len(words) > 1 and words[-1][:1].islower() and words[-1].endswith(("ed", "ly", "first")):
            words.pop()
        phrase = " ".join(words)
        if len(phrase) > 2 and not phrase[0].isupper():
            found.append(phrase)
    return found


@lru_cache(maxsize=2048)
def first_clause(text: str) -> str:
    """The text up to where its first clause ends."""
    text = text.strip().lstrip(",;:). \"“'-")
    match = _CLAUSE_END.search(text, 8)
    return text[: match.start()].strip(" .,;:") if match else text.strip(" .,;:")


@lru_cache(maxsize=2048)
def deed_of(text: str) -> str:
    """What somebody did, as a gerund: "Ice signed a contract with ..." gives "signing a contract with ..."; or nothing."""
    words = first_clause(text).split()
    for place, word in enumerate(words[: _LONGEST_SUBJECT + 1]):
        lower = word.lower()
        if lower in _IRREGULAR or (len(lower) > 4 and lower.endswith("ed") and lower not in _NOT_PAST):
            if place == len(words) - 1:
                return ""
            return " ".join([gerund(lower), *words[place + 1 : place + _LONGEST_DEED]])
        if place and lower in ("of", "for", "with", "from", "at", "by", "to", "that"):
            return ""
    return ""


def gerund(past: str) -> str:
    """The gerund of a past tense: "released" gives "releasing", "tried" gives "trying", "won" gives "winning"."""
    if past in _IRREGULAR:
        return _IRREGULAR[past]
    return past[:-3] + "ying" if past.endswith("ied") else past[:-2] + "ing"


def possessive(text: str) -> str:
    """The text as an owner: "Zappa's", "INXS's"; "The Waterboys'" of a plural; an owner stays one."""
    if re.search(r"['’]s?$", text):
        return text
    plural = text.endswith("s") and not text.endswith("ss") and (text.lower().startswith("the ") or text.islower())
    return text + ("'" if plural else "'s")


def without_remark(text: str) -> str:
    """A heading without its parenthesis: "Vogue (Madonna song)" is "Vogue"."""
    return re.sub(r"\s*\([^)]*\)\s*$", "", text).strip() or text


def is_plural(text: str) -> bool:
    """Whether the words look like several, or a body of people."""
    last = text.split()[-1].lower() if text.split() else ""
    return (
        " and " in text or " & " in text or (last.endswith("s") and not last.endswith(("ss", "us", "is")))
        or last in ("band", "group", "team", "family", "company", "people", "government", "police", "crew", "cast", "duo")
    )  # fmt: skip
