"""The checks that a decision scenario passes before it is shown; the same rules of item writing, for decisions."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cpom_tutor.course import Citation
from cpom_tutor.grounding.sentences import split_sentences
from cpom_tutor.items import Decision, Scenario
from cpom_tutor.library import Library
from cpom_tutor.practice.validators.cues import LONGEST_KEY, telling_cue, telling_word
from cpom_tutor.practice.validators.evidence import citation_fault
from cpom_tutor.practice.validators.form import CATCH_ALL, NEGATIVE, odd_ends
from cpom_tutor.practice.validators.stories import RUN
from cpom_tutor.practice.validators.wording import lead_in, quotes, runs, runs_of, stems, unquoted

DECISIONS, OPTIONS = range(3, 5), range(3, 5)
LEAST_POINTS = 3
LEAST_SENTENCES = 2
LONGEST_CONSEQUENCE = 2
"""Sentences."""
LONGEST_SITUATION = 160
"""Words."""
_IMPERATIVE = re.compile(r"^(?:explain|describe|write|sum up|answer|say|name|tell|give)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ScenarioCheck:
    """One rule: its name, what it asks for, and what is wrong with a scenario by it (empty where nothing is)."""

    name: str
    meaning: str
    fault: Callable[[Scenario, Library], str]


def shape_fault(scenario: Scenario, _: Library) -> str:
    """Three or four decisions of three or four different options, one of them best, each with its feedback."""
    if len(scenario.decisions) not in DECISIONS:
        return f"{len(scenario.decisions)} decision(s)"
    for decision in scenario.decisions:
        if len(decision.options) not in OPTIONS or not 0 <= decision.best < len(decision.options):
            return f"“{decision.prompt}” has {len(decision.options)} option(s), or no best one"
        if len(decision.feedback) != len(decision.options):
            return f"“{decision.prompt}” has {len(decision.feedback)} piece(s) of feedback"
        if len({stems(option) for option in decision.options}) < len(decision.options):
            return f"“{decision.prompt}” has two options alike"
    return ""


def citations_fault(scenario: Scenario, library: Library) -> str:
    """Every piece of feedback, rubric point and model sentence stands on words of the course, verbatim."""
    return next((fault for each in scenario_citations(scenario) if (fault := citation_fault(each, library))), "")


def scenario_citations(scenario: Scenario) -> Iterator[Citation]:
    """Every citation that a learner may see with the scenario."""
    for decision in scenario.decisions:
        yield from (feedback.citation for feedback in decision.feedback)
    yield from (point.citation for point in scenario.rubric)
    yield from (sentence.citation for sentence in scenario.model_answer)


def prompt_fault(scenario: Scenario, _: Library) -> str:
    """Each prompt ends with a question, put positively; so does the last one, or it says what to write."""
    for decision in scenario.decisions:
        asked = lead_in(decision.prompt)
        if not asked.endswith("?"):
            return f"“{decision.prompt}” is no question"
        if NEGATIVE.search(unquoted(asked)):
            return f"“{decision.prompt}” asks for what is not so"
    told = [span.of(scenario.question) for span in split_sentences(scenario.question)]
    asks = any(sentence.endswith("?") or _IMPERATIVE.match(sentence) for sentence in told)
    return "" if asks else f"“{scenario.question}” is no question"


def options_fault(scenario: Scenario, _: Library) -> str:
    """No option of a decision stands out by its form, its length, a cue word, or a word of the prompt."""
    return next((fault for decision in scenario.decisions if (fault := _decision_fault(decision))), "")


def _decision_fault(decision: Decision) -> str:
    best = decision.options[decision.best]
    others = [option for place, option in enumerate(decision.options) if place != decision.best]
    odd = odd_ends(decision.options)
    if odd:
        return f"{odd}: “{best}”"
    for option in decision.options:
        if CATCH_ALL.search(option):
            return f"“{option}” is no decision of its own"
    mean = sum(map(len, others)) / len(others)
    if len(best) > LONGEST_KEY * mean:
        return f"“{best}” is {len(best) / mean:.2f} times as long as the mean of the others"
    cue = telling_cue(decision.options, decision.best)
    return cue or telling_word(lead_in(decision.prompt), decision.options, decision.best)


def consequence_fault(scenario: Scenario, _: Library) -> str:
    """What comes of an option is told in two sentences at most, and differs from option to option."""
    for decision in scenario.decisions:
        told = [feedback.text for feedback in decision.feedback]
        long = [text for text in told if not 1 <= len(split_sentences(text)) <= LONGEST_CONSEQUENCE]
        if long or len(set(told)) < len(told):
            return f"the feedback of “{decision.prompt}” is too long, empty, or twice the same"
    return ""


def rubric_fault(scenario: Scenario, _: Library) -> str:
    """Three different points or more, each worth something, none told by the question; a model answer of sentences."""
    criteria = [point.criterion for point in scenario.rubric]
    if len(criteria) < LEAST_POINTS or len({stems(each) for each in criteria}) < len(criteria):
        return f"{len(criteria)} rubric point(s), or two alike"
    if any(point.points < 1 for point in scenario.rubric) or len(scenario.model_answer) < LEAST_SENTENCES:
        return "a rubric point without weight, or a model answer of one sentence"
    cited = {each.citation.passage_id for each in scenario.model_answer}
    missing = [point.criterion for point in scenario.rubric if point.citation.passage_id not in cited]
    if len(missing) > len(criteria) / 2:
        return f"the model answer stands on other passages than “{missing[0]}”"
    return ""


def situation_fault(scenario: Scenario, library: Library) -> str:
    """The situation is short and in words of its own: no run of three content words of the course, besides quotes."""
    length = len(scenario.situation.split())
    if not scenario.role.strip() or not 0 < length <= LONGEST_SITUATION:
        return f"the situation has {length} words, or there is no role"
    course = runs(tuple(section.text for section in library.sections), RUN)
    own = [scenario.situation, *quotes(scenario.situation)]
    lifted = next((run for text in own for run in runs_of(text, RUN) if run in course), None)
    return f"the situation has the course's words: {' '.join(lifted)}" if lifted else ""


def positions_fault(scenario: Scenario, _: Library) -> str:
    """The best option is not always in the same place."""
    moves = len({each.best for each in scenario.decisions}) > 1
    return "" if moves else "the best option stands in one place throughout"


SCENARIO_CHECKS: tuple[ScenarioCheck, ...] = (
    ScenarioCheck("decisions", "three or four decisions of three or four options, one best", shape_fault),
    ScenarioCheck("cited", "every option, point and sentence stands on words of the course", citations_fault),
    ScenarioCheck("prompts", "every prompt is a question, put positively", prompt_fault),
    ScenarioCheck("options", "no option stands out by form, length, cue words or a repeated word", options_fault),
    ScenarioCheck("consequences", "each option has a consequence of its own, two sentences at most", consequence_fault),
    ScenarioCheck("rubric", "three points or more, and a model answer that stands on the same words", rubric_fault),
    ScenarioCheck("situation", "short, and not in the course's words", situation_fault),
    ScenarioCheck("positions", "the best option is not always in the same place", positions_fault),
)


def refusal_of_scenario(scenario: Scenario, library: Library) -> str:
    """The first check that the scenario fails, and why; empty where it may be shown."""
    for check in SCENARIO_CHECKS:
        fault = check.fault(scenario, library)
        if fault:
            return f"{check.name}: {fault}"
    return ""
