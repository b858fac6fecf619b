"""Practice as the screens see it: start, answer, flag, hand in, see how it stands."""

from collections.abc import Callable
from datetime import UTC, datetime, tzinfo

from cpom_tutor.items import Response, Session
from cpom_tutor.library import Library
from cpom_tutor.practice.plans import Plan
from cpom_tutor.practice.progress import Progress
from cpom_tutor.practice.results import Result
from cpom_tutor.protocols import Practice, PracticeRecords


class PracticeRoom:
    """One learner's practice at a time: loads a session, takes one step, and saves it.

    Every method takes the learner, and raises NotFound for a session that is not theirs. Threads may share one.
    A session of the past stays as it was, whatever has happened to the course since.
    """

    def __init__(
        self,
        practice: Practice,
        records: PracticeRecords,
        library: Callable[[], Library],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Takes what it works with; nothing is loaded before the first call.

        Args:
            practice: makes and marks.
            records: keeps.
            library: gives the course as the index has it now.
            now: the time, timezone-aware.
        """

    def start(self, learner: str, plan: Plan, *, seed: int | None = None) -> Session:
        """Begins what the learner chose; due items of the scope come first in questions and flashcards.

        Args:
            learner: who.
            plan: what, from where, how much. For "quiz me on that", `about` holds the passages just cited.
            seed: to draw the same again; by chance where it is not given.

        Raises:
            BadInput: the count is not positive, or the topic is no address.
            NotFound: nothing stands at the topic, or the course has nothing of this kind there; for
                `due_only`, nothing is due. The sentence says what to try instead.
        """

    def start_again(self, learner: str, session_id: str) -> Session:
        """Begins a session of the same kind with those items that went wrong in an earlier one.

        An exam's come as questions; a scenario begins from its start.

        Raises:
            NotFound: nothing went wrong there.
        """

    def resume(self, learner: str, session_id: str) -> Session:
        """The session as it stands. An exam whose time is over is handed in first."""

    def unfinished(self, learner: str) -> tuple[Session, ...]:
        """Sessions that can be taken up again, latest first. Exams whose time is over are handed in, and not among them."""

    def answer(
        self,
        learner: str,
        session_id: str,
        position: int,
        response: Response,
        *,
        seconds: float | None = None,
        confident: bool = False,
    ) -> Session:
        """Answers one position and moves there; `session.marking_at(position)` says how it was marked.

        Safe to repeat: an answered position keeps its first answer and marking. Two kinds differ: an exam's
        answers may change until it is handed in and are marked then; a teach-back may be tried again, is marked
        anew, and only the first try counts for mastery and schedule. A flashcard is answered by
        `Response(rating=...)`, a scenario's question by text at the position after its last decision.

        Args:
            learner, session_id: whose, which.
            position: from 0.
            response: what was answered.
            seconds: from shown to answered, where it was measured.
            confident: the learner said that they were sure.

        Returns:
            The session as it is now. Where an exam's time is over it comes back handed in, without this answer.

        Raises:
            BadInput: there is no such position, or the response does not fit its item.
        """

    def draft(self, learner: str, session_id: str, position: int, text: str) -> Session:
        """Keeps half-written text for a position (`session.drafts`); answering it clears it."""

    def flag(self, learner: str, session_id: str, position: int, on: bool = True) -> Session:
        """Marks a position to come back to, or takes the mark off.

        Raises:
            BadInput: there is no such position.
        """

    def move(self, learner: str, session_id: str, position: int) -> Session:
        """Remembers where the learner is.

        Raises:
            BadInput: there is no such position.
        """

    def finish(self, learner: str, session_id: str) -> Session:
        """Ends the session; marks an exam. Doing it twice changes nothing. See `result`."""

    def result(self, session: Session) -> Result:
        """How a session went: score, areas, what was weak and where to read; fine before its end, too."""

    def due(self, learner: str, zone: tzinfo = UTC) -> int:
        """How many cards are due by the end of the learner's day."""

    def progress(self, learner: str, zone: tzinfo = UTC) -> Progress:
        """Mastery, what is due, the history, and what to do next.

        Args:
            learner: who.
            zone: where the learner's day begins and ends.
        """
