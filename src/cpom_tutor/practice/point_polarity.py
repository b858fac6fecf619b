"""Does a piece of an answer that speaks of a point say otherwise? Negation, opposites, numbers, and who does it."""

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from cpom_tutor.grounding.agents import agents_of
from cpom_tutor.grounding.alignment import Word
from cpom_tutor.grounding.contrasts import opposed
from cpom_tutor.grounding.lexicon import are_opposites, kinship
from cpom_tutor.grounding.opposites import opposite_count
from cpom_tutor.language import content_stems, denied_stems, names, numbers, plain, stem, tokens
from cpom_tutor.practice.point_match import Point, Text, cover
from cpom_tutor.practice.predicates import predicate_at

_DENIALS = frozenset(
    "not no never none nothing neither nor without cannot hardly nobody seldom rarely barely fails fail lacks lack".split()
)
_NO_DENIAL = re.compile(
    r"\b(?:not|n't|no) (?:only|just|merely|simply|solely|necessarily|because|least|long|sure|doubt|matter|mention|until|"
    r"surprisingly|wonder)\b|\bnot (?:\w+ ){0,2}alone\b|\bi (?:do not|don't|am not|can't|cannot) (?:know|remember|recall|"
    r"think|mind)\b|\bno (?:less|more) than\b|\bwhether or not\b|\bif not\b|\bwithout (?:question|doubt)\b",
    re.IGNORECASE,
)
_INSTEAD = re.compile(r"\b(?:rather than|instead of|as opposed to|in place of|far from|anything but)\b", re.IGNORECASE)
_MYTH = re.compile(
    r"\b(?:it(?:'s| is|'d be| would be) (?:a )?(?:myth|wrong|false|mistake|untrue|misconception|nonsense)"
    r"|is (?:a )?(?:myth|wrong|false|mistaken|untrue|nonsense))\b(?: (?:that|to (?:think|say|believe)))?",
    re.IGNORECASE,
)
_LESS = re.compile(r"\b(?:nothing to do with|no part in|hardly ever|no (?:longer|particular|need|role))\b", re.IGNORECASE)
_SIDES = re.compile(r"\b(?:everyone|everybody|anyone|all|always|every)\b", re.IGNORECASE)
_ONLY = re.compile(r"\bonly\b|\bnothing (?:else|more|but)\b|\bsolely\b|\bjust (?:a|an|the|the same)\b|\bmere(?:ly)?\b", re.I)
_PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being|gets?)\b(?: \w+){1,6} by\b", re.IGNORECASE)
NEAR = 0.7


@lru_cache(maxsize=4096)
def settled(text: str) -> str:
    """The text with what only looks like a denial taken out, and "rather than" and the like written as a denial."""
    text = _NO_DENIAL.sub(" also ", plain(text))
    return _MYTH.sub(" not ", _INSTEAD.sub(", not ", text))


@lru_cache(maxsize=4096)
def denials(text: str) -> int:
    """How many words of a text deny something."""
    return sum(token in _DENIALS or token.endswith("n't") for token in tokens(settled(text)))


def polarity_features(point: Point, window: Text) -> dict[str, float]:
    """What is weighed to say whether the window contradicts the point; all finite."""
    mine, theirs = settled(point.text.text), settled(window.text)
    same, soft = cover(point.text, window)
    here, there = denials(mine), denials(theirs)
    against = _opposites(point.text, window)
    disputed = _disputed(mine, theirs)
    exact = float(same.mean())
    gap = float(there > 0 and here == 0)
    lost = float(here > 0 and there == 0)
    number = number_conflict(point, window)
    sides = opposed(mine, theirs) is not None
    swap = swapped(point, window)
    odd = float((here + there + (against > 0 or sides)) % 2)
    return {
        "denied": gap,
        "denied_close": gap * exact,
        "denied_twice": float(there > 1 and here == 0),
        "lost": lost,
        "lost_close": lost * exact,
        "parity": odd,
        "parity_close": odd * exact,
        "disputed": float(min(disputed, 3)),
        "opposites": float(min(against, 2)),
        "sides": float(sides),
        "number": number,
        "swapped": swap,
        "only": float(bool(_ONLY.search(theirs)) and not _ONLY.search(mine)),
        "denials_both": float(here > 0 and there > 0),
        "less": float(bool(_LESS.search(theirs))),
        "exact": exact,
        "soft": float(soft.mean()),
    }


def _disputed(point: str, window: str) -> int:
    """How many words that both have are denied by one and stated by the other."""
    shared = set(content_stems(point)) & set(content_stems(window))
    return len((denied_stems(point) ^ denied_stems(window)) & shared)


def _opposites(point: Text, window: Text) -> int:
    """How many words of the point the window lacks while it has their opposite."""
    missing = [word.stem for word in point.words if word.stem not in window.stems]
    found = sum(any(are_opposites(one, other) for other in window.stems - point.stems) for one in missing)
    return max(found, opposite_count(missing, frozenset(window.stems - point.stems)))


def number_conflict(point: Point, window: Text) -> float:
    """1 where the point's number is not in the window, but another one is, that nobody else mentions."""
    wanted, said = numbers(point.text.text), numbers(window.text)
    elsewhere = {number for other in (point.question, *point.others) for number in numbers(other.text)}
    if not wanted or wanted & said:
        return 0.0
    return float(bool(said - elsewhere))


def swapped(point: Point, window: Text) -> float:
    """How much rather the window says of another what the point says of its subject (or of it what is another's).

    The subjects are those of the rubric's points (the words before the verb), and the people and names of either.
    """
    best = 0.0
    head, tail = halves(point.text)
    if not tail:
        return 0.0
    for other in point.others:
        other_head, other_tail = halves(other)
        own, foreign = _apart(head, other_head)
        mine, others = _apart(tail, other_tail)
        if own and foreign and mine and _has(window, foreign, own) and not _PASSIVE.search(window.text):
            best = max(best, _share(mine, window) - max(0.0, _share(others, window) - 0.3))
        if own and others and mine and _has(window, own, foreign) and _apart(other_head, head)[0]:
            best = max(best, _share(others, window) - _share(mine, window) - 0.2)
    return max(best, _by_stranger(point, window, tail))


def halves(text: Text) -> tuple[tuple[Word, ...], tuple[Word, ...]]:
    """The content words before the verb, and the others."""
    start = predicate_at(text.text)
    if start is None:
        return (), text.words
    return (
        tuple(word for word in text.words if word.start < start),
        tuple(word for word in text.words if word.start >= start),
    )


def _apart(one: Sequence[Word], other: Sequence[Word]) -> tuple[frozenset[str], frozenset[str]]:
    mine, theirs = frozenset(word.stem for word in one), frozenset(word.stem for word in other)
    return mine - theirs, theirs - mine


def _has(window: Text, wanted: frozenset[str], unwanted: frozenset[str]) -> bool:
    denied = denied_stems(settled(window.text))
    return bool(wanted & (window.stems - denied)) and not unwanted & (window.stems - denied)


def _share(stems: frozenset[str], window: Text) -> float:
    if not stems:
        return 0.0
    return float(np.mean([max((kinship(one, other) >= NEAR for other in window.stems), default=False) for one in stems]))


def _by_stranger(point: Point, window: Text, tail: Sequence[Word]) -> float:
    """The same for a name or a person that the point does not name, and that the question or another point does."""
    head_agents = _agents(point.text)
    if not head_agents:
        return 0.0
    known = {stem(name) for other in (point.question, *point.others) for name in _agents(other)}
    denied = denied_stems(settled(window.text))
    here = _agents(window) - denied
    if here & head_agents or not here & (known - head_agents):
        return 0.0
    rest = frozenset(word.stem for word in tail) - head_agents
    return _share(rest, window)


def _agents(text: Text) -> frozenset[str]:
    people = {text.words[row].stem for row in agents_of(text.text, text.words)}
    return frozenset(people | {stem(name) for name in names(text.text) if name.upper() in text.text})
