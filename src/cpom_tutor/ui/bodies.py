"""What a request carries, read whole, and never more than it may."""

from starlette.types import Message, Receive

from cpom_tutor.errors import BadInput


class TooLong(BadInput):
    """More was sent than anything here needs."""


class Gone(Exception):
    """Whoever sent the request has left before it was whole."""


async def whole_body(receive: Receive, longest: int) -> bytes:
    """All of the body.

    Args:
        receive: of the request.
        longest: bytes, from which it is too long; what comes after is left unread.

    Raises:
        TooLong: it is longer.
        Gone: it ended early.
    """
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            raise Gone
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > longest:
            raise TooLong(f"More was sent than {longest // 1024:,} KB; shorten it, then try again.")
    return bytes(body)


def replayed(body: bytes, receive: Receive) -> Receive:
    """Gives the body that was read, and after it what else is received."""
    unread = [body]

    async def again() -> Message:
        if unread:
            return {"type": "http.request", "body": unread.pop(), "more_body": False}
        return await receive()

    return again
