"""Is a follow-up question made whole as a person would?"""

import time

from evals import statistics
from evals.bleu import counts, estimate
from evals.canard import FILE, FollowUp, follow_ups, with_topic
from evals.public_sets import public_file, skipped
from evals.report import OURS, Failure, Figure, Result, Target
from evals.rewriting.rewriting import rewrite
from evals.runs import Run
from evals.train_rewriter import out_of_fold, prepare

BLEU = 52.0
_WORST = 40  # rewrites listed with --failures


def measure(run: Run) -> Result:
    """BLEU against the person's rewrite, weights fitted on other articles; beside it, the question as it is and with
    the article's title for its pronouns."""
    title = "CANARD, development set: follow-up questions rewritten, corpus BLEU (lower case, 13a) against a person's."
    path = public_file(run.settings, FILE)
    if path is None:
        return skipped("canard", title, FILE)
    cases = follow_ups(path)
    taken, shipped = [], []
    for case in cases:
        began = time.thread_time()
        shipped.append(rewrite(case.question, case.history))
        taken.append((time.thread_time() - began) * 1000)
    ours = out_of_fold(prepare(cases))
    figures = [
        _figure(cases, ours, OURS, Target(BLEU)),
        _figure(cases, [case.question for case in cases], "as asked"),
        _figure(cases, [with_topic(case) for case in cases], "title for pronouns"),
        _figure(cases, shipped, f"{OURS}, weights as shipped", split="fitted on"),
        Figure.of(
            "p95 of a rewrite, processor time",
            statistics.quantile(taken, 0.95),
            unit="ms",
            target=Target(2.0, at_most=True),
        ),
    ]
    notes = (
        f"Out of fold: the weights that rewrite a question saw no dialogue about its article. Intervals over "
        f"{len({case.dialogue for case in cases})} dialogues. The shipped weights have seen all of these questions.",
        "Published on the test set: a trained sequence-to-sequence model 51.5, people about 60. CANARD: CC BY-SA 4.0.",
    )
    return Result("canard", title, tuple(figures), notes, _worst(cases, ours))


def _figure(
    cases: list[FollowUp], said: list[str], system: str, target: Target | None = None, split: str = "all"
) -> Figure:
    each = [counts(text, case.rewrite) for text, case in zip(said, cases, strict=True)]
    found = estimate(each, [case.dialogue for case in cases])
    return Figure.of("BLEU", found, system=system, split=split, target=target)


def _worst(cases: list[FollowUp], said: list[str]) -> tuple[Failure, ...]:
    """Rewrites with the fewest two-word runs of the person's."""
    shares = []
    for text, case in zip(said, cases, strict=True):
        found = counts(text, case.rewrite)
        shares.append((found[1] / max(found[5], 1), case, text))
    shares.sort(key=lambda share: share[0])
    return tuple(
        Failure(f"{case.dialogue}#{len(case.history) // 2}", case.question, f"{text}  |  {case.rewrite}")
        for _, case, text in shares[:_WORST]
    )
