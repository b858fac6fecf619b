"""What a learner sets out to practise."""

from dataclasses import dataclass

from cpom_tutor.attempts import SessionKind
from cpom_tutor.items import ItemKind, Level

NAMES = {
    SessionKind.QUESTIONS: "Questions",
    SessionKind.FLASHCARDS: "Flashcards",
    SessionKind.EXAM: "Mock exam",
    SessionKind.SCENARIO: "Scenario",
    SessionKind.TEACH_BACK: "Teach-back",
}
"""What a learner reads for each kind."""

MOST_REVIEWS = 20
"""Due cards that are offered for one sitting."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to practise, from where, and how much.

    Attributes:
        kind: questions, flashcards, an exam, a scenario or a teach-back.
        topic: an address (`CPOM §1.1.2`); the whole course where empty. An exam has none.
        level: only this level.
        kinds: only these kinds of items.
        about: ids of passages to stay with.
        count: how many items; a scenario and a teach-back are one.
        due_only: nothing but what is due.
    """

    kind: SessionKind
    topic: str = ""
    level: Level | None = None
    kinds: tuple[ItemKind, ...] = ()
    about: tuple[str, ...] = ()
    count: int = 10
    due_only: bool = False
