"""Blocks -> Passages: the units that are retrieved and cited."""

import hashlib
import string
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from cpom_tutor.course import Address, Kind, Passage, Section, Span
from cpom_tutor.grounding.sentences import split_sentences
from ingest.blocks import Block, Part, read_blocks
from ingest.labels import find_label, split_counterpart

LONGEST = 2000
"""Characters; a longer passage is kept as pieces that end at a sentence."""


def read_passages(section: Section, course: str) -> tuple[Passage, ...]:
    """All passages of a section, containers included, in reading order.

    Args:
        section: the section; its text is the whole file.
        course: the course's code, for the addresses.

    Raises:
        Refusal: something in the file would be read wrongly.
    """
    writer = _Writer(section, course)
    for block in read_blocks(section.text, section.number, section.title):
        writer.add(block)
    return tuple(writer.passages)


def passage_id(section: str, kind: Kind, text: str) -> str:
    """Section number and a short hash of the words and kind: the same text keeps its id for ever."""
    content = " ".join(text.split()) + "\n" + kind.value
    return f"{section}-{hashlib.sha1(content.encode(), usedforsecurity=False).hexdigest()[:10]}"


@dataclass(frozen=True, slots=True)
class _Structure:
    """What is found inside a part, as spans of the file."""

    sentences: tuple[Span, ...]
    label: Span | None = None
    counterpart: Span | None = None
    cells: tuple[Span, ...] = ()


@dataclass
class _Writer:
    section: Section
    course: str
    passages: list[Passage] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)

    def add(self, block: Block) -> None:
        """Appends the passages of one block: one, its pieces, or a container and its parts."""
        lead_in = self.passages[-1].id if block.introduced else None
        if block.shape in ("paragraph", "definition"):
            self._add_pieces(block, block.parts[0], _kind(block), "", None, None)
            return
        whole = Span(block.parts[0].span.start, block.parts[-1].span.end)
        container = Kind.LIST if block.shape == "list" else Kind.TABLE
        parent = self._append(block, whole, container, _Structure(()), "", "", None, lead_in)
        for position, part in enumerate(block.parts, start=1):
            if container is Kind.TABLE:
                structure = self._row(part)
                self._append(block, part.span, Kind.ROW, structure, f"r{position}", "", parent, lead_in)
            else:
                self._add_pieces(block, part, Kind.ITEM, str(position), parent, lead_in)

    def _add_pieces(
        self, block: Block, part: Part, kind: Kind, number: str, parent: str | None, lead_in: str | None
    ) -> None:
        structure = self._prose(part, paragraph=parent is None, pair=block.box == "analogy")
        if structure.counterpart:
            kind = Kind.PAIR
        if not structure.sentences:
            structure = replace(structure, sentences=(part.span,))
        pieces = _pieces(part.span, structure.sentences)
        for piece, (span, sentences) in zip(_letters(len(pieces)), pieces, strict=True):
            kept = replace(structure, sentences=sentences)
            if piece not in ("", "a"):
                kept = _Structure(sentences)  # the label stands in the first piece
            self._append(block, span, kind, kept, number, piece, parent, lead_in)

    def _append(
        self,
        block: Block,
        span: Span,
        kind: Kind,
        structure: _Structure,
        part: str,
        piece: str,
        parent: str | None,
        lead_in: str | None,
    ) -> str:
        text = span.of(self.section.text)
        base = passage_id(self.section.number, kind, text)
        self.seen[base] += 1
        identity = base if self.seen[base] == 1 else f"{base}-{self.seen[base]}"

        def inside(outer: Span) -> Span:
            return Span(outer.start - span.start, outer.end - span.start)

        self.passages.append(
            Passage(
                id=identity,
                address=Address(self.course, block.number, block.position, part, piece),
                kind=kind,
                heading_path=block.heading_path,
                text=text,
                start=span.start,
                end=span.end,
                order=len(self.passages),
                sentences=tuple(map(inside, structure.sentences)),
                label=inside(structure.label) if structure.label else None,
                counterpart=inside(structure.counterpart) if structure.counterpart else None,
                cells=tuple(map(inside, structure.cells)),
                columns=block.columns,
                parent=parent,
                lead_in=lead_in,
            )
        )
        return identity

    def _prose(self, part: Part, *, paragraph: bool, pair: bool) -> _Structure:
        if part.terms:
            label = Span(part.terms[0].start, part.terms[-1].end)
            return _Structure(self._sentences(part.runs), self._bare(label))
        first, *others = part.runs
        # "Inventory:" above a nested list is a label too, though nothing follows it on its own line.
        words = first.of(self.section.text) + (" -" if others else "")
        found = find_label(words, paragraph=paragraph)
        if not found:
            return _Structure(self._sentences(part.runs))
        label = Span(first.start + found[0].start, first.start + found[0].end)
        rest = Span(first.start + found[1], first.end)
        sentences = self._sentences((rest, *others))
        sides = split_counterpart(label.of(self.section.text)) if pair and not paragraph else None
        if not sides:
            return _Structure(sentences, label)
        vehicle, tenor = (Span(label.start + side.start, label.start + side.end) for side in sides)
        return _Structure(sentences, vehicle, tenor)

    def _row(self, part: Part) -> _Structure:
        outer = part.span
        # An empty cell is an empty span inside the row, so that cells still line up with columns.
        cells = tuple(
            self._bare(cell) if cell.start < cell.end else Span(outer.start, outer.start) for cell in part.runs
        )
        filled = [cell for cell in cells[1:] if cell.start < cell.end]
        label = cells[0] if cells[0].start < cells[0].end and filled else None
        return _Structure(tuple(filled or cells[:1]), label, None, cells)

    def _sentences(self, runs: Iterable[Span]) -> tuple[Span, ...]:
        text = self.section.text
        return tuple(
            self._bare(Span(run.start + span.start, run.start + span.end))
            for run in runs
            for span in split_sentences(run.of(text))
        )

    def _bare(self, span: Span) -> Span:
        """The span without emphasis marks that enclose all of it."""
        words = span.of(self.section.text)
        for mark in ("***", "**", "__", "*", "_"):
            inner = words[len(mark) : -len(mark)]
            if words.startswith(mark) and words.endswith(mark) and inner and mark not in inner:
                return Span(span.start + len(mark), span.end - len(mark))
        return span


def _kind(block: Block) -> Kind:
    if block.shape == "definition":
        return Kind.DEFINITION
    return {"analogy": Kind.ANALOGY, "callout": Kind.CALLOUT}.get(block.box, Kind.PARAGRAPH)


def _letters(count: int) -> list[str]:
    if count == 1:
        return [""]
    return list(string.ascii_lowercase[:count])


def _pieces(span: Span, sentences: tuple[Span, ...]) -> list[tuple[Span, tuple[Span, ...]]]:
    """Cuts a passage that is too long between sentences, into pieces of about equal length."""
    length = span.end - span.start
    wanted = min(-(-length // LONGEST), len(sentences), len(string.ascii_lowercase))
    if wanted <= 1:
        return [(span, sentences)]
    groups: list[list[Span]] = [[]]
    start = span.start
    for place, sentence in enumerate(sentences):
        left = len(string.ascii_lowercase) - len(groups)
        target = length / wanted
        # The second condition keeps a piece under the limit even where the halves come out unequal.
        full = groups[-1] and left and (
            sentence.start - start >= target or sentence.end - start > LONGEST
        )  # fmt: skip
        if full:
            groups.append([])
            start = sentences[place].start
        groups[-1].append(sentence)
    starts = [span.start, *(group[0].start for group in groups[1:])]
    ends = [*(group[-1].end for group in groups[:-1]), span.end]
    return [(Span(left, right), tuple(group)) for left, right, group in zip(starts, ends, groups, strict=True)]
