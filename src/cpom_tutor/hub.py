"""The hub that models come from: is it there at all, and what it says when it is not."""

import socket
from urllib.parse import urlsplit
from urllib.request import getproxies

_SECONDS = 3.0


def reachable(url: str) -> bool:
    """Whether the hub (or the proxy on the way to it) answers at all: its client would retry for 80 s."""
    proxies = getproxies()
    address = urlsplit(proxies.get("https") or proxies.get("all") or url)
    port = address.port or (443 if address.scheme == "https" else 80)
    try:
        with socket.create_connection((address.hostname or "", port), timeout=_SECONDS):
            return True
    except OSError:
        return False


def first_line(error: BaseException) -> str:
    """The first line of an error's message, short enough for a sentence."""
    return (str(error).strip() or type(error).__name__).splitlines()[0][:200]
