"""Points that are bare names: which of them does the answer name, in a list or in sentences?

A name needs no sentence around it to be right, so a bare list earns what it names. Each piece of the answer names one
point at most, and each point takes the piece that is nearest to it: "home infusion" is not two domains at once. An
answer of far more items than there are points is a heap, and names nothing.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cpom_tutor.course import Span
from cpom_tutor.language import content_stems, plain, stem
from cpom_tutor.practice.grading.point_match import Point, Text, cover, covered
from cpom_tutor.practice.grading.point_polarity import denials
from cpom_tutor.practice.grading.predicates import asserts, words_of

LONGEST_NAME = 12
"""Words of a point up to which it can be a bare name."""
MOST_ITEMS = 2
"""Items for each point, beyond which an answer is a heap of words."""
NAMES = 0.45
"""Nearness from which on a piece names a point."""
_HAVE, _HAD, _ALIKE = 0.4, 0.3, 0.3  # what the point is covered, what the piece is, and the cosine of the two

_ASKED = re.compile(
    r"\b(?:name|list|which|what are|what (?:\w+ ){0,3}(?:belongs?|includes?|kinds?|types?)|give|state)\b", re.I
)
_BETWEEN = re.compile(
    r"[\n;,•|]+|(?<=\w)[.!?:](?=\s|$)|\s(?:[–—]|->|=|\+)\s|(?:^|\s)\(?\d{1,2}[.):]\s|\b(?:but|then|while|plus)\b", re.I
)
_INSIDE = re.compile(r"\s*(?:/|&|\+|\b(?:and|or|of|for)\b)\s*", re.I)


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of an answer that may name something.

    Attributes:
        span: where it stands.
        item: number of the item of the list that it is, or is part of.
    """

    span: Span
    item: int


@dataclass(frozen=True, slots=True, eq=False)
class Named:
    """What names a point: where it stands, how near it is (0 to 1), and whether its item denies it."""

    span: Span
    nearness: float
    denied: bool


def asks_for_names(question: str, rubric: Sequence[str]) -> bool:
    """Whether a list of names is asked for, and every point is one."""
    return bool(_ASKED.search(question)) and all(
        len(words_of(point)) <= LONGEST_NAME
        and not point.rstrip().endswith(".")
        and ":" not in point
        and not asserts(point)
        for point in rubric
    )


def pieces(answer: str, spans: Iterable[Span], points: int) -> tuple[Piece, ...]:
    """The items of an answer and their parts; none where there are too many for so many points."""
    items = [part for span in spans for part in _split(answer, span, _BETWEEN)]
    if len(items) > MOST_ITEMS * (points + 1):
        return ()
    found: dict[Piece, None] = {}
    for number, item in enumerate(items):
        found[Piece(item, number)] = None
        found |= dict.fromkeys(Piece(part, number) for part in _split(answer, item, _INSIDE))
    return tuple(found)


def named(points: Sequence[Point], found: Sequence[tuple[Piece, Text]]) -> dict[Point, Named]:
    """What names each point that is named, the nearest pairs first; no words name two."""
    whole = {piece.item: text for piece, text in reversed(found)}
    read = dict(found)
    pairs = sorted(_near(points, found), key=lambda pair: -pair[0])
    taken: list[Span] = []
    names: dict[Point, Named] = {}
    for nearness, point, piece in pairs:
        if point in names or any(piece.span.start < span.end and span.start < piece.span.end for span in taken):
            continue
        beside = _denials(read[piece], point) or _denials(whole[piece.item], point)
        denied = (beside + denials(point.text.text)) % 2 == 1
        names[point] = Named(piece.span, nearness, denied)
        taken.append(piece.span)
    return names


def _near(points: Sequence[Point], found: Sequence[tuple[Piece, Text]]) -> Iterator[tuple[float, Point, Piece]]:
    """Every piece with the point that is nearest to it, if it is near."""
    for piece, text in found:
        nearness, place = max((_nearness(point, text), -place) for place, point in enumerate(points))
        if nearness >= NAMES:
            yield nearness, points[-place], piece


def _nearness(point: Point, piece: Text) -> float:
    if not piece.words or not point.text.words:
        return 0.0
    have, had = covered(point.text, piece)[1], cover(piece, point.text)[1]
    covers = float(have @ point.weights / point.weights.sum())
    return _HAVE * covers + _HAD * float(had.mean()) + _ALIKE * max(0.0, float(point.text.whole @ piece.whole))


def _denials(said: Text, point: Point) -> int:
    """How many words deny, those of the name itself aside: it may be of "preventing" something."""
    return denials(" ".join(word for word in plain(said.text).split() if stem(word.lower()) not in point.text.stems))


def _split(text: str, within: Span, gaps: re.Pattern[str]) -> list[Span]:
    edges = [within.start]
    for gap in gaps.finditer(text, within.start, within.end):
        edges += [gap.start(), gap.end()]
    edges.append(within.end)
    spans = [Span(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True)]
    return [span for span in spans if content_stems(span.of(text))]
