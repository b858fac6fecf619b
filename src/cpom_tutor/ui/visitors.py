"""Who is at the other end: an anonymous learner by cookie, on a page that only its own origin may use."""

from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cpom_tutor.errors import NotFound, TutorError
from cpom_tutor.protocols import Records

COOKIE = "cpom_tutor_learner"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

_YEAR = 365 * 24 * 3600
_REMEMBERED = 8
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
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


def learner_of(cookies: Mapping[str, str], records: Records) -> str:
    """The learner whose browser sent these cookies.

    Raises:
        NotFound: the browser sent no cookie that is known here.
        RecordsUnavailable: the database cannot be read.
    """
    for learner in cookies.get(COOKIE, "").split("."):
        if learner and records.has_learner(learner):
            return learner
    raise NotFound("Your browser is not known here yet; reload the page, and allow its cookie if that fails.")


class Visitors:
    """ASGI middleware: gives each browser a learner, refuses other sites, forbids outside assets."""

    def __init__(self, app: ASGIApp, records: Records, hosts: frozenset[str] | None = LOOPBACK) -> None:
        """Takes the names under which the page may be asked for; None lets any name in."""
        self.app, self.records, self.hosts = app, records, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers or hands on one request."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refused = self._refusal(scope, headers)
        if refused:
            await refused(scope, receive, send)
            return
        cookie = None
        if scope["path"] == "/" and scope["method"] == "GET":
            try:
                cookie = await run_in_threadpool(self._new_cookie, headers.get("cookie", ""))
            except TutorError as error:
                await PlainTextResponse(str(error), status_code=503)(scope, receive, send)
                return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                answer.update(_HEADERS)
                if cookie:
                    answer.append("set-cookie", cookie)
            await send(message)

        await self.app(scope, receive, send_with_headers)

    def _refusal(self, scope: Scope, headers: Headers) -> PlainTextResponse | None:
        """Another name than ours means a rebound DNS name; another origin means another site's page."""
        if scope["type"] != "http":
            return PlainTextResponse("Not found.", status_code=404)
        if self.hosts is not None:
            host, origin = _name(headers.get("host", "")), headers.get("origin")
            if host not in self.hosts:
                return PlainTextResponse("Open this page as http://127.0.0.1 on its own machine.", status_code=403)
            if origin is not None and urlsplit(origin).netloc != headers.get("host"):
                return PlainTextResponse("Another site may not use this one.", status_code=403)
        if scope["path"].startswith(_CLOSED):
            return PlainTextResponse("Not found.", status_code=404)
        return None

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


def _name(host: str) -> str:
    """`[::1]:7860` -> `::1`."""
    return urlsplit(f"//{host}").hostname or ""
