"""Is free text marked right, point by point, and does nothing but an answer earn anything?"""

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from cpom_tutor.attempts import Grading, PointVerdict
from cpom_tutor.language import coverage
from cpom_tutor.retrieval.embedder import SentenceTransformerEmbedder
from cpom_tutor.wiring import open_grader
from evals import statistics
from evals.graded_cases import HOSTILE, GradedAnswer, GradedQuestion, load_graded
from evals.report import Failure, Figure, Result, Target
from evals.runs import Run

RIGHT, VERDICT, HOSTILE_SCORE = "points judged right", "met, missed or contradicted", "hostile answers above 0.1"
ALL_MET, ALL_MISSED = "says that every point is met", "says that every point is missed"
OVERLAP, COSINE = "word overlap at its best threshold", "cosine at its best threshold"
SPLITS = ("all", "tune", "sealed")
LEAST, MOST_HOSTILE = Target(0.85), Target(0.0, at_most=True)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One point of one answer.

    Attributes:
        question, answer: the case.
        met: whether the answer makes the point.
        ours: whether we say so.
        same: whether our verdict is the right one of three.
        overlap: share of the point's content words in the answer.
        cosine: of the point and the answer.
    """

    question: GradedQuestion
    answer: GradedAnswer
    met: bool
    ours: bool
    same: bool
    overlap: float
    cosine: float


def measure(run: Run) -> Result:
    """Points judged right, by split and kind, beside four baselines; what hostile answers get; time an answer."""
    questions = load_graded()
    embedder = SentenceTransformerEmbedder(run.settings.embedder)
    grader = open_grader(run.settings, embedder)
    marked: list[tuple[GradedQuestion, GradedAnswer, Grading]] = []
    seconds = []
    for question in questions:
        grader.grade(question.question, question.reference, question.rubric, question.rubric[0])
        for answer in question.answers:
            started = perf_counter()
            graded = grader.grade(question.question, question.reference, question.rubric, answer.answer)
            seconds.append(perf_counter() - started)
            marked.append((question, answer, graded))
    outcomes = [each for one in marked for each in _outcomes(*one, embedder)]
    figures = [figure for split in SPLITS for figure in _figures(outcomes, split)]
    figures += _by_kind(outcomes) + _hostile(marked)
    for share, name in ((0.5, "p50"), (0.95, "p95")):
        figures.append(Figure(f"an answer, {name}", 1000 * float(np.quantile(seconds, share)), len(seconds), unit="ms"))
    return Result(
        "grading",
        "Answers to open questions, marked point by point: right ones in many words, wrong ones, and hostile ones.",
        tuple(figures),
        notes=(
            "The marker learned from other questions, rubrics and answers (graded_training.jsonl).",
            "The baselines' thresholds are the best for these very points, which flatters them.",
            "An interval draws questions, with all their answers.",
        ),
        failures=tuple(_failures(marked)),
    )


def _outcomes(
    question: GradedQuestion, answer: GradedAnswer, graded: Grading, embedder: SentenceTransformerEmbedder
) -> list[Outcome]:
    *points, whole = embedder.embed([*question.rubric, answer.answer or " "])
    return [
        Outcome(
            question, answer, verdict is PointVerdict.MET, mark.verdict is PointVerdict.MET, mark.verdict is verdict,
            coverage(mark.point, answer.answer), float(vector @ whole),
        )
        for mark, verdict, vector in zip(graded.points, answer.verdicts, points, strict=True)
    ]  # fmt: skip


def _figures(outcomes: Sequence[Outcome], split: str) -> list[Figure]:
    chosen = [each for each in outcomes if split in ("all", each.question.split)]
    clusters = [each.question.id for each in chosen]
    truth = np.array([each.met for each in chosen])

    def figure(measure: str, right: Sequence[bool], system: str = "", target: Target | None = None) -> Figure:
        estimate = statistics.mean([float(each) for each in right], clusters)
        named = {"system": system} if system else {}
        return Figure.of(measure, estimate, split=split, unit="%", target=target, **named)

    found = [
        figure(RIGHT, [each.ours is each.met for each in chosen], target=LEAST if split != "tune" else None),
        figure(VERDICT, [each.same for each in chosen]),
        figure(RIGHT, list(truth), ALL_MET),
        figure(RIGHT, list(~truth), ALL_MISSED),
    ]
    for system, scores in ((OVERLAP, [each.overlap for each in chosen]), (COSINE, [each.cosine for each in chosen])):
        found.append(figure(RIGHT, _best(np.array(scores), truth), system))
    return found


def _best(scores: NDArray[np.float64], truth: NDArray[np.bool_]) -> list[bool]:
    """Which are right at the threshold that gets most of them right."""
    threshold = max([*np.unique(scores), 2.0], key=lambda least: float(((scores >= least) == truth).mean()))
    return list((scores >= threshold) == truth)


def _by_kind(outcomes: Sequence[Outcome]) -> list[Figure]:
    figures = []
    for kind in dict.fromkeys(each.answer.kind for each in outcomes):
        mine = [each for each in outcomes if each.answer.kind == kind]
        right = statistics.mean([float(each.ours is each.met) for each in mine], [each.question.id for each in mine])
        figures.append(Figure.of(f"{RIGHT}, {kind}", right, unit="%"))
    return figures


def _hostile(marked: Sequence[tuple[GradedQuestion, GradedAnswer, Grading]]) -> list[Figure]:
    scores = [graded.score for _, answer, graded in marked if answer.kind in HOSTILE]
    above = statistics.mean([float(score > 0.1) for score in scores])
    return [Figure.of(HOSTILE_SCORE, above, unit="%", target=MOST_HOSTILE)]


def _failures(marked: Sequence[tuple[GradedQuestion, GradedAnswer, Grading]]) -> list[Failure]:
    return [
        Failure(
            answer.id, answer.answer,
            f"{answer.kind}: “{mark.point}” is {verdict}, not {mark.verdict} ({mark.score:.2f})",
        )
        for question, answer, graded in marked if question.split == "tune"
        for mark, verdict in zip(graded.points, answer.verdicts, strict=True) if mark.verdict is not verdict
    ]  # fmt: skip
