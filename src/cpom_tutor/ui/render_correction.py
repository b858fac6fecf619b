"""A correction as HTML: passages whose sentences can be picked, and the answer that the picked ones make. Pure."""

from collections.abc import Iterable, Sequence

from cpom_tutor.answers import Answer, Turn, citation_marks, to_markdown
from cpom_tutor.course import Citation, Passage
from cpom_tutor.library import Library
from cpom_tutor.reviewing.correcting import LONGEST_PICK, Pick, pickable
from cpom_tutor.ui.render import alert
from cpom_tutor.ui.render_answer import stands
from cpom_tutor.ui.render_course import changed_note
from cpom_tutor.ui.review_form import LEAN, LONGEST_QUESTION, written
from cpom_tutor.ui.text import Mark, button, escaped, inline, markdown

_CONSIDERED = 5


def evidence(
    turn: Turn, library: Library, *, query: str = "", found: Sequence[Passage] | None = None, fault: str = ""
) -> str:
    """The passages beside a turn, with the search for others.

    Args:
        turn: an answer shows what it cites, with the quotes marked; anything else what was considered.
        library: the text of today.
        query: what was searched for.
        found: what the search found; None where nothing was searched for.
        fault: what went wrong in the search, in a sentence.
    """
    results = ""
    if found is not None:
        cards = "".join(_card(one, (), library) for one in found)
        none = f'<p class="none">Nothing in the course matches <q>{escaped(query)}</q>.</p>'
        results = f'<section class="finds" aria-label="Found"><h3>Found</h3>{cards or none}</section>'
    return f"""<form class="seek-course"><div class="seek"><label><span>Find passages for a correction</span>
<input type="search" name="query" value="{escaped(query)}" maxlength="300" autocomplete="off"
 placeholder="words, or an address such as 1.1.2 ¶7"></label>
<button type="button" class="solid" data-event="seek" data-primary="yes">Find</button></div>
{alert(fault) if fault else ""}{results}{_beside(turn, library)}</form>"""


def _beside(turn: Turn, library: Library) -> str:
    if isinstance(turn.reply, Answer):
        cards = _cited_cards(turn.reply, library)
        return f'<section aria-label="Cited"><h3>What the answer cites</h3>{cards}</section>'
    passages = [one.passage for one in turn.retrieved[:_CONSIDERED] if one.passage.id in library]
    if not passages:
        return ""
    cards = "".join(_card(library.passage(one.id), (), library) for one in passages)
    return f'<section aria-label="Considered"><h3>What the tutor found</h3>{cards}</section>'


def _cited_cards(answer: Answer, library: Library) -> str:
    quotes: dict[str, list[Citation]] = {}
    for claim in answer.claims:
        for citation in claim.citations:
            quotes.setdefault(citation.passage_id, []).append(citation)
    numbers = citation_marks(answer.claims)
    cards: list[str] = []
    for passage_id, citations in quotes.items():
        cards += [changed_note(one.address, one.quote) for one in dict.fromkeys(citations) if not stands(one, library)]
        if passage_id in library:
            standing = [one for one in citations if stands(one, library)]
            cards.append(_card(library.passage(passage_id), standing, library, number=numbers[passage_id]))
    return "".join(cards)


def _card(passage: Passage, quotes: Iterable[Citation], library: Library, *, number: int = 0) -> str:
    address = escaped(str(passage.address))
    chip = f'<span class="chip">{number}</span>' if number else ""
    marks = [Mark(one.start, one.end) for one in quotes]
    parts = library.children(passage.id) if passage.kind.is_container else ()
    body = "".join(f'<div class="part">{_sentences(part, ())}</div>' for part in parts) or _sentences(passage, marks)
    lean = "" if parts else (
        f'<label class="lean"><input type="checkbox" name="{LEAN}{escaped(passage.id)}" value="yes">'
        " my own sentence leans on this</label>"
    )  # fmt: skip
    return (
        f'<article class="passage" data-address="{address}" aria-label="{address}"><p class="place">{chip} '
        f"<strong>{address}</strong> {escaped(passage.heading)}</p>{body}{lean}</article>"
    )


def _sentences(passage: Passage, marks: Sequence[Mark]) -> str:
    """The words of a passage, each of its sentences a button that picks it."""
    picks = pickable(passage)
    if not passage.sentences:
        words = inline(passage.text, marks)
        return _pickable(passage, 0, picks[0], words) if picks else f'<p class="between">{words}</p>'
    parts: list[str] = []
    told = 0
    for place, sentence in enumerate(passage.sentences):
        words = inline(sentence.of(passage.text), marks, offset=sentence.start)
        parts += [_between(passage, told, sentence.start, marks), _pickable(passage, place, picks[place], words)]
        told = sentence.end
    return "".join(parts) + _between(passage, told, len(passage.text), marks)


def _pickable(passage: Passage, place: int, pick: Pick, words: str) -> str:
    return (
        f'<button type="button" class="sentence" data-event="take" data-passage="{escaped(passage.id)}"'
        f' data-sentence="{place}" data-cites="{escaped(_cites(pick))}">{words}</button>'
    )


def _between(passage: Passage, start: int, end: int, marks: Sequence[Mark]) -> str:
    """What stands between sentences: a label, the head of a row."""
    words = passage.text[start:end]
    if not any(character.isalnum() for character in words):
        return ""
    bare = words.rstrip(" \n|:*—–-").lstrip(" \n|:*—–-")
    begins = start + words.index(bare)
    return f'<p class="between"><strong>{inline(bare, marks, offset=begins)}</strong></p>'


def correction(
    question: str, picks: Sequence[Pick], *, answer: Answer | None = None, fault: str = "", own: str = ""
) -> str:
    """The answer in the making.

    Args:
        question: what it answers.
        picks: its sentences, in order.
        answer: what they make, where all of them passed the gate.
        fault: which of them did not, in a sentence; or what else went wrong.
        own: a sentence that was typed and not added yet.
    """
    lines = "".join(_line(pick, place, len(picks)) for place, pick in enumerate(picks))
    chosen = f'<ol class="chosen">{lines}</ol>' if picks else (
        '<p class="none">Click sentences beside this in the order in which the answer shall say them.</p>'
    )  # fmt: skip
    preview = ""
    if answer:
        preview = f"""<div class="preview" role="group" aria-label="The answer as learners will see it">
<h4>As learners will see it</h4><div class="turn"><div class="reply">{markdown(to_markdown(answer))}</div></div>
<p>Every sentence has passed the check.</p>
<button type="button" class="primary" data-event="approve">Approve this answer</button></div>"""
    return f"""<section class="correction" aria-labelledby="correction-title"><h3 id="correction-title" tabindex="-1">
Correction</h3><form><input type="hidden" name="picks" value="{escaped(written(picks))}">
<label><span>The question that it answers</span>
<input type="text" name="question" value="{escaped(question)}" maxlength="{LONGEST_QUESTION}"
 autocomplete="off"></label>
{chosen}<div class="own-sentence"><label><span>A sentence of your own; tick the passages that say it</span>
<textarea name="own" rows="2" maxlength="{LONGEST_PICK}">{escaped(own)}</textarea></label>
{button("Add my sentence", "say", kind="solid")}</div>
{alert(fault) if fault else ""}{preview}{button("Leave the correction", "abandon")}</form></section>"""


def _line(pick: Pick, place: int, count: int) -> str:
    at = ", ".join(dict.fromkeys(one.address for one in pick.citations))
    short = escaped(pick.text[:60])
    tools = "".join(
        f'<button type="button" class="mover" id="{name}-{place}" data-event="shift" data-by="{name}"'
        f' data-line="{place}" aria-label="{label}: {short}" title="{label}"{idle}>{sign}</button>'
        for name, sign, label, idle in (
            ("up", "↑", "Earlier", "" if place else " disabled"),
            ("down", "↓", "Later", "" if place < count - 1 else " disabled"),
            ("out", "×", "Take out", ""),
        )
    )
    return (
        f'<li data-cites="{escaped(_cites(pick))}"><div><p>{inline(pick.text)}</p>'
        f'<span class="gist">{escaped(at)}</span></div><span class="movers">{tools}</span></li>'
    )


def _cites(pick: Pick) -> str:
    return " ".join(f"{one.passage_id}:{one.start}-{one.end}" for one in pick.citations)
