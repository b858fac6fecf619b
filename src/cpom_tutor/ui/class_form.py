"""What the Class screen's form is filled in with, read with care: anybody can send anything."""

from collections.abc import Mapping

from cpom_tutor.classes import MOST_WEEKS, ClassLook
from cpom_tutor.classes import WEEKS as USUAL

WEEKS = (2, 4, USUAL, 12, 26)
"""How far back is offered."""

_LONGEST_GROUP = 200
# Before a class's name, so that no name can mean everybody.
_NAMED = "="


def group_value(group: str | None) -> str:
    """A class as a form keeps it."""
    return "" if group is None else f"{_NAMED}{group}"


def class_look(data: Mapping[str, str]) -> ClassLook:
    """What the form says, or what comes nearest to it."""
    group, weeks = data.get("group", "")[:_LONGEST_GROUP], data.get("weeks", "")
    named = weeks.isascii() and weeks.isdigit() and len(weeks) < 4
    return ClassLook(
        group.removeprefix(_NAMED) if group.startswith(_NAMED) else None,
        min(max(int(weeks), 1), MOST_WEEKS) if named else USUAL,
    )
