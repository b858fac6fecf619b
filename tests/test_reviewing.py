"""What is taken out of the reviews: cases that load, a table that runs nothing, and the course's gaps."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
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
)
from cpom_tutor.course import Citation, Passage, Span
from cpom_tutor.library import Library
from cpom_tutor.protocols import Embedder, Vectors
from cpom_tutor.reviewing.eval_cases import (
    AGAIN,
    CHANGED,
    DISAGREED,
    NO_RIGHT_ANSWER,
    NOT_JUDGED,
    TALK,
    EvalCases,
    eval_cases,
)
from cpom_tutor.reviewing.export import CASES, GAPS, TURNS, export_reviews
from cpom_tutor.reviewing.gaps import gaps, report
from cpom_tutor.reviews import CanonicalAnswer, Case, Complaint, Feedback, InboxLine, Judgement, Review, Risk
from evals.cases import BadCase, load_reviewed

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
PASSED = Verdict(Label.SUPPORTED, 1.0, "The words stand in the passage.")
DECLINED = Abstention(Reason.NOT_IN_COURSE, "The course does not cover this.")


def cited(passage: Passage, span: Span, form: Form = Form.PARAGRAPH) -> CheckedClaim:
    words = span.of(passage.text)
    citation = Citation(passage.id, str(passage.address), words, span.start, span.end)
    return CheckedClaim(words, Role.FACT, form, "", (citation,), PASSED)


def case(
    question: str,
    reply: Reply,
    *judgements: Judgement,
    number: int = 0,
    learner: str = "Learner 3f9a",
    intent: Intent = Intent.ASK,
) -> Case:
    asked_at = NOON + timedelta(days=number)
    turn = Turn(question, question, intent, reply, (), "extractive", "i", asked_at, 1.0)
    line = InboxLine(f"turn-{number}", learner, question, question, "answer", asked_at, Risk(0.25, ("why",)), ())
    return Case(line, turn, reviews=tuple(Review(each, "", f"Dr {n}", NOON) for n, each in enumerate(judgements)))


def approved(question: str, reply: Answer, retired: str = "") -> CanonicalAnswer:
    return CanonicalAnswer("a", question, reply, "Dr Ito", NOON, "turn-0", retired)


@pytest.fixture
def answer(library: Library) -> Answer:
    """Two sentences of the course that each stand in it once."""
    said: list[CheckedClaim] = []
    for passage in library.passages:
        for span in passage.sentences[:1]:
            words = span.of(passage.text)
            if len(words) > 40 and sum(section.text.count(words) for section in library.sections) == 1:
                said.append(cited(passage, span))
    return Answer((CheckedClaim("Yes.", Role.LEAD, Form.RUN_ON, "", (), PASSED), *said[:2]))


def made(library: Library, *cases: Case) -> EvalCases:
    return eval_cases(cases, library)


class TestEvalCases:
    def test_they_load_where_the_tutor_is_measured(
        self, library: Library, answer: Answer, corpus: Path, tmp_path: Path
    ) -> None:
        found = made(
            library,
            case("Is it so?", answer, Judgement.CORRECT, number=1),
            case("What does it cost?", answer, Judgement.SHOULD_HAVE_ABSTAINED, number=2),
            case("How much may I take?", Abstention(Reason.CLINICAL, "No."), Judgement.CORRECT, number=3),
            case("Who is the dean?", DECLINED, Judgement.COURSE_GAP, number=4),
            replace(case("and that?", DECLINED, Judgement.SHOULD_HAVE_ANSWERED, number=5),
                    canonical=(approved("What is that?", answer),)),
        )  # fmt: skip
        file = tmp_path / CASES
        file.write_text("".join(json.dumps(each) + "\n" for each in found.cases), "utf-8")

        questions, unanswerable = load_reviewed(file, corpus)

        quotes = tuple(claim.citations[0].quote for claim in answer.claims[1:])
        assert [(each.question, each.kind, each.evidence, each.split) for each in questions] == [
            ("Is it so?", "yes_no", (quotes,), "tune"), ("What is that?", "yes_no", (quotes,), "tune"),
        ]  # fmt: skip
        assert [(each.question, each.kind, each.reasons) for each in unanswerable] == [
            ("What does it cost?", "not_in_course", ("not_in_course", "unverified")),
            ("How much may I take?", "clinical", ("clinical",)),
            ("Who is the dean?", "not_in_course", ("not_in_course", "unverified")),
        ]
        assert found.left_out == {}

    def test_a_file_that_somebody_broke_is_refused(self, corpus: Path, tmp_path: Path) -> None:
        file = tmp_path / CASES
        file.write_text('{"id": "a", "question": "What?", "split": "tune", "kind": "clinical", "reasons": ["taste"]}')
        with pytest.raises(BadCase, match="reasons"):
            load_reviewed(file, corpus)
        file.write_text('{"id": "a", "question": "What?"}')
        with pytest.raises(BadCase, match="missing field “evidence”"):
            load_reviewed(file, corpus)

    def test_the_kind_follows_the_question(self, library: Library, answer: Answer) -> None:
        facts = Answer(answer.claims[1:])
        listed = Answer(tuple(replace(claim, form=Form.ITEM) for claim in facts.claims))
        kinds = {
            "list": case("Which are they?", listed, Judgement.CORRECT, intent=Intent.LIST),
            "comparison": case("How do they differ?", facts, Judgement.CORRECT, intent=Intent.COMPARE),
            "fact": case("What is it?", facts, Judgement.CORRECT, intent=Intent.SIMPLIFY),
            "wrong_premise": case("Why is it blue?", replace(facts, premise_refuted=True), Judgement.CORRECT),
        }
        for kind, each in kinds.items():
            (found,) = made(library, each).cases
            assert found["kind"] == kind
            assert found["items"] == ([claim.citations[0].quote for claim in facts.claims] if kind == "list" else [])

    def test_a_turn_that_says_nothing_of_the_right_answer_is_left_out_with_the_reason(
        self, library: Library, answer: Answer
    ) -> None:
        gone = replace(answer.claims[1].citations[0], passage_id="1.1-0", quote="words that nobody wrote")
        turns = {
            NOT_JUDGED: case("a?", answer),
            DISAGREED: case("b?", answer, Judgement.CORRECT, Judgement.WRONG_ANSWER),
            NO_RIGHT_ANSWER: case("c?", answer, Judgement.WRONG_CITATION),
            TALK: case("d?", Conversation("Hello."), Judgement.CORRECT),
            CHANGED: case("e?", Answer((replace(answer.claims[1], citations=(gone,)),)), Judgement.CORRECT),
        }
        found = made(library, *turns.values())
        assert found == EvalCases((), dict.fromkeys(turns, 1))

    def test_a_retired_answer_is_none(self, library: Library, answer: Answer) -> None:
        turn = replace(case("a?", answer), canonical=(approved("a?", answer, "Changed."),))
        assert made(library, turn).left_out == {NOT_JUDGED: 1}

    def test_of_two_words_on_one_question_the_newest_counts(self, library: Library, answer: Answer) -> None:
        found = made(
            library,
            case("Is it so?", answer, Judgement.SHOULD_HAVE_ABSTAINED, number=1),
            case("is it  SO?", answer, Judgement.CORRECT, number=2),
        )
        assert [each["kind"] for each in found.cases] == ["yes_no"]
        assert found.left_out == {AGAIN: 1}

    def test_a_label_that_stands_in_many_places_is_given_with_its_passage(self, library: Library) -> None:
        text = "\n".join(section.text for section in library.sections)
        passage, label = next(
            (each, each.label) for each in library.passages
            if each.label and text.count(each.label.of(each.text)) > 1 and text.count(each.text) == 1
        )  # fmt: skip
        (found,) = made(library, case("What is it?", Answer((cited(passage, label),)), Judgement.CORRECT)).cases
        assert found["evidence"] == [[passage.text]]


class Axes:
    """An embedder in which a question is one direction, mixed of the words that it knows."""

    name, dimension, max_tokens = "axes", 3, 100

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def embed(self, texts: Sequence[str]) -> Vectors:
        known = ("exam", "robot", "lunch")
        found = np.array([[float(word in text.lower()) + 0.01 for word in known] for text in texts], np.float32)
        return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)


class TestGaps:
    axes: Embedder = Axes()

    def test_questions_of_one_thing_stand_together_the_most_asked_first(self) -> None:
        found = gaps(
            [
                case("Who repairs the robot?", DECLINED, number=1, learner="Learner 0001"),
                case("What is the exam fee?", DECLINED, number=2, learner="Learner 0001"),
                case("How much is the exam fee?", DECLINED, number=3, learner="Learner 0002"),
                case("What is the exam fee?", DECLINED, number=4, learner="Learner 0002"),
                case("Is lunch served?", DECLINED, number=5),
            ],
            self.axes,
        )
        assert [(gap.topic, len(gap.cases), gap.learners) for gap in found] == [
            ("exam fee (price or amount)", 3, 2), ("Is lunch served?", 1, 1), ("Who repairs the robot?", 1, 1)
        ]  # fmt: skip
        assert found[0].questions == (("What is the exam fee?", 2), ("How much is the exam fee?", 1))

    @pytest.mark.parametrize(
        ("reply", "judgements", "gap"),
        [
            (DECLINED, (), True),
            (DECLINED, (Judgement.CORRECT,), True),
            (DECLINED, (Judgement.SHOULD_HAVE_ANSWERED,), False),
            (DECLINED, (Judgement.SHOULD_HAVE_ANSWERED, Judgement.COURSE_GAP), True),
            (Abstention(Reason.CLINICAL, "No."), (), False),
            (Answer(()), (), False),
            (Answer(()), (Judgement.COURSE_GAP,), True),
        ],
    )
    def test_what_is_a_gap(self, reply: Reply, judgements: tuple[Judgement, ...], gap: bool) -> None:
        assert bool(gaps([case("Who repairs the robot?", reply, *judgements)], self.axes)) is gap

    def test_what_an_instructor_answered_is_none(self) -> None:
        asked = case("Who repairs the robot?", DECLINED)
        assert gaps([replace(asked, canonical=(approved("Who?", Answer(())),))], self.axes) == ()
        assert len(gaps([replace(asked, canonical=(approved("Who?", Answer(()), "Changed."),))], self.axes)) == 1

    def test_near_questions_do_not_chain_different_things_together(self) -> None:
        asked = ("exam exam exam", "the exam of the robot", "robot robot robot")
        found = gaps([case(words, DECLINED, number=n) for n, words in enumerate(asked)], self.axes)
        assert sorted(len(gap.cases) for gap in found) == [1, 2]

    def test_the_real_embedder_finds_paraphrases_and_keeps_other_things_apart(self, embedder: Embedder) -> None:
        groups = (
            ("how much does the exam cost?", "What is the price of the exam?", "is there an exam fee"),
            ("how long is the exam?",),
            ("can I retake the exam", "how often may I retake the test"),
            ("who maintains the robots?", "How is a robot maintained?"),
            ("which EHR vendor should I buy",),
        )
        found = gaps([case(words, DECLINED) for group in groups for words in group], embedder)
        assert {frozenset(words for words, _ in gap.questions) for gap in found} == set(map(frozenset, groups))

    def test_the_report_says_how_often_by_whom_and_with_what_words(self, library: Library) -> None:
        nearest = library.passages[3]
        asked = [
            case(f"What is the <b>exam</b> fee in [{year}](x)?", DECLINED, number=year, learner=f"Learner {year}")
            for year in range(8)
        ]
        asked[0] = replace(asked[0], turn=replace(asked[0].turn, retrieved=(Retrieved(nearest, 1.0),)),
                           reviews=(Review(Judgement.COURSE_GAP, "Ask the *office*.", "Dr Ito", NOON),))  # fmt: skip
        page = report(gaps(asked, self.axes), NOON)
        assert page.startswith("# What the course does not answer\n\n8 questions of 1 kind, as of 2026-03-01:")
        assert "8 questions, 8 learners, 2026-03-01 to 2026-03-08." in page
        assert page.count("- “What is the \\<b\\>exam\\</b\\> fee in \\[") == 5
        assert "- and 3 other wordings" in page
        assert f"Nearest in the course: {nearest.address}." in page
        assert "- Dr Ito: Ask the \\*office\\*." in page
        assert "| 8 | 8 | 1 |" in page

    def test_nothing_found_is_said(self) -> None:
        assert gaps([], self.axes) == ()
        assert "No question was found" in report((), NOON)


class TestExport:
    def test_the_table_holds_what_was_said_and_runs_nothing(self, library: Library, answer: Answer) -> None:
        told = case("=1+1", answer, Judgement.CORRECT, Judgement.WRONG_ANSWER)
        told = replace(
            told,
            feedback=Feedback(False, (Complaint.INCOMPLETE, Complaint.WRONG_EVIDENCE), "@home, half \ud83d", NOON),
            reviews=(replace(told.reviews[0], comment="Line one\nline “two”, =2"), told.reviews[1]),
            canonical=(approved("What?", answer),),
        )
        made = export_reviews([told, case("-x", DECLINED, number=1)], library, Axes(), NOON)
        text = made.files[TURNS].decode("utf-8-sig")
        first, second = csv.DictReader(io.StringIO(text, newline=""))
        assert (first["question"], second["question"]) == ("'=1+1", "'-x")
        assert (first["feedback"], first["feedback_words"]) == (
            "not helpful: incomplete, wrong evidence", "'@home, half ?"
        )  # fmt: skip
        assert first["judgements"] == "Dr 0: correct\nDr 1: wrong answer"
        assert first["comments"] == "Dr 0: Line one\nline “two”, =2"
        assert first["citations"].count("CPOM §") == 2
        assert (first["risk"], first["why"], first["learner"]) == ("0.25", "why", "Learner 3f9a")
        assert first["approved_answer"] == first["reply"] != second["reply"]
        assert second["feedback"] == second["approved_answer"] == ""
        assert all(cell[:1] not in "=+-@\t\r" or not cell for row in (first, second) for cell in row.values())

    def test_any_words_can_be_written(self, library: Library, answer: Answer) -> None:
        made = export_reviews([case("half \ud83d \0?", answer, Judgement.COURSE_GAP)], library, Axes(), NOON)
        assert set(made.files) == {CASES, TURNS, GAPS}
        assert (made.cases, made.turns, made.gaps, made.left_out) == (1, 1, 1, {})
        assert json.loads(made.files[CASES])["question"] == "half ? \0?"

    def test_nothing_said_makes_empty_files(self, library: Library) -> None:
        made = export_reviews([], library, Axes(), NOON)
        assert made.files[CASES] == b""
        assert made.files[TURNS].count(b"\n") == 1
        assert (made.cases, made.turns, made.gaps) == (0, 0, 0)
