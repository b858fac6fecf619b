"""The parts of the course that practice speaks of: its subsections, by address and title."""

from collections.abc import Mapping

from cpom_tutor.course import Address
from cpom_tutor.errors import BadInput
from cpom_tutor.library import Library


def subsection_titles(library: Library) -> Mapping[str, str]:
    """Address of each subsection -> its title as the course has it, in reading order."""
    found: dict[str, str] = {}
    for passage in library.passages:
        number = passage.address.section
        depth = min(number.count(".") - 1, len(passage.heading_path) - 1)
        title = passage.heading_path[depth] if depth >= 0 else ""
        found.setdefault(
            str(Address(passage.address.course, number)), title if title.startswith(number) else f"{number} {title}"
        )
    return found


def within(topic: str, scope: str) -> bool:
    """Whether a subsection belongs to a scope: the whole course, a section, or that subsection.

    A scope inside the subsection (an address with ¶) is narrower than it, and does not hold it.
    """
    if not scope:
        return True
    try:
        part, whole = Address.parse(topic), Address.parse(scope)
    except BadInput:
        return False
    return not whole.block and f"{part.section}.".startswith(f"{whole.section}.")
