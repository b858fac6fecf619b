"""All of an index version's text in memory, for look-up by structure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from cpom_tutor.course import Address, GlossaryEntry, Passage, Section
from cpom_tutor.errors import NotFound
from cpom_tutor.teaching import CaseStudy, ExamShape, Probe, Situation

_BARE = re.compile(r"^(?:the|an?) |\s*\([^()]*\)$")


def bare_name(name: str) -> str:
    """A name in lower case, without its article and without an acronym in brackets."""
    return _BARE.sub("", name.strip().lower())


@dataclass(frozen=True)
class Library:
    """All of an index version's text in memory, for look-up by structure.

    Attributes:
        code: the course's code, `CPOM`.
        title: the course's full title.
        sections: by reading order.
        passages: by section and then reading order.
        glossary: the course's glossary.
        fingerprint: of the index version that it came from.
        retired: ids of passages that left the course -> their nearest successor, or an empty string.
        probes: learners' questions with the places that answer them, and some that the course does not answer.
        situations: workplace stories, each a case of something in the course.
        case_studies: situations with linked decisions.
        exam_shape: what the real exam looks like, where the course folder says so.
    """

    code: str
    title: str
    sections: tuple[Section, ...]
    passages: tuple[Passage, ...]
    glossary: tuple[GlossaryEntry, ...] = ()
    fingerprint: str = ""
    retired: Mapping[str, str] = field(default_factory=dict)
    probes: tuple[Probe, ...] = ()
    situations: tuple[Situation, ...] = ()
    case_studies: tuple[CaseStudy, ...] = ()
    exam_shape: ExamShape | None = None

    @cached_property
    def _by_id(self) -> dict[str, Passage]:
        return {passage.id: passage for passage in self.passages}

    @cached_property
    def _by_address(self) -> dict[str, Passage]:
        return {str(passage.address): passage for passage in self.passages}

    @cached_property
    def _children(self) -> dict[str, tuple[Passage, ...]]:
        found: dict[str, list[Passage]] = {}
        for passage in self.passages:
            if passage.parent:
                found.setdefault(passage.parent, []).append(passage)
        return {parent: tuple(parts) for parent, parts in found.items()}

    @cached_property
    def _by_heading(self) -> dict[tuple[str, ...], tuple[Passage, ...]]:
        found: dict[tuple[str, ...], list[Passage]] = {}
        for passage in self.passages:
            found.setdefault(passage.heading_path, []).append(passage)
        return {path: tuple(parts) for path, parts in found.items()}

    @cached_property
    def _by_name(self) -> dict[str, tuple[Passage, ...]]:
        found: dict[str, list[Passage]] = {}
        for passage in self.passages:
            for name in {bare_name(passage.name), bare_name(passage.counterpart_name)} - {""}:
                found.setdefault(name, []).append(passage)
        return {name: tuple(named) for name, named in found.items()}

    @cached_property
    def _by_alias(self) -> dict[str, frozenset[int]]:
        found: dict[str, set[int]] = {}
        for number, entry in enumerate(self.glossary):
            for alias in (*entry.aliases, entry.means, *entry.course_terms):
                found.setdefault(alias.lower(), set()).add(number)
        return {alias: frozenset(numbers) for alias, numbers in found.items()}

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {passage.id: position for position, passage in enumerate(self.passages)}

    def __contains__(self, passage_id: object) -> bool:
        return passage_id in self._by_id

    def passage(self, passage_id: str) -> Passage:
        """The passage with this id.

        Raises:
            NotFound: there is none in this index version.
        """
        try:
            return self._by_id[passage_id]
        except KeyError:
            raise NotFound(
                f"No passage has the id {passage_id}; type an address such as {self.code} §1.1.1 ¶1 instead."
            ) from None

    def at(self, address: Address) -> tuple[Passage, ...]:
        """The passages at an address: one, the pieces of a long paragraph, or a whole subsection's blocks.

        Raises:
            NotFound: nothing stands there.
        """
        exact = self._by_address.get(str(address))
        if exact:
            return (exact,)
        wanted = str(address)
        found = tuple(
            passage
            for passage in self.passages
            if (address.block == 0 and not passage.parent and passage.address.course == address.course
                and (passage.address.section + ".").startswith(address.section + "."))
            or (address.block and str(passage.address)[:-1] == wanted and passage.address.piece)
        )  # fmt: skip
        if not found:
            raise NotFound(f"Nothing stands at {address}; open the Course page, or try {self.code} §1.1.1 ¶1.")
        return found

    def named(self, name: str) -> tuple[Passage, ...]:
        """The passages with this label, or with it on the other side of an analogy.

        Case, an opening article and an acronym in brackets at the end make no difference.
        """
        return self._by_name.get(bare_name(name), ())

    def same_in_glossary(self, words: str, other: str) -> bool:
        """Whether one entry of the glossary has both: as term, alias, meaning or words of the course."""
        nothing = frozenset[int]()
        return bool(self._by_alias.get(words.lower(), nothing) & self._by_alias.get(other.lower(), nothing))

    def children(self, passage_id: str) -> tuple[Passage, ...]:
        """The items, pairs or rows of a list or table, in order; empty for anything else."""
        return self._children.get(passage_id, ())

    def parent(self, passage: Passage) -> Passage | None:
        """The list or table that the passage is part of."""
        return self._by_id.get(passage.parent) if passage.parent else None

    def lead_in(self, passage: Passage) -> Passage | None:
        """The paragraph that introduces the passage's list or table (or the passage, if it is one)."""
        return self._by_id.get(passage.lead_in) if passage.lead_in else None

    def introduced_by(self, passage: Passage) -> Passage | None:
        """The list or table that this paragraph introduces."""
        for other in self.following(passage, 1):
            if other.kind.is_container and other.lead_in == passage.id:
                return other
        return None

    def under(self, heading_path: tuple[str, ...]) -> tuple[Passage, ...]:
        """Passages directly under this very heading, in reading order."""
        return self._by_heading.get(heading_path, ())

    def following(self, passage: Passage, count: int = 1) -> tuple[Passage, ...]:
        """The next passages in reading order (of whatever kind), across headings, same section."""
        start = self._positions[passage.id] + 1
        return tuple(
            other
            for other in self.passages[start : start + count]
            if other.id.split("-", 1)[0] == passage.id.split("-", 1)[0]
        )

    def containers(self) -> Iterable[Passage]:
        """All lists and tables."""
        return (passage for passage in self.passages if passage.kind.is_container)

    def section_of(self, passage: Passage) -> Section:
        """The section that the passage is a slice of."""
        for section in self.sections:
            if (passage.address.section + ".").startswith(section.number + "."):
                return section
        raise NotFound(f"{passage.address} belongs to no section of this index; run: python -m ingest")
