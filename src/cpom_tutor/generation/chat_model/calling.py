"""Asking a language model: within its time, again where that may help, and only as long as somebody listens."""

import asyncio
import threading
from collections.abc import Generator as Steps
from contextlib import aclosing
from dataclasses import dataclass
from functools import cache
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from cpom_tutor.errors import ModelUnavailable
from cpom_tutor.generation.chat_model.opening import LanguageModel

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

HEARTBEAT_SECONDS = 0.1
"""So soon a stop is noticed while the model is silent."""
CHARACTERS_A_TOKEN = 8
"""No language that the checker reads has more; a server that forgets its limit is cut off there."""
_PAUSES = (0.5, 1.5)  # seconds before the second and third try
_LONGEST_PAUSE = 8.0  # that a server may ask for
_PASSING = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
_ENDED = object()


@dataclass(frozen=True, slots=True)
class Budget:
    """What one answer may cost.

    Attributes:
        seconds: from the question to the last word, tries and pauses included.
        tokens: that the model may write.
    """

    seconds: float
    tokens: int


def pieces(model: LanguageModel, messages: list[tuple[str, str]], budget: Budget) -> Steps[str | None, None, None]:
    """What the model writes, as it comes; None while nothing does. Closing this hangs up.

    Raises:
        ModelUnavailable: it cannot be asked, broke off or took too long.
    """
    made: SimpleQueue[object] = SimpleQueue()
    call = asyncio.run_coroutine_threadsafe(_called(model, messages, budget, made), _loop())
    try:
        while True:
            try:
                piece = made.get(timeout=HEARTBEAT_SECONDS)
            except Empty:
                yield None
                continue
            if piece is _ENDED:
                return
            if isinstance(piece, ModelUnavailable):
                raise piece
            yield str(piece)
    finally:
        call.cancel()


async def _called(
    model: LanguageModel, messages: list[tuple[str, str]], budget: Budget, made: SimpleQueue[object]
) -> None:
    """Puts the pieces into `made`, then how it ended."""
    limit = asyncio.timeout(budget.seconds)
    try:
        async with limit:
            await _tried(model.chat, messages, budget.tokens * CHARACTERS_A_TOKEN, made)
        made.put(_ENDED)
    except Exception as error:  # noqa: BLE001  (every provider has its own; told in words of ours, for theirs may hold the key)
        late = limit.expired()
        made.put(ModelUnavailable(f"{model.name} {_late(budget) if late else why(error, model)}"))


async def _tried(chat: "BaseChatModel", messages: list[tuple[str, str]], most: int, made: SimpleQueue[object]) -> None:
    """Asks, and asks again after a fault that may pass, as long as nothing has been told."""
    told = 0
    for pause in (*_PAUSES, None):
        try:
            async with aclosing(chat.astream(messages)) as chunks:  # type: ignore[type-var]
                async for chunk in chunks:
                    text = str(chunk.text)
                    told += len(text)
                    if text:
                        made.put(text)
                    if told > most:
                        return
            return
        except Exception as error:
            if told or pause is None or not _passes(error):
                raise
            await asyncio.sleep(_asked_pause(error) or pause)


def why(error: BaseException, model: LanguageModel) -> str:
    """What went wrong, to follow the model's name. Nothing that the server said is repeated: it may hold the key."""
    status = _status(error)
    if status in (401, 403):
        return f"was not allowed to answer: {model.host} does not accept the key (HTTP {status})"
    if status == 404:
        return f"is not known at {model.host} (HTTP 404)"
    if status == 429:
        return f"could not answer: {model.host} is too busy, or the quota is used up (HTTP 429)"
    if status and status >= 500:
        return f"could not answer: {model.host} has a fault of its own (HTTP {status})"
    if status:
        return f"could not answer: {model.host} refuses the request (HTTP {status})"
    if _is_connection(error):
        return f"could not be reached at {model.host}, or the connection was lost"
    return f"could not answer: {model.host} sent what cannot be read ({type(error).__name__})"


def _late(budget: Budget) -> str:
    return f"took longer than {budget.seconds:g} seconds"


def _status(error: BaseException) -> int | None:
    found = getattr(error, "status_code", None) or getattr(getattr(error, "response", None), "status_code", None)
    return found if isinstance(found, int) else None


def _passes(error: BaseException) -> bool:
    status = _status(error)
    return status in _PASSING if status else _is_connection(error)


def _is_connection(error: BaseException | None) -> bool:
    """Whether the line is at fault. Every client has classes of its own, named alike."""
    while error is not None:
        names = " ".join(each.__name__ for each in type(error).__mro__)
        if isinstance(error, OSError) or any(word in names for word in ("Connect", "Timeout", "Transport", "Protocol")):
            return True
        error = error.__cause__ or error.__context__
    return False


def _asked_pause(error: BaseException) -> float | None:
    """How long the server asks to wait, if it does and it is not long."""
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    asked = str(headers.get("retry-after", ""))
    return min(float(asked), _LONGEST_PAUSE) if asked.isdigit() else None


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """One loop for all calls: the clients keep their connections in it."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="language model", daemon=True).start()
    return loop
