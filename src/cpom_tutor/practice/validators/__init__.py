"""Stand-in."""

from collections.abc import Sequence

from cpom_tutor.items import Dropped, QuizItem
from cpom_tutor.library import Library


def refusal(item: QuizItem, library: Library) -> Dropped | None:
    """None."""
    return None


def clash(item: QuizItem, chosen: Sequence[QuizItem]) -> str:
    """Empty."""
    return ""
