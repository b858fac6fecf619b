"""Does a passage answer, or is it only about the same thing? On CLAPNQ, questions that people typed."""

from cpom_tutor.grounding.answer_features import features
from cpom_tutor.grounding.answerability import Against, weights
from cpom_tutor.language import coverage
from cpom_tutor.retrieval.embedder import SentenceTransformerEmbedder
from evals.public import Item, auroc, clapnq, embedded, seen_in_training
from evals.report import OURS, Figure, Result, Target
from evals.runs import Run
from evals.train_answerability import out_of_fold

TITLE = "CLAPNQ: does the passage answer the question, or is it only about the same thing?"
NEEDED = Target(0.92)
SKIPPED = "skipped: not found (CLAPNQ, in the folder that CPOM_TUTOR_BENCHMARKS names, else ../shared/benchmarks)"


def measure(run: Run) -> Result:
    """AUROC of the answerability scorer beside cosine and word overlap."""
    items = clapnq(run.settings.benchmarks)
    if not items:
        return Result("clapnq", TITLE, (), notes=(SKIPPED,))
    answers, articles = [item.answers for item in items], [item.article for item in items]
    found = embedded(items, SentenceTransformerEmbedder(run.settings.embedder))
    rows = [features(item.question, each) for item, each in zip(items, found, strict=True)]
    unheaded = [features(item.question, each.without_heading()) for item, each in zip(items, found, strict=True)]
    seen = seen_in_training(items, Against.RELATED.value)
    ours, other = weights(Against.RELATED), weights(Against.ALTERED)
    scored = {
        OURS: out_of_fold(rows, answers, articles) if seen else [ours.probability(row) for row in rows],
        "without headings": out_of_fold(unheaded, answers, articles),
        "weights learnt on SQuAD 2.0": [other.probability(row) for row in rows],
        "cosine of the passage": [row["cosine of the passage"] for row in rows],
        "cosine of the closest sentence": [row["cosine of the closest sentence"] for row in rows],
        "word overlap": [_overlap(item) for item in items],
    }
    if not seen:
        scored["weights learnt on both"] = [weights(Against.BOTH).probability(row) for row in rows]
    figures = [
        Figure.of("AUROC", auroc(scores, answers, articles), system=system, target=NEEDED if system == OURS else None)
        for system, scores in scored.items()
    ]
    how = "by weights refitted without the passage's article" if seen else "by the weights that come with the package"
    return Result(
        "clapnq", TITLE, tuple(figures),
        notes=(
            f"Each case is scored {how}; without headings always refitted. Intervals by bootstrap over articles.",
            "all-MiniLM-L6-v2 saw Natural Questions in its training, whose questions these are: it flatters all "
            "systems here but the word overlap.",
        ),
    )  # fmt: skip


def _overlap(item: Item) -> float:
    return coverage(item.question, item.passage)
