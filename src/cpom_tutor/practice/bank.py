"""All that can be asked of an index version: what the writers make, less what the validators refuse."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from cpom_tutor.items import Dropped, QuizItem, Scenario
from cpom_tutor.library import Library
from cpom_tutor.practice import scenarios as scenarios_of
from cpom_tutor.practice.conflicts import Conflicts
from cpom_tutor.practice.options import shuffled
from cpom_tutor.practice.validators import refusal
from cpom_tutor.practice.writers import (
    analogy,
    application,
    cases,
    causes,
    cloze,
    contrasts,
    definitions,
    matching,
    ordering,
    parts,
    short,
)

Writer = Callable[[Library], Iterator[QuizItem]]

WRITERS: tuple[Writer, ...] = (
    application.write,
    analogy.write,
    contrasts.write,
    causes.write,
    definitions.write,
    parts.write,
    matching.write,
    ordering.write,
    short.write,
    cloze.write,
)


@dataclass(frozen=True)
class Bank:
    """The valid items of an index version.

    Attributes:
        items: by id, in the course's order by writer; options shuffled, the same each time.
        dropped: candidates that a validator refused.
        scenarios: the valid ones, in the course's order.
        conflicts: which items may not stand in one set.
        library: the text of the index version.
    """

    items: dict[str, QuizItem]
    dropped: tuple[Dropped, ...]
    scenarios: tuple[Scenario, ...]
    conflicts: Conflicts
    library: Library


def build_bank(library: Library, writers: Sequence[Writer] = WRITERS) -> Bank:
    """Writes all candidates and keeps the valid ones; of two with one id, the first."""
    scenarios = tuple(
        each for each in scenarios_of.write(library) if not scenarios_of.refusal_of_scenario(each, library)
    )
    candidates = [candidate for write in writers for candidate in write(library)]
    candidates += [candidate for scenario in scenarios for candidate in cases.write(scenario, library)]
    items: dict[str, QuizItem] = {}
    dropped: list[Dropped] = []
    for candidate in candidates:
        refused = refusal(candidate, library)
        if refused:
            dropped.append(refused)
        elif candidate.id not in items:
            items[candidate.id] = shuffled(candidate, Random(candidate.id))
    return Bank(items, tuple(dropped), scenarios, Conflicts(library), library)
