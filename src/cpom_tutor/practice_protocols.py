"""Practice on one page: what its parts promise to the others."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from cpom_tutor.answers import Draft, Turn
from cpom_tutor.attempts import Attempt, Card, Grading, Marking, Response, Session, SessionKind
from cpom_tutor.items import Exam, ItemKind, Level, Practised, QuizItem, RubricPoint, Scenario
from cpom_tutor.protocols import Hit, Question


class PracticeRecords(Protocol):
    """What learners practised. Every method takes the learner: nobody reads another's.

    All raise RecordsUnavailable where the database cannot be used. Those that write raise NotFound for a learner
    who is not known; those about one session raise it where the session does not exist or belongs to somebody
    else (which look the same on purpose).
    """

    def attempts(self, learner: str) -> tuple[Attempt, ...]:
        """All attempts, oldest first."""

    def cards(self, learner: str) -> tuple[Card, ...]:
        """All cards, the retired ones too, first due first."""

    def set_retired(self, learner: str, reasons: Mapping[str, str]) -> None:
        """Sets why cards are asked no more (an empty reason brings one back), by item id, and nothing else of them."""

    def save_session(
        self,
        learner: str,
        session: Session,
        attempts: Sequence[Attempt] = (),
        cards: Sequence[Card] = (),
        *,
        known: Sequence[Card] = (),
    ) -> Session:
        """Stores a session as it is now, with what came of its last step; all of it or nothing.

        What the session was drawn with (items, scenario, blueprint, time allowed) is stored the first time only.

        Args:
            learner: whose.
            session: as it is now.
            attempts, cards: what came of the step, each card under its item's id.
            known: the cards that the step was taken with; one that `cards` replaces must be among them.

        Returns:
            The session with its next revision. Durable when it returns.

        Raises:
            SessionMoved: it, or a card, was saved by somebody else since it was read.
        """

    def session(self, learner: str, session_id: str) -> Session:
        """A session as it was last saved."""

    def sessions(
        self, learner: str, *, unfinished: bool = False, kind: SessionKind | None = None, limit: int | None = 50
    ) -> tuple[Session, ...]:
        """The learner's sessions, latest first; only those of one kind, or under way, where that is asked for.

        All of them where the limit is None.
        """


class Grader(Protocol):
    """Marks free text against rubric points."""

    def grade(self, question: str, reference: Sequence[str], rubric: Sequence[str], answer: str) -> Grading:
        """Marks one answer.

        Args:
            question: what was asked.
            reference: passages of the course that a right answer stands on.
            rubric: the points that a good answer makes, one sentence or phrase each.
            answer: in the learner's words.

        Raises:
            BadInput: there is no rubric point.
            EmbedderUnavailable: the model cannot be loaded.
        """


class Practice(Protocol):
    """Makes practice from the index version in use, and marks it; all that it gives has passed the validators."""

    @property
    def items(self) -> Mapping[str, QuizItem]:
        """All valid items of the course by id; a card whose id is not among them has lost its passage."""

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """All valid scenarios, in the course's order."""

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
        """Up to `count` items, no two on one sentence, none giving away another; equal for equal arguments.

        Args:
            count: how many are wanted; fewer come back where the course carries no more.
            seed: draws items, order and option order.
            topic: an address (`1.1.2`, `CPOM §1.1.2 ¶4`): only what belongs to it.
            kinds: only these; all where empty.
            level: only this one.
            avoid: facts (`QuizItem.fact`) that are not to be asked, as long as there are others.
            about: ids of passages: only items that cite one of them, or belong to the same list or table.

        Raises:
            BadInput: the count is not positive, or the topic is no address.
            NotFound: nothing stands at the topic.
        """

    def singles(
        self, *, seed: int, topic: str = "", kinds: Collection[ItemKind] = (), level: Level | None = None
    ) -> tuple[QuizItem, ...]:
        """One item for each fact that can be asked, mixed, for cards that are met one by one.

        The rules of a set do not hold among them: one may tell another's answer. What is left of an edition is the
        same in the next.

        Raises:
            BadInput, NotFound: as `quiz`.
        """

    def exam(self, *, count: int, seed: int) -> Exam:
        """A mock exam of up to `count` items by the course's blueprint, as long as coverage allows.

        Raises:
            BadInput: the count is not positive.
        """

    def scenario(self, *, seed: int, topic: str = "") -> Scenario:
        """One scenario, of the topic where that is given.

        Raises:
            BadInput, NotFound: as `quiz`; NotFound too where the topic has no scenario.
        """

    def teach_back(self, *, seed: int, topic: str = "") -> QuizItem:
        """A short item that asks to explain something whole: its rubric has three points or more.

        Raises:
            BadInput, NotFound: as `scenario`.
        """

    def mark(self, item: QuizItem, response: Response) -> Marking:
        """Marks a response to the item.

        Raises:
            BadInput: the response is not of the item's kind, or out of range.
        """

    def mark_text(self, question: str, rubric: Sequence[RubricPoint], answer: str) -> Grading:
        """Marks free text (a scenario's last question) by its rubric; weights are the rubric's points."""


@dataclass(frozen=True, slots=True)
class Exercise:
    """What practice has to say to a message.

    Attributes:
        practised: how the practice stands after it.
        resolved: what the message was taken for.
        line: Markdown that puts a question, where nothing is marked.
        draft: what is said to an answer, for the gate; None where nothing is marked.
        vouched: the leads and own words of the draft, made of what practice's validators have passed.
        hits: passages found for a topic that the message names.
        suggestions: messages that would go on.
    """

    practised: Practised | None
    resolved: str
    line: str = ""
    draft: Draft | None = None
    vouched: frozenset[str] = frozenset()
    hits: tuple[Hit, ...] = ()
    suggestions: tuple[str, ...] = ()


class Examiner(Protocol):
    """Practises in the middle of a conversation."""

    def follow(self, text: str, history: Sequence[Turn]) -> Exercise | None:
        """What follows where `text` answers the question that waits, or wishes for the next one; else None."""

    def begin(self, question: Question, history: Sequence[Turn]) -> Exercise:
        """A question or a scenario on what `question` names, or else on what was discussed."""
