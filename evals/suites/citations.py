"""Is every citation verbatim, where it says, and no fact without one?"""

import json
from collections.abc import Iterator
from typing import Any

from cpom_tutor.interchange import turn_to_json
from evals import statistics, verify_citations
from evals.bank import Conversation, conversations, single_questions
from evals.cases import CORPUS
from evals.report import Failure, Figure, Result, Target
from evals.runs import Run

LEAST_REPLIES = 500
MADE = 120
FILE = "replies.jsonl"
SEALED = "sealed"
"""In place of the id of a reply to a sealed question."""


def measure(run: Run) -> Result:
    """Writes the replies as `ask --jsonl` does, then has them read by a checker that knows only the files."""
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
    """What `cpom-tutor ask --jsonl` would write for every case, and for questions made from the course's names."""
    made = single_questions(run.application().retriever.library, MADE)
    for each in (*conversations(), *(Conversation(f"made-{place}", (asked,)) for place, asked in enumerate(made, 1))):
        for number in range(1, len(each.questions) + 1):
            turn = run.ask(*each.questions[:number])
            record = turn_to_json(turn, id=f"{each.id}.{number}", conversation=each.id)
            yield record | {"id": SEALED, "conversation": SEALED, "resolved_question": None} if each.sealed else record
