"""Free-recall prompts on what was just discussed: the names are the course's, the answers stay in the learner's head.

Retrieving from memory before looking is what helps (Roediger and Karpicke 2006, "Test-enhanced learning").
Nothing is marked here: each prompt ends with the address where the learner checks.
"""

import re
from collections.abc import Sequence

from cpom_tutor.answers import Answer, Intent
from cpom_tutor.course import Kind, Passage
from cpom_tutor.generation.extractive.claims import NUMBERS
from cpom_tutor.library import Library
from cpom_tutor.protocols import Hit, Question
from cpom_tutor.series import Series
from cpom_tutor.understanding.kinds import subjects_of

_MOST = 3


def prompts(question: Question, hits: Sequence[Hit], library: Library, all_series: Sequence[Series]) -> str:
    """Markdown of up to three prompts on the last answer's passages, or on the topic that the question names."""
    passages = _discussed(question, hits, library)
    lines: dict[str, None] = {}
    for series in all_series:
        inside = [passage for passage in passages if passage in series.members or passage == series.introduction]
        if inside and series.container and len(series.members) < len(NUMBERS):
            number = NUMBERS[len(series.members)]
            lines.setdefault(
                f"Name all {number} points under “{_short(series.members[0])}”. (Check: {series.container.address})"
            )
    previous = question.previous
    pair = subjects_of(previous.resolved_question) if previous and previous.intent is Intent.COMPARE else ()
    if pair and passages:
        lines.setdefault(
            f"Say in one sentence what sets {pair[0]} apart from {pair[1]}. (Check: {passages[0].address})"
        )
    for passage in passages:
        if passage.kind is Kind.PAIR:
            lines.setdefault(
                f"In the analogy, what stands for “{passage.counterpart_name}”? (Check: {passage.address})"
            )
        elif passage.name:
            lines.setdefault(f"Say in your own words what “{passage.name}” means. (Check: {passage.address})")
        elif not any(_short(passage) in line for line in lines):
            lines.setdefault(f"What is the main point under “{_short(passage)}”? (Check: {passage.address})")
    numbered = "\n".join(f"{place}. {line}" for place, line in enumerate(list(lines)[:_MOST], start=1))
    opening = "Answer from memory first, then open the address and compare:"
    return f"{opening}\n\n{numbered}\n\nMarked practice questions are not part of this version yet."


def _discussed(question: Question, hits: Sequence[Hit], library: Library) -> list[Passage]:
    previous = question.previous
    if previous and isinstance(previous.reply, Answer):
        ids = (citation.passage_id for claim in previous.reply.claims for citation in claim.citations)
        found = [library.passage(passage_id) for passage_id in dict.fromkeys(ids) if passage_id in library]
        if found:
            return found
    return [hit.passage for hit in hits[:6]]


def _short(passage: Passage) -> str:
    return re.sub(r"^[\d.]+\s+", "", passage.heading)
