"""Which items may not stand in one set, and which had better not: none may tell another's answer."""

from cpom_tutor.items import ItemKind, Level, QuizItem
from cpom_tutor.library import Library
from cpom_tutor.practice.validators import clash, sentences_of
from cpom_tutor.practice.validators.sets import shown_text, tells, told_after

_NAME = 6
"""Words of a rubric point that is a name."""


def lists(item: QuizItem, other: QuizItem) -> bool:
    """Whether one item shows a name that the other asks the learner to list."""
    if other.kind is not ItemKind.SHORT:
        return False
    shown = shown_text(item)
    names = (point.criterion for point in other.rubric if len(point.criterion.split()) <= _NAME)
    return any(name in shown for name in names)


def prints(item: QuizItem, other: QuizItem) -> bool:
    """Whether a matching item prints the pairs among which the other, at recall, asks for one."""
    if item.kind is not ItemKind.MATCHING or other.level is not Level.RECALL or other.kind is ItemKind.MATCHING:
        return False
    pairs = {citation.passage_id for citation in item.citations}
    return other.origin == item.origin and bool(pairs & {citation.passage_id for citation in other.citations})


class Conflicts:
    """Remembers what the validators say of each pair of items; safe to share between threads."""

    def __init__(self, library: Library) -> None:
        """Nothing is known yet.

        Args:
            library: the course that the items are of.
        """
        self._library = library
        self._known: dict[tuple[str, str], bool] = {}
        self._near: dict[tuple[str, str], bool] = {}
        self._sentences: dict[str, frozenset[tuple[str, int]]] = {}

    def between(self, one: QuizItem, other: QuizItem) -> bool:
        """Whether the two may not stand in one set."""
        pair = (one.id, other.id) if one.id < other.id else (other.id, one.id)
        found = self._known.get(pair)
        if found is None:
            found = bool(self._on(one) & self._on(other)) or bool(clash(one, [other]))
            found = found or any(
                rule(first, second) for rule in (lists, prints, tells) for first, second in ((one, other), (other, one))
            )
            self._known[pair] = found
        return found

    def near(self, one: QuizItem, other: QuizItem) -> bool:
        """Whether what is shown after the one tells the other's answer: they stand in one set only if need be."""
        pair = (one.id, other.id) if one.id < other.id else (other.id, one.id)
        found = self._near.get(pair)
        if found is None:
            found = self._near[pair] = told_after(one, other) or told_after(other, one)
        return found

    def _on(self, item: QuizItem) -> frozenset[tuple[str, int]]:
        found = self._sentences.get(item.id)
        if found is None:
            found = self._sentences[item.id] = sentences_of(item, self._library)
        return found
