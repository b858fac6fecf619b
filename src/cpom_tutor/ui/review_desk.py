"""What happens on the Review screen, without Gradio: list, open, judge, and the way on."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from starlette.requests import HTTPConnection

from cpom_tutor.course import Address, Passage
from cpom_tutor.errors import BadInput, NotAllowed, TutorError
from cpom_tutor.library import Library
from cpom_tutor.protocols import Retriever
from cpom_tutor.review_protocols import ReviewRecords
from cpom_tutor.reviews import Case, Review
from cpom_tutor.ui import render_correction, render_review
from cpom_tutor.ui.cited import find
from cpom_tutor.ui.render import alert
from cpom_tutor.ui.review_form import (
    LONGEST_COMMENT,
    PAGE,
    Data,
    Look,
    Show,
    author_of,
    judgement_of,
    look_of,
    words_of,
)
from cpom_tutor.ui.reviewers import Reviewers
from cpom_tutor.ui.spoken import sentence_of

_RESULTS = 8
_LONGEST_QUERY = 300


@dataclass(frozen=True, slots=True)
class ReviewScreen:
    """What changes on the Review screen, as HTML; None leaves a part as it is.

    Attributes:
        bench: the inbox, or the turn that is open.
        evidence: the passages beside it.
        draft: the correction in the making.
        notice: what went wrong, in a sentence, or nothing.
    """

    bench: str | None = None
    evidence: str | None = None
    draft: str | None = None
    notice: str | None = None


class ReviewDesk:
    """The Review screen; it holds nothing of anybody.

    Every method takes the request, and does nothing for anybody but a reviewer, whatever was sent. Where one is in the
    inbox, and what was picked, comes with each click. What goes wrong leaves the screen as it is, so that nothing
    typed is lost.
    """

    def __init__(
        self,
        reviews: ReviewRecords,
        retriever: Retriever,
        reviewers: Reviewers,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.reviews, self.retriever, self.reviewers, self.now = reviews, retriever, reviewers, now

    @property
    def library(self) -> Library:
        """The text of the index version in use."""
        return self.retriever.library

    def inbox(self, request: HTTPConnection | None, data: Data) -> ReviewScreen:
        """The page of the inbox that the form names."""
        return self.done(request, lambda: self._listed(look_of(data)))

    def open(self, request: HTTPConnection | None, data: Data) -> ReviewScreen:
        """The turn of a line."""
        return self.done(request, lambda: self.opened(request, data.get("turn", ""), look_of(data)))

    def judge(self, request: HTTPConnection | None, data: Data) -> ReviewScreen:
        """Keeps a verdict, and opens the next line."""
        return self.done(request, lambda: self._judged(request, data))

    def skip(self, request: HTTPConnection | None, data: Data) -> ReviewScreen:
        """The next line, and no verdict."""
        look = look_of(data)
        return self.done(request, lambda: self._next(request, replace(look, at=look.at + 1), ""))

    def retire(self, request: HTTPConnection | None, data: Data) -> ReviewScreen:
        """An approved answer answers no more."""

        def work() -> ReviewScreen:
            self.reviews.retire(data.get("canonical", ""), f"Withdrawn by {self.author(request, data)}.")
            note, turn = "Withdrawn: it answers no more.", data.get("turn", "")
            return (
                self.opened(request, turn, look_of(data), note=note) if turn else self._listed(look_of(data), note=note)
            )

        return self.done(request, work)

    def seek(self, request: HTTPConnection | None, data: Data) -> ReviewScreen:
        """Passages for a correction, beside the turn."""
        return self.done(request, lambda: self._sought(data))

    def read(self, request: HTTPConnection | None, data: Data) -> ReviewScreen:
        """A passage that the tutor considered, beside the turn."""

        def work() -> ReviewScreen:
            passage = find(self.library, data.get("passage", ""), data.get("address", ""))
            return self._beside(data, str(passage.address), (passage,))

        return self.done(request, work)

    def done(self, request: HTTPConnection | None, work: Callable[[], ReviewScreen]) -> ReviewScreen:
        """What `work` gives, for a reviewer; a sentence for anybody else, and where something goes wrong."""
        try:
            self.reviewers.admit(request)
            screen = work()
        except NotAllowed as error:
            return ReviewScreen(bench=alert(str(error)), evidence="", draft="", notice="")
        except Exception as error:  # noqa: BLE001  (logged; nobody sees a stack trace)
            return ReviewScreen(notice=alert(sentence_of(error)))
        return replace(screen, notice=screen.notice or "")

    def author(self, request: HTTPConnection | None, data: Data) -> str:
        """Who judges: the account that is signed in; without accounts, the name that was typed."""
        return self.reviewers.name_of(request) or author_of(data)

    def opened(self, request: HTTPConnection | None, turn_id: str, look: Look, *, note: str = "") -> ReviewScreen:
        """The turn, its evidence, and no correction yet."""
        case = self.reviews.case(turn_id)
        return ReviewScreen(
            bench=render_review.case_view(case, look, self.library, note=note, author=self.reviewers.name_of(request)),
            evidence=render_correction.evidence(case.turn, self.library),
            draft="",
        )

    def case_of(self, data: Data) -> Case:
        """The turn that is open.

        Raises:
            NotFound: it is gone, or none is open.
        """
        return self.reviews.case(data.get("turn", ""))

    def _listed(self, look: Look, *, note: str = "") -> ReviewScreen:
        if look.show is Show.APPROVED:
            bench = render_review.approved(self.reviews.canonical_answers(), look, note=note)
            return ReviewScreen(bench=bench, evidence="", draft="")
        lines = self.reviews.inbox(
            reviewed=look.reviewed, reply_kind=look.reply_kind, search=look.search, limit=PAGE + 1, offset=look.first
        )
        bench = render_review.inbox(lines[:PAGE], look, more=len(lines) > PAGE, note=note)
        return ReviewScreen(bench=bench, evidence="", draft="")

    def _judged(self, request: HTTPConnection | None, data: Data) -> ReviewScreen:
        judgement = judgement_of(data)
        comment = words_of(data, "comment", LONGEST_COMMENT)
        self.reviews.add_review(
            data.get("turn", ""), Review(judgement, comment, self.author(request, data), self.now())
        )
        look = look_of(data)
        # A line that waited has left the list, and the next one stands in its place.
        following = look if look.show is not Show.REVIEWED else replace(look, at=look.at + 1)
        return self._next(request, following, f"Kept: {judgement}.")

    def _next(self, request: HTTPConnection | None, look: Look, note: str) -> ReviewScreen:
        """The line at a place, or else the inbox from its top."""
        lines = self.reviews.inbox(
            reviewed=look.reviewed, reply_kind=look.reply_kind, search=look.search, limit=1, offset=look.at
        )
        if lines:
            following = replace(look, first=look.at // PAGE * PAGE)
            return self.opened(request, lines[0].turn_id, following, note=f"{note} Here is the next one.".strip())
        return self._listed(replace(look, first=0, at=0), note=f"{note} That was the last of this list.".strip())

    def _sought(self, data: Data) -> ReviewScreen:
        query = data.get("query", "").strip()[:_LONGEST_QUERY]
        if not query:
            return self._beside(data, "", None)
        try:
            return self._beside(data, query, self._found(query))
        except TutorError as error:
            return self._beside(data, query, None, fault=str(error))

    def _found(self, query: str) -> tuple[Passage, ...]:
        """By address, where it is one; by meaning and words otherwise."""
        try:
            return self.library.at(Address.parse(query, self.library.code))[:_RESULTS]
        except BadInput:
            return tuple(hit.passage for hit in self.retriever.search(query, _RESULTS))

    def _beside(self, data: Data, query: str, found: tuple[Passage, ...] | None, *, fault: str = "") -> ReviewScreen:
        turn = self.case_of(data).turn
        return ReviewScreen(
            evidence=render_correction.evidence(turn, self.library, query=query, found=found, fault=fault)
        )
