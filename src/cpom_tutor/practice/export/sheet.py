"""A printable sheet, and its key apart: two pages of HTML that need nothing else, laid out for A4."""

import hashlib
from collections.abc import Sequence

from cpom_tutor.items import ItemKind, QuizItem, letter
from cpom_tutor.practice.export.markup import citation, options, prose, reasons, sources, verbatim
from cpom_tutor.practice.keys import answers, key_letters

_GAP = "____"
_BLANK = f'<span class="gap">{"&nbsp;" * 24}</span>'  # no space to break at: it stays with its comma
_LINES_A_POINT = 2  # of handwriting, for a short answer
_TODO = {
    ItemKind.MCQ: "",
    ItemKind.CLOZE: "Fill the gap.",
    ItemKind.MATCHING: "Write a letter beside each number.",
    ItemKind.ORDERING: "Number these in their order.",
    ItemKind.SHORT: "Answer in your own words.",
}

_STYLE = """
@page { size: A4; margin: 18mm 16mm 20mm;
  @bottom-center { content: counter(page) " / " counter(pages); font: 9pt system-ui, sans-serif; color: #444; } }
* { box-sizing: border-box; }
body { font: 11pt/1.45 Georgia, "Liberation Serif", serif; color: #111; background: #fff; margin: 0 auto;
  max-width: 178mm; padding: 8mm; }
h1 { font: 600 16pt/1.25 system-ui, sans-serif; margin: 0 0 2mm; }
.about { color: #444; font: 9.5pt/1.4 system-ui, sans-serif; margin: 0 0 4mm; }
.about span { white-space: nowrap; }
.blanks { display: flex; gap: 8mm; margin: 0 0 6mm; font: 10pt system-ui, sans-serif; }
.blanks span { flex: 1; border-bottom: .3mm solid #555; padding-bottom: 1mm; }
ol.sheet { list-style: none; padding: 0; margin: 0; counter-reset: item; }
ol.sheet > li { counter-increment: item; position: relative; padding: 0 0 0 10mm; margin: 0 0 6mm;
  break-inside: avoid; }
ol.sheet > li::before { content: counter(item) "."; position: absolute; left: 0; font-weight: 700; }
ol.sheet.key > li { break-inside: auto; }
.todo { font: italic 9.5pt/1.4 system-ui, sans-serif; color: #444; margin: 1mm 0; }
ol.options, ol.prompts, ol.steps { margin: 1.5mm 0 0; padding: 0 0 0 7mm; }
ol.options li, ol.prompts li, ol.steps li { margin: 1mm 0; }
.pairs { display: grid; grid-template-columns: 1fr 1.4fr; gap: 6mm; }
ul.order { list-style: none; margin: 1.5mm 0 0; padding: 0; }
ul.order li { margin: 1mm 0; padding-left: 12mm; text-indent: -12mm; }
.box { display: inline-block; width: 8mm; height: 5mm; border: .3mm solid #555; margin-right: 4mm;
  vertical-align: text-bottom; }
.prompt-line { display: inline-block; width: 8mm; border-bottom: .3mm solid #555; margin-right: 2mm; }
.gap { border-bottom: .3mm solid #555; }
.line { height: 9mm; border-bottom: .3mm solid #999; }
.answer { font-weight: 700; margin: 0; break-after: avoid; }
.asked { margin: 0 0 1mm; break-after: avoid; break-inside: avoid; }
.why { list-style: none; margin: 1mm 0 0; padding: 0; font-size: 10pt; }
.why li { margin: 1.2mm 0; break-inside: avoid; }
cite { font: 600 9pt system-ui, sans-serif; white-space: nowrap; }
.source { margin: 1.5mm 0 0; break-before: avoid; padding-left: 3mm; border-left: .8mm solid #999; font-size: 10pt; }
@media print { body { padding: 0; max-width: none; } }
@media screen and (max-width: 600px) { .pairs { grid-template-columns: 1fr; gap: 0; } }
"""


def question_page(items: Sequence[QuizItem], *, code: str, title: str) -> str:
    """The questions, with room to write."""
    blanks = '<p class="blanks"><span>Name</span><span>Date</span></p>'
    listed = "".join(f"<li>{_question(item)}</li>" for item in items)
    return _page(items, code, title, "Practice", blanks + f'<ol class="sheet">{listed}</ol>')


def key_page(items: Sequence[QuizItem], *, code: str, title: str) -> str:
    """The answers, why each option is right or wrong, and the course's words that decide."""
    listed = "".join(f"<li>{_answered(item)}</li>" for item in items)
    return _page(items, code, title, "Key", f'<ol class="sheet key">{listed}</ol>')


def sheet_number(items: Sequence[QuizItem]) -> str:
    """The same on a sheet and its key, and on no other: made of what is asked and in which order it stands."""
    told = "\n".join("|".join((item.id, *item.options, *item.prompts)) for item in items)
    return hashlib.sha256(told.encode()).hexdigest()[:6].upper()


def _page(items: Sequence[QuizItem], code: str, title: str, name: str, body: str) -> str:
    count = f"{len(items)} question{'s' if len(items) != 1 else ''}"
    heading = f"{verbatim(code)} {name}"
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        # Nothing is fetched, whoever opens it.
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{heading} {sheet_number(items)}</title><style>{_STYLE}</style></head><body>"
        f"<h1>{heading}</h1>"
        f'<p class="about">{verbatim(title)} · <span>{count}</span> · <span>sheet {sheet_number(items)}</span></p>'
        f"{body}</body></html>\n"
    )


def _question(item: QuizItem) -> str:
    todo = f'<p class="todo">{_TODO[item.kind]}</p>' if _TODO[item.kind] else ""
    return f'<div class="asked">{_stem(item)}</div>{todo}{_room(item)}'


def _stem(item: QuizItem) -> str:
    markup = prose(item.stem)
    return markup.replace(_GAP, _BLANK) if item.kind is ItemKind.CLOZE else markup


def _room(item: QuizItem) -> str:
    """Where the answer is given."""
    if item.kind is ItemKind.MATCHING:
        lines = "".join(f'<li><span class="prompt-line">&nbsp;</span>{prose(prompt)}</li>' for prompt in item.prompts)
        return f'<div class="pairs"><ol class="prompts">{lines}</ol>{options(item.options)}</div>'
    if item.kind is ItemKind.ORDERING:
        boxes = "".join(f'<li><span class="box"></span>{prose(option)}</li>' for option in item.options)
        return f'<ul class="order">{boxes}</ul>'
    if item.kind is ItemKind.SHORT:
        return '<div class="line"></div>' * (1 + _LINES_A_POINT * max(1, len(item.rubric)))
    return options(item.options)


def _answered(item: QuizItem) -> str:
    source = sources(item)
    return f'<div class="asked">{_stem(item)}</div><p class="answer">{_answer(item)}</p>{_why(item)}' + (
        f'<p class="source">{source}</p>' if source else ""
    )


def _answer(item: QuizItem) -> str:
    words = [prose(text) for text in answers(item)]
    if item.kind is ItemKind.ORDERING:
        return " → ".join(words)
    if item.kind is ItemKind.MATCHING:
        return f"{key_letters(item)}<br>" + "<br>".join(words)
    if item.kind is ItemKind.CLOZE:
        return words[0] + (f" (also right: {'; '.join(words[1:])})" if words[1:] else "")
    return f"{key_letters(item)}. {words[0]}" if item.options else "<br>".join(words)


def _why(item: QuizItem) -> str:
    parts = []
    for place, line in enumerate(reasons(item)):
        label = f"<b>{_option(item, place)}</b> " if item.options else ""
        parts.append(f"<li>{label}{line}</li>")
    for point in item.rubric:
        worth = f" ({point.points} points)" if point.points != 1 else ""
        parts.append(f"<li>☐ {prose(point.criterion)}{worth} {citation(point.citation)}</li>")
    return f'<ul class="why">{"".join(parts)}</ul>' if parts else ""


def _option(item: QuizItem, place: int) -> str:
    """The option as the sheet names it: an ordering's have no letters there."""
    words = prose(item.options[place])
    named = words if item.kind is ItemKind.ORDERING else f"{letter(place)}. {words}"
    return named if named.endswith((".", "?")) else f"{named}."
