"""The Review screen as HTML: the inbox, and one turn with all that a reviewer needs to judge it. Pure."""

from collections.abc import Sequence
from datetime import datetime

from cpom_tutor.library import Library
from cpom_tutor.reviews import CanonicalAnswer, Case, Feedback, InboxLine, Judgement, Review
from cpom_tutor.ui.render import turn_view
from cpom_tutor.ui.review_form import AUTHOR, LONGEST_COMMENT, PAGE, Look, Show
from cpom_tutor.ui.text import button, escaped, markdown

_SHOWS = {
    Show.OPEN: "To review",
    Show.ABSTENTIONS: "Abstentions",
    Show.REVIEWED: "Reviewed",
    Show.APPROVED: "Approved answers",
}
_EMPTY = {
    Show.OPEN: "Everything has been reviewed.",
    Show.ABSTENTIONS: "No abstention waits for a review.",
    Show.REVIEWED: "Nothing has been reviewed yet.",
    Show.APPROVED: "No approved answer answers now.",
}
_REPLIES = {"answer": "answered", "abstention": "abstained", "conversation": "small talk"}
_LEVELS = ((0.6, "high"), (0.3, "medium"), (0.0, "low"))
_VERDICTS = {
    Judgement.CORRECT: "Question and answer belong together, and the course says so",
    Judgement.WRONG_CITATION: "The answer may be right, but it stands on the wrong words",
    Judgement.WRONG_ANSWER: "It says something that is not so, or not what was asked",
    Judgement.SHOULD_HAVE_ABSTAINED: "The course does not answer this, but the tutor did",
    Judgement.SHOULD_HAVE_ANSWERED: "The course answers this, but the tutor did not",
    Judgement.COURSE_GAP: "The course ought to answer this, and does not",
}


def inbox(lines: Sequence[InboxLine], look: Look, *, more: bool, note: str = "") -> str:
    """A page of the inbox.

    Args:
        lines: at most `PAGE`, the riskiest first.
        look: what is shown.
        more: there is another page.
        note: what just happened, in a sentence.
    """
    found = f" for <q>{escaped(look.search)}</q>" if look.search else ""
    empty = f"Nothing is found{found}." if look.search else _EMPTY[look.show]
    entries = "".join(_line(line, look.first + place) for place, line in enumerate(lines))
    body = f'<ol class="lines" start="{look.first + 1}">{entries}</ol>' if lines else f'<p class="none">{empty}</p>'
    return f"""<section class="inbox" aria-labelledby="inbox-title">{_note(note)}
<h2 id="inbox-title" data-focus="yes">Inbox</h2>
<p class="gist">What learners asked and what was answered, the most doubtful first.</p>
<form>{_kept(look)}{_filters(look)}
<div class="seek"><label><span>Search the questions</span>
<input type="search" name="search" value="{escaped(look.search)}" maxlength="200" autocomplete="off"></label>
<button type="button" class="solid" data-event="look" data-first="0" data-primary="yes">Search</button></div></form>
{body}{_pager(look, len(lines), more)}</section>"""


def approved(answers: Sequence[CanonicalAnswer], look: Look, *, note: str = "") -> str:
    """The approved answers that answer now, each to be withdrawn, also where the turn it was written from is gone.

    Args:
        answers: newest first.
        look: what is shown.
        note: what just happened, in a sentence.
    """
    body = "".join(_one_approved(one, show=look.show) for one in answers)
    return f"""<section class="inbox" aria-labelledby="inbox-title">{_note(note)}
<h2 id="inbox-title" data-focus="yes">Inbox</h2>
<p class="gist">What instructors approved: each answers its question, and paraphrases of it, until it is withdrawn.</p>
<form>{_kept(look)}{_filters(look)}</form>
<div class="approved">{body or f'<p class="none">{_EMPTY[Show.APPROVED]}</p>'}</div></section>"""


def _filters(look: Look) -> str:
    each = "".join(
        f'<li><button type="button" class="quiet" data-event="look" data-show="{show}" data-first="0"'
        f' aria-pressed="{"true" if show is look.show else "false"}">{name}</button></li>'
        for show, name in _SHOWS.items()
    )
    return f'<ul class="filters" aria-label="Which turns">{each}</ul>'


def _kept(look: Look) -> str:
    """What the form remembers of the list, so that the server remembers nothing."""
    values = {"show": look.show.value, "first": str(look.first)}
    return "".join(f'<input type="hidden" name="{name}" value="{escaped(value)}">' for name, value in values.items())


def _line(line: InboxLine, at: int) -> str:
    what = f"{_REPLIES.get(line.reply_kind, line.reply_kind)} · {line.learner} · {_time(line.asked_at)}"
    resolved = _unlike(line.question, line.resolved_question)
    read_as = f'<span class="gist">read as: {escaped(resolved)}</span>' if resolved else ""
    return (
        f'<li><button type="button" class="entry" data-event="case" data-turn="{escaped(line.turn_id)}" data-at="{at}">'
        f'<span class="words">{escaped(line.question)}</span>{read_as}'
        f'<span class="gist">{escaped(what)}</span></button>'
        f'<div class="signs">{_risk(line)}{_found(line.judgements)}</div></li>'
    )


def _unlike(question: str, resolved: str) -> str:
    """The question as it was read, where that is not what was typed."""
    typed, read = (" ".join(text.split()).rstrip("?.! ").casefold() for text in (question, resolved))
    return resolved if read and typed != read else ""


def _risk(line: InboxLine) -> str:
    level = next(name for least, name in _LEVELS if line.risk.score >= least)
    why = "".join(f'<li class="reason">{escaped(one)}</li>' for one in line.risk.why)
    reasons = f'<ul class="whys" aria-label="Why">{why}</ul>' if why else ""
    return f'<span class="risk {level}">{level} risk</span>{reasons}'


def _found(judgements: Sequence[Judgement]) -> str:
    if not judgements:
        return ""
    each = "".join(f'<span class="found">{escaped(one)}</span>' for one in dict.fromkeys(judgements))
    return f'<span class="judged">judged: {each}{_disagreement(judgements)}</span>'


def _disagreement(judgements: Sequence[Judgement]) -> str:
    return '<span class="flag apart">reviewers disagree</span>' if len(set(judgements)) > 1 else ""


def _pager(look: Look, count: int, more: bool) -> str:
    if not more and not look.first:
        return ""
    before = button("Earlier lines", "look", kind="solid", first=max(look.first - PAGE, 0)) if look.first else ""
    after = button("More lines", "look", kind="solid", first=look.first + PAGE) if more else ""
    told = f"Lines {look.first + 1:,} to {look.first + count:,}" if count else "No more lines"
    return f'<nav class="pager" aria-label="Pages">{before}<span>{told}</span>{after}</nav>'


def case_view(case: Case, look: Look, library: Library, *, note: str = "", author: str = "") -> str:
    """One turn, the words about it, and the verdict.

    Args:
        case: from the records.
        look: the list that it was opened from.
        library: the text of today.
        note: what just happened, in a sentence.
        author: the name of whoever is signed in; without accounts it is empty, and asked for.
    """
    line = case.line
    about = f"{line.learner}, {_time(line.asked_at)}"
    earlier = "".join(turn_view(turn, place, library, latest=False) for place, turn in enumerate(case.before))
    count = len(case.before)
    told = "The earlier question" if count == 1 else f"The {count} earlier questions"
    before = f'<details class="before"><summary>{told} of this conversation</summary>{earlier}</details>'
    turn = turn_view(case.turn, count, library, latest=False)
    return f"""<section class="case-open" aria-labelledby="case-title">{_note(note)}
<div class="case-head">{button("Back to the inbox", "look", kind="solid")}
<h2 id="case-title" data-focus="yes">{escaped(about)}</h2></div>
<div class="signs">{_risk(line)}</div>
{before if earlier else ""}<div class="as-seen" role="group" aria-label="The turn as the learner saw it">{turn}</div>
{_feedback(case.feedback)}{_approved(case)}{_reviews(case.reviews)}{_verdict(case, look, author)}</section>"""


def _note(note: str) -> str:
    return f'<p class="done" role="status">{escaped(note)}</p>' if note else ""


def _feedback(feedback: Feedback | None) -> str:
    if feedback is None:
        return ""
    thumb = "Helpful" if feedback.helpful else "Not helpful"
    reasons = " ".join(f'<span class="flag">{escaped(one)}</span>' for one in feedback.complaints)
    words = f"<blockquote>{escaped(feedback.words)}</blockquote>" if feedback.words else ""
    return (
        f'<div class="feedback"><h3>The learner’s word</h3><p><strong>{thumb}</strong> {reasons} '
        f'<span class="gist">{_time(feedback.given_at)}</span></p>{words}</div>'
    )


def _approved(case: Case) -> str:
    answers = case.canonical
    if not answers:
        # Where it was written from another turn, the list is where it can be withdrawn.
        way = button("See the approved answers", "look", kind="solid", show=Show.APPROVED.value, first=0)
        return f'<p class="approved">An approved answer was given here. {way}</p>' if case.turn.reviewed else ""
    return f'<div class="approved"><h3>Approved answers</h3>{"".join(_one_approved(one) for one in answers)}</div>'


def _one_approved(answer: CanonicalAnswer, *, show: Show | None = None) -> str:
    """In the list of them (`show`), or beside the turn that it was written from."""
    words = " ".join(claim.text for claim in answer.reply.claims)
    state = (
        f'<p class="gist">Answers no more: {escaped(answer.retired)}</p>'
        if answer.retired
        else button(
            "Withdraw", "retire", sure="Withdraw this answer?", canonical=answer.id, **({"show": show} if show else {})
        )
    )
    return (
        f"<details{'' if show or answer.retired else ' open'}>"
        f"<summary>{escaped(answer.question)}</summary>{markdown(words)}"
        f'<p class="gist">approved by {escaped(answer.author)}, {_time(answer.approved_at)}</p>{state}</details>'
    )


def _reviews(reviews: Sequence[Review]) -> str:
    if not reviews:
        return ""
    entries = "".join(
        f'<li><strong>{escaped(one.judgement)}</strong> <span class="gist">{escaped(one.author)}, '
        f"{_time(one.made_at)}</span>{f'<p>{escaped(one.comment)}</p>' if one.comment else ''}</li>"
        for one in reviews
    )
    apart = _disagreement([one.judgement for one in reviews])
    return f'<div class="verdicts"><h3>Verdicts so far {apart}</h3><ol>{entries}</ol></div>'


def _verdict(case: Case, look: Look, author: str) -> str:
    verdicts = "".join(
        f'<button type="button" class="verdict-button" data-event="judge" data-judgement="{escaped(one)}"'
        f' title="{escaped(meaning)}">{escaped(one.capitalize())}</button>'
        for one, meaning in _VERDICTS.items()
    )
    return f"""<form class="judging">{_kept(look)}
<input type="hidden" name="search" value="{escaped(look.search)}"><input type="hidden" name="at" value="{look.at}">
<input type="hidden" name="turn" value="{escaped(case.line.turn_id)}">
<h3>Your verdict</h3>
<label><span>Comment (optional)</span>
<textarea name="comment" rows="2" maxlength="{LONGEST_COMMENT}"></textarea></label>
{_author(author)}</form>
<div class="verdict-bar"><div class="six" role="group" aria-label="Verdict">{verdicts}</div>
<p class="aside">{button("Write a correction", "correct", kind="solid")}{button("Skip", "skip")}</p></div>"""


def _author(name: str) -> str:
    if name:
        return f'<p class="author gist">Kept under your name, <strong>{escaped(name)}</strong>.</p>'
    return f"""<label class="author"><span>Your name, kept with it</span>
<input type="text" name="author" value="{AUTHOR}" maxlength="80" autocomplete="name"></label>"""


def _time(moment: datetime) -> str:
    return f"{moment:%d %b %Y, %H:%M} UTC"
