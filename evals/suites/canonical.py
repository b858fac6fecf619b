"""Are approved answers given to their questions' paraphrases, and to no question that only looks like one?"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np

from cpom_tutor.answers import Conversation, Intent, Turn
from cpom_tutor.config import Settings
from cpom_tutor.library import Library
from cpom_tutor.protocols import GroundingChecker
from cpom_tutor.records import SqlRecords, open_records
from cpom_tutor.retrieval.embedder import SentenceTransformerEmbedder
from cpom_tutor.reviewing.canonical import ApprovedAnswers
from cpom_tutor.reviewing.correcting import compose, pickable
from cpom_tutor.reviews import CanonicalAnswer
from evals import statistics
from evals.approved_cases import ApprovedCase, load_approved
from evals.cases import load_unanswerable
from evals.report import SPLITS, Failure, Figure, Result, Target
from evals.runs import Run

PARAPHRASE, FOREIGN = "paraphrase", "not_in_course"
ANSWERED, ANOTHERS, FALSE = "paraphrases answered", "paraphrases given another's answer", "false matches"
COSINE = "cosine at its best threshold"
STRICT = "cosine where 1 % are false"
AT_MOST = 0.01


@dataclass(frozen=True, slots=True)
class Outcome:
    """A question that was asked, and which approved answer it got.

    Attributes:
        split: of the case.
        cluster: the approved question that it belongs to, or the case itself.
        kind: PARAPHRASE, a kind of near-duplicate, or FOREIGN.
        question: as it was asked.
        wanted: id of the approved answer that is right; empty where none is.
        given: id of the one that was given; empty where none was.
        nearest: id of the approved question with the highest cosine.
        cosine: that cosine.
    """

    split: str
    cluster: str
    kind: str
    question: str
    wanted: str
    given: str
    nearest: str
    cosine: float


def measure(run: Run) -> Result:
    """Every question against all approved answers at once, as in use."""
    cases = load_approved()
    application = run.application()
    library, checker = application.retriever.library, application.tutor.checker
    embedder = SentenceTransformerEmbedder(run.settings.embedder)
    with TemporaryDirectory() as folder:
        records = _approved(Path(folder), cases, library, checker)
        answers = ApprovedAnswers(lambda: records, application.tutor.understander, lambda: library, embedder)
        outcomes, seconds = _ask(run, cases, answers, embedder)
        records.close()
    figures = [figure for split in SPLITS for figure in _figures(outcomes, split)]
    figures += [
        _share(f"{FALSE}, {kind}", [each for each in outcomes if each.kind == kind], _is_false)
        for kind in sorted({each.kind for each in outcomes} - {PARAPHRASE})
    ]
    for share, name in ((0.5, "p50"), (0.95, "p95")):
        took = 1000 * float(np.quantile(seconds, share))
        figures.append(Figure(f"a look-up among {len(cases)}, {name}", took, len(seconds), unit="ms"))
    return Result(
        "canonical",
        f"{len(cases)} approved answers, the same questions in other words, and questions that only look like them.",
        tuple(figures),
        notes=(
            "The baselines take the approved question of the highest cosine. Their thresholds are the best for these "
            "very questions, which flatters them: one that gets most right (paraphrases and near-duplicates of equal "
            "weight), and one that lets 1 % of the near-duplicates through.",
            "Questions, paraphrases and near-duplicates were written by one hand, before the matcher; its list of "
            "general words was written by the same hand.",
            "An interval draws approved questions, with all that belongs to them.",
        ),
        failures=tuple(_failures(outcomes)),
    )


def _approved(folder: Path, cases: Sequence[ApprovedCase], library: Library, checker: GroundingChecker) -> SqlRecords:
    """A database with an approved answer a case, composed of its evidence as a reviewer would."""
    records = open_records(Settings(folder))
    learner = records.add_learner()
    conversation, now = records.start_conversation(learner), datetime.now(UTC)
    picks = {pick.citations[-1].quote: pick for passage in library.passages for pick in pickable(passage)}
    for case in cases:
        said = Turn(case.question, case.question, Intent.ASK, Conversation("?"), (), "none", "none", now, 0.0)
        turn_id = records.add_turn(learner, conversation, said)
        reply = compose(case.question, [picks[excerpt] for excerpt in case.evidence], library, checker)
        records.approve(CanonicalAnswer(case.id, case.question, reply, "Instructor", now, turn_id))
    return records


def _ask(
    run: Run, cases: Sequence[ApprovedCase], answers: ApprovedAnswers, embedder: SentenceTransformerEmbedder
) -> tuple[list[Outcome], list[float]]:
    """Asks everything once; the first look-up, which reads the approved questions, is not timed."""
    asked = [(case.split, case.id, PARAPHRASE, question, case.id) for case in cases for question in case.same]
    asked += [(case.split, case.id, other.kind, other.question, "") for case in cases for other in case.other]
    asked += [(case.split, case.id, FOREIGN, case.question, "") for case in load_unanswerable()]
    understand = run.application().tutor.understander.understand
    whole = [understand(question, ()).resolved for _, _, _, question, _ in asked]
    cosines = embedder.embed(whole) @ embedder.embed([case.question for case in cases]).T
    answers.answer_to(whole[0])
    outcomes, seconds = [], []
    for (split, cluster, kind, question, wanted), resolved, row in zip(asked, whole, cosines, strict=True):
        started = perf_counter()
        found = answers.answer_to(resolved)
        seconds.append(perf_counter() - started)
        best = int(row.argmax())
        outcomes.append(
            Outcome(split, cluster, kind, question, wanted, found.id if found else "", cases[best].id, float(row[best]))
        )
    return outcomes, seconds


def _figures(outcomes: Sequence[Outcome], split: str) -> list[Figure]:
    near = [each for each in outcomes if each.kind != FOREIGN]
    best, strict = _best_threshold(near), _strict_threshold(near)
    chosen = [each for each in near if split in ("all", each.split)]
    same = [each for each in chosen if each.kind == PARAPHRASE]
    other = [each for each in chosen if each.kind != PARAPHRASE]
    foreign = [each for each in outcomes if each.kind == FOREIGN and split in ("all", each.split)]
    limit = Target(AT_MOST, at_most=True)
    figures = [
        _share(ANSWERED, same, _is_right, split),
        _share(ANOTHERS, same, _is_false, split, limit),
        _share(f"{FALSE}, near-duplicates", other, _is_false, split, limit),
        _share(f"{FALSE}, questions not in the course", foreign, _is_false, split, limit),
    ]
    for system, least in ((COSINE, best), (STRICT, strict)):
        for measure, group in ((ANSWERED, same), (f"{FALSE}, near-duplicates", other)):
            values = [float(each.cosine >= least and each.nearest == (each.wanted or each.nearest)) for each in group]
            estimate = statistics.mean(values, [each.cluster for each in group])
            figures.append(Figure.of(measure, estimate, system=system, split=split, unit="%"))
    return figures


def _share(
    measure: str, outcomes: Sequence[Outcome], holds: Callable[[Outcome], bool], split: str = "all",
    target: Target | None = None,
) -> Figure:  # fmt: skip
    values = [float(holds(each)) for each in outcomes]
    estimate = statistics.mean(values, [each.cluster for each in outcomes])
    return Figure.of(measure, estimate, split=split, unit="%", target=target)


def _is_right(each: Outcome) -> bool:
    return each.given == each.wanted


def _is_false(each: Outcome) -> bool:
    return each.given not in ("", each.wanted)


def _best_threshold(outcomes: Sequence[Outcome]) -> float:
    """The cosine from which on to answer, where paraphrases and near-duplicates (equal weight) come out best."""
    right = np.array([each.cosine for each in outcomes if each.wanted and each.nearest == each.wanted])
    wrong = np.array([each.cosine for each in outcomes if not each.wanted])
    paraphrases = sum(bool(each.wanted) for each in outcomes)
    return float(
        max(
            [*np.unique(right), 2.0],
            key=lambda least: float((right >= least).sum() / paraphrases + (wrong < least).mean()),
        )
    )


def _strict_threshold(outcomes: Sequence[Outcome]) -> float:
    """The lowest cosine that at most AT_MOST of the near-duplicates reach."""
    wrong = np.sort([each.cosine for each in outcomes if not each.wanted])
    return float(np.nextafter(wrong[-1 - int(AT_MOST * len(wrong))], 2.0))


def _failures(outcomes: Sequence[Outcome]) -> list[Failure]:
    wrong = [each for each in outcomes if each.split == "tune" and not _is_right(each)]
    return [
        Failure(each.cluster, each.question, f"{each.kind}, got {each.given or 'none'}, needed {each.wanted or 'none'}")
        for each in sorted(wrong, key=lambda each: not _is_false(each))
    ]
