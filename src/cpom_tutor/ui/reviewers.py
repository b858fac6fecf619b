"""Who may review: instructors who are signed in; without accounts, the person at the machine."""

import ipaddress

from starlette.requests import HTTPConnection

from cpom_tutor.account_protocols import SignIns
from cpom_tutor.errors import NotAllowed
from cpom_tutor.ui.visitors import Entrance, account_of

_NOT_HERE = "Reviewing is for the person at the machine that runs the tutor; open this page there, at 127.0.0.1."
_NOT_YOURS = "Reviewing is for instructors; ask whoever runs the tutor to make you one."
_TOLD_BY_PROXIES = ("forwarded", "x-real-ip", "via", "client-ip", "true-client-ip", "cf-connecting-ip")
_TOLD_BY_PROXIES_FROM = "x-forwarded"


class Reviewers:
    """Decides for each request anew; nothing that a browser was told earlier counts."""

    def __init__(self, records: SignIns, entrance: Entrance | None = None) -> None:
        """Takes who is signed in, and who may come in at all."""
        entrance = entrance or Entrance()
        self._records = records
        names = entrance.names
        self._alone = not entrance.must_sign_in and names is not None and all(_is_loopback(name) for name in names)

    def may(self, request: HTTPConnection | None) -> bool:
        """Whether whoever sent this may see what learners asked, and judge it.

        Raises:
            RecordsUnavailable: the database cannot be read.
        """
        if request is None:
            return False
        account = account_of(request.cookies, self._records)
        if account:
            return account.role.reviews
        return self._alone and _at_the_machine(request) and not self._records.has_accounts()

    def admit(self, request: HTTPConnection | None) -> None:
        """Lets a reviewer pass.

        Raises:
            NotAllowed: for everybody else.
            RecordsUnavailable: the database cannot be read.
        """
        if not self.may(request):
            raise NotAllowed(_NOT_YOURS if self._records.has_accounts() else _NOT_HERE)

    def name_of(self, request: HTTPConnection | None) -> str:
        """What the account of whoever sent this is called; empty where there are no accounts."""
        account = account_of(request.cookies, self._records) if request else None
        return account.shown_as if account else ""


def _at_the_machine(request: HTTPConnection) -> bool:
    told = any(
        name in _TOLD_BY_PROXIES or name.startswith(_TOLD_BY_PROXIES_FROM)
        for name in (header.lower() for header in request.headers)
    )
    # No browser speaks HTTP/1.0, and a proxy that adds no header to what it hands on often does.
    modern = request.scope.get("http_version", "") not in ("", "1.0")
    return modern and not told and request.client is not None and _is_loopback(request.client.host)


def _is_loopback(name: str) -> bool:
    if name == "localhost":
        return True
    try:
        address = ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback)
