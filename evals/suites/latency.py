"""How long from question to complete reply?"""

from evals import statistics
from evals.bank import single_questions
from evals.report import Figure, Result, Target
from evals.runs import Run

QUESTIONS = 200
P50, P95 = 60.0, 250.0  # milliseconds


def measure(run: Run) -> Result:
    """p50 and p95 of `Tutor.ask` over different questions, each asked for the first time, one after the other."""
    library = run.application().retriever.library
    taken = [run.ask(question).elapsed_ms for question in single_questions(library, QUESTIONS)]
    return Result(
        "latency",
        f"End-to-end time of {len(taken)} different questions, warm, one after the other.",
        (
            Figure.of("p50", statistics.quantile(taken, 0.5), unit="ms", target=Target(P50, at_most=True)),
            Figure.of("p95", statistics.quantile(taken, 0.95), unit="ms", target=Target(P95, at_most=True)),
            Figure("slowest", max(taken), len(taken), unit="ms"),
        ),
    )
