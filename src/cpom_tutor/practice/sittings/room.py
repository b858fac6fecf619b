"""Practice as the screens see it: start, answer, flag, hand in, see how it stands."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo

from cpom_tutor.attempts import Card, Response, Session, SessionKind
from cpom_tutor.errors import SessionMoved
from cpom_tutor.library import Library
from cpom_tutor.practice.chat.keeping import Finished
from cpom_tutor.practice.progress.progress import Kept, Progress, progress_of
from cpom_tutor.practice.progress.retired import retire
from cpom_tutor.practice.progress.schedule import due_cards
from cpom_tutor.practice.sittings.drawing import FLASHCARD_KINDS, Due, Learning, again, draw, outside
from cpom_tutor.practice.sittings.plans import Plan
from cpom_tutor.practice.sittings.results import Result, result_of
from cpom_tutor.practice.sittings.sessions import (
    Desk,
    Given,
    Outcome,
    answer,
    draft,
    finish,
    flag,
    is_over,
    move,
    same_work,
)
from cpom_tutor.practice.topics import subsection_titles
from cpom_tutor.practice_protocols import Practice, PracticeRecords

_SHOWN_UNFINISHED = 10
_SEARCHED_UNFINISHED = 60
_SHOWN_EXAMS = 10
_TRIES = 10
_QUEUES = 64


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
        self._practice, self._records, self._library, self._now = practice, records, library, now
        # Steps of one learner stand in line here, because two sessions may ask one item and so move one card;
        # those of another process meet in the records (SessionMoved).
        self._queues = tuple(threading.Lock() for _ in range(_QUEUES))

    @property
    def practice(self) -> Practice:
        """What makes the questions and marks them."""
        return self._practice

    def start(self, learner: str, plan: Plan, *, seed: int | None = None, zone: tzinfo = UTC) -> Session:
        """Begins what the learner chose; due items of the scope come first in questions and flashcards.

        Args:
            learner: who.
            plan: what, from where, how much. For "quiz me on that", `about` holds the passages just cited.
            seed: to draw the same again; by chance where it is not given.
            zone: where the learner's day ends.

        Raises:
            BadInput: the count is not positive, or the topic is no address.
            NotFound: nothing stands at the topic, or the course has nothing of this kind there; for
                `due_only`, nothing is due. The sentence says what to try instead.
        """
        scenarios = self._records.sessions(learner, kind=SessionKind.SCENARIO) if _needs_past(plan) else ()
        done = frozenset(session.scenario.id for session in scenarios if session.scenario)
        learning = Learning(self._cards(learner), done, self._now(), zone)
        return self._records.save_session(learner, draw(plan, self._practice, learning, seed))

    def start_again(self, learner: str, session_id: str) -> Session:
        """Begins a session of the same kind with those items that went wrong in an earlier one.

        An exam's come as questions; a scenario begins from its start.

        Raises:
            NotFound: nothing went wrong there.
        """
        session = self._records.session(learner, session_id)
        return self._records.save_session(learner, again(session, self.result(session).missed, self._now()))

    def keep(self, learner: str, finished: Finished) -> Session:
        """Keeps practice that was done in the conversation: it counts as if it had been done here.

        A question that the learner passed is kept as a flashcard that they did not know.
        """
        session = self._records.save_session(learner, outside(finished, self._now()))
        for position, response in enumerate(finished.responses):
            session = self.answer(learner, session.id, position, response)
        return session if session.finished_at else self.finish(learner, session.id)

    def resume(self, learner: str, session_id: str) -> Session:
        """The session as it stands. An exam whose time is over is handed in first."""
        session = self._records.session(learner, session_id)
        return self.finish(learner, session_id) if is_over(session, self._now()) else session

    def unfinished(self, learner: str) -> tuple[Session, ...]:
        """The newest sessions that can be taken up again, and every exam whose time is running; latest first.

        Of several teach-backs of one part of the course, there is one: that with something written, or the newest.
        Exams whose time is over are handed in first, however long ago they were begun, and are not among them.
        """
        now, running = self._now(), list[Session]()
        for exam in self._records.sessions(learner, unfinished=True, kind=SessionKind.EXAM, limit=None):
            if is_over(exam, now):
                self.finish(learner, exam.id)
            else:
                running.append(exam)
        found = self._records.sessions(learner, unfinished=True, limit=_SEARCHED_UNFINISHED)
        kept = list[Session]()
        for session in sorted(found, key=lambda one: not one.drafts):
            if not any(same_work(session, other) for other in kept):
                kept.append(session)
        newest = [session for session in found if session in kept][:_SHOWN_UNFINISHED]
        shown = {session.id for session in newest}
        return (*newest, *(exam for exam in running if exam.id not in shown))

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

        The answer to the last open position ends the session, except an exam, which is handed in by `finish`.
        Safe to repeat: an answered position keeps its first answer and marking. Two kinds differ: an exam's
        answers may change until it is handed in and are marked then; a teach-back may be tried again, also after
        its end, is marked anew, and only the first try counts for mastery and schedule. A flashcard is answered by
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
        given = Given(position, response, seconds, confident)
        return self._step(learner, session_id, lambda session, desk: answer(session, given, desk))

    def draft(self, learner: str, session_id: str, position: int, text: str) -> Session:
        """Keeps half-written text for a position (`session.drafts`); answering it clears it.

        Raises:
            BadInput: there is no such position.
        """
        return self._step(learner, session_id, lambda session, _: draft(session, position, text))

    def flag(self, learner: str, session_id: str, position: int, on: bool = True) -> Session:
        """Marks a position to come back to, or takes the mark off.

        Raises:
            BadInput: there is no such position.
        """
        return self._step(learner, session_id, lambda session, _: flag(session, position, on))

    def move(self, learner: str, session_id: str, position: int) -> Session:
        """Remembers where the learner is.

        Raises:
            BadInput: there is no such position.
        """
        return self._step(learner, session_id, lambda session, _: move(session, position))

    def finish(self, learner: str, session_id: str) -> Session:
        """Ends the session; marks an exam. Doing it twice changes nothing. See `result`."""
        return self._step(learner, session_id, finish)

    def drop(self, learner: str, session_id: str) -> Session:
        """Ends a session that will not be gone on with, and those that it stands for in `unfinished`."""
        session = self.finish(learner, session_id)
        for other in self._records.sessions(learner, unfinished=True, kind=session.kind, limit=_SEARCHED_UNFINISHED):
            if same_work(session, other):
                self.finish(learner, other.id)
        return session

    def result(self, session: Session) -> Result:
        """How a session went: score, areas, what was weak and where to read; fine before its end, too."""
        return result_of(session, subsection_titles(self._library()))

    def due(self, learner: str, zone: tzinfo = UTC) -> Due:
        """How many cards are due by the end of the learner's day."""
        due = due_cards(self._cards(learner), self._now(), zone)
        return Due(len(due), sum(card.item.kind in FLASHCARD_KINDS for card in due))

    def progress(self, learner: str, zone: tzinfo = UTC) -> Progress:
        """Mastery, what is due, the history, and what to do next.

        Args:
            learner: who.
            zone: where the learner's day begins and ends.
        """
        unfinished = self.unfinished(learner)
        exams = self._records.sessions(learner, kind=SessionKind.EXAM, limit=_SHOWN_EXAMS)
        kept = Kept(self._records.attempts(learner), self._cards(learner), unfinished, exams)
        return progress_of(kept, self._practice.items, subsection_titles(self._library()), self._now(), zone)

    def _cards(self, learner: str) -> tuple[Card, ...]:
        """The learner's cards, retired or brought back as the course is now."""
        stored = self._records.cards(learner)
        cards = retire(stored, self._practice.items, self._library())
        changed = {
            card.item.id: card.retired
            for card, before in zip(cards, stored, strict=True)
            if card.retired != before.retired
        }
        if changed:
            self._records.set_retired(learner, changed)
        return cards

    def _step(self, learner: str, session_id: str, take: Callable[[Session, Desk], Outcome]) -> Session:
        """One step, begun again where another process was faster."""
        for _ in range(_TRIES):
            try:
                with self._queues[hash(learner) % _QUEUES]:
                    return self._try_step(learner, session_id, take)
            except SessionMoved as error:
                moved = error
        raise moved

    def _try_step(self, learner: str, session_id: str, take: Callable[[Session, Desk], Outcome]) -> Session:
        session, now = self._records.session(learner, session_id), self._now()
        cards = self._records.cards(learner)
        desk = Desk(self._practice, {card.item.id: card for card in cards}, now)
        outcome = finish(session, desk) if is_over(session, now) else take(session, desk)
        if outcome.session is session:
            return session
        return self._records.save_session(learner, outcome.session, outcome.attempts, outcome.cards, known=cards)


def _needs_past(plan: Plan) -> bool:
    return plan.kind is SessionKind.SCENARIO
