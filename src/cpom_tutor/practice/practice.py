"""Practice from the index version in use: what `protocols.Practice` promises, put together."""

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from random import Random

from cpom_tutor.course import Address
from cpom_tutor.errors import BadInput
from cpom_tutor.items import Exam, Grading, ItemKind, Level, Marking, QuizItem, Response, RubricPoint, Scenario
from cpom_tutor.library import Library
from cpom_tutor.practice.bank import Bank, build_bank
from cpom_tutor.practice.marking import mark_by_key, mark_points, mark_short
from cpom_tutor.practice.sampling import arranged, draw
from cpom_tutor.protocols import Grader


class CoursePractice:
    """Implements `protocols.Practice`; the bank is built at first use, once an index version. Thread-safe."""

    def __init__(self, library: Callable[[], Library], grader: Callable[[], Grader]) -> None:
        """Makes nothing yet.

        Args:
            library: gives the text of the index version in use.
            grader: gives what marks free text, when the first is to be marked.
        """
        self._library = library
        self._grader = grader
        self._lock = threading.Lock()
        self._bank: tuple[str, Bank] | None = None

    @property
    def bank(self) -> Bank:
        """All that can be asked of the index version in use."""
        library = self._library()
        with self._lock:
            if self._bank is None or self._bank[0] != library.fingerprint:
                self._bank = (library.fingerprint, build_bank(library))
            return self._bank[1]

    @property
    def items(self) -> Mapping[str, QuizItem]:
        """As `protocols.Practice`."""
        return self.bank.items

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """As `protocols.Practice`."""
        return self.bank.scenarios

    def quiz(
        self,
        *,
        count: int,
        seed: int,
        topic: str = "",
        kinds: Collection[ItemKind] = (),
        level: Level | None = None,
        avoid: Collection[str] = (),
        about: Collection[str] = (),
    ) -> tuple[QuizItem, ...]:
        """As `protocols.Practice`."""
        check_count(count)
        bank, library = self.bank, self._library()
        pool = [
            item
            for item in bank.items.values()
            if (not kinds or item.kind in kinds) and (level is None or item.level is level)
        ]
        if topic:
            pool = belonging(pool, passages_at(library, topic))
        if about:
            pool = belonging(pool, with_kin(library, about))
        rng = Random(seed)
        return arranged(draw(pool, count, rng, bank.conflicts, level=level, later=frozenset(avoid)), rng)

    def exam(self, *, count: int, seed: int) -> Exam:
        """As `protocols.Practice`."""
        raise NotImplementedError

    def scenario(self, *, seed: int, topic: str = "") -> Scenario:
        """As `protocols.Practice`."""
        raise NotImplementedError

    def teach_back(self, *, seed: int, topic: str = "") -> QuizItem:
        """As `protocols.Practice`."""
        raise NotImplementedError

    def mark(self, item: QuizItem, response: Response) -> Marking:
        """As `protocols.Practice`."""
        if item.kind is ItemKind.SHORT:
            return mark_short(item, response, self._grader())
        return mark_by_key(item, response)

    def mark_text(self, question: str, rubric: Sequence[RubricPoint], answer: str) -> Grading:
        """As `protocols.Practice`."""
        return mark_points(question, rubric, answer, self._grader())


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
