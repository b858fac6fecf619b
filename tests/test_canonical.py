"""An approved answer is given for its question and its paraphrases, for no other, and only while the course says it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cpom_tutor.answers import Abstention, Answer, Conversation, Intent, Turn
from cpom_tutor.cli import main
from cpom_tutor.config import Settings
from cpom_tutor.errors import RecordsUnavailable
from cpom_tutor.generation.extractive.generator import ExtractiveGenerator
from cpom_tutor.grounding.rules import RuleChecker
from cpom_tutor.interchange import turn_from_record, turn_to_json, turn_to_record
from cpom_tutor.library import Library
from cpom_tutor.records import SqlRecords, open_records
from cpom_tutor.records.opening import RecordsAtHand
from cpom_tutor.retrieval.embedder import SentenceTransformerEmbedder
from cpom_tutor.retrieval.retriever import CourseRetriever
from cpom_tutor.reviewing.canonical import CHANGED, ApprovedAnswers
from cpom_tutor.reviewing.correcting import compose, pickable
from cpom_tutor.reviews import CanonicalAnswer
from cpom_tutor.turn_text import turn_text
from cpom_tutor.tutor import INSTRUCTOR, REVIEWED, Tutor
from cpom_tutor.understanding.understander import CourseUnderstander

CSC = "What is a CSC?"
WORDS = "Centralized hubs"


@pytest.fixture
def records(tmp_path: Path) -> Iterator[SqlRecords]:
    found = open_records(Settings(tmp_path))
    yield found
    found.close()


def asked_turn(records: SqlRecords) -> str:
    """Some learner's turn, for an approved answer to be written from."""
    learner = records.add_learner()
    turn = Turn("huh", "Huh?", Intent.ASK, Conversation("?"), (), "extractive", "x", datetime.now(UTC), 1.0)
    return records.add_turn(learner, records.start_conversation(learner), turn)


def composed(library: Library, question: str, words: str) -> Answer:
    picks = [pick for passage in library.passages for pick in pickable(passage) if words in pick.text]
    return compose(question, picks[:1], library, RuleChecker())


def approve(records: SqlRecords, question: str, reply: Answer, name: str = "one") -> None:
    records.approve(CanonicalAnswer(name, question, reply, "Dr Ito", datetime.now(UTC), asked_turn(records)))


@pytest.fixture
def approved(records: SqlRecords, retriever: CourseRetriever, embedder: SentenceTransformerEmbedder) -> ApprovedAnswers:
    library = retriever.library
    approve(records, CSC, composed(library, CSC, WORDS))
    return ApprovedAnswers(lambda: records, CourseUnderstander(lambda: library), lambda: library, embedder)


@pytest.fixture
def tutor(approved: ApprovedAnswers, retriever: CourseRetriever) -> Tutor:
    return Tutor(
        CourseUnderstander(lambda: retriever.library), retriever, ExtractiveGenerator(), RuleChecker(), None, approved
    )


def over(library: Library, records: SqlRecords, embedder: SentenceTransformerEmbedder) -> ApprovedAnswers:
    return ApprovedAnswers(lambda: records, CourseUnderstander(lambda: library), lambda: library, embedder)


# --- matching ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("question", [CSC, "what is a csc", "whats a consolidated service centre", "define CSC pls"])
def test_its_question_and_paraphrases_find_it(approved: ApprovedAnswers, question: str) -> None:
    found = approved.answer_to(question)
    assert found is not None
    assert found.id == "one"


@pytest.mark.parametrize("question", ["Who runs a CSC?", "Why have a CSC?", "What is a GPO?", "what isn't a CSC?"])
def test_another_question_does_not(approved: ApprovedAnswers, question: str) -> None:
    assert approved.answer_to(question) is None


def test_the_same_words_are_not_enough_where_the_embedder_finds_the_questions_far_apart(
    approved: ApprovedAnswers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cpom_tutor.reviewing.canonical.NEAR", 1.01)
    assert approved.answer_to("define CSC") is None
    assert approved.answer_to(CSC.upper()) is not None


def test_only_the_very_question_counts_where_it_must_match_exactly(approved: ApprovedAnswers) -> None:
    assert approved.answer_to(" what is a  csc", exactly=True) is not None
    assert approved.answer_to("define CSC", exactly=True) is None


def test_questions_in_a_script_that_has_no_words_for_us_are_told_apart(
    records: SqlRecords, library: Library, embedder: SentenceTransformerEmbedder
) -> None:
    approve(records, "药房是什么", composed(library, CSC, WORDS))
    answers = over(library, records, embedder)
    assert answers.answer_to("药房是什么") is not None
    assert answers.answer_to("医院是什么") is None


def test_the_very_question_wins_over_a_newer_paraphrase(
    records: SqlRecords, library: Library, approved: ApprovedAnswers
) -> None:
    approve(records, "Define CSC", composed(library, CSC, WORDS), "two")
    assert [getattr(approved.answer_to(each), "id", "") for each in (CSC, "define csc")] == ["one", "two"]


# --- the course changes --------------------------------------------------------------------------------------


def test_an_answer_whose_passage_is_gone_is_retired_with_the_reason_and_answers_no_more(
    records: SqlRecords, library: Library, embedder: SentenceTransformerEmbedder
) -> None:
    approve(records, CSC, composed(library, CSC, WORDS))
    later = replace(library, passages=tuple(each for each in library.passages if WORDS not in each.text))
    assert over(later, records, embedder).answer_to(CSC) is None
    assert records.canonical_answers() == ()
    (turn_id,) = [line.turn_id for line in records.inbox(reviewed=None)]
    assert [each.retired for each in records.case(turn_id).canonical] == [CHANGED]


def test_a_quote_that_lives_on_in_the_passage_that_took_its_place_keeps_the_answer(
    records: SqlRecords, library: Library, embedder: SentenceTransformerEmbedder
) -> None:
    reply = composed(library, CSC, WORDS)
    approve(records, CSC, reply)
    old = next(each for each in library.passages if WORDS in each.text and each.sentences)
    new = replace(old, id="1.1-0000abcd", text="Now: " + old.text)
    passages = tuple(new if each is old else each for each in library.passages)
    later = replace(library, passages=passages, retired={old.id: new.id})
    found = over(later, records, embedder).answer_to(CSC)
    assert found is not None
    for citation, before in zip(found.reply.claims[0].citations, reply.claims[0].citations, strict=True):
        assert citation.passage_id == new.id
        assert citation.start == before.start + len("Now: ")
        assert new.text[citation.start : citation.end] == citation.quote


# --- the tutor -----------------------------------------------------------------------------------------------


def test_the_tutor_gives_the_approved_answer_to_a_paraphrase_and_says_who_reviewed_it(
    tutor: Tutor, library: Library
) -> None:
    turn = tutor.ask("define consolidated service center")
    assert turn.reply == composed(library, CSC, WORDS)
    assert (turn.reviewed, turn.generator) == (REVIEWED, INSTRUCTOR)
    assert f"{REVIEWED}." in turn_text(turn).splitlines()
    assert turn_to_json(turn)["reviewed"] == turn_from_record(turn_to_record(turn)).reviewed == REVIEWED
    assert {found.passage.id for found in turn.retrieved} == {turn.reply.claims[0].citations[0].passage_id}


def test_what_was_said_before_is_taken_into_account(tutor: Tutor) -> None:
    first = tutor.ask("What is an infusion center?")
    assert first.reviewed == ""
    assert tutor.ask("and a CSC?", [first]).reviewed == REVIEWED
    assert tutor.ask("who runs it?", [tutor.ask(CSC)]).reviewed == ""


def test_an_approved_answer_that_no_longer_passes_the_gate_is_not_given(
    tutor: Tutor, records: SqlRecords, library: Library
) -> None:
    true = composed(library, "What is change management?", "Mastering the ability")
    false = replace(true, claims=(replace(true.claims[0], text="Change management costs 500 dollars."),))
    approve(records, "What is change management?", false, "false")
    turn = tutor.ask("What is change management?")
    assert turn.reviewed == ""
    assert turn.reply != false


def test_a_question_to_decline_is_answered_only_if_it_was_approved_in_these_very_words(
    tutor: Tutor, records: SqlRecords, library: Library
) -> None:
    clinical = "What is the vancomycin dose for a patient?"
    assert isinstance(tutor.ask(clinical).reply, Abstention)
    approve(records, clinical, composed(library, clinical, "A well-run pharmacy means"), "clinical")
    assert tutor.ask(clinical.lower()).reviewed == REVIEWED
    assert isinstance(tutor.ask("what is the dose of vancomycin for a patient").reply, Abstention)


def test_small_talk_and_practice_are_never_answered_so(tutor: Tutor, records: SqlRecords, library: Library) -> None:
    for question in ("thanks", "quiz me on CSCs"):
        approve(records, question, composed(library, question, WORDS), question)
        assert tutor.ask(question).reviewed == ""


# --- the database --------------------------------------------------------------------------------------------


def test_without_a_database_there_is_no_approved_answer_and_none_is_made(tmp_path: Path) -> None:
    at_hand = RecordsAtHand(Settings(tmp_path / "new"))
    assert at_hand.if_there() is None
    assert not (tmp_path / "new").exists()
    made = at_hand.opened()
    assert at_hand.if_there() is made
    made.close()


@pytest.mark.parametrize("url", [None, "sqlite:///{home}/broken.sqlite", "nonsense", "mysql://host/db"])
def test_a_database_that_cannot_be_opened_leaves_the_tutor_as_it_was(tmp_path: Path, url: str | None) -> None:
    for name in ("records.sqlite", "broken.sqlite"):
        (tmp_path / name).write_text("This is no database. " * 100, encoding="utf-8")
    settings = Settings(tmp_path, database_url=url.format(home=tmp_path) if url else None)
    at_hand = RecordsAtHand(settings)
    assert at_hand.if_there() is None
    assert at_hand.if_there() is None


def test_records_that_cannot_be_read_leave_the_tutor_as_it_was(
    approved: ApprovedAnswers, records: SqlRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: SqlRecords) -> tuple[CanonicalAnswer, ...]:
        raise RecordsUnavailable("The database is locked; try again.")

    monkeypatch.setattr(SqlRecords, "canonical_answers", refuse)
    assert approved.answer_to(CSC) is None
    assert records.conversations("nobody") == ()


def test_ask_makes_no_database(index_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "index").symlink_to(index_home / "index", target_is_directory=True)
    monkeypatch.setenv("CPOM_TUTOR_HOME", str(home))
    monkeypatch.delenv("CPOM_TUTOR_DATABASE_URL", raising=False)
    assert main(["ask", "--json", CSC]) == 0
    assert [path.name for path in home.iterdir() if path.name.startswith("records")] == []
