"""What a browser may ask for: the app's own addresses, and the few of Gradio's that its page uses; no more is there.

Gradio brings some ninety addresses (uploads, files, an open API, monitoring); one that is not listed here, of this
version or a later one, is answered with 404 before anybody is asked who they are. The tests ask of every address that
the app has who may use it: `tests/endpoint_rules.py`.
"""

SIGN_IN, SIGN_OUT, ACCOUNT = "/sign-in", "/sign-out", "/account"

JOIN = "/gradio_api/queue/join"
"""Takes an event of an open page."""

EVENTS = "/gradio_api/queue/data"
"""Gives what came of it."""

_READ, _SEND = frozenset({"GET"}), frozenset({"POST"})
_ALLOWED = {
    "/": frozenset({"GET", "HEAD"}),
    SIGN_IN: _READ | _SEND,
    SIGN_OUT: _SEND,
    ACCOUNT: _READ,
    f"{ACCOUNT}/password": _SEND,
    f"{ACCOUNT}/name": _SEND,
    f"{ACCOUNT}/delete": _SEND,
    "/my-data": _READ,
    "/class.csv": _READ,
    # A page whose server was away asks whether it is another one by now.
    "/gradio_api/app_id": _READ,
    JOIN: _SEND,
    EVENTS: _READ,
}
# The same for everybody; browsers may keep it.
_OF_THE_PAGE = frozenset({"/favicon.ico", "/theme.css", "/static/js/iframeResizer.contentWindow.min.js"})
_ASSETS, _FILES = "/assets/", "/take-away/"


def is_allowed(method: str, path: str) -> bool:
    """Whether the app uses this."""
    if is_everybodys(path) or _is_file_of(_FILES, path):
        return method == "GET"
    return method in _ALLOWED.get(path, ())


def is_everybodys(path: str) -> bool:
    """Whether it is a part of the page that holds nothing of anybody."""
    return path in _OF_THE_PAGE or _is_file_of(_ASSETS, path)


def _is_file_of(folder: str, path: str) -> bool:
    """Whether it is a name in the folder, and leads nowhere else."""
    name = path.removeprefix(folder)
    return name != path and name not in ("", ".", "..") and not set(name) & set("/\\")
