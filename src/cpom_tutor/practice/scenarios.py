"""From a case study that teachers keep to a scenario: options shuffled, every judgement with its citation."""

import hashlib
import random
from collections import Counter
from collections.abc import Iterator

from cpom_tutor.course import Citation
from cpom_tutor.items import Decision, Rationale, RubricPoint, Scenario
from cpom_tutor.library import Library
from cpom_tutor.practice.making import cite, topic_of
from cpom_tutor.practice.validators.cases import refusal_of_scenario
from cpom_tutor.teaching import CaseDecision, CasePoint, CaseStudy, Place

__all__ = ["refusal_of_scenario", "write"]


def write(library: Library) -> Iterator[Scenario]:
    """One candidate a case study, in the order in which teachers keep them."""
    for case_study in library.case_studies:
        yield _scenario(case_study, library)


def _scenario(case_study: CaseStudy, library: Library) -> Scenario:
    words = f"{case_study.title}\n{case_study.situation}"
    name = f"scenario-{hashlib.sha256(words.encode()).hexdigest()[:12]}"
    return Scenario(
        id=name,
        title=case_study.title,
        role=case_study.role,
        situation=case_study.situation,
        decisions=_decisions(case_study, name, library),
        question=case_study.question,
        rubric=tuple(
            RubricPoint(point.text, _cite(point.principle, library), point.points) for point in case_study.rubric
        ),
        model_answer=tuple(_rationale(sentence, library) for sentence in case_study.model_answer),
        topic=_topic(case_study, library),
    )


def _decisions(case_study: CaseStudy, name: str, library: Library) -> tuple[Decision, ...]:
    """The decisions with their options in an order drawn by the scenario's id, until the best moves about."""
    drawn = random.Random(name)
    while True:
        found = tuple(_decision(each, drawn, library) for each in case_study.decisions)
        if len(found) < 2 or len({decision.best for decision in found}) > 1:
            return found


def _decision(decision: CaseDecision, drawn: random.Random, library: Library) -> Decision:
    options = list(decision.options)
    drawn.shuffle(options)
    return Decision(
        prompt=decision.prompt,
        options=tuple(option.text for option in options),
        best=next(place for place, option in enumerate(options) if option.best),
        feedback=tuple(Rationale(option.consequence, _cite(option.principle, library)) for option in options),
    )


def _rationale(sentence: CasePoint, library: Library) -> Rationale:
    return Rationale(sentence.text, _cite(sentence.principle, library))


def _cite(place: Place, library: Library) -> Citation:
    passage, span = place
    return cite(library.passage(passage), span)


def _topic(case_study: CaseStudy, library: Library) -> str:
    """The subsection that most of the best options stand on; the first of several."""
    best = [option.principle for decision in case_study.decisions for option in decision.options if option.best]
    topics = Counter(topic_of(library.passage(passage)) for passage, _ in best)
    return topics.most_common(1)[0][0]
