"""The Class screen without a browser: what it shows, its tables, and that nobody else gets any of it."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.requests import HTTPConnection
from starlette.testclient import TestClient

from cpom_tutor.accounts import Enrolment, Role
from cpom_tutor.answers import Abstention, Intent, Reason, Retrieved, Turn
from cpom_tutor.classes import ClassLook
from cpom_tutor.cli import main
from cpom_tutor.config import Settings
from cpom_tutor.library import Library
from cpom_tutor.records.store import SqlRecords, open_records
from cpom_tutor.ui.class_desk import PATH, ClassDesk
from cpom_tutor.ui.class_form import class_look, group_value
from cpom_tutor.ui.class_tab import add_class_tables
from cpom_tutor.ui.reviewers import Reviewers
from cpom_tutor.ui.visitors import SIGN_IN_COOKIE
from ingest.load import load_corpus

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
PASSWORD = "correct horse"
EVIL = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def course(corpus: Path) -> Library:
    return load_corpus(corpus).library("f")


@pytest.fixture
def records(tmp_path: Path) -> Iterator[SqlRecords]:
    store = open_records(Settings(tmp_path))
    yield store
    store.close()


@pytest.fixture
def desk(records: SqlRecords, course: Library) -> ClassDesk:
    return ClassDesk(records, lambda: course, Reviewers(records), lambda: NOW)


@dataclass
class People:
    """A learner and an instructor, who are signed in."""

    learner: str
    learners_token: str
    instructors_token: str


@pytest.fixture
def people(records: SqlRecords, course: Library) -> People:
    records.enrol(
        [
            Enrolment("ada", PASSWORD, Role.LEARNER, "=Ada", f"Autumn {EVIL}"),
            Enrolment("grey", PASSWORD, Role.INSTRUCTOR, "Dr Grey", ""),
        ],
        {},
    )
    learner = records.account("ada").learner
    passage = course.passages[5]
    declined = Abstention(Reason.NOT_IN_COURSE, "The course does not say.")
    question = f"What of {EVIL}?"
    turn = Turn(question, question, Intent.ASK, declined, (Retrieved(passage, 1.0),), "parrot", "f", NOW, 1.0)
    conversation = records.start_conversation(learner)
    records.add_turn(learner, conversation, turn)
    records.add_turn(learner, conversation, replace(turn, asked_at=NOW - timedelta(days=30)))
    signed_in = [records.sign_in(name, PASSWORD, datetime.now(UTC)) for name in ("ada", "grey")]
    return People(learner, *signed_in)


def request(token: str = "", client: str = "127.0.0.1", **headers: str) -> HTTPConnection:
    pairs = [(b"cookie", f"{SIGN_IN_COOKIE}={token}".encode())] if token else []
    pairs += [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return HTTPConnection({"type": "http", "http_version": "1.1", "client": (client, 1), "headers": pairs})


def test_an_instructor_sees_the_class_and_every_word_of_it_is_escaped(desk: ClassDesk, people: People) -> None:
    shown = desk.view(request(people.instructors_token), {})
    assert "1 learner, under pseudonyms" in shown
    assert "2 questions, 2 of them declined (100%)." in shown
    assert "Learner " in shown
    assert "Ada" not in shown
    assert EVIL not in shown


def test_the_latest_questions_about_a_part_are_shown_without_who_asked(desk: ClassDesk, people: People) -> None:
    topic = desk.records.class_record(ClassLook(), NOW).asked[0].topic
    shown = desk.view(request(people.instructors_token), {"topic": topic, "weeks": "2"})
    examples = shown.partition('class="examples"')[2].partition('class="figures"')[0]
    assert examples.count('data-event="case"') == 1
    assert "&lt;script&gt;" in examples
    assert "Learner" not in examples


@pytest.mark.parametrize("data", [{}, {"topic": "CPOM §1.1.1"}, {"group": "=Autumn", "weeks": "2"}])
def test_nobody_else_gets_any_of_it(desk: ClassDesk, people: People, data: dict[str, str]) -> None:
    for one in (None, request(), request("made-up"), request(people.learners_token)):
        shown = desk.view(one, data)
        assert "Reviewing is for instructors" in shown
        assert "Learner " not in shown
        assert "question" not in shown.lower()


def test_without_accounts_it_is_for_the_person_at_the_machine(desk: ClassDesk) -> None:
    assert "Nobody has asked or practised on this machine yet." in desk.view(request(), {})
    for one in (request(client="192.0.2.1"), request(x_forwarded_for="127.0.0.1")):
        assert "for the person at the machine" in desk.view(one, {})


def test_a_class_without_learners_says_what_to_do(desk: ClassDesk, records: SqlRecords) -> None:
    records.enrol([Enrolment("grey", PASSWORD, Role.MAINTAINER, "", "")], {})
    token = records.sign_in("grey", PASSWORD, datetime.now(UTC))
    assert "cpom-tutor users import FILE" in desk.view(request(token), {})
    records.enrol([Enrolment("ada", PASSWORD, Role.LEARNER, "", "Autumn")], {})
    assert "choose another one" in desk.view(request(token), {"group": "=Spring"})
    assert "<strong>1</strong> never signed in" in desk.view(request(token), {"group": "=Autumn"})


@pytest.mark.parametrize(
    ("data", "look"),
    [
        ({}, ClassLook()),
        ({"group": "", "weeks": "2"}, ClassLook(None, 2)),
        ({"group": "=", "weeks": "0"}, ClassLook("", 1)),
        ({"group": "==1", "weeks": "9999"}, ClassLook("=1", 8)),
        ({"group": "Autumn", "weeks": "-1"}, ClassLook(None, 8)),
        ({"group": "=Autumn", "weeks": "999"}, ClassLook("Autumn", 53)),
        ({"weeks": "²"}, ClassLook()),
    ],
)
def test_a_form_is_read_with_care(data: dict[str, str], look: ClassLook) -> None:
    assert class_look(data) == look
    assert class_look({"group": group_value(look.group), "weeks": str(look.weeks)}) == look


class TestTables:
    @pytest.fixture
    def client(self, desk: ClassDesk) -> TestClient:
        app = FastAPI()
        add_class_tables(app, desk)
        return TestClient(app)

    def test_learners_under_the_names_of_the_screen_and_no_formula_runs(
        self, client: TestClient, records: SqlRecords, people: People
    ) -> None:
        cookies = {SIGN_IN_COOKIE: people.instructors_token}
        head, ada = table(client.get(PATH, headers=cookie(cookies)).content)
        assert dict(zip(head, ada, strict=True))["questions"] == "2"
        assert ada[0].startswith("Learner ")
        records.share_name("ada", True)
        assert table(client.get(PATH, headers=cookie(cookies)).content)[1][0] == "'=Ada (ada)"

    def test_questions_by_part_and_week(self, client: TestClient, people: People) -> None:
        told = client.get(f"{PATH}?of=topics&weeks=2", headers=cookie({SIGN_IN_COOKIE: people.instructors_token}))
        head, row = table(told.content)
        assert head == ["topic", "title", "questions", "declined", "2026-11-16", "2026-11-23"]
        assert row[2:] == ["1", "1", "0", "1"]
        assert told.headers["cache-control"] == "no-store"

    @pytest.mark.parametrize("query", ["", "?of=topics", "?of=everything"])
    def test_nobody_else_gets_one(self, client: TestClient, people: People, query: str) -> None:
        for cookies in ({}, {SIGN_IN_COOKIE: people.learners_token}, {SIGN_IN_COOKIE: "made-up"}):
            told = client.get(PATH + query, headers=cookie(cookies))
            assert told.status_code == 403
            assert "Learner" not in told.text

    def test_there_is_no_other_table(self, client: TestClient, people: People) -> None:
        told = client.get(f"{PATH}?of=answers", headers=cookie({SIGN_IN_COOKIE: people.instructors_token}))
        assert (told.status_code, told.text) == (404, "There is no such table; take one from the Class screen.")


def table(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def cookie(cookies: dict[str, str]) -> dict[str, str]:
    return {"cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}


class TestTheCommand:
    def test_it_tells_the_same(
        self, lean_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("CPOM_TUTOR_HOME", str(lean_home))
        monkeypatch.setenv("CPOM_TUTOR_DATABASE_URL", f"sqlite:///{tmp_path}/class.sqlite")
        main(["users", "add", "ada", "--group", "Autumn", "--generate"])
        capsys.readouterr()
        assert main(["class", "--group", "Autumn", "--weeks", "2", "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert [(one["group"], one["state"], one["why"]) for one in told["learners"]] == [
            ("Autumn", "never signed in", ["never signed in"]),
        ]
        assert len(told["weeks"]) == 2
        assert main(["class"]) == 0
        words = capsys.readouterr().out
        assert "1  never signed in" in words
        assert words.startswith("1 learner; 0 questions in 8 weeks")
        for arguments, said in ((["--group", "Spring"], "There is no class “Spring”;"), (["--weeks", "0"], "1 to 53")):
            assert main(["class", *arguments]) == 2
            assert said in capsys.readouterr().err
