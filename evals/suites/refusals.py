"""Is what the course does not answer declined, and what it answers not?"""

from collections.abc import Sequence
from dataclasses import dataclass

from cpom_tutor.answers import Abstention, Answer, Turn, to_markdown
from cpom_tutor.course import Library
from cpom_tutor.tutor import Tutor
from evals import statistics
from evals.cases import UNANSWERABLE, QuestionCase, load_questions, load_unanswerable, passage_of, section_texts
from evals.report import Failure, Figure, Result
from evals.runs import Run
from evals.suites.retrieval import outcome

ALWAYS = "always declines"
FIRST = "quotes the first passage"
MOST = 0.6
"""Of an excerpt's characters."""
_SHOWN = 160  # characters of a reply in the list of failures


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question and what became of it.

    Attributes:
        id, question, split, kind: as in the case.
        cluster: what it falls or stands with.
        reasons: right reasons to decline; empty where it must be answered.
        reason: the reason given, or nothing where it was not declined.
        reply: what was said.
        cited: the sentences needed are among those cited.
        first: they stand in the first passage found.
    """

    id: str
    question: str
    split: str
    kind: str
    cluster: str
    reasons: tuple[str, ...]
    reason: str
    reply: str
    cited: bool = False
    first: bool = False

    @property
    def declined(self) -> bool:
        """It got no answer."""
        return bool(self.reason)

    @property
    def wrong(self) -> bool:
        """Answered though it should not be, declined though it should be answered, or answered beside the point."""
        return self.declined != self.should or not (self.declined or self.cited)

    @property
    def should(self) -> bool:
        """It deserves none."""
        return bool(self.reasons)


def measure(run: Run) -> Result:
    """Recall and precision of declining, and false refusals, beside a tutor that always declines."""
    outcomes = _ask_all(run.application().tutor)
    figures = []
    for split in ("all", "tune", "sealed"):
        chosen = [each for each in outcomes if split in ("all", each.split)]
        figures += _figures(chosen, split)
    for kind in UNANSWERABLE:
        chosen = [each for each in outcomes if each.kind == kind]
        figures.append(
            Figure.of(f"recall, {kind}", statistics.mean([float(each.declined) for each in chosen]), unit="%")
        )
    return Result(
        "refusals",
        "Declining near misses, clinical questions, other topics and instructions; answering what the course answers.",
        tuple(figures),
        notes=("The answerable questions are those of the suite retrieval.",),
        failures=tuple(_failure(each) for each in outcomes if each.split == "tune" and each.wrong),
    )


def _ask_all(tutor: Tutor) -> list[Outcome]:
    texts = section_texts()
    outcomes = []
    for case in load_questions():
        turn = tutor.ask(case.question)
        cluster = passage_of(case.evidence[0][0], texts)
        cited = cites(turn, case, tutor.retriever.library)
        first = outcome(case, [found.passage.text for found in turn.retrieved[:1]]).rank > 0
        outcomes.append(
            Outcome(
                case.id, case.question, case.split, case.kind, cluster, (), _reason(turn), to_markdown(turn.reply),
                cited, first,
            )
        )  # fmt: skip
    for declined in load_unanswerable():
        turn = tutor.ask(declined.question)
        outcomes.append(
            Outcome(
                declined.id, declined.question, declined.split, declined.kind, declined.id, declined.reasons,
                _reason(turn), to_markdown(turn.reply),
            )
        )  # fmt: skip
    return outcomes


def cites(turn: Turn, case: QuestionCase, library: Library) -> bool:
    """Whether the reply's citations cover a whole set of the evidence.

    An excerpt is covered when most of its characters are: a comparison quotes the two halves of a sentence, and not
    the word between them.
    """
    if not isinstance(turn.reply, Answer):
        return False
    spans: dict[str, set[int]] = {}
    for claim in turn.reply.claims:
        for citation in claim.citations:
            spans.setdefault(citation.passage_id, set()).update(range(citation.start, citation.end))
    cited = [(library.passage(identifier).text, places) for identifier, places in spans.items()]
    return any(all(any(_covers(text, places, excerpt) for text, places in cited) for excerpt in excerpts)
               for excerpts in case.evidence)  # fmt: skip


def _covers(text: str, places: set[int], excerpt: str) -> bool:
    start = text.find(excerpt)
    return start >= 0 and len(places.intersection(range(start, start + len(excerpt)))) > MOST * len(excerpt)


def _reason(turn: Turn) -> str:
    return turn.reply.reason.value if isinstance(turn.reply, Abstention) else ""


def _figures(outcomes: Sequence[Outcome], split: str) -> list[Figure]:
    should = [each for each in outcomes if each.should]
    answerable = [each for each in outcomes if not each.should]
    clusters = [each.cluster for each in outcomes]
    declined = [float(each.declined) for each in outcomes]
    found = statistics.mean([float(each.declined) for each in should])
    figures = [
        Figure.of("recall of declining", found, split=split, unit="%"),
        Figure("recall of declining", 1.0, len(should), ALWAYS, split, "%"),
    ]
    if any(declined):
        right = [float(each.declined and each.should) for each in outcomes]
        precision = statistics.ratio(right, declined, clusters)
        figures.append(Figure.of("precision of declining", precision, split=split, unit="%"))
    base = statistics.mean([float(each.should) for each in outcomes], clusters)
    figures.append(Figure.of("precision of declining", base, system=ALWAYS, split=split, unit="%"))
    false = statistics.mean([float(each.declined) for each in answerable], [each.cluster for each in answerable])
    figures += [
        Figure.of("false refusals", false, split=split, unit="%"),
        Figure("false refusals", 1.0, len(answerable), ALWAYS, split, "%"),
        Figure.of(
            "right reason given", statistics.mean([float(each.reason in each.reasons) for each in should]),
            split=split, unit="%",
        ),
        Figure.of("needed sentences cited", _share(answerable, "cited"), split=split, unit="%"),
        Figure.of("needed sentences cited", _share(answerable, "first"), system=FIRST, split=split, unit="%"),
    ]  # fmt: skip
    return figures


def _share(outcomes: Sequence[Outcome], what: str) -> statistics.Estimate:
    return statistics.mean([float(getattr(each, what)) for each in outcomes], [each.cluster for each in outcomes])


def _failure(each: Outcome) -> Failure:
    reply = " ".join(each.reply.split())[:_SHOWN]
    if each.should:
        return Failure(each.id, each.question, f"{each.kind}, should be declined, was told: {reply}")
    if each.declined:
        return Failure(each.id, each.question, f"{each.kind}, was declined ({each.reason}): {reply}")
    return Failure(each.id, each.question, f"{each.kind}, was answered without the sentence needed: {reply}")
