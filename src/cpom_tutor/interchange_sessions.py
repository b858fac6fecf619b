"""Sessions of practice as they are stored: what was drawn, which stays, and how far the learner is, which changes.

Each `..._to_record` / `..._from_record` pair loses nothing. The two parts are apart so that an answer in an exam of
a hundred items does not store the hundred again.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cpom_tutor.attempts import Grading, Marking, PointMark, PointVerdict, Rating, Response, Session, SessionKind
from cpom_tutor.interchange_practice import (
    group_from_record,
    group_to_record,
    item_from_record,
    item_to_record,
    scenario_from_record,
    scenario_to_record,
)

Json = Mapping[str, Any]


def session_to_record(session: Session) -> dict[str, Any]:
    """What the session was drawn with, as JSON-ready values: all that never changes."""
    return {
        "id": session.id,
        "kind": session.kind.value,
        "seed": session.seed,
        "started_at": session.started_at.isoformat(),
        "items": [item_to_record(item) for item in session.items],
        "scenario": scenario_to_record(session.scenario) if session.scenario else None,
        "minutes": session.minutes,
        "blueprint": [group_to_record(group) for group in session.blueprint],
        "asked": session.asked,
    }


def session_state_to_record(session: Session) -> dict[str, Any]:
    """How far the learner is, as JSON-ready values: all that changes."""
    return {
        "responses": [[position, response_to_record(response)] for position, response in session.responses],
        "markings": [[position, marking_to_record(marking)] for position, marking in session.markings],
        "flagged": sorted(session.flagged),
        "position": session.position,
        "finished_at": session.finished_at.isoformat() if session.finished_at else None,
        "drafts": [list(draft) for draft in session.drafts],
        "revision": session.revision,
    }


def session_from_record(record: Json, state: Json) -> Session:
    """The session that `session_to_record` and `session_state_to_record` stored."""
    scenario, finished = record["scenario"], state["finished_at"]
    return Session(
        id=record["id"],
        kind=SessionKind(record["kind"]),
        seed=record["seed"],
        started_at=datetime.fromisoformat(record["started_at"]),
        items=tuple(item_from_record(item) for item in record["items"]),
        scenario=scenario_from_record(scenario) if scenario else None,
        responses=tuple((position, response_from_record(stored)) for position, stored in state["responses"]),
        markings=tuple((position, marking_from_record(stored)) for position, stored in state["markings"]),
        flagged=frozenset(state["flagged"]),
        position=state["position"],
        minutes=record["minutes"],
        finished_at=datetime.fromisoformat(finished) if finished else None,
        blueprint=tuple(group_from_record(group) for group in record["blueprint"]),
        asked=record["asked"],
        drafts=tuple((position, text) for position, text in state["drafts"]),
        revision=state["revision"],
    )


def response_to_record(response: Response) -> dict[str, Any]:
    """Everything of a response, as JSON-ready values."""
    return {
        "index": response.index,
        "text": response.text,
        "order": list(response.order) if response.order is not None else None,
        "pairs": [list(pair) for pair in response.pairs] if response.pairs is not None else None,
        "rating": response.rating.value if response.rating else None,
    }


def response_from_record(record: Json) -> Response:
    """The response that `response_to_record` stored."""
    order, pairs, rating = record["order"], record["pairs"], record["rating"]
    return Response(
        index=record["index"],
        text=record["text"],
        order=tuple(order) if order is not None else None,
        pairs=tuple((prompt, option) for prompt, option in pairs) if pairs is not None else None,
        rating=Rating(rating) if rating else None,
    )


def marking_to_record(marking: Marking) -> dict[str, Any]:
    """Everything of a marking, as JSON-ready values."""
    grading = marking.grading
    return {
        "score": marking.score,
        "correct": marking.correct,
        "grading": grading
        and {
            "score": grading.score,
            "feedback": grading.feedback,
            "points": [
                {"point": mark.point, "verdict": mark.verdict.value, "score": mark.score, "evidence": mark.evidence}
                for mark in grading.points
            ],
        },
    }


def marking_from_record(record: Json) -> Marking:
    """The marking that `marking_to_record` stored."""
    stored = record["grading"]
    if stored is None:
        return Marking(record["score"], record["correct"])
    points = tuple(
        PointMark(mark["point"], PointVerdict(mark["verdict"]), mark["score"], mark["evidence"])
        for mark in stored["points"]
    )
    return Marking(record["score"], record["correct"], Grading(points, stored["score"], stored["feedback"]))
