"""Sessions as they are stored: what comes back is what was there."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from cpom_tutor.attempts import Grading, Marking, PointMark, PointVerdict, Rating, Response, Session, SessionKind
from cpom_tutor.interchange_sessions import session_from_record, session_state_to_record, session_to_record
from cpom_tutor.items import ExamGroup, ItemKind
from cpom_tutor.testing import make_item, make_scenario

BARE = Session("y", SessionKind.QUESTIONS, 0, datetime(2026, 3, 1, tzinfo=UTC))
FULL = Session(
    id="x",
    kind=SessionKind.EXAM,
    seed=7,
    started_at=datetime(2026, 3, 1, 12, 30, 1, 250, tzinfo=timezone(timedelta(hours=2))),
    items=tuple(make_item(number, kind) for number, kind in enumerate(ItemKind)),
    scenario=make_scenario(),
    responses=(
        (0, Response(index=0)),
        (1, Response(text="half a pair \ud83d")),
        (2, Response(pairs=((0, 0), (1, 1)))),
        (3, Response(order=())),
        (4, Response(rating=Rating.HARD)),
    ),
    markings=(
        (0, Marking(1.0, True)),
        (1, Marking(1 / 3, False, Grading((PointMark("p", PointVerdict.MET, 0.9, "mine"),), 1 / 3, "One found."))),
    ),
    flagged=frozenset({4, 2}),
    position=3,
    minutes=60,
    finished_at=datetime(2026, 3, 1, 13, tzinfo=UTC),
    blueprint=(ExamGroup("An area", "CPOM §1.1.1", 0.4, ("mcq-0",), "A case."),),
    asked=120,
    drafts=((1, "My words."),),
    revision=9,
)


def stored(session: Session) -> Session:
    record, state = (json.loads(json.dumps(part(session))) for part in (session_to_record, session_state_to_record))
    return session_from_record(record, state)


def test_a_stored_session_comes_back_whole() -> None:
    assert stored(FULL) == FULL
    assert stored(BARE) == BARE


def test_what_was_drawn_is_stored_apart_from_what_changes() -> None:
    later = replace(
        BARE, responses=FULL.responses, markings=FULL.markings, flagged=FULL.flagged, position=4, drafts=FULL.drafts,
        finished_at=FULL.finished_at, revision=2,
    )  # fmt: skip
    assert session_to_record(later) == session_to_record(BARE)
    assert session_state_to_record(later) != session_state_to_record(BARE)
    assert len(json.dumps(session_state_to_record(FULL))) < 1500
