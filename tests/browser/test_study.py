"""The Study and Course tabs in a real browser, with the real tutor."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_core_python.sync_playwright import Axe

from cpom_tutor.answers import Answer
from cpom_tutor.config import Settings
from cpom_tutor.records.store import open_records
from cpom_tutor.ui.render import FIRST_QUESTIONS

pytestmark = pytest.mark.browser

WHY = FIRST_QUESTIONS[0]


def in_view(page: Any, selector: str) -> bool:
    return bool(
        page.locator(selector).first.evaluate(
            """(element) => {
              const frame = element.closest('.panel-body') || document.documentElement;
              const box = element.getBoundingClientRect(), edge = frame.getBoundingClientRect();
              const top = frame === document.documentElement ? 0 : edge.top;
              const bottom = frame === document.documentElement ? window.innerHeight : edge.bottom;
              return box.top >= top - 1 && box.top < Math.min(bottom, window.innerHeight);
            }"""
        )
    )


@pytest.mark.parametrize("question", FIRST_QUESTIONS)
def test_every_citation_of_a_first_question_opens_the_very_words_it_quotes(
    app: Any, visit: Callable[..., Any], question: str
) -> None:
    visitor = visit()
    page = visitor.page
    page.get_by_role("button", name=question).click()
    visitor.wait_for_reply(question)
    records = open_records(Settings(app.home))
    (conversation,) = records.conversations(visitor.learner)
    (turn,) = records.turns(visitor.learner, conversation.id)
    records.close()
    assert isinstance(turn.reply, Answer), "a question on the first screen must be answered"
    chips = page.locator("#live button.chip")
    assert chips.count() > 0
    for place in range(chips.count()):
        chip = chips.nth(place)
        cited = turn.reply.claims[int(chip.get_attribute("data-claim") or -1)].citations
        quotes = [one.quote for one in cited if one.address == chip.get_attribute("title")]
        chip.click()
        page.wait_for_function(
            """(quote) => quote ===
              [...document.querySelectorAll('#panel mark.target')].map((mark) => mark.textContent).join('')""",
            arg=quotes[0],
        )
    page.wait_for_timeout(200)
    assert in_view(page, "#panel mark.target")


def test_the_course_opens_as_a_sheet_on_a_phone_with_a_way_back(visit: Callable[..., Any]) -> None:
    visitor = visit(phone=True)
    page = visitor.page
    assert visitor.sideways() <= 0
    assert not page.locator("#panel .panel").is_visible()
    for question in FIRST_QUESTIONS[:4]:
        visitor.ask(question)
        assert visitor.sideways() <= 0
    chip = page.locator("#live button.chip").first
    chip.click()
    page.wait_for_selector("#panel mark.target", state="visible")
    back = page.get_by_role("button", name="Back to the answer")
    page.wait_for_function("document.activeElement && document.activeElement.dataset.close === 'sheet'")
    assert in_view(page, "#panel mark.target")
    assert visitor.sideways() <= 0
    back.click()
    page.wait_for_selector("#panel .panel", state="hidden")
    assert chip.evaluate("(element) => element === document.activeElement")
    chip.click()
    page.wait_for_selector("#panel .panel", state="visible")
    page.keyboard.press("Escape")
    page.wait_for_selector("#panel .panel", state="hidden")
    page.get_by_role("tab", name="Course").click()
    page.wait_for_selector("#text .section")
    assert visitor.sideways() <= 0


def test_the_theme_follows_the_system_and_a_choice_outlives_a_refresh(visit: Callable[..., Any]) -> None:
    def is_dark(page: Any) -> bool:
        colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
        return sum(map(int, re.findall(r"\d+", colour)[:3])) < 200

    light, dark = visit(), visit(dark=True)
    assert not is_dark(light.page)
    assert is_dark(dark.page)
    assert light.page.get_by_role("button", name="Dark theme").is_visible()
    dark.page.get_by_role("button", name="Light theme").click()
    assert not is_dark(dark.page)
    dark.open()
    assert not is_dark(dark.page)
    assert dark.page.get_by_role("button", name="Dark theme").is_visible()


def test_injected_markup_is_shown_as_text_and_nothing_runs(visit: Callable[..., Any]) -> None:
    visitor = visit()
    nasty = "<script>alert(1)</script> <img src=x onerror=alert(2)> ![x](http://evil.test/x.png) ${alert(3)} {{value}}"
    visitor.ask(nasty)
    page = visitor.page
    assert page.locator("#live .asked").inner_text().endswith(nasty)
    assert page.locator("#live img, #live script, #history img, #log img").count() == 0
    visitor.open()
    assert page.locator("#log .asked").inner_text().endswith(nasty)
    page.locator("#history summary").click()
    assert "<script>alert(1)</script>" in page.locator("#history li").first.inner_text()
    page.get_by_role("tab", name="Course").click()
    search = page.locator("#query").locator("input, textarea")
    search.fill("<img src=x onerror=alert(4)>")
    search.press("Enter")
    page.wait_for_selector("#found .results, #found .alert")
    assert page.locator("#found img").count() == 0
    assert visitor.outside() == set()


def test_no_request_leaves_the_machine(visit: Callable[..., Any]) -> None:
    visitor = visit()
    visitor.ask(WHY)
    visitor.page.locator("#live button.chip").first.click()
    visitor.page.wait_for_selector("#panel mark.target")
    visitor.page.get_by_role("tab", name="Course").click()
    visitor.page.wait_for_timeout(500)
    assert len(visitor.requests) > 10
    assert visitor.outside() == set()


def test_a_refresh_brings_the_conversation_back_with_its_citations(visit: Callable[..., Any]) -> None:
    visitor = visit()
    visitor.ask(WHY)
    visitor.ask("What is a CSC?")
    visitor.open()
    page = visitor.page
    assert page.locator("#log .turn").count() == 2
    page.locator("#log .turn").first.locator("button.chip").first.click()
    page.wait_for_selector("#panel mark.target")
    page.get_by_role("button", name="New conversation").click()
    page.wait_for_selector(".welcome")
    visitor.open()
    assert page.locator(".welcome").count() == 1
    page.locator("#history summary").click()
    page.locator("#history li button", has_text="Why was the CPOM").click()
    page.wait_for_selector("#log .turn")
    assert page.locator("#log .turn").count() == 2


def test_a_restart_of_the_server_loses_nothing(
    served: Callable[..., Any], visit: Callable[..., Any], tmp_path: Path, index_home: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(index_home, home)
    first = served(home)
    visitor = visit(first)
    visitor.ask(WHY)
    assert first.stop().strip() == "Stopped."
    assert first.process.returncode == 0
    port = int(first.address.rsplit(":", 1)[1])
    served(home, port)
    visitor.ask("What is a CSC?")  # the page was never reloaded
    visitor.open()
    assert visitor.page.locator("#log .turn").count() == 2
    visitor.page.locator("#log button.chip").first.click()
    visitor.page.wait_for_selector("#panel mark.target")


def test_two_browsers_do_not_see_each_others_conversations(visit: Callable[..., Any]) -> None:
    one, other = visit(), visit()
    assert one.learner != other.learner
    one.ask("My question about Zanzibar")
    conversation = one.page.evaluate("sessionStorage.getItem('cpom-conversation')")
    assert len(conversation) > 10
    other.page.evaluate("(id) => sessionStorage.setItem('cpom-conversation', id)", conversation)
    other.open()
    assert "Zanzibar" not in other.page.content()
    other.ask(WHY)
    assert "Zanzibar" not in other.page.content()
    one.open()
    assert one.page.locator("#log .turn").count() == 1


def test_the_cookie_cannot_be_read_by_a_script_and_is_not_sent_across_sites(visit: Callable[..., Any]) -> None:
    visitor = visit()
    (cookie,) = visitor.context.cookies()
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax")
    assert visitor.page.evaluate("document.cookie") == ""


def test_a_learner_can_do_everything_by_keyboard(visit: Callable[..., Any]) -> None:
    visitor = visit()
    page = visitor.page

    def tab_to(selector: str, key: str = "Tab") -> None:
        for _ in range(80):
            page.keyboard.press(key)
            if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
                return
        raise AssertionError(f"{selector} cannot be reached by keyboard")

    tab_to("#question textarea")
    page.keyboard.type("What are the five")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("operational domains?")
    assert page.locator("#question textarea").input_value() == "What are the five\noperational domains?"
    page.keyboard.press("Enter")
    visitor.wait_for_reply("operational domains?")
    assert page.locator("#question textarea").input_value() == ""
    tab_to("button.chip", "Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement && document.activeElement.closest('#panel')")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.matches('button.chip')")
    outline = page.locator(":focus-visible").evaluate("(element) => getComputedStyle(element).outlineStyle")
    assert outline != "none"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_axe_finds_nothing_serious(visit: Callable[..., Any], dark: bool, phone: bool) -> None:
    visitor = visit(dark=dark, phone=phone)
    page = visitor.page

    def check(where: str) -> None:
        found = Axe().run(page)
        assert len(found["passes"]) > 10
        bad = [one for one in found["violations"] if one["impact"] in ("serious", "critical")]
        assert not bad, (where, [(one["id"], one["nodes"][0]["html"]) for one in bad])

    check("first screen")
    visitor.ask("CPOM vs BCPS: what is the difference?")
    page.locator("#live details.how summary").click()
    check("answer")
    page.locator("#live button.chip").first.click()
    page.wait_for_selector("#panel mark.target")
    page.wait_for_timeout(1600)  # until the mark has faded to its colour
    check("citation")
    page.keyboard.press("Escape")
    visitor.ask("How much is the exam fee?")
    check("abstention")
    visitor.send("y" * 2100)
    page.wait_for_selector("#live .alert")
    check("error")
    page.get_by_role("tab", name="Course").click()
    search = page.locator("#query").locator("input, textarea")
    search.fill("340B")
    search.press("Enter")
    page.wait_for_selector("#found .results")
    check("course")


def test_the_page_works_while_the_embedder_is_still_loading(
    served: Callable[..., Any], visit: Callable[..., Any], tmp_path: Path
) -> None:
    gate = tmp_path / "go"
    visitor = visit(served(hold=gate))
    page = visitor.page
    page.get_by_role("tab", name="Course").click()
    page.get_by_role("button", name="1.1.3 The CPOM Value Proposition").click()
    page.wait_for_selector("#text [data-pointed]")
    page.get_by_role("tab", name="Study").click()
    visitor.send(WHY)
    page.get_by_text("The search is still starting").wait_for()
    gate.touch()
    visitor.wait_for_reply(WHY)
    assert page.locator("#live .turn.answer").count() == 1


def test_stop_ends_an_answer_and_the_next_question_works(served: Callable[..., Any], visit: Callable[..., Any]) -> None:
    visitor = visit(served(pause=0.7))
    page = visitor.page
    visitor.send(WHY)
    page.get_by_text("Looking in the course").wait_for()
    page.get_by_role("button", name="Stop").click()
    page.wait_for_selector("#live .turn.stopped")
    assert not page.get_by_role("button", name="Stop").is_visible()
    visitor.ask("thanks!")
    visitor.open()
    assert page.locator("#log .turn").count() == 1


def test_sentences_appear_one_after_another_and_several_people_are_answered_at_once(
    served: Callable[..., Any], visit: Callable[..., Any]
) -> None:
    server = served(pause=0.4)
    one, other = visit(server), visit(server)
    one.send("What are the five operational domains?")
    other.send(WHY)
    for visitor in (one, other):
        visitor.page.wait_for_selector("#live .turn.pending .reply .chip.waiting")
        assert visitor.page.get_by_role("button", name="Stop").is_visible()
    assert one.page.locator("#live .pending").count() == 1
    one.wait_for_reply("five operational domains")
    other.wait_for_reply(WHY)


def test_the_course_tab_searches_jumps_to_an_address_and_asks_about_a_block(visit: Callable[..., Any]) -> None:
    visitor = visit()
    page = visitor.page
    page.get_by_role("tab", name="Course").click()
    search = page.locator("#query").locator("input, textarea")
    search.fill("340B program")
    search.press("Enter")
    page.wait_for_selector("#found .results")
    page.locator("#found button", has_text="CPOM §").first.click()
    page.wait_for_selector("#text [data-pointed]")
    search.fill("1.1.2 ¶12.r4")
    search.press("Enter")
    page.wait_for_selector("#text tr[data-pointed]")
    page.wait_for_timeout(300)
    assert in_view(page, "#text tr[data-pointed]")
    block = page.locator("#text .block", has_text="The final word, “Manager,”")
    block.hover()
    block.get_by_role("button", name="Ask about this").click()
    page.wait_for_selector("#question textarea:focus")
    question = page.locator("#question textarea").input_value()
    assert question.startswith("Explain: The final word,")
    assert question.endswith("(CPOM §1.1.2 ¶13)")


def test_copy_puts_the_answer_with_its_quotes_on_the_clipboard(visit: Callable[..., Any]) -> None:
    visitor = visit()
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visitor.ask(WHY)
    visitor.page.locator("#live").get_by_role("button", name="Copy").click()
    visitor.page.get_by_text("Copied.").wait_for(state="attached")
    copied = visitor.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(WHY)
    assert re.search(r"\[1\] CPOM §1\.1\.\d ¶[\d.r]+: “", copied)


def test_a_quiz_in_the_conversation_is_answered_by_clicking_an_option(visit: Callable[..., Any]) -> None:
    visitor = visit(phone=True)
    page = visitor.page
    visitor.ask("what is a CSC")
    visitor.ask("quiz me on that")
    options = page.locator("#live .choices button")
    assert options.count() >= 3
    assert visitor.sideways() <= 0
    assert not Axe().run(page)["violations"]
    options.nth(1).click()
    page.wait_for_selector("#live .turn.answer button.chip")
    assert re.match(r"(Right, it is|Not) B", page.locator("#live .reply").inner_text())
    page.locator("#live button.chip").first.click()
    page.wait_for_selector("#panel mark.target", state="visible")
    page.reload()
    page.wait_for_selector("#log .turn.answer .reply")
    page.get_by_role("button", name="Another question").click()
    page.wait_for_selector("#live .choices button")
    assert page.locator(".choices").count() == 1


@pytest.mark.parametrize("phone", [False, True])
def test_what_leaves_the_machine_is_read_before_asking(
    served: Callable[..., Any], visit: Callable[..., Any], phone: bool
) -> None:
    leaves = "Your questions are sent to <b>models.example.org</b>."
    server = served(leaves=leaves)
    visitor = visit(server, phone=phone)
    assert visitor.page.locator("#leaves").inner_text() == leaves
    assert in_view(visitor.page, "#leaves")
    assert visitor.sideways() <= 0
    server.stop()
