"""An answer as HTML: its sentences, its citations, and where the course has changed since."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import zip_longest

from cpom_tutor.answers import Answer, CheckedClaim, Form, Role, Turn, citation_marks, to_markdown
from cpom_tutor.course import Citation
from cpom_tutor.library import Library
from cpom_tutor.ui.text import TABLE_END, TABLE_START, escaped, inline

CHANGED = "The course text has changed since this answer."

_OLD = "the course text has changed since"

Sentence = Callable[[CheckedClaim], str]


def answer_view(answer: Answer, place: int, library: Library) -> str:
    """The sentences with their citation marks, as paragraphs, lists and tables.

    Args:
        answer: what passed the gate.
        place: the turn's number in its conversation, from 0; citations send it back.
        library: the text of today, to mark the citations that it no longer holds.
    """
    marks = citation_marks(answer.claims)
    gone = frozenset(_gone(answer, library))
    numbered = {id(claim): number for number, claim in enumerate(answer.claims)}

    def sentence(claim: CheckedClaim) -> str:
        old = {one.passage_id for one in claim.citations if one in gone}
        chips = dict.fromkeys((marks[one.passage_id], one.address, one.passage_id in old) for one in claim.citations)
        at = numbered[id(claim)]
        words = _with_chips(claim.text, "".join(_chip(*chip, turn=place, claim=at) for chip in chips))
        if claim.role is Role.OWN:
            return f'<span class="own" title="The tutor’s own words, not the course’s">{words}</span>'
        return words

    notice = '<p class="badge">The course says otherwise</p>' if answer.premise_refuted else ""
    return notice + "".join(
        _table(group, sentence) if form is Form.CELL
        else _list(group, sentence) if form is Form.ITEM
        else f"<p>{_joined(group[0], sentence)}</p>"
        for form, group in _laid_out(answer.claims)
    )  # fmt: skip


def _with_chips(text: str, chips: str) -> str:
    """The marks stay on the line of the last word, unless that is part of something styled."""
    start, space, last = text.rpartition(" ")
    if not chips or set("*_\\") & set(last):
        return inline(text) + chips
    return f'{inline(start)}{space}<span class="together">{inline(last)}{chips}</span>'


_Group = list[list[CheckedClaim]]


def _laid_out(claims: Iterable[CheckedClaim]) -> list[tuple[Form, _Group]]:
    """Paragraphs, lists and tables, laid out as `answers.to_markdown` lays them out."""
    groups: list[tuple[Form, _Group]] = []
    for claim in claims:
        last = groups[-1] if groups else None
        if claim.form in (Form.CELL, Form.ITEM):
            if last and last[0] is claim.form:
                last[1].append([claim])
            else:
                groups.append((claim.form, [[claim]]))
        elif claim.form is Form.RUN_ON and last and last[0] is not Form.CELL:
            last[1][-1].append(claim)
        else:
            groups.append((Form.PARAGRAPH, [[claim]]))
    return groups


def _joined(claims: Iterable[CheckedClaim], sentence: Sentence) -> str:
    return " ".join(sentence(claim) for claim in claims)


def _list(items: _Group, sentence: Sentence) -> str:
    return "<ul>" + "".join(f"<li>{_joined(item, sentence)}</li>" for item in items) + "</ul>"


def _table(cells: _Group, sentence: Sentence) -> str:
    columns: dict[str, list[str]] = {}
    for (cell,) in cells:
        columns.setdefault(cell.column, []).append(sentence(cell))
    head = "".join(f'<th scope="col">{inline(name)}</th>' for name in columns)
    rows = "".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>"
        for row in zip_longest(*columns.values(), fillvalue="")
    )
    return f"{TABLE_START}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody>{TABLE_END}"


def _chip(number: int, address: str, old: bool, *, turn: int, claim: int) -> str:
    name = escaped(address)
    said = f"{name}; {_OLD}" if old else name
    return (
        f'<button type="button" class="chip{" old" if old else ""}" data-event="cite" data-turn="{turn}"'
        f' data-mark="{number}" data-claim="{claim}" title="{name}"'
        f' aria-label="Source {number}: {said}">{number}</button>'
    )


def changed(answer: Answer, library: Library) -> str:
    """Says that the course no longer holds some of the quotes word for word; the words of then are folded in it."""
    gone = _gone(answer, library)
    if not gone:
        return ""
    marks = citation_marks(answer.claims)
    quotes = "".join(
        f"<li>[{marks[citation.passage_id]}] {escaped(citation.address)} then said: "
        f"<q>{escaped(citation.quote)}</q></li>"
        for citation in gone
    )
    summary = f"<summary>{CHANGED} <span>What it said then</span></summary>"
    return f'<details class="changed">{summary}<ul>{quotes}</ul></details>'


def _gone(answer: Answer, library: Library) -> list[Citation]:
    cited = dict.fromkeys(citation for claim in answer.claims for citation in claim.citations)
    return [citation for citation in cited if not standing(citation, library)]


def standing(citation: Citation, library: Library) -> Citation | None:
    """The citation as today's text holds it, word for word: where it was, or in what became of its passage.

    A sentence stays cited when another one of its paragraph is put right. None where the words are gone, or are
    there twice, so that nobody can say which of them were meant.
    """
    if stands(citation, library):
        return citation
    now = citation.passage_id if citation.passage_id in library else library.retired.get(citation.passage_id, "")
    if not now or now not in library or not citation.quote:
        return None
    passage = library.passage(now)
    if passage.text.count(citation.quote) != 1:
        return None
    start = passage.text.index(citation.quote)
    return replace(
        citation, passage_id=now, address=str(passage.address), start=start, end=start + len(citation.quote)
    )  # fmt: skip


def stands(citation: Citation, library: Library) -> bool:
    """Whether today's text still holds the quote at its place."""
    if citation.passage_id not in library:
        return False
    return library.passage(citation.passage_id).text[citation.start : citation.end] == citation.quote


def plain(turn: Turn) -> str:
    """The turn as text to paste elsewhere: question, reply, and the quotes with their addresses."""
    lines = [turn.question, "", to_markdown(turn.reply)]
    if isinstance(turn.reply, Answer):
        marks = citation_marks(turn.reply.claims)
        cited = dict.fromkeys(citation for claim in turn.reply.claims for citation in claim.citations)
        lines += ["", *(f"[{marks[one.passage_id]}] {one.address}: “{one.quote}”" for one in cited)]
    return "\n".join(lines)
