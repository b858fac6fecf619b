"""Is a follow-up answered as well as the same question asked whole?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cpom_tutor.answers import Abstention, Answer, Conversation, Turn, to_markdown
from cpom_tutor.library import Library
from evals.measures import rank
from evals.report import OURS, Failure, Figure, Result, Target, figures_of
from evals.runs import Run
from evals.scores import ELSEWHERE, Scores, Subject, passage_with
from evals.shown import evidence_recall, shown_by
from evals.talk_cases import TalkTurn, load_conversations

FIRST = 5
MOST_LOSS = 0.05
WHOLE, FORGETS = "asked whole", "forgets the conversation"
FOUND, CITED = f"recall@{FIRST} of follow-ups", "shown evidence recall of follow-ups"
REPLIES = {"answer": Answer, "decline": Abstention, "conversation": Conversation}
"""What a turn gets, by what is expected of it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One turn of a conversation.

    Attributes:
        subject: the turn; it falls or stands with its conversation.
        case: what is expected.
        first: nothing came before it.
        turn: what was said in the conversation.
        whole: what was said to the whole question, asked alone.
        alone: what was said to the words of the turn, asked alone.
    """

    subject: Subject
    case: TalkTurn
    first: bool
    turn: Turn
    whole: Turn
    alone: Turn


def measure(run: Run) -> Result:
    """What is lost by asking in conversation, and whether turns that need no answer get none."""
    library = run.application().retriever.library
    outcomes = list(_ask_all(run, library))
    subjects = [each.subject for each in outcomes]
    follow_ups = [each for each in outcomes if each.case.expect == "answer" and not each.first]
    found = {
        system: [_found(turns, follow_ups), _cited(turns, follow_ups, library)]
        for system, turns in {
            OURS: [each.turn for each in follow_ups],
            WHOLE: [each.whole for each in follow_ups],
            FORGETS: [each.alone for each in follow_ups],
        }.items()
    }
    losses = [_loss(whole, ours) for whole, ours in zip(found[WHOLE], found[OURS], strict=True)]
    right = [_right(outcomes, expect) for expect in REPLIES]
    figures: list[Figure] = []
    for system, scores in found.items():
        for each in scores:
            figures += figures_of(each, subjects, system=system)
    for each in losses:
        figures += figures_of(each, subjects, target=Target(MOST_LOSS, at_most=True))
    for each in right:
        figures += figures_of(each, subjects)
    return Result(
        "conversations",
        "Turns that lean on the turns before, beside the same questions asked whole.",
        tuple(figures),
        notes=(
            "Loss: recall of the whole questions, asked alone, minus recall in the conversation, turn by turn.",
            "The intervals are over conversations: a turn that is misunderstood misleads the next.",
            f"“{FORGETS}” is the tutor without a history: what it reaches needs no understanding of follow-ups.",
        ),
        failures=_failures(outcomes, library),
        subjects=tuple(subjects),
        scores=(*found[OURS], *losses, *right),
    )


def _ask_all(run: Run, library: Library) -> Iterator[Outcome]:
    for case in load_conversations():
        asked = [turn.question for turn in case.turns]
        for number, turn in enumerate(case.turns, 1):
            passage = passage_with(turn.evidence[0][0], library) if turn.evidence else None
            section = passage.address.section if passage else ELSEWHERE
            about = Subject(f"{case.id}.{number}", case.split, turn.expect, section, case.id)
            yield Outcome(
                about, turn, number == 1, run.ask(*asked[:number]), run.ask(turn.whole), run.ask(turn.question)
            )


def _found(turns: Sequence[Turn], outcomes: Sequence[Outcome]) -> Scores:
    ranks = {
        each.subject.id: rank(each.case.evidence, [found.passage.text for found in turn.retrieved[:FIRST]])
        for turn, each in zip(turns, outcomes, strict=True)
    }
    return Scores(FOUND, {identifier: float(place > 0) for identifier, place in ranks.items()})


def _cited(turns: Sequence[Turn], outcomes: Sequence[Outcome], library: Library) -> Scores:
    pairs = list(zip(turns, outcomes, strict=True))
    return Scores(
        CITED,
        {each.subject.id: evidence_recall(each.case.evidence, shown_by(turn, library)) for turn, each in pairs},
    )


def _loss(whole: Scores, ours: Scores) -> Scores:
    lost = {identifier: value - ours.values[identifier] for identifier, value in whole.values.items()}
    return Scores(f"loss of {ours.measure}", lost, higher_is_better=False)


def _right(outcomes: Sequence[Outcome], expect: str) -> Scores:
    """How many of the turns of which such a reply is expected get one."""
    chosen = [each for each in outcomes if each.case.expect == expect]
    got = {each.subject.id: float(isinstance(each.turn.reply, REPLIES[expect])) for each in chosen}
    return Scores(f"{expect} where expected", got)


def _failures(outcomes: Sequence[Outcome], library: Library) -> tuple[Failure, ...]:
    """Turns of the tune half that fail where the whole question does not, or that are no reply of the kind expected."""
    found = []
    for each in outcomes:
        reached, whole = (
            evidence_recall(each.case.evidence, shown_by(turn, library)) for turn in (each.turn, each.whole)
        )
        wrong_reply = not isinstance(each.turn.reply, REPLIES[each.case.expect])
        if each.subject.split == "tune" and (wrong_reply or reached < whole):
            detail = f"expected: {each.case.expect}; understood as: {each.turn.resolved_question}"
            found.append(Failure(each.subject.id, each.case.question, detail, to_markdown(each.turn.reply)))
    return tuple(found)
