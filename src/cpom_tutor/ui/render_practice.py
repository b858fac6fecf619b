"""The Practice screen as HTML: what to practise, one question at a time, how it went. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cpom_tutor.attempts import Session, SessionKind
from cpom_tutor.items import QuizItem
from cpom_tutor.library import Library
from cpom_tutor.practice.sittings.drawing import Due
from cpom_tutor.practice.sittings.plans import MOST_REVIEWS, NAMES
from cpom_tutor.practice.sittings.results import Area, Result
from cpom_tutor.practice.sittings.sessions import time_left
from cpom_tutor.ui.practice_form import drafted
from cpom_tutor.ui.render_items import LEVELS, stem, tags, task
from cpom_tutor.ui.render_marks import decided, explained, verdict_line
from cpom_tutor.ui.text import button, escaped, first_words, inline

_WHAT = {
    SessionKind.QUESTIONS: "One at a time, each explained with the course’s own words.",
    SessionKind.FLASHCARDS: "Recall, look, and say how well you knew it.",
    SessionKind.SCENARIO: "A situation at work: decide step by step, then write.",
    SessionKind.EXAM: "Timed, no help until you hand it in.",
    SessionKind.TEACH_BACK: "Explain it in your own words, marked point by point.",
}
_COUNTS = (5, 10, 20, 40)
_EXAM_COUNTS = (20, 40, 80, 120)
_USUAL = 10
_GIST = 12  # words of a question
_USUAL_EXAM = 40
_LEAVE = "Leave; everything is kept"
_LEAVE_TIMED = "Leave; everything is kept, and the time goes on"


@dataclass(frozen=True, slots=True)
class Scope:
    """A part of the course to practise: its address and its title."""

    topic: str
    title: str


def home(due: Due, unfinished: Sequence[Session], scopes: Sequence[Scope], now: datetime) -> str:
    """The first screen: what is due, what was begun, and a choice."""
    return f"""<section class="practice-home" data-key="home" aria-labelledby="practise">
<h2 id="practise" tabindex="-1" data-focus="yes">Practise</h2>
{_due(due)}{_begun(unfinished, now)}
<form class="chooser" data-key="chooser" data-primary="yes"><h3>{_chooser_title(due.cards, unfinished)}</h3>
<fieldset class="kinds"><legend>What</legend>{"".join(_kind(one) for one in _WHAT)}</fieldset>
<div class="picks">{_picks(scopes)}</div>
<div class="doing">{button("Start", "start", kind="primary")}</div></form></section>"""


def _due(due: Due) -> str:
    if not due.cards:
        return ""
    cards = "1 card is due" if due.cards == 1 else f"{due.cards} cards are due"
    review = _review(f"Review {'it' if due.cards == 1 else 'them'}", SessionKind.QUESTIONS, due.cards, "primary")
    if due.flashcards:
        label = "As flashcards" if due.flashcards == due.cards else f"{due.flashcards} as flashcards"
        review += _review(label, SessionKind.FLASHCARDS, due.flashcards, "solid")
    return (
        f'<div class="call"><p><strong>{cards}.</strong> Seeing them on the day is what keeps them.</p>'
        f'<span class="pair">{review}</span></div>'
    )


def _review(label: str, way: SessionKind, count: int, look: str) -> str:
    return button(label, "start", kind=look, kind_of=way.value, due="yes", count=min(count, MOST_REVIEWS))


def _begun(unfinished: Sequence[Session], now: datetime) -> str:
    rows = "".join(
        f"<li><p>{inline(begun_line(one, now))}</p>"
        f'<span class="pair">{button("Go on", "resume", kind="solid", session=one.id)}{_drop(one)}</span></li>'
        for one in unfinished
    )
    return f'<div class="begun"><h3>Not finished yet</h3><ul>{rows}</ul></div>' if rows else ""


def _drop(session: Session) -> str:
    name = NAMES[session.kind]
    if session.responses:
        return button("End it", "drop", title=f"End “{name}” and see how it went", session=session.id)
    return button("Drop it", "drop", title=f"Take “{name}” off this list", session=session.id)


def _chooser_title(due: int, unfinished: Sequence[Session]) -> str:
    return "Or choose something else" if due or unfinished else "Choose what to do"


def begun_line(session: Session, now: datetime) -> str:
    """`Mock exam, 14 of 40 answered, 31 minutes left`; `Teach-back: Which four forces … (something written)`."""
    if session.kind is SessionKind.TEACH_BACK:
        written = "something written" if session.drafts else "nothing written yet"
        return f"{NAMES[session.kind]}: {first_words(session.items[0].stem, _GIST)} ({written})"
    name = f"{NAMES[session.kind]}: {session.scenario.title}" if session.scenario else NAMES[session.kind]
    parts = [name, f"{len(session.responses)} of {session.size} answered"]
    left = seconds_left(session, now)
    if left is not None:
        minutes = left // 60
        parts.append(f"{minutes} minute{'' if minutes == 1 else 's'} left" if minutes else "less than a minute left")
    return ", ".join(parts)


def seconds_left(session: Session, now: datetime) -> int | None:
    """Whole seconds until the time is over, never below 0; None where there is no limit."""
    left = time_left(session, now)
    return None if left is None else int(left.total_seconds())


def _kind(kind: SessionKind) -> str:
    checked = " checked" if kind is SessionKind.QUESTIONS else ""
    return (
        f'<label class="kind-card"><input type="radio" name="kind" value="{kind.value}"{checked}>'
        f'<span><strong>{NAMES[kind]}</strong><span class="gist">{_WHAT[kind]}</span></span></label>'
    )


def _picks(scopes: Sequence[Scope]) -> str:
    parts = [("", "The whole course"), *((one.topic, one.title) for one in scopes)]
    levels = [("", "Both levels"), *((level.value, name) for level, name in LEVELS.items())]
    counts = [(str(one), str(one)) for one in _COUNTS]
    exams = [(str(one), f"{one} questions") for one in _EXAM_COUNTS]
    return (
        _select("topic", "From", parts, "")
        + _select("level", "Level", levels, "")
        + _select("count", "How many", counts, str(_USUAL))
        + _select("exam_count", "How long", exams, str(_USUAL_EXAM))
    )


def _select(name: str, label: str, entries: Sequence[tuple[str, str]], chosen: str) -> str:
    given = "".join(
        f'<option value="{escaped(value)}"{" selected" if value == chosen else ""}>{escaped(words)}</option>'
        for value, words in entries
    )
    return f'<label class="pick {name}"><span>{label}</span><select name="{name}">{given}</select></label>'


def frame(session: Session, where: str, body: str, *, stage: str, aside: str = "") -> str:
    """One page of a session under its heading.

    Args:
        session: it.
        where: `Question 3 of 10`.
        body: the page.
        stage: names the page among those of this position, so that the script sees a new one.
        aside: beside the heading, such as a clock.
    """
    key = escaped(f"{session.id}:{session.position}:{stage}")
    done = len(session.responses)
    return f"""<section class="run {session.kind.value}" data-session="{escaped(session.id)}"
data-key="{key}" aria-labelledby="where">
<div class="run-head"><h2 id="where" tabindex="-1" data-focus="ask">{escaped(where)}</h2>{aside}
{button("Leave", "leave", title=_LEAVE_TIMED if session.minutes else _LEAVE)}</div>
<progress max="{session.size}" value="{done}" aria-label="Answered">{done} of {session.size}</progress>
{body}</section>"""


def asked(session: Session) -> str:
    """The question at the session's position, to be answered."""
    item = session.items[session.position]
    draft = dict(session.drafts).get(session.position, "")
    body = form(session, task(item, drafted(item, draft)), _skip(session))
    return frame(session, where(session), body, stage="ask")


def form(session: Session, fields: str, more: str = "", *, label: str = "Check") -> str:
    """The fields of a position with the button that answers it."""
    check = button(label, "go", kind="primary", step="answer", position=session.position)
    key = escaped(f"{session.id}:{session.position}")
    return (
        f'<form data-key="{key}" data-primary="yes" data-position="{session.position}">{fields}'
        f'<div class="doing">{check}{more}</div></form>'
    )


def _skip(session: Session) -> str:
    following = next_open(session)
    return button("Skip for now", "go", step="move", position=following) if following is not None else ""


def next_open(session: Session) -> int | None:
    """The next position without an answer, after this one or else from the start; None where there is no other."""
    answered = dict(session.responses)
    here = session.position
    order = [*range(here + 1, session.size), *range(here)]
    return next((place for place in order if place not in answered), None)


def where(session: Session) -> str:
    """`Question 3 of 10`."""
    word = "Card" if session.kind is SessionKind.FLASHCARDS else "Question"
    return f"{word} {session.position + 1} of {session.size}"


def answered(session: Session, library: Library) -> str:
    """The question at the session's position, marked and explained."""
    item = session.items[session.position]
    marking = session.marking_at(session.position)
    if marking is None:
        return asked(session)
    following = next_open(session)
    if following is None:
        onward = button("See how it went", "go", kind="primary", step="finish")
    else:
        onward = button("Next question", "go", kind="primary", step="move", position=following)
    body = (
        f'<div class="answered" data-primary="yes">{posed(item)}{verdict_line(marking)}'
        f'<div class="told">{explained(item, session.response_at(session.position), marking)}</div>'
        f"{decided(item, library)}"
        f'<div class="doing">{onward}</div></div>'
    )
    return frame(session, where(session), body, stage="marked")


def posed(item: QuizItem) -> str:
    """The question as it was put, without fields."""
    lines = "".join(f"<p>{stem(line)}</p>" for line in item.stem.split("\n\n"))
    return f'{tags(item)}<div class="posed">{lines}</div>'


def ended(result: Result, library: Library) -> str:
    """How a session went: the score in words, what was weak, every question again."""
    session = result.session
    score, *others = result.sentences
    said = "".join(f"<p>{escaped(one)}</p>" for one in others)
    again = button("Practise the wrong ones again", "again", kind="primary") if result.missed else ""
    more = button("Practise something else", "leave", kind="solid" if again else "primary")
    name = escaped(session.id)
    return f"""<section class="ended" data-session="{name}" data-key="{name}:ended" aria-labelledby="ended">
<p class="badge">{NAMES[session.kind]}</p>
<h2 id="ended" tabindex="-1" data-focus="yes">{escaped(score)}</h2>
<div class="said">{said}</div><div class="doing">{again}{more}</div>
{areas(result)}{_all_again(result, library)}</section>"""


def areas(result: Result) -> str:
    """How each part of the course went, the weak ones with a way to read them again."""
    rows = "".join(_area(one) for one in result.areas)
    return f'<h3>By part of the course</h3><ul class="areas">{rows}</ul>' if rows else ""


def _area(area: Area) -> str:
    share = f'<progress max="{area.total}" value="{area.right}" aria-hidden="true"></progress>'
    weak = ' <span class="flag weak">Weak</span>' if area.weak else ""
    read = button(f"Read {area.topic}", "read", address=area.topic, title=f"Open {area.topic}") if area.weak else ""
    return (
        f'<li><p>{inline(area.title)}{weak}</p><p class="count">{area.right} of {area.total} right</p>'
        f"{share}{read}</li>"
    )  # fmt: skip


def _all_again(result: Result, library: Library) -> str:
    session = result.session
    rows = "".join(_once_more(session, place, library) for place in range(len(session.items)))
    return f'<h3>Every question again</h3><ol class="again">{rows}</ol>' if rows else ""


def _gist(session: Session, item: QuizItem) -> str:
    """What a question is told by: of a case its own words, for the situation is that of its neighbours too."""
    cases = [group.situation for group in session.blueprint if group.situation and item.id in group.item_ids]
    return item.stem.removeprefix(cases[0]).strip() if cases else item.stem


def _once_more(session: Session, place: int, library: Library) -> str:
    item, marking = session.items[place], session.marking_at(place)
    response = session.response_at(place)
    state = "Not answered" if response is None else "Right" if marking and marking.correct else "Not right"
    sign = "✓" if state == "Right" else "✗"
    body = explained(item, response, marking)
    line = f"{place + 1}. {escaped(first_words(_gist(session, item), 16))}"
    return (
        f'<li><details><summary><span class="sign" aria-hidden="true">{sign}</span> '
        f'<span class="flag">{state}</span> {line}</summary>{posed(item)}{body}{decided(item, library)}</details></li>'
    )
