"""The Class tab in a real browser: an instructor and a learner of an imported class, both signed in."""

import csv
import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from cpom_tutor.answers import Abstention, Intent, Reason, Turn
from cpom_tutor.attempts import Attempt, Session, SessionKind
from cpom_tutor.config import Settings
from cpom_tutor.items import ItemKind, Level
from cpom_tutor.records.store import open_records
from cpom_tutor.testing import make_item

pytestmark = pytest.mark.browser

PASSWORD = "correct horse battery"
QUESTION = "What are the five operational domains?"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, index_home: Path) -> Path:
    folder = tmp_path_factory.mktemp("class") / "home"
    shutil.copytree(index_home, folder)
    return folder


def typed(home: Path, *arguments: str, given: str = "") -> str:
    """A command as the maintainer types it."""
    environment = {**os.environ, "CPOM_TUTOR_HOME": str(home)}
    command = [sys.executable, "-m", "cpom_tutor", *arguments]
    return subprocess.run(command, input=given, env=environment, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def passwords(home: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """First passwords, by name, of an imported class; and of its instructor."""
    typed(home, "users", "add", "grey", "--role", "instructor", "--shown-as", "Dr Grey", given=f"{PASSWORD}\n")
    roster = tmp_path_factory.mktemp("roster") / "class.csv"
    people = [f"learner{number},Learner Number {number},{'Autumn' if number else 'Spring'}" for number in range(40)]
    roster.write_text("\n".join(["username,full name,group", *people]), encoding="utf-8")
    rows = list(csv.reader(io.StringIO(typed(home, "users", "import", str(roster)))))
    return {row[0]: row[1] for row in rows[1:]} | {"grey": PASSWORD}


@pytest.fixture(scope="module")
def school(served: Callable[..., Any], home: Path, passwords: dict[str, str]) -> Any:
    """The class's server; one of its learners has asked and practised before."""
    assert len(passwords) == 41
    now = datetime.now(UTC)
    declined = Abstention(Reason.OFF_TOPIC, "That is outside the course.")
    turn = Turn("What is for lunch?", "What is for lunch?", Intent.ASK, declined, (), "extractive", "f", now, 1.0)
    tries = [
        Attempt(f"i{fact}", f"f{fact}", ItemKind.MCQ, Level.RECALL, "CPOM §1.1.1", 1.0, True, now) for fact in range(8)
    ]
    records = open_records(Settings(home))
    learner = records.account("learner0").learner
    records.add_turn(learner, records.start_conversation(learner), turn)
    records.save_session(learner, Session("s", SessionKind.QUESTIONS, 7, now, (make_item(0),), asked=1), tries)
    records.close()
    return served(home)


@pytest.fixture
def enter(school: Any, chromium: Browser, passwords: dict[str, str]) -> Iterator[Callable[..., Page]]:
    """Signs somebody in, in a browser of their own: `enter(name, phone=False, dark=False)`."""
    contexts = []

    def sign_in(name: str, *, phone: bool = False, dark: bool = False) -> Page:
        context = chromium.new_context(
            viewport={"width": 380, "height": 800} if phone else {"width": 1440, "height": 900},
            color_scheme="dark" if dark else "light",
        )
        contexts.append(context)
        context.set_default_timeout(30_000)
        page = context.new_page()
        page.goto(school.address)
        page.locator("[name=name]").fill(name)
        page.locator("[name=password]").fill(passwords[name])
        page.locator("form button.solid").first.click()
        page.wait_for_selector(".welcome, #log .turn, [name=again]", state="attached")
        if page.locator("[name=again]").count():
            for field, typed_in in (("old", passwords[name]), ("new", PASSWORD), ("again", PASSWORD)):
                page.locator(f"[name={field}]").fill(typed_in)
            page.locator("form:has([name=again]) button.solid").click()
            page.wait_for_selector(".status")
            passwords[name] = PASSWORD
            page.goto(school.address)
        page.wait_for_selector(".welcome, #log .turn", state="attached")
        return page

    yield sign_in
    for context in contexts:
        context.close()


def ask(page: Page, question: str) -> None:
    box = page.locator("#question textarea")
    box.fill(question)
    box.press("Enter")
    page.wait_for_function(
        "(asked) => document.querySelector('#live .turn:not(.pending) .asked')?.textContent.includes(asked)",
        arg=question,
    )


def open_class(page: Page) -> None:
    page.get_by_role("tab", name="Class").click()
    page.wait_for_selector(".class-view")


def test_a_learners_question_reaches_the_instructors_overview_and_opens_in_review(enter: Callable[..., Page]) -> None:
    learner = enter("learner1")
    ask(learner, QUESTION)
    ask(learner, "What will the weather be tomorrow?")
    assert learner.get_by_role("tab", name="Study").is_visible()
    assert learner.get_by_role("tab", name="Class").count() == 0
    grey = enter("grey")
    ask(grey, "What is a CSC?")  # an instructor's trial is not the class's question
    open_class(grey)
    assert "40 learners" in grey.locator(".class-view > .gist").inner_text()
    assert grey.locator(".weeks-plot figcaption p").inner_text().startswith("3 questions, 2 of them declined")
    assert "38 never signed in" in grey.locator(".presence").inner_text()
    assert "Learner Number" not in grey.locator("#class-board").inner_text()
    grey.locator(".asked-about button").first.click()
    grey.wait_for_selector(".examples")
    grey.wait_for_function("document.activeElement.id === 'examples-title'")
    grey.locator(".examples .entry", has_text=QUESTION).click()
    grey.wait_for_selector(".case-open .as-seen")
    assert QUESTION in grey.locator(".as-seen .asked").inner_text()


def test_the_class_is_filtered_and_taken_away_as_a_table(enter: Callable[..., Page]) -> None:
    page = enter("grey")
    open_class(page)
    page.locator(".class-form [name=group]").select_option("=Spring")
    page.locator(".class-form [name=weeks]").select_option("2")
    page.get_by_role("button", name="Show").press("Enter")
    page.wait_for_selector(".class-view > .gist >> text=1 learner,")
    assert page.locator(".class-form [name=group]").input_value() == "=Spring"
    assert page.locator(".learners tbody tr").count() == 1
    with page.expect_download() as download:
        page.get_by_role("link", name="Learners (CSV)").click()
    rows = list(csv.reader(io.StringIO(Path(download.value.path()).read_text("utf-8-sig"))))
    assert len(rows) == 2
    assert rows[1][1] == "Spring"


def test_a_learner_gets_nothing_of_it_from_the_server(enter: Callable[..., Page]) -> None:
    page = enter("learner2")
    told = page.evaluate("fetch('/class.csv').then(async (told) => [told.status, await told.text()])")
    assert told[0] == 403
    assert "for instructors" in told[1]
    assert page.evaluate("fetch('/class.csv', {credentials: 'omit'}).then((told) => told.status)") == 401


@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_everybody_can_read_it(enter: Callable[..., Page], phone: bool, dark: bool) -> None:
    page = enter("grey", phone=phone, dark=dark)
    open_class(page)
    page.locator(".learners summary").click()
    assert page.locator(".learners tbody tr:visible").count() == 40
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    found = Axe().run(page)["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("serious", "critical")] == []
    plots = page.locator("#class-board svg")
    assert plots.count() >= 3
    assert plots.evaluate_all("all => all.every((one) => one.querySelector('title').textContent.trim())")
