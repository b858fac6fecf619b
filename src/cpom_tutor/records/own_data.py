"""What is kept of a learner as JSON-ready values, for the learner to take away.

The learner's id is not among it: whoever holds that is taken for the learner.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from cpom_tutor.accounts import Account
from cpom_tutor.answers import Turn
from cpom_tutor.attempts import Attempt, Card, Session
from cpom_tutor.interchange import turn_to_json
from cpom_tutor.interchange_practice import item_to_json
from cpom_tutor.interchange_reviews import feedback_to_json
from cpom_tutor.interchange_sessions import session_state_to_record
from cpom_tutor.protocols import ConversationSummary
from cpom_tutor.reviews import Feedback

Json = dict[str, Any]


def own_account(account: Account) -> Json:
    """By what the learner signs in; of the password nothing."""
    return {
        "name": account.name,
        "shown_as": account.shown_as,
        "role": account.role.value,
        "group": account.group,
        "shares_name": account.shares_name,
        "created_at": account.created_at.isoformat(),
    }


def own_conversation(
    conversation: ConversationSummary, turns: Sequence[Turn], feedback: Mapping[int, Feedback]
) -> Json:
    """A conversation with its turns, and with what the learner said of them."""
    return {
        "id": conversation.id,
        "title": conversation.title,
        "updated_at": conversation.updated_at.isoformat(),
        "turns": [
            {
                "question": turn.question,
                "asked_at": turn.asked_at.isoformat(),
                **turn_to_json(turn, id=str(place), conversation=conversation.id),
                "feedback": feedback_to_json(feedback[place]) if place in feedback else None,
            }
            for place, turn in enumerate(turns)
        ],
    }


def own_attempt(attempt: Attempt) -> Json:
    """A try at an item."""
    return {
        "item_id": attempt.item_id,
        "fact": attempt.fact,
        "kind": attempt.kind.value,
        "level": attempt.level.value,
        "topic": attempt.topic,
        "score": attempt.score,
        "correct": attempt.correct,
        "answered_at": attempt.answered_at.isoformat(),
        "sitting": attempt.session,
        "seconds": attempt.seconds,
        "self_rated": attempt.self_rated,
    }


def own_card(card: Card) -> Json:
    """A card, with what the schedule knows of it."""
    return {
        "item": item_to_json(card.item),
        "due": card.due.isoformat(),
        "state": card.state,
        "retired": card.retired,
    }


def own_sitting(session: Session) -> Json:
    """A sitting: what was asked, without the key, which an exam under way must not give away, and what was answered."""
    return {
        "id": session.id,
        "kind": session.kind.value,
        "started_at": session.started_at.isoformat(),
        "minutes": session.minutes,
        "situation": session.scenario.situation if session.scenario else None,
        "questions": [
            {"id": item.id, "stem": item.stem, "prompts": list(item.prompts), "options": list(item.options)}
            for item in session.items
        ],
        **session_state_to_record(session),
    }
