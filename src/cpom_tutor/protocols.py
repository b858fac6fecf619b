"""The system on one page: what each part promises to the others."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from cpom_tutor.account_protocols import SignIns
from cpom_tutor.answers import Draft, Intent, Reason, Turn, Verdict
from cpom_tutor.course import Passage, Span
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


class Records(SignIns, Protocol):
    """Learners and their turns. Every method takes the learner: nobody reads another's.

    All raise RecordsUnavailable where the database cannot be used, and NotFound for a conversation that
    does not exist or belongs to somebody else (which look the same on purpose).
    """

    def add_learner(self) -> str:
        """A new anonymous learner's id (unguessable)."""

    def start_conversation(self, learner: str) -> str:
        """A new, empty conversation's id."""

    def conversations(self, learner: str, limit: int | None = 50, search: str = "") -> tuple[ConversationSummary, ...]:
        """The learner's conversations with at least one turn, newest first; all of them where the limit is None.

        With `search`, only those with all of its words in their title or in one question, whatever their case.
        """

    def rename_conversation(self, learner: str, conversation: str, title: str) -> None:
        """Gives the conversation another title. Raises BadInput for an empty one."""

    def add_turn(self, learner: str, conversation: str, turn: Turn) -> str:
        """Stores a turn at the end of the conversation; returns its id. Durable when it returns."""

    def turns(self, learner: str, conversation: str) -> tuple[Turn, ...]:
        """All turns of the conversation, oldest first, with their citations as they were shown."""

    def delete_conversation(self, learner: str, conversation: str) -> None:
        """Deletes the conversation and its turns."""

    def own_data(self, learner: str) -> Mapping[str, object]:
        """Everything that is kept of the learner, as JSON-ready values. Raises NotFound for an unknown learner."""

    def delete_learner(self, learner: str) -> None:
        """Deletes the learner with everything that is kept of them; an account of theirs stays, with a new learner.

        Raises NotFound for an unknown learner.
        """

    def close(self) -> None:
        """Releases the database."""


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

    At most one of these is set: `note` (a line such as "Found 7 passages"), `partial` (Markdown of the
    sentences that passed so far), or `turn` (the finished turn, last). An empty step says that the tutor waits for
    something outside; whoever reads the steps may stop there, by closing the iterator.
    """

    note: str = ""
    partial: str = ""
    turn: Turn | None = None
