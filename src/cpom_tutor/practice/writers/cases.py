"""The decisions of a scenario as exam questions: one situation, several questions, each answerable by itself."""

from collections.abc import Iterator

from cpom_tutor.items import Decision, Level, QuizItem, Scenario
from cpom_tutor.library import Library
from cpom_tutor.practice.making import Option, single_best
from cpom_tutor.practice.validators.stories import CASE
from cpom_tutor.practice.validators.wording import stems

_TOLD = 0.34
"""Share of what is new in a best option from which a later prompt tells it."""


def situation_text(scenario: Scenario) -> str:
    """What all its questions begin with."""
    return f"{scenario.role}\n\n{scenario.situation}"


def write(scenario: Scenario, library: Library) -> Iterator[QuizItem]:
    """A candidate for each decision whose prompt does not tell what was best before it."""
    for place, decision in enumerate(scenario.decisions):
        if any(_tells(decision.prompt, earlier, scenario) for earlier in scenario.decisions[:place]):
            continue
        options = [
            Option(text, why.text, why.citation) for text, why in zip(decision.options, decision.feedback, strict=True)
        ]
        options.insert(0, options.pop(decision.best))
        decided = options[0].citation
        stem = f"{situation_text(scenario)}\n\n{decision.prompt}"
        yield single_best(stem, options, [decided], library.passage(decided.passage_id), CASE, Level.APPLICATION)


def _tells(prompt: str, earlier: Decision, scenario: Scenario) -> bool:
    """Whether a prompt has much of what sets an earlier best option apart."""
    others = (text for place, text in enumerate(earlier.options) if place != earlier.best)
    known = stems(situation_text(scenario)) | stems(earlier.prompt) | stems(" ".join(others))
    new = stems(earlier.options[earlier.best]) - known
    return bool(new) and len(new & stems(prompt)) / len(new) >= _TOLD
