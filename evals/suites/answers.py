"""Is what the learner is shown the answer: the needed sentences, all items, the key facts, and little else?"""

from collections.abc import Mapping, Sequence

from cpom_tutor.answers import Answer, to_markdown
from evals import statistics
from evals.cases import QuestionCase, load_questions
from evals.report import OURS, SPLITS, Failure, Figure, Result, Target, figures_by_kind, figures_of
from evals.runs import Run
from evals.scores import Scores, Subject, subject
from evals.shown import (
    NOTHING,
    Shown,
    citation_precision,
    citation_recall,
    evidence_precision,
    evidence_recall,
    items_complete,
    key_facts_stated,
    length,
    passage_shown,
    shown_by,
    verbatim,
)
from evals.tutorial import NAME as TUTORIAL

ABSTAINS = "always abstains"
FIRST = "shows the first passage"
RECALL, COMPLETE, FACTS = "evidence recall", "items complete", "key facts stated"
WORDS, VERBATIM = "answer length, median", "citations verbatim"
LEAST_RECALL, LEAST_COMPLETE, MOST_WORDS = 0.85, 0.95, 120


def measure(run: Run) -> Result:
    """Each measure of the shown answer, by half and by kind, beside three tutors that anybody could build."""
    cases = load_questions()
    library = run.application().retriever.library
    subjects = [subject(case.id, case.split, case.kind, case.evidence, library) for case in cases]
    ours = {case.id: shown_by(run.ask(case.question), library) for case in cases}
    targets = {RECALL: Target(LEAST_RECALL), COMPLETE: Target(LEAST_COMPLETE), VERBATIM: Target(1.0)}
    scores = [*_scores(cases, ours), *_citation_scores(run, cases)]
    figures: list[Figure] = []
    for each in scores:
        figures += figures_of(each, subjects, target=targets.get(each.measure))
    figures += _lengths(ours, subjects, OURS)
    for system, replies in _baselines(run, cases).items():
        for each in _scores(cases, replies):
            figures += figures_of(each, subjects, system=system)
        figures += _lengths(replies, subjects, system)
    for each in scores:
        if each.measure in (RECALL, FACTS):
            figures += figures_by_kind(each, subjects)
    words = Scores("answer length", {each: float(length(shown)) for each, shown in ours.items()}, None)
    return Result(
        "answers",
        "The shown answer to every question that the course answers.",
        tuple(figures),
        notes=(
            "Evidence recall: the citations cover an acceptable set. Evidence precision: share of the cited sentences "
            "that belong to one, or to the items asked for; of replies that cite.",
            "Key facts are compared by the stems of their words.",
            "ALCE's citation recall and precision (Gao et al., 2023) are judged by the tutor's own checker, which has "
            "let these claims pass: they show needless citations, not mistakes of the checker.",
            f"{TUTORIAL}: its nearest chunk, whole, as “{FIRST}” is our first passage. Neither needs a model.",
        ),
        failures=_failures(run, cases, scores),
        subjects=tuple(subjects),
        scores=(*scores, words),
    )


def _scores(cases: Sequence[QuestionCase], replies: Mapping[str, Shown]) -> list[Scores]:
    precision = {case.id: evidence_precision(case.evidence, case.items, replies[case.id]) for case in cases}
    complete = {case.id: items_complete(case.items, replies[case.id]) for case in cases}
    return [
        Scores(RECALL, {case.id: evidence_recall(case.evidence, replies[case.id]) for case in cases}),
        Scores("evidence precision", _told(precision)),
        Scores(COMPLETE, _told(complete)),
        Scores(FACTS, {case.id: key_facts_stated(case.key_facts, replies[case.id]) for case in cases}),
    ]


def _citation_scores(run: Run, cases: Sequence[QuestionCase]) -> list[Scores]:
    """Of the replies that are answers."""
    tutor, library = run.application().tutor, run.application().retriever.library
    replies = {case.id: run.ask(case.question).reply for case in cases}
    answers = {identifier: reply for identifier, reply in replies.items() if isinstance(reply, Answer)}
    return [
        Scores(
            "citation recall (ALCE)", {each: citation_recall(told, tutor.checker) for each, told in answers.items()}
        ),
        Scores(
            "citation precision (ALCE)",
            {each: citation_precision(told, tutor.checker) for each, told in answers.items()},
        ),
        Scores(VERBATIM, {each: verbatim(told, library) for each, told in answers.items()}),
    ]


def _baselines(run: Run, cases: Sequence[QuestionCase]) -> dict[str, dict[str, Shown]]:
    nearest = run.tutorial.search([case.question for case in cases], 1)
    return {
        ABSTAINS: {case.id: NOTHING for case in cases},
        FIRST: {
            case.id: passage_shown([found.passage.text for found in run.ask(case.question).retrieved]) for case in cases
        },
        TUTORIAL: {case.id: passage_shown(nearest[case.question]) for case in cases},
    }


def _lengths(replies: Mapping[str, Shown], subjects: Sequence[Subject], system: str) -> list[Figure]:
    """Median words of the replies that cite."""
    figures = []
    for split in SPLITS if system == OURS else SPLITS[:1]:
        chosen = [replies[each.id] for each in subjects if split in ("all", each.split)]
        words = [float(length(shown)) for shown in chosen if shown.quotes]
        if words:
            target = Target(MOST_WORDS, at_most=True) if system == OURS and split != "tune" else None
            figures.append(
                Figure.of(
                    WORDS, statistics.quantile(words, 0.5), system=system, split=split, unit="words", target=target
                )
            )
    return figures


def _told(values: Mapping[str, float | None]) -> dict[str, float]:
    return {identifier: value for identifier, value in values.items() if value is not None}


def _failures(run: Run, cases: Sequence[QuestionCase], scores: Sequence[Scores]) -> tuple[Failure, ...]:
    """Tune cases whose evidence is not shown, or whose items are not complete; those that state least come first."""
    by_measure = {each.measure: each.values for each in scores}

    def wrong(case: QuestionCase) -> list[str]:
        return [name for name in (RECALL, COMPLETE) if by_measure[name].get(case.id) == 0.0]

    chosen = [case for case in cases if case.split == "tune" and wrong(case)]
    chosen.sort(key=lambda case: (by_measure[FACTS][case.id], -len(wrong(case))))
    found = []
    for case in chosen:
        detail = f"{case.kind}: {' and '.join(wrong(case))} 0; needed: {' … '.join(case.evidence[0])}"
        found.append(Failure(case.id, case.question, detail, to_markdown(run.ask(case.question).reply)))
    return tuple(found)
