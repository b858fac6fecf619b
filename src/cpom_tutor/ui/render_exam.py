"""A mock exam as HTML: one question with the numbers of all, the look back before handing in, the result. Pure."""

from datetime import datetime

from cpom_tutor.attempts import Session
from cpom_tutor.items import ExamGroup
from cpom_tutor.ui.render_items import task
from cpom_tutor.ui.render_practice import frame, seconds_left
from cpom_tutor.ui.text import button, escaped, inline, markdown


def question(session: Session, now: datetime) -> str:
    """The question at the session's position; nothing here tells what is right."""
    place = session.position
    item, response = session.items[place], session.response_at(place)
    case = _case(session)
    body = (
        f'<div class="exam-sheet"><form class="exam-task" data-key="{escaped(session.id)}:{place}"'
        f' data-pick="answer" data-primary="yes" data-position="{place}">'
        f"{case}{task(item, response)}{_moves(session)}</form>{numbers(session)}</div>"
    )
    where = f"Question {place + 1} of {session.size}"
    return frame(session, where, body, stage="exam", aside=clock(session, now))


def _case(session: Session) -> str:
    group = group_of(session, session.position)
    if group is None or not group.situation:
        return ""
    return (
        f'<section class="case" aria-label="Case"><h3>Case: {inline(group.title)}</h3>'
        f"{markdown(group.situation)}</section>"
    )


def group_of(session: Session, place: int) -> ExamGroup | None:
    """The case or area that the question at `place` belongs to; a case before an area."""
    wanted = session.items[place].id
    found = [group for group in session.blueprint if wanted in group.item_ids]
    return next((group for group in found if group.situation), found[0] if found else None)


def clock(session: Session, now: datetime) -> str:
    """The time left; the page counts it down, the records decide."""
    left = seconds_left(session, now)
    if left is None:
        return ""
    shown = f"{left // 60}:{left % 60:02d}"
    return (
        f'<p class="clock" role="timer" data-left="{left}"><span class="hidden">Time left: </span>'
        f'<span class="digits">{shown}</span><span hidden>{button("Time is over", "go", step="over")}</span></p>'
    )


def _moves(session: Session) -> str:
    place, last = session.position, session.size - 1
    flagged = place in session.flagged
    back = button("Back", "go", kind="solid", step="move", position=place - 1) if place else ""
    flag = button(
        "Take the flag off" if flagged else "Flag", "go", kind="solid", step="flag", position=place,
        on="no" if flagged else "yes",
    )  # fmt: skip
    onward = (
        button("Next", "go", kind="primary", step="move", position=place + 1)
        if place < last
        else button("Look back and hand in", "go", kind="primary", step="look_back", position=place)
    )
    return f'<div class="doing">{onward}{back}{flag}</div>'


def numbers(session: Session, *, look_back_offered: bool = True) -> str:
    """A button for each question: answered, flagged, the present one; said, drawn and coloured."""
    marks = "".join(f"<li>{_number(session, place)}</li>" for place in range(session.size))
    offer = button("Look back and hand in", "go", step="look_back", position=session.position)
    look = offer if look_back_offered else ""
    legend = (
        '<p class="key" aria-hidden="true"><span class="number answered">1</span> answered '
        '<span class="number">2</span> open <span class="number flagged">3</span> flagged</p>'
    )
    return f'<nav class="numbers" aria-label="All questions"><ol>{marks}</ol>{legend}{look}</nav>'


def _number(session: Session, place: int) -> str:
    states = ["answered" if session.response_at(place) else "open"]
    states += ["flagged"] * (place in session.flagged)
    here = place == session.position
    current = ' aria-current="true"' if here else ""
    return (
        f'<button type="button" class="number {" ".join(states)}{" here" if here else ""}" data-event="go"'
        f' data-step="move" data-position="{place}"{current}'
        f' aria-label="Question {place + 1}, {", ".join(states)}">{place + 1}</button>'
    )


def look_back(session: Session, now: datetime) -> str:
    """Before handing in: what is open and what is flagged."""
    open_ones = [place for place in range(session.size) if session.response_at(place) is None]
    flagged = sorted(session.flagged)
    lines = [f"{session.size - len(open_ones)} of {session.size} questions are answered."]
    if open_ones:
        lines.append(f"Still open: {_listed(open_ones)}. An open question counts as not right.")
    if flagged:
        lines.append(f"Flagged: {_listed(flagged)}.")
    said = "".join(f"<p>{line}</p>" for line in lines)
    back = button(f"Back to question {session.position + 1}", "go", kind="solid", step="move",
                  position=session.position)  # fmt: skip
    hand_in = button("Hand in", "go", kind="primary", step="finish")
    body = (
        f'<div class="said">{said}<p>After handing in you see your score and every answer explained; '
        f'you can change nothing then.</p></div><div class="doing">{hand_in}{back}</div>'
        f"{numbers(session, look_back_offered=False)}"
    )
    return frame(session, "Before you hand in", body, stage="look-back", aside=clock(session, now))


def _listed(places: list[int]) -> str:
    return ", ".join(str(place + 1) for place in places)
