"""The contracts of feedback, review and approved answers."""

from collections.abc import Iterator, Mapping
from typing import Protocol

from cpom_tutor.reviews import CanonicalAnswer, Case, Feedback, InboxLine, Review


class ReviewRecords(Protocol):
    """What learners and instructors say of turns.

    What a learner calls takes the learner, and raises NotFound for a turn of somebody else's. The rest is for
    instructors alone: who may call it is decided before it is called. All raise RecordsUnavailable where the database
    cannot be used.
    """

    def give_feedback(self, learner: str, conversation: str, place: int, feedback: Feedback) -> None:
        """Keeps the learner's word on the turn at a place of the conversation (from 0), instead of an earlier one."""

    def feedback(self, learner: str, conversation: str) -> Mapping[int, Feedback]:
        """The learner's words on the conversation's turns, by place."""

    def inbox(
        self, *, reviewed: bool | None = False, reply_kind: str = "", search: str = "", limit: int = 50, offset: int = 0
    ) -> tuple[InboxLine, ...]:
        """Turns by risk, the riskiest first, then the newest.

        Args:
            reviewed: only those with (True) or without (False) a review; None for both.
            reply_kind: only those answered so; empty for all.
            search: only those whose question holds these words, whatever their case.
            limit, offset: which lines.
        """

    def case(self, turn_id: str) -> Case:
        """The turn with all that belongs to it. Raises NotFound."""

    def cases(self, *, unanswered: bool = False) -> Iterator[Case]:
        """Every turn with feedback, a review or an approved answer, oldest first, without the turns before it.

        With `unanswered`, also those that the tutor abstained from as not in the course.
        """

    def add_review(self, turn_id: str, review: Review) -> None:
        """Adds a judgement. Raises NotFound."""

    def approve(self, canonical: CanonicalAnswer) -> None:
        """Keeps an approved answer; an earlier one for the same question is retired. Raises NotFound for its turn.

        Its turn stays in the inbox until it has a review.
        """

    def canonical_answers(self) -> tuple[CanonicalAnswer, ...]:
        """Those that answer now, newest first."""

    def retire(self, canonical_id: str, reason: str) -> None:
        """The approved answer answers no more. Raises NotFound."""


class CanonicalAnswers(Protocol):
    """Finds the approved answer to a question."""

    def answer_to(self, question: str, *, exactly: bool = False) -> CanonicalAnswer | None:
        """The one that answers this question or the same in other words; None where it is another question.

        Args:
            question: whole, as the conversation resolves it.
            exactly: only one for this very question; case, spacing and end marks make no difference.
        """
