"""The JSON of `review list` and `review show` (documented in the README)."""

from typing import Any

from cpom_tutor.answers import to_markdown
from cpom_tutor.interchange import turn_to_json
from cpom_tutor.reviews import CanonicalAnswer, Case, Feedback, InboxLine, Review

Json = dict[str, Any]


def line_to_json(line: InboxLine) -> Json:
    """One line of the inbox."""
    return {
        "turn_id": line.turn_id,
        "learner": line.learner,
        "question": line.question,
        "resolved_question": line.resolved_question,
        "kind": line.reply_kind,
        "asked_at": line.asked_at.isoformat(),
        "risk": line.risk.score,
        "why": list(line.risk.why),
        "judgements": [judgement.value for judgement in line.judgements],
    }


def case_to_json(case: Case) -> Json:
    """A turn with all that belongs to it; the turns as `ask --json` prints them."""
    return {
        **line_to_json(case.line),
        "turn": turn_to_json(case.turn, id=case.line.turn_id),
        "before": [{"question": turn.question, **turn_to_json(turn)} for turn in case.before],
        "feedback": feedback_to_json(case.feedback) if case.feedback else None,
        "reviews": [review_to_json(review) for review in case.reviews],
        "approved_answers": [canonical_to_json(canonical) for canonical in case.canonical],
    }


def feedback_to_json(feedback: Feedback) -> Json:
    """A learner's word on a turn."""
    return {
        "helpful": feedback.helpful,
        "complaints": [complaint.value for complaint in feedback.complaints],
        "words": feedback.words,
        "given_at": feedback.given_at.isoformat(),
    }


def review_to_json(review: Review) -> Json:
    """An instructor's judgement."""
    return {
        "judgement": review.judgement.value,
        "comment": review.comment,
        "author": review.author,
        "made_at": review.made_at.isoformat(),
    }


def canonical_to_json(canonical: CanonicalAnswer) -> Json:
    """An approved answer."""
    return {
        "id": canonical.id,
        "question": canonical.question,
        "text": to_markdown(canonical.reply),
        "author": canonical.author,
        "approved_at": canonical.approved_at.isoformat(),
        "retired": canonical.retired,
    }
