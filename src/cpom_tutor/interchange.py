"""The JSON of `ask` (documented in the README), and turns as they are stored.

`turn_to_json` is what scripts read; `turn_to_record` / `turn_from_record` lose nothing, so that a stored
conversation is shown again exactly as it was, whatever has happened to the index since.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cpom_tutor.answers import (
    Abstention,
    Answer,
    CheckedClaim,
    Conversation,
    Form,
    Intent,
    Label,
    Reason,
    Reply,
    Retrieved,
    Role,
    Turn,
    Verdict,
    citation_marks,
    to_markdown,
)
from cpom_tutor.course import Address, Citation, Kind, Passage
from cpom_tutor.interchange_practice import (
    citation_to_json,
    practised_from_record,
    practised_to_json,
    practised_to_record,
)

Json = Mapping[str, Any]


def turn_to_json(turn: Turn, *, id: str | None = None, conversation: str | None = None) -> dict[str, Any]:
    """One line of `ask --json`."""
    reply = turn.reply
    record: dict[str, Any] = {
        "id": id,
        "conversation": conversation,
        "kind": _kind(reply),
        "resolved_question": turn.resolved_question,
        "intent": turn.intent.value,
        "text": to_markdown(reply),
        "claims": [],
        "reason": None,
        "nearest": [],
        "retrieved": [_retrieved_to_json(found) for found in turn.retrieved],
        "generator": turn.generator,
        "index": turn.index,
        "elapsed_ms": round(turn.elapsed_ms, 1),
    }
    if isinstance(reply, Answer):
        marks = citation_marks(reply.claims)
        record["claims"] = [_claim_to_json(claim, marks) for claim in reply.claims]
        if reply.premise_refuted:
            record["premise"] = "refuted"
        if reply.dropped:
            record["dropped"] = reply.dropped
    elif isinstance(reply, Abstention):
        record["reason"] = reply.reason.value
        record["nearest"] = [_retrieved_to_json(found) for found in turn.retrieved[:3]]
    if turn.practice:
        record |= practised_to_json(turn.practice)
    if turn.reviewed:
        record["reviewed"] = turn.reviewed
    if turn.fallback:
        record["fallback"] = turn.fallback
    return record


def turn_to_record(turn: Turn) -> dict[str, Any]:
    """Everything of a turn, as JSON-ready values."""
    return {
        "question": turn.question,
        "resolved_question": turn.resolved_question,
        "intent": turn.intent.value,
        "reply": reply_to_record(turn.reply),
        "retrieved": [_passage_to_record(found) for found in turn.retrieved],
        "generator": turn.generator,
        "index": turn.index,
        "asked_at": turn.asked_at.isoformat(),
        "elapsed_ms": turn.elapsed_ms,
        "suggestions": list(turn.suggestions),
        "confidence": turn.confidence,
        "practice": practised_to_record(turn.practice) if turn.practice else None,
        "reviewed": turn.reviewed,
        "fallback": turn.fallback,
    }


def turn_from_record(record: Json) -> Turn:
    """The turn that `turn_to_record` stored. Passages come back with their words and address, without
    their structure, which belongs to the index version of that day."""
    return Turn(
        question=record["question"],
        resolved_question=record["resolved_question"],
        intent=Intent(record["intent"]),
        reply=reply_from_record(record["reply"]),
        retrieved=tuple(_passage_from_record(found) for found in record["retrieved"]),
        generator=record["generator"],
        index=record["index"],
        asked_at=datetime.fromisoformat(record["asked_at"]),
        elapsed_ms=record["elapsed_ms"],
        suggestions=tuple(record["suggestions"]),
        # Turns stored by earlier versions have none of these.
        confidence=record.get("confidence"),
        practice=practised_from_record(record["practice"]) if record.get("practice") else None,
        reviewed=record.get("reviewed", ""),
        fallback=record.get("fallback", ""),
    )


def reply_to_record(reply: Reply) -> dict[str, Any]:
    """Everything of a reply, as JSON-ready values."""
    stored: dict[str, Any] = {"kind": _kind(reply)}
    if isinstance(reply, Answer):
        return stored | {
            "premise_refuted": reply.premise_refuted,
            "dropped": reply.dropped,
            "claims": [_claim_to_record(claim) for claim in reply.claims],
        }
    if isinstance(reply, Abstention):
        return stored | {"reason": reply.reason.value, "message": reply.message}
    return stored | {"text": reply.text}


def reply_from_record(stored: Json) -> Reply:
    """The reply that `reply_to_record` stored."""
    if stored["kind"] == "abstention":
        return Abstention(Reason(stored["reason"]), stored["message"])
    if stored["kind"] == "conversation":
        return Conversation(stored["text"])
    return Answer(
        claims=tuple(_claim_from_record(claim) for claim in stored["claims"]),
        premise_refuted=stored["premise_refuted"],
        dropped=stored["dropped"],
    )


def _kind(reply: Reply) -> str:
    if isinstance(reply, Answer):
        return "answer"
    return "abstention" if isinstance(reply, Abstention) else "conversation"


def _claim_to_json(claim: CheckedClaim, marks: Mapping[str, int]) -> dict[str, Any]:
    return {
        "text": claim.text,
        "role": claim.role.value,
        "support": round(claim.verdict.score, 3),
        "citations": [
            {**citation_to_json(citation), "mark": marks[citation.passage_id]} for citation in claim.citations
        ],
    }


def _retrieved_to_json(found: Retrieved) -> dict[str, Any]:
    passage = found.passage
    return {
        "passage_id": passage.id,
        "address": str(passage.address),
        "score": round(found.score, 4),
        "text": passage.text,
    }


def _claim_to_record(claim: CheckedClaim) -> dict[str, Any]:
    return {
        "text": claim.text,
        "role": claim.role.value,
        "form": claim.form.value,
        "column": claim.column,
        "citations": [citation_to_json(citation) for citation in claim.citations],
        "verdict": {
            "label": claim.verdict.label.value,
            "score": claim.verdict.score,
            "reason": claim.verdict.reason,
        },
    }


def _claim_from_record(stored: Json) -> CheckedClaim:
    verdict = stored["verdict"]
    return CheckedClaim(
        text=stored["text"],
        role=Role(stored["role"]),
        form=Form(stored["form"]),
        column=stored["column"],
        citations=tuple(Citation(**citation) for citation in stored["citations"]),
        verdict=Verdict(Label(verdict["label"]), verdict["score"], verdict["reason"]),
    )


def _passage_to_record(found: Retrieved) -> dict[str, Any]:
    return {**_retrieved_to_json(found), "score": found.score, "kind": found.passage.kind.value,
            "heading_path": list(found.passage.heading_path)}  # fmt: skip


def _passage_from_record(stored: Json) -> Retrieved:
    text = stored["text"]
    passage = Passage(
        id=stored["passage_id"],
        address=Address.parse(stored["address"]),
        kind=Kind(stored["kind"]),
        heading_path=tuple(stored["heading_path"]),
        text=text,
        start=0,
        end=len(text),
        order=0,
    )
    return Retrieved(passage, stored["score"])
