"""Who does what: does the answer say of one subject what the point says of another?

The answer is read from left to right: a word that names one of the subjects (of the rubric's points, or a person or
name besides) makes it the current one, and the words that only one point has are then said of it.
"""

import re

from cpom_tutor.grounding.agents import agents_of
from cpom_tutor.grounding.lexicon import kinship
from cpom_tutor.language import denied_stems
from cpom_tutor.practice.grading.point_match import Point, Text
from cpom_tutor.practice.grading.point_polarity import settled
from cpom_tutor.practice.grading.predicates import predicate_at

NEAR = 1.0
_SIDE_BY_SIDE = re.compile(r"\b(?:compare|differ\w*|difference|between|versus|vs|and|or|which|each)\b", re.IGNORECASE)
_NAMED_AFTER = re.compile(
    r"\b(?:that(?:'s| is)|this is|those are|called|by|for|like|means)\s+(?:an?\s+|the\s+|my\s+|our\s+)?(?:\w+\s+)?$",
    re.I,
)


def exchanged(point: Point, answer: Text) -> float:
    """Share of the point's own words that the answer says of another subject, 0 where it says more of the right one."""
    asked = point.question.stems if _SIDE_BY_SIDE.search(point.question.text) else frozenset()
    own, *others = (_subject(text, asked) for text in (point.text, *point.others))
    rivals = frozenset(stem for subject in others for stem in subject) - own
    own = own - frozenset(stem for subject in others if subject != own for stem in subject)
    said = _own_words(point, own | rivals)
    if not own or not said:
        return 0.0
    rightly, wrongly = _told(answer, own, rivals, said)
    return len(wrongly) / len(said) if len(wrongly) > len(rightly) else 0.0


def _subject(text: Text, asked: frozenset[str]) -> frozenset[str]:
    """Stems before the verb that name a person, are a name, or are among those that the question sets side by side."""
    verb = predicate_at(text.text)
    if verb is None:
        return frozenset()
    people = agents_of(text.text, text.words)
    return frozenset(
        word.stem for number, word in enumerate(text.words)
        if word.start < verb and (number in people or word.stem in asked)
    )  # fmt: skip


def _own_words(point: Point, subjects: frozenset[str]) -> frozenset[str]:
    """Stems that only this point of the rubric has, and no subject."""
    elsewhere = frozenset(stem for other in point.others for stem in other.stems)
    return point.text.stems - elsewhere - subjects - point.question.stems


def _told(
    answer: Text, own: frozenset[str], rivals: frozenset[str], said: frozenset[str]
) -> tuple[frozenset[str], frozenset[str]]:
    """Which of the point's words the answer says of its subject, and which of a rival."""
    denied = denied_stems(settled(answer.text))
    current: bool | None = None
    rightly: set[str] = set()
    wrongly: set[str] = set()
    for word in answer.words:
        named = word.stem in own or word.stem in rivals
        if named and word.stem not in denied and not _NAMED_AFTER.search(answer.text[: word.start]):
            current = word.stem in own
        elif current is not None:
            for stem in said:
                if kinship(stem, word.stem) >= NEAR:
                    (rightly if current else wrongly).add(stem)
    return frozenset(rightly), frozenset(wrongly)
