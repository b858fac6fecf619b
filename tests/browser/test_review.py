"""The Review tab in a real browser, with the real tutor: the whole way from a doubt to an approved answer."""

import json
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from axe_core_python.sync_playwright import Axe

from cpom_tutor.config import Settings
from cpom_tutor.records.store import open_records

pytestmark = pytest.mark.browser

QUESTION = "What are the five operational domains?"
PARTS = {"bench", "evidence", "draft", "review-notice"}


@pytest.fixture
def school(served: Callable[..., Any], tmp_path: Path, index_home: Path) -> Any:
    """A server of its own, with nothing in its inbox yet."""
    home = tmp_path / "home"
    shutil.copytree(index_home, home)
    return served(home)


def dislike(page: Any) -> None:
    """The learner's thumb down on the latest turn."""
    thumbs = page.locator("#live .thumbs")
    thumbs.get_by_role("radio", name="No").check()
    thumbs.get_by_role("checkbox", name="Incomplete").check()
    thumbs.get_by_label("In your own words, if you like").fill("Which one is <b>mine</b>?")
    thumbs.get_by_role("button", name="Send").click()
    page.locator("#live .thumbs.given").wait_for()


def open_review(visitor: Any) -> Any:
    page = visitor.page
    page.get_by_role("tab", name="Review").click()
    page.wait_for_selector(".inbox .lines, .inbox .none")
    return page


def open_line(page: Any, place: int = 0) -> None:
    page.locator(".lines .entry").nth(place).click()
    page.wait_for_selector(".case-open .as-seen")


def test_one_line_is_reviewed_in_two_clicks_and_the_next_opens_by_itself(
    school: Any, visit: Callable[..., Any]
) -> None:
    visitor = visit(school)
    visitor.ask(QUESTION)
    dislike(visitor.page)
    visitor.ask("What is a CSC?")
    page = open_review(visitor)
    assert QUESTION in page.locator(".lines .entry").first.inner_text()
    assert "thumbs down: incomplete" in page.locator(".lines > li").first.inner_text()
    open_line(page)
    assert page.locator(".as-seen .asked").inner_text().endswith(QUESTION)
    assert "Which one is <b>mine</b>?" in page.locator(".feedback").inner_text()
    page.get_by_role("button", name="Wrong answer").click()
    page.wait_for_selector(".done >> text=Kept: wrong answer.")
    assert "What is a CSC?" in page.locator(".as-seen .asked").inner_text()
    page.wait_for_function("document.activeElement.id === 'case-title'")
    assert page.locator(".before .turn").count() == 1
    page.get_by_role("button", name="Correct", exact=True).click()
    page.wait_for_selector(".inbox .none")
    page.get_by_role("button", name="Reviewed", exact=True).click()
    page.wait_for_selector(".lines .found")
    assert page.locator(".lines > li").count() == 2


def test_a_citation_of_the_turn_leads_to_its_passage_with_the_quote_marked(
    visit: Callable[..., Any],
) -> None:
    visitor = visit(phone=True)
    visitor.ask(QUESTION)
    page = open_review(visitor)
    page.locator(".lines .entry", has_text=QUESTION).first.click()
    page.wait_for_selector(".case-open .as-seen")
    chip = page.locator(".as-seen button.chip").last
    chip.click()
    page.wait_for_function(
        "(address) => document.activeElement.dataset.address === address", arg=chip.get_attribute("title")
    )
    assert page.locator("#evidence .passage:focus mark.cited").count() > 0
    assert page.evaluate("document.body.classList.contains('sheet-open')") is False
    assert visitor.sideways() <= 0


def test_a_correction_is_picked_refused_mended_and_approved(school: Any, visit: Callable[..., Any]) -> None:
    visitor = visit(school)
    visitor.ask(QUESTION)
    page = open_review(visitor)
    open_line(page)
    author = page.get_by_label("Your name, kept with it")
    assert author.input_value() == "Instructor"
    author.fill("Dr Grey")
    page.get_by_role("button", name="Write a correction").click()
    page.wait_for_selector(".correction")
    assert page.get_by_label("The question that it answers").input_value() == QUESTION
    search = page.get_by_label("Find passages for a correction")
    search.fill("1.1.2 ¶12")
    search.press("Enter")
    page.wait_for_selector(".finds .sentence")
    sentences = page.locator(".finds .sentence")
    assert sentences.count() == 5
    for place in (1, 0):
        sentences.nth(place).click()
        page.wait_for_selector(f".finds .sentence[data-place='{2 - place}']")
    first = page.locator(".chosen > li").first
    assert first.inner_text().lstrip("1\n ").startswith("Financial Management")
    first.get_by_role("button", name="Later").click()
    page.wait_for_function("document.querySelector('.chosen > li').innerText.includes('The Medication-Use Process')")
    page.get_by_label("A sentence of your own; tick the passages that say it").fill("There are nine domains.")
    page.get_by_role("button", name="Add my sentence").click()
    page.wait_for_selector(".correction .alert >> text=leans on no passage")
    page.locator("#evidence .passage", has_text="core domains").get_by_role("checkbox").check()
    page.get_by_role("button", name="Add my sentence").click()
    page.wait_for_selector(".correction .alert >> text=does not pass")
    assert page.get_by_role("button", name="Approve this answer").count() == 0
    page.locator(".chosen > li").last.get_by_role("button", name="Take out").click()
    page.get_by_role("button", name="Approve this answer").click()
    page.wait_for_selector(".approved details")
    assert "Dr Grey" in page.locator(".approved").inner_text()
    assert page.locator(".correction").count() == 0
    records = open_records(Settings(school.home))
    (kept,) = records.canonical_answers()
    records.close()
    assert [claim.text.split("*")[2] for claim in kept.reply.claims] == [
        "The Medication-Use Process",
        "Financial Management",
    ]
    learner = visit(school)
    learner.ask("which five operational domains are there?")
    told = learner.page.locator("#live .reply").inner_text()
    assert "Reviewed by an instructor" in told
    assert "Financial Management" in told
    assert "Human Capital Management" not in told
    visitor.open()
    open_review(visitor)
    page.locator(".lines .entry", has_text=QUESTION).first.click()
    page.wait_for_selector(".case-open .approved")
    page.wait_for_function("document.querySelector('#review [name=author]').value === 'Dr Grey'")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_axe_finds_nothing_serious_on_the_review_tab(
    app: Any, visit: Callable[..., Any], dark: bool, phone: bool
) -> None:
    visitor = visit(app, dark=dark, phone=phone)
    nasty = "<script>alert(1)</script> <img src=x onerror=alert(2)> ${alert(3)} {{value}} domains?"
    visitor.ask(QUESTION)
    visitor.ask(nasty)
    page = open_review(visitor)

    def check(where: str) -> None:
        found = Axe().run(page)
        assert len(found["passes"]) > 10
        bad = [one for one in found["violations"] if one["impact"] in ("serious", "critical")]
        assert not bad, (where, [(one["id"], one["nodes"][0]["html"]) for one in bad])
        assert visitor.sideways() <= 0, where

    check("inbox")
    page.locator(".lines .entry", has_text="<script>").first.click()
    page.wait_for_selector(".case-open .as-seen")
    page.get_by_label("Comment (optional)").fill(nasty)
    # What is folded is measured too, and lies where the reader sees it once it is open.
    page.locator("#bench details").evaluate_all("(all) => all.forEach((one) => { one.open = true; })")
    check("turn")
    page.get_by_role("button", name="Write a correction").click()
    page.wait_for_selector(".correction")
    search = page.get_by_label("Find passages for a correction")
    search.fill("pharmacy leader")
    search.press("Enter")
    page.wait_for_selector(".finds .sentence")
    page.locator(".finds .sentence").first.click()
    page.wait_for_selector(".preview")
    check("correction")
    page.get_by_role("button", name="Course gap").click()
    page.wait_for_selector(".done")
    check("next")
    assert page.locator("#review img, #review script").count() == 0


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_whoever_comes_through_a_proxy_sees_no_such_tab(visit: Callable[..., Any], header: str) -> None:
    visitor = visit()
    page = visitor.page
    page.get_by_role("tab", name="Review").wait_for()
    visitor.context.set_extra_http_headers({header: "127.0.0.1"})
    visitor.open()
    page.wait_for_timeout(1000)
    assert page.get_by_role("tab", name="Study").is_visible()
    assert page.get_by_role("tab", name="Review").count() == 0


def test_no_endpoint_of_the_server_answers_a_proxy(app: Any, visit: Callable[..., Any]) -> None:
    visitor = visit()
    visitor.ask("My question about Timbuktu")
    records = open_records(Settings(app.home))
    (line,) = records.inbox(search="timbuktu")
    records.close()
    sent = {"turn": line.turn_id, "judgement": "correct", "show": "open", "query": "pharmacy"}
    told = answers(app.address, sent, {"X-Forwarded-For": "127.0.0.1"})
    assert len(told) >= 14
    assert all("Reviewing is for the person at the machine" in one and "Timbuktu" not in one for one in told)
    records = open_records(Settings(app.home))
    assert not records.case(line.turn_id).reviews
    told = answers(app.address, sent, {})
    assert any("Timbuktu" in one for one in told)
    assert len(records.case(line.turn_id).reviews) == 1
    records.close()


def answers(address: str, sent: dict[str, str], headers: dict[str, str]) -> list[str]:
    """What each endpoint that fills the Review tab says to a client without a browser."""
    with httpx.Client(base_url=address, headers={**headers, "Origin": address}, timeout=30) as client:
        page = client.get("/").text
        config = json.JSONDecoder().raw_decode(page, page.index("{", page.index("window.gradio_config")))[0]
        names = {one["id"]: one["props"].get("elem_id") for one in config["components"]}
        return [
            _answer(client, one, sent)
            for one in config["dependencies"]
            if one["backend_fn"] and PARTS & {names.get(place) for place in one["outputs"]}
        ]


def _answer(client: httpx.Client, endpoint: dict[str, Any], sent: dict[str, str]) -> str:
    session = secrets.token_hex(6)
    body = {
        "data": ["" for _ in endpoint["inputs"]], "event_data": sent, "fn_index": endpoint["id"],
        "session_hash": session, "trigger_id": endpoint["targets"][0][0],
    }  # fmt: skip
    client.post("/gradio_api/queue/join", json=body).raise_for_status()
    with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as stream:
        for line in stream.iter_lines():
            if '"process_completed"' in line:
                return json.dumps(json.loads(line.removeprefix("data:")), ensure_ascii=False)
    raise AssertionError("The endpoint did not answer")
