"""The order of an item's options: shuffled, or with the key at a given place."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from cpom_tutor.items import ChoiceKey, OrderKey, PairsKey, QuizItem


def shuffled(item: QuizItem, rng: Random) -> QuizItem:
    """The item with its options in another order, its key and rationales following them."""
    order = list(range(len(item.options)))
    rng.shuffle(order)
    if isinstance(item.key, OrderKey) and _solves(item.key, order):
        order = order[1:] + order[:1]
    return reordered(item, order)


def with_key_at(item: QuizItem, place: int, rng: Random) -> QuizItem:
    """A multiple-choice item with the key at `place` and the other options shuffled."""
    if not isinstance(item.key, ChoiceKey):
        return item
    key = item.key.index
    others = [index for index in range(len(item.options)) if index != key]
    rng.shuffle(others)
    others.insert(place, key)
    return reordered(item, others)


def reordered(item: QuizItem, order: Sequence[int]) -> QuizItem:
    """The item with `order[n]` of its options as the n-th."""
    if not item.options:
        return item
    place = {old: new for new, old in enumerate(order)}
    key = item.key
    if isinstance(key, ChoiceKey):
        key = ChoiceKey(place[key.index])
    elif isinstance(key, OrderKey):
        key = OrderKey(tuple(place[index] for index in key.indices))
    elif isinstance(key, PairsKey):
        key = PairsKey(tuple((prompt, place[option]) for prompt, option in key.pairs))
    follows = len(item.rationales) == len(item.options)
    return replace(
        item,
        options=tuple(item.options[index] for index in order),
        rationales=tuple(item.rationales[index] for index in order) if follows else item.rationales,
        key=key,
    )


def _solves(key: OrderKey, order: Sequence[int]) -> bool:
    """Whether the options would stand in the right order already."""
    return [order[index] for index in range(len(order))] == list(key.indices)
