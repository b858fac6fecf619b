"""What happens on the Practice screen, without Gradio: choose, answer, look, go on, hand in."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from cpom_tutor.attempts import Session, SessionKind
from cpom_tutor.errors import BadInput, NotFound
from cpom_tutor.library import Library
from cpom_tutor.practice.sittings.room import PracticeRoom
from cpom_tutor.protocols import Records, Retriever
from cpom_tutor.ui import render_exam, render_practice, render_scenario
from cpom_tutor.ui.cited import find, opened_at, opened_passage
from cpom_tutor.ui.practice_form import Data, number, plan_of, response_of, seconds, short_enough, zone
from cpom_tutor.ui.render import alert
from cpom_tutor.ui.render_marks import citations_of
from cpom_tutor.ui.render_practice import Scope
from cpom_tutor.ui.spoken import sentence_of, spoken
from cpom_tutor.ui.visitors import learner_of

Cookies = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PracticeScreen:
    """What changes on the Practice screen; None leaves a part as it is. All but the first are HTML.

    Attributes:
        session: id of the session that is shown, or an empty string.
        stage: the choice, a question, or how it went.
        notice: what went wrong, in a sentence, or nothing.
        proof: the course's text beside it.
    """

    session: str | None = None
    stage: str | None = None
    notice: str | None = None
    proof: str | None = None


class PracticeDesk:
    """The Practice screen of every learner; it holds nothing of any of them.

    Every method takes the cookies of the request and finds the learner by them; a session's id may come from the
    browser, because the records refuse one that is somebody else's. What goes wrong leaves the stage as it is, so
    that nothing typed is lost.
    """

    def __init__(
        self,
        room: PracticeRoom,
        records: Records,
        retriever: Retriever,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.room, self.records, self.retriever, self.now = room, records, retriever, now

    @property
    def library(self) -> Library:
        """The text of the index version in use."""
        return self.retriever.library

    def open(self, cookies: Cookies, session: str, offset: str = "") -> PracticeScreen:
        """The screen as it is opened: the session in use, or else the choice."""
        try:
            learner = learner_of(cookies, self.records)
            with suppress(NotFound):
                if session:
                    return self._shown(self.room.resume(learner, session))
            return self._home(learner, offset)
        except Exception as error:  # noqa: BLE001  (logged; a learner never sees a stack trace)
            return PracticeScreen(notice=alert(sentence_of(error)))

    def start(self, cookies: Cookies, data: Data) -> PracticeScreen:
        """Begins what was chosen."""
        return self._done(
            cookies, lambda learner: self._shown(self.room.start(learner, plan_of(data), zone=zone(data.get("offset"))))
        )

    def again(self, cookies: Cookies, data: Data) -> PracticeScreen:
        """Begins with what went wrong in a session."""
        wanted = data.get("session", "")
        return self._done(cookies, lambda learner: self._shown(self.room.start_again(learner, wanted)))

    def resume(self, cookies: Cookies, data: Data) -> PracticeScreen:
        """Takes up a session again."""
        wanted = data.get("session", "")
        return self._done(cookies, lambda learner: self._shown(self.room.resume(learner, wanted)))

    def drop(self, cookies: Cookies, data: Data) -> PracticeScreen:
        """Ends a session that will not be gone on with, and shows how it went, if anything was answered."""

        def dropped(learner: str) -> PracticeScreen:
            session = self.room.drop(learner, data.get("session", ""))
            return self._shown(session) if session.responses else self._home(learner, data.get("offset", ""))

        return self._done(cookies, dropped)

    def leave(self, cookies: Cookies, data: Data) -> PracticeScreen:
        """The choice; what was begun is kept."""
        return self._done(cookies, lambda learner: self._home(learner, data.get("offset", "")))

    def step(self, cookies: Cookies, data: Data) -> PracticeScreen:
        """One step in `data["session"]`: `data["step"]` names it, and `data["position"]` where."""
        return self._done(cookies, lambda learner: self._stepped(learner, data.get("session", ""), data))

    def pick(self, cookies: Cookies, data: Data) -> PracticeScreen:
        """Keeps what was just chosen in an exam or typed anywhere; the stage stays as it is."""
        return self._done(cookies, lambda learner: self._kept(learner, data.get("session", ""), data))

    @spoken
    def proof(self, cookies: Cookies, data: Data) -> str:
        """The course's text opened at a citation of the session, or at an address."""
        if "cite" not in data:
            return opened_passage(find(self.library, "", data.get("address", "")), self.library, prefix="proof")
        shown = self.room.resume(learner_of(cookies, self.records), data.get("session", ""))
        aimed = citations_of(shown).get(data["cite"])
        if aimed is None:
            raise NotFound("That citation is not in this practice; reload the page.")
        return opened_at(aimed, [aimed], [], self.library, prefix="proof")

    def _done(self, cookies: Cookies, work: Callable[[str], PracticeScreen]) -> PracticeScreen:
        try:
            return work(learner_of(cookies, self.records))
        except Exception as error:  # noqa: BLE001  (logged; a learner never sees a stack trace)
            return PracticeScreen(notice=alert(sentence_of(error)))

    def _home(self, learner: str, offset: str) -> PracticeScreen:
        due = self.room.due(learner, zone(offset))
        begun = self.room.unfinished(learner)
        stage = render_practice.home(due, begun, scopes(self.library), self.now())
        return PracticeScreen("", stage, "", "")

    def _shown(self, session: Session) -> PracticeScreen:
        return PracticeScreen(session.id, self._page(session), "", "")

    def _page(self, session: Session) -> str:
        # Somebody who was trying a teach-back once more finds their draft again.
        retried = session.kind is SessionKind.TEACH_BACK and session.complete and session.drafts
        if session.finished_at and not retried:
            result = self.room.result(session)
            if session.scenario:
                return render_scenario.scenario_ended(result, session.scenario, self.library)
            return render_practice.ended(result, self.library)
        return self._question(session, again=bool(retried))

    def _question(self, session: Session, *, again: bool = False) -> str:
        if session.scenario:
            return render_scenario.scenario(session, session.scenario)
        if session.kind is SessionKind.EXAM:
            return render_exam.question(session, self.now())
        if session.kind is SessionKind.TEACH_BACK:
            return render_scenario.teach_back(session, again=again)
        if session.kind is SessionKind.FLASHCARDS:
            return render_scenario.flashcard(session, self.library)
        return render_practice.answered(session, self.library)

    def _stepped(self, learner: str, session_id: str, data: Data) -> PracticeScreen:
        step, place = data.get("step", ""), number(data, "position")
        room = self.room
        if step == "answer":
            return self._answered(learner, session_id, place, data)
        session = self._kept_answer(learner, session_id, data)
        if step == "retry" and session.kind is SessionKind.TEACH_BACK:
            return PracticeScreen(session.id, self._question(session, again=True), "", "")
        if session.finished_at:
            return self._shown(session)
        if step == "look_back" and session.kind is SessionKind.EXAM:
            return PracticeScreen(session.id, render_exam.look_back(session, self.now()), "", "")
        if step == "move":
            session = room.move(learner, session_id, place)
        elif step == "flag":
            session = room.flag(learner, session_id, place, data.get("on") == "yes")
        elif step == "finish" or (step == "over" and render_practice.seconds_left(session, self.now()) == 0):
            session = room.finish(learner, session_id)
        elif step != "over":
            raise BadInput("This page is out of date; reload it and go on.")
        return self._shown(session)

    def _answered(self, learner: str, session_id: str, place: int, data: Data) -> PracticeScreen:
        session = self.room.resume(learner, session_id)
        if not session.finished_at or session.kind is SessionKind.TEACH_BACK:
            response = response_of(session, place, data)
            session = self.room.answer(learner, session_id, place, response, seconds=seconds(data))
        if session.kind is SessionKind.FLASHCARDS:
            following = render_practice.next_open(session)
            return self._shown(session if following is None else self.room.move(learner, session_id, following))
        if session.kind is not SessionKind.EXAM and session.position == place and session.marking_at(place):
            # The last answer ends a session; how it was marked is shown first.
            return PracticeScreen(session.id, self._question(session), "", "")
        return self._shown(session)

    def _kept_answer(self, learner: str, session_id: str, data: Data) -> Session:
        """The session, with the answer that stands in an exam's form, if one does."""
        session = self.room.resume(learner, session_id)
        place = number(data, "at")
        if session.kind is not SessionKind.EXAM or session.finished_at or number(data, "index") < 0 or place < 0:
            return session
        response = response_of(session, place, data)
        if session.response_at(place) == response:
            return session
        return self.room.answer(learner, session_id, place, response, seconds=seconds(data))

    def _kept(self, learner: str, session_id: str, data: Data) -> PracticeScreen:
        place = number(data, "position")
        if data.get("pick") == "answer":
            session = self._kept_answer(learner, session_id, {**data, "at": data.get("position", "")})
            return self._shown(session) if session.finished_at else PracticeScreen(notice="")
        self.room.draft(learner, session_id, place, short_enough(data.get("text", "")))
        return PracticeScreen(notice="")


def scopes(library: Library) -> tuple[Scope, ...]:
    """The course's sections, each followed by its subsections."""
    parts: dict[str, str] = {}
    for section in library.sections:
        parts[f"{library.code} §{section.number}"] = f"{section.number} {section.title}"
        for passage in library.passages:
            address = passage.address
            if len(passage.heading_path) > 1 and address.section.startswith(f"{section.number}."):
                parts.setdefault(f"{library.code} §{address.section}", passage.heading_path[1])
    return tuple(Scope(topic, title) for topic, title in parts.items())
