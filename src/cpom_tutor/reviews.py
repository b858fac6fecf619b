"""What learners say of an answer, what instructors judge of it, and the answers that they approve."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from cpom_tutor.answers import Answer, Turn


class Complaint(StrEnum):
    """Why an answer did not help."""

    WRONG_EVIDENCE = "wrong evidence"
    INCOMPLETE = "incomplete"
    SHOULD_HAVE_ANSWERED = "should have answered"
    SHOULD_NOT_HAVE_ANSWERED = "should not have answered"
    HARD_TO_UNDERSTAND = "hard to understand"


@dataclass(frozen=True, slots=True)
class Feedback:
    """A learner's word on one turn; the latest stands.

    Attributes:
        helpful: thumbs up or down.
        complaints: reasons for a thumb down.
        words: the learner's own.
        given_at: timezone-aware time.
    """

    helpful: bool
    complaints: tuple[Complaint, ...]
    words: str
    given_at: datetime


class Judgement(StrEnum):
    """What an instructor finds."""

    CORRECT = "correct"
    WRONG_CITATION = "wrong citation"
    WRONG_ANSWER = "wrong answer"
    SHOULD_HAVE_ABSTAINED = "should have abstained"
    SHOULD_HAVE_ANSWERED = "should have answered"
    COURSE_GAP = "course gap"


@dataclass(frozen=True, slots=True)
class Review:
    """An instructor's judgement of one turn. Reviews are added, never changed: two may disagree, and both stand.

    Attributes:
        judgement: the verdict.
        comment: free text, may be empty.
        author: name of the instructor.
        made_at: timezone-aware time.
    """

    judgement: Judgement
    comment: str
    author: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class CanonicalAnswer:
    """An answer that an instructor approved for a question and its paraphrases.

    Attributes:
        id: unique.
        question: whole, as it is matched.
        reply: every sentence passed the gate when it was approved, and passes it again when it is shown.
        author: name of the instructor.
        approved_at: timezone-aware time.
        turn_id: of the turn that was corrected.
        retired: why it answers no more ("The course text it cites has changed."); empty while it does.
    """

    id: str
    question: str
    reply: Answer
    author: str
    approved_at: datetime
    turn_id: str
    retired: str = ""


@dataclass(frozen=True, slots=True)
class Risk:
    """How much a turn asks to be looked at.

    Attributes:
        score: 0 to 1; the inbox is ranked by it.
        why: short phrases for a person ("thumbs down: incomplete", "asked 4 times"), the weightiest first.
    """

    score: float
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InboxLine:
    """A turn in the inbox.

    Attributes:
        turn_id: of the turn.
        learner: the name of a `Byline`: a pseudonym, or the name that the learner shares; never an id.
        question, resolved_question: as the turn has them.
        reply_kind: answer, abstention or conversation.
        asked_at: timezone-aware time.
        risk: why it stands where it stands.
        judgements: of its reviews so far, oldest first.
    """

    turn_id: str
    learner: str
    question: str
    resolved_question: str
    reply_kind: str
    asked_at: datetime
    risk: Risk
    judgements: tuple[Judgement, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """A turn with all that a reviewer needs.

    Attributes:
        line: as in the inbox.
        turn: as the learner saw it.
        before: the earlier turns of its conversation, oldest first.
        feedback: the learner's, where there is any.
        reviews: so far, oldest first.
        canonical: the approved answers that were written from it, retired ones too.
    """

    line: InboxLine
    turn: Turn
    before: tuple[Turn, ...] = ()
    feedback: Feedback | None = None
    reviews: tuple[Review, ...] = field(default=())
    canonical: tuple[CanonicalAnswer, ...] = ()
