"""Replies to every kind of question, written out for a reader to judge."""

from collections.abc import Iterator

from cpom_tutor.answers import Abstention, Answer, Turn, citation_marks, to_markdown
from evals.cases import KindCase, load_kinds
from evals.report import Figure, Result
from evals.runs import Run

FILE = "answers-by-kind.md"


def measure(run: Run) -> Result:
    """Writes the transcript; whether the answers are good is for a reader to say."""
    cases = load_kinds()
    path = run.folder / FILE
    path.write_text("\n".join(_transcript(cases, run)) + "\n", encoding="utf-8")
    return Result(
        "kinds",
        "A transcript of replies to every kind of question, for a reader to judge.",
        (
            Figure("kinds", len({case.kind for case in cases}), len(cases)),
            Figure("conversations", len(cases), len(cases)),
        ),
        files=(str(path),),
    )


def _transcript(cases: tuple[KindCase, ...], run: Run) -> Iterator[str]:
    yield "# Answers by kind of question"
    yield ""
    yield "Questions as learners type them, and the replies as they are shown. Written by `python -m evals kinds`."
    kind = ""
    for case in cases:
        if case.kind != kind:
            kind = case.kind
            yield f"\n## {kind.replace('_', ' ')}"
        yield f"\n### {case.id}"
        for end in range(1, len(case.turns) + 1):
            yield from _turn(run.ask(*case.turns[:end]))


def _turn(turn: Turn) -> Iterator[str]:
    yield f"\n**Learner:** {turn.question}\n"
    if turn.resolved_question != turn.question:
        yield f"*Understood as: {turn.resolved_question}*\n"
    reply = turn.reply
    yield to_markdown(reply)
    if isinstance(reply, Abstention):
        yield f"\n(declined: {reply.reason.value}; nearest: {_nearest(turn)})"
    elif isinstance(reply, Answer):
        marks = citation_marks(reply.claims)
        quotes = dict.fromkeys(
            (marks[citation.passage_id], citation.address, citation.quote)
            for claim in reply.claims
            for citation in claim.citations
        )
        yield ""
        yield from (f"> [{mark}] {address}: “{quote}”\n>" for mark, address, quote in quotes)


def _nearest(turn: Turn) -> str:
    return ", ".join(str(found.passage.address) for found in turn.retrieved[:3]) or "none"
