"""What instructors take out of the reviews: cases to measure with, a table, and the course's gaps."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from cpom_tutor.answers import Answer, to_markdown
from cpom_tutor.library import Library
from cpom_tutor.protocols import Embedder
from cpom_tutor.reviewing.eval_cases import eval_cases, standing
from cpom_tutor.reviewing.gaps import gaps, report
from cpom_tutor.reviews import Case
from cpom_tutor.spreadsheet import csv_bytes

CASES, TURNS, GAPS = "cases.jsonl", "turns.csv", "gaps.md"

_HEAD = (
    "turn_id", "learner", "asked_at", "question", "resolved_question", "kind", "reply", "citations", "risk", "why",
    "feedback", "feedback_words", "judgements", "comments", "approved_answer",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReviewExport:
    """The files, and what is in them.

    Attributes:
        files: name -> content.
        cases, turns, gaps: how many.
        left_out: why turns are no case, and how many.
    """

    files: Mapping[str, bytes]
    cases: int
    turns: int
    gaps: int
    left_out: Mapping[str, int]


def export_reviews(cases: Iterable[Case], library: Library, embedder: Embedder, made_at: datetime) -> ReviewExport:
    """The three files.

    Args:
        cases: every turn that something was said of or that was declined as not in the course, oldest first.
        library: the course of today.
        embedder: to tell which questions are near.
        made_at: what the report is dated.
    """
    every = tuple(cases)
    said = [case for case in every if case.reviews or case.canonical or case.feedback]
    measured, found = eval_cases(said, library), gaps(every, embedder)
    lines = "".join(json.dumps(case, ensure_ascii=False) + "\n" for case in measured.cases)
    files = {
        # What people paste may hold half a surrogate pair.
        CASES: lines.encode("utf-8", "replace"),
        TURNS: csv_bytes([_HEAD, *map(_row, every)]),
        GAPS: report(found, made_at).encode("utf-8", "replace"),
    }
    return ReviewExport(files, len(measured.cases), len(every), len(found), measured.left_out)


def _row(case: Case) -> list[str]:
    line, turn, feedback, approved = case.line, case.turn, case.feedback, standing(case)
    return [
        line.turn_id, line.learner, turn.asked_at.isoformat(timespec="seconds"), turn.question, turn.resolved_question,
        line.reply_kind, to_markdown(turn.reply), _citations(case), f"{line.risk.score:g}", "; ".join(line.risk.why),
        _thumb(case), feedback.words if feedback else "",
        "\n".join(f"{review.author}: {review.judgement.value}" for review in case.reviews),
        "\n".join(f"{review.author}: {review.comment}" for review in case.reviews if review.comment.strip()),
        to_markdown(approved.reply) if approved else "",
    ]  # fmt: skip


def _citations(case: Case) -> str:
    if not isinstance(case.turn.reply, Answer):
        return ""
    cited = (citation for claim in case.turn.reply.claims for citation in claim.citations)
    return "\n".join(dict.fromkeys(f"{each.address}: {' '.join(each.quote.split())}" for each in cited))


def _thumb(case: Case) -> str:
    if case.feedback is None:
        return ""
    complaints = ", ".join(complaint.value for complaint in case.feedback.complaints)
    return "helpful" if case.feedback.helpful else f"not helpful: {complaints}" if complaints else "not helpful"
