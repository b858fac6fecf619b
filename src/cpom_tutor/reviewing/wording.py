"""What a question asks, in a form in which the same question in other words is the same.

Only what may be left out or exchanged without asking something else is left out or exchanged: the way of asking,
an abbreviation for its words, general English for general English. Everything else must agree.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from cpom_tutor.answers import Intent
from cpom_tutor.course import GlossaryEntry
from cpom_tutor.language import NEGATIONS, STOPWORDS, numbers, plain, stem, tokens
from cpom_tutor.understanding.glossary import Glossary
from cpom_tutor.understanding.kinds import is_yes_no

_MANNERS = frozenset({Intent.SIMPLIFY, Intent.EXAMPLE, Intent.SUMMARIZE, Intent.QUIZ, Intent.GRADE, Intent.APPLY})
# Stop words of a search that change a question.
_CARRY = frozenset(
    "only all most more few before after above below over under same other own both must might should "
    "against down off out".split()
)
# Words that only say that something is asked, or that one thing is of another.
_EMPTY = frozenset(
    stem(word)
    for word in (
        "define explain describe tell name list mean means meant meaning signify signifies signified thing things "
        "kind kinds sort every belong belongs fall falls part parts include includes included contain contains cover "
        "covers covered entail entails involve involves involved component components consist comprise want know "
        "exactly please really actually again there's what's who's let's way so much many make makes made do"
    ).split()
)
_DENIES = (NEGATIONS | {"unable"}) - {"insufficient", "fail", "fails", "lack", "lacks", "merely", "hardly"}
_STANDS_FOR = "standsfor"
_NOT = "not"
_ARTICLES = frozenset({"a", "an", "the"})
_DEFINES = frozenset(
    "what what's is are was were does do define explain describe tell me us about to mean means meaning meant"
    " signify by of can could you please exactly really actually again let's".split()
)
_ORDINALS = frozenset("first second third fourth fifth twice dozen".split())
_DIFFERENCE = frozenset(stem(word) for word in ("vs", "versus", "difference", "differ", "different", "compare"))
_LETTERS = re.compile(r"[^A-Za-z0-9]")
_SMALL = frozenset("of on and the for in to a an".split())
_KIND_OF_CREDENTIAL = r"(?:credential|certification|certificate|cert|program|qualification)"
_REWRITTEN = tuple(
    (re.compile(pattern, re.IGNORECASE), instead)
    for pattern, instead in (
        (r"\bprogramme(?=s?\b)", "program"),
        (r"\bhealth care\b", "healthcare"),
        (r"\bdoes (?:the|this) course say about\b", "is"),
        (r"\b(?:in|according to) (?:the|this) course\b", ""),
        (r"\bexec\b", "executive"),
        (r"\ball about\b", "about"),
        (r"\b(?:seen|regarded|considered|viewed) as\b|\bhelps? to\b", ""),
        (r"\bwork(s|ing)? together\b", "collaborate"),
        (r"\bin (?:what|which) ways?\b", "how"),
        (r"\bhow come\b|\bwhat(?:'s| is| are| was| were)? the reasons? (?:for|why|that|behind|of)\b", "why"),
        (r"\b(?:what|the) number of\b", "how many"),
        (r"\b(?:letters?|abbreviation|acronym)\b(?=.*\bmeans?\b)", _STANDS_FOR),
        (r"\b(?:letters?|abbreviation|acronym)\b", ""),
        (r"\b(?:stands?|short) for\b|\brepresents?\b|\b(?:the|an) analogy for\b", _STANDS_FOR),
        (rf"\bcpom(?:'s)? {_KIND_OF_CREDENTIAL}s?\b", "cpom"),
        (rf"\b(?:this|the|that|my) {_KIND_OF_CREDENTIAL}\b(?! (?:process|exam))", "cpom"),
        (r"\bcertified pharmacy operations managers?\b", "cpom"),
    )
)
SEVERAL = "several things"
_SEVERAL = re.compile(r"\?.*\w|\b(?:and|or|then)\s+(?:why|how|who|when|where|what|which)\b")
_OPENING = 12  # characters before the question word of an ordinary question ("ok so, tell me")
_DO = re.compile(r"\b(?:do|does|did)\b")
_MODAL = re.compile(r"\b(?:can|could|will|would|should|must|may|might|have|has|had)\b")
_BE = re.compile(
    r"\b(?:is|are|was|were|be|been)\b\s+(?:(?P<done>\w+ed|made|built|given|kept|run)|(?P<doing>\w+ing))?\b"
)
_AT_THE_END = re.compile(r"\w+ \w+ (?:what|whom|who|which \w+|how many \w+|how much)\W*$")
_DOES_WHAT = re.compile(r"\bdo\W*$")
_BY_AT_THE_END = re.compile(r"\bby\W*$")
_MEMBERSHIP = re.compile(
    r"\b(?:belong|fall|part|includ|contain|cover|entail|involve|compris|consist|mean|signif|make up|standsfor|in\W*$)"
)
_THE_CREDENTIAL = frozenset({"certif", "certifi", "credenti"})
_OTHER_CREDENTIALS = re.compile(r"\bbps\b|\bbc[a-z]{2,3}\b|\bboard\b|\bclinical cert|\bword\b|[\"“]", re.IGNORECASE)
_WHO_ARE_THE = re.compile(r"\bwho (?:are|were) the\b")
_COMPARES = re.compile(r"\bvs\.?\b|\bversus\b|\bdiffer\w*\b|\bcompare[ds]?\b", re.IGNORECASE)
_HOW = re.compile(r"\bhow (many|much|often|long|likely|big|large|far|old|soon|well)\b")
_ASKED = re.compile(r"\b(?:who(?:m|se)?|when|where|why|how|what|which)\b")
_PREPOSITION = re.compile(r"\b(of|on|for|to|in|by|from|over|than|into|against|before|after)\b")


@dataclass(frozen=True, slots=True)
class Wording:
    """A question, taken apart.

    Attributes:
        aspect: what is asked of the subject: what, who, why, how, how many, whether ...
        manner: the form wanted ("explain more simply"), or None.
        numbers: the numbers in it.
        denied: what its negations stand before.
        frame: the small words around those that carry it; empty where they only ask what something is.
        order: the words that carry it, as stems, in order; an abbreviation and its words are one.
        ties: word, preposition, word: what stands on which side of "of", "on", "for".
        sought: whether what is asked for does something ("doer") or has it done to it ("done to"); empty where it is
            not plain.
        done_by: the word before "by" and the one after it, in a passive question.
    """

    aspect: str
    manner: Intent | None
    numbers: frozenset[str]
    denied: tuple[str, ...]
    frame: frozenset[str]
    order: tuple[str, ...]
    ties: frozenset[tuple[str, str, str]]
    sought: str
    done_by: tuple[str, str] | None

    @property
    def words(self) -> frozenset[str]:
        """The words that carry it, in no order."""
        return frozenset(self.order)


class Abbreviations:
    """The abbreviations of a glossary, so that one and its own words come out as one word.

    Args:
        entries: the glossary; what is not an abbreviation is left out, because everyday words are only near.
    """

    def __init__(self, entries: Iterable[GlossaryEntry]) -> None:
        self._whole: dict[tuple[str, ...], str] = {}
        given = [entry for entry in entries if entry.kind == "abbreviation"]
        self._spelt = Glossary(entry for entry in given if _spells(entry.term, entry.means))
        for entry in given:
            spelt = [alias for alias in (entry.means, *entry.aliases) if _spells(entry.term, alias)]
            one = _telling(spelt[0]) if spelt and len(spelt[0].split()) == 1 else ()
            token = one[0] if one else entry.term.lower()
            for alias in (entry.term, *spelt):
                self._whole.setdefault(_telling(alias), token)
        self._longest = max((len(words) for words in self._whole), default=1)

    def written_out(self, text: str) -> str:
        """The text with its abbreviations in full."""
        for match in self._spelt.find(text):
            text = text.replace(match.words, match.entry.means)
        return text

    def joined(self, words: list[str]) -> list[str]:
        """The stems with each abbreviation, written out or not, as one word."""
        found: list[str] = []
        place = 0
        while place < len(words):
            for length in range(min(self._longest, len(words) - place), 0, -1):
                token = self._whole.get(tuple(words[place : place + length]))
                if token:
                    found.append(token)
                    place += length
                    break
            else:
                found.append(words[place])
                place += 1
        return found


def wording(text: str, intent: Intent, abbreviations: Abbreviations) -> Wording:
    """Takes a whole question apart.

    Args:
        text: with its spelling mended.
        intent: what it was understood to want.
        abbreviations: the course's.
    """
    low = plain(text).lower()
    for pattern, instead in _REWRITTEN:
        low = pattern.sub(instead, low)
    low = re.sub(r"(?<=\w)-(?=\w)", " ", low)
    aspect = SEVERAL if _SEVERAL.search(low) else _aspect(low)
    words, denied = _content(low, aspect, abbreviations)
    if not _OTHER_CREDENTIALS.search(low):
        words = ["cpom" if word in _THE_CREDENTIAL else word for word in words]
    return Wording(
        aspect=aspect,
        manner=intent if intent in _MANNERS else None,
        numbers=numbers(low),
        denied=tuple(sorted(denied)),
        frame=_frame(low),
        order=tuple(words),
        ties=frozenset(tie for tie in _ties(low, aspect, abbreviations) if tie[1] != "by"),
        sought=_sought(low, aspect),
        done_by=next(((tie[0], tie[2]) for tie in _ties(low, aspect, abbreviations) if tie[1] == "by"), None),
    )


def _aspect(low: str) -> str:
    """What is asked of the subject."""
    measured = _HOW.search(low)
    if measured:
        return measured.group()
    if is_yes_no(low):
        return "whether"
    found = _ASKED.search(low)
    asked = found.group() if found else ""
    if asked in ("why", "how", "when", "where"):
        return "compare" if asked == "how" and _COMPARES.search(low) else asked
    if _COMPARES.search(low) and not asked.startswith("who"):
        return "compare"
    if asked.startswith("who"):
        # "Who are the three ..." asks which three.
        return "what" if _WHO_ARE_THE.search(low) and numbers(low) else "who"
    return "what"


def _content(low: str, aspect: str, abbreviations: Abbreviations) -> tuple[list[str], list[str]]:
    """The carrying words, and for each negation the first of them after it."""
    carried: list[str] = []
    for token in tokens(low):
        if token in _DENIES or token.endswith("n't"):
            carried.append(_NOT)
        elif token not in _ORDINALS and numbers(token):
            carried.append(min(numbers(token)))
        elif token in _CARRY or token not in STOPWORDS:
            carried.append(stem(token.removesuffix("'s")))
    empty = _EMPTY | _DIFFERENCE if aspect == "compare" else _EMPTY
    joined = [word for word in abbreviations.joined(carried) if word not in empty]
    denied = [word for before, word in pairwise(joined) if before == _NOT and word != _NOT]
    if joined and joined[-1] == _NOT:
        denied.append("")
    return [word for word in joined if word != _NOT], denied


def _sought(low: str, aspect: str) -> str:
    """The part that is asked for: "who manages them?" asks for the doer, "whom do they manage?" for the other."""
    found = _ASKED.search(low)
    if aspect not in ("what", "who", "how many", "how much") or not found or _MEMBERSHIP.search(low):
        return ""
    if _AT_THE_END.search(low) or _DO.search(low, found.end()):
        return "done to"
    if _BY_AT_THE_END.search(low):
        return "doer"
    copula = _BE.search(low, found.end())
    if copula:
        return "done to" if copula["done"] else "doer" if copula["doing"] else ""
    return "" if _MODAL.search(low, found.end()) or found.start() > _OPENING else "doer"


def _frame(low: str) -> frozenset[str]:
    """The words that `_content` leaves out, or nothing where they only ask for a definition."""
    around = frozenset(
        token for token in tokens(low) if (token in STOPWORDS or stem(token) in _EMPTY) and token not in _ARTICLES
    )
    return around if _DOES_WHAT.search(low) or not around <= _DEFINES else frozenset()


def _ties(low: str, aspect: str, abbreviations: Abbreviations) -> list[tuple[str, str, str]]:
    """For each preposition the carrying words on both sides of it."""
    pieces = _PREPOSITION.split(low)
    contents = [_content(piece, aspect, abbreviations)[0] for piece in pieces[::2]]
    return [
        (before[-1], preposition, after[0])
        for before, preposition, after in zip(contents, pieces[1::2], contents[1:], strict=False)
        if before and after
    ]


def _spells(term: str, words: str) -> bool:
    """Whether the words are the abbreviation written out, or another way to write it; "plan B" and "(a) b" are not."""
    letters = _LETTERS.sub("", term).lower().removesuffix("s")
    if "," in words or "(" in words:
        return False
    if _LETTERS.sub("", words).lower().removesuffix("s") == letters:
        return True
    parts = [part for part in re.split(r"[\s-]+", words.lower()) if part]
    telling = [part for part in parts if part not in _SMALL]
    if letters in ("".join(part[0] for part in kept) for kept in (parts, telling)):
        return True
    return len(parts) == 1 and parts[0][0] == letters[0] and words.islower() and term.islower()


def _telling(text: str) -> tuple[str, ...]:
    """The stems of an abbreviation's words as they stand among a question's."""
    words = tokens(text.replace("-", " "))
    return tuple(stem(word) for word in words if word not in STOPWORDS) or tuple(stem(word) for word in words)
