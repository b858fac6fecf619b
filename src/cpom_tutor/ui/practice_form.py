"""What a learner filled in -> what was chosen or answered. All of it came from a browser: nothing is believed."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, timedelta, timezone, tzinfo
from typing import TypeVar

from cpom_tutor.attempts import Rating, Response, Session, SessionKind
from cpom_tutor.errors import BadInput
from cpom_tutor.items import ItemKind, Level, QuizItem
from cpom_tutor.practice.sittings.plans import Plan
from cpom_tutor.ui.render_items import LONGEST_TEXT

Data = Mapping[str, str]
_Choice = TypeVar("_Choice", SessionKind, Level, ItemKind)

_MOST_ITEMS = 200
_LONGEST_SECONDS = 3600.0
_MOST_HOURS = 14


def plan_of(data: Data) -> Plan:
    """What to practise.

    Raises:
        BadInput: there is no such kind or level.
    """
    kind = _one_of(SessionKind, data.get("kind_of", "") or data.get("kind", ""), "what to practise")
    level = data.get("level", "")
    count = number(data, "exam_count" if kind is SessionKind.EXAM and "exam_count" in data else "count")
    return Plan(
        kind=kind,
        topic="" if kind is SessionKind.EXAM else data.get("topic", "")[:100],
        level=_one_of(Level, level, "the level") if level else None,
        kinds=tuple(_one_of(ItemKind, one, "the kind") for one in data.get("kinds", "").split()),
        count=min(count, _MOST_ITEMS) if count > 0 else Plan(kind).count,
        due_only=data.get("due") == "yes",
    )


def _one_of(kinds: type[_Choice], value: str, what: str) -> _Choice:
    try:
        return kinds(value)
    except ValueError:
        raise BadInput(f"Choose {what} first, then press Start.") from None


def number(data: Data, name: str) -> int:
    """A whole number that was sent; -1 where there is none."""
    value = data.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else -1


def seconds(data: Data) -> float | None:
    """How long the question stood on the screen, as the browser measured it."""
    taken = number(data, "seconds")
    return float(taken) if 0 <= taken <= _LONGEST_SECONDS else None


def zone(minutes: str | None) -> tzinfo:
    """The learner's time zone from its offset in minutes; UTC where that makes no sense."""
    with suppress(ValueError):
        offset = int((minutes or "")[:6])
        if abs(offset) <= _MOST_HOURS * 60:
            return timezone(timedelta(minutes=offset))
    return UTC


def response_of(session: Session, position: int, data: Data) -> Response:
    """What was answered at a position of a session.

    Raises:
        BadInput: nothing was, or not all of it, or there is no such position.
    """
    if not 0 <= position < session.size:
        raise BadInput("That question is not in this practice; reload the page.")
    if session.kind is SessionKind.FLASHCARDS:
        return Response(rating=_rating(data.get("rating", "")))
    if session.scenario:
        choosing = position < len(session.scenario.decisions)
        return _index(data) if choosing else _text(data, "Write your answer first; then have it marked.")
    item = session.items[position]
    if item.kind is ItemKind.MCQ:
        return _index(data)
    if item.kind is ItemKind.MATCHING:
        return _pairs(item, data)
    if item.kind is ItemKind.ORDERING:
        return _order(item, data)
    return _text(data, "Write your answer first; then check it.")


def drafted(item: QuizItem, text: str) -> Response:
    """A half-made answer as it was kept: lines chosen so far as `0=2 1=0`, lines in order as `2,0,1`, or words."""
    if item.kind is ItemKind.MATCHING:
        found = [pair.partition("=") for pair in text.split()]
        pairs = [(_place(prompt, item.prompts), _place(option, item.options)) for prompt, _, option in found]
        return Response(pairs=tuple((one, other) for one, other in pairs if one >= 0 and other >= 0))
    if item.kind is ItemKind.ORDERING:
        with suppress(BadInput):
            return _order(item, {"order": text})
        return Response()
    return Response(text=text)


def _place(value: str, among: Sequence[str]) -> int:
    place = number({"place": value}, "place")
    return place if place < len(among) else -1


def _rating(value: str) -> Rating:
    try:
        return Rating(value)
    except ValueError:
        raise BadInput("Say how well you knew it: Again, Hard, Good or Easy.") from None


def _index(data: Data) -> Response:
    chosen = number(data, "index")
    if chosen < 0:
        raise BadInput("Choose an option first; then check it.")
    return Response(index=chosen)


def _text(data: Data, empty: str) -> Response:
    text = data.get("text", "").strip()
    if not text:
        raise BadInput(empty)
    return Response(text=short_enough(text))


def short_enough(text: str) -> str:
    """The text itself, half-written or whole.

    Raises:
        BadInput: it is longer than an answer may be.
    """
    if len(text) > LONGEST_TEXT:
        raise BadInput(f"That is {len(text):,} characters long; please write at most {LONGEST_TEXT:,}.")
    return text


def _pairs(item: QuizItem, data: Data) -> Response:
    chosen = [(prompt, number(data, f"pair-{prompt}")) for prompt in range(len(item.prompts))]
    if any(option < 0 for _, option in chosen):
        raise BadInput("Choose something for every line first; then check it.")
    return Response(pairs=tuple(chosen))


def _order(item: QuizItem, data: Data) -> Response:
    sent = data.get("order", "").split(",")
    if sorted(sent) != sorted(str(place) for place in range(len(item.options))):
        raise BadInput("Put all the lines in order first; then check it.")
    return Response(order=tuple(int(place) for place in sent))
