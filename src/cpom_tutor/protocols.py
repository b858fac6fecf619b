"""The system on one page: what each part promises to the others."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from cpom_tutor.answers import Draft, Intent, Reason, Turn, Verdict
from cpom_tutor.course import Passage, Span
from cpom_tutor.items import (
    Attempt,
    Card,
    Exam,
    Grading,
    ItemKind,
    Level,
    Marking,
    Practised,
    QuizItem,
    Response,
    RubricPoint,
    Scenario,
    Session,
    SessionKind,
)
from cpom_tutor.library import Library
from cpom_tutor.teaching import Probe

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Turns texts into unit vectors."""

    @property
    def name(self) -> str:
        """What the index records, so that it is never opened with another embedder."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    @property
    def max_tokens(self) -> int:
        """Longest text, in the model's own tokens, that is read whole."""

    def count_tokens(self, text: str) -> int:
        """How many tokens the model reads for `text`, special tokens included, without truncation."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of shape (len(texts), dimension), float32, L2-normalised.

        Raises:
            EmbedderUnavailable: the model cannot be loaded.
        """


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A text as the embedder's model reads it, word by word.

    Attributes:
        whole: the text's vector, as `embed` gives it.
        spans: its words (letters or digits without a gap), in order, as far as the model reads.
        words: one unit vector a word, of the word in its context; shape (len(spans), any width).
    """

    whole: Vectors
    spans: tuple[Span, ...]
    words: Vectors


class Reader(Protocol):
    """An embedder that also tells how it reads each word in its context."""

    @property
    def name(self) -> str:
        """As the embedder's."""

    def read(self, texts: Sequence[str]) -> tuple[Reading, ...]:
        """One reading a text.

        Raises:
            EmbedderUnavailable: the model cannot be loaded, or does not show its words.
        """


@dataclass(frozen=True, slots=True)
class SentenceHit:
    """A sentence of a passage and how well it matches (cosine, -1 to 1)."""

    span: Span
    similarity: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a query.

    Attributes:
        passage: what was found.
        score: fused score, higher is better, comparable within one search only.
        similarity: best cosine between the query and the passage or one of its sentences, -1 to 1.
        lexical: BM25 score, 0 where no word is shared.
        sentences: its sentences, best first.
    """

    passage: Passage
    score: float
    similarity: float
    lexical: float
    sentences: tuple[SentenceHit, ...] = ()


@dataclass(frozen=True, slots=True)
class Akin:
    """A question kept with the course, and how like the learner's it is (cosine, -1 to 1)."""

    probe: Probe
    similarity: float


class Retriever(Protocol):
    """Finds passages, and knows the course's structure."""

    @property
    def library(self) -> Library:
        """The text of the index version that is being searched."""

    def search(self, query: str, limit: int = 10, *, expansion: str = "") -> tuple[Hit, ...]:
        """The best passages for `query`, best first; containers are represented by their parts.

        Args:
            query: what is asked, spelling already mended.
            limit: at most so many.
            expansion: the course's words for the query's everyday words, for the lexical side.
        """

    def akin(self, query: str, limit: int = 40) -> tuple[Akin, ...]:
        """The course's probes that are most like `query`, best first; empty where the course has none."""


@dataclass(frozen=True, slots=True)
class Question:
    """What the learner means.

    Attributes:
        asked: as typed.
        resolved: whole, in the conversation; this is searched and shown.
        intent: what kind of answer is wanted.
        query: what is searched for: the resolved question without the words that only say what to do with it.
        expansion: the course's words for everyday words in it.
        synonyms: for a stem of the question, the course's terms that stand for it, as stems.
        terms: stems of the content words of the resolved question.
        yes_no: it can be answered by yes or no.
        subjects: the two things compared, as typed ("CPOM", "BCPS").
        ordinal: "the second one" is 2; -1 is the last.
        previous: the turn that it follows up.
        decline: set where it must not be answered whatever the course says.
        line: the tutor's own line for small talk, help, a hand-over or a decline.
        alone: its own words, where the resolved question has words of the conversation besides.
        akin: questions kept with the course that are most like it, best first; filled in by the search.
        parts: the questions that it asks, where it asks several; each is searched for and answered by itself.
    """

    asked: str
    resolved: str
    intent: Intent
    query: str = ""
    expansion: str = ""
    terms: tuple[str, ...] = ()
    synonyms: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...] = ()
    yes_no: bool = False
    subjects: tuple[str, ...] = ()
    ordinal: int = 0
    previous: Turn | None = None
    decline: Reason | None = None
    line: str = ""
    alone: str = ""
    akin: tuple[Akin, ...] = ()
    parts: "tuple[Question, ...]" = ()


class Generator(Protocol):
    """Writes drafts from passages, at the level of the task. It may be wrong: the gate decides."""

    @property
    def name(self) -> str:
        """What is recorded with the turn."""

    def draft_answer(self, question: Question, hits: Sequence[Hit], library: Library) -> Draft:
        """A draft whose every fact points at passages of `library`; may abstain."""


class GroundingChecker(Protocol):
    """Does the evidence support the claim?"""

    def check(self, claim: str, evidence: Sequence[str]) -> Verdict:
        """A verdict by this evidence alone; never raises for odd text."""


@dataclass(frozen=True, slots=True)
class ConversationSummary:
    """A line of the history list."""

    id: str
    title: str
    turns: int
    updated_at: datetime


class Records(Protocol):
    """Learners and their turns. Every method takes the learner: nobody reads another's.

    All raise RecordsUnavailable where the database cannot be used, and NotFound for a conversation that
    does not exist or belongs to somebody else (which look the same on purpose).
    """

    def add_learner(self) -> str:
        """A new anonymous learner's id (unguessable)."""

    def has_learner(self, learner: str) -> bool:
        """Whether the id is known."""

    def start_conversation(self, learner: str) -> str:
        """A new, empty conversation's id."""

    def conversations(self, learner: str, limit: int = 50) -> tuple[ConversationSummary, ...]:
        """The learner's conversations with at least one turn, newest first."""

    def add_turn(self, learner: str, conversation: str, turn: Turn) -> str:
        """Stores a turn at the end of the conversation; returns its id. Durable when it returns."""

    def turns(self, learner: str, conversation: str) -> tuple[Turn, ...]:
        """All turns of the conversation, oldest first, with their citations as they were shown."""

    def delete_conversation(self, learner: str, conversation: str) -> None:
        """Deletes the conversation and its turns."""

    def close(self) -> None:
        """Releases the database."""


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


class Understander(Protocol):
    """Learner's words -> Question."""

    def understand(self, text: str, history: Sequence[Turn]) -> Question:
        """What is meant, resolved against the conversation (oldest turn first)."""


class Stepper(Protocol):
    """A conversation partner, as the screens and the command line see it."""

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Turn:
        """One checked turn. Raises TutorError; never returns an error as a reply."""

    def stream(self, question: str, history: Sequence[Turn] = ()) -> "Iterator[Step]":
        """Steps, then sentences as each passes the gate, then the finished turn."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened while answering.

    Exactly one of these is set: `note` (a line such as "Found 7 passages"), `partial` (Markdown of the
    sentences that passed so far), or `turn` (the finished turn, last).
    """

    note: str = ""
    partial: str = ""
    turn: Turn | None = None
