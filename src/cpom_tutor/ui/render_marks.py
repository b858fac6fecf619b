"""A marked answer as HTML: right or not in words, why, and the sentence of the course that decides it. Pure."""

import re
from collections.abc import Sequence

from cpom_tutor.attempts import Grading, Marking, PointMark, PointVerdict, Response, Session
from cpom_tutor.course import Citation, Span
from cpom_tutor.items import (
    AcceptedKey,
    ChoiceKey,
    OrderKey,
    PairsKey,
    QuizItem,
    Rationale,
    RubricPoint,
    Scenario,
    letter,
)
from cpom_tutor.library import Library
from cpom_tutor.practice.giving_up import gives_up
from cpom_tutor.practice.grading.feedback import without_quote
from cpom_tutor.ui.render_answer import standing
from cpom_tutor.ui.text import Mark, button, escaped, first_words, inline

_BRACKETS = re.compile(r"\s*\([^)]*\)")
_VERDICTS = {
    PointVerdict.MET: ("right", "✓", "Found"),
    PointVerdict.MISSED: ("missed", "–", "Missed"),
    PointVerdict.CONTRADICTED: ("wrong", "✗", "Contradicted"),
}


def cite_key(citation: Citation) -> str:
    """Names a citation among those of a session."""
    return f"{citation.passage_id}:{citation.start}-{citation.end}"


def citations_of(session: Session) -> dict[str, Citation]:
    """All that a session cites, by `cite_key`."""
    found: list[Citation] = []
    for item in session.items:
        found += item.citations
        found += [one.citation for one in item.rationales] + [one.citation for one in item.rubric]
    if session.scenario:
        found += _cited(session.scenario)
    return {cite_key(one): one for one in found}


def _cited(scenario: Scenario) -> list[Citation]:
    said = [one for decision in scenario.decisions for one in decision.feedback]
    reasons = [one.citation for one in (*said, *scenario.model_answer)]
    return reasons + [one.citation for one in scenario.rubric]


def source(citation: Citation) -> str:
    """The address, as a button that opens the course at the cited words."""
    return button(
        citation.address, "proof", kind="source", title=f"Open {citation.address}", cite=cite_key(citation)
    )  # fmt: skip


def quoted(citation: Citation, library: Library) -> str:
    """The course's sentence that holds the cited words, those marked, with its address."""
    words = inline(citation.quote)
    now = standing(citation, library)
    if now:
        passage = library.passage(now.passage_id)
        span = Span(now.start, now.end)
        whole = passage.whole(span)
        marks = [] if whole == span else [Mark(span.start, span.end)]
        words = inline(whole.of(passage.text), marks, offset=whole.start)
    return f"<blockquote><p>{words}</p><footer>{source(citation)}</footer></blockquote>"


def decided(item: QuizItem, library: Library) -> str:
    """The words of the course that decide the item."""
    quotes = "".join(quoted(one, library) for one in dict.fromkeys(item.citations))
    return f'<div class="decides"><h4>What the course says</h4>{quotes}</div>'


def verdict(marking: Marking) -> str:
    """Right, partly right or not right, in one sentence."""
    if marking.correct and marking.score >= 1:
        return "Right."
    if marking.grading:
        met = sum(one.verdict is PointVerdict.MET for one in marking.grading.points)
        return f"{'Right' if marking.correct else 'Not yet'}: {met} of {len(marking.grading.points)} points."
    if marking.correct:
        return "Right, nearly all of it."
    return f"Partly right: {marking.score:.0%} of it." if marking.score > 0 else "Not right."


def verdict_line(marking: Marking) -> str:
    """The verdict as a heading, with its sign."""
    kind = "right" if marking.correct else "partly" if marking.score > 0 else "wrong"
    sign = {"right": "✓", "partly": "~", "wrong": "✗"}[kind]
    return f'<h3 class="verdict {kind}"><span class="sign" aria-hidden="true">{sign}</span> {verdict(marking)}</h3>'


def explained(item: QuizItem, response: Response | None, marking: Marking | None) -> str:
    """The item's answer beside the learner's (None: not answered): every option with why it is right or wrong."""
    response = response or Response()
    if isinstance(item.key, ChoiceKey):
        return reviewed(item.options, item.key.index, response.index, item.rationales)
    if isinstance(item.key, PairsKey):
        return _paired(item, item.key, dict(response.pairs or ()))
    if isinstance(item.key, OrderKey):
        return _ordered(item, item.key, response.order or ())
    if item.rubric:
        marked = points(marking.grading, item.rubric) if marking and marking.grading else ""
        return marked + model_answer(item.key, response)
    return _filled(item, item.key, response.text or "")


def reviewed(options: Sequence[str], best: int, chosen: int | None, rationales: Sequence[Rationale]) -> str:
    """Options with what each is, and why."""
    rows = "".join(
        f'<li class="{_class(place, best, chosen)}"><span class="letter">{letter(place)}</span><div>'
        f'<p class="words">{inline(text)}{_flags(place, best, chosen)}</p>{_why(rationales, place)}</div></li>'
        for place, text in enumerate(options)
    )
    return f'<ul class="reviewed">{rows}</ul>'


def _class(place: int, best: int, chosen: int | None) -> str:
    return "right" if place == best else "wrong" if place == chosen else "other"


def _flags(place: int, best: int, chosen: int | None) -> str:
    flags = ["Right answer"] * (place == best) + ["Your answer"] * (place == chosen)
    return "".join(f' <span class="flag">{flag}</span>' for flag in flags)


def _why(rationales: Sequence[Rationale], place: int) -> str:
    if place >= len(rationales):
        return ""
    return reason(rationales[place])


def reason(rationale: Rationale) -> str:
    """Why, with the course's words if they are not in it already, and their address."""
    quote = rationale.citation.quote
    said = "" if quote in rationale.text else f" <q>{inline(quote)}</q>"
    return f'<p class="why">{inline(rationale.text)}{said} {source(rationale.citation)}</p>'


def _paired(item: QuizItem, key: PairsKey, chosen: dict[int, int]) -> str:
    rows = ""
    for prompt, right in key.pairs:
        had = chosen.get(prompt)
        kind = "right" if had == right else "wrong"
        yours = "You had it." if had == right else (
            f"You chose: {inline(item.options[had])}." if had is not None else "You chose nothing."
        )  # fmt: skip
        rows += (
            f'<li class="{kind}"><span class="sign" aria-hidden="true">{"✓" if had == right else "✗"}</span><div>'
            f'<p class="words"><strong>{inline(item.prompts[prompt])}</strong>: {inline(item.options[right])}</p>'
            f'<p class="yours">{yours}</p>{_why(item.rationales, right)}</div></li>'
        )
    return f'<ul class="reviewed">{rows}</ul>'


def _ordered(item: QuizItem, key: OrderKey, chosen: tuple[int, ...]) -> str:
    # The sentence that puts all of them in order stands below, once; a place has words of its own only beside another.
    own = {reason.citation for reason in item.rationales} != set(item.citations)
    rows = ""
    for place, option in enumerate(key.indices):
        had = chosen.index(option) if option in chosen else None
        yours = "✓ You had it here." if had == place else f"✗ You had it in place {had + 1}." if had is not None else ""
        rows += (
            f'<li class="{"right" if had == place else "wrong"}"><span class="letter">{place + 1}</span><div>'
            f'<p class="words">{inline(item.options[option])}</p><p class="yours">{yours}</p>'
            f"{_why(item.rationales, option) if own else ''}</div></li>"
        )
    return f'<ol class="reviewed">{rows}</ol>'


def _filled(item: QuizItem, key: AcceptedKey, text: str) -> str:
    first, *others = key.texts
    also = f" Also right: {inline(', '.join(others))}." if others else ""
    wrote = f"<p>You wrote: <q>{escaped(text)}</q></p>" if text else "<p>You wrote nothing.</p>"
    return (
        f'<div class="filled">{wrote}<p>The course’s words: <strong>{inline(first)}</strong>.{also}</p>'
        f"{_why(item.rationales, 0)}</div>"
    )


def model_answer(key: AcceptedKey, response: Response) -> str:
    """A model answer: folded, but open for somebody who said that they had none."""
    if not key.texts:
        return ""
    shown = " open" if gives_up(response.text or "") else ""
    return f"<details{shown}><summary>A model answer</summary><p>{inline(key.texts[0])}</p></details>"


def points(grading: Grading, rubric: Sequence[RubricPoint]) -> str:
    """Free text marked point by point: the learner's words that count, and under them the course's sentence, once."""
    cited = {point.criterion: point.citation for point in rubric}
    groups: dict[Citation | None, list[PointMark]] = {}
    for mark in grading.points:
        groups.setdefault(cited.get(mark.point), []).append(mark)
    rows = "".join(_points_of(citation, marks) for citation, marks in groups.items())
    return f'<p class="advice">{inline(_advice(grading))}</p><ul class="points">{rows}</ul>'


def _advice(grading: Grading) -> str:
    """The feedback, which only names the points: they stand below it whole, with the course's sentences."""
    told = without_quote(grading.feedback)
    for mark in grading.points:
        name, colon, _ = mark.point.partition(": ")
        told = told.replace(mark.point.rstrip(" ."), name if colon else first_words(mark.point.rstrip(" ."), 10))
    return told


def _points_of(citation: Citation | None, marks: Sequence[PointMark]) -> str:
    """The points that one sentence of the course makes, then that sentence; its very words are not said twice."""
    words = citation.quote if citation else ""
    told = len(marks) == 1 and _opens(marks[0].point, words)
    lines = "".join(_point(mark, f"<q>{inline(words)}</q>" if told else inline(mark.point)) for mark in marks)
    if citation is None:
        said = ""
    elif told:
        said = f'<p class="why">{source(citation)}</p>'
    else:
        said = f'<p class="why">The course: <q>{inline(words)}</q> {source(citation)}</p>'
    kinds = {_VERDICTS[mark.verdict][0] for mark in marks}
    kind = kinds.pop() if len(kinds) == 1 else "other"
    return f'<li class="{kind}"><div>{lines}{said}</div></li>'


def _point(mark: PointMark, said: str) -> str:
    kind, sign, word = _VERDICTS[mark.verdict]
    yours = f'<p class="yours">Your words: <q>{escaped(mark.evidence)}</q></p>' if mark.evidence else ""
    return (
        f'<p class="words {kind}"><span class="flag"><span aria-hidden="true">{sign}</span> {word}</span> '
        f"{said}</p>{yours}"
    )


def _opens(point: str, words: str) -> bool:
    """Whether the cited words begin with the point, but for what stands in brackets."""
    point, words = (_BRACKETS.sub("", text).casefold().rstrip(" .").removeprefix("the ") for text in (point, words))
    return words.startswith(point)
