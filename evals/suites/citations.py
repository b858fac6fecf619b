"""Is every citation verbatim, where it says, and no fact without one?"""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from evals import statistics, verify_citations
from evals.bank import conversations
from evals.cases import CORPUS
from evals.report import Failure, Figure, Result, Target
from evals.runs import Run
from evals.served import NotServed, environment_of

LEAST_REPLIES = 500
FILE = "replies.jsonl"
SEALED = "sealed"
"""In place of the id of a reply to a sealed question."""


def measure(run: Run) -> Result:
    """Writes the replies of `ask --jsonl`, one a line, then has them read by a checker that knows only the files."""
    path = run.folder / FILE
    with path.open("w", encoding="utf-8") as file:
        for record in _replies(run):
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
    tally = verify_citations.verify(verify_citations.read_replies(path), verify_citations.read_blocks(CORPUS))
    right = [1.0] * tally.right + [0.0] * (tally.citations - tally.right)
    cited = [1.0] * (tally.facts - tally.uncited) + [0.0] * tally.uncited
    figures = [Figure("replies", tally.replies, tally.replies, target=Target(LEAST_REPLIES))]
    if tally.citations and tally.facts:
        figures += [
            Figure("answers", tally.answers, tally.replies),
            Figure.of("citations that are verbatim and in place", statistics.mean(right), unit="%", target=Target(1.0)),
            Figure.of("fact claims with a citation", statistics.mean(cited), unit="%", target=Target(1.0)),
        ]
    else:
        figures.append(Figure("answers", 0, tally.replies, target=Target(1)))
    return Result(
        "citations",
        "Every citation of many replies against the course's files, by a script that imports nothing of the tutor.",
        tuple(figures),
        notes=(f"Again by hand: python evals/verify_citations.py {FILE} corpus/",),
        failures=tuple(
            Failure(defect.split(":", 1)[0], "", defect)
            for defect in tally.defects
            if not defect.startswith(f"{SEALED}:")
        ),
        files=(str(path),),
    )


def _replies(run: Run) -> Iterator[dict[str, Any]]:
    """What `cpom-tutor ask --jsonl` answers to the whole bank."""
    asked = list(conversations(run.application().retriever.library))
    lines = [
        json.dumps({"id": f"{each.id}.{number}", "conversation": each.id, "question": question})
        for each in asked
        for number, question in enumerate(each.questions, 1)
    ]
    command = [sys.executable, "-m", "cpom_tutor", "ask", "--jsonl"]
    done = subprocess.run(
        command, input="\n".join(lines), env=environment_of(run.settings),
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    if done.returncode:
        raise NotServed(f"The replies were not written: {done.stderr.strip()}")
    sealed = {each.id for each in asked if each.sealed}
    for line in done.stdout.splitlines():
        record = json.loads(line)
        if record.get("conversation") in sealed:
            record |= {"id": SEALED, "resolved_question": None}
        yield record
