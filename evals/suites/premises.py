"""Is a question that takes something wrong for granted put right, and a true premise left alone?"""

from collections.abc import Sequence

from cpom_tutor.answers import Turn, to_markdown
from cpom_tutor.library import Library
from evals.report import Failure, Figure, Result, Target, figures_by_kind, figures_of
from evals.runs import Run
from evals.scores import Scores, subject
from evals.shown import corrects, evidence_recall, passage_shown, shown_by
from evals.suites.answers import ABSTAINS
from evals.talk_cases import PremiseCase, load_premises
from evals.tutorial import NAME as TUTORIAL

CORRECTED, LOOSELY, FALSE = "corrected", "corrected, loosely", "false corrections"
CONTRADICTS = "says “No.” and shows the first passage"
LEAST_CORRECTED = 0.80


def measure(run: Run) -> Result:
    """Corrections of wrong premises, and of true ones, beside tutors that always and never contradict."""
    cases = load_premises()
    library = run.application().retriever.library
    subjects = [subject(case.id, case.split, case.kind, case.evidence, library) for case in cases]
    scores = _scores(cases, [run.ask(case.question) for case in cases], library)
    figures: list[Figure] = []
    for each in scores:
        figures += figures_of(each, subjects, target=Target(LEAST_CORRECTED) if each.measure == CORRECTED else None)
    first = [evidence_recall(case.evidence, passage_shown(_texts(run.ask(case.question)))) for case in cases]
    chunks = run.tutorial.search([case.question for case in cases], 1)
    nearest = [evidence_recall(case.evidence, passage_shown(chunks[case.question])) for case in cases]
    figures += _trivial(cases, CONTRADICTS, CORRECTED, first)
    figures += _trivial(cases, TUTORIAL, LOOSELY, nearest)
    figures += _trivial(cases, ABSTAINS, CORRECTED, [0.0] * len(cases))
    figures += [
        Figure(FALSE, value, len([case for case in cases if _is_true(case)]), system, unit="%")
        for system, value in ((CONTRADICTS, 1.0), (ABSTAINS, 0.0))
    ]
    figures += figures_by_kind(scores[0], subjects)
    return Result(
        "premises",
        "Questions that take something wrong for granted, and some that take something true for granted.",
        tuple(figures),
        notes=(
            "Corrected: the reply says that the premise is wrong, or opens with “No”, and cites what contradicts it. "
            "Loosely: it cites what contradicts it.",
            "False corrections: a true premise that the reply calls wrong.",
        ),
        failures=tuple(_failures(run, cases, scores)),
        subjects=tuple(subjects),
        scores=tuple(scores),
    )


def _scores(cases: Sequence[PremiseCase], turns: Sequence[Turn], library: Library) -> list[Scores]:
    strictly, loosely, false = {}, {}, {}
    for case, turn in zip(cases, turns, strict=True):
        if _is_true(case):
            false[case.id] = float(corrects(turn))
        else:
            loosely[case.id] = evidence_recall(case.evidence, shown_by(turn, library))
            strictly[case.id] = loosely[case.id] * corrects(turn)
    return [Scores(CORRECTED, strictly), Scores(LOOSELY, loosely), Scores(FALSE, false, higher_is_better=False)]


def _trivial(cases: Sequence[PremiseCase], system: str, measure: str, values: Sequence[float]) -> list[Figure]:
    """The share of the wrong premises."""
    wrong = [value for case, value in zip(cases, values, strict=True) if not _is_true(case)]
    return [Figure(measure, sum(wrong) / len(wrong), len(wrong), system, unit="%")]


def _is_true(case: PremiseCase) -> bool:
    return case.kind == "true_premise"


def _texts(turn: Turn) -> list[str]:
    return [found.passage.text for found in turn.retrieved]


def _failures(run: Run, cases: Sequence[PremiseCase], scores: Sequence[Scores]) -> list[Failure]:
    strictly, _, false = (each.values for each in scores)
    return [
        Failure(
            case.id, case.question, f"{case.kind}; needed: {' … '.join(case.evidence[0])}",
            to_markdown(run.ask(case.question).reply),
        )
        for case in cases
        if case.split == "tune" and (strictly.get(case.id) == 0.0 or false.get(case.id))
    ]  # fmt: skip
