"""What becomes of a language model's sentences at the gate: are the false ones dropped, and the true ones shown?"""

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from cpom_tutor.gate import Gate, Rejection
from cpom_tutor.language import coverage
from cpom_tutor.wiring import Application, open_checker
from evals import statistics
from evals.draft_cases import DEFECTS, DraftCase, load_drafts
from evals.report import OURS, SPLITS, Failure, Figure, Result, Target
from evals.runs import Run

OVERLAP, COSINE = "word overlap at its best threshold", "cosine at its best threshold"
ACCEPTS, REJECTS = "accepts everything", "rejects everything"
STOPPED, LOST = Target(0.85), Target(0.15, at_most=True)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A sentence and what became of it.

    Attributes:
        case: the sentence and the passages that it names.
        dropped: by whom, and whether they drop it.
        reason: the gate's.
    """

    case: DraftCase
    dropped: dict[str, bool]
    reason: str


def measure(run: Run) -> Result:
    """Defects stopped and true sentences lost, by kind and by split, beside four trivial gates."""
    application = run.application()
    library = application.retriever.library
    cases, gate = load_drafts(library), Gate(open_checker(run.settings, application.reader), library)
    started = perf_counter()
    ours = [gate.admit(case.claim, frozenset(passage.id for passage in case.passages)) for case in cases]
    seconds = perf_counter() - started
    trivial = _trivial(cases, application)
    outcomes = [
        Outcome(
            case,
            {OURS: isinstance(told, Rejection), **{system: drops[number] for system, drops in trivial.items()}},
            told.reason if isinstance(told, Rejection) else told.verdict.reason,
        )
        for number, (case, told) in enumerate(zip(cases, ours, strict=True))
    ]
    figures = [figure for split in SPLITS for figure in _figures(outcomes, split)]
    figures.append(Figure("a sentence", 1000 * seconds / len(cases), len(cases), unit="ms"))
    return Result(
        "gate",
        "Sentences such as a language model writes, each with the passages that it names: shown or dropped.",
        tuple(figures),
        notes=(
            "The sentences are written by hand, in the way in which a model explains; the evidence of each is all that "
            "its passages say.",
            "The two thresholds are the best for these very sentences, which flatters them.",
        ),
        failures=tuple(_failure(each) for each in outcomes if each.case.split == "tune" and _wrong(each)),
    )


def _trivial(cases: Sequence[DraftCase], application: Application) -> dict[str, list[bool]]:
    evidence = [" ".join(passage.text for passage in case.passages) for case in cases]
    overlap = np.array([coverage(case.sentence, text) for case, text in zip(cases, evidence, strict=True)])
    mine = [reading.whole for reading in application.reader.read([case.sentence for case in cases])]
    theirs = [reading.whole for reading in application.reader.read(evidence)]
    cosine = np.array([float(one @ other) for one, other in zip(mine, theirs, strict=True)])
    true = np.array([case.supported for case in cases])
    return {
        OVERLAP: list(overlap < best_threshold(overlap, true)),
        COSINE: list(cosine < best_threshold(cosine, true)),
        ACCEPTS: [False] * len(cases),
        REJECTS: [True] * len(cases),
    }


def best_threshold(scores: np.ndarray, true: np.ndarray) -> float:
    """The score from which on to accept, where true and false sentences (equal weight) come out best."""
    candidates = [*np.unique(scores), scores.max() + 1.0]
    return float(max(candidates, key=lambda least: (scores[true] >= least).mean() + (scores[~true] < least).mean()))


def _figures(outcomes: Sequence[Outcome], split: str) -> list[Figure]:
    chosen = [each for each in outcomes if split in ("all", each.case.split)]
    false = [each for each in chosen if not each.case.supported]
    true = [each for each in chosen if each.case.supported]
    figures: list[Figure] = []
    for system in (OURS, OVERLAP, COSINE, ACCEPTS, REJECTS):
        figures += [
            _share("defects stopped", false, split, system, STOPPED),
            _share("true sentences lost", true, split, system, LOST),
        ]
    for kind in DEFECTS:
        figures.append(_share(f"stopped, {kind}", [each for each in false if each.case.kind == kind], split, OURS))
    return figures


def _share(measure: str, outcomes: Sequence[Outcome], split: str, system: str, target: Target | None = None) -> Figure:
    clusters = [each.case.passages[0].id for each in outcomes]
    share = statistics.mean([float(each.dropped[system]) for each in outcomes], clusters)
    return Figure.of(measure, share, system=system, split=split, unit="%", target=target if system == OURS else None)


def _wrong(each: Outcome) -> bool:
    return each.dropped[OURS] is each.case.supported


def _failure(each: Outcome) -> Failure:
    what = "was lost" if each.case.supported else f"{each.case.kind}, was shown"
    return Failure(each.case.id, each.case.sentence, f"{what}: {each.reason}")
