"""A class of fifty at work for five minutes, each signed in: does anything fail, get lost, or get mixed up?

CPOM_TUTOR_LOAD_SECONDS=30 makes it shorter.
"""

import os
from dataclasses import replace

from evals import statistics
from evals.bank import single_questions
from evals.load import enrol, faults, study
from evals.report import Failure, Figure, Result, Target
from evals.runs import Run
from evals.served import data_folder

PEOPLE = 50
SECONDS = 300.0
PAUSE = 15.0
"""How long one reads an answer before asking again, on average."""
P95 = 4.0  # seconds
SECONDS_VARIABLE = "CPOM_TUTOR_LOAD_SECONDS"


def measure(run: Run) -> Result:
    """Everybody asks their first question in the same moment, and the next after reading the answer."""
    seconds = float(os.environ.get(SECONDS_VARIABLE, SECONDS))
    questions = single_questions(run.application().retriever.library, 20 * PEOPLE)
    with data_folder(run.settings) as own:
        # The index is the real one; only the records are apart.
        settings = replace(run.settings, database_url=own.records_url)
        learners = enrol(settings, questions, PEOPLE)
        memory = study(settings, learners, seconds, PAUSE)
        wrong = faults(settings, learners)
    errors = [error for learner in learners for error in learner.errors]
    taken = [took for learner in learners for took in learner.taken]
    first, later = [each.taken[0] for each in learners], [took for each in learners for took in each.taken[1:]]
    none = Target(0, at_most=True)
    return Result(
        "load",
        f"{PEOPLE} learners with accounts for {seconds:g} s, each reading an answer for {PAUSE:g} s on average; "
        f"{len(taken)} questions over HTTP, in the real app.",
        (
            Figure("errors", len(errors), len(taken), target=none),
            Figure(
                "answers lost, out of order, in other words or somebody else’s", len(wrong), len(taken), target=none
            ),
            Figure.of("p50", statistics.quantile(taken, 0.5), unit="s"),
            Figure.of("p95", statistics.quantile(taken, 0.95), unit="s"),
            Figure.of("first question, all at once, p95", statistics.quantile(first, 0.95), unit="s"),
            Figure.of(
                "later questions, p95", statistics.quantile(later, 0.95), unit="s", target=Target(P95, at_most=True)
            ),
            Figure("slowest", max(taken), len(taken), unit="s"),
            *([Figure("GB of memory, at most", memory, 1)] if memory else []),
        ),
        notes=(
            "Each answer that a learner saw is looked for in that learner’s records, in order, sentence by sentence.",
        ),
        failures=tuple(Failure("", "", each) for each in (*errors, *wrong)),
    )
