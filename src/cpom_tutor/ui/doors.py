"""Where the app listens: which addresses are allowed, and a free port."""

import errno
import ipaddress
import socket
from urllib.parse import urlsplit

from cpom_tutor.errors import BadInput
from cpom_tutor.ui.visitors import LOOPBACK, Entrance

_TRIES = 100


def entrance(host: str, *, insecure: bool, accounts: bool, public: str = "") -> Entrance:
    """Who may come in where the app listens at `host`.

    Args:
        host: the address to listen at.
        insecure: other machines may come in although there are no accounts.
        accounts: there are accounts.
        public: the address that others type, where a proxy stands before the tutor; may be empty.

    Raises:
        BadInput: other machines could reach the address, and there are no accounts and `insecure` was not asked for.
    """
    own = _is_own(host)
    if public:
        if not accounts:
            raise BadInput(
                f"CPOM_TUTOR_PUBLIC_URL lets other machines reach the tutor as {public}, and there are no accounts; "
                "make one first with: cpom-tutor users add NAME --role maintainer"
            )
        return Entrance(LOOPBACK | {host, urlsplit(public).hostname or ""}, must_sign_in=True, public=public)
    if own:
        return Entrance(LOOPBACK | {host})
    if not accounts and not insecure:
        raise BadInput(
            f"Other machines could reach {host}, and there are no accounts; leave --host out, make accounts with: "
            "cpom-tutor users add NAME, or add --insecure if anybody may come in."
        )
    return Entrance(None, must_sign_in=accounts)


def warning(host: str, entrance: Entrance) -> str:
    """What the person at the terminal is to know before others come in; may be empty."""
    if _is_own(host) or entrance.encrypted:
        return ""
    who = "" if entrance.must_sign_in else "Anybody who can reach this page may use it. "
    return f"{who}The page is not encrypted; docs/running-for-a-class.md shows how to put TLS before it."


def _is_own(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def bound_socket(host: str, port: int, *, exactly: bool = False) -> socket.socket:
    """A socket bound to the first free port from `port` on, or to `port` itself where a proxy looks for it there.

    Raises:
        BadInput: the host or the port cannot be used, or a hundred ports in a row are taken.
    """
    if not 0 <= port <= 65_535:
        raise BadInput(f"{port} is no port; give one from 1 to 65535, or 0 for any free one.")
    try:
        family, _, _, _, place = socket.getaddrinfo(host.strip("[]"), None, type=socket.SOCK_STREAM)[0]
    except OSError:
        raise BadInput(f"{host} is no address of this machine; leave --host out to use 127.0.0.1.") from None
    last = min(port + (1 if exactly else _TRIES), 65_536) if port else 1
    for candidate in range(port, last):
        door = socket.socket(family, socket.SOCK_STREAM)
        try:
            # Not SO_REUSEADDR on Windows, where it would share a port that is in use.
            if hasattr(socket, "SO_REUSEPORT"):
                door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            door.bind((place[0], candidate))
            door.listen()
        except PermissionError:
            door.close()
            raise BadInput(f"Port {candidate} needs more rights; give one above 1023.") from None
        except OSError as error:
            door.close()
            if candidate == port and not _in_use(error):
                raise BadInput(f"{host} cannot be used here ({error.strerror}); leave --host out.") from None
        else:
            return door
    if exactly:
        raise BadInput(f"Port {port} is taken, and your proxy looks for the tutor there; stop what listens there.")
    raise BadInput(f"Ports {port} to {last - 1} are all taken; give another one with --port.")


def _in_use(error: OSError) -> bool:
    return error.errno in (errno.EADDRINUSE, getattr(errno, "WSAEADDRINUSE", errno.EADDRINUSE))


def address_of(host: str, port: int) -> str:
    """What to type into a browser on this machine."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "::1": "[::1]"}.get(host, host)
    return f"http://{shown}:{port}"
