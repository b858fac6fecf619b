"""What somebody who means harm sends to the door, and what comes of it."""

import asyncio
import json
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI, Request
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from cpom_tutor.accounts import Role
from cpom_tutor.config import Settings
from cpom_tutor.records.store import SqlRecords, open_records
from cpom_tutor.ui.account_pages import add_account_pages, place_of
from cpom_tutor.ui.allowed import is_allowed
from cpom_tutor.ui.bodies import TooLong, whole_body
from cpom_tutor.ui.own_streams import OwnStreams, event_of
from cpom_tutor.ui.throttle import Throttle, TooOften
from cpom_tutor.ui.visitors import COOKIE, SIGN_IN_COOKIE, Entrance, Visitors

JOIN, EVENTS = "/gradio_api/queue/join", "/gradio_api/queue/data"
PASSWORD = "correct horse"
PUBLIC = Entrance(
    frozenset({"127.0.0.1", "tutor.example.org"}), must_sign_in=True, public="https://Tutor.example.org:443"
)


@pytest.fixture
def records(tmp_path: Path) -> Iterator[SqlRecords]:
    store = open_records(Settings(tmp_path))
    yield store
    store.close()


def page_of(records: SqlRecords, entrance: Entrance | None = None) -> TestClient:
    entrance, app = entrance or Entrance(), FastAPI()
    add_account_pages(app, records, entrance)

    @app.get("/")
    @app.get(EVENTS)
    @app.get("/assets/{path:path}")
    @app.get("/my-data")
    def page(request: Request) -> str:
        return request.url.query

    @app.post(JOIN)
    async def join(request: Request) -> object:
        return {"read": await request.json(), "length": request.headers["content-length"]}

    app.add_middleware(Visitors, records=records, entrance=entrance)
    return TestClient(app, base_url="http://127.0.0.1:7860", follow_redirects=False)


def run_alone(work: Coroutine[object, object, object]) -> None:
    """In a thread of its own: browser tests before these leave a loop running in the main one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


def signed_in(client: TestClient, name: str) -> TestClient:
    assert client.post("/sign-in", data={"name": name, "password": PASSWORD}).status_code == 303
    return client


def event(page: object = "page", **more: object) -> dict[str, object]:
    return {"session_hash": page, "data": [], "fn_index": 1, **more}


class TestPaths:
    @pytest.mark.parametrize(
        ("method", "path"),
        [("GET", "/"), ("HEAD", "/"), ("POST", JOIN), ("GET", EVENTS), ("GET", "/assets/a.js"), ("POST", "/sign-out")],
    )
    def test_what_the_page_uses_is_there(self, method: str, path: str) -> None:
        assert is_allowed(method, path)

    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("POST", "/"), ("OPTIONS", JOIN), ("GET", JOIN), ("PUT", "/my-data"), ("GET", "/assets/"),
            ("GET", "/assets/.."), ("GET", "/assets/../x"), ("GET", "/assets/a\\b"), ("GET", "/take-away/a/b"),
            ("GET", "/gradio_api/file=/etc/passwd"), ("POST", "/gradio_api/upload"), ("POST", "/gradio_api/cancel"),
            ("GET", "/gradio_api/heartbeat/page"), ("GET", "/config"), ("GET", "//"), ("", ""),
        ],
    )  # fmt: skip
    def test_nothing_else_is(self, method: str, path: str) -> None:
        assert not is_allowed(method, path)

    def test_a_method_that_an_address_does_not_take_says_no_more_than_404(self, records: SqlRecords) -> None:
        client = page_of(records)
        for method in ("HEAD", "OPTIONS", "PUT", "DELETE", "TRACE", "FOO"):
            assert client.request(method, "/my-data").status_code == 404

    def test_nothing_behind_the_question_mark_reaches_the_page(self, records: SqlRecords) -> None:
        client = page_of(records)
        assert client.get("/?deep_link=../x&page=y").json() == ""
        assert client.get("/my-data?a=b").json() == "a=b"

    def test_a_websocket_is_refused(self, records: SqlRecords) -> None:
        sent: list[Message] = []

        async def send(message: Message) -> None:
            sent.append(message)

        async def receive() -> Message:
            return {"type": "websocket.connect"}

        scope: Scope = {"type": "websocket", "path": "/", "headers": [], "query_string": b"", "extensions": {}}
        run_alone(Visitors(_unreached, records)(scope, receive, send))
        assert (sent[0]["type"], sent[0]["status"]) == ("websocket.http.response.start", 404)


async def _unreached(_scope: Scope, _receive: Receive, _send: Send) -> None:
    raise AssertionError("It came past the door.")


class TestStreams:
    def test_a_page_is_the_browsers_that_used_it_first(self, records: SqlRecords) -> None:
        for name in ("ada", "bob"):
            records.add_account(name, PASSWORD, role=Role.LEARNER)
        ada, bob = signed_in(page_of(records), "ada"), page_of(records)
        bob = TestClient(ada.app, base_url=str(ada.base_url), follow_redirects=False)
        signed_in(bob, "bob")
        assert ada.post(JOIN, json=event()).status_code == 200
        assert bob.get(EVENTS, params={"session_hash": "page"}).status_code == 404
        assert bob.post(JOIN, json=event()).status_code == 404
        assert ada.get(EVENTS, params={"session_hash": "page"}).status_code == 200

    def test_whoever_signs_in_next_at_the_same_browser_does_not_get_what_was_going_on(
        self, records: SqlRecords
    ) -> None:
        for name in ("ada", "bob"):
            records.add_account(name, PASSWORD, role=Role.LEARNER)
        client = signed_in(page_of(records), "ada")
        client.post(JOIN, json=event())
        client.post("/sign-out")
        signed_in(client, "bob")
        assert client.get(EVENTS, params={"session_hash": "page"}).status_code == 404

    def test_a_browser_whose_learner_is_new_keeps_its_page(self) -> None:
        streams = OwnStreams()
        assert streams.claim("page", frozenset({"old"}))
        assert streams.claim("page", frozenset({"new", "old"}))
        assert not streams.claim("page", frozenset({"new"}))
        assert not streams.claim("page", frozenset())

    @pytest.mark.parametrize("page", ["", "a b", "x" * 65, "a/b", "é", "a\n"])
    def test_what_cannot_be_a_page_is_nobodys(self, page: str) -> None:
        assert not OwnStreams().claim(page, frozenset({"me"}))

    def test_the_latest_pages_are_remembered_and_no_more(self) -> None:
        streams = OwnStreams(most=3)
        for number in range(5):
            streams.claim("kept", frozenset({"me"}))
            streams.claim(f"page{number}", frozenset({"me"}))
        assert not streams.claim("kept", frozenset({"other"}))
        assert streams.claim("page0", frozenset({"other"}))


class TestEvents:
    def test_gradio_reads_the_very_page_that_was_looked_at(self, records: SqlRecords) -> None:
        body = '{"session_hash": "theirs", "data": ["é"], "session_hash": "mine", "oauth_token": "x", "batched": true}'
        reply = page_of(records).post(JOIN, content=body.encode(), headers={"content-type": "application/json"}).json()
        assert reply["read"] == {"session_hash": "mine", "data": ["é"]}
        assert int(reply["length"]) == len(json.dumps(reply["read"]))

    @pytest.mark.parametrize(
        "body",
        [b"", b"[]", b"null", b"{", b'{"data": []}', b"\xff\xfe", b"[" * 100_000, b'{"session_hash": 1}',
         b'{"session_hash": null, "data": []}', b'{"session_hash": ["page"], "data": []}', b'{"session_hash":"a b"}'],
    )  # fmt: skip
    def test_what_is_no_event_is_one_sentence(self, records: SqlRecords, body: bytes) -> None:
        reply = page_of(records).post(JOIN, content=body)
        assert reply.status_code in (400, 404)
        assert reply.json()["detail"].endswith("reload it.")

    def test_the_event_is_kept_as_it_is(self) -> None:
        sent = event(event_data={"a": ["\ud800", 1.5, None]}, trigger_id=3)
        page, written = event_of(json.dumps(sent).encode())
        assert page == "page"
        assert json.loads(written) == sent

    @pytest.mark.parametrize(("path", "longest"), [(JOIN, 4 << 20), ("/sign-in", 64 << 10)])
    def test_more_than_anything_needs_is_not_read(self, records: SqlRecords, path: str, longest: int) -> None:
        reply = page_of(records).post(path, content=b"x" * (longest + 1))
        assert reply.status_code == 413
        assert "shorten it, then try again." in reply.text

    def test_of_what_never_ends_no_more_is_read_than_may_be(self) -> None:
        read = []

        async def endless() -> Message:
            read.append(1)
            return {"type": "http.request", "body": b"x" * 1024, "more_body": True}

        with pytest.raises(TooLong):
            run_alone(whole_body(endless, 10 << 10))
        assert len(read) == 11

    def test_who_is_not_signed_in_is_not_listened_to(self, records: SqlRecords) -> None:
        records.add_account("ada", PASSWORD, role=Role.LEARNER)
        assert page_of(records).post(JOIN, content=b"x" * (5 << 20)).status_code == 401


class TestOrigins:
    @pytest.mark.parametrize(
        "origin",
        ["https://tutor.example.org", "https://tutor.example.org:443", "http://127.0.0.1:7860", "https://TUTOR.example.org"],
    )  # fmt: skip
    def test_its_own_pages_may_ask(self, records: SqlRecords, origin: str) -> None:
        assert page_of(records, PUBLIC).get("/sign-in", headers={"origin": origin}).status_code == 200

    @pytest.mark.parametrize(
        "origin",
        ["http://tutor.example.org", "https://tutor.example.org:8443", "https://tutor.example.org.evil.test", "null",
         "", "http://127.0.0.1", "http://[", "http://127.0.0.1:99999", "file://", "https://", "http://127.0.0.1:x"],
    )  # fmt: skip
    def test_no_other_page_may(self, records: SqlRecords, origin: str) -> None:
        assert page_of(records, PUBLIC).get("/sign-in", headers={"origin": origin}).status_code == 403

    def test_no_other_page_may_where_any_name_will_do(self, records: SqlRecords) -> None:
        for host in ("", "null"):
            headers = {"origin": "null", "host": host}
            assert page_of(records, Entrance(None)).post("/sign-in", headers=headers).status_code == 403

    @pytest.mark.parametrize("site", ["cross-site", "same-site"])
    def test_another_page_cannot_embed_what_is_here_but_may_link_to_it(self, records: SqlRecords, site: str) -> None:
        client = page_of(records)
        embedding = {"sec-fetch-site": site, "sec-fetch-mode": "no-cors"}
        assert client.get("/my-data", headers=embedding).status_code == 403
        assert client.get("/", headers={"sec-fetch-site": site, "sec-fetch-mode": "navigate"}).status_code == 200

    def test_two_hosts_are_none(self, records: SqlRecords) -> None:
        headers = [("host", "127.0.0.1"), ("host", "evil.test")]
        assert page_of(records).get("/", headers=headers).status_code == 400

    @pytest.mark.parametrize("host", ["[", "127.0.0.1]", "[::1", "127.0.0.1:x@evil.test", "evil.test#127.0.0.1"])
    def test_a_host_that_is_none_is_refused(self, records: SqlRecords, host: str) -> None:
        assert page_of(records).get("/", headers={"host": host}).status_code == 403


class TestCookies:
    def test_thousands_of_ids_are_not_looked_up(self, records: SqlRecords, monkeypatch: pytest.MonkeyPatch) -> None:
        looked_up = []
        monkeypatch.setattr(records, "has_learner", lambda one: looked_up.append(one))
        page_of(records).get("/", headers={"cookie": f"{COOKIE}={'.'.join(['x'] * 10_000)}"})
        assert len(looked_up) <= 8

    def test_nothing_but_ids_comes_back_in_a_cookie(self, records: SqlRecords) -> None:
        told = r"a\015\012Evil: yes; Path=/x.good"
        reply = page_of(records).get("/", headers={"cookie": f'{COOKIE}="{told}"'})
        assert "evil" not in reply.headers
        assert "Evil" not in reply.headers["set-cookie"]

    def test_signing_in_makes_a_new_sign_in_and_ends_the_one_before(self, records: SqlRecords) -> None:
        for name in ("ada", "eve"):
            records.add_account(name, PASSWORD, role=Role.LEARNER)
        client = page_of(records)
        planted = signed_in(client, "eve").cookies[SIGN_IN_COOKIE]
        token = signed_in(client, "ada").cookies[SIGN_IN_COOKIE]
        assert token != planted
        assert client.get("/", headers={"cookie": f"{SIGN_IN_COOKIE}={planted}"}).status_code == 303

    @pytest.mark.parametrize("token", ["x", "x" * 60_000, "%00", "é", "a; a", '"', "null"])
    def test_a_made_up_sign_in_is_none(self, records: SqlRecords, token: str) -> None:
        records.add_account("ada", PASSWORD, role=Role.LEARNER)
        headers = {b"cookie": f"{SIGN_IN_COOKIE}={token}".encode()}
        assert page_of(records).get("/my-data", headers=headers).status_code == 401


class TestKept:
    def test_after_signing_out_the_way_back_shows_nothing(self, records: SqlRecords) -> None:
        records.add_account("ada", PASSWORD, role=Role.LEARNER)
        client = signed_in(page_of(records), "ada")
        for path in ("/", "/my-data", "/account", "/sign-in"):
            assert client.get(path).headers["cache-control"] == "no-store"
        assert "cache-control" not in client.get("/assets/a.js").headers

    def test_with_a_password_of_somebody_elses_nothing_but_that_can_be_done(self, records: SqlRecords) -> None:
        records.add_account("ada", PASSWORD, role=Role.LEARNER, temporary=True)
        client = signed_in(page_of(records), "ada")
        assert client.get("/my-data").status_code == 403
        assert client.post(JOIN, json=event()).status_code == 403
        assert client.get("/account").status_code == 200
        assert client.post("/sign-out").status_code == 303


class TestPlaces:
    def place(self, entrance: Entrance, address: str, *told: str) -> str:
        headers = [(b"x-forwarded-for", one.encode()) for one in told]
        return place_of(Request({"type": "http", "client": (address, 1), "headers": headers}), entrance)

    def test_the_proxy_at_this_machine_has_the_last_word(self) -> None:
        assert self.place(PUBLIC, "127.0.0.1", "6.6.6.6, 10.0.0.7") == "10.0.0.7"
        assert self.place(PUBLIC, "127.0.0.1", "6.6.6.6", "10.0.0.7") == "10.0.0.7"
        assert self.place(PUBLIC, "127.0.0.1") == "127.0.0.1"

    def test_nobody_else_is_believed(self) -> None:
        assert self.place(PUBLIC, "9.9.9.9", "10.0.0.7") == "9.9.9.9"
        assert self.place(Entrance(), "127.0.0.1", "10.0.0.7") == "127.0.0.1"

    def test_the_addresses_of_one_household_are_one_place(self) -> None:
        assert self.place(Entrance(), "2001:db8:1:2:3::4") == self.place(Entrance(), "2001:db8:1:2:ffff::9")
        assert self.place(Entrance(), "2001:db8:1:2::4") != self.place(Entrance(), "2001:db8:1:3::4")
        assert self.place(Entrance(), "::ffff:10.0.0.7") == "10.0.0.7"

    def test_ever_new_names_from_one_place_do_not_fill_the_memory(self) -> None:
        throttle: Any = Throttle()
        for number in range(1000):
            try:
                throttle.count(f"name{number}", "10.0.0.7")
            except TooOften:
                continue
        assert len(throttle._limiter.storage.events) <= 601
