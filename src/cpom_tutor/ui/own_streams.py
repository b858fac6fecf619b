"""Whose an open page's events are.

Gradio names each open page by a hash that its browser makes up, and gives the page's events to whoever names it. So the
hash belongs to the browser that used it first.
"""

import json
import re
from collections import OrderedDict

from cpom_tutor.errors import BadInput

_MOST = 10_000
_PAGE = re.compile(r"[A-Za-z0-9_-]{1,64}")
# What the page sends of an event; all else that Gradio would take stays outside.
_PARTS = ("session_hash", "data", "event_data", "fn_index", "trigger_id")


class OwnStreams:
    """Remembers the pages in use, the latest of them; for one event loop."""

    def __init__(self, most: int = _MOST) -> None:
        self._owners: OrderedDict[str, frozenset[str]] = OrderedDict()
        self._most = most

    def claim(self, page: str, browser: frozenset[str]) -> bool:
        """Whether the page is this browser's; one that nobody has used becomes so.

        Args:
            page: the hash.
            browser: what only this browser knows, its cookies; one of them may change while others stay. Empty for a
                browser without any: to them nothing is shown that is anybody's.
        """
        if not _PAGE.fullmatch(page):
            return False
        owner = self._owners.setdefault(page, browser)
        self._owners.move_to_end(page)
        if len(self._owners) > self._most:
            self._owners.popitem(last=False)
        return bool(owner & browser) or owner == browser


def event_of(body: bytes) -> tuple[str, bytes]:
    """The page that an event names, and the event written anew, so that Gradio reads what was read here.

    Raises:
        BadInput: the body is no event.
    """
    try:
        sent = json.loads(body)
        page = sent["session_hash"]
        event = json.dumps({name: sent[name] for name in _PARTS if name in sent})
    except (ValueError, KeyError, TypeError, RecursionError):
        raise BadInput("That is no event of this page; reload it.") from None
    if not isinstance(page, str):
        raise BadInput("That event names no page; reload it.")
    return page, event.encode()
