"""An answer laid beside a rubric: every piece of the one, read by the model, against every point of the other."""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from threading import Lock

import numpy as np

from cpom_tutor.course import Span
from cpom_tutor.grounding.sentences import split_sentences
from cpom_tutor.language import plain
from cpom_tutor.practice.grading.answer_units import Assertions, assertions
from cpom_tutor.practice.grading.labelled import Label, Statements, labels_of, statements
from cpom_tutor.practice.grading.naming import Named, Piece, asks_for_names, named, pieces
from cpom_tutor.practice.grading.point_match import Point, Text, joined, match_features, quick
from cpom_tutor.practice.grading.point_polarity import polarity_features
from cpom_tutor.practice.grading.roles import exchanged
from cpom_tutor.practice.grading.slips import mender
from cpom_tutor.protocols import Reader

REMEMBERED = 1024
"""Readings of texts that are kept: a rubric and its passages mark many answers."""


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """A stretch of the answer that may make a point.

    Attributes:
        span: where it stands.
        text: as it is read, spelling mended.
        sentences: how many sentences it is; 0 for a clause.
    """

    span: Span
    text: Text
    sentences: int


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """One answer beside one rubric.

    Attributes:
        points: the rubric, read.
        windows: stretches of the answer.
        answer: all that it asserts, as one text; None where it asserts nothing.
        found: what was taken of it, and what was not.
        named: what names each point that the answer names; None where names are not asked for.
        told: where the points have labels, what the answer says under them.
    """

    points: tuple[Point, ...]
    windows: tuple[Window, ...]
    answer: Text | None
    found: Assertions
    named: Mapping[Point, Named] | None
    told: Statements

    def nearest(self, point: Point, limit: int) -> list[Window]:
        """The windows that seem to speak of the point most, best first; those that exchange points aside."""
        fair = [window for window in self.windows if not any(overlap(window.span, span) for span in self.told.spent)]
        return sorted(fair, key=lambda window: -quick(point, window.text))[:limit]

    def speaks(self, point: Point, window: Window) -> dict[str, float]:
        """Features of whether the window speaks of the point."""
        assert self.answer is not None  # there is a window
        return match_features(point, window.text, self.answer)

    def contradicts(self, point: Point, window: Window) -> dict[str, float]:
        """Features of whether the window says otherwise."""
        return polarity_features(point, window.text)

    def exchanged(self, point: Point) -> float:
        """Share of what the point says that the answer says of another than the point does, 0 to 1."""
        return exchanged(point, self.answer) if self.answer else 0.0


class Sheets:
    """Makes sheets; remembers readings.

    Args:
        reader: gives the embedder that reads words in their context; asked for at the first answer.
    """

    def __init__(self, reader: Callable[[], Reader]) -> None:
        self._reader = reader
        self._lock = Lock()
        self._remembered: OrderedDict[str, Text] = OrderedDict()

    def sheet(self, question: str, reference: Sequence[str], rubric: Sequence[str], answer: str) -> Sheet:
        """Lays the answer beside the rubric.

        Args:
            question, reference, rubric, answer: as `Grader.grade` takes them.

        Raises:
            EmbedderUnavailable: the model cannot be loaded.
        """
        mend = mender([question, *rubric, *reference])
        found = assertions(answer, question, rubric, mend)
        sentences = [span.of(plain(passage)) for passage in reference for span in split_sentences(plain(passage))]
        stretches = [mend(unit.span.of(answer)) for unit in found.units]
        names_asked = asks_for_names(question, rubric)
        items = _items(answer, rubric, found) if names_asked else ()
        parts = [mend(item.span.of(answer)) for item in items]
        read = self._read([plain(question), *map(plain, rubric), *sentences, *stretches, *parts])
        points = _points(
            read[plain(question)], [read[plain(point)] for point in rubric], [read[sentence] for sentence in sentences]
        )
        windows = [
            Window(unit.span, read[piece], int(unit.whole))
            for unit, piece in zip(found.units, stretches, strict=True) if read[piece].words
        ]  # fmt: skip
        whole = [window for window in windows if window.sentences]
        pairs = [
            Window(Span(one.span.start, other.span.end), _together([one, other]), 2) for one, other in pairwise(whole)
        ]
        told = self._told(rubric, read[plain(question)], [window for window in windows if _smallest(window, windows)])
        names = named(points, [(item, read[part]) for item, part in zip(items, parts, strict=True)])
        given = names if names_asked else None
        return Sheet(points, (*windows, *pairs), _together(whole) if whole else None, found, given, told)

    def _told(self, rubric: Sequence[str], question: Text, windows: Sequence[Window]) -> Statements:
        found = labels_of([plain(point) for point in rubric])
        if not found:
            return Statements()
        read = self._read([words for label, content, _ in found for words in (label, content)])
        names = _points(question, [read[label] for label, *_ in found], [])
        contents = _points(question, [read[content] for _, content, _ in found], [])
        labels = [Label(*each, found[0][2]) for each in zip(names, contents, strict=True)]
        return statements(labels, [(window.span, window.text) for window in windows])

    def _read(self, texts: Sequence[str]) -> dict[str, Text]:
        with self._lock:
            found = {text: self._remembered[text] for text in texts if text in self._remembered}
        missing = sorted({text for text in texts if text not in found}, key=len)
        if missing:
            readings = self._reader().read(missing)
            found |= {text: Text.of(text, reading) for text, reading in zip(missing, readings, strict=True)}
        with self._lock:
            self._remembered |= found
            for text in found:
                self._remembered.move_to_end(text)
            while len(self._remembered) > REMEMBERED:
                self._remembered.popitem(last=False)
        return found


def _items(answer: str, rubric: Sequence[str], found: Assertions) -> tuple[Piece, ...]:
    return pieces(answer, (unit.span for unit in found.units if unit.whole), len(rubric))


def _smallest(window: Window, windows: Sequence[Window]) -> bool:
    return not any(
        other is not window and not other.sentences and overlap(other.span, window.span)
        for other in windows
        if window.sentences
    )


def overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _points(question: Text, rubric: Sequence[Text], sentences: Sequence[Text]) -> tuple[Point, ...]:
    course = [text for text in sentences if text.words]
    return tuple(
        Point(text, question, tuple(other for other in rubric if other is not text), _most_like(text, course))
        for text in rubric
    )


def _together(windows: Sequence[Window]) -> Text:
    return joined([window.text for window in windows])


def _most_like(text: Text, course: Sequence[Text]) -> Text | None:
    if not course:
        return None
    return course[int(np.argmax([float(text.whole @ other.whole) for other in course]))]
