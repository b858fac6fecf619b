"""How the app is served: who may reach it, which port it takes, what it says."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from cpom_tutor.config import Settings
from cpom_tutor.errors import BadInput, RecordsUnavailable
from cpom_tutor.records.store import SqlRecords, open_records
from cpom_tutor.ui.doors import address_of, bound_socket, entrance, warning
from cpom_tutor.ui.visitors import COOKIE, LOOPBACK, Entrance, Visitors

EVENT = {"session_hash": "page", "data": []}


@pytest.fixture
def records(tmp_path: Path) -> Iterator[SqlRecords]:
    store = open_records(Settings(tmp_path))
    yield store
    store.close()


@pytest.fixture
def client(records: SqlRecords) -> Iterator[TestClient]:
    app = FastAPI()

    @app.get("/")
    @app.get("/gradio_api/upload")
    @app.post("/gradio_api/queue/join")
    def page() -> str:
        return "page"

    app.add_middleware(Visitors, records=records)
    with TestClient(app, base_url="http://127.0.0.1:7860") as client:
        yield client


def test_the_first_page_gives_a_learner_and_the_next_keeps_it(client: TestClient, records: SqlRecords) -> None:
    first = client.get("/")
    assert "HttpOnly; SameSite=Lax" in first.headers["set-cookie"]
    assert records.has_learner(client.cookies[COOKIE])
    assert "set-cookie" not in client.get("/").headers


def test_an_unknown_id_gets_a_learner_and_is_kept_for_the_folder_it_belongs_to(
    client: TestClient, records: SqlRecords
) -> None:
    sent = client.get("/", headers={"cookie": f"{COOKIE}=elsewhere"}).headers["set-cookie"]
    learner, other = sent.split(";")[0].removeprefix(f"{COOKIE}=").split(".")
    assert records.has_learner(learner)
    assert other == "elsewhere"


def test_nothing_from_outside_may_be_loaded(client: TestClient) -> None:
    policy = client.get("/").headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "http" not in policy


@pytest.mark.parametrize("host", ["evil.test", "127.0.0.1.evil.test", "", "evil.test:7860", "10.0.0.7"])
def test_another_name_for_this_machine_is_refused(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 403


@pytest.mark.parametrize("host", ["127.0.0.1:7860", "localhost:1", "[::1]:7860", "LOCALHOST"])
def test_this_machines_own_names_are_taken(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("origin", ["http://evil.test", "http://127.0.0.1:9999", "null"])
def test_another_sites_page_may_not_call(client: TestClient, origin: str) -> None:
    assert client.post("/gradio_api/queue/join", json=EVENT, headers={"origin": origin}).status_code == 403


def test_its_own_page_may_call(client: TestClient) -> None:
    own = {"origin": "http://127.0.0.1:7860"}
    assert client.post("/gradio_api/queue/join", json=EVENT, headers=own).status_code == 200


def test_what_the_app_does_not_use_is_closed(client: TestClient) -> None:
    assert client.get("/gradio_api/upload").status_code == 404


def test_a_database_fault_is_a_sentence(
    client: TestClient, records: SqlRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> str:
        raise RecordsUnavailable("The database cannot be written; check the disk.")

    monkeypatch.setattr(records, "add_learner", broken)
    reply = client.get("/")
    assert (reply.status_code, reply.text) == (503, "The database cannot be written; check the disk.")


OTHERS = ["0.0.0.0", "192.168.1.20", "::", "tutor.example"]
PUBLIC = "https://tutor.example.org"


@pytest.mark.parametrize("host", OTHERS)
def test_an_address_that_others_can_reach_needs_accounts_or_insecure(host: str) -> None:
    with pytest.raises(BadInput, match="users add NAME, or add --insecure"):
        entrance(host, insecure=False, accounts=False)
    assert entrance(host, insecure=True, accounts=False) == Entrance(None)
    for insecure in (False, True):
        assert entrance(host, insecure=insecure, accounts=True) == Entrance(None, must_sign_in=True)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.0.0.7"])
def test_loopback_needs_nothing(host: str) -> None:
    assert entrance(host, insecure=False, accounts=False) == Entrance(LOOPBACK | {host})
    assert warning(host, Entrance()) == ""


@pytest.mark.parametrize("host", ["127.0.0.1", *OTHERS])
def test_a_public_address_needs_accounts_even_with_insecure(host: str) -> None:
    with pytest.raises(BadInput, match="there are no accounts"):
        entrance(host, insecure=True, accounts=False, public=PUBLIC)
    found = entrance(host, insecure=False, accounts=True, public=PUBLIC)
    assert found == Entrance(LOOPBACK | {host, "tutor.example.org"}, must_sign_in=True, public=PUBLIC)
    assert warning(host, found) == ""


def test_whoever_serves_without_tls_is_told() -> None:
    assert "not encrypted" in warning("0.0.0.0", Entrance(None, must_sign_in=True))
    assert "Anybody" in warning("0.0.0.0", Entrance(None))


def test_a_busy_port_gives_the_next_free_one() -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        with bound_socket("127.0.0.1", port) as door:
            assert port < door.getsockname()[1] <= port + 100


@pytest.mark.parametrize(("host", "port"), [("127.0.0.1", 70_000), ("127.0.0.1", -1), ("no.such.host.invalid", 7860)])
def test_a_host_or_port_that_cannot_be_used_is_a_sentence(host: str, port: int) -> None:
    with pytest.raises(BadInput):
        bound_socket(host, port)


def test_a_proxy_finds_the_tutor_where_it_looks_or_is_told() -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        with pytest.raises(BadInput, match=f"Port {port} is taken, and your proxy looks for the tutor there;"):
            bound_socket("127.0.0.1", port, exactly=True)


def test_the_address_can_be_typed() -> None:
    assert address_of("0.0.0.0", 7860) == "http://127.0.0.1:7860"
    assert address_of("::1", 7861) == "http://[::1]:7861"
