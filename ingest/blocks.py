"""Markdown -> the numbered blocks of a section, with exact character offsets.

A block is what an address counts: a paragraph, a definition, a whole list or a whole table. Only offsets
into the file are kept; nothing is rewritten, so that a citation can always be a slice of the file.

Decisions a course author meets: a nested list belongs to the text of the item it stands in; a paragraph
that is only an image, a horizontal rule and a comment are not counted; a block quote is read as the
paragraphs in it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from cpom_tutor.course import Span
from cpom_tutor.grounding.sentences import trimmed
from ingest.refusal import Refusal

BOXES = ("analogy", "callout")


@dataclass(frozen=True, slots=True)
class Part:
    """An item of a list, a row of a table, or the only part of a paragraph.

    Attributes:
        runs: stretches of prose in the file; for a row, its cells (possibly empty spans).
        terms: for a definition, the spans of the defined terms.
    """

    runs: tuple[Span, ...]
    terms: tuple[Span, ...] = ()

    @property
    def span(self) -> Span:
        """From the first character of the part to its last."""
        filled = [run for run in (*self.terms, *self.runs) if run.start < run.end]
        return Span(min(run.start for run in filled), max(run.end for run in filled))


@dataclass(frozen=True, slots=True)
class Block:
    """What an address counts.

    Attributes:
        shape: `paragraph`, `definition`, `list` or `table`.
        number: the (sub)section number that its address starts with.
        position: its number in that subsection, from 1.
        heading_path: headings above it, outermost first, the box's title last.
        box: `analogy`, `callout`, or an empty string.
        parts: one for a paragraph or definition, otherwise the items or rows.
        columns: a table's column headings.
        introduced: it directly follows a paragraph under the same heading and in the same box.
    """

    shape: str
    number: str
    position: int
    heading_path: tuple[str, ...]
    box: str
    parts: tuple[Part, ...]
    columns: tuple[str, ...] = ()
    introduced: bool = False


def read_blocks(text: str, number: str, title: str) -> tuple[Block, ...]:
    """Reads the blocks of one section.

    Args:
        text: the whole file, front matter included, lines ending in a line feed.
        number: the section's number, `1.1`.
        title: the section's title, the outermost heading.

    Raises:
        Refusal: something in the file would be read wrongly; names the line and what to write instead.
    """
    reader = _Reader(text, number, title)
    reader.read(SyntaxTreeNode(_parser().parse(text)).children)
    return tuple(reader.blocks)


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable("table").disable("code")
    parser.use(front_matter_plugin).use(deflist_plugin)
    # Every box is taken, so that a misspelt name is refused instead of being read as prose.
    return parser.use(container_plugin, "box", validate=lambda words, *_: bool(words.strip()))


_NUMBERED = re.compile(r"(?P<number>\d+(?:\.\d+)+)\.?\s+\S")
_PIPE = re.compile(r"(?<!\\)((?:\\\\)*)\|")


@dataclass
class _Reader:
    """Walks the blocks of a file in reading order and keeps the headings that are open."""

    text: str
    number: str
    title: str
    blocks: list[Block] = field(default_factory=list)
    box: str = ""
    box_title: str = ""
    headings: list[tuple[int, str, str]] = field(default_factory=list)  # level, title, number
    counts: dict[str, int] = field(default_factory=dict)
    starts: list[int] = field(default_factory=list)
    after_paragraph: bool = False

    def __post_init__(self) -> None:
        self.starts = [0]
        for line in self.text.split("\n"):
            self.starts.append(self.starts[-1] + len(line) + 1)

    def read(self, nodes: Sequence[SyntaxTreeNode]) -> None:
        for node in nodes:
            match node.type:
                case "heading":
                    self._heading(node)
                case "container_box":
                    self._open_box(node)
                case "paragraph":
                    self._paragraph(node)
                case "fence":
                    first, last = self._lines(node)
                    self._add("paragraph", [Part(self._run_between(first + 1, last - 1))])
                case "bullet_list" | "ordered_list":
                    self._add("list", [Part(tuple(self._runs(item))) for item in node.children])
                case "table":
                    self._table(node)
                case "dl":
                    self._definitions(node)
                case "blockquote":
                    self.read(node.children)
                case "html_block":
                    self._comment(node)
                case _:  # front matter and rules
                    self.after_paragraph = False

    # --- what each kind of block becomes ---

    def _heading(self, node: SyntaxTreeNode) -> None:
        level, title = int(node.tag[1:]), _plain(node)
        self.after_paragraph = False
        found = _NUMBERED.match(title)
        number = found["number"] if found else ""
        if level == 1 and (number == self.number or title == self.title):
            return  # the section's own title, which the front matter already gives
        if number and not number.startswith(self.number + "."):
            if number.count(".") > self.number.count("."):
                raise Refusal(
                    f"the heading “{title}” (line {self._line(node)}) is not numbered as a part of section "
                    f"{self.number}; correct its number"
                )
            number = ""
        if number and number in self.counts:
            raise Refusal(
                f"the number {number} stands on two headings (again on line {self._line(node)}); "
                f"give each subsection its own number"
            )
        if number:
            self.counts[number] = 0
        while self.headings and self.headings[-1][0] >= level:
            self.headings.pop()
        self.headings.append((level, title, number))

    def _open_box(self, node: SyntaxTreeNode) -> None:
        name, _, title = str(node.info).strip().partition(" ")
        if name not in BOXES:
            raise Refusal(f"line {self._line(node)} opens a box “{name}”; write one of: ::: {', ::: '.join(BOXES)}")
        _, last = self._lines(node)
        if set(self._source(last).strip()) != {":"}:
            raise Refusal(f"the box opened on line {self._line(node)} is never closed; end it with a line :::")
        outside, self.box, self.box_title, self.after_paragraph = (
            (self.box, self.box_title, len(self.headings)), name, title.strip(), False,
        )  # fmt: skip
        self.read(node.children)
        self.box, self.box_title = outside[:2]
        del self.headings[outside[2] :]
        self.after_paragraph = False

    def _paragraph(self, node: SyntaxTreeNode) -> None:
        inline = node.children[0]
        if inline.children and all(part.type in ("image", "softbreak") for part in inline.children):
            self.after_paragraph = False
            return
        run = self._run(inline)
        if run and set(run.of(self.text)) == {":"}:
            raise Refusal(f"line {self._line(node)} closes a box that was never opened; remove it")
        self._add("paragraph", [Part((run,) if run else ())])

    def _definitions(self, node: SyntaxTreeNode) -> None:
        terms: list[Span] = []
        runs: list[Span] = []
        for child in [*node.children, None]:
            if (child is None or child.type == "dt") and runs:
                self._add("definition", [Part(tuple(runs), tuple(terms))])
                terms, runs = [], []
            if child:
                (terms if child.type == "dt" else runs).extend(self._runs(child))

    def _table(self, node: SyntaxTreeNode) -> None:
        head, *bodies = node.children
        columns = tuple(_plain(cell) for cell in head.children[0].children)
        rows = [Part(self._cells(row, len(columns))) for body in bodies for row in body.children]
        self._add("table", rows, columns)

    def _comment(self, node: SyntaxTreeNode) -> None:
        if not node.content.lstrip().startswith("<!--"):
            raise Refusal(f"line {self._line(node)} is HTML, which is not course text; write it as Markdown")

    def _add(self, shape: str, parts: list[Part], columns: tuple[str, ...] = ()) -> None:
        parts = [part for part in parts if any(run.start < run.end for run in part.runs)]
        if not parts:
            return
        number = next((number for *_, number in reversed(self.headings) if number), self.number)
        position = self.counts[number] = self.counts.get(number, 0) + 1
        path = (self.title, *(title for _, title, _ in self.headings))
        if self.box_title:
            path += (self.box_title,)
        self.blocks.append(Block(shape, number, position, path, self.box, tuple(parts), columns, self.after_paragraph))
        self.after_paragraph = shape == "paragraph"

    # --- offsets ---

    def _lines(self, node: SyntaxTreeNode) -> tuple[int, int]:
        first, last = node.map or (0, 0)
        return first, max(last, first + 1)

    def _line(self, node: SyntaxTreeNode) -> int:
        return self._lines(node)[0] + 1

    def _source(self, line: int) -> str:
        return self.text[self.starts[line] : self.starts[line + 1]] if line + 1 < len(self.starts) else ""

    def _runs(self, node: SyntaxTreeNode) -> Iterator[Span]:
        for inner in node.walk():
            run = self._run(inner) if inner.type == "inline" else None
            if run:
                yield run

    def _run(self, inline: SyntaxTreeNode) -> Span | None:
        """The stretch of an inline token: markers before it (`- `, `> `, `: `) are not part of it."""
        first, last = self._lines(inline)
        head = inline.content.split("\n", 1)[0].rstrip()
        place = self._source(first).rstrip().rfind(head)
        return trimmed(self.text, self.starts[first] + max(place, 0), self.starts[last] - 1)

    def _run_between(self, first: int, last: int) -> tuple[Span, ...]:
        span = trimmed(self.text, self.starts[first], self.starts[last]) if first < last else None
        return (span,) if span else ()

    def _cells(self, row: SyntaxTreeNode, width: int) -> tuple[Span, ...]:
        """Spans of a row's cells: markdown-it gives their words only, so the line is read again."""
        first, _ = self._lines(row)
        line, start = self._source(first).rstrip(), self.starts[first]
        bars = [found.end() - 1 for found in _PIPE.finditer(line)]
        edges = [-1, *bars, len(line)]
        if line.lstrip().startswith("|"):
            edges.pop(0)
        if bars and bars[-1] == len(line) - 1:
            edges.pop()
        pairs = list(pairwise(edges))
        if len(pairs) > width:
            raise Refusal(
                f"line {first + 1} has {len(pairs)} cells under {width} headings; add a heading or join cells"
            )
        cells = [trimmed(self.text, start + left + 1, start + right) for left, right in pairs]
        empty = Span(start, start)
        return tuple(cell or empty for cell in [*cells, *[None] * (width - len(cells))])


def _plain(node: SyntaxTreeNode) -> str:
    """The words of a heading or cell without markup."""
    return " ".join("".join(part.content for part in node.walk() if part.type in ("text", "code_inline")).split())
