"""Twenty people at once: does everybody get an answer soon, and their own?"""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from cpom_tutor.config import Settings
from cpom_tutor.errors import TutorError
from cpom_tutor.records import open_records
from evals import statistics
from evals.bank import single_questions
from evals.report import Failure, Figure, Result, Target
from evals.runs import Run
from evals.served import Browser, data_folder, served

PEOPLE = 20
QUESTIONS = 5  # each
P95 = 4.0  # seconds


def measure(run: Run) -> Result:
    """Everybody asks their first question in the same moment, and the next as soon as the last is answered."""
    library = run.application().retriever.library
    questions = single_questions(library, PEOPLE * QUESTIONS)
    plans = [questions[person::PEOPLE] for person in range(PEOPLE)]
    with data_folder(run.settings) as own:
        # The index is the real one; only the records are apart.
        settings = replace(run.settings, database_url=own.records_url)
        with served(settings) as url:
            Browser(url).ask("What is this course about?")  # the search is warm, as it is in a class
            learners, taken, errors = _crowd(url, plans)
        mixed = [who for who, plan in zip(learners, plans, strict=True) if not _kept(settings, who, plan)]
    figures = [
        Figure("errors", len(errors), PEOPLE * QUESTIONS, target=Target(0, at_most=True)),
        Figure("conversations that are not exactly their own", len(mixed), PEOPLE, target=Target(0, at_most=True)),
    ]
    if taken:
        figures += [
            Figure.of("p50", statistics.quantile(taken, 0.5), unit="s"),
            Figure.of("p95", statistics.quantile(taken, 0.95), unit="s", target=Target(P95, at_most=True)),
            Figure("slowest", max(taken), len(taken), unit="s"),
        ]
    return Result(
        "crowd",
        f"{PEOPLE} people ask at once, {QUESTIONS} questions each, over HTTP, in the real app.",
        tuple(figures),
        notes=("A conversation is its own when the records hold exactly its learner's questions, in order.",),
        failures=tuple(Failure("", "", error) for error in errors),
    )


def _crowd(url: str, plans: list[list[str]]) -> tuple[list[str], list[float], list[str]]:
    """Learner ids, seconds of each question, and errors."""
    browsers = [Browser(url) for _ in plans]
    together = threading.Barrier(len(plans))
    taken: list[float] = []
    errors: list[str] = []

    def person(browser: Browser, plan: list[str]) -> None:
        together.wait()
        for question in plan:
            began = time.perf_counter()
            try:
                browser.ask(question)
            except TutorError as error:
                errors.append(str(error))
            taken.append(time.perf_counter() - began)

    with ThreadPoolExecutor(len(plans)) as pool:
        for done in [pool.submit(person, browser, plan) for browser, plan in zip(browsers, plans, strict=True)]:
            done.result()
    return [browser.learner for browser in browsers], taken, errors


def _kept(settings: Settings, learner: str, plan: list[str]) -> bool:
    """Whether the learner has one conversation with exactly these questions, in order."""
    records = open_records(settings)
    try:
        found = [records.turns(learner, summary.id) for summary in records.conversations(learner)]
    finally:
        records.close()
    return [[turn.question for turn in turns] for turns in found] == [plan]
