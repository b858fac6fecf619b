"""What instructors judged, as cases that the tutor can be measured with.

A turn that was corrected, or that all who judged it found correct, says what a right answer stands on; one that
should have been declined says that. The others only say that something was wrong, which measures nothing.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b

from cpom_tutor.answers import Abstention, Answer, CheckedClaim, Form, Intent, Reason, Role, Turn
from cpom_tutor.course import Citation
from cpom_tutor.language import plain
from cpom_tutor.library import Library
from cpom_tutor.reviews import CanonicalAnswer, Case, Judgement

Json = dict[str, object]

NO_RIGHT_ANSWER = "nobody wrote what a right answer would be"
DISAGREED = "those who judged it disagree"
NOT_JUDGED = "nobody judged it"
CHANGED = "it cites words that the course no longer has, or has more than once"
TALK = "it is talk or practice"
AGAIN = "the same question is there already"

_KINDS = {
    Intent.LIST: "list", Intent.TABLE: "table", Intent.ANALOGY: "analogy", Intent.COMPARE: "comparison",
    Intent.WHY: "why", Intent.APPLY: "situation", Intent.BENEFIT: "benefit",
}  # fmt: skip
_DECLINED = {
    Reason.NOT_IN_COURSE: ("not_in_course", ("not_in_course", "unverified")),
    Reason.UNVERIFIED: ("not_in_course", ("not_in_course", "unverified")),
    Reason.CLINICAL: ("clinical", ("clinical",)),
    Reason.OFF_TOPIC: ("off_topic", ("off_topic",)),
    Reason.INSTRUCTION: ("instruction", ("instruction",)),
}
_TO_DECLINE = frozenset({Judgement.SHOULD_HAVE_ABSTAINED, Judgement.COURSE_GAP})


class Unusable(Exception):
    """A turn that no case can be made of; the message says why."""


@dataclass(frozen=True, slots=True)
class EvalCases:
    """What came of the turns.

    Attributes:
        cases: JSON-ready, in the forms that `evals/cases.py` reads.
        left_out: why others are none, and how many.
    """

    cases: tuple[Json, ...]
    left_out: Mapping[str, int]


def eval_cases(cases: Iterable[Case], library: Library) -> EvalCases:
    """The cases that the turns make; the newest word on a question counts.

    Args:
        cases: with what was said of them, oldest first.
        library: the course of today, in which every excerpt must stand once.
    """
    course, made, left_out = _Course(library), dict[str, Json](), Counter[str]()
    for case in reversed(tuple(cases)):
        try:
            found = _made_of(case, course)
        except Unusable as reason:
            left_out[str(reason)] += 1
            continue
        same = " ".join(str(found["question"]).casefold().split())
        left_out[AGAIN] += same in made
        made.setdefault(same, found)
    return EvalCases(tuple(reversed(made.values())), dict(+left_out))


def standing(case: Case) -> CanonicalAnswer | None:
    """The approved answer that was written from the turn and still answers, if there is one."""
    return next((each for each in reversed(case.canonical) if not each.retired), None)


class _Course:
    def __init__(self, library: Library) -> None:
        self._library = library
        self._lines = [line for section in library.sections for line in section.text.splitlines()]

    def excerpt(self, citation: Citation) -> str:
        """The quote or, where that stands in the course more than once, its whole passage."""
        whole = self._library.passage(citation.passage_id).text if citation.passage_id in self._library else ""
        for words in (citation.quote, whole):
            if words.strip() and sum(line.count(words) for line in self._lines) == 1:
                return words
        raise Unusable(CHANGED)

    def has(self, words: str) -> bool:
        return any(words in line for line in self._lines)


def _made_of(case: Case, course: _Course) -> Json:
    approved, judgements = standing(case), {review.judgement for review in case.reviews}
    if approved:
        return _answerable(case, approved.question, approved.reply, course)
    if not judgements:
        raise Unusable(NOT_JUDGED)
    if len(judgements) > 1 and not judgements <= _TO_DECLINE:
        raise Unusable(DISAGREED)
    reply, asked = case.turn.reply, case.turn.resolved_question
    if judgements <= _TO_DECLINE:
        return _to_decline(case, Reason.NOT_IN_COURSE)
    if judgements != {Judgement.CORRECT}:
        raise Unusable(NO_RIGHT_ANSWER)
    if isinstance(reply, Abstention):
        return _to_decline(case, reply.reason)
    if not isinstance(reply, Answer) or case.turn.practice:
        raise Unusable(TALK)
    return _answerable(case, asked, reply, course)


def _to_decline(case: Case, reason: Reason) -> Json:
    kind, reasons = _DECLINED[reason]
    question = case.turn.resolved_question
    return {"id": _id(case), "question": question, "split": "tune", "kind": kind, "reasons": list(reasons)}


def _answerable(case: Case, question: str, reply: Answer, course: _Course) -> Json:
    facts = [claim for claim in reply.claims if claim.role is Role.FACT]
    excerpts = dict.fromkeys(course.excerpt(citation) for claim in facts for citation in claim.citations)
    if not excerpts or not question.strip():
        raise Unusable(NO_RIGHT_ANSWER)
    kind = _kind(case.turn, reply)
    return {
        "id": _id(case),
        "question": question,
        # Somebody has looked at it: it cannot be sealed any more.
        "split": "tune",
        "kind": kind,
        "evidence": [list(excerpts)],
        "key_facts": [[plain(claim.text)] for claim in facts],
        "items": _items(facts, course) if kind == "list" else [],
    }


def _kind(turn: Turn, reply: Answer) -> str:
    if reply.premise_refuted:
        return "wrong_premise"
    opening = next((claim.text for claim in reply.claims if claim.role is Role.LEAD), "")
    if turn.intent is Intent.ASK and opening.rstrip(".,!").casefold() in ("yes", "no"):
        return "yes_no"
    return _KINDS.get(turn.intent, "fact")


def _items(facts: Iterable[CheckedClaim], course: _Course) -> list[str]:
    named = (claim.citations[0].quote for claim in facts if claim.form is Form.ITEM and claim.citations)
    return list(dict.fromkeys(quote for quote in named if course.has(quote)))


def _id(case: Case) -> str:
    """The same for the same turn, and no key to it."""
    return f"review-{blake2b(case.line.turn_id.encode(), digest_size=5).hexdigest()}"
