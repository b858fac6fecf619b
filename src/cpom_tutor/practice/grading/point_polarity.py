"""Does a piece of an answer that speaks of a point say otherwise? Negation, opposites, numbers, "only"."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np

from cpom_tutor.grounding.contrasts import opposed
from cpom_tutor.grounding.lexicon import are_opposites, kinship
from cpom_tutor.grounding.opposites import opposite_count
from cpom_tutor.language import content_stems, denied_stems, numbers, plain, tokens
from cpom_tutor.practice.grading.everyday import against
from cpom_tutor.practice.grading.point_match import Point, Text

Match = tuple[int, int, float]

_DENIALS = frozenset(
    "not no never none nothing neither nor without cannot hardly nobody seldom rarely barely lacks lack wrongly "
    "unable beyond prevent prevents prevented preventing avoid avoids avoided avoiding".split()
)
_NO_DENIAL = re.compile(
    r"\b(?:not|n't|no) (?:only|just|merely|simply|solely|necessarily|because|least|long|sure|doubt|matter|mention|until|"
    r"surprisingly|wonder|all|limited|confined|restricted)\b|\bnot (?:\w+ ){0,2}alone\b|\bi (?:do not|don't|am not|can't|cannot) (?:know|remember|"
    r"recall|think|mind)\b|\bno (?:less|more) than\b|\bwhether or not\b|\bif not\b|\bwithout (?:question|doubt)\b"
    r"|\bisn't (?:only|just|merely|simply)\b|\baren't (?:only|just|merely|simply)\b|\bdoesn't (?:only|just|merely|simply)\b",
    re.IGNORECASE,
)
_FAIL = re.compile(r"\bfail(?:s|ed|ing)?\b(?! to\b)", re.IGNORECASE)
_INSTEAD = re.compile(r"\b(?:rather than|instead of|as opposed to|in place of|far from|anything but)\b", re.IGNORECASE)
_OMITTED = re.compile(
    r"\b(?:leav(?:e|es|ing)|left) (?:\w+ )?out\b|\b(?:exclud|omit)\w*|\bexcept(?: for)?\b(?! that)", re.IGNORECASE
)
_MYTH = re.compile(
    r"\b(?:it(?:'s| is|'d be| would be) (?:a )?(?:myth|wrong|false|mistake|untrue|misconception|nonsense)"
    r"|is (?:a )?(?:myth|wrong|false|mistaken|untrue|nonsense))\b(?: (?:that|to (?:think|say|believe)))?",
    re.IGNORECASE,
)
_NOTHING_TO_DO = re.compile(
    r"\b(?:nothing (?:to do|in common)|no part in|hardly ever|no (?:longer|particular|need|role|use)|little (?:to do|effort"
    r"|need|use))\b",
    re.IGNORECASE,
)
_NOT_JUST = re.compile(
    r"(?:\bnot|n't) (?:\w+ )?(?:just|merely|simply|only|limited)\b|\bmore than (?:just )?an?\b", re.I
)
_JUST = re.compile(r"\b(?:just|merely|simply|only|solely|nothing (?:else|more|but)|mere)\b", re.IGNORECASE)
_PART = re.compile(
    r"[,;:()—]|\s[–-]\s|\b(?:but|while|whereas|although|though|because|so|which|where|and (?=(?:without|if|when|it|they|that|this|those|lets?|makes?|will|she|he|we|you|the|is|are|has|have|can|must|nobody|nothing|everybody|never|not)\b))",
    re.I,
)
_FROM_TO = re.compile(r"\bfrom (?P<first>[^,.;]+?) (?:to|into|towards?) (?P<last>[^,.;]+)", re.IGNORECASE)
_ONE = re.compile(
    r"\b(?:one|an?)[ -](?:single )?(?:second|minute|hour|day|week|month|year|dollar|percent|mile)\b", re.IGNORECASE
)
_TENS = {
    word: str(10 * number) for number, word in enumerate("thirty forty fifty sixty seventy eighty ninety".split(), 3)
}
_ALL = re.compile(r"\b(?:both|all|each|every)\b", re.IGNORECASE)
FAIR = 0.25
"""Share of the matched words from which on a part of a sentence is about the point."""
_ALL_OF_IT = 0.95
ALIKE = 0.6
"""Cosine of two words in their places, from which on one may stand for the other."""


@lru_cache(maxsize=4096)
def settled(text: str) -> str:
    """The text with what only looks like a denial taken out, and "rather than" and the like written as a denial."""
    text = _NO_DENIAL.sub(lambda found: "x" * len(found.group()), plain(text))
    text = _FAIL.sub(lambda found: "x" * len(found.group()), text)
    return _OMITTED.sub(" not ", _MYTH.sub(" not ", _INSTEAD.sub(", not ", text)))


@lru_cache(maxsize=4096)
def denials(text: str) -> int:
    """How many words of a text deny something."""
    return sum(token in _DENIALS or token.endswith("n't") for token in tokens(settled(text)))


def polarity_features(point: Point, window: Text) -> dict[str, float]:
    """What is weighed to say whether the window contradicts the point; all finite."""
    mine, theirs = settled(point.text.text), settled(window.text)
    matched = _matched(point.text, window)
    here, there = denials(point.text.text), _denials_beside(point, window, matched)
    direct = _opposites(point.text, window)
    everyday = against(mine, theirs)
    exact = _share_exact(point.text, window)
    by_reach = _disputed(point, window, matched, _denied_by_reach)
    by_part = 0.0 if everyday else _disputed(point, window, matched, _denied_by_part)
    sides = float(opposed(mine, theirs) is not None)
    flipped = direct > 0 or sides > 0 or everyday > 0
    turned = float((here + there + flipped) % 2)
    not_just = bool(_NOT_JUST.search(point.text.text)) and not _NOT_JUST.search(window.text)
    only = bool(_JUST.search(theirs)) and not _JUST.search(mine)
    return {
        "denied": float(there > 0 and here == 0 and not flipped),
        "denied_anywhere": float(denials(window.text) > 0 and here == 0),
        "lost": float(here > 0 and there == 0),
        "parity": turned,
        "parity_close": turned * exact,
        "by_reach": by_reach,
        "affirmed": float(here > 0 and there == 0 and not flipped and by_reach >= _ALL_OF_IT),
        "by_part": by_part,
        "by_part_close": by_part * exact,
        "opposites": float(min(direct, 2)),
        "sides": sides,
        "everyday": float(min(everyday, 2)),
        "everyday_plain": float(everyday > 0 and (here + there) % 2 == 0),
        "number": number_conflict(point, window),
        "just": float(not_just and bool(_JUST.search(window.text))),
        "only": float(only),
        "only_of_all": float(only and bool(_ALL.search(mine))),
        "reversed": _reversed(point.text, window),
        "nothing": float(bool(_NOTHING_TO_DO.search(window.text))),
        "exact": exact,
        "crossed": _crossed(point, window, matched),
    }


def _matched(point: Text, window: Text) -> list[Match]:
    """Pairs of words (point's, window's, weight) of which one stands for the other."""
    if not point.words or not window.words:
        return []
    likeness = point.vectors @ window.vectors.T
    found = []
    for row, word in enumerate(point.words):
        kin = np.array([kinship(word.stem, other.stem) for other in window.words])
        score = np.maximum(kin, np.where(likeness[row] >= ALIKE, likeness[row], 0.0))
        best = int(score.argmax())
        if score[best] >= ALIKE:
            found.append((row, best, float(score[best])))
    return found


def _disputed(point: Point, window: Text, matched: Sequence[Match], denied: Callable[[Text], list[bool]]) -> float:
    """Share of the matched words that one side denies and the other states."""
    mine, theirs = denied(point.text), denied(window)
    weights = [point.weights[row] * score for row, _, score in matched]
    if not matched:
        return 0.0
    against = sum(
        weight for weight, (row, column, _) in zip(weights, matched, strict=True) if mine[row] != theirs[column]
    )
    return float(against / sum(weights))


def _crossed(point: Point, window: Text, matched: Sequence[Match]) -> float:
    """1 where the window states what the point denies, and denies what the point states."""
    mine, theirs = _denied_by_reach(point.text), _denied_by_reach(window)
    pairs = {(mine[row], theirs[column]) for row, column, _ in matched}
    stated = any(not denied and word.stem in window.stems for word, denied in zip(point.text.words, mine, strict=True))
    return float((True, False) in pairs and (False, True) in pairs and (True, True) not in pairs and stated)


def _denials_beside(point: Point, window: Text, matched: Sequence[Match]) -> int:
    """How many denials stand in those parts of the window that have a fair share of what it has of the point."""
    parts = _parts(window.text)
    shares = [0.0] * len(parts)
    for row, column, score in matched:
        place = window.words[column].start
        shares[next(number for number, (start, end) in enumerate(parts) if start <= place < end)] += (
            point.weights[row] * score
        )
    least = FAIR * sum(shares)
    text = plain(window.text)
    return sum(
        denials(text[start:end]) for share, (start, end) in zip(shares, parts, strict=True) if share and share >= least
    )


def _parts(text: str) -> list[tuple[int, int]]:
    """Where the parts of its sentences start and end."""
    whole = plain(text)
    breaks = [0, *(found.end() for found in _PART.finditer(whole)), len(whole) + 1]
    return [(start, end) for start, end in pairwise(breaks) if start < end]


def _denied_by_reach(text: Text) -> list[bool]:
    denied = denied_stems(settled(text.text))
    return [word.stem in denied for word in text.words]


def _denied_by_part(text: Text) -> list[bool]:
    """Whether the part of the sentence that a word stands in has a denial."""
    parts, whole = _parts(text.text), plain(text.text)
    odd = [denials(whole[start:end]) % 2 == 1 for start, end in parts]
    return [
        next(denied for denied, (start, end) in zip(odd, parts, strict=True) if start <= word.start < end)
        for word in text.words
    ]


def _share_exact(point: Text, window: Text) -> float:
    return sum(word.stem in window.stems for word in point.words) / max(1, len(point.words))


def _opposites(point: Text, window: Text) -> int:
    """How many words of the point the window lacks while it has their opposite."""
    missing = [word.stem for word in point.words if word.stem not in window.stems]
    strange = window.stems - point.stems
    return max(
        sum(any(are_opposites(one, other) for other in strange) for one in missing), opposite_count(missing, strange)
    )


def _reversed(point: Text, window: Text) -> float:
    """1 where the point goes from one thing to another, and the window from the other to the one."""
    mine, theirs = _FROM_TO.search(point.text), _FROM_TO.search(window.text)
    if not mine or not theirs:
        return 0.0
    sides = [set(content_stems(found[name])) for found in (mine, theirs) for name in ("first", "last")]
    straight = len(sides[0] & sides[2]) + len(sides[1] & sides[3])
    return float(len(sides[0] & sides[3]) + len(sides[1] & sides[2]) > straight)


def number_conflict(point: Point, window: Text) -> float:
    """1 where the point's number is not in the window, but another one is, that nobody else mentions."""
    wanted, said = quantities(point.text.text), quantities(window.text)
    elsewhere = {number for other in (point.question, *point.others) for number in quantities(other.text)}
    if not wanted or wanted & said or ("figure" in point.text.stems and "figur" not in window.stems):
        return 0.0
    return float(bool(said - elsewhere))


@lru_cache(maxsize=4096)
def quantities(text: str) -> frozenset[str]:
    """The numbers of a text, those in words too."""
    tens = {_TENS[token] for token in tokens(text.replace("-", " ")) if token in _TENS}
    return numbers(text) | tens | ({"1"} if _ONE.search(text) else set())
