"""Points with a label: "Rigorous Assessment: ...", "Kitchen Design stands for ...". Which does the answer speak of?

A learner who puts the words of one point under the label of another has the two exchanged, however many words fit. So
each statement of the answer is read as a head and a tail ("X means Y", "X = Y"): the head names a label, the tail is
held against what stands under every label.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from cpom_tutor.course import Span
from cpom_tutor.grounding.alignment import Word
from cpom_tutor.grounding.lexicon import rarity
from cpom_tutor.practice.grading.point_match import Point, Text, cover, covered
from cpom_tutor.practice.grading.predicates import asserts

_LABEL = re.compile(r"(?P<label>[^:.]{3,80}?)(?:: (?P<says>.+)|,? stands for (?P<stands>.+))", re.DOTALL)
_LINK = re.compile(
    r"\s(?:is|are|was|were|means?|meant|stands?\s+for|represents?|refers?\s+to|equals?)\s"
    r"|\s*(?:=|-+>|→|:\s|\s[–—-]\s)\s*",
    re.I,
)  # fmt: skip
HEADED = 0.55
"""Share of a label that a head must have to name it."""
PAIRED = 0.4
"""The same where two names are put together: each of the two confirms the other."""
SAID = 0.45
"""Share of a tail that must be of the point for the statement to make it."""
FOREIGN = 0.6
"""Share of a tail of another point, from which on the two are exchanged; and by so much more than of the own one:"""
BEYOND = 0.3
ALONE = 0.7
"""Share of what is said under no label that must be of one point."""
LEAST_WORDS = 2
_LABELS_OWN = 0.6


@dataclass(frozen=True, slots=True, eq=False)
class Label:
    """A point that has a label.

    Attributes:
        name: the label, among the other labels.
        content: what stands under it, among the other contents.
        paired: the content is a name too.
    """

    name: Point
    content: Point
    paired: bool


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """What a stretch of the answer says of a label: so far as it is of the point, or that another point is under it."""

    span: Span
    score: float
    exchanged: bool


@dataclass(frozen=True, slots=True, eq=False)
class Statements:
    """What an answer says under the labels.

    Attributes:
        made: by the number of the point, the best statement that makes it, or the one that exchanges it.
        spent: stretches that put one point's words under the label of another, and so make neither.
        paired: the points put two names together, which nothing but such a statement does.
    """

    made: Mapping[int, Statement] = field(default_factory=dict)
    spent: tuple[Span, ...] = ()
    paired: bool = False


def labels_of(rubric: Sequence[str]) -> list[tuple[str, str, bool]] | None:
    """Label, content, and whether both are names, of every point; None unless all are of one form."""
    found = [_LABEL.fullmatch(point.strip()) for point in rubric]
    parts = [(each["label"], each["stands"] or each["says"], each["stands"] is not None) for each in found if each]
    return parts if len(parts) == len(rubric) > 1 and len({paired for *_, paired in parts}) == 1 else None


def statements(labels: Sequence[Label], windows: Sequence[tuple[Span, Text]]) -> Statements:
    """What the windows say under the labels."""
    made: dict[int, Statement] = {}
    spent = []
    for span, window in windows:
        for place, score, exchanged in _read(labels, window):
            if exchanged:
                spent.append(span)
            known = made.get(place)
            if known is None or (exchanged, score) > (known.exchanged, known.score):
                made[place] = Statement(span, score, exchanged)
    return Statements(made, tuple(spent), labels[0].paired)


def _read(labels: Sequence[Label], window: Text) -> Iterator[tuple[int, float, bool]]:
    head, tail = _sides(window)
    if tail is None:
        yield from () if labels[0].paired else _unlabelled(labels, window)
        return
    if labels[0].paired:
        sides = [_pair(labels, head, tail), _pair(labels, tail, head)]
        best = max((each for each in sides if each), key=lambda each: each[1], default=None)
        if best:
            yield best
        return
    shares = [_share(label.name, head) for label in labels]
    place = int(np.argmax(shares))
    if shares[place] < HEADED:
        yield from _unlabelled(labels, window)
        return
    of = [_told_of(tail, label.content, labels[place].name) for label in labels]
    rival = max(share for number, share in enumerate(of) if number != place)
    if rival >= FOREIGN and rival - of[place] >= BEYOND:
        yield place, rival, True
    elif of[place] >= SAID:
        yield place, of[place], False


def _unlabelled(labels: Sequence[Label], window: Text) -> Iterator[tuple[int, float, bool]]:
    """What is said under no label, where it is of one content alone."""
    if len(window.words) < LEAST_WORDS or not asserts(window.text):
        return
    of = [_told_of(window, label.content, None) for label in labels]
    place = int(np.argmax(of))
    if of[place] >= ALONE and of[place] - max(share for number, share in enumerate(of) if number != place) >= BEYOND:
        yield place, of[place], False


def _pair(labels: Sequence[Label], named: Text, beside: Text) -> tuple[int, float, bool] | None:
    """Which label is put together with which content."""
    names = [_share(label.name, named) for label in labels]
    contents = [_share(label.content, beside) for label in labels]
    place, other = int(np.argmax(names)), int(np.argmax(contents))
    if names[place] < PAIRED or contents[other] < PAIRED:
        return None
    right = contents[place] >= max(PAIRED, contents[other] - BEYOND / 2)
    return place, (names[place] + contents[other]) / 2, not right


def _share(point: Point, text: Text) -> float:
    return float(covered(point.text, text)[1] @ point.weights / point.weights.sum()) if text.words else 0.0


def _told_of(tail: Text, content: Point, name: Point | None) -> float:
    """Share of what the tail says, the label's own words aside, that the content says too."""
    if not tail.words:
        return 0.0
    fresh = cover(tail, name.text)[1] < _LABELS_OWN if name else np.ones(len(tail.words), dtype=bool)
    if not fresh.any():
        return 0.0
    weights = np.array([0.1 + rarity(word.stem) for word in tail.words])[fresh]
    return float(cover(tail, content.text)[1][fresh] @ weights / weights.sum())


def _sides(window: Text) -> tuple[Text, Text | None]:
    link = _LINK.search(window.text)
    if link is None:
        return window, None
    return _part(window, 0, link.start()), _part(window, link.end(), len(window.text))


def _part(text: Text, start: int, end: int) -> Text:
    kept = [number for number, word in enumerate(text.words) if start <= word.start < end]
    words = tuple(Word(each.stem, each.text, each.place, each.start - start) for each in (text.words[n] for n in kept))
    return Text(text.text[start:end], text.whole, words, text.vectors[kept])
