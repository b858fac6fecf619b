"""Who may review: the person at the machine, and nobody who comes by way of a network or a proxy."""

import ipaddress

from starlette.requests import HTTPConnection

from cpom_tutor.errors import NotAllowed
from cpom_tutor.ui.visitors import LOOPBACK

_NOT_HERE = "Reviewing is for the person at the machine that runs the tutor; open this page there, at 127.0.0.1."
_TOLD_BY_PROXIES = ("forwarded", "x-real-ip", "via", "client-ip", "true-client-ip", "cf-connecting-ip")
_TOLD_BY_PROXIES_FROM = "x-forwarded"


class Reviewers:
    """Decides for each request anew; nothing that a browser was told earlier counts."""

    def __init__(self, hosts: frozenset[str] | None = LOOPBACK) -> None:
        """Takes the names under which the page may be asked for; None lets any name in, and then nobody reviews."""
        self._alone = hosts is not None and all(_is_loopback(name) for name in hosts)

    def may(self, request: HTTPConnection | None) -> bool:
        """Whether whoever sent this may see what learners asked, and judge it."""
        if not self._alone or request is None or request.client is None:
            return False
        told = any(
            name in _TOLD_BY_PROXIES or name.startswith(_TOLD_BY_PROXIES_FROM)
            for name in (header.lower() for header in request.headers)
        )
        # No browser speaks HTTP/1.0, and a proxy that adds no header to what it hands on often does.
        modern = request.scope.get("http_version", "") not in ("", "1.0")
        return modern and not told and _is_loopback(request.client.host)

    def admit(self, request: HTTPConnection | None) -> None:
        """Lets a reviewer pass.

        Raises:
            NotAllowed: for everybody else.
        """
        if not self.may(request):
            raise NotAllowed(_NOT_HERE)


def _is_loopback(name: str) -> bool:
    if name == "localhost":
        return True
    try:
        address = ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback)
