"""Words -> HTML for what leaves the tutor: bold and slanted words, all else escaped. No link, no image, no script."""

import html
from functools import cache

from markdown_it import MarkdownIt

from cpom_tutor.course import Citation


@cache
def _parser() -> MarkdownIt:
    # "zero" knows no link, image, HTML or entity.
    return MarkdownIt("zero", {"html": False}).enable(["emphasis", "escape"])


def prose(text: str) -> str:
    """An item's Markdown as HTML; paragraphs are kept."""
    paragraphs = (part.strip() for part in text.split("\n\n"))
    return "<br><br>".join(_parser().renderInline(part) for part in paragraphs if part)


def verbatim(text: str) -> str:
    """`text` to the letter: nothing in it is read as markup."""
    return html.escape(text, quote=True)


def citation(cited: Citation) -> str:
    """The address, and the course's words."""
    return f'<cite>{verbatim(cited.address)}</cite> <q class="quote">{verbatim(cited.quote)}</q>'


def options(texts: tuple[str, ...], *, kind: str = "options", numbered: bool = False) -> str:
    """A lettered (or numbered) list; empty where there is nothing to list."""
    if not texts:
        return ""
    parts = "".join(f"<li>{prose(text)}</li>" for text in texts)
    return f'<ol class="{kind}" type="{"1" if numbered else "A"}">{parts}</ol>'
