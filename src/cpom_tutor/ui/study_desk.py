"""What happens on the Study screen, without Gradio: ask, stop, resume, open a citation."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from cpom_tutor.answers import Answer, Turn, citation_marks
from cpom_tutor.errors import NotAllowed, NotFound, TutorError
from cpom_tutor.library import Library
from cpom_tutor.practice.chat.keeping import finished
from cpom_tutor.practice.sittings.room import PracticeRoom
from cpom_tutor.protocols import Records, Retriever, Stepper
from cpom_tutor.review_protocols import ReviewRecords
from cpom_tutor.ui import render
from cpom_tutor.ui.cited import find, opened_at, opened_passage
from cpom_tutor.ui.feedback_form import feedback_of
from cpom_tutor.ui.history_desk import HistoryDesk
from cpom_tutor.ui.render_answer import standing
from cpom_tutor.ui.render_course import section_view
from cpom_tutor.ui.render_feedback import Opinions
from cpom_tutor.ui.spoken import sentence_of, spoken
from cpom_tutor.ui.streams import Stopped, Streams
from cpom_tutor.ui.visitors import learner_of

LONGEST_QUESTION = 2_000
"""Characters."""

NEW = "new"
"""What the page remembers instead of an id while a new conversation has no turn yet."""

GONE = "gone"
"""What the page remembers instead of an id when all that was the learner's is deleted: it loads itself afresh."""

_TOO_LONG = "That is {length:,} characters long; please ask it in at most {longest:,}."
_STARTING = "The search is still starting, which takes a few seconds; your question is next…"
_ON_THE_ACCOUNTS_PAGE = "Everything of yours is deleted together with your account; open Account to do that."
_READING = "Reading your question…"

Cookies = Mapping[str, str]
Click = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Screen:
    """What changes on the Study screen; None leaves a part as it is. All but the first two are HTML.

    Attributes:
        conversation: id of the conversation in use, or an empty string.
        typed: what stands in the question box.
        log: earlier turns.
        live: the latest turn.
        history: the list of conversations.
    """

    conversation: str | None = None
    typed: str | None = None
    log: str | None = None
    live: str | None = None
    history: str | None = None


class StudyDesk:
    """The Study screen of every learner; of any one of them it holds only the answer under way.

    Every method takes the cookies of the request and finds the learner by them; a conversation's id may
    come from the browser, because `Records` refuses one that is somebody else's.
    """

    def __init__(
        self,
        tutor: Stepper,
        records: Records,
        retriever: Retriever,
        awake: threading.Event,
        reviews: ReviewRecords,
        room: PracticeRoom | None = None,
    ) -> None:
        """`awake` is set once the search is warm; `room` keeps what is practised in the conversation."""
        self.room, self.reviews, self.history = room, reviews, HistoryDesk(records)
        self.tutor, self.records, self.retriever, self.awake = tutor, records, retriever, awake
        self.streams = Streams()

    @property
    def library(self) -> Library:
        """The text of the index version in use."""
        return self.retriever.library

    def open(self, cookies: Cookies, conversation: str) -> Screen:
        """The page as it is opened: the conversation in use, or else the latest one."""
        try:
            learner = learner_of(cookies, self.records)
            with suppress(NotFound):
                if conversation:
                    return self._resumed(learner, conversation)
            if conversation == GONE:
                screen = self._resumed(learner, NEW)
                return replace(screen, log=render.forgotten() + (screen.log or ""))
            latest = self.records.conversations(learner, 1)
            return self._resumed(learner, latest[0].id if latest else NEW)
        except Exception as error:  # noqa: BLE001  (logged; a learner never sees a stack trace)
            return Screen(log=render.failed("", sentence_of(error)), live="")

    def delete(self, cookies: Cookies, conversation: str, unwanted: str) -> Screen:
        """Deletes a conversation and opens another one."""
        try:
            learner = learner_of(cookies, self.records)
            self.records.delete_conversation(learner, unwanted)
            screen = self.open(cookies, NEW if conversation in (unwanted, NEW, "") else conversation)
            current = screen.conversation or NEW
            return replace(screen, history=self.history.listed(learner, current, unfolded=True))
        except Exception as error:  # noqa: BLE001  (logged; a learner never sees a stack trace)
            return Screen(live=render.failed("", sentence_of(error)))

    def forget(self, cookies: Cookies) -> Screen:
        """Deletes all that is kept of an anonymous learner."""
        try:
            learner = learner_of(cookies, self.records)
            if self.records.has_accounts():  # whoever gets here is signed in, and has to show that it is they
                raise NotAllowed(_ON_THE_ACCOUNTS_PAGE)
            self.records.delete_learner(learner)
        except Exception as error:  # noqa: BLE001  (logged; a learner never sees a stack trace)
            return Screen(live=render.failed("", sentence_of(error)))
        return Screen(conversation=GONE)

    def opine(self, cookies: Cookies, conversation: str, click: Click) -> Screen:
        """Keeps the learner's word on a turn, and shows the turns that were shown together with it."""
        place, among, problem = _number(click, "turn"), _number(click, "among"), ""
        try:
            learner = learner_of(cookies, self.records)
            turns = self.records.turns(learner, conversation)
            if not 0 <= place < len(turns):
                raise NotFound("That answer is not in this conversation; reload the page.")
            try:
                self.reviews.give_feedback(learner, conversation, place, feedback_of(click, datetime.now(UTC)))
            except TutorError as error:
                problem = str(error)
            opinions = replace(self._opinions(learner, conversation), place=place, problem=problem)
        except Exception as error:  # noqa: BLE001  (logged; a learner never sees a stack trace)
            return Screen(live=render.failed("", sentence_of(error)))
        if among <= place:
            return Screen(live=self._live(turns[place], place, opinions, latest=place == len(turns) - 1))
        latest = among >= len(turns)
        return Screen(log=render.conversation(turns[:among], self.library, latest=latest, opinions=opinions))

    def _live(self, turn: Turn, place: int, opinions: Opinions, *, latest: bool = True) -> str:
        below = opinions.below(turn, place, among=0)
        return render.turn_view(turn, place, self.library, latest=latest, below=below)

    def _resumed(self, learner: str, conversation: str) -> Screen:
        turns = self.records.turns(learner, conversation) if conversation != NEW else ()
        opinions = self._opinions(learner, conversation)
        return Screen(
            conversation=conversation,
            log=render.conversation(turns, self.library, latest=True, opinions=opinions),
            live="",
            history=self.history.listed(learner, conversation),
        )

    def _opinions(self, learner: str, conversation: str) -> Opinions:
        known = conversation not in ("", NEW)
        given = self.reviews.feedback(learner, conversation) if known else {}
        return Opinions(self.records.byline(learner), given)

    def ask(self, cookies: Cookies, page: str, conversation: str, question: str | None) -> Iterator[Screen]:
        """Steps, then sentences as they pass the gate, then the finished and recorded turn.

        Args:
            cookies: of the request.
            page: names the open page, so that `stop` finds what it waits for.
            conversation: id of the conversation in use, `NEW` or empty.
            question: as typed.
        """
        question = (question or "").strip()
        if not question:
            yield Screen()
            return
        try:
            yield from self._answered(cookies, page, conversation, question)
        except Stopped:
            yield Screen(live=render.stopped(question))
        except Exception as error:  # noqa: BLE001  (logged; a learner never sees a stack trace)
            yield Screen(live=render.failed(question, sentence_of(error)))

    def stop(self, cookies: Cookies, page: str) -> None:
        """Stops what the page waits for, if it does; what is finished already stays."""
        with suppress(TutorError):
            self.streams.stop(f"{learner_of(cookies, self.records)} {page}")

    def _answered(self, cookies: Cookies, page: str, conversation: str, question: str) -> Iterator[Screen]:
        learner = learner_of(cookies, self.records)
        known = conversation not in ("", NEW)
        history = self.records.turns(learner, conversation) if known else ()
        opinions = self._opinions(learner, conversation)
        log = render.conversation(history, self.library, latest=False, opinions=opinions)
        if len(question) > LONGEST_QUESTION:
            sentence = _TOO_LONG.format(length=len(question), longest=LONGEST_QUESTION)
            yield Screen(log=log, live=render.failed("", sentence))
            return
        notes = [_READING if self.awake.is_set() else _STARTING]
        yield Screen(typed="", log=log, live=render.pending(question, notes, ""))
        turn, partial = None, ""
        for step in self.streams.run(f"{learner} {page}", self.tutor.stream(question, history)):
            notes += [step.note] if step.note and step.note not in notes else []
            turn, partial = step.turn or turn, step.partial or partial
            if turn is None and (step.note or step.partial):
                yield Screen(live=render.pending(question, notes, partial))
        if turn is None:
            raise RuntimeError("The tutor ended without a turn")
        yield self._recorded(learner, conversation if known else "", turn, history, Opinions(opinions.byline))

    def _recorded(
        self, learner: str, conversation: str, turn: Turn, history: Sequence[Turn], opinions: Opinions
    ) -> Screen:
        place = len(history)
        try:
            conversation = conversation or self.records.start_conversation(learner)
            self.records.add_turn(learner, conversation, turn)
            done = finished(turn, history) if self.room else None
            if self.room and done:
                self.room.keep(learner, done)
            # Counted again, because another tab may have added to the same conversation meanwhile.
            place = len(self.records.turns(learner, conversation)) - 1
        except TutorError as error:
            # The answer is good; only the saving failed, and the learner is to know both.
            live = render.turn_view(turn, place, self.library, latest=True)
            return Screen(live=live + render.alert(f"This answer is not saved. {error}"))
        listed = self.history.listed(learner, conversation)
        return Screen(conversation=conversation, live=self._live(turn, place, opinions), history=listed)

    @spoken
    def cite(self, cookies: Cookies, conversation: str, click: Click) -> str:
        """The panel with the section of a citation, its quotes marked, opened at the clicked sentence's."""
        learner = learner_of(cookies, self.records)
        turns = self.records.turns(learner, conversation)
        place, mark, claim = (_number(click, name) for name in ("turn", "mark", "claim"))
        reply = turns[place].reply if 0 <= place < len(turns) else None
        if not isinstance(reply, Answer):
            raise NotFound("That citation is not in this conversation; reload the page.")
        return cited_view(reply, mark, claim, self.library)

    @spoken
    def read(self, click: Click) -> str:
        """The panel opened at a passage, by its id or by where it stood."""
        passage = find(self.library, click.get("passage", ""), click.get("address", ""))
        return opened_passage(passage, self.library, prefix="study")

    @spoken
    def first_section(self) -> str:
        """The panel before anything was cited."""
        section = self.library.sections[0]
        return section_view(self.library, section, prefix="study")


def _number(click: Click, name: str) -> int:
    value = str(click.get(name, ""))
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else -1


def cited_view(answer: Answer, mark: int, claim: int, library: Library) -> str:
    """The panel for mark `[mark]` of an answer.

    The quotes of that mark are marked strongly, the answer's other quotes in the section lightly; the view
    opens at the quote of the clicked sentence. Where it has several, one that has changed comes first: the mark
    says that it has.

    Args:
        answer: as stored.
        mark: the number of the citation, from 1.
        claim: position of the sentence that was clicked, or -1.
        library: the text of today.
    """
    numbers = citation_marks(answer.claims)
    cited = [(place, one) for place, checked in enumerate(answer.claims) for one in checked.citations]
    chosen = [(place, one) for place, one in cited if numbers[one.passage_id] == mark]
    if not chosen:
        raise NotFound("That citation is not in this answer; reload the page.")
    clicked = [one for place, one in chosen if place == claim] or [chosen[0][1]]
    aimed = next((one for one in clicked if not standing(one, library)), clicked[0])
    strong = [one for _, one in cited if numbers[one.passage_id] == mark]
    others = [one for _, one in cited if numbers[one.passage_id] != mark]
    return opened_at(aimed, strong, others, library, prefix="study")
