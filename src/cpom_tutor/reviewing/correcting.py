"""A correction: sentences of the course that a reviewer picked, and the reviewer's own, as an answer that passed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cpom_tutor.answers import Answer, Claim, Draft, Form, Pointer, Role
from cpom_tutor.course import Citation, Kind, Passage, Span
from cpom_tutor.errors import BadInput
from cpom_tutor.gate import Gate, Rejection
from cpom_tutor.library import Library
from cpom_tutor.protocols import GroundingChecker

LONGEST_PICK = 1000  # characters
MOST_PICKS = 30
_LISTED = frozenset({Kind.ITEM, Kind.PAIR, Kind.ROW})
_MARK = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class Pick:
    """One sentence of a correction.

    Attributes:
        text: a sentence of the course as it stands, or the reviewer's own.
        citations: what it stands on; for a sentence of the course, itself.
    """

    text: str
    citations: tuple[Citation, ...]


def pickable(passage: Passage) -> tuple[Pick, ...]:
    """The sentences of a passage as they can be picked; where it is labelled, its name stands before the first."""
    if passage.kind.is_container:
        return ()
    picks = [Pick(_on_one_line(span.of(passage.text)), (_cited(passage, span),)) for span in passage.sentences]
    if not passage.label:
        return tuple(picks)
    label = _cited(passage, passage.label)
    if not picks:
        return (Pick(f"**{passage.name}**", (label,)),)
    return (Pick(f"**{passage.name}**: {picks[0].text}", (label, *picks[0].citations)), *picks[1:])


def compose(question: str, picks: Sequence[Pick], library: Library, checker: GroundingChecker) -> Answer:
    """The answer that the picks make, in their order, after every one has passed the gate.

    Args:
        question: what it answers, whole.
        picks: the sentences.
        library: the course of today; what a pick cites must stand there word for word.
        checker: judges each sentence by what it cites.

    Raises:
        BadInput: there is no question or no sentence, or a sentence does not pass; says which, and why.
    """
    if not question.strip():
        raise BadInput("There is no question for this answer; write the question that it answers.")
    if not picks:
        raise BadInput("There is no sentence in this answer; pick at least one sentence of the course.")
    if len(picks) > MOST_PICKS:
        raise BadInput(f"The answer has {len(picks)} sentences; keep it to {MOST_PICKS}.")
    claims = tuple(_claim(pick, form, library) for pick, form in zip(picks, _forms(picks, library), strict=True))
    reply = Gate(checker, library).judge_whole(Draft(claims))
    if isinstance(reply, Rejection):
        told = _told(reply.claim.text)
        raise BadInput(f"{told} does not pass: {_as_clause(reply.reason)}; change it, or name other passages.")
    return reply


def _claim(pick: Pick, form: Form, library: Library) -> Claim:
    text = _on_one_line(pick.text)
    told = _told(text)
    if not text:
        raise BadInput("One of the sentences is empty; write it, or take it out.")
    if len(text) > LONGEST_PICK:
        raise BadInput(f"{told} has {len(text):,} characters; keep a sentence under {LONGEST_PICK:,}.")
    if _MARK.search(text):
        raise BadInput(f"{told} has a citation mark typed by hand; leave it out, the marks are added for you.")
    if not pick.citations:
        raise BadInput(f"{told} names no passage; choose the passages that it stands on.")
    for citation in pick.citations:
        if not verbatim(citation, library):
            raise BadInput(
                f"{told} cites words that {citation.address} does not have (any more); pick the sentence again."
            )
    evidence = tuple(Pointer(each.passage_id, Span(each.start, each.end)) for each in pick.citations)
    return Claim(text, Role.FACT, evidence, form)


def verbatim(citation: Citation, library: Library) -> bool:
    """Whether the course of today has the quote where the citation says."""
    if citation.passage_id not in library or not 0 <= citation.start < citation.end:
        return False
    return library.passage(citation.passage_id).text[citation.start : citation.end] == citation.quote


def _forms(picks: Sequence[Pick], library: Library) -> list[Form]:
    """Entries of lists and tables become list items where there are several; what follows them, a paragraph."""
    sources = [pick.citations[0].passage_id if pick.citations else "" for pick in picks]
    entries = {each for each in sources if each in library and library.passage(each).kind in _LISTED}
    forms: list[Form] = []
    for place, source in enumerate(sources):
        before = sources[place - 1] if place else ""
        if place and source == before:
            forms.append(Form.RUN_ON)
        elif len(entries) > 1 and source in entries:
            forms.append(Form.ITEM)
        else:
            forms.append(Form.PARAGRAPH if len(entries) > 1 and before in entries else Form.RUN_ON)
    return forms


def _cited(passage: Passage, span: Span) -> Citation:
    return Citation(passage.id, str(passage.address), span.of(passage.text), span.start, span.end)


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _told(text: str) -> str:
    """The sentence as messages name it."""
    return f"“{text[:77]}…”" if len(text) > 78 else f"“{text}”"


def _as_clause(reason: str) -> str:
    """A reason as part of a sentence: without its full stop, and with a small letter unless a quote opens it."""
    reason = reason.rstrip(". ")
    return reason[:1].lower() + reason[1:]
