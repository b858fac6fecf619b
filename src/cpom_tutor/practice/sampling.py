"""Drawing a set of items: seeded, mixed, no two on one sentence, none giving away another, key positions even."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from random import Random

from cpom_tutor.items import ChoiceKey, ItemKind, Level, QuizItem
from cpom_tutor.practice.conflicts import Conflicts
from cpom_tutor.practice.options import shuffled, with_key_at

APPLICATION_SHARE = 0.45
"""Of a set of both levels that asks for application, as long as there is enough."""
_RECALL_FOR_ONE = 1.4
"""Recall items, at most, for each at application level in a set that takes all there is."""
_FEW = 20
"""So many recall items may come in any case."""
_KINDS = {ItemKind.MCQ: 5.0, ItemKind.CLOZE: 3.0, ItemKind.MATCHING: 1.0, ItemKind.ORDERING: 0.5, ItemKind.SHORT: 1.0}
_WIDE = 3
"""A set that wants more than a third of all items takes first what excludes least."""


def draw(
    pool: Sequence[QuizItem],
    count: int,
    rng: Random,
    conflicts: Conflicts,
    *,
    level: Level | None = None,
    later: Collection[str] = (),
    keep_share: bool = False,
) -> list[QuizItem]:
    """Up to `count` items of the pool, in a mixed order.

    Args:
        pool: to draw from.
        count: how many are wanted.
        rng: seeded.
        conflicts: which items exclude each other.
        level: the one asked for; both are mixed where it is None.
        later: facts that are asked only when nothing else is left.
        keep_share: rather fewer items than too small a share of application.
    """
    candidates = list(pool)
    rng.shuffle(candidates)
    rank = {item.id: place for place, item in enumerate(candidates)}
    excluded = _excluded_by(candidates, conflicts) if count * _WIDE > len(candidates) else {}
    cap = _recall_cap(candidates) if keep_share and level is None else None
    chosen: list[QuizItem] = []
    tally: Counter[str] = Counter()
    while candidates and len(chosen) < count:
        wants_application = tally[Level.APPLICATION] < APPLICATION_SHARE * (len(chosen) + 1)
        best = min(
            candidates,
            key=lambda item: (
                item.fact in later,
                level is None and (item.level is Level.APPLICATION) != wants_application,
                excluded.get(item.id, 0) // 3,
                tally[item.kind] / _KINDS[item.kind] if item.level is Level.RECALL else 0,
                tally[item.topic],
                tally[f"origin {item.origin}"],
                rank[item.id],
            ),
        )
        chosen.append(best)
        tally.update((best.level, best.kind, best.topic, f"origin {best.origin}"))
        candidates = [item for item in candidates if item is not best and not conflicts.between(item, best)]
        if cap is not None and tally[Level.RECALL] >= cap:
            candidates = [item for item in candidates if item.level is Level.APPLICATION]
    rng.shuffle(chosen)
    return chosen


def _recall_cap(pool: Iterable[QuizItem]) -> int | None:
    """Most recall items that a set of both levels may have; None for no limit."""
    facts = {item.fact for item in pool if item.level is Level.APPLICATION}
    return max(_FEW, int(_RECALL_FOR_ONE * len(facts))) if facts else None


def _excluded_by(pool: Sequence[QuizItem], conflicts: Conflicts) -> dict[str, int]:
    """How many others of the pool each item excludes."""
    found: Counter[str] = Counter()
    for place, item in enumerate(pool):
        for other in pool[place + 1 :]:
            if conflicts.between(item, other):
                found.update((item.id, other.id))
    return found


def arranged(items: Sequence[QuizItem], rng: Random) -> tuple[QuizItem, ...]:
    """The items with their options shuffled, the keys of multiple choice spread evenly over the positions."""
    places: dict[int, list[int]] = {}
    for count in sorted({len(item.options) for item in items if isinstance(item.key, ChoiceKey)}):
        wanted = sum(len(item.options) == count and isinstance(item.key, ChoiceKey) for item in items)
        positions = list(range(count))
        rng.shuffle(positions)
        places[count] = [positions[number % count] for number in range(wanted)]
        rng.shuffle(places[count])
    return tuple(
        with_key_at(item, places[len(item.options)].pop(), rng)
        if isinstance(item.key, ChoiceKey)
        else shuffled(item, rng)
        for item in items
    )
