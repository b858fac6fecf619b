"""Signing in and out, and one's own account, over HTTP."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi import FastAPI, Request
from starlette.testclient import TestClient

from cpom_tutor.accounts import Role
from cpom_tutor.config import Settings
from cpom_tutor.errors import NotFound
from cpom_tutor.records.store import SqlRecords, open_records
from cpom_tutor.ui.account_pages import add_account_pages
from cpom_tutor.ui.render_account import who
from cpom_tutor.ui.visitors import COOKIE, SIGN_IN_COOKIE, Entrance, Visitors, learner_of

PASSWORD = "correct horse"
HERE = "http://127.0.0.1:7860"
EVENT = {"session_hash": "page", "data": []}


@pytest.fixture
def records(tmp_path: Path) -> Iterator[SqlRecords]:
    store = open_records(Settings(tmp_path))
    yield store
    store.close()


def page_of(records: SqlRecords, entrance: Entrance | None = None, base: str = HERE) -> TestClient:
    entrance, app = entrance or Entrance(), FastAPI()
    add_account_pages(app, records, entrance)

    @app.get("/")
    @app.post("/gradio_api/queue/join")
    def page(request: Request) -> str:
        try:
            return learner_of(request.cookies, records)
        except NotFound:  # the first page is what gives a learner
            return ""

    app.add_middleware(Visitors, records=records, entrance=entrance)
    return TestClient(app, base_url=base, follow_redirects=False)


@pytest.fixture
def ada(records: SqlRecords) -> str:
    return records.add_account("ada", PASSWORD, role=Role.LEARNER, shown_as="Ada <b>").learner


@pytest.fixture
def browser(records: SqlRecords, ada: str) -> TestClient:
    assert records.has_learner(ada)
    return page_of(records)


def signed_in(client: TestClient, name: str = "ada", password: str = PASSWORD) -> TestClient:
    reply = client.post("/sign-in", data={"name": name, "password": password})
    assert (reply.status_code, reply.headers["location"]) == (303, "/")
    return client


def test_without_accounts_nobody_signs_in(records: SqlRecords) -> None:
    client = page_of(records)
    assert client.get("/").status_code == 200
    assert client.get("/sign-in").headers["location"] == "/"


def test_the_first_account_shows_everybody_the_door_at_once(records: SqlRecords) -> None:
    client = page_of(records)
    client.get("/")
    assert client.post("/gradio_api/queue/join", json=EVENT).status_code == 200
    records.add_account("ada", PASSWORD, role=Role.MAINTAINER)
    assert client.get("/").headers["location"] == "/sign-in"
    assert client.post("/gradio_api/queue/join", json=EVENT).status_code == 401
    assert "set-cookie" not in client.get("/").headers


def test_somebody_signs_in_and_is_their_learner(browser: TestClient, ada: str) -> None:
    assert browser.get("/").headers["location"] == "/sign-in"
    assert 'autocomplete="current-password"' in browser.get("/sign-in").text
    assert signed_in(browser).get("/").json() == ada
    assert browser.get("/sign-in").headers["location"] == "/"


def test_the_cookie_is_kept_from_scripts_and_from_other_sites(browser: TestClient) -> None:
    sent = browser.post("/sign-in", data={"name": "ada", "password": PASSWORD}).headers["set-cookie"]
    assert "HttpOnly" in sent
    assert "SameSite=lax" in sent
    assert "Secure" not in sent


@pytest.mark.usefixtures("ada")
def test_behind_tls_the_cookie_never_travels_openly(records: SqlRecords) -> None:
    entrance = Entrance(frozenset({"tutor.example.org"}), must_sign_in=True, public="https://tutor.example.org")
    client = page_of(records, entrance, "https://tutor.example.org")
    reply = client.post(
        "/sign-in", data={"name": "ada", "password": PASSWORD}, headers={"origin": "https://tutor.example.org"}
    )
    assert "Secure" in reply.headers["set-cookie"]


@pytest.mark.parametrize("origin", ["https://evil.test", "null"])
def test_another_site_cannot_sign_anybody_in(browser: TestClient, origin: str) -> None:
    reply = browser.post("/sign-in", data={"name": "ada", "password": PASSWORD}, headers={"origin": origin})
    assert reply.status_code == 403
    assert "set-cookie" not in reply.headers


def test_an_anonymous_cookie_opens_nothing_where_there_are_accounts(records: SqlRecords, ada: str) -> None:
    client = page_of(records)
    for learner in (ada, records.add_learner()):
        assert client.get("/", headers={"cookie": f"{COOKIE}={learner}"}).headers["location"] == "/sign-in"
        reply = client.post("/gradio_api/queue/join", json=EVENT, headers={"cookie": f"{COOKIE}={learner}"})
        assert reply.status_code == 401


@pytest.mark.usefixtures("ada")
def test_where_one_must_sign_in_the_last_accounts_end_opens_no_door(records: SqlRecords) -> None:
    client = page_of(records, Entrance(None, must_sign_in=True))
    records.delete_account("ada")
    assert client.get("/").headers["location"] == "/sign-in"
    assert client.get("/sign-in").status_code == 200
    assert client.post("/gradio_api/queue/join", json=EVENT).status_code == 401


def test_a_wrong_password_is_one_sentence_and_the_name_stays(browser: TestClient) -> None:
    reply = browser.post("/sign-in", data={"name": "ada", "password": "wrong"})
    assert reply.status_code == 403
    assert "The name or the password is not right;" in reply.text
    assert 'value="ada"' in reply.text
    assert "set-cookie" not in reply.headers


def test_what_is_typed_into_the_form_is_never_markup(browser: TestClient) -> None:
    reply = browser.post("/sign-in", data={"name": '"><script>alert(1)</script>', "password": "x"})
    assert "<script>alert" not in reply.text
    assert "&lt;script&gt;" in reply.text
    assert "Ada &lt;b&gt;" in signed_in(browser).get("/account").text


def test_guessing_is_slowed_down_even_for_the_right_password(browser: TestClient) -> None:
    for _ in range(5):
        assert browser.post("/sign-in", data={"name": "ada", "password": "wrong"}).status_code == 403
    reply = browser.post("/sign-in", data={"name": "ADA ", "password": PASSWORD})
    assert reply.status_code == 429
    assert 600 < int(reply.headers["retry-after"]) <= 900
    assert re.search(r"tried too often; wait 1[45] minutes", reply.text)


def test_a_new_password_is_a_new_lock_that_nobody_has_tried_yet(browser: TestClient, records: SqlRecords) -> None:
    for _ in range(6):
        browser.post("/sign-in", data={"name": "ada", "password": "wrong"})
    assert browser.post("/sign-in", data={"name": "ada", "password": PASSWORD}).status_code == 429
    records.set_password("ada", "battery staple", temporary=True)
    assert browser.post("/sign-in", data={"name": "ada", "password": "battery staple"}).status_code == 303


def test_one_persons_slips_do_not_keep_another_out(records: SqlRecords, browser: TestClient) -> None:
    records.add_account("bob", PASSWORD, role=Role.LEARNER)
    for _ in range(6):
        browser.post("/sign-in", data={"name": "ada", "password": "wrong"})
    signed_in(browser, "bob")


def test_the_right_password_forgives_the_wrong_ones_before(browser: TestClient) -> None:
    for _ in range(3):
        for _ in range(4):
            browser.post("/sign-in", data={"name": "ada", "password": "wrong"})
        signed_in(browser)


def test_whoever_signs_out_is_out(browser: TestClient) -> None:
    token = signed_in(browser).cookies[SIGN_IN_COOKIE]
    assert browser.post("/sign-out").headers["location"] == "/sign-in"
    assert SIGN_IN_COOKIE not in browser.cookies
    assert browser.get("/", headers={"cookie": f"{SIGN_IN_COOKIE}={token}"}).headers["location"] == "/sign-in"


def test_a_link_signs_nobody_out(browser: TestClient) -> None:
    assert signed_in(browser).get("/sign-out").status_code == 404
    assert browser.get("/").status_code == 200


def test_a_temporary_password_is_changed_before_anything_else(records: SqlRecords) -> None:
    records.add_account("ada", PASSWORD, role=Role.LEARNER, temporary=True)
    client = signed_in(page_of(records))
    assert client.get("/").headers["location"] == "/account"
    assert "choose one of your own first" in client.get("/account").text
    new = {"old": PASSWORD, "new": "battery staple", "again": "battery staple"}
    assert "Your password is changed" in client.post("/account/password", data=new).text
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    ("old", "new", "again", "said"),
    [
        ("wrong", "battery staple", "battery staple", "The old password is not right"),
        (PASSWORD, "battery staple", "battery stable", "The two new passwords differ"),
        (PASSWORD, "short", "short", "A password has 8 to 200 characters"),
    ],
)
def test_a_password_that_cannot_be_changed_stays(
    browser: TestClient, old: str, new: str, again: str, said: str
) -> None:
    signed_in(browser)
    reply = browser.post("/account/password", data={"old": old, "new": new, "again": again})
    assert said in reply.text
    assert reply.status_code in (400, 403)
    browser.post("/sign-out")
    signed_in(browser)


def test_the_old_password_cannot_be_guessed_on_the_account_page_either(browser: TestClient) -> None:
    signed_in(browser)
    wrong = {"old": "wrong", "new": "battery staple", "again": "battery staple"}
    assert [browser.post("/account/password", data=wrong).status_code for _ in range(6)] == [403] * 5 + [429]


def test_a_learner_shares_their_name_and_takes_it_back(browser: TestClient, records: SqlRecords) -> None:
    signed_in(browser)
    assert " checked" in browser.post("/account/name", data={"shares": "yes"}).text
    assert records.account("ada").shares_name
    browser.post("/account/name", data={})
    assert not records.account("ada").shares_name


def test_the_page_says_under_which_name_instructors_read_the_questions(
    browser: TestClient, records: SqlRecords, ada: str
) -> None:
    signed_in(browser)
    assert f"<strong>{records.byline(ada).name}</strong>" in browser.get("/account").text
    shared = browser.post("/account/name", data={"shares": "yes"}).text
    assert "Saved: instructors read your name." in shared
    assert "<strong>Ada &lt;b&gt; (ada)</strong>" in shared


def test_the_masthead_names_whoever_is_signed_in_and_lets_them_out(browser: TestClient, records: SqlRecords) -> None:
    head = who(records.account("ada"))
    assert '<span class="name">Ada &lt;b&gt;</span>' in head
    (action,) = re.findall(r'<form method="post" action="([^"]+)">', head)
    assert signed_in(browser).post(action).headers["location"] == "/sign-in"
    assert browser.get("/").headers["location"] == "/sign-in"


def test_an_account_is_deleted_by_its_owner_who_is_sure(browser: TestClient, records: SqlRecords, ada: str) -> None:
    signed_in(browser)
    assert browser.post("/account/delete", data={"sure": "yes", "password": PASSWORD}).status_code == 400
    refused = browser.post("/account/delete", data={"sure": "delete", "password": "wrong"})
    assert refused.status_code == 403
    assert "The password is not right, so nothing was deleted;" in refused.text
    assert "<details open>" in refused.text
    assert records.has_learner(ada)
    reply = browser.post("/account/delete", data={"sure": "DELETE", "password": PASSWORD})
    assert "Your account is deleted" in reply.text
    assert not records.has_learner(ada)
    assert SIGN_IN_COOKIE not in browser.cookies


@pytest.mark.parametrize("path", ["/account/password", "/account/name", "/account/delete", "/account"])
def test_nobody_changes_anything(browser: TestClient, records: SqlRecords, path: str) -> None:
    before = records.accounts()
    sent = {"sure": "DELETE", "password": PASSWORD, "old": PASSWORD, "new": "x" * 9, "again": "x" * 9, "shares": "yes"}
    assert browser.post(path, data=sent).status_code in (401, 404)
    assert records.accounts() == before
    assert records.sign_in("ada", PASSWORD, datetime.now(UTC))


def test_another_tab_of_somebody_signed_out_is_told_to_sign_in(browser: TestClient) -> None:
    reply = browser.post("/gradio_api/queue/join", json=EVENT)
    # In the form in which Gradio's page shows it.
    said = {"detail": "You are not signed in, or not any more; reload the page to sign in."}
    assert (reply.status_code, reply.json()) == (401, said)
