"""Which items may not stand in one set: the validators' `clash`, asked once a pair."""

from cpom_tutor.items import QuizItem
from cpom_tutor.practice.validators import clash


class Conflicts:
    """Remembers what `clash` says of each pair of items; safe to share between threads."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], bool] = {}

    def between(self, one: QuizItem, other: QuizItem) -> bool:
        """Whether the two may not stand in one set."""
        pair = (one.id, other.id) if one.id < other.id else (other.id, one.id)
        found = self._known.get(pair)
        if found is None:
            found = self._known[pair] = bool(clash(one, [other]) or clash(other, [one]))
        return found
