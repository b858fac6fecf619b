"""Signing in and out, and one's own account: plain pages that work without a script.

Each takes the account from the request's cookie; nothing else that is sent says whose it is.
"""

import ipaddress
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

from fastapi import FastAPI, Form, Request, Response
from starlette.responses import HTMLResponse, RedirectResponse

from cpom_tutor.account_protocols import Accounts
from cpom_tutor.accounts import LONGEST_NAME, LONGEST_SIGN_IN, Account, folded
from cpom_tutor.errors import BadInput, NotAllowed, NotFound, RecordsUnavailable
from cpom_tutor.ui.allowed import ACCOUNT, SIGN_IN, SIGN_OUT
from cpom_tutor.ui.render_account import account_page, deleted_page, sign_in_page
from cpom_tutor.ui.spoken import sentence_of
from cpom_tutor.ui.throttle import Throttle, TooOften
from cpom_tutor.ui.visitors import SIGN_IN_COOKIE, Entrance, account_of

_Typed = Annotated[str, Form()]
_UNSTORED = {"cache-control": "no-store"}
_SURE = "DELETE"


def add_account_pages(app: FastAPI, accounts: Accounts, entrance: Entrance) -> None:
    """Adds the pages to the app, before Gradio is mounted on it."""
    throttle = Throttle()
    add_doors(app, accounts, entrance, throttle)
    add_own_account(app, accounts, entrance, throttle)


def add_doors(app: FastAPI, accounts: Accounts, entrance: Entrance, throttle: Throttle) -> None:
    """Adds signing in and signing out."""

    @app.get(SIGN_IN)
    def form(request: Request) -> Response:
        if account_of(request.cookies, accounts) or not (entrance.must_sign_in or accounts.has_accounts()):
            return _to("/")
        return _page(sign_in_page())

    @app.post(SIGN_IN)
    def sign_in(request: Request, name: _Typed = "", password: _Typed = "") -> Response:
        tried, place = folded(name)[:LONGEST_NAME], place_of(request, entrance)
        try:
            counted = _counted(accounts, tried)
            throttle.count(counted, place)
            token = accounts.sign_in(tried, password, datetime.now(UTC))
        except TooOften as error:
            wait = {"retry-after": str(error.seconds)}
            return _page(sign_in_page(name=tried, problem=str(error)), status=429, headers=wait)
        except Exception as error:  # noqa: BLE001  (logged; nobody sees a stack trace)
            return _page(sign_in_page(name=tried, problem=sentence_of(error)), status=_status(error))
        throttle.succeeded(counted, place)
        # Whoever was signed in on this browser before is not any more.
        accounts.sign_out(request.cookies.get(SIGN_IN_COOKIE, ""))
        answer = _to("/")
        _keep(answer, token, entrance)
        return answer

    @app.post(SIGN_OUT)
    def sign_out(request: Request) -> Response:
        accounts.sign_out(request.cookies.get(SIGN_IN_COOKIE, ""))
        answer = _to(SIGN_IN)
        answer.delete_cookie(SIGN_IN_COOKIE)
        return answer


def add_own_account(app: FastAPI, accounts: Accounts, entrance: Entrance, throttle: Throttle) -> None:
    """Adds the page of one's own account, and what can be changed there."""

    @app.get(ACCOUNT)
    def own(request: Request) -> Response:
        account = account_of(request.cookies, accounts)
        return _page(account_page(account, accounts.byline(account.learner))) if account else _to("/")

    @app.post(ACCOUNT + "/password")
    def password(request: Request, old: _Typed = "", new: _Typed = "", again: _Typed = "") -> Response:
        def work(account: Account) -> str:
            if new != again:
                raise BadInput("The two new passwords differ, so nothing was changed; type them again.")
            place = place_of(request, entrance)
            counted = _counted(accounts, account.name)
            throttle.count(counted, place)
            accounts.change_password(account.name, old, new, keep=request.cookies.get(SIGN_IN_COOKIE, ""))
            throttle.succeeded(counted, place)
            return "Your password is changed. Other browsers are signed out."

        return _changed(request, accounts, work)

    @app.post(ACCOUNT + "/name")
    def share(request: Request, shares: _Typed = "") -> Response:
        def work(account: Account) -> str:
            accounts.share_name(account.name, shares == "yes")
            return "Saved: instructors read your name." if shares == "yes" else "Saved: instructors read a pseudonym."

        return _changed(request, accounts, work)

    @app.post(ACCOUNT + "/delete")
    def delete(request: Request, sure: _Typed = "", password: _Typed = "") -> Response:
        def work(account: Account) -> str:
            if sure.strip().upper() != _SURE:
                raise BadInput(f"Nothing was deleted; type {_SURE} into the field if you are sure.")
            throttle.count(_counted(accounts, account.name), place_of(request, entrance))
            try:
                accounts.sign_out(accounts.sign_in(account.name, password, datetime.now(UTC)))
            except NotAllowed:
                raise NotAllowed("The password is not right, so nothing was deleted; type it again.") from None
            accounts.delete_account(account.name)
            return ""

        answer = _changed(request, accounts, work, leaving=True)
        if not account_of(request.cookies, accounts):
            answer.delete_cookie(SIGN_IN_COOKIE)
        return answer


def place_of(request: Request, entrance: Entrance) -> str:
    """Where a request comes from: through the proxy that the maintainer put there, what that says last."""
    place = request.client.host if request.client else ""
    if entrance.public and place in ("127.0.0.1", "::1"):
        # Whatever stands before it, on the same line or on lines of its own, may come from the browser.
        told = ",".join([place, *request.headers.getlist("x-forwarded-for")])
        place = told.rsplit(",", 1)[-1].strip()[:64]
    return _network(place)


def _network(place: str) -> str:
    """The address; of IPv6 the half that a household or a lab is given whole."""
    try:
        address = ipaddress.ip_address(place)
    except ValueError:
        return place
    if isinstance(address, ipaddress.IPv4Address):
        return place
    return str(address.ipv4_mapped or ipaddress.ip_network((address.packed, 64), strict=False).network_address)


def _counted(accounts: Accounts, name: str) -> str:
    """What tries at a name are counted by: a new password is a new lock, which nobody has tried yet."""
    return f"{name} {accounts.password_stamp(name)}"


def _changed(
    request: Request, accounts: Accounts, work: Callable[[Account], str], *, leaving: bool = False
) -> Response:
    """The page of the account after something was done to it; what went wrong stands there too."""
    account = account_of(request.cookies, accounts)
    if account is None:
        return _to("/")
    try:
        note = work(account)
    except Exception as error:  # noqa: BLE001  (logged; nobody sees a stack trace)
        problem = account_page(account, accounts.byline(account.learner), problem=sentence_of(error), leaving=leaving)
        return _page(problem, status=_status(error))
    account = account_of(request.cookies, accounts)
    return _page(account_page(account, accounts.byline(account.learner), note=note) if account else deleted_page())


def _status(error: Exception) -> int:
    known = {TooOften: 429, NotAllowed: 403, BadInput: 400, NotFound: 404, RecordsUnavailable: 503}
    return known.get(type(error), 500)


def _page(html: str, *, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return HTMLResponse(html, status_code=status, headers={**_UNSTORED, **(headers or {})})


def _to(path: str) -> Response:
    return RedirectResponse(path, status_code=303, headers=_UNSTORED)


def _keep(answer: Response, token: str, entrance: Entrance) -> None:
    seconds = int(LONGEST_SIGN_IN.total_seconds())
    answer.set_cookie(
        SIGN_IN_COOKIE, token, max_age=seconds, httponly=True, samesite="lax", secure=entrance.encrypted
    )  # fmt: skip
