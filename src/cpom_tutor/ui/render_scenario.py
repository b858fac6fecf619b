"""Scenarios, teach-back and flashcards as HTML. Pure."""

from cpom_tutor.attempts import Marking, Response, Session
from cpom_tutor.items import AcceptedKey, ChoiceKey, OrderKey, PairsKey, QuizItem, Rationale, Scenario, letter
from cpom_tutor.library import Library
from cpom_tutor.practice.sittings.results import Result
from cpom_tutor.ui.render_items import essay, options, tags
from cpom_tutor.ui.render_marks import decided, model_answer, points, reason, reviewed, source, verdict_line
from cpom_tutor.ui.render_practice import ended, form, frame, next_open, posed
from cpom_tutor.ui.text import button, escaped, inline, markdown

_RATINGS = (("again", "Again"), ("hard", "Hard"), ("good", "Good"), ("easy", "Easy"))


def scenario(session: Session, story: Scenario) -> str:
    """The decision (or the last question) at the session's position, asked or marked."""
    place, count = session.position, len(story.decisions)
    marking = session.marking_at(place)
    told = _told(story, opened=place == 0)
    if place < count:
        where = f"Decision {place + 1} of {count}"
        body = _decided(session, story, marking) if marking else _decision(session, story)
    else:
        where = "In your own words"
        body = _written(session, story, marking) if marking else _question(session, story)
    return frame(session, f"{story.title}: {where}", told + body, stage="marked" if marking else "ask")


def _told(story: Scenario, *, opened: bool) -> str:
    who = "" if story.role.casefold().startswith("you") else "<strong>You are:</strong> "
    role = f'<p class="role">{who}{inline(story.role)}</p>' if story.role else ""
    return (
        f'<details class="case"{" open" if opened else ""}><summary>The situation</summary>'
        f"{role}{markdown(story.situation)}</details>"
    )


def _decision(session: Session, story: Scenario) -> str:
    decision = story.decisions[session.position]
    fields = (
        f'<fieldset class="task"><legend>{inline(decision.prompt)}</legend>{options(decision.options, None)}</fieldset>'
    )
    return form(session, fields, label="Decide")


def _decided(session: Session, story: Scenario, marking: Marking) -> str:
    decision, response = story.decisions[session.position], session.response_at(session.position)
    chosen = response.index if response else None
    return (
        f'<div class="answered" data-primary="yes"><div class="posed"><p>{inline(decision.prompt)}</p></div>'
        f"{verdict_line(marking)}{reviewed(decision.options, decision.best, chosen, decision.feedback)}"
        f"{_onward(session, 'Go on')}</div>"
    )


def _question(session: Session, story: Scenario) -> str:
    draft = dict(session.drafts).get(session.position, "")
    fields = (
        f'<fieldset class="task"><legend>{inline(story.question)}</legend>'
        f"{essay('Your answer, in a few sentences', draft)}</fieldset>"
    )
    return form(session, fields, label="Mark it")


def _written(session: Session, story: Scenario, marking: Marking) -> str:
    response = session.response_at(session.position)
    wrote = f"<blockquote><p>{escaped(response.text)}</p></blockquote>" if response and response.text else ""
    marked = points(marking.grading, story.rubric) if marking.grading else ""
    return (
        f'<div class="answered" data-primary="yes"><div class="posed"><p>{inline(story.question)}</p></div>'
        f'{verdict_line(marking)}<div class="told">{_yours(wrote)}{marked}</div>{model(story.model_answer)}'
        f"{_onward(session, 'See how it went')}</div>"
    )


def _yours(wrote: str) -> str:
    return f'<details class="wrote"><summary>What you wrote</summary>{wrote}</details>' if wrote else ""


def model(sentences: tuple[Rationale, ...]) -> str:
    """A model answer, each sentence with where it stands in the course."""
    if not sentences:
        return ""
    lines = "".join(f"<p>{inline(one.text)} {source(one.citation)}</p>" for one in sentences)
    return f'<div class="decides"><h4>A model answer</h4>{lines}</div>'


def _onward(session: Session, label: str) -> str:
    following = next_open(session)
    if following is None:
        onward = button("See how it went", "go", kind="primary", step="finish")
    else:
        onward = button(label, "go", kind="primary", step="move", position=following)
    return f'<div class="doing">{onward}</div>'


def scenario_ended(result: Result, story: Scenario, library: Library) -> str:
    """How a scenario went, with the model answer to keep."""
    return ended(result, library) + f'<div class="after">{model(story.model_answer)}</div>'


def teach_back(session: Session, *, again: bool = False) -> str:
    """What to explain, or how the explanation was marked.

    Args:
        session: it.
        again: to try again, starting from what was written.
    """
    item, marking = session.items[session.position], session.marking_at(session.position)
    if marking is None or again:
        response = session.response_at(session.position)
        text = dict(session.drafts).get(session.position, "") or (response.text or "" if response else "")
        fields = (
            f'{tags(item)}<fieldset class="task"><legend>{inline(item.stem)}</legend>'
            f"{essay('Explain it as you would to a new colleague', text, rows=9)}</fieldset>"
        )
        return frame(session, "Teach-back", form(session, fields, label="Mark it"), stage="again" if again else "ask")
    return frame(session, "Teach-back", _taught(session, item, marking), stage=f"marked-{session.revision}")


def _taught(session: Session, item: QuizItem, marking: Marking) -> str:
    marked = points(marking.grading, item.rubric) if marking.grading else ""
    retry = button("Try again", "go", kind="primary", step="retry", position=session.position)
    done = button("Done", "go", kind="solid", step="finish")
    response = session.response_at(session.position) or Response()
    answer = model_answer(item.key, response) if isinstance(item.key, AcceptedKey) else ""
    return (
        f'<div class="answered">{posed(item)}{verdict_line(marking)}{marked}{answer}'
        f'<div class="doing">{retry}{done}</div></div>'
    )


def flashcard(session: Session, library: Library) -> str:
    """The front of a card; its back unfolds, and then asks how well it was known."""
    item = session.items[session.position]
    pool = "".join(
        f'<li><span class="letter">{letter(place)}</span> {inline(text)}</li>'
        for place, text in enumerate(item.options)
    )  # fmt: skip
    prompts = "".join(f"<li>{inline(text)}</li>" for text in item.prompts)
    front = posed(item) + (f"<ul>{prompts}</ul>" if prompts else "") + (f'<ol class="pool">{pool}</ol>' if pool else "")
    ratings = "".join(
        button(label, "go", kind="solid", step="answer", position=session.position, rating=rating)
        for rating, label in _RATINGS
    )
    back = (
        f'<details class="back" data-key="{escaped(session.id)}:{session.position}"><summary>Show the answer</summary>'
        f'<div class="answer">{_answer(item)}</div>{decided(item, library)}'
        f'<fieldset class="ratings"><legend>How well did you know it?</legend>{ratings}</fieldset></details>'
    )
    where = f"Card {session.position + 1} of {session.size}"
    return frame(session, where, f'<div class="card">{front}{back}</div>', stage="ask")


def _answer(item: QuizItem) -> str:
    key = item.key
    if isinstance(key, ChoiceKey):
        return f"<p><strong>{letter(key.index)}: {inline(item.options[key.index])}</strong></p>" + _why(item, key.index)
    if isinstance(key, AcceptedKey):
        return f"<p><strong>{inline(key.texts[0])}</strong></p>" + _why(item, 0)
    if isinstance(key, PairsKey):
        rows = "".join(
            f"<li><strong>{inline(item.prompts[prompt])}</strong>: {inline(item.options[option])}</li>"
            for prompt, option in key.pairs
        )
        return f"<ul>{rows}</ul>"
    assert isinstance(key, OrderKey)
    return "<ol>" + "".join(f"<li>{inline(item.options[option])}</li>" for option in key.indices) + "</ol>"


def _why(item: QuizItem, place: int) -> str:
    if place >= len(item.rationales):
        return ""
    return reason(item.rationales[place])
