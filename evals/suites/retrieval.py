"""Are the needed sentences among the first passages?"""

from collections.abc import Mapping, Sequence

import numpy as np

from cpom_tutor.retrieval.embedder import SentenceTransformerEmbedder
from cpom_tutor.retrieval.lexical import LexicalIndex
from evals.cases import QuestionCase, load_questions
from evals.measures import ndcg, rank, reciprocal_rank
from evals.report import OURS, Failure, Figure, Result, Target, figures_of
from evals.runs import Run
from evals.scores import Scores, Subject, subject
from evals.tutorial import NAME as TUTORIAL

FIRST = 5
DEPTHS = (1, 3, FIRST, 10)
DEEPEST = 10
LEAST_RECALL = 0.92
RECALL = f"recall@{FIRST}"
LENGTH = f"length of the {FIRST}"

Found = Mapping[str, Sequence[str]]
"""A question -> the texts of the first ten passages, best first."""


def measure(run: Run) -> Result:
    """Recall, MRR, nDCG and length, beside LangChain's tutorial, BM25 and dense search alone."""
    cases = load_questions()
    library = run.application().retriever.library
    subjects = [subject(case.id, case.split, case.kind, case.evidence, library) for case in cases]
    searched = _search(run, cases)
    scores = {system: _scores(cases, found) for system, found in searched.items()}
    figures: list[Figure] = []
    for system, found in scores.items():
        for each in found:
            target = Target(LEAST_RECALL) if (system, each.measure) == (OURS, RECALL) else None
            figures += figures_of(each, subjects, system=system, unit=_unit(each.measure), target=target)
    figures += _differences(scores, subjects)
    return Result(
        "retrieval",
        "The needed sentences among the first passages; questions in learners' words.",
        tuple(figures),
        notes=(
            f"{TUTORIAL}: chunks of 1000 characters, 200 overlapping, of the plain source text; the same embedder.",
            "BM25 and dense alone search our passages with the learner's words as typed.",
            "A chunk or passage holds a sentence only if it holds all of it.",
            "A list is found by the sentence that introduces it, or by all of its items.",
        ),
        failures=_failures(cases, scores[OURS], searched[OURS]),
        subjects=tuple(subjects),
        scores=tuple(scores[OURS]),
    )


def _search(run: Run, cases: Sequence[QuestionCase]) -> dict[str, Found]:
    questions = [case.question for case in cases]
    library = run.application().retriever.library
    passages = [passage for passage in library.passages if not passage.kind.is_container]
    lexical = LexicalIndex(library, passages)
    model = SentenceTransformerEmbedder(run.settings.embedder)
    dense = model.embed(questions) @ model.embed([passage.text for passage in passages]).T

    def best(scores: "np.typing.NDArray[np.float32]") -> list[str]:
        return [passages[place].text for place in np.argsort(-scores, kind="stable")[:DEEPEST]]

    return {
        OURS: {each: [hit.passage.text for hit in run.ask(each).retrieved[:DEEPEST]] for each in questions},
        TUTORIAL: run.tutorial.search(questions, DEEPEST),
        "BM25 alone": {each: best(lexical.scores(each)) for each in questions},
        "dense alone": {each: best(scores) for each, scores in zip(questions, dense, strict=True)},
    }


def _scores(cases: Sequence[QuestionCase], by_question: Found) -> list[Scores]:
    found = {case.id: by_question[case.question] for case in cases}
    ranks = {case.id: rank(case.evidence, found[case.id]) for case in cases}
    recalls = [
        Scores(f"recall@{depth}", {identifier: float(0 < each <= depth) for identifier, each in ranks.items()})
        for depth in DEPTHS
    ]
    lengths = {identifier: float(sum(map(len, texts[:FIRST]))) for identifier, texts in found.items()}
    return [
        *recalls,
        Scores(f"MRR@{DEEPEST}", {case.id: reciprocal_rank(case.evidence, found[case.id]) for case in cases}),
        Scores(f"nDCG@{DEEPEST}", {case.id: ndcg(case.evidence, found[case.id]) for case in cases}),
        Scores(LENGTH, lengths, higher_is_better=None),
    ]


def _unit(measure: str) -> str:
    if measure == LENGTH:
        return "characters"
    return "%" if measure.startswith("recall") else ""


def _differences(scores: Mapping[str, Sequence[Scores]], subjects: Sequence[Subject]) -> list[Figure]:
    """Ours minus the tutorial's, question by question."""
    system = f"{OURS} − {TUTORIAL}"
    figures: list[Figure] = []
    for ours, theirs in zip(scores[OURS], scores[TUTORIAL], strict=True):
        if ours.measure in (RECALL, LENGTH):
            values = {identifier: value - theirs.values[identifier] for identifier, value in ours.values.items()}
            target = Target(0, at_most=True) if ours.measure == LENGTH else None
            figures += figures_of(
                Scores(ours.measure, values), subjects, system=system, unit=_unit(ours.measure), target=target
            )
    return figures


def _failures(cases: Sequence[QuestionCase], scores: Sequence[Scores], found: Found) -> tuple[Failure, ...]:
    recall = next(each for each in scores if each.measure == RECALL)
    return tuple(
        Failure(
            case.id, case.question, f"not among the first {FIRST}: {case.evidence[0][0]}",
            "\n\n".join(found[case.question][:FIRST]),
        )
        for case in cases
        if case.split == "tune" and not recall.values[case.id]
    )  # fmt: skip
