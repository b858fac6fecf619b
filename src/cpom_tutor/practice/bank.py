"""All that can be asked of an index version: what the writers make, less what the validators refuse."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from cpom_tutor.items import Dropped, ItemKind, QuizItem, Scenario
from cpom_tutor.library import Library
from cpom_tutor.practice.conflicts import Conflicts
from cpom_tutor.practice.options import shuffled
from cpom_tutor.practice.validators import refusal
from cpom_tutor.practice.writers import application, cloze, definitions, parts

Writer = Callable[[Library], Iterator[QuizItem]]

WRITERS: tuple[Writer, ...] = (application.write, definitions.write, parts.write, cloze.write)


@dataclass(frozen=True)
class Bank:
    """The valid items of an index version.

    Attributes:
        items: by id, in the course's order by writer; options shuffled, the same each time.
        dropped: candidates that a validator refused.
        scenarios: the valid ones, in the course's order.
        conflicts: which items may not stand in one set.
    """

    items: dict[str, QuizItem]
    dropped: tuple[Dropped, ...]
    scenarios: tuple[Scenario, ...]
    conflicts: Conflicts


def build_bank(library: Library, writers: Sequence[Writer] = WRITERS) -> Bank:
    """Writes all candidates and keeps the valid ones; of two with one id, the first."""
    items: dict[str, QuizItem] = {}
    dropped: list[Dropped] = []
    for write in writers:
        for candidate in write(library):
            refused = refusal(candidate, library)
            if refused:
                dropped.append(refused)
            elif candidate.id not in items:
                items[candidate.id] = _mixed(candidate)
    return Bank(items, tuple(dropped), (), Conflicts(library))


def _mixed(item: QuizItem) -> QuizItem:
    """The item with its options in an order that its id alone decides."""
    return shuffled(item, Random(item.id)) if item.kind is not ItemKind.CLOZE else item
