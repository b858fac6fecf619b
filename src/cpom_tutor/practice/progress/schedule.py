"""When to see an item again: FSRS, through the `fsrs` package.

State in, new state out. The forgetting curve and its parameters are those of Open Spaced Repetition's FSRS-6
(https://github.com/open-spaced-repetition/free-spaced-repetition-scheduler).
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, tzinfo

import fsrs

from cpom_tutor.attempts import Card, Marking, Rating
from cpom_tutor.items import ItemKind, QuizItem

RETENTION = 0.9
"""How likely the learner is to know an item when it comes due."""

# No steps of minutes: feedback is shown at once and what went wrong can be practised again on the spot, so that
# the schedule speaks of days only. No fuzz: the same answers always give the same dates.
_SCHEDULER = fsrs.Scheduler(
    desired_retention=RETENTION, learning_steps=(), relearning_steps=(), enable_fuzzing=False
)  # fmt: skip
_GRADES = {
    Rating.AGAIN: fsrs.Rating.Again,
    Rating.HARD: fsrs.Rating.Hard,
    Rating.GOOD: fsrs.Rating.Good,
    Rating.EASY: fsrs.Rating.Easy,
}
_READING_WORDS_PER_SECOND = 4.0
_SECONDS_TO_CHOOSE = 3.0


def rating_of(
    item: QuizItem, marking: Marking, *, seconds: float | None = None, confident: bool = False, known: bool = False
) -> Rating:
    """What a marked answer says of the learner's memory.

    Args:
        item: what was asked.
        marking: how the answer was marked.
        seconds: from shown to answered, where it was measured.
        confident: the learner said that they were sure.
        known: it has been asked before. A first quick answer may be a guess, so that speed counts only then.

    Returns:
        Again for an answer that does not count as right, whatever part of it is (the scheduler takes Hard for
        remembered); Hard for one that counts but is not whole; Easy for a right one that was sure or took no longer
        than reading it; otherwise Good.
    """
    if not marking.correct:
        return Rating.AGAIN
    if marking.score < 1:
        return Rating.HARD
    quick = known and seconds is not None and seconds <= _reading_seconds(item)
    return Rating.EASY if confident or quick else Rating.GOOD


def _reading_seconds(item: QuizItem) -> float:
    if item.kind is ItemKind.SHORT:
        return 0.0  # nobody writes an answer as fast as they read the question
    words = sum(len(text.split()) for text in (item.stem, *item.options, *item.prompts))
    return words / _READING_WORDS_PER_SECOND + _SECONDS_TO_CHOOSE


def scheduled(item: QuizItem, card: Card | None, rating: Rating, now: datetime) -> Card:
    """The item's card after a review; `card` is the one before, None for an item seen the first time.

    A review that comes late (an exam handed in at its deadline, long after that) counts as of the last one known.
    """
    # The package would number a new card by the clock, and wait for the number to be free.
    before = fsrs.Card.from_json(card.state) if card else fsrs.Card(card_id=0, due=now.astimezone(UTC))
    reviewed_at = max(now.astimezone(UTC), before.last_review or now.astimezone(UTC))
    after, _ = _SCHEDULER.review_card(before, _GRADES[rating], reviewed_at)
    return Card(item, after.due, after.to_json())


def end_of_day(now: datetime, zone: tzinfo) -> datetime:
    """The midnight that ends the learner's day: what comes due in the course of a day is due all day."""
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, datetime.min.time(), zone)


def due_cards(cards: Iterable[Card], now: datetime, zone: tzinfo) -> tuple[Card, ...]:
    """Cards to be asked by the end of the learner's day, first due first; retired ones never are."""
    end = end_of_day(now, zone)
    return tuple(sorted((card for card in cards if not card.retired and card.due < end), key=_order))


def due_days(cards: Iterable[Card], now: datetime, zone: tzinfo, days: int = 7) -> tuple[tuple[date, int], ...]:
    """How many cards come due on each of the next days; what is overdue counts for today."""
    today = now.astimezone(zone).date()
    counts = dict.fromkeys((today + timedelta(days=after) for after in range(days)), 0)
    for card in cards:
        day = max(card.due.astimezone(zone).date(), today)
        if not card.retired and day in counts:
            counts[day] += 1
    return tuple(counts.items())


def _order(card: Card) -> tuple[datetime, str]:
    return card.due, card.item.id
