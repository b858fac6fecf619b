"""How long from question to complete reply?"""

import time

from evals import statistics
from evals.bank import single_questions
from evals.report import Figure, Result, Target
from evals.runs import Run

QUESTIONS = 200
P50, P95 = 60.0, 250.0  # milliseconds


def measure(run: Run) -> Result:
    """p50 and p95 of `Tutor.ask` over questions that this tutor has never seen, one after the other."""
    tutor = run.application().tutor
    tutor.ask("What is this course about?")  # builds what understanding keeps
    taken = []
    for question in single_questions(tutor.retriever.library, QUESTIONS):
        began = time.perf_counter()
        tutor.ask(question)
        taken.append((time.perf_counter() - began) * 1000)
    return Result(
        "latency",
        f"End-to-end time of {len(taken)} different questions, warm, one after the other.",
        (
            Figure.of("p50", statistics.quantile(taken, 0.5), unit="ms", target=Target(P50, at_most=True)),
            Figure.of("p95", statistics.quantile(taken, 0.95), unit="ms", target=Target(P95, at_most=True)),
            Figure("slowest", max(taken), len(taken), unit="ms"),
        ),
    )
