"""What a new session is made of: what is due first, then what the learner has not met."""

import random
import secrets
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import TypeVar

from cpom_tutor.attempts import Card, Session, SessionKind
from cpom_tutor.errors import BadInput, NotFound
from cpom_tutor.items import ItemKind, QuizItem, Scenario
from cpom_tutor.practice.chat.keeping import Finished
from cpom_tutor.practice.progress.schedule import due_cards
from cpom_tutor.practice.sittings.plans import Plan
from cpom_tutor.practice.topics import within
from cpom_tutor.practice_protocols import Practice

FLASHCARD_KINDS = (ItemKind.MCQ, ItemKind.CLOZE, ItemKind.SHORT)
"""Kinds that have a front and a back."""

_SEEDS = 2**31
_TRIES = 40
_Drawn = TypeVar("_Drawn", QuizItem, Scenario)


@dataclass(frozen=True, slots=True)
class Due:
    """How many cards are due, and how many of them can be asked as flashcards."""

    cards: int
    flashcards: int


@dataclass(frozen=True, slots=True)
class Learning:
    """What a draw takes into account of the learner.

    Attributes:
        cards: all of them, retired ones marked.
        done: ids of scenarios that were done, so that another comes first.
        now, zone: the time, and where the learner's day ends.
    """

    cards: tuple[Card, ...]
    done: frozenset[str]
    now: datetime
    zone: tzinfo


def draw(plan: Plan, practice: Practice, learning: Learning, seed: int | None = None) -> Session:
    """A new session, not yet stored.

    Args:
        plan: what the learner chose.
        practice: makes items.
        learning: what the learner has met and has due.
        seed: for the same draw again from the same cards; by chance where it is None.

    Raises:
        BadInput: the count is not positive, or the topic is no address.
        NotFound: there is nothing of the kind to draw from.
    """
    if plan.count < 1:
        raise BadInput(f"A practice of {plan.count} questions is none; choose 1 or more.")
    chosen = secrets.randbelow(_SEEDS) if seed is None else seed
    empty = Session(secrets.token_urlsafe(16), plan.kind, chosen, learning.now)
    if plan.kind is SessionKind.EXAM:
        exam = practice.exam(count=plan.count, seed=chosen)
        if not exam.items:
            raise NotFound(
                "The course has no questions for a mock exam yet; practise flashcards or a scenario instead."
            )
        return replace(empty, items=exam.items, minutes=exam.minutes, blueprint=exam.blueprint, asked=exam.asked)
    if plan.kind is SessionKind.SCENARIO:
        met = learning.done if seed is None else frozenset[str]()
        scenario = _unmet(lambda tried: practice.scenario(seed=tried, topic=plan.topic), chosen, met)
        return replace(empty, scenario=scenario)
    if plan.kind is SessionKind.TEACH_BACK:
        known = frozenset(card.item.id for card in learning.cards) if seed is None else frozenset[str]()
        item = _unmet(lambda tried: practice.teach_back(seed=tried, topic=plan.topic), chosen, known)
        return replace(empty, items=(item,), asked=1)
    items = _items(_for_cards(plan), practice, learning, chosen)
    return replace(empty, items=items, asked=plan.count)


def outside(finished: Finished, now: datetime) -> Session:
    """A new session for practice that was done in the conversation, not yet stored."""
    passed = any(response.rating for response in finished.responses)
    kind = SessionKind.FLASHCARDS if passed else SessionKind.SCENARIO if finished.scenario else SessionKind.QUESTIONS
    items = (finished.item,) if finished.item else ()
    return Session(secrets.token_urlsafe(16), kind, 0, now, items, finished.scenario, asked=len(items))


def again(session: Session, missed: Iterable[int], now: datetime) -> Session:
    """A new session with what went wrong in an earlier one; a scenario and a teach-back from their start.

    Raises:
        NotFound: nothing went wrong.
    """
    missed = tuple(missed)
    if not missed:
        raise NotFound("Nothing went wrong there; practise something new instead.")
    kind = SessionKind.QUESTIONS if session.kind is SessionKind.EXAM else session.kind
    items = tuple(session.items[position] for position in missed) if not session.scenario else ()
    return Session(
        secrets.token_urlsafe(16), kind, session.seed, now, items, session.scenario, asked=len(items)
    )  # fmt: skip


def due_items(plan: Plan, practice: Practice, learning: Learning) -> tuple[QuizItem, ...]:
    """The items of the plan's scope that are due, first due first, as the course has them now."""
    items = practice.items
    found = (items[card.item.id] for card in due_cards(learning.cards, learning.now, learning.zone)
             if card.item.id in items)  # fmt: skip
    return tuple(
        item
        for item in found
        if not plan.about
        and within(item.topic, plan.topic)
        and plan.level in (None, item.level)
        and (not plan.kinds or item.kind in plan.kinds)
    )


def _for_cards(plan: Plan) -> Plan:
    if plan.kind is SessionKind.FLASHCARDS and not plan.kinds:
        return replace(plan, kinds=FLASHCARD_KINDS)
    return plan


def _items(plan: Plan, practice: Practice, learning: Learning, seed: int) -> tuple[QuizItem, ...]:
    # One item a fact: the others stay due, and one sitting does not answer itself.
    by_fact: dict[str, QuizItem] = {}
    for item in due_items(plan, practice, learning):
        by_fact.setdefault(item.fact, item)
    due = tuple(by_fact.values())[: plan.count]
    if plan.due_only:
        if not due:
            raise NotFound("Nothing is due here now; practise something new instead.")
        return due
    fresh: tuple[QuizItem, ...] = ()
    if len(due) < plan.count:
        # Asked for in full: of what comes back, some may be due and stand there already.
        fresh = practice.quiz(
            count=plan.count,
            seed=seed,
            topic=plan.topic,
            kinds=plan.kinds,
            level=plan.level,
            avoid={card.item.fact for card in learning.cards},
            about=plan.about,
        )
    items = (*due, *(item for item in fresh if item.fact not in by_fact))[: plan.count]
    if not items:
        raise NotFound("The course has no such questions there; choose another kind or level, or the whole course.")
    return items


def _unmet(draw_one: Callable[[int], _Drawn], seed: int, met: Collection[str]) -> _Drawn:
    """One that the learner has not met, as far as a few draws find one."""
    first = draw_one(seed)
    found, chance = first, random.Random(seed)
    for _ in range(_TRIES):
        if found.id not in met:
            return found
        found = draw_one(chance.randrange(_SEEDS))
    return found if found.id not in met else first
