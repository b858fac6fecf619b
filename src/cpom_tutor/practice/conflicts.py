"""Which items may not stand in one set: no two on one sentence, none that gives away another."""

from cpom_tutor.items import ItemKind, QuizItem
from cpom_tutor.library import Library
from cpom_tutor.practice.validators import clash, sentences_of

LISTED = 2
"""Points of a short item that another item may not show among its options, prompts or stem."""
_NAME = 6


def lists(item: QuizItem, other: QuizItem) -> bool:
    """Whether one item shows names that the other asks the learner to list."""
    if other.kind is not ItemKind.SHORT:
        return False
    shown = "\n".join((item.stem, *item.prompts, *item.options))
    names = [point.criterion for point in other.rubric if len(point.criterion.split()) <= _NAME]
    return sum(name in shown for name in names) >= LISTED


class Conflicts:
    """Remembers what the validators say of each pair of items; safe to share between threads."""

    def __init__(self, library: Library) -> None:
        """Nothing is known yet.

        Args:
            library: the course that the items are of.
        """
        self._library = library
        self._known: dict[tuple[str, str], bool] = {}
        self._sentences: dict[str, frozenset[tuple[str, int]]] = {}

    def between(self, one: QuizItem, other: QuizItem) -> bool:
        """Whether the two may not stand in one set."""
        pair = (one.id, other.id) if one.id < other.id else (other.id, one.id)
        found = self._known.get(pair)
        if found is None:
            found = bool(self._on(one) & self._on(other)) or bool(clash(one, [other]))
            found = found or lists(one, other) or lists(other, one)
            self._known[pair] = found
        return found

    def _on(self, item: QuizItem) -> frozenset[tuple[str, int]]:
        found = self._sentences.get(item.id)
        if found is None:
            found = self._sentences[item.id] = sentences_of(item, self._library)
        return found
