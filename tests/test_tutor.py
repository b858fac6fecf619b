"""From question to turn: steps in order, nothing unchecked, errors that are errors."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from cpom_tutor.answers import (
    Abstention,
    Answer,
    Claim,
    Conversation,
    Draft,
    Form,
    Intent,
    Label,
    Pointer,
    Reason,
    Role,
    Turn,
    Verdict,
    to_markdown,
)
from cpom_tutor.course import Passage
from cpom_tutor.errors import BadInput, EmbedderUnavailable, IndexMissing, TutorError
from cpom_tutor.generation.extractive.generator import ExtractiveGenerator
from cpom_tutor.grounding.rules import RuleChecker
from cpom_tutor.library import Library
from cpom_tutor.protocols import Akin, Hit, Question, Step
from cpom_tutor.retrieval.retriever import CourseRetriever
from cpom_tutor.tutor import CONSIDERED, Tutor
from cpom_tutor.understanding.understander import CourseUnderstander


@dataclass
class FixedRetriever:
    """Finds the first passages of the library for any query, or raises."""

    library: Library
    fault: TutorError | None = None
    found: int = CONSIDERED
    queries: list[str] = field(default_factory=list)

    def search(self, query: str, limit: int = 10, *, expansion: str = "") -> tuple[Hit, ...]:  # noqa: ARG002
        self.queries.append(query)
        if self.fault:
            raise self.fault
        passages = [passage for passage in self.library.passages if not passage.kind.is_container]
        return tuple(Hit(passage, 1 / (place + 1), 0.5, 1.0) for place, passage in enumerate(passages[: self.found]))

    def akin(self, query: str, limit: int = 40) -> tuple[Akin, ...]:  # noqa: ARG002
        return ()


@dataclass
class FixedGenerator:
    """Always writes the same draft, or raises."""

    draft: Draft
    fault: Exception | None = None
    seen: list[tuple[Question, int]] = field(default_factory=list)

    @property
    def name(self) -> str:
        return "fixed"

    def draft_answer(self, question: Question, hits: Sequence[Hit], library: Library) -> Draft:  # noqa: ARG002
        self.seen.append((question, len(hits)))
        if self.fault:
            raise self.fault
        return self.draft


class CountingChecker:
    """Believes everything, and counts."""

    def __init__(self) -> None:
        self.checked: list[str] = []

    def check(self, claim: str, evidence: Sequence[str]) -> Verdict:
        assert evidence
        self.checked.append(claim)
        return Verdict(Label.SUPPORTED, 1.0, "I believe everything.")


def quoting(passage: Passage, form: Form = Form.PARAGRAPH) -> Claim:
    span = passage.sentences[0]
    return Claim(span.of(passage.text), Role.FACT, (Pointer(passage.id, span),), form)


@pytest.fixture
def three(library: Library) -> Draft:
    passages = [passage for passage in library.passages if passage.sentences][:3]
    return Draft(tuple(quoting(passage) for passage in passages), suggestions=("What next?",))


def make(library: Library, draft: Draft, fault: TutorError | None = None) -> Tutor:
    return Tutor(
        CourseUnderstander(lambda: library), FixedRetriever(library, fault), FixedGenerator(draft), RuleChecker()
    )


def notes(steps: Sequence[Step]) -> list[str]:
    return [step.note for step in steps if step.note]


# --- the stream ----------------------------------------------------------------------------------------------


def test_each_step_is_exactly_one_thing(library: Library, three: Draft) -> None:
    steps = list(make(library, three).stream("What is it about?"))
    assert all(bool(step.note) + bool(step.partial) + (step.turn is not None) == 1 for step in steps)


def test_notes_come_first_then_sentences_then_the_turn(library: Library, three: Draft) -> None:
    steps = list(make(library, three).stream("What is it about?"))
    kinds = ["note" if step.note else "partial" if step.partial else "turn" for step in steps]
    assert kinds == sorted(kinds, key=["note", "partial", "turn"].index)
    assert kinds.count("partial") == 3
    assert kinds.count("turn") == 1


def test_each_partial_adds_a_checked_sentence_and_the_last_is_the_answer(library: Library, three: Draft) -> None:
    steps = list(make(library, three).stream("What is it about?"))
    partials = [step.partial for step in steps if step.partial]
    assert all(later.startswith(earlier) for earlier, later in pairwise(partials))
    turn = steps[-1].turn
    assert turn is not None
    assert partials[-1] == to_markdown(turn.reply)


def test_a_sentence_is_streamed_before_the_next_is_checked(library: Library, three: Draft) -> None:
    checker = CountingChecker()
    tutor = Tutor(CourseUnderstander(lambda: library), FixedRetriever(library), FixedGenerator(three), checker)
    counts = [len(checker.checked) for step in tutor.stream("What is it about?") if step.partial]
    assert counts == [1, 2, 3]


def test_asking_is_the_end_of_the_stream(library: Library, three: Draft) -> None:
    tutor = make(library, three)
    asked, streamed = tutor.ask("What is it about?"), list(tutor.stream("What is it about?"))[-1].turn
    assert streamed is not None
    assert asked.reply == streamed.reply
    assert asked.suggestions == ("What next?",)


def test_a_line_of_small_talk_is_not_searched_for(library: Library, three: Draft) -> None:
    retriever, generator = FixedRetriever(library), FixedGenerator(three)
    tutor = Tutor(CourseUnderstander(lambda: library), retriever, generator, RuleChecker())
    turn = tutor.ask("thanks!")
    assert isinstance(turn.reply, Conversation)
    assert turn.intent is Intent.SMALLTALK
    assert (retriever.queries, generator.seen, turn.retrieved) == ([], [], ())


def test_without_practice_a_request_for_it_is_met_with_a_line(library: Library, three: Draft) -> None:
    generator = FixedGenerator(three)
    tutor = Tutor(CourseUnderstander(lambda: library), FixedRetriever(library), generator, RuleChecker())
    turn = tutor.ask("quiz me on the domains")
    assert isinstance(turn.reply, Conversation)
    assert (turn.intent, turn.practice) == (Intent.QUIZ, None)
    assert generator.seen == []


def test_a_declined_question_shows_nearby_passages_and_is_not_drafted(library: Library, three: Draft) -> None:
    generator = FixedGenerator(three)
    tutor = Tutor(CourseUnderstander(lambda: library), FixedRetriever(library), generator, RuleChecker())
    turn = tutor.ask("vancomycin dose?")
    assert isinstance(turn.reply, Abstention)
    assert turn.reply.reason is Reason.CLINICAL
    assert turn.retrieved
    assert generator.seen == []


def test_the_stream_says_what_it_is_doing(library: Library, three: Draft) -> None:
    said = notes(list(make(library, three).stream("What is it about?")))
    assert len(said) >= 3
    assert any(f"{CONSIDERED} passages" in note for note in said)


# --- the turn ------------------------------------------------------------------------------------------------


def test_a_turn_says_what_was_asked_found_and_used(library: Library, three: Draft) -> None:
    before = datetime.now(UTC)
    turn = make(library, three).ask("  What is   it about? ")
    assert turn.question == "What is it about?"
    assert turn.generator == "fixed"
    assert turn.index == library.fingerprint
    assert turn.asked_at.utcoffset() == timedelta(0)
    assert before <= turn.asked_at <= datetime.now(UTC)
    assert 0 < turn.elapsed_ms < 60_000
    scores = [found.score for found in turn.retrieved]
    assert len(scores) == CONSIDERED
    assert scores == sorted(scores, reverse=True)


def test_the_draft_may_correct_the_kind_of_question(library: Library, three: Draft) -> None:
    draft = Draft(three.claims, intent=Intent.TABLE, premise_refuted=True)
    turn = make(library, draft).ask("What is it about?")
    assert turn.intent is Intent.TABLE
    assert isinstance(turn.reply, Answer)
    assert turn.reply.premise_refuted


def test_a_resolved_question_is_what_is_searched(library: Library, three: Draft, retriever: CourseRetriever) -> None:
    real = Tutor(CourseUnderstander(lambda: library), retriever, ExtractiveGenerator(), RuleChecker())
    first = real.ask("what pressures led to it")
    fixed = FixedRetriever(library)
    tutor = Tutor(CourseUnderstander(lambda: library), fixed, FixedGenerator(three), RuleChecker())
    turn = tutor.ask("and the second one?", (first,))
    assert turn.question == "and the second one?"
    assert "Escalating Technological Complexity" in turn.resolved_question
    assert "Escalating Technological Complexity" in fixed.queries[0]


def test_a_history_is_read_and_never_written(library: Library, three: Draft) -> None:
    tutor = make(library, three)
    history: list[Turn] = [tutor.ask("What is it about?")]
    tutor.ask("why?", history)
    assert len(history) == 1


def test_one_conversation_does_not_leak_into_the_next(library: Library, retriever: CourseRetriever) -> None:
    tutor = Tutor(CourseUnderstander(lambda: library), retriever, ExtractiveGenerator(), RuleChecker())
    first = tutor.ask("what pressures led to it")
    tutor.ask("and the second one?", (first,))
    assert "Escalating" not in tutor.ask("and the second one?").resolved_question


# --- errors --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "  ", "x" * 5000])
def test_bad_input_is_an_error_and_no_refusal(library: Library, three: Draft, text: str) -> None:
    with pytest.raises(BadInput):
        make(library, three).ask(text)


@pytest.mark.parametrize("fault", [IndexMissing("No index; run: python -m ingest"), EmbedderUnavailable("No model.")])
def test_a_broken_part_is_an_error_and_no_refusal(library: Library, three: Draft, fault: TutorError) -> None:
    tutor = make(library, three, fault=fault)
    with pytest.raises(type(fault), match=str(fault)):
        tutor.ask("What is it about?")
    assert isinstance(tutor.ask("thanks!").reply, Conversation), "small talk needs no index"


def test_a_fault_of_the_generator_is_not_swallowed(library: Library) -> None:
    generator = FixedGenerator(Draft(), fault=RuntimeError("broken"))
    tutor = Tutor(CourseUnderstander(lambda: library), FixedRetriever(library), generator, RuleChecker())
    with pytest.raises(RuntimeError, match="broken"):
        tutor.ask("What is it about?")


def test_nothing_found_is_not_in_the_course(library: Library) -> None:
    tutor = Tutor(
        CourseUnderstander(lambda: library), FixedRetriever(library, found=0), ExtractiveGenerator(), RuleChecker()
    )
    turn = tutor.ask("What is a CSC?")
    assert isinstance(turn.reply, Abstention)
    assert turn.reply.reason is Reason.NOT_IN_COURSE
    assert turn.retrieved == ()


def test_a_stream_that_is_left_early_does_no_harm(library: Library, three: Draft) -> None:
    tutor = make(library, three)
    steps: Iterator[Step] = tutor.stream("What is it about?")
    next(steps)
    del steps
    assert isinstance(tutor.ask("What is it about?").reply, Answer)
