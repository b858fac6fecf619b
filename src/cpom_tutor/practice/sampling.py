"""Drawing a set of items: seeded, mixed, no two on one sentence, none giving away another, key positions even.

As long as others are left, no two have one key or one family of options, or show each other's sentence as a reason.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from random import Random

from cpom_tutor.items import ChoiceKey, ItemKind, Level, QuizItem
from cpom_tutor.practice.conflicts import Conflicts
from cpom_tutor.practice.options import shuffled, with_key_at
from cpom_tutor.practice.validators.sets import asked_family
from cpom_tutor.practice.validators.stories import CASE
from cpom_tutor.practice.validators.wording import bare, key_text

APPLICATION_SHARE = 0.45
"""Of a set of both levels that asks for application, as long as there is enough."""
_LARGE, _APPLICATION_IN_LARGE = 20, 0.6
"""In a larger set more is at application level: recall soon comes back to the same lists."""
_RECALL_FOR_ONE = 1.4
"""Recall items, at most, for each at application level in a set that takes all there is."""
_FEW = 20
"""So many recall items may come in any case."""
_KINDS = {ItemKind.MCQ: 5.0, ItemKind.CLOZE: 3.0, ItemKind.MATCHING: 1.0, ItemKind.ORDERING: 1.0, ItemKind.SHORT: 1.0}
_PLENTY = 20
"""Of a kind with fewer items less is asked, or the same few would come each time."""
_WIDE = 4
"""A set that wants more than a quarter of all items takes first what excludes least."""


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
    turns = _Turns(candidates, rng)
    rivals = _rivals(candidates, conflicts) if count * _WIDE > len(candidates) else {}
    cap = _recall_cap(candidates) if keep_share and level is None else None
    share = APPLICATION_SHARE if count <= _LARGE else _APPLICATION_IN_LARGE
    chosen: list[QuizItem] = []
    beside: Counter[str] = Counter()
    while candidates and len(chosen) < count:
        wants_application = turns.of_level(Level.APPLICATION) < share * (len(chosen) + 1)
        best = min(
            candidates,
            key=lambda item: (
                item.fact in later,
                level is None and (item.level is Level.APPLICATION) != wants_application,
                len(rivals.get(item.id, ())),
                turns.alike(item) + 3 * beside[item.id],
                turns.had(item),
            ),
        )
        chosen.append(best)
        turns.take(best)
        gone = _excluded(candidates, best, conflicts)
        if cap is not None and turns.of_level(Level.RECALL) >= cap:
            gone |= {item.id for item in candidates if item.level is Level.RECALL}
        candidates = [item for item in candidates if item.id not in gone]
        beside.update(item.id for item in candidates if conflicts.near(item, best))
        for others in rivals.values():
            others -= gone
    rng.shuffle(chosen)
    return chosen


class _Turns:
    """Whose turn it is: every kind, part of the course and origin in proportion to its weight.

    Each starts at a random point of its first turn (systematic sampling), so that what is seldom due is not
    drawn every time.
    """

    def __init__(self, pool: Sequence[QuizItem], rng: Random) -> None:
        self._alike: Counter[str] = Counter()
        self._rank = {item.id: place for place, item in enumerate(pool)}
        self._tally: Counter[str] = Counter()
        counts = Counter(group for item in pool for group in self._groups(item))
        self._start = {group: rng.random() for group in sorted(counts)}
        self._weight = {group: count**0.5 for group, count in counts.items()}
        for kind, weight in _KINDS.items():
            for level in Level:
                self._weight[f"{level} {kind}"] = weight * min(1, counts[f"{level} {kind}"] / _PLENTY) ** 0.5 or 1

    @staticmethod
    def _groups(item: QuizItem) -> tuple[str, ...]:
        return (f"{item.level} {item.kind}", f"{item.level} {item.topic}", f"{item.level} {item.origin}")

    def of_level(self, level: Level) -> int:
        """How many of the level were taken."""
        return self._tally[level]

    def had(self, item: QuizItem) -> tuple[float, float, float]:
        """How much of their share the item's kind had, its part of the course and its origin, and its own rank."""
        kind, topic, origin = (
            (self._tally[group] + self._start[group]) / self._weight[group] for group in self._groups(item)
        )
        return kind, topic + origin, self._rank[item.id]

    def alike(self, item: QuizItem) -> int:
        """How often its key was the key, and its family's question or options were asked."""
        return sum(self._alike[mark] for mark in self._marks(item))

    @staticmethod
    def _marks(item: QuizItem) -> tuple[str, ...]:
        return (f"key {bare(key_text(item))}" if key_text(item) else item.id, *asked_family(item))

    def take(self, item: QuizItem) -> None:
        """Counts the item."""
        self._tally.update((item.level, *self._groups(item)))
        self._alike.update(self._marks(item))


def _excluded(candidates: Iterable[QuizItem], chosen: QuizItem, conflicts: Conflicts) -> set[str]:
    """Ids of what can stand beside the chosen item no more, with its own."""
    return {
        item.id for item in candidates if item is chosen or conflicts.between(item, chosen) or _one_case(item, chosen)
    }


def _one_case(item: QuizItem, other: QuizItem) -> bool:
    """Whether both are decisions of one case study: by itself, a later one tells what was best before."""
    return item.origin == other.origin == CASE and item.stem.split("\n\n")[0] == other.stem.split("\n\n")[0]


def _recall_cap(pool: Iterable[QuizItem]) -> int | None:
    """Most recall items that a set of both levels may have; None for no limit."""
    facts = {item.fact for item in pool if item.level is Level.APPLICATION}
    return max(_FEW, int(_RECALL_FOR_ONE * len(facts))) if facts else None


def _rivals(pool: Sequence[QuizItem], conflicts: Conflicts) -> dict[str, set[str]]:
    """The others of the pool that each item excludes."""
    found: dict[str, set[str]] = {item.id: set() for item in pool}
    for place, item in enumerate(pool):
        for other in pool[place + 1 :]:
            if conflicts.between(item, other):
                found[item.id].add(other.id)
                found[other.id].add(item.id)
    return found


def one_a_fact(pool: Sequence[QuizItem], seed: int) -> tuple[QuizItem, ...]:
    """One item for each fact, of the application level where it has one, mixed: for cards that are met one by one.

    An item's rank hangs on the seed and on itself alone, so that a later edition changes only what has changed.
    """
    rank = {item.id: Random(f"{seed} {item.id}").random() for item in pool}
    found: dict[str, QuizItem] = {}
    for item in sorted(pool, key=lambda item: (item.level is not Level.APPLICATION, rank[item.id])):
        found.setdefault(item.fact, item)
    return tuple(sorted(found.values(), key=lambda item: rank[item.id]))


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
