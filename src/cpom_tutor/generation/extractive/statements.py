"""What a learner wants checked: a correction where the course plainly denies it, or else its words beside theirs.

There is no "yes": the checker takes too many false statements for supported.
"""

import re
from collections.abc import Sequence

from cpom_tutor.answers import Answer, Claim, Intent, Pointer, Role
from cpom_tutor.course import Span
from cpom_tutor.generation.extractive import fact, listing, reasons
from cpom_tutor.generation.extractive.claims import lead
from cpom_tutor.generation.extractive.evidence import Evidence, prose
from cpom_tutor.generation.extractive.structure import rank_series
from cpom_tutor.protocols import Question
from cpom_tutor.series import Series
from cpom_tutor.understanding.follow_up import theirs

_COMPARE_YOURS = "Compare yours with the course’s own words:"
_ENUMERATES = re.compile(r",[^,]+(?:,|\band\b|&)", re.IGNORECASE)  # a learner who tells a list means the list
_DISCUSSED_LEAD = 0.15  # cosine by which another passage must fit a statement better than those just discussed
_DENIES = re.compile(
    r"\b(not|no|nor|never|nobody|nothing|without|wrong\w*|mistaken\w*|cannot|beyond|more\s+than|rather\s+than|instead\s+of)\b|n['’]t\b",
    re.IGNORECASE,
)


def is_a_denial(question: Question) -> bool:
    """Whether the statement that a learner wants checked denies something: only a reader can tell what of."""
    return question.intent is Intent.GRADE and bool(_DENIES.search(theirs(question.resolved)))


def denied(evidence: Evidence) -> list[Claim]:
    """The course's sentences against the learner's statement, where one of the best plainly contradicts it."""
    question = evidence.question
    if question.intent is not Intent.GRADE or not theirs(question.resolved) or is_a_denial(question):
        return []
    against = reasons.refutation(evidence)
    return reasons.correction(against, evidence) if against else []


def beside(evidence: Evidence, all_series: Sequence[Series]) -> list[Claim]:
    """What the course says, for a learner who asks whether theirs is right.

    Without a statement, it is the last answer's words.
    """
    previous = evidence.question.previous
    opening_line = lead(_COMPARE_YOURS)
    if theirs(evidence.question.resolved):
        return [opening_line, *_fitting(evidence, all_series)]
    body: list[Claim] = []
    if previous and isinstance(previous.reply, Answer):
        for claim in previous.reply.claims:
            here = [citation for citation in claim.citations if citation.passage_id in evidence.library]
            if claim.role is Role.FACT and len(here) == len(claim.citations):
                pointers = tuple(Pointer(cited.passage_id, Span(cited.start, cited.end)) for cited in here)
                body.append(Claim(claim.text, claim.role, pointers, claim.form, claim.column))
    return [opening_line, *(body or fact.state(evidence))]


def _fitting(evidence: Evidence, all_series: Sequence[Series]) -> list[Claim]:
    """The course's words for the learner's statement: of what was just discussed, unless others fit far better."""
    ranked = rank_series(evidence, all_series) if _ENUMERATES.search(theirs(evidence.question.resolved)) else []
    if ranked and ranked[0][0] >= listing.FIT:
        return listing.told_whole(ranked[0][1])
    previous = evidence.question.previous
    cited: set[str] = set()
    if previous and isinstance(previous.reply, Answer):
        cited = {citation.passage_id for claim in previous.reply.claims for citation in claim.citations}
    discussed = [sentence for sentence in prose(evidence.sentences) if sentence.passage.id in cited]
    best = max((sentence.similarity for sentence in prose(evidence.sentences)), default=0.0)
    if discussed and discussed[0].similarity >= best - _DISCUSSED_LEAD:
        return fact.from_here(discussed[0], most=75)
    return fact.state(evidence, most=2)
