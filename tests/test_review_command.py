"""`review list|show|export`: JSON as documented, a page for people, one sentence where something is wrong."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cpom_tutor.answers import Abstention, Answer, Conversation, Intent, Reason, Reply, Turn
from cpom_tutor.cli import main
from cpom_tutor.config import Settings, load_settings
from cpom_tutor.records import SqlRecords, open_records
from cpom_tutor.reviews import CanonicalAnswer, Complaint, Feedback, Judgement, Review
from cpom_tutor.wiring import open_application
from evals.cases import load_reviewed

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CPOM_TUTOR_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def records(home: Path) -> Iterator[SqlRecords]:
    opened = open_records(Settings(home=home))
    yield opened
    opened.close()


def tell(records: SqlRecords, *turns: Turn) -> tuple[str, str, list[str]]:
    learner = records.add_learner()
    conversation = records.start_conversation(learner)
    return learner, conversation, [records.add_turn(learner, conversation, turn) for turn in turns]


def turn(question: str, reply: Reply) -> Turn:
    return Turn(question, question.capitalize(), Intent.ASK, reply, (), "extractive", "i", NOON, 1.0)


DECLINED = Abstention(Reason.NOT_IN_COURSE, "The course does not cover this.")


class TestList:
    def test_json_has_the_documented_fields_the_riskiest_first(
        self, records: SqlRecords, capsys: pytest.CaptureFixture[str]
    ) -> None:
        learner, conversation, ids = tell(records, turn("hello", Conversation("Hello.")), turn("the fee?", DECLINED))
        records.give_feedback(learner, conversation, 0, Feedback(False, (Complaint.INCOMPLETE,), "", NOON))
        assert main(["review", "list", "--json"]) == 0
        first, second = json.loads(capsys.readouterr().out)
        assert first == {
            "turn_id": ids[0], "learner": first["learner"], "question": "hello", "resolved_question": "Hello",
            "kind": "conversation", "asked_at": NOON.isoformat(), "risk": 0.6, "why": ["thumbs down: incomplete"],
            "judgements": [],
        }  # fmt: skip
        assert first["learner"].startswith("Learner ")
        assert learner not in str(first)
        assert second["turn_id"] == ids[1]

    def test_it_can_be_narrowed_and_widened(self, records: SqlRecords, capsys: pytest.CaptureFixture[str]) -> None:
        _, _, ids = tell(records, turn("hello", Conversation("Hello.")), turn("the fee?", DECLINED))
        records.add_review(ids[1], Review(Judgement.COURSE_GAP, "", "Dr Ito", NOON))
        for arguments, found in (
            ([], ["hello"]), (["--reviewed"], ["the fee?"]), (["--all"], ["the fee?", "hello"]),
            (["--all", "--kind", "abstention"], ["the fee?"]), (["--all", "--search", "HELL"], ["hello"]),
            (["--all", "--count", "1"], ["the fee?"]),
        ):  # fmt: skip
            assert main(["review", "list", *arguments, "--json"]) == 0
            assert [line["question"] for line in json.loads(capsys.readouterr().out)] == found, arguments

    def test_people_read_what_to_look_at_and_why(self, records: SqlRecords, capsys: pytest.CaptureFixture[str]) -> None:
        _, _, ids = tell(records, turn("what is\nthe \x1b[31mfee?", DECLINED))
        assert main(["review", "list"]) == 0
        shown = capsys.readouterr().out
        assert shown.startswith("0.25  What is the �[31mfee?\n      2026-03-01 12:00  Learner ")
        assert f"abstention  {ids[0]}\n      abstained: not in the course\n" in shown

    @pytest.mark.usefixtures("home")
    def test_an_empty_inbox_is_said(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["review", "list"]) == 0
        out, err = capsys.readouterr()
        assert (out, err) == ("", "There is no such turn; widen it with --all, or leave out --kind or --search.\n")
        assert main(["review", "list", "--json"]) == 0
        assert json.loads(capsys.readouterr().out) == []


class TestShow:
    def test_json_holds_the_whole_case(self, records: SqlRecords, capsys: pytest.CaptureFixture[str]) -> None:
        learner, conversation, ids = tell(records, turn("hello", Conversation("Hello.")), turn("the fee?", DECLINED))
        _say_everything(records, learner, conversation, ids[1])
        assert main(["review", "show", ids[1], "--json"]) == 0
        shown = json.loads(capsys.readouterr().out)
        assert (shown["turn_id"], shown["turn"]["reason"]) == (ids[1], "not_in_course")
        assert [turn["question"] for turn in shown["before"]] == ["hello"]
        assert shown["feedback"]["complaints"] == ["should have answered"]
        assert [(each["author"], each["judgement"]) for each in shown["reviews"]] == [
            ("Dr Ito", "course gap"), ("Dr Ada", "correct")
        ]  # fmt: skip
        assert shown["approved_answers"][0]["question"] == "What is the fee?"

    def test_people_read_what_was_said_by_whom(self, records: SqlRecords, capsys: pytest.CaptureFixture[str]) -> None:
        learner, conversation, ids = tell(records, turn("hello", Conversation("Hello.")), turn("the fee?", DECLINED))
        _say_everything(records, learner, conversation, ids[1])
        assert main(["review", "show", ids[1]]) == 0
        shown = capsys.readouterr().out
        for words in (
            "Asked before in this conversation:\n1. hello", "The course does not cover this.",
            "Thumbs down: should have answered\n“It is on page two.”",
            "Dr Ito, 2026-03-01: course gap\n“Ask the office.”",
            "Dr Ada, 2026-03-01: correct", "judged: course gap, correct",
            "Approved by Dr Ito for “What is the fee?” (answers now)",
        ):  # fmt: skip
            assert words in shown


def _say_everything(records: SqlRecords, learner: str, conversation: str, turn_id: str) -> None:
    thumb = Feedback(False, (Complaint.SHOULD_HAVE_ANSWERED,), "It is on page two.", NOON)
    records.give_feedback(learner, conversation, 1, thumb)
    records.add_review(turn_id, Review(Judgement.COURSE_GAP, "Ask the office.", "Dr Ito", NOON))
    records.add_review(turn_id, Review(Judgement.CORRECT, "", "Dr Ada", NOON))
    records.approve(CanonicalAnswer("c", "What is the fee?", Answer(()), "Dr Ito", NOON, turn_id))


class TestExport:
    def test_real_turns_become_three_files(
        self, lean_home: Path, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:  # fmt: skip
        monkeypatch.setenv("CPOM_TUTOR_HOME", str(lean_home))
        monkeypatch.setenv("CPOM_TUTOR_DATABASE_URL", f"sqlite:///{tmp_path}/records.sqlite")
        tutor, records = open_application().tutor, open_records(load_settings())
        asked = [tutor.ask(question) for question in ("What is a CSC?", "how much is the exam fee", "who is the dean")]
        _, _, ids = tell(records, *asked)
        assert isinstance(asked[0].reply, Answer)
        records.add_review(ids[0], Review(Judgement.CORRECT, "", "Dr Ito", NOON))
        records.add_review(ids[1], Review(Judgement.COURSE_GAP, "Ask the office.", "Dr Ito", NOON))
        records.close()

        assert main(["review", "export", "--to", str(tmp_path / "new" / "out"), "--json"]) == 0
        told = json.loads(capsys.readouterr().out)

        cases, turns, gaps = (Path(name).read_text("utf-8") for name in told["files"])
        questions, unanswerable = load_reviewed(Path(told["files"][0]), corpus)
        assert len(cases.splitlines()) == told["cases"] == len(questions) + len(unanswerable) == 2
        assert questions[0].question == "What is a CSC?"
        assert "how much is the exam fee" in turns
        assert "Ask the office." in gaps
        assert told["gaps"] >= 1

        assert main(["review", "export", "--to", str(tmp_path)]) == 0
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith(
            f"2 cases, {told['turns']} turns and {told['gaps']} gaps of the course written to {tmp_path}"
        )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["review"], "type: cpom-tutor review --help"),
        (["review", "show"], "type: cpom-tutor review show --help"),
        (["review", "show", "missing"], "go back to the inbox"),
        (["review", "list", "--count", "0"], "give 1 or more with --count"),
        (["review", "list", "--count", "many"], "type: cpom-tutor review list --help"),
        (["review", "list", "--kind", "joke"], "type: cpom-tutor review list --help"),
        (["review", "list", "--all", "--reviewed"], "type: cpom-tutor review list --help"),
        (["review", "export"], "type: cpom-tutor review export --help"),
        (["review", "export", "--to", "out"], "python -m ingest"),
    ],
)
@pytest.mark.usefixtures("home")
def test_bad_use_is_one_sentence_with_what_to_type(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert words in err


def test_a_folder_that_cannot_be_written_is_said(
    lean_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CPOM_TUTOR_HOME", str(lean_home))
    monkeypatch.setenv("CPOM_TUTOR_DATABASE_URL", f"sqlite:///{tmp_path}/records.sqlite")
    (tmp_path / "file").touch()
    assert main(["review", "export", "--to", str(tmp_path / "file")]) == 2
    assert "give another folder with --to DIR" in capsys.readouterr().err
