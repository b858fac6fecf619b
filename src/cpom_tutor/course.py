"""What the course is: sections, passages, addresses and citations.

Plain values with no behaviour beyond look-up; no framework is known here. All offsets are characters,
start inclusive and end exclusive.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from cpom_tutor.errors import BadInput


class Kind(StrEnum):
    """What a passage is in the structure of its section."""

    PARAGRAPH = "paragraph"
    CALLOUT = "callout"  # a paragraph inside a call-out box
    ANALOGY = "analogy"  # a paragraph inside an analogy box
    DEFINITION = "definition"
    LIST = "list"  # the whole of a list; its parts are items (or pairs, in an analogy box)
    ITEM = "item"
    PAIR = "pair"  # an item of an analogy: a vehicle and its tenor
    TABLE = "table"  # the whole of a table; its parts are rows
    ROW = "row"

    @property
    def is_container(self) -> bool:
        """True of a whole list or table, whose parts are passages of their own."""
        return self in (Kind.LIST, Kind.TABLE)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The words that the span covers in `text`."""
        return text[self.start : self.end]

    def overlaps(self, other: "Span") -> bool:
        """Whether the two have a character in common."""
        return self.start < other.end and other.start < self.end


_ADDRESS = re.compile(
    r"""^\s*(?:(?P<course>[A-Za-z][A-Za-z0-9-]*)\s+)?§?\s*
    (?P<section>\d+(?:\.\d+)+)
    (?:\s*(?:¶|\bp(?:ara)?\.?|\s)\s*(?P<block>\d+)(?:\.(?P<part>r?\d+))?(?P<piece>[a-z])?)?\s*$""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a passage stands, as a person reads and types it: `CPOM §1.1.2 ¶7.3`.

    Attributes:
        course: the course's code.
        section: number of the section or subsection, `1.1.2`.
        block: number of the block within it, from 1 (headings not counted); 0 means the subsection itself.
        part: `3` for the third item or pair of a list, `r2` for the second row of a table.
        piece: `a`, `b` ... where one long paragraph is kept as several passages.
    """

    course: str
    section: str
    block: int = 0
    part: str = ""
    piece: str = ""

    def __str__(self) -> str:
        place = f"{self.course} §{self.section}"
        if self.block:
            place += f" ¶{self.block}" + (f".{self.part}" if self.part else "") + self.piece
        return place

    @classmethod
    def parse(cls, text: str, course: str = "CPOM") -> "Address":
        """Reads an address leniently (`1.1.2 7.3`, `§1.1.2 ¶7.3`, `CPOM 1.1.2 p7`).

        Raises:
            BadInput: the text is no address.
        """
        found = _ADDRESS.match(text)
        if not found:
            raise BadInput(f"“{text}” is not an address; type one like: {course} §1.1.2 ¶7")
        return cls(
            course=(found["course"] or course).upper(),
            section=found["section"],
            block=int(found["block"] or 0),
            part=found["part"] or "",
            piece=found["piece"] or "",
        )


@dataclass(frozen=True, slots=True)
class Passage:
    """The unit that is retrieved and cited. Its text is an exact slice of the section's file.

    Attributes:
        id: section number + short hash of the normalised text (+ occurrence): survives re-ingest.
        address: where it stands now.
        kind: its part in the structure.
        heading_path: section title, subsection heading, heading ... box title, outermost first.
        text: the slice `[start:end]` of the section's file.
        start, end: characters in the section's file.
        order: position in the section, from 0, containers included, in reading order.
        sentences: spans in `text`, in order; markup and label excluded. A container has none.
        label: the name an item, pair, row, definition or run-in head starts with, as a span of `text`.
        counterpart: the name on the other side of an analogy pair, as a span of `text`.
        cells: the cells of a row (the first is the label), as spans of `text`.
        columns: the table's column headings, for a table and its rows.
        parent: id of the list or table it is part of.
        lead_in: id of the paragraph that introduces the list or table (on the container and its parts).
    """

    id: str
    address: Address
    kind: Kind
    heading_path: tuple[str, ...]
    text: str
    start: int
    end: int
    order: int
    sentences: tuple[Span, ...] = ()
    label: Span | None = None
    counterpart: Span | None = None
    cells: tuple[Span, ...] = ()
    columns: tuple[str, ...] = ()
    parent: str | None = None
    lead_in: str | None = None

    @property
    def name(self) -> str:
        """The label's words, or an empty string."""
        return self.label.of(self.text) if self.label else ""

    @property
    def counterpart_name(self) -> str:
        """The words of the other side of an analogy pair, or an empty string."""
        return self.counterpart.of(self.text) if self.counterpart else ""

    @property
    def sentence_texts(self) -> tuple[str, ...]:
        """The words of each sentence."""
        return tuple(span.of(self.text) for span in self.sentences)

    def sentences_at(self, span: Span) -> tuple[Span, ...]:
        """The sentences that the span stands in; the first, which says what is named, where it stands in none."""
        return tuple(sentence for sentence in self.sentences if sentence.overlaps(span)) or self.sentences[:1]

    def whole(self, span: Span) -> Span:
        """The span with the rest of its sentences; a name alone says little, so its sentence comes with it."""
        around = (span, *self.sentences_at(span))
        return Span(min(each.start for each in around), max(each.end for each in around))

    @property
    def heading(self) -> str:
        """The nearest heading above it."""
        return self.heading_path[-1] if self.heading_path else ""


@dataclass(frozen=True, slots=True)
class Section:
    """One file of the course.

    Attributes:
        number: `1.1`.
        title: its title.
        module: number of its module.
        module_title: title of its module.
        path: the file's path inside the corpus folder, with forward slashes.
        text: the whole file.
    """

    number: str
    title: str
    module: int
    module_title: str
    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A verbatim span of a passage, assigned and verified by the gate.

    `quote == passage.text[start:end]` always holds for the passage as it was when cited.
    """

    passage_id: str
    address: str
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class GlossaryEntry:
    """A word of pharmacy people and the course's own words for it.

    Attributes:
        term: the word or abbreviation.
        means: its expansion or plain meaning, one phrase.
        course_terms: words that occur in the course.
        also: other spellings and everyday words for the same thing.
        kind: abbreviation, everyday, brand, spelling or clinical.
    """

    term: str
    means: str
    course_terms: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    kind: str = "everyday"

    @property
    def aliases(self) -> tuple[str, ...]:
        """All the ways to say it."""
        return (self.term, *self.also)
