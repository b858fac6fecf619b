"""Turns as scripts read them, and as they are stored: what comes back is what was shown."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

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
    to_markdown,
)
from cpom_tutor.course import Citation
from cpom_tutor.interchange import turn_from_record, turn_to_json, turn_to_record
from cpom_tutor.library import Library

FIELDS = {
    "id", "conversation", "kind", "resolved_question", "intent", "text", "claims", "reason", "nearest", "retrieved",
    "generator", "index", "elapsed_ms",
}  # fmt: skip


def cited(text: str, library: Library, place: int, form: Form, column: str = "") -> CheckedClaim:
    passage = library.passages[place]
    span = passage.sentences[0]
    citation = Citation(passage.id, str(passage.address), span.of(passage.text), span.start, span.end)
    return CheckedClaim(text, Role.FACT, form, column, (citation,), Verdict(Label.SUPPORTED, 0.875, "Shares words."))


@pytest.fixture
def answer(library: Library) -> Answer:
    return Answer(
        claims=(
            CheckedClaim("Yes.", Role.LEAD, Form.PARAGRAPH, "", (), Verdict(Label.SUPPORTED, 1.0, "Says nothing.")),
            cited("First “quoted” sentence.", library, 0, Form.PARAGRAPH),
            cited("A cell | of it", library, 1, Form.CELL, "Column"),
            cited("First again.", library, 0, Form.ITEM),
        ),
        premise_refuted=True,
        dropped=3,
    )


def turn_with(reply: Reply, library: Library, **changes: object) -> Turn:
    values: dict[str, object] = {
        "question": "und the 2nd one?",
        "resolved_question": "What does the second point, “Größe”, mean?",
        "intent": Intent.LIST,
        "reply": reply,
        "retrieved": tuple(Retrieved(passage, 1 / (place + 3)) for place, passage in enumerate(library.passages[:5])),
        "generator": "extractive",
        "index": "abc123",
        "asked_at": datetime(2025, 3, 4, 5, 6, 7, 890123, tzinfo=UTC),
        "elapsed_ms": 12.3456,
        "suggestions": ("Why?", "What next?"),
        "confidence": 0.8125,
    }
    return Turn(**{**values, **changes})  # type: ignore[arg-type]


REPLIES = (Abstention(Reason.CLINICAL, "Ask a colleague."), Conversation("You’re welcome!"))


# --- stored turns --------------------------------------------------------------------------------------------


def test_a_stored_answer_comes_back_as_it_was(answer: Answer, library: Library) -> None:
    turn = turn_with(answer, library)
    back = turn_from_record(json.loads(json.dumps(turn_to_record(turn))))
    assert back.reply == answer
    assert to_markdown(back.reply) == to_markdown(answer)


@pytest.mark.parametrize("reply", REPLIES)
def test_the_other_replies_come_back_as_they_were(reply: Reply, library: Library) -> None:
    turn = turn_with(reply, library)
    assert turn_from_record(json.loads(json.dumps(turn_to_record(turn)))).reply == reply


@pytest.mark.parametrize("reason", Reason)
def test_each_reason_comes_back(reason: Reason, library: Library) -> None:
    turn = turn_with(Abstention(reason, "No."), library)
    assert turn_from_record(turn_to_record(turn)).reply == turn.reply


def test_everything_else_of_a_turn_comes_back(answer: Answer, library: Library) -> None:
    turn = turn_with(answer, library, asked_at=datetime(2025, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=-5))))
    back = turn_from_record(json.loads(json.dumps(turn_to_record(turn))))
    for name in (
        "question",
        "resolved_question",
        "intent",
        "generator",
        "index",
        "asked_at",
        "elapsed_ms",
        "suggestions",
        "confidence",
    ):
        assert getattr(back, name) == getattr(turn, name), name
    assert back.asked_at.utcoffset() == timedelta(hours=-5)


def test_retrieved_passages_come_back_with_their_words_and_place(answer: Answer, library: Library) -> None:
    turn = turn_with(answer, library)
    back = turn_from_record(json.loads(json.dumps(turn_to_record(turn))))
    assert [found.score for found in back.retrieved] == [found.score for found in turn.retrieved]
    for stored, original in zip(back.retrieved, turn.retrieved, strict=True):
        for name in ("id", "address", "text", "kind", "heading_path", "heading"):
            assert getattr(stored.passage, name) == getattr(original.passage, name), name


def test_a_stored_turn_stores_again_to_the_same_record(answer: Answer, library: Library) -> None:
    record = turn_to_record(turn_with(answer, library))
    assert turn_to_record(turn_from_record(record)) == record


def test_a_stored_turn_is_the_same_json_for_scripts(answer: Answer, library: Library) -> None:
    for reply in (answer, *REPLIES):
        turn = turn_with(reply, library)
        assert turn_to_json(turn_from_record(turn_to_record(turn))) == turn_to_json(turn)


# --- the JSON of `ask` ---------------------------------------------------------------------------------------


def test_an_answer_in_json(answer: Answer, library: Library) -> None:
    line = turn_to_json(turn_with(answer, library), id="7", conversation="c1")
    assert set(line) == FIELDS | {"premise", "dropped"}
    assert (line["id"], line["conversation"], line["kind"], line["intent"]) == ("7", "c1", "answer", "list")
    assert line["resolved_question"] == "What does the second point, “Größe”, mean?"
    assert line["premise"] == "refuted"
    assert line["text"] == to_markdown(answer)
    assert (line["reason"], line["nearest"]) == (None, [])
    assert [claim["text"] for claim in line["claims"]] == [claim.text for claim in answer.claims]
    assert line["claims"][0]["citations"] == []
    for claim in line["claims"][1:]:
        (citation,) = claim["citations"]
        passage = library.passage(citation["passage_id"])
        assert citation["quote"] == passage.text[citation["start"] : citation["end"]]
        assert citation["address"] == str(passage.address)
    assert [claim["citations"][0]["mark"] for claim in line["claims"][1:]] == [1, 2, 1]


def test_a_premise_that_stands_is_not_mentioned(answer: Answer, library: Library) -> None:
    assert "premise" not in turn_to_json(turn_with(Answer(answer.claims), library))


def test_an_abstention_in_json_has_its_reason_and_the_nearest_passages(library: Library) -> None:
    line = turn_to_json(turn_with(Abstention(Reason.NOT_IN_COURSE, "No."), library))
    assert set(line) == FIELDS
    assert (line["kind"], line["reason"], line["claims"]) == ("abstention", "not_in_course", [])
    assert line["nearest"] == line["retrieved"][: len(line["nearest"])]
    assert line["nearest"]


def test_a_conversation_in_json_claims_nothing(library: Library) -> None:
    line = turn_to_json(turn_with(Conversation("Hello!"), library, retrieved=(), intent=Intent.SMALLTALK))
    assert set(line) == FIELDS
    assert (line["kind"], line["intent"], line["text"]) == ("conversation", "smalltalk", "Hello!")
    assert (line["claims"], line["reason"], line["nearest"], line["retrieved"]) == ([], None, [], [])


def test_what_was_retrieved_is_listed_best_first_with_its_text(answer: Answer, library: Library) -> None:
    line = turn_to_json(turn_with(answer, library))
    scores = [found["score"] for found in line["retrieved"]]
    assert scores == sorted(scores, reverse=True)
    assert [found["text"] for found in line["retrieved"]] == [passage.text for passage in library.passages[:5]]


def test_a_line_without_id_or_conversation_says_null(answer: Answer, library: Library) -> None:
    line = turn_to_json(turn_with(answer, library))
    assert (line["id"], line["conversation"]) == (None, None)


def test_numbers_are_plain_json(answer: Answer, library: Library) -> None:
    line = turn_to_json(turn_with(answer, library, elapsed_ms=12.3456))
    assert line["elapsed_ms"] == pytest.approx(12.3, abs=0.06)
    assert json.loads(json.dumps(line, allow_nan=False)) == line
