"""Who is at the other end: somebody signed in, or an anonymous learner by cookie, on a page that only its own origin
may use."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import SplitResult, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cpom_tutor.account_protocols import SignIns
from cpom_tutor.accounts import Account
from cpom_tutor.errors import BadInput, NotAllowed, NotFound, TutorError
from cpom_tutor.protocols import Records
from cpom_tutor.ui.allowed import ACCOUNT, EVENTS, JOIN, SIGN_IN, SIGN_OUT, is_allowed, is_everybodys
from cpom_tutor.ui.bodies import Gone, TooLong, replayed, whole_body
from cpom_tutor.ui.own_streams import OwnStreams, event_of

COOKIE = "cpom_tutor_learner"
"""Of an anonymous learner."""

SIGN_IN_COOKIE = "cpom_tutor_sign_in"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

_YEAR = 365 * 24 * 3600
_REMEMBERED = 8
_SIGN_IN_FIRST = "You are not signed in, or not any more; reload the page to sign in."
_OWN_FIRST = "Somebody else made your password; reload the page to choose one of your own first."
_NOT_THIS_PAGE = "This page is not yours, or is from before you signed in; reload it."
_LONGEST = {JOIN: 4 << 20}  # an open turn of the Review tab comes back with all that was before it
_LONGEST_FORM = 64 << 10
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_HEADERS = {
    # Gradio's page needs inline code and eval; nothing may be loaded from, or sent to, anywhere else.
    "content-security-policy": "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'self'",
    # “no-referrer” would make browsers hide the origin of our own forms.
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    # Another port of this machine counts as the same site for cookies.
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


@dataclass(frozen=True, slots=True)
class Entrance:
    """Under which names the page may be asked for, and by whom.

    Attributes:
        names: host names; None for any.
        must_sign_in: nobody is anonymous, even while there is no account.
        public: the address that others type, where a proxy stands before the tutor; may be empty.
    """

    names: frozenset[str] | None = LOOPBACK
    must_sign_in: bool = False
    public: str = ""

    @property
    def encrypted(self) -> bool:
        """Whether browsers reach it by TLS alone, so that a cookie need not travel otherwise."""
        return self.public.startswith("https://")


def account_of(cookies: Mapping[str, str], records: SignIns) -> Account | None:
    """Who is signed in on the browser that sent these cookies; None for nobody.

    Raises:
        RecordsUnavailable: the database cannot be read.
    """
    token = cookies.get(SIGN_IN_COOKIE, "")
    return records.signed_in(token, datetime.now(UTC)) if token else None


def learner_of(cookies: Mapping[str, str], records: SignIns) -> str:
    """The learner whose browser sent these cookies: of whoever is signed in, or anonymous where nobody can be.

    Raises:
        NotAllowed: there are accounts, and nobody is signed in.
        NotFound: the browser sent no cookie that is known here.
        RecordsUnavailable: the database cannot be read.
    """
    account = account_of(cookies, records)
    if account:
        return account.learner
    if records.has_accounts():
        raise NotAllowed(_SIGN_IN_FIRST)
    for learner in _ids_in(cookies):
        if records.has_learner(learner):
            return learner
    raise NotFound("Your browser is not known here yet; reload the page, and allow its cookie if that fails.")


def _ids_in(cookies: Mapping[str, str]) -> list[str]:
    """The first few ids of the anonymous learner's cookie: whoever sends thousands costs no more than others."""
    ids = cookies.get(COOKIE, "").split(".", _REMEMBERED)[:_REMEMBERED]
    return [one for one in ids if _ID.fullmatch(one)]


@dataclass(frozen=True, slots=True)
class _Met:
    """What is known of whoever sent a request.

    Attributes:
        browser: what only their browser knows.
        refused: the answer to somebody who may not go on.
        cookie: to be set, of somebody who may.
    """

    browser: frozenset[str] = frozenset()
    refused: Response | None = None
    cookie: str | None = None


class Visitors:
    """ASGI middleware: nobody gets in without an account where there are accounts; elsewhere each browser gets a
    learner. Refuses other sites and what the app does not use, keeps pages apart, forbids outside assets."""

    def __init__(self, app: ASGIApp, records: Records, entrance: Entrance | None = None) -> None:
        """Takes who may enter and how; this machine alone by default."""
        self.app, self.records, self.entrance = app, records, entrance or Entrance()
        self.streams = OwnStreams()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers or hands on one request."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        met = _Met(refused=self._refusal(scope, headers))
        try:
            if not met.refused:
                met = await run_in_threadpool(self._identified, scope)
            if not met.refused:
                scope, receive = await self._read(scope, receive, met.browser)
        except Gone:
            return
        except TutorError as error:
            met = _Met(refused=_refused(scope, str(error), _status(error)))

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                answer.update(_HEADERS)
                if not is_everybodys(scope["path"]):
                    # Nor by the browser, whose way back would show it after signing out.
                    answer["cache-control"] = "no-store"
                if met.cookie:
                    answer.append("set-cookie", met.cookie)
            await send(message)

        await (met.refused or self.app)(scope, receive, send_with_headers)

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        """Another name than ours means a rebound DNS name; another origin means another site's page."""
        if scope["type"] != "http":
            return PlainTextResponse("Not found.", status_code=404)
        host = headers.get("host", "")
        if len(headers.getlist("host")) > 1:
            return PlainTextResponse("Say once which page you want.", status_code=400)
        if self.entrance.names is not None and _name(host) not in self.entrance.names:
            return PlainTextResponse(_elsewhere(self.entrance), status_code=403)
        if not self._is_own_page(headers, host):
            return _refused(scope, "Another site may not use this one.", 403)
        if not is_allowed(scope["method"], scope["path"]):
            return _refused(scope, "Not found.", 404)
        return None

    def _is_own_page(self, headers: Headers, host: str) -> bool:
        """Whether it may be a page of ours that asks; a person who follows a link from elsewhere may come in."""
        origin, site = headers.get("origin"), headers.get("sec-fetch-site")
        if origin is None:
            return site not in ("cross-site", "same-site") or headers.get("sec-fetch-mode") == "navigate"
        public = urlsplit(self.entrance.public)
        try:
            page = urlsplit(origin)
            # A proxy may tell the tutor its own name for it; what the browser has typed is the public one.
            ours = {_door(public), _door(urlsplit(f"{page.scheme}://{host}"))}
            return (
                bool(page.hostname)
                and _door(page) in ours
                and (page.scheme == public.scheme or page.hostname != public.hostname)
            )
        except ValueError:  # no address at all
            return False

    def _identified(self, scope: Scope) -> _Met:
        """Who it is, and whether they may go on."""
        path, cookies = scope["path"], HTTPConnection(scope).cookies
        front = path == "/"
        page = front or (path == ACCOUNT and scope["method"] == "GET")
        account = account_of(cookies, self.records)
        if account:
            # Whoever else knows the password is kept waiting at the door.
            if account.temporary and not path.startswith((ACCOUNT, SIGN_IN, SIGN_OUT)):
                return _Met(refused=_to(ACCOUNT) if front else _refused(scope, _OWN_FIRST, 403))
            return _Met(frozenset({cookies[SIGN_IN_COOKIE]}))
        if self.entrance.must_sign_in or self.records.has_accounts():
            if path == SIGN_IN:
                return _Met()
            return _Met(refused=_to(SIGN_IN) if page else _refused(scope, _SIGN_IN_FIRST, 401))
        known = _ids_in(cookies)
        return _Met(frozenset(known), cookie=self._new_cookie(known) if front and scope["method"] == "GET" else None)

    def _new_cookie(self, ids: list[str]) -> str | None:
        """The cookie to set, or None for a browser that is known.

        A browser sends one cookie to every port of a machine, so ids that are not known here are kept: they
        may belong to another data folder whose turn it is tomorrow.
        """
        if any(self.records.has_learner(one) for one in ids):
            return None
        kept = [self.records.add_learner(), *ids][:_REMEMBERED]
        return f"{COOKIE}={'.'.join(kept)}; Max-Age={_YEAR}; Path=/; HttpOnly; SameSite=Lax"

    async def _read(self, scope: Scope, receive: Receive, browser: frozenset[str]) -> tuple[Scope, Receive]:
        """The request as the app is to see it, once it is sure that the page it names is the browser's own.

        Raises:
            Gone: whoever sent it has left.
            TooLong, BadInput, NotFound: it is not to be handed on.
        """
        path, page = scope["path"], None
        if path == "/":
            # Gradio would look up stored states of the page by what stands there.
            scope = {**scope, "query_string": b""}
        elif path == EVENTS:
            page = QueryParams(scope["query_string"]).get("session_hash", "")
        elif scope["method"] == "POST":
            body = await whole_body(receive, _LONGEST.get(path, _LONGEST_FORM))
            if path == JOIN:
                page, body = event_of(body)
                scope = {**scope, "headers": _with_length(scope, len(body))}
            receive = replayed(body, receive)
        if page is not None and not self.streams.claim(page, browser):
            raise NotFound(_NOT_THIS_PAGE)
        return scope, receive


def _with_length(scope: Scope, length: int) -> list[tuple[bytes, bytes]]:
    # The body is written anew, in one piece.
    dropped = (b"content-length", b"transfer-encoding")
    kept = [(name, value) for name, value in scope["headers"] if name not in dropped]
    return [*kept, (b"content-length", str(length).encode())]


def _refused(scope: Scope, sentence: str, status: int) -> Response:
    """A sentence, in the form in which Gradio's page reads and shows it where that asks."""
    if scope["path"].startswith("/gradio_api/"):
        return JSONResponse({"detail": sentence}, status_code=status)
    return PlainTextResponse(sentence, status_code=status)


def _status(error: TutorError) -> int:
    known: dict[type[TutorError], int] = {TooLong: 413, BadInput: 400, NotFound: 404}
    return known.get(type(error), 503)


def _to(path: str) -> Response:
    return RedirectResponse(path, status_code=303)


def _elsewhere(entrance: Entrance) -> str:
    return f"Open this page as {entrance.public or 'http://127.0.0.1 on its own machine'}."


def _name(host: str) -> str:
    """`[::1]:7860` -> `::1`; empty for what is no name."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _door(address: SplitResult) -> tuple[str | None, int | None]:
    """Host and port. Raises ValueError for a port that is none."""
    return address.hostname, address.port or {"http": 80, "https": 443}.get(address.scheme)
