"""What a learner says of an answer, and does with their history, in a real browser."""

import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from axe_core_python.sync_playwright import Axe

from cpom_tutor.answers import Answer
from cpom_tutor.config import Settings
from cpom_tutor.records.store import open_records
from cpom_tutor.reviews import CanonicalAnswer, Complaint

pytestmark = pytest.mark.browser

SEEN = "An instructor will see this question, the answer, your earlier questions"
CSC, FEE = "What is a CSC?", "How much is the exam fee?"


def thumb_down(page: Any, place: str = "#live") -> None:
    page.locator(f"{place} .thumb.down").last.click()
    page.locator(f"{place} .seen").last.wait_for()


def the_feedback(home: Path, learner: str) -> dict[int, Any]:
    records = open_records(Settings(home))
    (conversation,) = records.conversations(learner)
    given = dict(records.feedback(learner, conversation.id))
    records.close()
    return given


def test_a_thumb_down_with_reasons_and_words_is_kept_and_comes_back(app: Any, visit: Callable[..., Any]) -> None:
    visitor = visit()
    page = visitor.page
    visitor.ask(CSC)
    assert not page.get_by_text(SEEN).is_visible()
    thumb_down(page)
    assert page.get_by_text(SEEN).is_visible()
    assert page.locator("#live .tick").count() == 5
    page.get_by_label("Incomplete").check()
    page.get_by_label("Hard to understand").check()
    page.locator("#live .words textarea").fill("Where is it?\nAnd <b>who</b> runs it?")
    page.get_by_role("button", name="Send").click()
    page.get_by_text("Thank you: noted as not helpful (incomplete, hard to understand).").wait_for()
    page.wait_for_function("document.activeElement.matches('.said')")
    (given,) = the_feedback(app.home, visitor.learner).values()
    assert (given.helpful, given.words) == (False, "Where is it?\nAnd <b>who</b> runs it?")
    assert given.complaints == (Complaint.INCOMPLETE, Complaint.HARD_TO_UNDERSTAND)
    visitor.open()
    assert page.locator("#log .said").inner_text().startswith("Thank you: noted as not helpful")
    assert "And <b>who</b> runs it?" in page.locator("#log .said").inner_text()


def test_a_word_can_be_changed_and_only_its_answer_changes(app: Any, visit: Callable[..., Any]) -> None:
    visitor = visit()
    page = visitor.page
    for question in (CSC, FEE, "What is servant leadership?"):
        visitor.ask(question)
    visitor.open()
    first = page.locator("#log .turn").first
    first.locator(".thumb.up").click()
    before = page.evaluate("window.scrollY")
    first.get_by_role("button", name="Send").click()
    first.get_by_text("noted as helpful").wait_for()
    page.wait_for_timeout(300)
    assert abs(page.evaluate("window.scrollY") - before) < 300, "the page stays at the answer that was judged"
    assert first.locator(".said").evaluate("(said) => said.getBoundingClientRect().top > 0")
    first.get_by_text("Change").click()
    first.locator(".thumb.down").click()
    first.get_by_label("Wrong evidence").check()
    first.get_by_role("button", name="Send").click()
    first.get_by_text("noted as not helpful (wrong evidence)").wait_for()
    assert not first.locator("form").is_visible()
    assert page.locator("#log .said").count() == 1
    given = the_feedback(app.home, visitor.learner)
    assert {place: one.complaints for place, one in given.items()} == {0: (Complaint.WRONG_EVIDENCE,)}


def test_what_was_ticked_for_one_answer_is_not_ticked_for_another(visit: Callable[..., Any]) -> None:
    visitor = visit()
    page = visitor.page
    visitor.ask(CSC)
    visitor.open()
    thumb_down(page, "#log")
    page.get_by_label("Incomplete").check()
    page.locator("#log textarea").fill("unsent")
    page.get_by_role("button", name="New conversation").click()
    page.wait_for_selector(".welcome")
    visitor.ask(FEE)
    page.locator("#history summary").click()
    page.locator("#history li button.line", has_text=CSC).click()
    page.wait_for_selector("#log .turn .thumbs")
    page.locator("#history summary").click()
    page.locator("#history li button.line", has_text=FEE).click()
    page.locator("#log .asked", has_text=FEE).wait_for()
    assert page.locator("#log :checked").count() == 0
    assert page.locator("#log textarea").input_value() == ""


def test_a_word_is_given_and_taken_back_by_keyboard(visit: Callable[..., Any]) -> None:
    visitor = visit()
    page = visitor.page
    visitor.ask(CSC)
    page.locator("#live .tools button").last.focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('.thumb.up input')")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")  # in a box: nothing is sent
    page.wait_for_timeout(400)
    assert page.locator("#live .said").count() == 0
    page.get_by_role("button", name="Cancel").focus()
    page.keyboard.press("Enter")
    assert page.locator("#live :checked").count() == 0
    assert not page.get_by_role("button", name="Send").is_visible()


def test_conversations_are_searched_renamed_and_deleted_one_by_one(visit: Callable[..., Any]) -> None:
    visitor = visit()
    page = visitor.page
    visitor.ask(CSC)
    page.get_by_role("button", name="New conversation").click()
    page.wait_for_selector(".welcome")
    visitor.ask(FEE)
    page.locator("#history summary").click()
    lines = page.locator("#history li")
    search = page.get_by_role("searchbox")
    search.fill("csc")
    search.press("Enter")
    page.wait_for_function("document.querySelectorAll('#history li').length === 1")
    lines.get_by_role("button", name="Rename").click()
    page.keyboard.type("Hubs <i>")
    page.keyboard.press("Enter")
    page.get_by_text("No conversation").or_(page.get_by_role("button", name="Hubs <i>", exact=True)).wait_for()
    page.locator("#history").get_by_role("button", name="Show all").click()
    page.wait_for_function("document.querySelectorAll('#history li').length === 2")
    assert page.locator("#history i").count() == 0
    lines.first.get_by_role("button", name="Rename").click()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.textContent") == "Rename"
    visitor.answers = [False, True]
    for left in (2, 1):
        lines.filter(has_text="Hubs").get_by_role("button", name="Delete").click()
        page.wait_for_function("(left) => document.querySelectorAll('#history li').length === left", arg=left)
    assert visitor.asked == ["Delete “Hubs <i>”?"] * 2
    visitor.open()
    assert page.locator("#log .asked").inner_text().endswith(FEE)


def test_everything_can_be_taken_away_and_then_deleted(app: Any, visit: Callable[..., Any]) -> None:
    visitor, other = visit(), visit()
    page = visitor.page
    visitor.ask(CSC)
    other.ask(FEE)
    page.locator("#history summary").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download my data").click()
    assert download.value.suggested_filename == "cpom-my-data.json"
    kept = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    assert [turn["question"] for one in kept["conversations"] for turn in one["turns"]] == [CSC]
    learner = visitor.learner
    visitor.answers = [False, True]
    everything = page.get_by_role("button", name="Delete everything of mine")
    everything.click()
    page.wait_for_timeout(300)
    assert page.locator("#live .turn").count() == 1
    everything.click()
    page.get_by_text("Everything of yours is deleted.").wait_for()
    page.wait_for_selector(".welcome")
    assert len(visitor.asked) == 2
    records = open_records(Settings(app.home))
    assert not records.has_learner(learner)
    assert len(records.conversations(other.learner)) == 1
    records.close()
    visitor.ask(CSC)
    visitor.open()
    assert page.locator("#log .turn").count() == 1
    assert page.get_by_text("Everything of yours is deleted.").count() == 0


def test_an_approved_answer_says_that_an_instructor_reviewed_it(
    served: Callable[..., Any], visit: Callable[..., Any]
) -> None:
    server = served()
    visitor = visit(server)
    visitor.ask(CSC)
    assert visitor.page.locator(".reviewed").count() == 0
    records = open_records(Settings(server.home))
    (line,) = records.inbox()
    reply = records.case(line.turn_id).turn.reply
    assert isinstance(reply, Answer)
    now = datetime.now(UTC)
    records.approve(CanonicalAnswer("a1", line.resolved_question, reply, "Instructor", now, line.turn_id))
    records.close()
    visitor.ask("what's a csc")
    assert visitor.page.locator("#live .reviewed").inner_text() == "Reviewed by an instructor"
    visitor.open()
    assert visitor.page.locator("#log .turn:last-child .reviewed").count() == 1
    visitor.page.locator("#log .turn:last-child .chip").first.click()
    visitor.page.wait_for_selector("#panel mark.target")


@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_a_citation_of_last_terms_words_is_marked_and_opens_them(
    app: Any, visit: Callable[..., Any], phone: bool
) -> None:
    visitor = visit(phone=phone)
    page = visitor.page
    visitor.ask(CSC)
    with sqlite3.connect(app.home / "records.sqlite") as records:  # as if the course had said it otherwise then
        changed = records.execute(
            "UPDATE turns SET record = replace(record, 'Centralized hubs', 'Hubs of last term') WHERE conversation_id"
            " IN (SELECT id FROM conversations WHERE learner_id = ?)",
            (visitor.learner,),
        )
        assert changed.rowcount == 1
    records.close()
    visitor.open()
    page.get_by_text("The course text has changed since this answer.").click()
    assert "then said: Hubs of last term" in page.locator("#log .changed li").inner_text()
    assert visitor.sideways() <= 0
    chip = page.locator("#log .chip.old")
    assert str(chip.get_attribute("aria-label")).endswith("; the course text has changed since")
    chip.click()
    page.locator("#panel .changed", has_text="Hubs of last term").wait_for()
    page.locator("#panel .changed button").click()
    page.wait_for_function("document.activeElement.matches('#panel li[data-pointed]')")
    assert not [one for one in Axe().run(page)["violations"] if one["impact"] in ("serious", "critical")]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_axe_finds_nothing_serious_and_nothing_scrolls_sideways(
    visit: Callable[..., Any], dark: bool, phone: bool
) -> None:
    visitor = visit(dark=dark, phone=phone)
    page = visitor.page

    def check(where: str) -> None:
        assert visitor.sideways() <= 0, where
        found = Axe().run(page)
        bad = [one for one in found["violations"] if one["impact"] in ("serious", "critical")]
        assert not bad, (where, [(one["id"], one["nodes"][0]["html"]) for one in bad])

    visitor.ask(CSC)
    thumb_down(page)
    check("the form")
    page.locator("#live .words textarea").fill("Where? " * 40)
    page.get_by_role("button", name="Send").click()
    page.wait_for_selector("#live .said")
    check("what was noted")
    page.locator("#history summary").click()
    check("the list")
    page.locator("#history").get_by_role("button", name="Rename").click()
    check("a new title")
    search = page.get_by_role("searchbox")
    search.fill("nothing of the kind")
    search.press("Enter")
    page.wait_for_selector("#history .none")
    check("nothing found")
