"""From which confidence on should the tutor answer? A maintainer says how much error is too much."""

from collections.abc import Sequence

import numpy as np

from evals import statistics
from evals.report import OURS, Figure, Result
from evals.runs import Run
from evals.suites.refusals import Outcome, ask_all

SHARE = "unsupported answers"


def measure(run: Run) -> Result:
    """The lowest confidence at which few enough of the tune half's answers are about what the course does not say."""
    outcomes = [each for each in ask_all(run) if each.subject.split == "tune"]
    most = run.at_most_unsupported
    title = f"The confidence to answer from, so that at most {100 * most:g} % of the answers are unsupported."
    point = lowest(outcomes, most)
    if point is None:
        note = "No confidence keeps the share that low: the most confident answers are unsupported already."
        return Result("operating-point", title, (), notes=(note,))
    return Result(
        "operating-point",
        title,
        (
            Figure("confidence to answer from", point, len(outcomes), OURS, "tune"),
            *_figures(outcomes, point),
        ),
        notes=(
            "Unsupported: an answer to a question that the course does not answer. Questions that a rule declines "
            "stay declined at any confidence.",
            "Read from the tune half alone; the intervals say how far it can be trusted.",
        ),
    )


def lowest(outcomes: Sequence[Outcome], most: float) -> float | None:
    """The lowest confidence with at most that share of unsupported answers from there on; None where there is none."""
    for point in sorted({each.confidence for each in outcomes if each.weighed}):
        answered = [each.should for each in outcomes if each.weighed and each.confidence >= point]
        if sum(answered) <= most * len(answered):
            return point
    return None


def _figures(outcomes: Sequence[Outcome], point: float) -> list[Figure]:
    answered = np.array([float(each.weighed and each.confidence >= point) for each in outcomes])
    should = np.array([float(each.should) for each in outcomes])
    clusters = [each.subject.cluster for each in outcomes]
    shares = {
        SHARE: (answered * should, answered),
        "coverage, all questions": (answered, np.ones(len(outcomes))),
        "coverage, answerable questions": (answered * (1 - should), 1 - should),
    }
    return [
        Figure.of(name, statistics.ratio(list(over), list(under), clusters), split="tune", unit="%")
        for name, (over, under) in shares.items()
    ]
