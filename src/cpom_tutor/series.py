"""What the course sets side by side: lists, tables, and labelled paragraphs under a heading."""

from dataclasses import dataclass

from cpom_tutor.course import Kind, Passage
from cpom_tutor.library import Library


@dataclass(frozen=True, slots=True)
class Series:
    """Things that the course sets side by side: a list's items, a table's rows, a heading's labelled paragraphs.

    Attributes:
        title: what they are, for the reader: a lead-in's words or a heading.
        members: the passages, in order.
        container: the list or table; None for paragraphs under a heading.
        introduction: the paragraph that introduces them, if any.
    """

    title: str
    members: tuple[Passage, ...]
    container: Passage | None = None
    introduction: Passage | None = None

    @property
    def is_table(self) -> bool:
        """Whether it is a table."""
        return self.container is not None and self.container.kind is Kind.TABLE

    @property
    def is_analogy(self) -> bool:
        """Whether its members are pairs of an analogy."""
        return bool(self.members) and self.members[0].kind is Kind.PAIR


def series_of(library: Library) -> tuple[Series, ...]:
    """All series of the course, in reading order."""
    found: list[Series] = []
    for container in library.containers():
        members = library.children(container.id)
        if members:
            introduction = library.lead_in(container)
            found.append(
                Series(introduction.text if introduction else container.heading, members, container, introduction)
            )
    by_heading: dict[tuple[str, ...], list[Passage]] = {}
    for passage in library.passages:
        if passage.label and not passage.parent and not passage.kind.is_container:
            by_heading.setdefault(passage.heading_path, []).append(passage)
    for path, members_list in by_heading.items():
        if len(members_list) > 1:
            found.append(Series(path[-1], tuple(members_list)))
    return tuple(found)
