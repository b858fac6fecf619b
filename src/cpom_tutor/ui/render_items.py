"""Practice items as HTML: the question with its fields. Pure; all text goes through `text`."""

from cpom_tutor.attempts import Response
from cpom_tutor.items import ItemKind, Level, QuizItem, letter
from cpom_tutor.ui.text import escaped, first_words, inline, markdown

LEVELS = {Level.RECALL: "Recall", Level.APPLICATION: "Application"}
KINDS = {
    ItemKind.MCQ: "One best answer",
    ItemKind.CLOZE: "Fill the gap",
    ItemKind.MATCHING: "Match",
    ItemKind.ORDERING: "Put in order",
    ItemKind.SHORT: "In your own words",
}

LONGEST_TEXT = 6_000
"""Characters that a learner may write in one answer."""

_GAP = "____"
_NOTHING = Response()


def tags(item: QuizItem) -> str:
    """What kind of question it is, and what it takes."""
    level = f'<span class="badge">{LEVELS[item.level]}</span>'
    return f'<p class="tags">{level} <span class="kind">{KINDS[item.kind]}</span></p>'


def stem(text: str) -> str:
    """The question in one line of prose, its gap (if any) as a blank."""
    blank = '<span class="gap"><span class="hidden">blank</span></span>'
    return blank.join(inline(part) for part in text.split(_GAP))


def task(item: QuizItem, response: Response | None = None) -> str:
    """The question and its fields, filled in as far as it was answered: one fieldset."""
    story, _, asked = item.stem.rpartition("\n\n")
    vignette = f'<div class="vignette">{markdown(story)}</div>' if story else ""
    fields = {
        ItemKind.MCQ: _choices,
        ItemKind.CLOZE: _gap,
        ItemKind.MATCHING: _pairs,
        ItemKind.ORDERING: _order,
        ItemKind.SHORT: _essay,
    }[item.kind](item, response or _NOTHING)
    return f'{tags(item)}{vignette}<fieldset class="task"><legend>{stem(asked)}</legend>{fields}</fieldset>'


def options(texts: tuple[str, ...], chosen: int | None) -> str:
    """Options to choose one of, as big buttons that are radio buttons to the keyboard and a screen reader."""
    return (
        '<div class="options">'
        + "".join(
            f'<label class="option"><input type="radio" name="index" value="{place}"'
            f'{" checked" if place == chosen else ""}><span class="letter">{letter(place)}</span>'
            f'<span class="words">{inline(text)}</span></label>'
            for place, text in enumerate(texts)
        )
        + "</div>"
    )


def essay(label: str, text: str = "", *, rows: int = 6) -> str:
    """A box to write in."""
    return (
        f'<label class="essay"><span>{escaped(label)}</span><textarea name="text" rows="{rows}"'
        f' maxlength="{LONGEST_TEXT}" spellcheck="true">{escaped(text)}</textarea></label>'
    )


def _choices(item: QuizItem, response: Response) -> str:
    return options(item.options, response.index)


def _gap(_: QuizItem, response: Response) -> str:
    return (
        '<label class="filler"><span>What belongs in the gap?</span><input type="text" name="text" maxlength="300"'
        f' autocomplete="off" autocapitalize="off" value="{escaped(response.text or "")}"></label>'
    )


def _essay(_: QuizItem, response: Response) -> str:
    return essay("Your answer", response.text or "")


def _pairs(item: QuizItem, response: Response) -> str:
    chosen = dict(response.pairs or ())
    given = "".join(
        f'<li><span class="letter">{letter(place)}</span> {inline(text)}</li>'
        for place, text in enumerate(item.options)
    )  # fmt: skip
    rows = "".join(
        f'<li><label><span class="prompt">{inline(prompt)}</span>'
        f"{_select(item.options, place, chosen.get(place))}</label></li>"
        for place, prompt in enumerate(item.prompts)
    )
    return f'<ol class="pool" aria-label="To choose from">{given}</ol><ul class="pairs">{rows}</ul>'


def _select(texts: tuple[str, ...], prompt: int, chosen: int | None) -> str:
    entries = "".join(
        f'<option value="{place}"{" selected" if place == chosen else ""}>'
        f"{letter(place)}: {escaped(first_words(text, 12))}</option>"
        for place, text in enumerate(texts)
    )
    return f'<select name="pair-{prompt}"><option value="">Choose…</option>{entries}</select>'


def _order(item: QuizItem, response: Response) -> str:
    order = response.order or tuple(range(len(item.options)))
    rows = "".join(
        f'<li data-choice="{place}"><span class="words">{inline(item.options[place])}</span>'
        f'<span class="movers">{_mover("up", "↑", item.options[place])}{_mover("down", "↓", item.options[place])}'
        f"</span></li>"
        for place in order
    )
    return f'<ol class="order" data-order="yes">{rows}</ol>'


def _mover(way: str, sign: str, text: str) -> str:
    name = escaped(f"Move {way}: {first_words(text)}")
    return f'<button type="button" class="mover" data-move="{way}" aria-label="{name}">{sign}</button>'
