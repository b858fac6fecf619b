"""Is what the course does not answer declined, and what it answers not?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cpom_tutor.answers import Abstention, Answer, Conversation, Reason, Turn, to_markdown
from evals import statistics
from evals.cases import QuestionCase, UnanswerableCase, load_questions, load_unanswerable
from evals.measures import aurc, auroc, risks
from evals.report import SPLITS, Curve, Failure, Figure, Result, Target, figures_by_kind, figures_of
from evals.runs import Run
from evals.scores import Scores, Subject, subject
from evals.shown import declined, evidence_recall, shown_by

ALWAYS = "always declines"
NEVER = "never declines, as any retriever"
RECALL, FALSE = "recall of declining", "false refusals"
LEAST_RECALL, MOST_FALSE = 0.90, 0.05


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question and what became of it.

    Attributes:
        subject: the case.
        question: as it was asked.
        reasons: right reasons to decline; empty where it must be answered.
        turn: what was said.
        confidence: that the course answers; 0 where a rule decided, and nothing was weighed.
        cited: the sentences needed are among those cited.
    """

    subject: Subject
    question: str
    reasons: tuple[str, ...]
    turn: Turn
    confidence: float
    cited: bool = False

    @property
    def should(self) -> bool:
        """It must be declined."""
        return bool(self.reasons)

    @property
    def declined(self) -> bool:
        """It got no answer."""
        return declined(self.turn)

    @property
    def weighed(self) -> bool:
        """Whether it is answered depends on the confidence: no rule has declined it, nor the gate."""
        return isinstance(self.turn.reply, Answer) or _reason(self.turn) == Reason.NOT_IN_COURSE


def measure(run: Run) -> Result:
    """Recall and precision of declining, false refusals, and how well the confidence tells the two apart."""
    outcomes = ask_all(run)
    subjects = [each.subject for each in outcomes]
    should = [each for each in outcomes if each.should]
    scores = [
        Scores(RECALL, {each.subject.id: float(each.declined) for each in should}),
        Scores("precision of declining", {each.subject.id: float(each.should) for each in outcomes if each.declined}),
        Scores(FALSE, {each.subject.id: float(each.declined) for each in outcomes if not each.should}, False),
        Scores("right reason given", {each.subject.id: float(_reason(each.turn) in each.reasons) for each in should}),
    ]
    targets = {RECALL: Target(LEAST_RECALL), FALSE: Target(MOST_FALSE, at_most=True)}
    figures: list[Figure] = []
    for each in scores:
        figures += figures_of(each, subjects, target=targets.get(each.measure))
    figures += _trivial(outcomes)
    figures += figures_by_kind(scores[0], subjects)
    for split in SPLITS:
        figures += _confidence(outcomes, split)
    return Result(
        "refusals",
        "Declining near misses, clinical questions, other topics and instructions; answering what the course answers.",
        tuple(figures),
        notes=(
            "The answerable questions are those of the suite answers.",
            "Confidence: the tutor's own, or the best passage's score where it has none; 0 where a rule declined.",
            "AUROC: of answerable against unanswerable questions. AURC: mean risk over all coverages (Geifman et al., "
            "2019); the risk is to answer what the course does not, or (strict) to answer without the sentences "
            "needed, among the answers given.",
        ),
        failures=tuple(_failure(each) for each in outcomes if each.subject.split == "tune" and _wrong(each)),
        subjects=tuple(subjects),
        scores=tuple(scores),
        curves=_curves(outcomes),
    )


def ask_all(run: Run) -> list[Outcome]:
    """Every question that is to be answered, then every one that is not."""
    library = run.application().retriever.library
    every: list[QuestionCase | UnanswerableCase] = [*load_questions(), *load_unanswerable()]
    turns = [run.ask(case.question) for case in every]
    outcomes = []
    for case, turn, confidence in zip(every, turns, confidences(turns), strict=True):
        evidence = case.evidence if isinstance(case, QuestionCase) else ()
        reasons = case.reasons if isinstance(case, UnanswerableCase) else ()
        cited = evidence_recall(evidence, shown_by(turn, library)) > 0
        about = subject(case.id, case.split, case.kind, evidence, library)
        outcomes.append(Outcome(about, case.question, reasons, turn, confidence, cited))
    return outcomes


def confidences(turns: Sequence[Turn]) -> list[float]:
    """How sure the tutor was that the course answers, by its own word; else the score of the best passage."""
    own = [getattr(turn, "confidence", None) for turn in turns]
    if any(each is not None for each in own):
        return [0.0 if each is None or _by_rule(turn) else float(each) for each, turn in zip(own, turns, strict=True)]
    return [0.0 if _by_rule(turn) or not turn.retrieved else turn.retrieved[0].score for turn in turns]


def _by_rule(turn: Turn) -> bool:
    """Nothing was weighed: small talk, or a question that must be declined whatever the course says."""
    if isinstance(turn.reply, Abstention):
        return turn.reply.reason not in (Reason.NOT_IN_COURSE, Reason.UNVERIFIED)
    return isinstance(turn.reply, Conversation)


def _trivial(outcomes: Sequence[Outcome]) -> list[Figure]:
    should = sum(each.should for each in outcomes)
    return [
        Figure(RECALL, 1.0, should, ALWAYS, unit="%"),
        Figure("precision of declining", should / len(outcomes), len(outcomes), ALWAYS, unit="%"),
        Figure(FALSE, 1.0, len(outcomes) - should, ALWAYS, unit="%"),
        Figure(RECALL, 0.0, should, NEVER, unit="%"),
        Figure(FALSE, 0.0, len(outcomes) - should, NEVER, unit="%"),
    ]


def _confidence(outcomes: Sequence[Outcome], split: str) -> list[Figure]:
    chosen = [each for each in outcomes if split in ("all", each.subject.split)]
    sure, should = [each.confidence for each in chosen], [each.should for each in chosen]
    clusters = [each.subject.cluster for each in chosen]
    figures = [
        Figure.of(
            "AUROC of the confidence",
            statistics.of_draws(lambda drawn: auroc(sure, [not each for each in should], drawn), clusters), split=split,
        ),
        Figure("AUROC of the confidence", 0.5, len(chosen), "confidence says nothing", split),
        Figure.of("AURC", statistics.of_draws(lambda drawn: aurc(sure, should, drawn), clusters), split=split),
        Figure("AURC", sum(should) / len(should), len(chosen), "confidence says nothing", split),
    ]  # fmt: skip
    told = [each for each in chosen if isinstance(each.turn.reply, Answer)]
    if told:
        sure, wrong = [each.confidence for each in told], [not each.cited for each in told]
        clusters = [each.subject.cluster for each in told]
        strict = statistics.of_draws(lambda drawn: aurc(sure, wrong, drawn), clusters)
        figures += [
            Figure.of("AURC, strict", strict, split=split),
            Figure("AURC, strict", sum(wrong) / len(wrong), len(told), "confidence says nothing", split),
        ]
    return figures


def _curves(outcomes: Sequence[Outcome]) -> tuple[Curve, ...]:
    told = [each for each in outcomes if isinstance(each.turn.reply, Answer)]
    return (
        _curve("Risk of answering what the course does not", outcomes, [each.should for each in outcomes]),
        _curve("Risk of answering without the sentences needed", told, [not each.cited for each in told]),
    )


def _curve(title: str, outcomes: Sequence[Outcome], wrong: Sequence[bool]) -> Curve:
    if not outcomes:
        return Curve(title, "coverage", "risk", ())
    coverage, risk = risks([each.confidence for each in outcomes], wrong, np.ones((1, len(outcomes))))
    points = dict(zip(coverage[0].tolist(), risk[0].tolist(), strict=True))
    return Curve(title, "coverage", "risk", tuple(points.items()))


def _wrong(each: Outcome) -> bool:
    """Answered though it should not be, or declined though it should be answered."""
    return each.declined != each.should


def _reason(turn: Turn) -> str:
    return turn.reply.reason.value if isinstance(turn.reply, Abstention) else ""


def _failure(each: Outcome) -> Failure:
    said = to_markdown(each.turn.reply)
    detail = "should be declined" if each.should else f"was declined ({_reason(each.turn)})"
    return Failure(each.subject.id, each.question, f"{each.subject.kind}, {detail}", said)
