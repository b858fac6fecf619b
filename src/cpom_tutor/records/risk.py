"""How much a turn asks to be looked at by an instructor."""

from hashlib import blake2b

from cpom_tutor.answers import Abstention, Answer, Conversation, Reason, Turn
from cpom_tutor.language import content_stems
from cpom_tutor.reviews import Complaint, Feedback, Risk

MOST_COUNTED = 50
"""How far it is counted how often a question was asked before; beyond, it is asked often enough."""

_THUMB_DOWN = 0.5
_COMPLAINTS = {
    Complaint.WRONG_EVIDENCE: 0.2,
    Complaint.SHOULD_NOT_HAVE_ANSWERED: 0.2,
    Complaint.SHOULD_HAVE_ANSWERED: 0.15,
    Complaint.INCOMPLETE: 0.1,
    Complaint.HARD_TO_UNDERSTAND: 0.05,
}
_ABSTENTIONS = {
    Reason.UNVERIFIED: (0.3, "found nothing that it could verify"),
    Reason.NOT_IN_COURSE: (0.25, "abstained: not in the course"),
    # Declined whatever the course says: seldom wrong, so that they stand last and are not lost.
    Reason.CLINICAL: (0.03, "declined: clinical"),
    Reason.OFF_TOPIC: (0.03, "declined: off topic"),
    Reason.INSTRUCTION: (0.03, "declined: an instruction"),
}
_LOW_CONFIDENCE, _NO_CONFIDENCE = 0.8, 0.4  # under 0.8, three answers in a hundred are to questions beyond the course
_DOUBT_FROM, _DOUBT_TO = 0.1, 0.3
_PREMISE = 0.15
_DROPPED, _DROPPED_AT_MOST = 0.1, 0.2
_OFTEN_FROM, _OFTEN, _OFTEN_AT_MOST = 3, 0.03, 0.15  # times asked


def risk_of(turn: Turn, feedback: Feedback | None = None, asked_before: int = 0) -> Risk:
    """The risk of a turn as it is known now: a sum of what speaks for looking at it, 1 at most.

    Args:
        turn: as it was recorded.
        feedback: the learner's word on it.
        asked_before: how often the same question was asked before (see `question_key`).
    """
    found = [*_of_feedback(feedback), *_of_reply(turn)]
    if question_key(turn) and asked_before + 1 >= _OFTEN_FROM:
        times = f"{asked_before + 1} times" if asked_before < MOST_COUNTED else f"more than {MOST_COUNTED} times"
        found.append((min(_OFTEN_AT_MOST, _OFTEN * asked_before), f"asked {times}"))
    found.sort(key=lambda each: -each[0])
    return Risk(round(min(1.0, sum(weight for weight, _ in found)), 4), tuple(why for _, why in found))


def question_key(turn: Turn) -> str:
    """The same for questions of the same content words.

    Empty where nothing of the course was asked, or where an instructor has answered: that may be asked at will.
    """
    if isinstance(turn.reply, Conversation) or turn.practice or turn.reviewed:
        return ""
    stems = " ".join(sorted(set(content_stems(turn.resolved_question))))
    return blake2b(stems.encode("utf-8", "replace"), digest_size=16).hexdigest() if stems else ""


def _of_feedback(feedback: Feedback | None) -> list[tuple[float, str]]:
    if feedback is None or feedback.helpful:
        return []
    complaints = sorted(feedback.complaints, key=lambda each: -_COMPLAINTS[each])
    weight = _THUMB_DOWN + (_COMPLAINTS[complaints[0]] if complaints else 0.0)
    named = ", ".join(complaint.value for complaint in complaints)
    return [(weight, f"thumbs down: {named}" if named else "thumbs down")]


def _of_reply(turn: Turn) -> list[tuple[float, str]]:
    reply = turn.reply
    if isinstance(reply, Abstention):
        return [_ABSTENTIONS[reply.reason]]
    if not isinstance(reply, Answer) or turn.reviewed:
        return []
    found = []
    if turn.confidence is not None and turn.confidence < _LOW_CONFIDENCE:
        share = min(1.0, (_LOW_CONFIDENCE - turn.confidence) / (_LOW_CONFIDENCE - _NO_CONFIDENCE))
        found.append((_DOUBT_FROM + share * (_DOUBT_TO - _DOUBT_FROM), "low confidence"))
    if reply.premise_refuted:
        found.append((_PREMISE, "corrected the question"))
    if reply.dropped:
        sentences = "sentence" if reply.dropped == 1 else "sentences"
        found.append((min(_DROPPED_AT_MOST, _DROPPED * reply.dropped), f"{reply.dropped} {sentences} did not pass"))
    return found
