"""Which items belong to a part of the course."""

from collections.abc import Collection, Sequence

from cpom_tutor.course import Address
from cpom_tutor.errors import BadInput
from cpom_tutor.items import QuizItem, Scenario
from cpom_tutor.library import Library


def check_count(count: int) -> None:
    """Raises BadInput unless at least one is wanted."""
    if count < 1:
        raise BadInput(f"{count} is no number of questions; give 1 or more, such as: --count 10")


def passages_at(library: Library, topic: str) -> frozenset[str]:
    """Ids of all passages that stand at an address or below it.

    Raises:
        BadInput: it is no address.
        NotFound: nothing stands there.
    """
    found = library.at(Address.parse(topic, library.code))
    return frozenset(each.id for passage in found for each in (passage, *library.children(passage.id)))


def with_kin(library: Library, ids: Collection[str]) -> frozenset[str]:
    """The passages, and those of the same lists and tables."""
    found: set[str] = set()
    for identifier in ids:
        if identifier not in library:
            continue
        passage = library.passage(identifier)
        container = passage if passage.kind.is_container else library.parent(passage)
        found.add(identifier)
        if container:
            found.update(each.id for each in library.children(container.id))
    return frozenset(found)


def belonging(items: Sequence[QuizItem], passages: Collection[str]) -> list[QuizItem]:
    """The items whose key is decided by one of the passages."""
    return [item for item in items if any(citation.passage_id in passages for citation in item.citations)]


def stands_on(scenario: Scenario) -> frozenset[str]:
    """Ids of the passages that say what is best in a scenario."""
    return frozenset(decision.feedback[decision.best].citation.passage_id for decision in scenario.decisions)
