"""Several people signed in at once, each in a browser of their own, in front of one server."""

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from axe_core_python.sync_playwright import Axe

from cpom_tutor.cli import main
from cpom_tutor.config import Settings
from cpom_tutor.records.store import SqlRecords, open_records

pytestmark = pytest.mark.browser

PASSWORD = "correct horse battery"
ADA, BEN, GREY = ("ada", PASSWORD), ("ben", PASSWORD), ("grey", PASSWORD)
CSC, FEE = "What is a CSC?", "How much is the exam fee?"


@pytest.fixture(scope="module")
def school(served: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory, index_home: Path) -> Any:
    """A server with two learners and an instructor, whose accounts the maintainer made at the terminal."""
    home = tmp_path_factory.mktemp("school") / "home"
    shutil.copytree(index_home, home)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("CPOM_TUTOR_HOME", str(home))
        for name, role, shown in (("ada", "learner", "Ada Lovelace"), ("ben", "learner", "Ben"),
                                  ("grey", "instructor", "Dr Grey")):  # fmt: skip
            assert main(["users", "add", name, "--role", role, "--shown-as", shown, "--generate"]) == 0
    records = open_records(Settings(home))
    for account in records.accounts():
        records.set_password(account.name, PASSWORD, temporary=False)
    records.close()
    return served(home)


@pytest.fixture
def records(school: Any) -> Iterator[SqlRecords]:
    store = open_records(Settings(school.home))
    yield store
    store.close()


def sign_out(visitor: Any) -> None:
    visitor.page.locator(".masthead").get_by_role("button", name="Sign out").click()
    visitor.page.wait_for_url("**/sign-in")


def tabs(page: Any) -> list[str]:
    return [str(name).strip() for name in page.get_by_role("tab").all_inner_texts()]


def test_two_learners_at_once_have_histories_of_their_own(school: Any, visit: Callable[..., Any]) -> None:
    ada, ben = visit(school, account=ADA), visit(school, account=BEN)
    assert ada.page.locator(".who .name").inner_text() == "Ada Lovelace"
    assert ben.page.locator(".who .name").inner_text() == "Ben"
    ada.send(CSC)
    ben.send(FEE)
    ada.wait_for_reply(CSC)
    ben.wait_for_reply(FEE)
    for visitor, own, other in ((ada, CSC, FEE), (ben, FEE, CSC)):
        visitor.open()
        assert own in visitor.page.locator("#log").inner_text()
        assert other not in visitor.page.content()


def test_a_learner_asks_and_an_instructor_reviews_it_under_the_name_that_was_promised(
    school: Any, visit: Callable[..., Any]
) -> None:
    ben, grey = visit(school, account=BEN), visit(school, account=GREY)
    ben.page.get_by_role("button", name="New conversation").click()
    ben.ask("What are the five operational domains?")
    ben.page.locator("#live .thumb.down").click()
    promised = ben.page.locator("#live .seen")
    name = str(promised.inner_text()).split("“")[1].split("”")[0]
    assert name.startswith("Learner ")
    assert "Review" not in tabs(ben.page)
    grey.page.get_by_role("tab", name="Review").click()
    line = grey.page.locator(".lines .entry", has_text="five operational domains").first
    assert name in line.inner_text()
    assert "Ben" not in grey.page.locator("#review").inner_text()
    line.click()
    grey.page.get_by_text("Kept under your name, Dr Grey.").wait_for()
    assert grey.page.get_by_label("Your name, kept with it").count() == 0
    ben.page.locator("#live textarea[name=words]").fill("half a word")
    with ben.page.context.expect_page() as opened:
        promised.get_by_role("link", name="Show your name instead").click()
    opened.value.get_by_label("Show instructors my name, Ben (ben)").check()
    opened.value.get_by_role("button", name="Save").click()
    opened.value.get_by_text("Saved: instructors read your name.").wait_for()
    opened.value.close()
    assert ben.page.locator("#live textarea[name=words]").input_value() == "half a word"
    grey.page.get_by_role("button", name="Back to the inbox").click()
    line = grey.page.locator(".lines .entry", has_text="five operational domains").first
    line.get_by_text("Ben (ben)").wait_for()
    line.click()
    grey.page.get_by_role("button", name="Wrong answer").click()
    grey.page.get_by_text("Kept: wrong answer.").wait_for()
    ben.open()
    ben.page.locator("#log .thumb.down").last.click()
    ben.page.get_by_text("under your name, Ben (ben), because you share it.").last.wait_for()


def test_signing_out_leaves_the_other_browser_alone_and_nothing_behind(school: Any, visit: Callable[..., Any]) -> None:
    ada, ben = visit(school, account=ADA), visit(school, account=BEN)
    ada.ask(CSC)
    ada.page.locator("#question textarea").fill("half a thought")
    sign_out(ada)
    assert "thought" not in ada.page.evaluate("JSON.stringify(sessionStorage)")
    for way in (ada.page.go_back, ada.page.reload, lambda: ada.page.goto(ada.address)):
        way()
        ada.page.wait_for_url("**/sign-in")
        ada.page.get_by_role("heading", name="Sign in").wait_for()
        assert "CSC" not in ada.page.content()
        assert "Ada" not in ada.page.content()
    ben.ask(FEE)
    ada.sign_in(*BEN)
    assert "CSC" not in ada.page.locator("#chat").inner_text()
    assert ada.page.locator("#question textarea").input_value() == ""


@pytest.mark.parametrize("how", ["signed out elsewhere", "disabled", "over"])
def test_a_sign_in_that_ends_in_mid_use_says_so_and_loses_nothing_typed(
    school: Any, visit: Callable[..., Any], records: SqlRecords, how: str
) -> None:
    ada = visit(school, account=ADA)
    ada.ask(CSC)
    ada.page.locator("#live .thumb.down").click()
    ada.page.locator("#live .words textarea").fill("Which one?")
    if how == "disabled":
        records.set_disabled("ada", True)
        records.set_disabled("ada", False)
    elif how == "over":
        records.set_password("ada", PASSWORD, temporary=False)
    else:
        token = next(one["value"] for one in ada.context.cookies() if one["name"] == "cpom_tutor_sign_in")
        records.sign_out(token)
    ada.send(FEE)
    notice = ada.page.get_by_role("dialog", name="You are signed out")
    notice.wait_for()
    assert "What you typed and did not send comes back then." in notice.inner_text()
    for _ in range(3):
        ada.page.keyboard.press("Escape")
    assert notice.is_visible()
    assert not [one for one in Axe().run(ada.page)["violations"] if one["impact"] in ("serious", "critical")]
    notice.get_by_role("link", name="Sign in").click()
    ada.page.get_by_label("Name").fill("ada")
    ada.page.get_by_label("Password", exact=True).fill(PASSWORD)
    ada.page.keyboard.press("Enter")
    ada.page.wait_for_function("(typed) => document.querySelector('#question textarea')?.value === typed", arg=FEE)
    assert CSC in ada.page.locator("#log .asked").last.inner_text()
    words = ada.page.locator("#log .words textarea").last
    words.wait_for()
    assert words.input_value() == "Which one?"
    ada.page.locator("#question textarea").press("Enter")
    ada.wait_for_reply(FEE)
    ada.open()
    assert ada.page.locator("#question textarea").input_value() == ""


def back_again(visitor: Any, name: str) -> None:
    """Through the notice and the door, to the page."""
    visitor.page.get_by_role("dialog", name="You are signed out").get_by_role("link", name="Sign in").click()
    visitor.page.get_by_label("Name").fill(name)
    visitor.page.get_by_label("Password", exact=True).fill(PASSWORD)
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_selector(".masthead .who")


def test_a_comment_on_a_verdict_that_was_not_kept_any_more_comes_back(
    school: Any, visit: Callable[..., Any], records: SqlRecords
) -> None:
    ben, grey = visit(school, account=BEN), visit(school, account=GREY)
    page = grey.page
    ben.ask("What is servant leadership?")
    page.get_by_role("tab", name="Review").click()
    page.locator(".lines .entry", has_text="servant leadership").first.click()
    page.get_by_label("Comment (optional)").fill("Names no place.")
    records.set_password("grey", PASSWORD, temporary=False)
    page.get_by_role("button", name="Course gap").click()
    back_again(grey, "grey")
    page.get_by_role("tab", name="Review").click()
    page.locator(".lines .entry", has_text="servant leadership").first.click()
    page.get_by_label("Comment (optional)").wait_for()
    page.wait_for_function("document.querySelector('[name=\"comment\"]').value === 'Names no place.'")
    page.get_by_role("button", name="Course gap").click()
    page.get_by_text("Kept: course gap.").wait_for()
    (line,) = records.inbox(reviewed=True, search="servant leadership")
    (review,) = records.case(line.turn_id).reviews
    assert (review.author, review.comment) == ("Dr Grey", "Names no place.")


def test_what_was_written_in_practice_comes_back(school: Any, visit: Callable[..., Any], records: SqlRecords) -> None:
    ada = visit(school, account=ADA)
    page = ada.page
    page.get_by_role("tab", name="Practice").click()
    page.locator('.kind-card input[value="teach_back"]').check()
    page.get_by_role("button", name="Start").click()
    page.wait_for_selector("#stage .run textarea")
    records.set_password("ada", PASSWORD, temporary=False)
    page.locator("#stage textarea").fill("Hubs that serve a whole network.")  # kept by itself after a pause
    back_again(ada, "ada")
    page.wait_for_function(
        "document.querySelector('#stage textarea')?.value === 'Hubs that serve a whole network.'"
    )  # fmt: skip


def test_what_somebody_typed_does_not_come_back_to_somebody_else(
    school: Any, visit: Callable[..., Any], records: SqlRecords
) -> None:
    ada = visit(school, account=ADA)
    records.set_password("ada", PASSWORD, temporary=False)
    ada.send("a private thought")
    ada.page.get_by_role("dialog", name="You are signed out").wait_for()
    ada.sign_in(*BEN)
    ada.page.wait_for_timeout(500)
    assert ada.page.locator("#question textarea").input_value() == ""
    assert "private" not in ada.page.evaluate("JSON.stringify(sessionStorage)")


def test_another_tab_of_the_browser_is_told_at_once(school: Any, visit: Callable[..., Any]) -> None:
    ada = visit(school, account=ADA)
    second = ada.context.new_page()
    second.goto(ada.address)
    second.wait_for_selector(".masthead .who")
    sign_out(ada)
    second.get_by_role("dialog", name="You are signed out").wait_for()


def test_everything_of_an_account_is_deleted_on_its_page_and_of_nobody_else(
    school: Any, visit: Callable[..., Any], records: SqlRecords
) -> None:
    name = f"gone{datetime.now(UTC):%f}"
    role = records.account("ada").role
    learner = records.add_account(name, PASSWORD, role=role, shown_as="<b>Gone</b>").learner
    visitor = visit(school, account=(name, PASSWORD))
    page = visitor.page
    assert page.locator(".who .name").inner_text() == "<b>Gone</b>"
    visitor.ask(CSC)
    page.locator("#history summary").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download my data").click()
    kept = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    assert kept["account"]["name"] == name
    assert page.get_by_role("button", name="Delete everything of mine").count() == 0
    page.get_by_role("link", name="Delete my account and everything of mine").click()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_label("Type DELETE").fill("DELETE")
    page.get_by_role("button", name="Delete it all").click()
    page.get_by_text("Your account is deleted").wait_for()
    assert not records.has_learner(learner)
    assert {"ada", "ben", "grey"} <= {account.name for account in records.accounts()}
    page.goto(visitor.address)
    page.wait_for_url("**/sign-in")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_axe_finds_nothing_serious_on_the_pages_of_accounts(
    school: Any, visit: Callable[..., Any], dark: bool, phone: bool
) -> None:
    visitor = visit(school, dark=dark, phone=phone, account=ADA)
    page = visitor.page

    def check(where: str) -> None:
        assert visitor.sideways() <= 0, where
        found = Axe().run(page)
        assert len(found["passes"]) > 5
        bad = [one for one in found["violations"] if one["impact"] in ("serious", "critical")]
        assert not bad, (where, [(one["id"], one["nodes"][0]["html"]) for one in bad])

    check("masthead")
    page.get_by_role("link", name="Account").click()
    page.get_by_text("Delete my account").click()
    check("account")
    assert page.evaluate("document.body.classList.contains('dark')") is dark
    page.get_by_role("button", name="Dark theme" if not dark else "Light theme").click()
    assert page.evaluate("document.body.classList.contains('dark')") is not dark
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("Password", exact=True).fill("wrong")
    page.get_by_label("Show the password").check()
    assert page.get_by_label("Password", exact=True).get_attribute("type") == "text"
    page.get_by_label("Name").fill("nobody")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("alert").wait_for()
    check("sign in")


def test_signing_in_works_without_a_script(school: Any, chromium: Any) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(school.address)
    assert not page.get_by_role("button", name="Dark theme").is_visible()
    page.get_by_label("Name").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"{school.address}/account")
    assert page.get_by_text("Signed in as Ada Lovelace (ada): learner.").is_visible()
    page.get_by_role("button", name="Sign out").click()
    assert page.get_by_role("heading", name="Sign in").is_visible()
    context.close()
