"""Who is at the other end: somebody signed in, or an anonymous learner by cookie, on a page that only its own origin
may use."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cpom_tutor.account_protocols import SignIns
from cpom_tutor.accounts import Account
from cpom_tutor.errors import NotAllowed, NotFound, TutorError
from cpom_tutor.protocols import Records

COOKIE = "cpom_tutor_learner"
"""Of an anonymous learner."""

SIGN_IN_COOKIE = "cpom_tutor_sign_in"
SIGN_IN, ACCOUNT = "/sign-in", "/account"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

_YEAR = 365 * 24 * 3600
_REMEMBERED = 8
_SIGN_IN_FIRST = "You are not signed in, or not any more; reload the page to sign in."
# Parts of Gradio that this app does not use: uploads, the open API, the monitor, the installable app.
_CLOSED = (
    "/gradio_api/upload",
    "/gradio_api/info",
    "/gradio_api/openapi",
    "/gradio_api/proxy",
    "/gradio_api/run",
    "/gradio_api/api",
    "/gradio_api/call",
    "/gradio_api/vibe",
    "/gradio_api/process_recording",
    "/gradio_api/deep_link",
    "/monitoring",
    "/manifest.json",
    "/pwa_icon",
)
_HEADERS = {
    # Gradio's page needs inline code and eval; nothing may be loaded from, or sent to, anywhere else.
    "content-security-policy": "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'self'",
    # “no-referrer” would make browsers hide the origin of our own forms.
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
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
    for learner in cookies.get(COOKIE, "").split("."):
        if learner and records.has_learner(learner):
            return learner
    raise NotFound("Your browser is not known here yet; reload the page, and allow its cookie if that fails.")


class Visitors:
    """ASGI middleware: nobody gets in without an account where there are accounts; elsewhere each browser gets a
    learner. Refuses other sites, forbids outside assets."""

    def __init__(self, app: ASGIApp, records: Records, entrance: Entrance | None = None) -> None:
        """Takes who may enter and how; this machine alone by default."""
        self.app, self.records, self.entrance = app, records, entrance or Entrance()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers or hands on one request."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refused, cookie = self._refusal(scope, headers), None
        if not refused:
            try:
                refused, cookie = await run_in_threadpool(self._identified, scope, headers.get("cookie", ""))
            except TutorError as error:
                refused = PlainTextResponse(str(error), status_code=503)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                answer.update(_HEADERS)
                if cookie:
                    answer.append("set-cookie", cookie)
            await send(message)

        await (refused or self.app)(scope, receive, send_with_headers)

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        """Another name than ours means a rebound DNS name; another origin means another site's page."""
        if scope["type"] != "http":
            return PlainTextResponse("Not found.", status_code=404)
        host, origin = headers.get("host", ""), headers.get("origin")
        if self.entrance.names is not None and _name(host) not in self.entrance.names:
            return PlainTextResponse("Open this page as http://127.0.0.1 on its own machine.", status_code=403)
        # A proxy may tell the tutor its own name for it; what the browser has typed is the public one.
        if origin is not None and urlsplit(origin).netloc not in (host, urlsplit(self.entrance.public).netloc or host):
            return PlainTextResponse("Another site may not use this one.", status_code=403)
        if scope["path"].startswith(_CLOSED):
            return PlainTextResponse("Not found.", status_code=404)
        return None

    def _identified(self, scope: Scope, sent: str) -> tuple[Response | None, str | None]:
        """What to answer somebody who may not go on, or the cookie to set for somebody who may."""
        front = scope["path"] == "/" and scope["method"] in ("GET", "HEAD")
        account = account_of(cookie_parser(sent), self.records)
        if account:
            # Whoever else knows the password is kept waiting at the door.
            return (_to(ACCOUNT) if front and account.temporary else None), None
        if self.entrance.must_sign_in or self.records.has_accounts():
            if scope["path"] == SIGN_IN:
                return None, None
            return (_to(SIGN_IN) if front else PlainTextResponse(_SIGN_IN_FIRST, status_code=401)), None
        return None, self._new_cookie(sent) if front and scope["method"] == "GET" else None

    def _new_cookie(self, sent: str) -> str | None:
        """The cookie to set, or None for a browser that is known.

        A browser sends one cookie to every port of a machine, so ids that are not known here are kept: they
        may belong to another data folder whose turn it is tomorrow.
        """
        try:
            before = SimpleCookie(sent).get(COOKIE)
        except CookieError:
            before = None
        ids = [one for one in before.value.split(".") if one] if before else []
        if any(self.records.has_learner(one) for one in ids):
            return None
        kept = [self.records.add_learner(), *ids][:_REMEMBERED]
        return f"{COOKIE}={'.'.join(kept)}; Max-Age={_YEAR}; Path=/; HttpOnly; SameSite=Lax"


def _to(path: str) -> Response:
    return RedirectResponse(path, status_code=303, headers={"cache-control": "no-store"})


def _name(host: str) -> str:
    """`[::1]:7860` -> `::1`."""
    return urlsplit(f"//{host}").hostname or ""
