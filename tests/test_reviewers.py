"""Who may review: without accounts the person at the machine, and nobody who comes through a network or a proxy;
with accounts whoever is signed in as somebody who reviews."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.requests import HTTPConnection

from cpom_tutor.accounts import Role
from cpom_tutor.config import Settings
from cpom_tutor.errors import NotAllowed
from cpom_tutor.records.store import SqlRecords, open_records
from cpom_tutor.ui.doors import entrance
from cpom_tutor.ui.reviewers import Reviewers
from cpom_tutor.ui.visitors import LOOPBACK, SIGN_IN_COOKIE, Entrance


@pytest.fixture
def records(tmp_path: Path) -> Iterator[SqlRecords]:
    store = open_records(Settings(tmp_path))
    yield store
    store.close()


def sent(client: str | None = "127.0.0.1", version: str = "1.1", **headers: str) -> HTTPConnection:
    return HTTPConnection(
        {
            "type": "http",
            "http_version": version,
            "client": (client, 50_000) if client else None,
            "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
        }
    )


@pytest.mark.parametrize("client", ["127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1"])
def test_the_person_at_the_machine_may_review(records: SqlRecords, client: str) -> None:
    assert Reviewers(records).may(sent(client, host="127.0.0.1:7860", user_agent="a browser"))


@pytest.mark.parametrize("client", ["10.0.0.7", "192.168.1.20", "::ffff:10.0.0.7", "fe80::1", "testclient", "", None])
def test_another_machine_may_not(records: SqlRecords, client: str | None) -> None:
    assert not Reviewers(records).may(sent(client))


@pytest.mark.parametrize(
    "header",
    ["forwarded", "x_forwarded_for", "x_forwarded_proto", "X_Forwarded_Host", "x_real_ip", "X_Real_IP", "via", "Via"],
)
@pytest.mark.parametrize("value", ["", "127.0.0.1", "for=127.0.0.1"])
def test_whoever_comes_through_a_proxy_may_not_whatever_it_tells(records: SqlRecords, header: str, value: str) -> None:
    assert not Reviewers(records).may(sent(**{header: value}))


def test_a_proxy_that_tells_nothing_is_known_by_its_old_protocol(records: SqlRecords) -> None:
    assert not Reviewers(records).may(sent(version="1.0"))


def test_no_request_is_nobody(records: SqlRecords) -> None:
    assert not Reviewers(records).may(None)


def test_nobody_reviews_where_other_names_are_let_in(records: SqlRecords) -> None:
    assert not Reviewers(records, Entrance(None)).may(sent())
    assert not Reviewers(records, Entrance(LOOPBACK | {"tutor.example"})).may(sent())
    assert not Reviewers(records, entrance("0.0.0.0", insecure=True, accounts=False)).may(sent())
    assert Reviewers(records, entrance("127.0.0.7", insecure=False, accounts=False)).may(sent())


def test_the_refusal_says_where_to_review(records: SqlRecords) -> None:
    with pytest.raises(NotAllowed, match=r"open this page there, at 127\.0\.0\.1"):
        Reviewers(records, Entrance(None)).admit(sent())


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("client", ["127.0.0.1", "10.0.0.7"])
def test_with_accounts_the_role_of_whoever_is_signed_in_decides(records: SqlRecords, role: Role, client: str) -> None:
    records.add_account("ada", "correct horse", role=role, shown_as="Ada L.")
    token = records.sign_in("ada", "correct horse", datetime.now(UTC))
    request = sent(client, cookie=f"{SIGN_IN_COOKIE}={token}")
    for way_in in (Entrance(), Entrance(None, must_sign_in=True)):
        assert Reviewers(records, way_in).may(request) is (role is not Role.LEARNER)
    assert Reviewers(records).name_of(request) == "Ada L."


def test_with_accounts_the_person_at_the_machine_signs_in_too(records: SqlRecords) -> None:
    reviewers = Reviewers(records)
    assert reviewers.may(sent())
    records.add_account("ada", "correct horse", role=Role.LEARNER)
    assert not reviewers.may(sent())
    with pytest.raises(NotAllowed, match="for instructors"):
        reviewers.admit(sent(cookie=f"{SIGN_IN_COOKIE}=made-up"))
