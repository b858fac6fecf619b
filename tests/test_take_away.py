"""The files that the Progress screen offers: for whom they are made, and what is in them."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from cpom_tutor.config import Settings
from cpom_tutor.errors import BadInput
from cpom_tutor.library import Library
from cpom_tutor.practice.practice import CoursePractice
from cpom_tutor.records.store import SqlRecords, open_records
from cpom_tutor.ui.take_away import add_downloads
from cpom_tutor.ui.visitors import COOKIE
from ingest.load import load_corpus


@pytest.fixture(scope="module")
def course(corpus: Path) -> Library:
    return load_corpus(corpus).library("f")


@pytest.fixture(scope="module")
def practice(course: Library) -> CoursePractice:
    return CoursePractice(lambda: course, cast("Any", None))


@pytest.fixture
def records(tmp_path: Path) -> Iterator[SqlRecords]:
    store = open_records(Settings(tmp_path))
    yield store
    store.close()


@pytest.fixture
def client(records: SqlRecords, practice: CoursePractice, course: Library) -> Iterator[TestClient]:
    app = FastAPI()
    add_downloads(app, records, practice, lambda: course)
    with TestClient(app, cookies={COOKIE: records.add_learner()}) as client:
        yield client


@pytest.mark.parametrize(
    ("form", "name", "start"),
    [
        ("anki", "cpom-practice.apkg", b"PK"),
        ("csv", "cpom-practice.csv", b"\xef\xbb\xbf"),
        ("sheet", "cpom-practice.html", b"<!"),
        ("key", "cpom-practice-key.html", b"<!"),
    ],
)
def test_each_file_is_sent_to_be_saved(client: TestClient, form: str, name: str, start: bytes) -> None:
    reply = client.get(f"/take-away/{form}")
    assert reply.status_code == 200
    assert reply.headers["content-disposition"] == f"attachment; filename*=UTF-8''{name}"
    assert reply.content.startswith(start)


def test_a_sheet_and_its_key_have_the_same_questions_and_another_number_others(client: TestClient) -> None:
    sheets = [client.get("/take-away/sheet", params={"sheet": number}).text for number in ("5", "5", "6")]
    assert sheets[0] == sheets[1] != sheets[2]
    assert client.get("/take-away/key", params={"sheet": "x"}).text == client.get("/take-away/key").text


def test_the_files_with_everything_ask_for_every_fact_once(client: TestClient, practice: CoursePractice) -> None:
    table = csv.DictReader(io.StringIO(client.get("/take-away/csv").content.decode("utf-8-sig"), newline=""))
    facts = sorted(practice.items[row["id"]].fact for row in table)
    assert facts == sorted({item.fact for item in practice.items.values()})


def test_a_browser_that_is_not_known_gets_no_file(client: TestClient) -> None:
    client.cookies.clear()
    for form in ("anki", "csv", "sheet", "key"):
        reply = client.get(f"/take-away/{form}")
        assert (reply.status_code, "reload the page" in reply.text) == (404, True)


def test_what_the_course_refuses_is_the_browsers_mistake(
    client: TestClient, practice: CoursePractice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> None:
        raise BadInput("That cannot be asked for; choose a file on the Progress screen.")

    monkeypatch.setattr(practice, "quiz", refuse)
    reply = client.get("/take-away/sheet")
    assert (reply.status_code, "choose a file" in reply.text) == (400, True)


def test_a_file_that_does_not_exist_is_refused_in_a_sentence(client: TestClient) -> None:
    reply = client.get("/take-away/passwords")
    assert (reply.status_code, reply.text) == (404, "There is no such file; choose one on the Progress screen.")
