"""Does the grounding checker stop claims that their evidence does not support, and let true paraphrases pass?"""

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from cpom_tutor.answers import Label
from cpom_tutor.language import coverage
from cpom_tutor.protocols import GroundingChecker
from cpom_tutor.wiring import open_checker
from evals import statistics
from evals.checker_cases import HAND, MADE, PARAPHRASE, VERBATIM, Case, hand_cases, made_cases, true_cases
from evals.mutations import KINDS
from evals.report import OURS, Failure, Figure, Result, Target
from evals.runs import Run

OVERLAP = "word overlap at its best threshold"
ACCEPTS = "accepts everything"
SPLITS = ("all", "tune", "sealed")
KILLED, EACH_KIND, FALSE_ALARMS = Target(0.8), Target(0.5), Target(0.2, at_most=True)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A case and what became of it.

    Attributes:
        case: what was judged.
        stopped: it was not found supported.
        score: the checker's probability of support.
        overlap: share of its content words in the evidence.
        reason: the checker's.
    """

    case: Case
    stopped: bool
    score: float
    overlap: float
    reason: str


EACH = 4
"""One in so many mutations is judged: with all of them the suites would take more than their minute."""


def measure(run: Run) -> Result:
    """Kill rates and false alarms, by kind and by split, beside word overlap."""
    library = run.application().retriever.library
    checker = open_checker(run.settings)
    started = perf_counter()
    outcomes = judge(checker, [*true_cases(library), *hand_cases(), *made_cases(library)[::EACH]])
    seconds = perf_counter() - started
    threshold = best_threshold(outcomes)
    figures = [figure for split in SPLITS for figure in _figures(outcomes, split, threshold)]
    weighed = sum(outcome.case.origin != VERBATIM for outcome in outcomes)
    figures.append(Figure("a claim that is no quote", 1000 * seconds / weighed, weighed, unit="ms"))
    return Result(
        "checker",
        "Claims made false in eight ways, by a program and by hand, and true claims in the course's words and others.",
        tuple(figures),
        notes=(
            "The combiner learned from the tune half (other draws of the mutations); a sealed mutation is of a sealed "
            "paraphrase or passage.",
            f"Word overlap's threshold, {threshold:.2f}, is the best for these very claims, which flatters it.",
        ),
        failures=tuple(_failure(each) for each in outcomes if each.case.split == "tune" and _wrong(each)),
    )


def judge(checker: GroundingChecker, cases: Sequence[Case]) -> list[Outcome]:
    """One outcome a case."""
    outcomes = []
    for case in cases:
        verdict = checker.check(case.claim, case.evidence)
        overlap = coverage(case.claim, " ".join(case.evidence))
        stopped = verdict.label is not Label.SUPPORTED
        outcomes.append(Outcome(case, stopped, verdict.score, overlap, verdict.reason))
    return outcomes


def best_threshold(outcomes: Sequence[Outcome]) -> float:
    """The overlap from which on to accept, where paraphrases and false claims (equal weight) come out best."""
    true = np.array([each.overlap for each in outcomes if each.case.origin == PARAPHRASE])
    false = np.array([each.overlap for each in outcomes if not each.case.supported])
    candidates = np.unique(np.concatenate([true, false, [1.01]]))
    return float(max(candidates, key=lambda least: (true >= least).mean() + (false < least).mean()))


def auroc(true: Sequence[float], false: Sequence[float]) -> float:
    """Chance that a true claim scores above a false one; ties count half (Hanley and McNeil, 1982)."""
    above = np.asarray(true)[:, None] - np.asarray(false)[None, :]
    return float((above > 0).mean() + 0.5 * (above == 0).mean())


def _figures(outcomes: Sequence[Outcome], split: str, threshold: float) -> list[Figure]:
    chosen = [each for each in outcomes if split in ("all", each.case.split)]
    false = [each for each in chosen if not each.case.supported]
    made = [each for each in false if each.case.origin in MADE]
    hand = [each for each in false if each.case.origin == HAND]
    figures = [
        *_rates("kill rate, mutations", made, split, threshold, KILLED),
        *_rates("kill rate, written by hand", hand, split, threshold, KILLED),
    ]
    for origin in MADE:
        figures += _rates(
            f"kill rate, {origin}", [each for each in made if each.case.origin == origin], split, threshold
        )
    for kind in KINDS:
        for what, pool in (("mutations", made), ("by hand", hand)):
            mine = [each for each in pool if each.case.kind == kind]
            figures += _rates(f"kill rate, {kind}, {what}", mine, split, threshold, EACH_KIND)
    for origin, target in ((VERBATIM, Target(0.0, at_most=True)), (PARAPHRASE, FALSE_ALARMS)):
        mine = [each for each in chosen if each.case.origin == origin]
        figures += _rates(f"false alarms, {origin}", mine, split, threshold, target)
    true = [each for each in chosen if each.case.origin == PARAPHRASE]
    for system, scores in ((OURS, "score"), (OVERLAP, "overlap")):
        value = auroc([getattr(each, scores) for each in true], [getattr(each, scores) for each in false])
        figures.append(Figure("AUROC, paraphrases over false claims", value, len(true) + len(false), system, split))
    return figures


def _rates(
    measure: str, outcomes: Sequence[Outcome], split: str, threshold: float, target: Target | None = None
) -> list[Figure]:
    """Share of these that are stopped, by the checker and by the baselines."""
    if not outcomes:
        return []
    clusters = [each.case.cluster for each in outcomes]
    ours = statistics.mean([float(each.stopped) for each in outcomes], clusters)
    figures = [Figure.of(measure, ours, split=split, unit="%", target=target)]
    if measure.count(",") < 2:
        overlap = statistics.mean([float(each.overlap < threshold) for each in outcomes], clusters)
        figures += [
            Figure.of(measure, overlap, system=OVERLAP, split=split, unit="%"),
            Figure(measure, 0.0, len(outcomes), ACCEPTS, split, "%"),
        ]
    return figures


def _wrong(each: Outcome) -> bool:
    return each.stopped is each.case.supported


def _failure(each: Outcome) -> Failure:
    what = f"{each.case.kind}, was let through" if not each.case.supported else f"{each.case.origin}, was stopped"
    return Failure(each.case.id, each.case.claim, f"{what} ({each.score:.2f}): {each.reason}")
