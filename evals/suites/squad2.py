"""Can it tell that a question was altered until its paragraph no longer answers? On SQuAD 2.0."""

from collections.abc import Sequence

from cpom_tutor.grounding.answerability import Against, weights
from cpom_tutor.language import coverage
from cpom_tutor.retrieval.embedder import SentenceTransformerEmbedder
from evals import statistics
from evals.public import aurc, auroc, described, seen_in_training, squad2
from evals.report import OURS, Figure, Result, Target
from evals.runs import Run
from evals.train_answerability import out_of_fold

TITLE = "SQuAD 2.0: does the paragraph answer the question, or was the question altered until it does not?"
NEEDED = Target(0.65)
SKIPPED = "skipped: not found (SQuAD 2.0, in the folder that CPOM_TUTOR_BENCHMARKS names, else ../shared/benchmarks)"
MAJORITY = "always the commoner one"


def measure(run: Run) -> Result:
    """Accuracy, AUROC and risk-coverage of the answerability scorer beside cosine, overlap and the majority."""
    items = squad2(run.settings.benchmarks)
    if not items:
        return Result("squad2", TITLE, (), notes=(SKIPPED,))
    answers, articles = [item.answers for item in items], [item.article for item in items]
    rows = described(items, SentenceTransformerEmbedder(run.settings.embedder))
    seen = seen_in_training(items, Against.ALTERED.value)
    ours = weights(Against.ALTERED)
    cosine = [{"cosine": row["cosine of the closest sentence"]} for row in rows]
    overlap = [{"overlap": coverage(item.question, item.passage)} for item in items]
    scored = {
        OURS: out_of_fold(rows, answers, articles) if seen else [ours.probability(row) for row in rows],
        "cosine of the closest sentence": out_of_fold(cosine, answers, articles),
        "word overlap": out_of_fold(overlap, answers, articles),
        MAJORITY: [float(2 * sum(answers) > len(answers))] * len(answers),
    }
    if not seen:
        scored["weights learnt on both"] = [weights(Against.BOTH).probability(row) for row in rows]
    figures = []
    for system, scores in scored.items():
        figures += _figures(system, scores, answers, articles)
    how = "by weights refitted without its article" if seen else "by the weights that come with the package"
    return Result(
        "squad2", TITLE, tuple(figures),
        notes=(
            f"Each case is scored {how}; the two simple systems are a threshold, fitted without the case's article. "
            "Intervals by bootstrap over articles.",
            "AURC: area under the risk-coverage curve, the mean share of wrong decisions among the surest k, over all "
            "k; lower is better.",
            "all-MiniLM-L6-v2 saw SQuAD 2.0's train split, not these articles.",
        ),
    )  # fmt: skip


def _figures(system: str, scores: Sequence[float], answers: Sequence[bool], articles: Sequence[str]) -> list[Figure]:
    right = [(score >= 0.5) == answer for score, answer in zip(scores, answers, strict=True)]
    accuracy = statistics.mean([float(each) for each in right], articles)
    figures = [
        Figure.of(
            "answer or none, accuracy", accuracy, system=system, unit="%", target=NEEDED if system == OURS else None
        )
    ]
    if system != MAJORITY:
        figures.append(Figure.of("AUROC", auroc(scores, answers, articles), system=system))
    risk = aurc([abs(score - 0.5) for score in scores], [not each for each in right])
    return [*figures, Figure("AURC", risk, len(scores), system)]
