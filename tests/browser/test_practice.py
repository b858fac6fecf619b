"""Practice and Progress in a real browser, with the real tutor."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import expect

from cpom_tutor.attempts import Session
from cpom_tutor.config import Settings
from cpom_tutor.items import ChoiceKey, ItemKind, OrderKey
from cpom_tutor.records.store import open_records

pytestmark = pytest.mark.browser

Visit = Callable[..., Any]


def enter(page: Any) -> None:
    """Opens the Practice tab at its first screen or at what was under way."""
    page.get_by_role("tab", name="Practice").click()
    page.wait_for_selector("#stage [data-key]")


def begin(page: Any, kind: str, **picks: str) -> None:
    """Starts a kind of practice from the first screen."""
    page.locator(f'.kind-card input[value="{kind}"]').check()
    for name, value in picks.items():
        page.locator(f'.chooser select[name="{name}"]').select_option(value)
    page.get_by_role("button", name="Start").click()
    page.wait_for_selector(".run")


def session_of(app: Any, visitor: Any) -> Session:
    """The session on the screen, as it is stored."""
    records = open_records(Settings(app.home))
    wanted = str(visitor.page.locator("#stage [data-session][data-key]").get_attribute("data-session"))
    try:
        return records.session(visitor.learner, wanted)
    finally:
        records.close()


def focused(page: Any, selector: str) -> None:
    page.wait_for_function("(selector) => document.activeElement.matches(selector)", arg=selector)


def check(page: Any, where: str) -> None:
    """Nothing serious for axe, and nothing wider than the window."""
    found = Axe().run(page)
    assert len(found["passes"]) > 10
    bad = [one for one in found["violations"] if one["impact"] in ("serious", "critical")]
    assert not bad, (where, [(one["id"], one["nodes"][0]["html"]) for one in bad])
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, where


def answer(page: Any, item: Any, *, right: bool) -> None:
    """Answers the question on the screen, whatever its kind, by mouse and typing."""
    if isinstance(item.key, ChoiceKey):
        place = item.key.index if right else (item.key.index + 1) % len(item.options)
        page.locator(".task .option").nth(place).click()
    elif item.kind is ItemKind.MATCHING:
        for prompt, option in item.key.pairs:
            page.locator(f'select[name="pair-{prompt}"]').select_option(str(option if right else 0))
    elif item.kind is ItemKind.ORDERING:
        pass
    else:
        page.locator('#stage [name="text"]').fill(item.key.texts[0] if right else "nonsense")
    page.get_by_role("button", name="Check").click()
    page.wait_for_selector(".verdict")


def test_a_quiz_explains_each_answer_with_the_sentence_that_decides_and_ends_with_what_was_missed(
    app: Any, visit: Visit
) -> None:
    visitor = visit()
    page = visitor.page
    enter(page)
    begin(page, "questions", count="5")
    for place, item in enumerate(session_of(app, visitor).items):
        page.wait_for_selector(f'#where:has-text("Question {place + 1} of 5")')
        assert page.locator(".why, .decides").count() == 0
        answer(page, item, right=place % 2 == 0)
        focused(page, ".verdict")
        if isinstance(item.key, ChoiceKey):
            assert page.locator(".reviewed .why").count() == len(item.options)
            expect(page.locator(".verdict")).to_contain_text("Right." if place % 2 == 0 else "Not right.")
        chip = page.locator(".decides button.source").first
        chip.click()
        page.wait_for_function(
            """(quote) => quote ===
              [...document.querySelectorAll('#proof mark.target')].map((mark) => mark.textContent).join('')""",
            arg=item.citations[0].quote,
        )
        assert chip.get_attribute("title") == f"Open {item.citations[0].address}"
        page.locator(".doing button.primary").click()
        page.wait_for_selector(".verdict", state="detached")
    page.wait_for_selector(".ended")
    right = sum(marking.correct for _, marking in session_of(app, visitor).markings)
    expect(page.locator("#ended")).to_contain_text(f"{right} of 5 right")
    page.get_by_role("button", name="Practise the wrong ones again").click()
    page.wait_for_selector(f'#where:has-text("Question 1 of {5 - right}")')


def test_a_quiz_can_be_done_by_keyboard_alone(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    enter(page)
    page.evaluate("document.querySelector('.chooser .doing button').dataset.kinds = 'mcq'")
    begin(page, "questions", count="5")
    for place, key in enumerate("1b3a2"):
        page.wait_for_selector(f'#where:has-text("Question {place + 1} of 5")')
        page.keyboard.press(key)
        assert page.locator(".option input:checked").input_value() == str(
            "12345".find(key) if key.isdigit() else "abcde".find(key)
        )
        page.keyboard.press("Enter")
        focused(page, ".verdict")
        page.keyboard.press("Enter")
    page.wait_for_selector(".ended")
    focused(page, "#ended")


def test_what_is_missing_is_said_and_what_was_typed_stays(visit: Visit) -> None:
    visitor = visit(phone=True)
    page = visitor.page
    enter(page)
    page.evaluate("document.querySelector('.chooser .doing button').dataset.kinds = 'matching'")
    begin(page, "questions", count="5")
    page.locator("#stage select").first.select_option(index=2)
    page.get_by_role("button", name="Check").click()
    expect(page.locator("#notice")).to_contain_text("Choose something for every line first")
    assert page.locator("#stage select").first.input_value() == "1"


def test_lines_are_put_in_order_with_buttons(app: Any, visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    enter(page)
    page.evaluate("document.querySelector('.chooser .doing button').dataset.kinds = 'ordering'")
    begin(page, "questions", count="5")
    key = session_of(app, visitor).items[0].key
    assert isinstance(key, OrderKey)
    for place, option in enumerate(key.indices):
        while page.locator("[data-choice]").nth(place).get_attribute("data-choice") != str(option):
            page.locator(f'[data-choice="{option}"] [data-move="up"]').click()
    expect(page.locator("#voice")).to_contain_text("place")
    page.get_by_role("button", name="Check").click()
    expect(page.locator(".verdict")).to_contain_text("Right.")


def test_a_mock_exam_comes_back_after_a_reload_and_a_closed_tab(app: Any, visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    enter(page)
    begin(page, "exam", exam_count="20")
    count = len(session_of(app, visitor).items)
    page.keyboard.press("2")
    page.get_by_role("button", name="Next").click()
    page.wait_for_selector(f'#where:has-text("Question 2 of {count}")')
    page.keyboard.press("3")
    page.get_by_role("button", name="Flag", exact=True).click()
    page.wait_for_selector(".number.here.flagged.answered")
    page.get_by_role("button", name="Next").click()
    page.wait_for_selector(f'#where:has-text("Question 3 of {count}")')
    assert page.locator("#stage .why, #stage .verdict, #stage .decides").count() == 0
    visitor.open()
    enter(page)
    expect(page.locator("#where")).to_have_text(f"Question 3 of {count}")
    assert page.locator(".numbers ol .number.answered").count() == 2
    before = page.locator(".clock .digits").inner_text()
    page.wait_for_function("(then) => document.querySelector('.clock .digits').textContent !== then", arg=before)
    page.get_by_role("button", name="Question 1, answered", exact=True).click()
    page.wait_for_selector(f'#where:has-text("Question 1 of {count}")')
    assert page.locator(".option input:checked").input_value() == "1"
    page.locator(".option").nth(0).click()  # an answer may be changed
    page.wait_for_timeout(500)
    page.close()
    again = visitor.context.new_page()
    visitor.page = again
    visitor.open()
    enter(again)
    expect(again.locator(".begun")).to_contain_text(f"Mock exam, 2 of {count} answered")
    again.get_by_role("button", name="Go on").click()
    again.wait_for_selector(f'#where:has-text("Question 1 of {count}")')
    assert again.locator(".option input:checked").input_value() == "0"
    again.get_by_role("button", name="Look back and hand in").first.click()
    expect(again.locator(".said")).to_contain_text("Flagged: 2.")
    expect(again.locator(".said")).to_contain_text(f"2 of {count} questions are answered")
    again.get_by_role("button", name="Hand in", exact=True).click()
    again.wait_for_selector(".ended")
    expect(again.locator(".said")).to_contain_text("no prediction")
    assert again.locator(".again > li").count() == count
    session = session_of(app, visitor)
    assert [response.index for _, response in session.responses] == [0, 2]
    assert session.finished_at


def test_the_clock_of_the_page_may_be_wrong_because_the_records_decide(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    enter(page)
    begin(page, "exam", exam_count="20")
    page.wait_for_function("parseInt(document.querySelector('.clock .digits').textContent) > 20")
    page.evaluate("document.querySelector('.clock').dataset.left = '1'")
    page.wait_for_selector('.clock .digits:text-is("0:01")')
    page.wait_for_function("parseInt(document.querySelector('.clock .digits').textContent) > 20")
    assert page.locator(".exam-sheet").count() == 1


def test_a_scenario_goes_from_decision_to_decision_to_marked_free_text(app: Any, visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    enter(page)
    begin(page, "scenario")
    story = session_of(app, visitor).scenario
    assert story is not None
    for place, decision in enumerate(story.decisions):
        page.wait_for_selector(f'#where:has-text("Decision {place + 1} of {len(story.decisions)}")')
        assert page.locator(".why").count() == 0
        page.locator(".option").nth(decision.best).click()
        page.get_by_role("button", name="Decide").click()
        expect(page.locator(".verdict")).to_contain_text("Right.")
        assert page.locator(".reviewed .why button.source").count() == len(decision.options)
        page.get_by_role("button", name="Go on").click()
        page.wait_for_selector(".verdict", state="detached")
    page.locator("#stage textarea").fill(" ".join(one.text for one in story.model_answer))
    page.get_by_role("button", name="Mark it").click()
    page.wait_for_selector(".points")
    assert page.locator(".points .words").count() == len(story.rubric)
    assert page.locator(".points .words.right + .yours q").count() > 0
    assert page.locator(".points button.source").count() == len({point.citation for point in story.rubric})
    expect(page.locator(".decides")).to_contain_text("A model answer")
    page.get_by_role("button", name="See how it went").click()
    page.wait_for_selector(".ended")


def test_a_teach_back_is_marked_point_by_point_and_tried_again(visit: Visit) -> None:
    visitor = visit(phone=True)
    page = visitor.page
    enter(page)
    begin(page, "teach_back")
    page.locator("#stage textarea").fill("Something quite different about the weather.")
    page.wait_for_timeout(1500)  # a draft is kept after a pause
    visitor.open()
    enter(page)
    assert page.locator("#stage textarea").input_value() == "Something quite different about the weather."
    page.get_by_role("button", name="Mark it").click()
    page.wait_for_selector(".points")
    assert page.locator(".points > li").count() >= 3
    assert page.locator(".points > li.right").count() == 0
    page.get_by_role("button", name="Try again").click()
    assert page.locator("#stage textarea").input_value() == "Something quite different about the weather."


def test_flashcards_unfold_and_are_rated_by_key(app: Any, visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    enter(page)
    begin(page, "flashcards", count="5")
    for place in range(5):
        page.wait_for_selector(f'#where:has-text("Card {place + 1} of 5")')
        assert not page.locator(".card .answer").is_visible()
        page.locator(".back summary").click()
        page.keyboard.press("3")
    page.wait_for_selector(".ended")
    records = open_records(Settings(app.home))
    assert len(records.cards(visitor.learner)) == 5
    records.close()


def test_progress_shows_attempts_and_starts_what_comes_next(app: Any, visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    page.get_by_role("tab", name="Progress").click()
    expect(page.locator(".progress")).to_contain_text("Nothing practised in these four weeks yet.")
    enter(page)
    begin(page, "questions", count="10")
    for place, item in enumerate(session_of(app, visitor).items):
        page.wait_for_selector(f'#where:has-text("Question {place + 1} of 10")')
        answer(page, item, right=place % 3 > 0)
        page.locator(".doing button.primary").click()
        page.wait_for_selector(".verdict", state="detached")
    page.wait_for_selector(".ended")
    page.get_by_role("tab", name="Progress").click()
    expect(page.locator(".history-plot")).to_contain_text("10 answers on 1 day")
    assert page.get_by_role("img", name="Answers a day").count() == 1
    expect(page.locator(".due-plot")).to_contain_text("10 cards in all")
    check(page, "progress")
    with page.expect_download() as taken:
        page.get_by_role("link", name="Anki deck").click()
    assert taken.value.suggested_filename == "cpom-practice.apkg"
    read = page.locator('.steps-next button[data-event="browse"]').first
    wanted = read.get_attribute("data-address")
    read.click()
    page.wait_for_selector("#text [data-pointed]", state="visible")
    assert wanted
    assert wanted in str(page.locator("#text [data-pointed] [data-copy]").first.get_attribute("data-copy"))
    page.get_by_role("tab", name="Progress").click()
    page.locator(".steps-next button").first.click()
    page.wait_for_selector("#practice .run", state="visible")


def test_another_learners_session_is_refused(app: Any, visit: Visit) -> None:
    one, other = visit(), visit()
    enter(one.page)
    begin(one.page, "exam", exam_count="20")
    before = session_of(app, one)
    other.page.evaluate("(id) => sessionStorage.setItem('cpom-practice', id)", before.id)
    other.open()
    enter(other.page)
    assert other.page.locator(".exam-sheet").count() == 0
    assert other.page.locator(".practice-home").count() == 1
    # A forged page of theirs gets no further.
    begin(other.page, "exam", exam_count="20")
    other.page.evaluate("(id) => { document.querySelector('.run').dataset.session = id; }", before.id)
    other.page.keyboard.press("1")
    other.page.get_by_role("button", name="Next").click()
    expect(other.page.locator("#notice")).to_contain_text("You have no such practice session")
    assert session_of(app, one) == before


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_axe_finds_nothing_serious_in_practice(app: Any, visit: Visit, dark: bool, phone: bool) -> None:
    visitor = visit(dark=dark, phone=phone)
    page = visitor.page

    def leave() -> None:
        page.get_by_role("button", name="Leave").click()
        page.wait_for_selector(".practice-home")

    enter(page)
    check(page, "first screen")
    for kind in ("mcq", "cloze", "matching", "ordering", "short"):
        page.evaluate(f"document.querySelector('.chooser .doing button').dataset.kinds = '{kind}'")
        begin(page, "questions", count="5")
        check(page, f"{kind}, asked")
        answer(page, session_of(app, visitor).items[0], right=False)
        check(page, f"{kind}, marked")
        leave()
    page.get_by_role("tab", name="Study").click()
    page.get_by_role("tab", name="Practice").click()
    begin(page, "exam", exam_count="20")
    page.keyboard.press("1")
    page.get_by_role("button", name="Flag", exact=True).click()
    page.wait_for_selector(".number.flagged.here")
    check(page, "exam")
    page.get_by_role("button", name="Look back and hand in").first.click()
    page.wait_for_selector('#where:has-text("Before you hand in")')
    check(page, "look back")
    page.get_by_role("button", name="Hand in", exact=True).click()
    page.wait_for_selector(".ended")
    page.locator(".again summary").first.click()
    check(page, "exam result")
    page.get_by_role("button", name="Practise something else").click()
    page.wait_for_selector(".practice-home")
    for kind in ("scenario", "teach_back", "flashcards"):
        begin(page, kind)
        check(page, kind)
        leave()
    check(page, "first screen with unfinished practice")
    page.get_by_role("tab", name="Progress").click()
    page.wait_for_selector(".progress")
    check(page, "progress")


@pytest.mark.parametrize("kind", ["questions", "exam"])
def test_a_refresh_in_the_middle_comes_back_to_the_very_question(visit: Visit, kind: str) -> None:
    visitor = visit()
    page = visitor.page
    enter(page)
    begin(page, kind)
    before = page.locator("#stage [data-session][data-key]").get_attribute("data-key")
    page.reload()
    page.wait_for_selector("#stage .run", state="visible")
    assert page.get_by_role("tab", name="Practice").get_attribute("aria-selected") == "true"
    assert page.locator("#stage [data-session][data-key]").get_attribute("data-key") == before


def test_half_made_pairs_and_orders_outlive_a_refresh(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    enter(page)
    page.evaluate("document.querySelector('.chooser .doing button').dataset.kinds = 'matching'")
    begin(page, "questions")
    page.locator(".pairs select").nth(1).select_option("2")
    page.wait_for_timeout(1000)
    page.reload()
    page.wait_for_selector("#stage .pairs", state="visible")
    assert page.locator(".pairs select").evaluate_all("all => all.map((one) => one.value)")[:3] == ["", "2", ""]
    page.get_by_role("button", name="Leave").click()
    page.wait_for_selector(".practice-home")
    page.evaluate("document.querySelector('.chooser .doing button').dataset.kinds = 'ordering'")
    begin(page, "questions")
    first = page.locator("[data-choice]").first.get_attribute("data-choice")
    page.locator('[data-move="down"]').first.click()
    page.wait_for_timeout(1000)
    page.reload()
    page.wait_for_selector("#stage [data-order]", state="visible")
    assert page.locator("[data-choice]").nth(1).get_attribute("data-choice") == first


@pytest.mark.parametrize("marked", [False, True])
def test_a_question_uses_a_wide_screen(visit: Visit, marked: bool) -> None:
    visitor = visit()
    page = visitor.page
    enter(page)
    page.evaluate("document.querySelector('.chooser .doing button').dataset.kinds = 'mcq'")
    begin(page, "questions")
    if marked:
        page.locator(".task .option").first.click()
        page.get_by_role("button", name="Check").click()
        page.wait_for_selector(".verdict")
    right = page.locator(".decides" if marked else ".options").bounding_box()
    assert right["x"] + right["width"] > 0.9 * 1440
