"""The course's own text as HTML: sections with addresses and marks, the outline, search results."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from cpom_tutor.course import Kind, Passage, Section, Span
from cpom_tutor.library import Library
from cpom_tutor.protocols import Hit
from cpom_tutor.ui.render_answer import CHANGED
from cpom_tutor.ui.text import TABLE_END, TABLE_START, Mark, button, escaped, first_words, inline


def section_view(
    library: Library,
    section: Section,
    marks: Iterable[Mark] = (),
    *,
    prefix: str,
    pointed: str = "",
    actions: bool = False,
) -> str:
    """A section with its headings, blocks, addresses and marks.

    Args:
        library: the text the section is from.
        section: what to show.
        marks: stretches of the section's file.
        prefix: starts every element's id, because two screens may show the same section.
        pointed: id of a passage to point at as a whole.
        actions: offer "Ask about this" and a copy of the address at every block.
    """
    writer = _Writer(library, tuple(marks), prefix, pointed, actions)
    passages = [one for one in library.passages if library.section_of(one) is section]
    module = f"Module {section.module}: {escaped(section.module_title)}"
    return (
        f'<article class="section"><p class="module">{module}</p>'
        f'<h3 class="title">{escaped(section.number)} {escaped(section.title)}</h3>'
        f"{writer.blocks(passages)}</article>"
    )


class _Writer:
    """Writes blocks; holds what every one of them needs."""

    def __init__(self, library: Library, marks: tuple[Mark, ...], prefix: str, pointed: str, actions: bool) -> None:
        self.library, self.marks, self.prefix = library, marks, prefix
        self.pointed, self.actions = pointed, actions

    def blocks(self, passages: Sequence[Passage]) -> str:
        """Blocks under their headings; those of one box stand in one aside."""
        boxed = {one.heading_path for one in passages if one.kind in (Kind.CALLOUT, Kind.ANALOGY, Kind.PAIR)}
        parts: list[str] = []
        path: tuple[str, ...] = passages[0].heading_path[:1] if passages else ()
        whole = (one for one in passages if one.parent is None)
        for heading_path, group in groupby(whole, key=lambda one: one.heading_path):
            body = "".join(self._block(list(pieces)) for _, pieces in groupby(group, key=_place))
            if heading_path in boxed:
                parts.append(self._headings(path, heading_path[:-1]) + _aside(heading_path[-1], body))
                path = heading_path[:-1]
            else:
                parts.append(self._headings(path, heading_path) + body)
                path = heading_path
        return "".join(parts)

    def _headings(self, before: tuple[str, ...], after: tuple[str, ...]) -> str:
        shared = 0
        while shared < min(len(before), len(after)) and before[shared] == after[shared]:
            shared += 1
        return "".join(
            f"<h{min(depth + 3, 6)}>{escaped(after[depth])}</h{min(depth + 3, 6)}>"
            for depth in range(max(shared, 1), len(after))
        )

    def _block(self, pieces: list[Passage]) -> str:
        first = pieces[0]
        if first.kind is Kind.TABLE:
            body = self._table(first)
        elif first.kind is Kind.LIST:
            items = groupby(self.library.children(first.id), key=_place)
            body = "<ul>" + "".join(self._item(list(item)) for _, item in items) + "</ul>"
        else:
            body = f"<p>{self._prose(pieces)}</p>"
        return f'<div class="block" {self._anchor(first)}>{self._margin(first)}{body}</div>'

    def _prose(self, pieces: Sequence[Passage]) -> str:
        return " ".join(
            f"<span {self._anchor(piece)}>{self._words(piece)}</span>" if place else self._words(piece)
            for place, piece in enumerate(pieces)
        )

    def _item(self, pieces: list[Passage]) -> str:
        first = pieces[0]
        return f"<li {self._anchor(first)}>{self._prose(pieces)} {self._address(first)}</li>"

    def _table(self, table: Passage) -> str:
        head = "".join(f'<th scope="col">{inline(column)}</th>' for column in table.columns)
        rows = "".join(self._row(row) for row in self.library.children(table.id))
        return f"{TABLE_START}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody>{TABLE_END}"

    def _row(self, row: Passage) -> str:
        cells = [self._words(row, cell) for cell in row.cells]
        head = f'<th scope="row">{cells[0] if cells else self._words(row)} {self._address(row)}</th>'
        return f"<tr {self._anchor(row)}>{head}{''.join(f'<td>{cell}</td>' for cell in cells[1:])}</tr>"

    def _words(self, passage: Passage, part: Span | None = None) -> str:
        part = part or Span(0, len(passage.text))
        label = passage.label or Span(0, 0)
        bold = (label.start - part.start, label.end - part.start)
        return inline(part.of(passage.text), self.marks, offset=passage.start + part.start, bold=bold)

    def _anchor(self, passage: Passage) -> str:
        pointed = ' data-pointed="yes"' if passage.id == self.pointed else ""
        return f'id="{anchor(self.prefix, passage)}"{pointed}'

    def _margin(self, passage: Passage) -> str:
        if not self.actions:
            return self._address(passage)
        ask = button("Ask about this", "about", passage=passage.id)
        return f'<div class="margin">{self._address(passage)}{ask}</div>'

    def _address(self, passage: Passage) -> str:
        short = escaped(str(passage.address).split(" ", 1)[-1].split(" ")[-1])
        full = escaped(str(passage.address))
        if not self.actions:
            return f'<span class="address" title="{full}">{short}</span>'
        return (
            f'<button type="button" class="address" data-copy="{full}" title="Copy {full}"'
            f' aria-label="Copy the address {full}">{short}</button>'
        )


def _place(passage: Passage) -> tuple[str, int, str]:
    address = passage.address
    return address.section, address.block, address.part


def _aside(title: str, body: str) -> str:
    name = escaped(title)
    return f'<aside class="box" role="note" aria-label="{name}"><p class="box-title">{name}</p>{body}</aside>'


def anchor(prefix: str, passage: Passage) -> str:
    """The id of the passage's element on the screen that `prefix` names."""
    return escaped(f"{prefix}-{passage.id}")


def panel_frame(title: str, back: str) -> str:
    """The frame of the course's text beside a screen; on a phone it is a sheet with a way back.

    Args:
        title: id of its heading.
        back: what the way back is called.
    """
    return f"""<section class="panel" aria-labelledby="{title}">
<div class="panel-head"><h2 id="{title}">Course text</h2>
<button type="button" class="solid" data-close="sheet">{back}</button></div>
<div class="panel-body" tabindex="0" role="group" aria-label="Text of the section">${{value}}</div></section>"""


def changed_note(address: str, quote: str, *, moved: str = "") -> str:
    """Says that a stored citation no longer stands word for word."""
    way = f'<button type="button" class="way" data-closest>{escaped(moved)}</button>'
    now = f" What stands closest today is {way}." if moved else ""
    return (
        f'<div class="changed" data-pointed="yes"><p>{CHANGED}{now}</p>'
        f"<p>{escaped(address)} then said: <q>{escaped(quote)}</q></p></div>"
    )


def outline(library: Library) -> str:
    """Modules, sections and subsections, each a button that opens it."""
    parts: list[str] = []
    modules = groupby(library.sections, key=lambda one: (one.module, one.module_title))
    for (number, title), sections in modules:
        entries = "".join(_outline_entry(library, one) for one in sections)
        opened = "" if parts else " open"
        name = f"<summary>Module {number}: {escaped(title)}</summary>"
        parts.append(f"<details{opened}>{name}<ol>{entries}</ol></details>")
    return f'<nav class="outline" aria-label="Contents">{"".join(parts)}</nav>'


def _outline_entry(library: Library, section: Section) -> str:
    tops: dict[str, Passage] = {}
    opening: Passage | None = None
    for passage in library.passages:
        if library.section_of(passage) is section:
            opening = opening or passage
            if len(passage.heading_path) > 1:
                tops.setdefault(passage.heading_path[1], passage)
    parts = "".join(
        f"<li>{button(heading, 'browse', kind='line', passage=passage.id)}</li>" for heading, passage in tops.items()
    )
    name = f"{section.number} {section.title}"
    opener = button(name, "browse", kind="line", passage=opening.id) if opening else escaped(name)
    return f"<li>{opener}<ol>{parts}</ol></li>"


def results(query: str, hits: Sequence[Hit]) -> str:
    """What a search of the course found, best first."""
    if not hits:
        return f'<div class="results"><p>Nothing in the course matches <q>{escaped(query)}</q>.</p></div>'
    entries = "".join(
        f"<li>{button(str(hit.passage.address), 'browse', kind='line', passage=hit.passage.id)}"
        f'<p class="gist"><strong>{escaped(hit.passage.name or hit.passage.heading)}</strong> '
        f"{escaped(first_words(_best(hit), 24))}</p></li>"
        for hit in hits
    )
    return f'<div class="results"><h3>Found for <q>{escaped(query)}</q></h3><ol>{entries}</ol></div>'


def _best(hit: Hit) -> str:
    return hit.sentences[0].span.of(hit.passage.text) if hit.sentences else hit.passage.text


def question_about(passage: Passage) -> str:
    """A question to start from, for "Ask about this"."""
    subject = passage.name or first_words(passage.text)
    return f"Explain: {subject} ({passage.address})"
