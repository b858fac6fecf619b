"""All that is kept of a learner as a file: whose it is, and what is said when it cannot be had."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from cpom_tutor.accounts import Role
from cpom_tutor.answers import Abstention, Intent, Reason, Turn
from cpom_tutor.config import Settings
from cpom_tutor.errors import RecordsUnavailable
from cpom_tutor.records.store import SqlRecords, open_records
from cpom_tutor.reviews import Feedback
from cpom_tutor.ui.own_data import PATH, add_own_data
from cpom_tutor.ui.spoken import UNEXPECTED
from cpom_tutor.ui.visitors import COOKIE, SIGN_IN_COOKIE

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture
def records(tmp_path: Path) -> Iterator[SqlRecords]:
    store = open_records(Settings(tmp_path))
    yield store
    store.close()


@pytest.fixture
def client(records: SqlRecords) -> Iterator[TestClient]:
    app = FastAPI()
    add_own_data(app, records)
    with TestClient(app) as client:
        yield client


def somebody(records: SqlRecords, question: str) -> str:
    learner = records.add_learner()
    conversation = records.start_conversation(learner)
    reply = Abstention(Reason.NOT_IN_COURSE, "No.")
    records.add_turn(learner, conversation, Turn(question, question, Intent.ASK, reply, (), "g", "f", NOW, 1.0))
    records.give_feedback(learner, conversation, 0, Feedback(False, (), f"words on {question}", NOW))
    return learner


def test_a_learner_gets_their_own_and_nobody_elses(client: TestClient, records: SqlRecords) -> None:
    one, other = somebody(records, "mine é \ud800?"), somebody(records, "theirs?")
    client.cookies.set(COOKIE, one)
    reply = client.get(PATH)
    assert reply.status_code == 200
    assert reply.headers["content-disposition"] == 'attachment; filename="cpom-my-data.json"'
    assert reply.headers["cache-control"] == "no-store"
    kept = json.loads(reply.content)
    assert [turn["question"][:6] for one in kept["conversations"] for turn in one["turns"]] == ["mine é"]
    assert "words on mine" in reply.text
    assert "theirs" not in reply.text
    assert other not in reply.text


def test_somebody_signed_in_gets_their_account_too_and_nothing_of_the_password(
    client: TestClient, records: SqlRecords
) -> None:
    account = records.add_account("ada", "correct horse", role=Role.LEARNER, shown_as="Ada L.", group="Autumn")
    token = records.sign_in("ada", "correct horse", datetime.now(UTC))
    client.cookies.set(SIGN_IN_COOKIE, token)
    reply = client.get(PATH)
    kept = json.loads(reply.content)
    assert kept["account"] == {
        "name": "ada", "shown_as": "Ada L.", "role": "learner", "group": "Autumn", "shares_name": False,
        "created_at": account.created_at.isoformat(),
    }  # fmt: skip
    assert kept["read_by_instructors_as"] == records.byline(account.learner).name
    for secret in (token, account.learner, "argon2", "correct horse"):
        assert secret not in reply.text


def test_an_anonymous_learner_has_no_account_to_take_away(client: TestClient, records: SqlRecords) -> None:
    client.cookies.set(COOKIE, records.add_learner())
    assert json.loads(client.get(PATH).content)["account"] is None


def test_whoever_is_not_signed_in_is_told_to(client: TestClient, records: SqlRecords) -> None:
    records.add_account("ada", "correct horse", role=Role.LEARNER)
    reply = client.get(PATH)
    assert (reply.status_code, "reload the page to sign in" in reply.text) == (401, True)


@pytest.mark.parametrize("cookie", ["", "made-up"])
def test_a_browser_that_is_not_known_gets_nothing(client: TestClient, records: SqlRecords, cookie: str) -> None:
    somebody(records, "mine?")
    client.cookies.set(COOKIE, cookie)
    reply = client.get(PATH)
    assert (reply.status_code, "reload the page" in reply.text) == (404, True)
    assert "mine" not in reply.text


@pytest.mark.parametrize(
    ("fault", "status", "sentence"),
    [
        (RecordsUnavailable("The database is locked; try again."), 503, "The database is locked; try again."),
        (ZeroDivisionError("a secret of the machine"), 500, UNEXPECTED),
    ],
)
def test_a_fault_is_one_sentence(
    client: TestClient,
    records: SqlRecords,
    monkeypatch: pytest.MonkeyPatch,
    fault: Exception,
    status: int,
    sentence: str,
) -> None:
    def broken(_: str) -> None:
        raise fault

    client.cookies.set(COOKIE, records.add_learner())
    monkeypatch.setattr(records, "own_data", broken)
    reply = client.get(PATH)
    assert (reply.status_code, reply.text) == (status, sentence)
