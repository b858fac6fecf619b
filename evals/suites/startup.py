"""How long from `make run` until the page answers, and until the first question is answered?"""

import subprocess
import sys
import time

from evals import statistics
from evals.cases import CORPUS
from evals.report import Failure, Figure, Result, Target
from evals.runs import Run
from evals.served import Browser, NotServed, data_folder, environment_of, served

TIMES = 3
PAGE_SECONDS = 10.0


def measure(run: Run) -> Result:
    """What `make run` does when everything is installed and ingested: ingest again, then chat."""
    pages, answers, errors = [], [], []
    with data_folder(run.settings) as settings:
        ingest = [sys.executable, "-m", "ingest", "--corpus", str(CORPUS), "--quiet-when-unchanged"]
        root = CORPUS.parent

        def bring_in_line() -> None:
            done = subprocess.run(
                ingest, cwd=root, env=environment_of(settings), capture_output=True, text=True, check=False
            )
            if done.returncode:
                raise NotServed(f"The corpus was not ingested: {done.stderr.strip()}; try by hand: python -m ingest")

        bring_in_line()
        for _ in range(TIMES):
            began = time.perf_counter()
            bring_in_line()
            with served(settings) as url:
                pages.append(time.perf_counter() - began)
                try:
                    Browser(url).ask("What is a CSC?")
                except NotServed as error:
                    errors.append(Failure("", "", str(error)))
                answers.append(time.perf_counter() - began)
    return Result(
        "startup",
        "From the command until the page answers: unchanged corpus, everything installed (make run, the second time).",
        (
            Figure("page, slowest", max(pages), TIMES, unit="s", target=Target(PAGE_SECONDS, at_most=True)),
            Figure("page, median", statistics.quantile(pages, 0.5).value, TIMES, unit="s"),
            Figure("first answer, median", statistics.quantile(answers, 0.5).value, TIMES, unit="s"),
            Figure("errors at the first question", len(errors), TIMES, target=Target(0, at_most=True)),
        ),
        failures=tuple(errors),
    )
