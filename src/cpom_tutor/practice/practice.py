"""Practice from the index version in use: what `practice_protocols.Practice` promises, put together."""

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from random import Random

from cpom_tutor.attempts import Grading, Marking, Response
from cpom_tutor.errors import NotFound
from cpom_tutor.items import Exam, ItemKind, Level, QuizItem, RubricPoint, Scenario
from cpom_tutor.library import Library
from cpom_tutor.practice.bank import Bank, build_bank
from cpom_tutor.practice.exam import make_exam
from cpom_tutor.practice.marking import mark_by_key, mark_points, mark_short
from cpom_tutor.practice.sampling import arranged, draw, one_a_fact
from cpom_tutor.practice.scope import belonging, check_count, passages_at, stands_on, with_kin
from cpom_tutor.practice.writers.short import TEACH_BACK
from cpom_tutor.practice_protocols import Grader


class CoursePractice:
    """Implements `practice_protocols.Practice`; the bank is built at first use, once an index version. Thread-safe."""

    def __init__(self, library: Callable[[], Library], grader: Grader) -> None:
        """Makes nothing yet.

        Args:
            library: gives the text of the index version in use.
            grader: marks free text.
        """
        self._library = library
        self._grader = grader
        self._lock = threading.Lock()
        self._bank: Bank | None = None

    @property
    def bank(self) -> Bank:
        """All that can be asked of the index version in use."""
        library = self._library()
        with self._lock:
            if self._bank is None or self._bank.library.fingerprint != library.fingerprint:
                self._bank = build_bank(library)
            return self._bank

    @property
    def items(self) -> Mapping[str, QuizItem]:
        """As `practice_protocols.Practice`."""
        return self.bank.items

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """As `practice_protocols.Practice`."""
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
        """As `practice_protocols.Practice`."""
        check_count(count)
        bank = self.bank
        pool = _narrowed(bank, topic, kinds, level)
        if about:
            pool = belonging(pool, with_kin(bank.library, about))
        rng = Random(seed)
        whole = not (topic or about or kinds)
        chosen = draw(pool, count, rng, bank.conflicts, level=level, later=frozenset(avoid), keep_share=whole)
        return arranged(chosen, rng)

    def singles(
        self, *, seed: int, topic: str = "", kinds: Collection[ItemKind] = (), level: Level | None = None
    ) -> tuple[QuizItem, ...]:
        """As `practice_protocols.Practice`."""
        return one_a_fact(_narrowed(self.bank, topic, kinds, level), seed)

    def exam(self, *, count: int, seed: int) -> Exam:
        """As `practice_protocols.Practice`; it is never longer than the real one."""
        check_count(count)
        return make_exam(self.bank, count, seed)

    def scenario(self, *, seed: int, topic: str = "") -> Scenario:
        """As `practice_protocols.Practice`."""
        bank = self.bank
        scenarios = bank.scenarios
        if topic:
            passages = passages_at(bank.library, topic)
            scenarios = tuple(each for each in scenarios if stands_on(each) & passages)
        if not scenarios:
            raise NotFound(f"There is no scenario{_of(topic)}; leave the topic out, or practise with questions.")
        return Random(seed).choice(scenarios)

    def teach_back(self, *, seed: int, topic: str = "") -> QuizItem:
        """As `practice_protocols.Practice`."""
        bank = self.bank
        items = [item for item in bank.items.values() if item.origin == TEACH_BACK]
        if topic:
            items = belonging(items, passages_at(bank.library, topic))
        if not items:
            where = ", ".join(sorted({item.topic for item in bank.items.values() if item.origin == TEACH_BACK}))
            instead = f"take one of {where}, or leave the topic out" if where else "practise with questions"
            raise NotFound(f"There is nothing to teach back{_of(topic)}; {instead}.")
        return Random(seed).choice(items)

    def mark(self, item: QuizItem, response: Response) -> Marking:
        """As `practice_protocols.Practice`."""
        if item.kind is ItemKind.SHORT:
            return mark_short(item, response, self._grader)
        return mark_by_key(item, response)

    def mark_text(self, question: str, rubric: Sequence[RubricPoint], answer: str) -> Grading:
        """As `practice_protocols.Practice`."""
        return mark_points(question, rubric, answer, self._grader)


def _narrowed(bank: Bank, topic: str, kinds: Collection[ItemKind], level: Level | None) -> list[QuizItem]:
    """The items of a topic, of some kinds and of a level, as far as each is given."""
    found = [
        item
        for item in bank.items.values()
        if (not kinds or item.kind in kinds) and (level is None or item.level is level)
    ]
    return belonging(found, passages_at(bank.library, topic)) if topic else found


def _of(topic: str) -> str:
    return f" of {topic}" if topic else ""
