"""What learners do with it: responses and their marks, attempts, cards, sessions. Plain values."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cpom_tutor.items import ExamGroup, ItemKind, Level, QuizItem, Scenario


class PointVerdict(StrEnum):
    """What an answer does with a rubric point."""

    MET = "met"
    MISSED = "missed"
    CONTRADICTED = "contradicted"


@dataclass(frozen=True, slots=True)
class PointMark:
    """How one rubric point was judged.

    Attributes:
        point: the point's words.
        verdict: met, missed or contradicted.
        score: probability, 0 to 1, that the answer makes the point.
        evidence: the learner's own words that earned or lost it, verbatim; empty where there are none.
    """

    point: str
    verdict: PointVerdict
    score: float
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Grading:
    """A marked free-text answer: `score` is the mean of points met, 0 to 1; `feedback` a sentence or two."""

    points: tuple[PointMark, ...]
    score: float
    feedback: str


class Rating(StrEnum):
    """How well a learner knew a flashcard, by their own judgement."""

    AGAIN = "again"
    HARD = "hard"
    GOOD = "good"
    EASY = "easy"


@dataclass(frozen=True, slots=True)
class Response:
    """What a learner answered; exactly one of these is set, as the item's key says.

    Attributes:
        index: of the chosen option (multiple choice).
        text: what was typed (cloze, short).
        order: indices into the options (ordering).
        pairs: (prompt, option) indices (matching).
        rating: of a flashcard, whatever its item's key.
    """

    index: int | None = None
    text: str | None = None
    order: tuple[int, ...] | None = None
    pairs: tuple[tuple[int, int], ...] | None = None
    rating: Rating | None = None


@dataclass(frozen=True, slots=True)
class Marking:
    """A marked response.

    Attributes:
        score: 0 to 1; part marks for matching, ordering and short.
        correct: whether it counts as right (all of it; for a short answer, most of its points).
        grading: for a short answer, point by point.
    """

    score: float
    correct: bool
    grading: Grading | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """A learner's try at an item, as it is kept.

    Attributes:
        item_id, fact, kind, level, topic: of the item.
        score: 0 to 1.
        correct: whether it counted as right.
        answered_at: timezone-aware.
        session: id of the practice session that it belongs to.
        seconds: from shown to answered; None where it was not measured.
        self_rated: the learner judged it (a flashcard), and not the tutor.
    """

    item_id: str
    fact: str
    kind: ItemKind
    level: Level
    topic: str
    score: float
    correct: bool
    answered_at: datetime
    session: str = ""
    seconds: float | None = None
    self_rated: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """A learner's memory of one item, as the schedule sees it.

    Attributes:
        item: as it was when the card was made or last changed: it can be shown when its passage is gone.
        due: timezone-aware; when to see it again.
        state: the scheduler's own record, JSON.
        retired: a sentence that says why the card is asked no more ("The text it stood on has changed."), or empty.
    """

    item: QuizItem
    due: datetime
    state: str
    retired: str = ""


class SessionKind(StrEnum):
    """What a learner set out to do."""

    QUESTIONS = "questions"
    FLASHCARDS = "flashcards"
    EXAM = "exam"
    SCENARIO = "scenario"
    TEACH_BACK = "teach_back"


@dataclass(frozen=True, slots=True)
class Session:
    """One run of practice, kept whole so that a closed tab, a restart or a re-ingest loses nothing.

    Attributes:
        id: unguessable.
        kind: what is done.
        seed: what its items were drawn with.
        items: in order, as they were when it began.
        scenario: of a scenario session.
        responses: by position from 0: of the item, or of a scenario's decision; its question comes after those.
        markings: by position; an exam's come when it is handed in.
        flagged: positions to come back to.
        position: where the learner is.
        started_at: timezone-aware.
        minutes: time allowed; None for no limit.
        finished_at: None while it is under way.
        blueprint: of an exam.
        asked: how many items were wanted; `items` may be fewer.
        drafts: half-written text by position.
        revision: counts the times that it was saved, so that two tabs do not overwrite each other.
    """

    id: str
    kind: SessionKind
    seed: int
    started_at: datetime
    items: tuple[QuizItem, ...] = ()
    scenario: Scenario | None = None
    responses: tuple[tuple[int, Response], ...] = ()
    markings: tuple[tuple[int, Marking], ...] = ()
    flagged: frozenset[int] = frozenset()
    position: int = 0
    minutes: int | None = None
    finished_at: datetime | None = None
    blueprint: tuple[ExamGroup, ...] = ()
    asked: int = 0
    drafts: tuple[tuple[int, str], ...] = ()
    revision: int = 0

    @property
    def size(self) -> int:
        """How many positions there are to answer."""
        return len(self.scenario.decisions) + 1 if self.scenario else len(self.items)

    @property
    def complete(self) -> bool:
        """Whether every position is answered."""
        return len(self.responses) >= self.size

    def response_at(self, position: int) -> Response | None:
        """What was answered there, if anything."""
        return dict(self.responses).get(position)

    def marking_at(self, position: int) -> Marking | None:
        """How the answer there was marked, if it was."""
        return dict(self.markings).get(position)
