"""Who may review: the person at the machine, and nobody who comes through a network or a proxy."""

import pytest
from starlette.requests import HTTPConnection

from cpom_tutor.errors import NotAllowed
from cpom_tutor.ui.doors import allowed_names
from cpom_tutor.ui.reviewers import Reviewers
from cpom_tutor.ui.visitors import LOOPBACK


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
def test_the_person_at_the_machine_may_review(client: str) -> None:
    assert Reviewers(LOOPBACK).may(sent(client, host="127.0.0.1:7860", user_agent="a browser"))


@pytest.mark.parametrize("client", ["10.0.0.7", "192.168.1.20", "::ffff:10.0.0.7", "fe80::1", "testclient", "", None])
def test_another_machine_may_not(client: str | None) -> None:
    assert not Reviewers(LOOPBACK).may(sent(client))


@pytest.mark.parametrize(
    "header",
    ["forwarded", "x_forwarded_for", "x_forwarded_proto", "X_Forwarded_Host", "x_real_ip", "X_Real_IP", "via", "Via"],
)
@pytest.mark.parametrize("value", ["", "127.0.0.1", "for=127.0.0.1"])
def test_whoever_comes_through_a_proxy_may_not_whatever_it_tells(header: str, value: str) -> None:
    assert not Reviewers(LOOPBACK).may(sent(**{header: value}))


def test_a_proxy_that_tells_nothing_is_known_by_its_old_protocol() -> None:
    assert not Reviewers(LOOPBACK).may(sent(version="1.0"))


def test_no_request_is_nobody() -> None:
    assert not Reviewers(LOOPBACK).may(None)


def test_nobody_reviews_where_other_names_are_let_in() -> None:
    assert not Reviewers(None).may(sent())
    assert not Reviewers(LOOPBACK | {"tutor.example"}).may(sent())
    assert not Reviewers(allowed_names("0.0.0.0", insecure=True)).may(sent())
    assert Reviewers(allowed_names("127.0.0.7", insecure=False)).may(sent())


def test_the_refusal_says_where_to_review() -> None:
    with pytest.raises(NotAllowed, match=r"open this page there, at 127\.0\.0\.1"):
        Reviewers(None).admit(sent())
