"""Are the needed sentences among the first five passages?"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from cpom_tutor.retrieval.embedder import SentenceTransformerEmbedder
from cpom_tutor.retrieval.lexical import LexicalIndex
from cpom_tutor.wiring import Application
from evals import statistics
from evals.cases import CORPUS, QuestionCase, load_questions, passage_of, section_texts
from evals.report import OURS, Failure, Figure, Result, Target
from evals.runs import Run
from evals.tutorial import NAME as TUTORIAL
from evals.tutorial import TutorialPipeline

FIRST = 5
LEAST_RECALL = 0.85

Search = Callable[[str], Sequence[str]]
"""A question -> the texts of the first five passages, best first."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question, asked of one system.

    Attributes:
        rank: how many of the first five are needed until a set of evidence is whole; 0 where five do not do.
        characters: length of the five together.
    """

    rank: int
    characters: int


def measure(run: Run) -> Result:
    """Recall at 5, mean reciprocal rank and length, beside LangChain's tutorial, BM25 and dense search alone."""
    cases = load_questions()
    texts = section_texts()
    clusters = [passage_of(case.evidence[0][0], texts) for case in cases]
    outcomes = {
        name: [outcome(case, search(case.question)) for case in cases]
        for name, search in _systems(run.application(), run.settings.embedder).items()
    }
    figures = []
    for split in ("all", "tune", "sealed"):
        chosen = [place for place, case in enumerate(cases) if split in ("all", case.split)]
        groups = [clusters[place] for place in chosen]
        picked = {system: [found[place] for place in chosen] for system, found in outcomes.items()}
        for system, found in picked.items():
            figures += _figures(split, system, found, groups)
        figures += _differences(split, picked[OURS], picked[TUTORIAL], groups)
    return Result(
        "retrieval",
        f"The needed sentences among the first {FIRST} passages; questions in learners' words.",
        tuple(figures),
        notes=(
            f"{TUTORIAL}: chunks of 1000 characters, 200 overlapping, of the plain source text; MiniLM; k = {FIRST}.",
            "BM25 and dense alone search our passages with the learner's words as typed.",
            "A chunk or passage holds a sentence only if it holds all of it.",
            "A list is found by the sentence that introduces it, or by all of its items.",
        ),
        failures=_failures(cases, outcomes[OURS]),
    )


def outcome(case: QuestionCase, found: Sequence[str]) -> Outcome:
    """How soon the evidence is whole."""
    flat = [_flat(text) for text in found[:FIRST]]
    ranks = [_rank([_flat(excerpt) for excerpt in excerpts], flat) for excerpts in case.evidence]
    return Outcome(min((rank for rank in ranks if rank), default=0), sum(len(text) for text in found[:FIRST]))


def _rank(excerpts: Sequence[str], found: Sequence[str]) -> int:
    """The place, from 1, where the last excerpt of the set is found; 0 where one is missing."""
    places = [next((place for place, text in enumerate(found, 1) if excerpt in text), 0) for excerpt in excerpts]
    return 0 if 0 in places else max(places)


def _flat(text: str) -> str:
    return " ".join(text.split())


def _systems(application: Application, embedder: str) -> dict[str, Search]:
    sources = sorted((CORPUS / "source").glob("*.txt"))
    tutorial = TutorialPipeline(sources, embedder)
    understander, retriever = application.tutor.understander, application.retriever
    passages = [passage for passage in retriever.library.passages if not passage.kind.is_container]
    lexical = LexicalIndex(retriever.library, passages)
    model = SentenceTransformerEmbedder(embedder)
    vectors = model.embed([passage.text for passage in passages])

    def ours(question: str) -> list[str]:
        meant = understander.understand(question, ())
        hits = retriever.search(meant.resolved, FIRST, expansion=meant.expansion)
        return [hit.passage.text for hit in hits]

    def best(scores: "np.typing.NDArray[np.float32]") -> list[str]:
        return [passages[place].text for place in np.argsort(-scores, kind="stable")[:FIRST]]

    return {
        OURS: ours,
        TUTORIAL: lambda question: tutorial.search(question, FIRST),
        "BM25 alone": lambda question: best(lexical.scores(question)),
        "dense alone": lambda question: best(vectors @ model.embed([question])[0]),
    }


def _figures(split: str, system: str, found: Sequence[Outcome], clusters: Sequence[str]) -> list[Figure]:
    # No target for the split that one tunes on: reaching it there says little.
    target = Target(LEAST_RECALL) if system == OURS and split != "tune" else None
    return [
        Figure.of(
            f"recall at {FIRST}", statistics.mean([float(each.rank > 0) for each in found], clusters),
            system=system, split=split, unit="%", target=target,
        ),
        Figure.of(
            f"MRR at {FIRST}", statistics.mean([1 / each.rank if each.rank else 0.0 for each in found], clusters),
            system=system, split=split,
        ),
        Figure.of(
            f"length of the {FIRST}", statistics.mean([float(each.characters) for each in found], clusters),
            system=system, split=split, unit="characters",
        ),
    ]  # fmt: skip


def _differences(
    split: str, ours: Sequence[Outcome], theirs: Sequence[Outcome], clusters: Sequence[str]
) -> list[Figure]:
    """Ours minus the tutorial's, question by question."""
    pairs = list(zip(ours, theirs, strict=True))
    recall = statistics.mean([float(one.rank > 0) - float(other.rank > 0) for one, other in pairs], clusters)
    length = statistics.mean([float(one.characters - other.characters) for one, other in pairs], clusters)
    system = f"{OURS} − {TUTORIAL}"
    return [
        Figure.of(f"recall at {FIRST}", recall, system=system, split=split, unit="%"),
        Figure.of(
            f"length of the {FIRST}", length,
            system=system, split=split, unit="characters", target=Target(0, at_most=True),
        ),
    ]  # fmt: skip


def _failures(cases: Sequence[QuestionCase], found: Sequence[Outcome]) -> tuple[Failure, ...]:
    return tuple(
        Failure(case.id, case.question, f"not among the first {FIRST}: {case.evidence[0][0]}")
        for case, each in zip(cases, found, strict=True)
        if case.split == "tune" and not each.rank
    )
