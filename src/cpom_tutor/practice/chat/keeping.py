"""What a turn of conversation finishes, to be kept as practice: an answered question, a scenario taken to its end."""

from collections.abc import Sequence
from dataclasses import dataclass

from cpom_tutor.answers import Turn
from cpom_tutor.attempts import Rating, Response
from cpom_tutor.items import Practised, QuizItem, Scenario
from cpom_tutor.practice.giving_up import gives_up


@dataclass(frozen=True, slots=True)
class Finished:
    """Practice that is over, and what was answered.

    Attributes:
        responses: to the question; or to the scenario's decisions in order, and to its last question unless the
            learner passed there.
        item: the question; None for a scenario.
        scenario: the scenario; None for a question.
    """

    responses: tuple[Response, ...]
    item: QuizItem | None = None
    scenario: Scenario | None = None


def finished(turn: Turn, before: Sequence[Turn]) -> Finished | None:
    """What this turn finishes; None where it finishes nothing, or a scenario of which a decision was passed.

    Args:
        turn: the latest one.
        before: the turns before it, oldest first.
    """
    after = turn.practice
    last = next((earlier.practice for earlier in reversed(before) if earlier.practice), None)
    if after is None or after.waiting or last is None or not last.waiting:
        return None
    if after.item:
        # Somebody who passes says themselves that they do not know it.
        known = after.chosen is not None
        response = Response(index=after.chosen) if known else Response(rating=Rating.AGAIN)
        return Finished((response,), item=after.item)
    return _scenario(after, before, turn.question)


def _scenario(after: Practised, before: Sequence[Turn], text: str) -> Finished | None:
    scenario = after.scenario
    if scenario is None:
        return None
    chosen: dict[int, int | None] = {}
    for earlier in before:
        step = earlier.practice
        if step and step.scenario and step.scenario.id == scenario.id and step.decision:
            chosen[step.decision - 1] = step.chosen
    choices = [chosen.get(place) for place in range(len(scenario.decisions))]
    taken = tuple(Response(index=choice) for choice in choices if choice is not None)
    if len(taken) < len(choices):
        return None
    written = () if gives_up(text) else (Response(text=text),)
    return Finished((*taken, *written), scenario=scenario)
