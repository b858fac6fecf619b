"""What happens to a correction on the Review screen, without Gradio: pick, write, put in order, approve."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import HTTPConnection

from cpom_tutor.errors import BadInput, NotFound
from cpom_tutor.protocols import GroundingChecker
from cpom_tutor.reviewing.correcting import Pick, compose
from cpom_tutor.reviews import CanonicalAnswer
from cpom_tutor.ui.render_correction import correction
from cpom_tutor.ui.review_desk import ReviewDesk, ReviewScreen
from cpom_tutor.ui.review_form import (
    LONGEST_QUESTION,
    Data,
    look_of,
    number,
    picks_of,
    sentence_of_course,
    sentence_of_ones_own,
    words_of,
)

_APPROVED = "Approved: from now on this answers the question. Your verdict on the old answer is still open."


@dataclass(frozen=True, slots=True)
class CorrectionDesk:
    """The correction in the making; all of it comes with each click, and goes back with each answer.

    Attributes:
        desk: the Review screen that it is a part of, which lets nobody but a reviewer in.
        checker: judges each sentence by what it cites.
    """

    desk: ReviewDesk
    checker: GroundingChecker

    def start(self, request: HTTPConnection | None, data: Data) -> ReviewScreen:
        """A correction without a sentence yet; one that was begun already stays."""
        return self._changed(request, data, lambda picks: picks)

    def take(self, request: HTTPConnection | None, data: Data) -> ReviewScreen:
        """A sentence of the course comes last, or goes where it was picked already."""

        def change(picks: tuple[Pick, ...]) -> tuple[Pick, ...]:
            pick = sentence_of_course(data, self.desk.library)
            return tuple(one for one in picks if one != pick) if pick in picks else (*picks, pick)

        return self._changed(request, data, change)

    def say(self, request: HTTPConnection | None, data: Data) -> ReviewScreen:
        """A sentence of the reviewer's own comes last."""

        def work() -> ReviewScreen:
            picks = picks_of(data, self.desk.library)
            try:
                return self._shown(data, (*picks, sentence_of_ones_own(data, self.desk.library)))
            except BadInput as error:
                # What was typed stays in its field.
                return self._shown(data, picks, fault=str(error), own=data.get("own", ""))

        return self.desk.done(request, work)

    def shift(self, request: HTTPConnection | None, data: Data) -> ReviewScreen:
        """A sentence goes one place up or down, or out."""
        return self._changed(request, data, lambda picks: _shifted(picks, number(data, "line"), data.get("by", "")))

    def abandon(self, request: HTTPConnection | None, data: Data) -> ReviewScreen:  # noqa: ARG002
        """No correction after all."""
        return self.desk.done(request, lambda: ReviewScreen(draft=""))

    def approve(self, request: HTTPConnection | None, data: Data) -> ReviewScreen:
        """Keeps the correction as the answer to its question, after one more pass through the gate."""

        def work() -> ReviewScreen:
            turn_id, question = data.get("turn", ""), self._question(data)
            answer = compose(question, picks_of(data, self.desk.library), self.desk.library, self.checker)
            author = self.desk.author(request, data)
            self.desk.reviews.approve(
                CanonicalAnswer(secrets.token_urlsafe(16), question, answer, author, self.desk.now(), turn_id)
            )
            return self.desk.opened(request, turn_id, look_of(data), note=_APPROVED)

        return self.desk.done(request, work)

    def _changed(
        self,
        request: HTTPConnection | None,
        data: Data,
        change: Callable[[tuple[Pick, ...]], tuple[Pick, ...]],
    ) -> ReviewScreen:
        def work() -> ReviewScreen:
            return self._shown(data, change(picks_of(data, self.desk.library)), own=data.get("own", ""))

        return self.desk.done(request, work)

    def _shown(self, data: Data, picks: tuple[Pick, ...], *, fault: str = "", own: str = "") -> ReviewScreen:
        """The draft as it is now, with the answer that it makes where every sentence passes."""
        question, answer = self._question(data), None
        if picks and not fault:
            try:
                answer = compose(question, picks, self.desk.library, self.checker)
            except (BadInput, NotFound) as error:
                fault = str(error)
        return ReviewScreen(draft=correction(question, picks, answer=answer, fault=fault, own=own))

    def _question(self, data: Data) -> str:
        """As it stands in the draft, where there is one; otherwise as the tutor read it."""
        if "question" in data:
            return " ".join(words_of(data, "question", LONGEST_QUESTION).split())
        turn = self.desk.case_of(data).turn
        return turn.resolved_question or turn.question


def _shifted(picks: tuple[Pick, ...], place: int, way: str) -> tuple[Pick, ...]:
    rest = list(picks)
    if place >= len(rest):
        return picks
    moved = rest.pop(place)
    if way != "out":
        rest.insert(max(place + (-1 if way == "up" else 1), 0), moved)
    return tuple(rest)
