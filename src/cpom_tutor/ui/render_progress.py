"""The Progress screen as HTML: what to do next, then plots of how it stands, each also in words. Pure."""

from collections.abc import Sequence
from datetime import date

from cpom_tutor.attempts import Card
from cpom_tutor.practice.progress.mastery import Mastery
from cpom_tutor.practice.progress.next_steps import NextStep
from cpom_tutor.practice.progress.progress import ExamScore, HistoryDay, Progress
from cpom_tutor.practice.sittings.plans import Plan
from cpom_tutor.ui.charts import Column, columns, interval
from cpom_tutor.ui.text import button, escaped, first_words, inline

_AXIS = (
    '<li class="axis" aria-hidden="true"><span></span><p><span>0 %</span><span>50 %</span><span>100 %</span></p></li>'
)
_MOST_STEPS = 4
_MOST_EXAMS = 8


def progress_view(progress: Progress, *, files: str, sheet: int = 0) -> str:
    """The whole screen.

    Args:
        progress: how the learner stands.
        files: address of the files to take away.
        sheet: number of the printable sheet that is offered; another one has other questions.
    """
    plots = (
        _mastery("By part of the course", progress.topics, progress.note)
        + _mastery("By kind of question", progress.kinds)
        + _mastery("By level", progress.levels)
        + _history(progress.history)
        + _due(progress)
        + _exams(progress.exams)
    )
    return f"""<section class="progress" data-key="progress" aria-labelledby="how-it-stands">
<h2 id="how-it-stands">Progress</h2>{_steps(progress.next_steps)}
<div class="figures">{plots}</div>{_retired(progress)}{_take_away(files, sheet)}</section>"""


def _take_away(files: str, sheet: int) -> str:
    offered = (
        (f"{files}/anki", "Anki deck"),
        (f"{files}/csv", "Table (CSV)"),
        (f"{files}/sheet?sheet={sheet}", "Printable sheet"),
        (f"{files}/key?sheet={sheet}", "Key to the sheet"),
    )
    links = "".join(f'<li><a href="{address}" download>{name}</a></li>' for address, name in offered)
    return (
        '<div class="take"><h3>Take it away</h3><p>The deck and the table have a question for every fact '
        "that can be asked, the sheet 20, with the answers and their places in the course. A newer deck updates the "
        f"cards that you have.</p><ul>{links}</ul></div>"
    )


def _steps(steps: Sequence[NextStep]) -> str:
    rows = "".join(_step(step, first=place == 0) for place, step in enumerate(steps[:_MOST_STEPS]))
    return f'<div class="steps-next"><h3>What to do next</h3><ul>{rows}</ul></div>' if rows else ""


def _step(step: NextStep, *, first: bool) -> str:
    kind = "primary" if first else "solid"
    if step.plan:
        doing = button(step.action, "start", kind=kind, title="", **plan_data(step.plan))
    else:
        doing = button(step.action, "resume", kind=kind, session=step.session_id)
    read = button(f"Read {step.topic} first", "browse", address=step.topic) if step.topic else ""
    return f"<li>{doing}<p>{escaped(step.reason)} {read}</p></li>"


def plan_data(plan: Plan) -> dict[str, str | int]:
    """A plan as a button's data; `practice_form.plan_of` reads it back."""
    data: dict[str, str | int] = {"kind_of": plan.kind.value, "count": plan.count}
    if plan.topic:
        data["topic"] = plan.topic
    if plan.level:
        data["level"] = plan.level.value
    if plan.kinds:
        data["kinds"] = " ".join(plan.kinds)
    if plan.due_only:
        data["due"] = "yes"
    return data


def _figure(title: str, body: str, note: str = "", *, name: str) -> str:
    caption = f"<figcaption><h3>{escaped(title)}</h3>{f'<p>{escaped(note)}</p>' if note else ''}</figcaption>"
    return f'<figure class="{name}">{caption}{body}</figure>'


def _mastery(title: str, parts: Sequence[Mastery], note: str = "") -> str:
    rows = "".join(_row(part) for part in parts)
    scale = _AXIS if any(part.enough for part in parts) else ""
    return _figure(title, f'<ul class="mastery">{rows}{scale}</ul>', note, name="parts") if rows else ""


def _row(part: Mastery) -> str:
    name = f'<p class="name">{inline(part.title)}</p>'
    if not part.enough:
        return f'<li class="little">{name}<p class="words">{escaped(part.sentence)}</p></li>'
    said = f'<p class="words">{escaped(part.sentence)}</p>'
    return f"<li>{name}{interval(part.share, part.low, part.high, part.sentence)}{said}</li>"


def _history(days: Sequence[HistoryDay]) -> str:
    title = "Answers a day"
    worked = [day for day in days if day.attempts]
    if not worked:
        return _figure(title, '<p class="none">Nothing practised in these four weeks yet.</p>', name="history-plot")
    bars = [Column(_day(day.day), day.attempts, day.right) for day in days]
    total, right = sum(day.attempts for day in days), sum(day.right for day in days)
    said = f"{total} answers on {_counted(len(worked), 'day')} of the last {len(days)}; {right} of them right."
    each = "; ".join(f"{_day(day.day)}: {day.attempts}, {day.right} right" for day in worked)
    key = (
        '<p class="key"><span class="swatch part" aria-hidden="true"></span> right '
        '<span class="swatch whole" aria-hidden="true"></span> not right</p>'
    )
    return _figure(title, columns(bars, title, f"{said} {each}.") + key, said, name="history-plot")


def _due(progress: Progress) -> str:
    title = "Cards due"
    if not progress.cards:
        none = "No cards yet: every question that you answer becomes a card, and comes back when it is due."
        return _figure(title, f'<p class="none">{none}</p>', name="due-plot")
    bars = [Column("Today" if not place else f"{day.day:%a}", day.cards) for place, day in enumerate(progress.due_days)]
    each = "; ".join(f"{_day(day.day)}: {day.cards}" for day in progress.due_days if day.cards)
    said = f"{progress.due} due today, {_counted(progress.cards, 'card')} in all."
    if not progress.due and progress.next_due:
        said += f" The next one comes on {_day(progress.next_due.date())}."
    return _figure(title, columns(bars, title, f"{said} {each or 'None is due this week'}."), said, name="due-plot")


def _exams(exams: Sequence[ExamScore]) -> str:
    if not exams:
        return ""
    title, shown = "Mock exams", list(reversed(exams[:_MOST_EXAMS]))
    bars = [Column(_day(one.finished_at.date()), round(100 * one.score), round(100 * one.score)) for one in shown]
    said = "Per cent of the marks; practice scores, no prediction of the exam."
    each = "; ".join(f"{_day(one.finished_at.date())}: {one.score:.0%} of {one.items} questions" for one in shown)
    looks = "".join(f"<li>{_look(one)}</li>" for one in reversed(shown))
    again = f'<details><summary>Look at one again</summary><ul class="looks">{looks}</ul></details>'
    return _figure(title, columns(bars, title, f"{said} {each}.", most=100) + again, said, name="exam-plot")


def _look(exam: ExamScore) -> str:
    label = f"{_day(exam.finished_at.date())}: {exam.score:.0%} of {exam.items}"
    return button(label, "resume", session=exam.session_id)


def _retired(progress: Progress) -> str:
    if not progress.retired_sentence:
        return ""
    rows = "".join(_retired_card(card) for card in progress.retired)
    return (
        f'<div class="retired"><h3>Cards asked no more</h3><p>{escaped(progress.retired_sentence)}</p>'
        f"<details><summary>Which ones</summary><ul>{rows}</ul></details></div>"
    )


def _retired_card(card: Card) -> str:
    return f"<li>{inline(first_words(card.item.stem, 24))} <em>{escaped(card.retired)}</em></li>"


def _day(day: date) -> str:
    return f"{day.day} {day:%b}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
