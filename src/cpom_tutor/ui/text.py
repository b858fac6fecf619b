"""Words -> escaped HTML. Every word of a file, a learner or a model becomes markup here and nowhere else.

No rule in this module can make a link or an image, so nothing shown can fetch anything.
"""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from markdown_it import MarkdownIt

_HIDDEN, _BOLD, _SLANTED, _LIGHT, _STRONG, _TARGET = (1 << place for place in range(6))
_MARKUP = (
    (re.compile(r"\*\*(?=\S)(?P<inner>.+?)(?<=\S)\*\*", re.DOTALL), _BOLD),
    (re.compile(r"(?<![\w*\\])\*(?=[^\s*])(?P<inner>[^*]+?)(?<=\S)\*(?![\w*])"), _SLANTED),
    (re.compile(r"(?<![\w\\])_(?=\S)(?P<inner>[^_]+?)(?<=\S)_(?!\w)"), _SLANTED),
)
_BACKSLASH = re.compile(r"\\(?=[!-/:-@\[-`{-~])")
_MARKS = re.compile(r"\[(\d{1,3})\]")


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of a section's file to be marked.

    Attributes:
        start, end: characters in the file.
        strong: the citation that was opened; otherwise another one of the same answer.
        target: the very words to scroll to.
    """

    start: int
    end: int
    strong: bool = True
    target: bool = False


def escaped(text: str) -> str:
    """`text` for the body of an element or for a double-quoted attribute."""
    return html.escape(text, quote=True)


def inline(text: str, marks: Iterable[Mark] = (), *, offset: int = 0, bold: tuple[int, int] = (0, 0)) -> str:
    """One run of prose: `**bold**` and `*slanted*`, marks exactly on their characters, the rest escaped.

    Args:
        text: the words.
        marks: what to mark, counted as `offset` counts.
        offset: where `text` starts in its file.
        bold: stretch of `text` to set in bold, such as a label.
    """
    style = [0] * len(text)

    def paint(start: int, end: int, bits: int) -> None:
        for place in range(max(start, 0), min(end, len(text))):
            style[place] |= bits

    for pattern, bits in _MARKUP:
        for found in pattern.finditer(text):
            inner = found.span("inner")
            paint(*inner, bits)
            paint(found.start(), inner[0], _HIDDEN)
            paint(inner[1], found.end(), _HIDDEN)
    for found in _BACKSLASH.finditer(text):
        paint(*found.span(), _HIDDEN)
    paint(*bold, _BOLD)
    for mark in marks:
        bits = (_STRONG if mark.strong else _LIGHT) | (_TARGET if mark.target else 0)
        paint(mark.start - offset, mark.end - offset, bits)
    style = [bits & ~_LIGHT if bits & _STRONG else bits for bits in style]
    shown = (place for place in range(len(text)) if not style[place] & _HIDDEN)
    return "".join(
        _wrapped("".join(text[place] for place in places), bits)
        for bits, places in groupby(shown, key=style.__getitem__)
    )


def _wrapped(text: str, bits: int) -> str:
    markup = escaped(text)
    if bits & _BOLD:
        markup = f"<strong>{markup}</strong>"
    if bits & _SLANTED:
        markup = f"<em>{markup}</em>"
    if bits & (_STRONG | _LIGHT):
        names = ("cited" if bits & _STRONG else "also") + (" target" if bits & _TARGET else "")
        markup = f'<mark class="{names}">{markup}</mark>'
    return markup


def markdown(text: str) -> str:
    """A reply's Markdown (paragraphs, lists, tables, bold); `[1]` becomes a mark that cannot be clicked."""
    markup: str = _parser().render(text)
    markup = markup.replace("<th>", '<th scope="col">').replace("<table>", TABLE_START)
    markup = markup.replace("</table>", TABLE_END)
    return _MARKS.sub(r'<span class="chip waiting">\1</span>', markup)


TABLE_START = '<div class="wide" tabindex="0" role="group" aria-label="Table"><table>'
"""A table scrolls inside its frame, by keyboard too, so that a phone's page never scrolls sideways."""

TABLE_END = "</table></div>"


def _parser() -> MarkdownIt:
    # "zero" knows no link, image, HTML or entity; only what is named here is read as markup.
    parser = MarkdownIt("zero", {"html": False, "breaks": True})
    return parser.enable(["list", "emphasis", "table", "newline", "escape"])


def first_words(text: str, count: int = 8) -> str:
    """The first words of `text`, with an ellipsis if there are more."""
    words = text.replace("**", "").split()
    return " ".join(words[:count]) + ("…" if len(words) > count else "")


def button(label: str, event: str, *, kind: str = "quiet", title: str = "", **data: str | int) -> str:
    """A button that the page turns into the Gradio event `event`, with its data (all of it escaped)."""
    values = "".join(f' data-{name}="{escaped(str(value))}"' for name, value in data.items())
    tip = f' title="{escaped(title)}"' if title else ""
    return f'<button type="button" class="{kind}" data-event="{event}"{values}{tip}>{escaped(label)}</button>'
