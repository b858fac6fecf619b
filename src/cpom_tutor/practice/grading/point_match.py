"""Does a piece of an answer speak of a rubric point? The point's words, one by one, against the answer's.

The direction matters: the point must be covered by the answer, while the answer may say a great deal more. A word of
the point counts by how rare it is, and little where the question gave it away or most other points have it too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cpom_tutor.grounding.alignment import Word, content_words
from cpom_tutor.grounding.lexicon import are_opposites, kinship, rarity
from cpom_tutor.language import numbers
from cpom_tutor.practice.grading.everyday import groups_by_stem, groups_in
from cpom_tutor.protocols import Reading, Vectors

Numbers = NDArray[np.float64]
GIVEN = 0.25
"""Weight left to a word that the question has."""
SHARED = 0.5
"""Weight left to a word that half or more of the other points have."""
_NONE: frozenset[int] = frozenset()
EVERYDAY = 0.75
"""What a word of the same everyday group counts."""
LIKE = (0.3, 0.75)
"""Cosines of two words in their places that count as nothing and as the same."""


@dataclass(frozen=True, eq=False)
class Text:
    """A text as the model reads it.

    Attributes:
        text: itself.
        whole: its unit vector.
        words: its content words, in order.
        vectors: one unit vector a content word; shape (len(words), any width).
    """

    text: str
    whole: Vectors
    words: tuple[Word, ...]
    vectors: Vectors

    @classmethod
    def of(cls, text: str, reading: Reading) -> "Text":
        """The text with its reading."""
        words = content_words(text, reading)
        return cls(text, reading.whole, words, reading.words[[word.place for word in words]])

    @cached_property
    def covers(self) -> "dict[Text, tuple[Numbers, Numbers]]":
        """What `covered` found of this window, by point."""
        return {}

    @cached_property
    def stems(self) -> frozenset[str]:
        """Stems of its content words."""
        return frozenset(word.stem for word in self.words)


def joined(parts: Sequence[Text]) -> Text:
    """Several pieces as one text, from their readings; words keep the contexts they were read in."""
    whole = np.sum([part.whole * (1 + len(part.words)) for part in parts], axis=0)
    whole = np.asarray(whole / max(float(np.linalg.norm(whole)), 1e-9), dtype=np.float32)
    vectors = np.concatenate([part.vectors for part in parts])
    words, start = [], 0
    for part in parts:
        words += [Word(word.stem, word.text, word.place, word.start + start) for word in part.words]
        start += len(part.text) + 1
    return Text(" ".join(part.text for part in parts), whole, tuple(words), vectors)


@dataclass(frozen=True, eq=False)
class Point:
    """A rubric point in its rubric.

    Attributes:
        text: the point.
        question: what was asked.
        others: the other points.
        course: the sentence of the reference that is most like it, where there is one.
    """

    text: Text
    question: Text
    others: tuple[Text, ...]
    course: Text | None

    @cached_property
    def weights(self) -> Numbers:
        """How much each content word of the point tells."""
        found = []
        for word in self.text.words:
            weight = 0.1 + rarity(word.stem)
            if word.stem in self.question.stems:
                weight *= GIVEN
            elif self.others and sum(word.stem in other.stems for other in self.others) * 2 >= len(self.others):
                weight *= SHARED
            found.append(weight)
        return np.array(found or [1.0])

    @cached_property
    def given(self) -> float:
        """Cosine of the point with the question: how much likeness proves nothing."""
        return float(self.text.whole @ self.question.whole)


def cover(point: Text, window: Text) -> tuple[Numbers, Numbers]:
    """For each content word of the point how well the window has it, 0 to 1: by stem or meaning, and by vectors too."""
    if not point.words or not window.words:
        nothing = np.zeros(max(1, len(point.words)))
        return nothing, nothing
    everyday, groups = groups_in(window.text), groups_by_stem(point.text)
    same = np.array([
        max(
            EVERYDAY * bool(groups.get(word.stem, _NONE) & everyday),
            *(_same(word.stem, other.stem) for other in window.words),
        )
        for word in point.words
    ])  # fmt: skip
    best = (point.vectors @ window.vectors.T).max(axis=1)
    soft = np.clip((best - LIKE[0]) / (LIKE[1] - LIKE[0]), 0.0, 0.95)
    return same, np.maximum(same, soft)


def covered(point: Text, window: Text) -> tuple[Numbers, Numbers]:
    """`cover`, remembered with the window as long as that is."""
    if point not in window.covers:
        window.covers[point] = cover(point, window)
    return window.covers[point]


def _same(one: str, other: str) -> float:
    kin = kinship(one, other)
    if kin >= 0.7:
        return 1.0 if kin == 1.0 else 0.85
    return 0.8 if are_opposites(one, other) else 0.0


def quick(point: Point, window: Text) -> float:
    """A first guess at how far the window speaks of the point, to choose the windows worth a closer look."""
    _, soft = covered(point.text, window)
    weights = point.weights
    likeness = float(point.text.whole @ window.whole)
    return float(soft @ weights / weights.sum()) + likeness


def match_features(point: Point, window: Text, answer: Text) -> dict[str, float]:
    """What is weighed to say whether the window speaks of the point; all finite.

    Args:
        point: the rubric point.
        window: a piece of the answer.
        answer: all of the answer that asserts something.
    """
    same, soft = covered(point.text, window)
    weights = point.weights / point.weights.sum()
    had, likeness = float(soft @ weights), _cosine(point.text, window)
    return {
        **_words_had(point, same, soft),
        **_margins(point, window, likeness, float(soft.mean())),
        "window_cover": float(cover(window, point.text)[1].mean()),
        "answer_soft": float(covered(point.text, answer)[1] @ weights),
        "answer_likeness": _cosine(point.text, answer),
        "to_question": _cosine(point.question, window),
        "numbers": _numbers_had(point.text.text, window.text),
        "far": max(0.0, 0.4 - likeness),
        "thin": max(0.0, 0.5 - had),
        "both": had * likeness,
        "point_words": float(np.log(1 + len(point.text.words))),
        "window_words": float(np.log(1 + len(window.words))),
    }


def _words_had(point: Point, same: Numbers, soft: Numbers) -> dict[str, float]:
    """How much of the point's words there is: of all, of those that the question has not, and of its very own."""
    weights = point.weights / point.weights.sum()
    ordered = np.sort(soft)
    elsewhere = {stem for other in (point.question, *point.others) for stem in other.stems}
    own = np.array([word.stem not in elsewhere for word in point.text.words] or [True])
    if not own.any():
        own[:] = True
    own_soft = float(soft[own] @ point.weights[own] / point.weights[own].sum())
    fresh = np.array([word.stem not in point.question.stems for word in point.text.words] or [True])
    return {
        "same": float(same @ weights),
        "soft": float(soft @ weights),
        "soft_plain": float(soft.mean()),
        "fresh_same": float(same[fresh].mean()) if fresh.any() else float(same.mean()),
        "fresh_soft": float(soft[fresh].mean()) if fresh.any() else float(soft.mean()),
        "own_same": float(same[own] @ point.weights[own] / point.weights[own].sum()),
        "own_soft": own_soft,
        "own_best": float(soft[own].max()),
        "own_thin": max(0.0, 0.45 - own_soft),
        "weakest": float(ordered[: max(1, len(ordered) // 3)].mean()),
        "heaviest": float(soft[int(point.weights.argmax())]) if len(soft) == len(point.weights) else 0.0,
    }


def _margins(point: Point, window: Text, likeness: float, cover_had: float) -> dict[str, float]:
    """How like the point the window is, beside the question, the other points and the course's own sentence."""
    rivals = [_cosine(other, window) for other in point.others]
    rival_cover = [float(covered(other, window)[1].mean()) for other in point.others]
    course = point.course
    return {
        "likeness": likeness,
        "likeness_beyond": likeness - point.given,
        "margin": likeness - max(rivals, default=likeness - 0.2),
        "margin_cover": cover_had - max(rival_cover, default=cover_had - 0.2),
        "course": _cosine(course, window) if course else likeness,
        "course_cover": float(cover(window, course)[1].mean()) if course else cover_had,
    }


def _numbers_had(point: str, window: str) -> float:
    wanted = numbers(point)
    return len(wanted & numbers(window)) / len(wanted) if wanted else 1.0


def _cosine(one: Text, other: Text) -> float:
    return float(one.whole @ other.whole)
