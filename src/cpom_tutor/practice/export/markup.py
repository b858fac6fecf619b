"""Words -> HTML for what leaves the tutor: bold and slanted words, all else escaped. No link, no image, no script."""

import html
from functools import cache

from markdown_it import MarkdownIt

from cpom_tutor.course import Citation
from cpom_tutor.items import QuizItem


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


def reasons(item: QuizItem) -> tuple[str, ...]:
    """Why each option is right or wrong, and the course's words: the same words once, their address each time."""
    told: set[Citation] = set()
    lines = []
    for rationale in item.rationales:
        cited = rationale.citation
        source = f"<cite>{verbatim(cited.address)}</cite>" if cited in told else citation(cited)
        lines.append(f"{prose(rationale.text)} {source}")
        told.add(cited)
    return tuple(lines)


def sources(item: QuizItem) -> str:
    """The words of the course that decide the key, as far as no reason for an option shows them already."""
    shown = [rationale.citation for rationale in item.rationales] + [point.citation for point in item.rubric]
    left = (each for each in dict.fromkeys(item.citations) if not any(_within(each, other) for other in shown))
    return "<br>".join(citation(each) for each in left)


def _within(part: Citation, whole: Citation) -> bool:
    return part.passage_id == whole.passage_id and whole.start <= part.start and part.end <= whole.end


def options(texts: tuple[str, ...], *, kind: str = "options", numbered: bool = False) -> str:
    """A lettered (or numbered) list; empty where there is nothing to list."""
    if not texts:
        return ""
    parts = "".join(f"<li>{prose(text)}</li>" for text in texts)
    return f'<ol class="{kind}" type="{"1" if numbered else "A"}">{parts}</ol>'
