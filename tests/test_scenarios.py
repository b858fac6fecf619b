"""Scenarios: made of the course's case studies, and refused where they break a rule."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from cpom_tutor.items import Decision, Scenario
from cpom_tutor.library import Library
from cpom_tutor.practice import scenarios
from cpom_tutor.practice.validators import SCENARIO_CHECKS, refusal_of_scenario
from ingest.load import load_corpus


@pytest.fixture(scope="module")
def scenario(corpus: Path) -> tuple[Scenario, Library]:
    """The first valid scenario of the course."""
    real = load_corpus(corpus).library()
    return next(each for each in scenarios.write(real) if not refusal_of_scenario(each, real)), real


def test_the_course_has_eight_valid_scenarios_whose_best_options_move(corpus: Path) -> None:
    real = load_corpus(corpus).library()
    valid = [each for each in scenarios.write(real) if not refusal_of_scenario(each, real)]
    assert valid == [each for each in scenarios.write(real) if not refusal_of_scenario(each, real)]
    assert len(valid) >= 8
    assert len({each.id for each in valid}) == len(valid)
    assert {decision.best for each in valid for decision in each.decisions} >= {0, 1, 2}


def decisions(scenario: Scenario, **changed: object) -> Scenario:
    first, *rest = scenario.decisions
    return replace(scenario, decisions=(replace(first, **changed), *rest))  # type: ignore[arg-type]


def decided(scenario: Scenario, change: Callable[[str, bool], str]) -> Scenario:
    """With each option of the first decision changed; told whether it is the best."""
    first = scenario.decisions[0]
    texts = tuple(change(text, place == first.best) for place, text in enumerate(first.options))
    return decisions(scenario, options=texts)


def misquoted(scenario: Scenario) -> Scenario:
    first, *rest = scenario.rubric
    return replace(scenario, rubric=(replace(first, citation=replace(first.citation, quote="Sleep.")), *rest))


def long_winded(scenario: Scenario) -> Scenario:
    told = (replace(each, text=f"{place} goes on. " * 3) for place, each in enumerate(scenario.decisions[0].feedback))
    return decisions(scenario, feedback=tuple(told))


def best_first(scenario: Scenario) -> Scenario:
    def turned(decision: Decision) -> Decision:
        order = sorted(range(len(decision.options)), key=lambda place: place != decision.best)
        return replace(
            decision,
            best=0,
            options=tuple(decision.options[place] for place in order),
            feedback=tuple(decision.feedback[place] for place in order),
        )

    return replace(scenario, decisions=tuple(map(turned, scenario.decisions)))


LIFTED_SITUATION = "The modern pharmacy is a high-tech ecosystem of automated dispensing cabinets."
SCENARIO_BROKEN: dict[str, tuple[Callable[[Scenario], Scenario], str]] = {
    "two decisions": (lambda each: replace(each, decisions=each.decisions[:2]), "decisions"),
    "no best option": (lambda each: decisions(each, best=9), "decisions"),
    "an option twice": (lambda each: decided(each, lambda *_: "Ask them first."), "decisions"),
    "feedback missing": (lambda each: decisions(each, feedback=each.decisions[0].feedback[:2]), "decisions"),
    "a misquoted principle": (misquoted, "cited"),
    "a prompt that is no question": (lambda each: decisions(each, prompt="Decide."), "prompts"),
    "a prompt for what is not so": (lambda each: decisions(each, prompt="What do you not do?"), "prompts"),
    "a last question that asks nothing": (lambda each: replace(each, question="The end."), "prompts"),
    "the best is the longest": (
        lambda each: decided(each, lambda text, best: f"{text[:-1]} {text.lower() * 2}" if best else text),
        "options",
    ),
    "the best alone has no full stop": (
        lambda each: decided(each, lambda text, best: text.rstrip(".") if best else text),
        "options",
    ),
    "all others are absolute": (
        lambda each: decided(each, lambda text, best: text if best else f"Always: {text}"),
        "options",
    ),
    "a decision for all of the above": (
        lambda each: decided(each, lambda text, best: text if best else f"All of the above, and {text}"),
        "options",
    ),
    "a word of the prompt in the best alone": (
        lambda each: decisions(
            decided(each, lambda text, best: f"Warehouses: {text}" if best else f"Depots:     {text}"),
            prompt="What of the warehouse?",
        ),
        "options",
    ),
    "long feedback": (long_winded, "consequences"),
    "two rubric points": (lambda each: replace(each, rubric=each.rubric[:2]), "rubric"),
    "a model answer of one sentence": (lambda each: replace(each, model_answer=each.model_answer[:1]), "rubric"),
    "a situation in the course's words": (lambda each: replace(each, situation=LIFTED_SITUATION), "situation"),
    "no role": (lambda each: replace(each, role=" "), "situation"),
    "the best always first": (best_first, "positions"),
}


@pytest.mark.parametrize("defect", SCENARIO_BROKEN)
def test_a_broken_scenario_is_refused_by_the_rule_that_it_breaks(
    scenario: tuple[Scenario, Library], defect: str
) -> None:
    whole, library = scenario
    change, check = SCENARIO_BROKEN[defect]
    found = refusal_of_scenario(change(whole), library)
    assert found.split(":")[0] == check, found


def test_every_check_of_a_scenario_is_broken_by_something_above() -> None:
    assert {check for _, check in SCENARIO_BROKEN.values()} == {check.name for check in SCENARIO_CHECKS}
