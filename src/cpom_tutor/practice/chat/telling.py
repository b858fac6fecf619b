"""Practice in a conversation, in words: a question with lettered options, and what is said to an answer.

A judgement is drafted for the gate like any answer: the reasons of an item are its leads, and each stands on the whole
sentence of the course that the item cites.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from cpom_tutor.answers import Answer, Claim, Conversation, Draft, Form, Pointer, Reply, Role
from cpom_tutor.attempts import Grading, PointVerdict
from cpom_tutor.course import Citation, Span
from cpom_tutor.items import ChoiceKey, QuizItem, Rationale, Scenario, letter
from cpom_tutor.library import Library
from cpom_tutor.practice.writers.cases import situation_text

_OPTION = re.compile(r"- \*\*[A-Z]\.\*\* ")
ANSWER = "Answer with a letter."
GO_ON = ("Another question", "Make it harder", "Give me a scenario")
AFTER_A_SCENARIO = ("Another scenario", "Quiz me on that")
_AGAIN = "Say “another”, “harder” or “easier” to go on, or ask me anything."
_THERE = "This is what the course says there:"
_MOST_SENTENCES = 4
_WRITE = "Write a few sentences, or say “pass” to see a model answer."
_MODEL = "**A model answer**, and where the course says it:"
_OVER = "That was the scenario’s last question. Say “another scenario” or “quiz me”, or ask me anything."
_SIGNS = {PointVerdict.MET: "✓ Found:", PointVerdict.MISSED: "Missed:", PointVerdict.CONTRADICTED: "✗ Contradicted:"}


def question_text(item: QuizItem) -> str:
    """Markdown of a multiple-choice item, its options lettered."""
    return f"{item.stem}\n\n{lettered(item.options)}\n\n{ANSWER}"


def lettered(options: Sequence[str]) -> str:
    """A list of the options, each with its letter."""
    return "\n".join(f"- **{letter(place)}.** {option}" for place, option in enumerate(options))


def without_options(reply: Reply) -> Reply:
    """A reply that puts a question, without its lettered options: a screen has buttons for them."""
    if isinstance(reply, Conversation):
        kept = [line for line in reply.text.split("\n") if not _OPTION.match(line) and line != ANSWER]
        return Conversation("\n".join(kept).strip())
    if isinstance(reply, Answer):
        own = (
            claim.role is Role.OWN and (_OPTION.match(f"- {claim.text}") or claim.text == ANSWER)
            for claim in reply.claims
        )
        return replace(
            reply, claims=tuple(claim for claim, left_out in zip(reply.claims, own, strict=True) if not left_out)
        )
    return reply


def asked_in(stem: str) -> str:
    """The question of a stem, without the story before it."""
    return stem.strip().split("\n\n")[-1] if stem.rstrip().endswith("?") else stem.strip().split("\n\n")[0]


def opening_text(scenario: Scenario) -> str:
    """Markdown of a scenario's situation and its first decision."""
    return f"**{scenario.title}**\n\n{situation_text(scenario).strip()}\n\n{decision_text(scenario, 0)}"


def one_letter(count: int) -> str:
    """What is said to "a or b" where one of `count` options is wanted."""
    return f"One letter, please, from A to {letter(count - 1)}; or say “pass” to see the answer."


def decision_text(scenario: Scenario, place: int) -> str:
    """Markdown of one decision, its options lettered."""
    decision = scenario.decisions[place]
    count = f"Decision {place + 1} of {len(scenario.decisions)}."
    return f"**{count}** {decision.prompt}\n\n{lettered(decision.options)}\n\n{ANSWER}"


def marked(item: QuizItem, chosen: int | None, library: Library) -> Draft:
    """What is said to an answer: right or wrong, why, and how to go on.

    Args:
        item: multiple choice.
        chosen: index of the option; None where the learner passed.
        library: the course's text.
    """
    assert isinstance(item.key, ChoiceKey), "only multiple choice is asked in a conversation"
    verdict = _verdict(item.options, item.key.index, chosen)
    claims = [*_judged(verdict, item.rationales, item.key.index, chosen, library), _own(_AGAIN)]
    return Draft(claims=tuple(claims))


def explained(item: QuizItem, library: Library) -> Draft:
    """More of what the course says where the key is decided: the passage, sentence by sentence."""
    claims = [_own(_THERE)]
    for passage_id in dict.fromkeys(citation.passage_id for citation in item.citations):
        passage = library.passage(passage_id) if passage_id in library else None
        spans = passage.sentences[:_MOST_SENTENCES] if passage else ()
        claims += [
            Claim(_one_line(span.of(passage.text)), Role.FACT, (Pointer(passage_id, span),))
            for span in spans
            if passage
        ]
    return Draft(claims=(*claims, _own(_AGAIN)))


def decided(scenario: Scenario, place: int, chosen: int | None, library: Library) -> Draft:
    """What is said to a decision: what comes of it, why, and the next one.

    Args:
        scenario: under way.
        place: position of the decision that was taken.
        chosen: index of the option; None where the learner passed.
        library: the course's text.
    """
    decision = scenario.decisions[place]
    verdict = _verdict(decision.options, decision.best, chosen, best="The best choice")
    claims = _judged(verdict, decision.feedback, decision.best, chosen, library)
    if place + 1 == len(scenario.decisions):
        return Draft(claims=(*claims, _own(f"**In your own words.** {scenario.question}"), _own(_WRITE)))
    following = scenario.decisions[place + 1]
    claims.append(_own(f"**Decision {place + 2} of {len(scenario.decisions)}.** {following.prompt}"))
    claims += [
        Claim(f"**{letter(each)}.** {option}", Role.OWN, form=Form.ITEM)
        for each, option in enumerate(following.options)
    ]
    return Draft(claims=(*claims, _own(ANSWER)))


def written(scenario: Scenario, grading: Grading, library: Library) -> Draft:
    """What is said to what was written in the end: each point, and the course's words for what is missing."""
    met = sum(mark.verdict is PointVerdict.MET for mark in grading.points)
    claims = [_own(f"**{met} of {len(grading.points)} points.**")]
    claims += [Claim(f"{_SIGNS[mark.verdict]} {mark.point}", Role.OWN, form=Form.ITEM) for mark in grading.points]
    open_points = {mark.point for mark in grading.points if mark.verdict is not PointVerdict.MET}
    wanted = dict.fromkeys(point.citation for point in scenario.rubric if point.criterion in open_points)
    told = dict.fromkeys(_whole(citation, library) for citation in wanted)
    if told:
        claims.append(_own("On what is missing, the course says:"))
        claims += [Claim(f"“{quote}”", Role.FACT, (pointer,)) for pointer, quote in told]
    return Draft(claims=(*claims, _own(_OVER)))


def given_up(scenario: Scenario, library: Library) -> Draft:
    """What is said to somebody who passes a scenario's last question: a model answer."""
    claims = [_own(_MODEL)]
    for sentence in scenario.model_answer:
        claims += _reasoned(sentence, library, "")
    return Draft(claims=(*claims, _own(_OVER)))


def vouched(draft: Draft) -> frozenset[str]:
    """The leads and own words of a judgement: a verdict, an item's reasons and options, and how to go on."""
    return frozenset(claim.text for claim in draft.claims if claim.role is not Role.FACT)


def _verdict(options: Sequence[str], key: int, chosen: int | None, best: str = "The answer") -> str:
    named = f"{letter(key)}: {_plain(options[key])}"
    if chosen == key:
        return f"**Right, it is {named}.**"
    return f"**{best} is {named}.**" if chosen is None else f"**Not {letter(chosen)}. {best} is {named}.**"


def _judged(verdict: str, reasons: Sequence[Rationale], key: int, chosen: int | None, library: Library) -> list[Claim]:
    """The verdict, why the key is right, and why the choice is not."""
    claims = [_own(verdict), *_reasoned(reasons[key], library)]
    if chosen is not None and chosen != key:
        claims += _reasoned(reasons[chosen], library, f"**{letter(chosen)}:** ")
    return claims


def _reasoned(reason: Rationale, library: Library, before: str = "") -> list[Claim]:
    """A reason, and the sentence that it stands on: one paragraph after a verdict, or one of its own."""
    form = Form.PARAGRAPH if before else Form.RUN_ON
    pointer, quote = _whole(reason.citation, library)
    return [
        Claim(before + reason.text, Role.LEAD, form=form),
        Claim(f"“{quote}”", Role.FACT, (pointer,)),
    ]


def _whole(citation: Citation, library: Library) -> tuple[Pointer, str]:
    """The cited words with the rest of their sentence, as the course has it today."""
    if citation.passage_id not in library:
        return Pointer(citation.passage_id, Span(citation.start, citation.end)), citation.quote
    passage = library.passage(citation.passage_id)
    span = passage.whole(Span(citation.start, citation.end))
    return Pointer(passage.id, span), _one_line(span.of(passage.text))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _own(text: str) -> Claim:
    return Claim(text, Role.OWN, form=Form.PARAGRAPH)


def _plain(option: str) -> str:
    return option.strip().rstrip(".")
