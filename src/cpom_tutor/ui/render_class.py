"""The Class screen as HTML: what is asked, what is known, who is there, then the learners; all in words too. Pure."""

from collections.abc import Sequence
from datetime import date, datetime
from urllib.parse import urlencode

from cpom_tutor.classes import ClassGroup, ClassLook, Example
from cpom_tutor.practice.progress.class_overview import (
    NO_CLASS,
    NOTE,
    ClassOverview,
    Known,
    LearnerStanding,
    Presence,
    TopicAsked,
)
from cpom_tutor.ui.charts import Column, Part, columns, interval, parted, spark
from cpom_tutor.ui.class_form import WEEKS, group_value
from cpom_tutor.ui.text import TABLE_END, TABLE_START, button, escaped, inline

_AXIS = (
    '<li class="axis" aria-hidden="true"><span></span><p><span>0 %</span><span>50 %</span><span>100 %</span></p></li>'
)
_FIRST_LEARNERS = 25
_KEY = (
    '<p class="key"><span class="swatch part" aria-hidden="true"></span> declined '
    '<span class="swatch whole" aria-hidden="true"></span> answered</p>'
)


def class_view(
    overview: ClassOverview, now: datetime, *, file: str, topic: str = "", examples: Sequence[Example] = ()
) -> str:
    """The whole screen.

    Args:
        overview: how the class stands.
        now: timezone-aware.
        file: address of the tables to take away.
        topic: title of the part whose questions are shown; empty for none.
        examples: these questions.
    """
    if not overview.learners:
        body = f'<p class="none">{escaped(_nobody(overview))}</p>'
    else:
        plots = _weeks(overview) + _presence(overview) + _topics(overview)
        plots += _known(
            "What they know, by part of the course", overview.known_topics, f"{_practised(overview)} {NOTE}"
        )
        plots += _known("What they know, by class", overview.known_groups)
        body = (
            f'{_examples(topic, examples)}<div class="figures">{plots}</div>'
            f"{_learners(overview, now)}{_files(overview.look, file)}"
        )
    focus = "" if topic else ' data-focus="yes"'
    head = f'{_form(overview)}<p class="gist">{escaped(_about(overview))}</p>'
    return f"""<section class="class-view progress" aria-labelledby="class-title">
<h2 id="class-title"{focus}>Class</h2>{head}{body}</section>"""


def _nobody(overview: ClassOverview) -> str:
    if not overview.accounts:
        return "Nobody has asked or practised on this machine yet."
    if not any(group.learners for group in overview.groups):
        return "There are no learners yet; make accounts for them with: cpom-tutor users import FILE"
    return "This class has no learners who may sign in; choose another one."


def _about(overview: ClassOverview) -> str:
    count = len(overview.learners)
    who = f"{_counted(count, 'learner')}" + ("" if overview.accounts else " of this machine")
    names = ", under pseudonyms unless they share their name" if count else ""
    left_out = f" Left out: {_counted(overview.disabled, 'disabled account')}." if overview.disabled else ""
    return f"{who}{names}. What instructors try out themselves is not counted.{left_out}"


def _form(overview: ClassOverview) -> str:
    look = overview.look
    groups = _pick("Class", "group", _group_options(overview.groups, look.group)) if overview.accounts else ""
    spans = sorted({*WEEKS, look.weeks})
    weeks = "".join(_option(str(count), f"the last {count} weeks", count == look.weeks) for count in spans)
    show = '<button type="button" class="solid" data-event="look">Show</button>'
    return f'<form class="class-form">{groups}{_pick("Questions of", "weeks", weeks)}{show}</form>'


def _group_options(groups: Sequence[ClassGroup], chosen: str | None) -> str:
    everybody = _option(group_value(None), "Everybody", chosen is None)
    return everybody + "".join(
        _option(group_value(one.name), f"{one.name or NO_CLASS} ({one.learners})", one.name == chosen) for one in groups
    )


def _pick(label: str, name: str, options: str) -> str:
    return f'<label class="pick"><span>{label}</span><select name="{name}">{options}</select></label>'


def _option(value: str, label: str, chosen: bool) -> str:
    return f'<option value="{escaped(value)}"{" selected" if chosen else ""}>{escaped(label)}</option>'


def _figure(title: str, body: str, note: str = "", *, name: str) -> str:
    caption = f"<figcaption><h3>{escaped(title)}</h3>{f'<p>{escaped(note)}</p>' if note else ''}</figcaption>"
    return f'<figure class="{name}">{caption}{body}</figure>'


def _weeks(overview: ClassOverview) -> str:
    title = "Questions a week"
    if not overview.asked:
        return _figure(title, '<p class="none">Nothing was asked in these weeks.</p>', name="weeks-plot")
    bars = [Column(_day(one.week), one.asked, one.declined) for one in overview.weeks]
    share = f" ({overview.declined / overview.asked:.0%})"
    said = f"{_counted(overview.asked, 'question')}, {overview.declined} of them declined{share}."
    each = "; ".join(f"week of {_day(one.week)}: {one.asked}, {one.declined} declined" for one in overview.weeks)
    return _figure(title, columns(bars, title, f"{said} {each}.") + _KEY, said, name="weeks-plot")


def _topics(overview: ClassOverview) -> str:
    if not overview.topics:
        return ""
    most = max(one.asked for one in overview.topics)
    rows = "".join(_topic(one, most, overview.look) for one in overview.topics)
    note = "The part that the answer cites most, or that of the nearest passage. Open one to read its latest questions."
    return _figure("What is asked about", f'<ul class="asked-about">{rows}</ul>{_KEY}', note, name="topics-plot")


def _topic(one: TopicAsked, most: int, look: ClassLook) -> str:
    said = f"{one.asked} asked" + (f", {one.declined} declined" if one.declined else "")
    each = ", ".join(map(str, one.weeks))
    name = button(
        one.title, "look", kind="line", group=group_value(look.group), weeks=look.weeks, topic=one.topic or "none"
    )
    bar = parted([Part("part", one.declined), Part("whole", one.asked - one.declined)], most, said)
    return (
        f'<li>{name}<div class="bars">{bar}{spark(one.weeks, f"A week, oldest first: {each}")}</div>'
        f'<p class="words">{said}</p></li>'
    )


def _examples(topic: str, examples: Sequence[Example]) -> str:
    if not topic:
        return ""
    rows = "".join(
        f'<li><button type="button" class="entry" data-event="case" data-turn="{escaped(one.turn_id)}">'
        f'<span class="words">{escaped(one.question)}</span><span class="gist">{_day(one.asked_at.date())}'
        f"{', declined' if one.declined else ''}</span></button></li>"
        for one in examples
    )
    body = f'<ul class="lines">{rows}</ul>' if rows else '<p class="none">None in these weeks.</p>'
    return (
        '<div class="examples" role="group" aria-labelledby="examples-title">'
        f'<h3 id="examples-title" data-focus="yes">Latest questions: {escaped(topic)}</h3>{body}</div>'
    )


def _practised(overview: ClassOverview) -> str:
    answers, right = overview.practised
    return f"{_counted(answers, 'answer')} in practice in these weeks, {right} of them right."


def _known(title: str, parts: Sequence[Known], note: str = "") -> str:
    if not parts:
        none = '<p class="none">Nobody has practised yet.</p>'
        return _figure(title, none, name="known-plot") if note else ""
    scale = _AXIS if any(one.enough for one in parts) else ""
    rows = "".join(map(_known_row, parts))
    return _figure(title, f'<ul class="mastery">{rows}{scale}</ul>', note, name="known-plot")


def _known_row(one: Known) -> str:
    name, said = f'<p class="name">{inline(one.title)}</p>', f'<p class="words">{escaped(one.sentence)}</p>'
    if not one.enough:
        return f'<li class="little">{name}{said}</li>'
    return f"<li>{name}{interval(one.share, one.low, one.high, one.sentence)}{said}</li>"


def _presence(overview: ClassOverview) -> str:
    counts = [
        (one, overview.presence.get(one, 0)) for one in Presence if overview.accounts or one is not Presence.NEVER
    ]
    total = len(overview.learners)
    said = "; ".join(f"{count} {one}" for one, count in counts)
    bar = parted([Part(f"there-{place}", count) for place, (_, count) in enumerate(counts)], total, said)
    rows = "".join(
        f'<li><span class="swatch there-{place}" aria-hidden="true"></span> <strong>{count}</strong> {one}</li>'
        for place, (one, count) in enumerate(counts)
    )
    away = sum(count for one, count in counts if one is not Presence.ACTIVE)
    note = f"{away} of {total} are quiet, or have not come at all." if away else "Nobody is quiet."
    return _figure("Who is there", f'{bar}<ul class="presence">{rows}</ul>', note, name="presence-plot")


def _learners(overview: ClassOverview, now: datetime) -> str:
    grouped = overview.look.group is None and len(overview.groups) > 1
    first, rest = overview.learners[:_FIRST_LEARNERS], overview.learners[_FIRST_LEARNERS:]
    more = ""
    if rest:
        count = _counted(len(rest), "more learner")
        more = f"<details><summary>{count}</summary>{_table(rest, now, grouped=grouped)}</details>"
    return (
        '<div class="learners"><h3>Learners</h3><p class="gist">Those who need somebody first stand first: '
        f"who knows little of what they were tested on, and who is quiet.</p>{_table(first, now, grouped=grouped)}"
        f"{more}</div>"
    )


def _table(learners: Sequence[LearnerStanding], now: datetime, *, grouped: bool) -> str:
    names = ["Learner", *(["Class"] * grouped), "Why", "Last active", "Asked", "Practised", "Knows"]
    heads = "".join(f'<th scope="col">{name}</th>' for name in names)
    rows = "".join(_learner(one, now, grouped=grouped) for one in learners)
    table = f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody>"
    return f"{TABLE_START}{table}{TABLE_END}".replace('aria-label="Table"', 'aria-label="Learners"')


def _learner(one: LearnerStanding, now: datetime, *, grouped: bool) -> str:
    member, known = one.member, one.known
    why = "".join(f'<span class="reason">{escaped(each)}</span> ' for each in one.why)
    asked = f"{member.asked}" + (f", {member.declined} declined" if member.declined else "")
    said = f"{known.share:.0%} of {_counted(known.facts, 'fact')} ({known.low:.0%} to {known.high:.0%})"
    knows = f"{interval(known.share, known.low, known.high, said)}{said}" if known.enough else "not enough yet"
    cells = [
        *([escaped(member.group or NO_CLASS)] * grouped), why, _ago(one, now), asked, str(member.attempts),
        knows if known.facts else "not tested",
    ]  # fmt: skip
    return f'<tr><th scope="row">{escaped(member.name)}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'


def _ago(one: LearnerStanding, now: datetime) -> str:
    active = one.member.last_active
    if active is None:
        return "never"
    days = (now.date() - active.date()).days
    return "today" if days <= 0 else "yesterday" if days == 1 else f"{days} days ago"


def _files(look: ClassLook, file: str) -> str:
    offered = {"learners": "Learners (CSV)", "topics": "Questions by part and week (CSV)"}
    links = "".join(
        f'<li><a href="{escaped(_address(file, look, of))}" download>{n}</a></li>' for of, n in offered.items()
    )
    return (
        '<div class="take"><h3>Take it away</h3><p>The same as tables for a spreadsheet, under the same names.</p>'
        f"<ul>{links}</ul></div>"
    )


def _address(file: str, look: ClassLook, of: str) -> str:
    return f"{file}?{urlencode({'of': of, 'group': group_value(look.group), 'weeks': look.weeks})}"


def _day(day: date) -> str:
    return f"{day.day} {day:%b}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
