"""What a learner is told about a marked answer: what is right, then the one thing that matters most next."""

import re
from collections.abc import Collection, Sequence

from cpom_tutor.attempts import PointMark, PointVerdict
from cpom_tutor.practice.grading.answer_units import Reason

_NOTHING = {
    Reason.EMPTY: "There is no answer yet; write a sentence or two in your own words.",
    Reason.GIVEN_UP: "Nothing to mark yet; write what you do know, in a sentence or two of your own.",
    Reason.TO_MARKER: "That speaks to the marker, and only what you say about the question earns points; "
    "write a sentence or two about it in your own words.",
    Reason.ECHO: "That says the question back; write what the answer to it is, in your own words.",
    Reason.WORDS: "These are words without a sentence, so they do not say how things hang together; "
    "write it as a sentence or two.",
    Reason.ASKS: "That is put as a question; say it as a statement, and it can earn points.",
    Reason.FOREIGN: "I can only mark answers in plain English; write a sentence or two.",
}
_ASIDE = "The line to the marker earned nothing; only what you say about the question does."
_QUOTE = re.compile(r" The course says: “.*”", re.DOTALL)
_LONGEST = 240  # characters of the course that are quoted


def feedback(marks: Sequence[PointMark], course: Sequence[str], left_out: Collection[Reason]) -> str:
    """One to three sentences.

    Args:
        marks: one a point.
        course: for each point the sentence of the course that says it, or nothing.
        left_out: why parts of the answer were not marked.
    """
    met = [mark.point for mark in marks if mark.verdict is PointVerdict.MET]
    wrong = [
        (mark, said) for mark, said in zip(marks, course, strict=True) if mark.verdict is PointVerdict.CONTRADICTED
    ]
    missed = [(mark, said) for mark, said in zip(marks, course, strict=True) if mark.verdict is PointVerdict.MISSED]
    said_nothing = len(missed) == len(marks)
    sentences = []
    if met:
        sentences.append(_got(met, len(marks)))
    elif said_nothing and left_out:
        sentences.append(next(line for reason, line in _NOTHING.items() if reason in left_out))
    if wrong:
        sentences.append(f"Look again at “{wrong[0][0].evidence}”: {_told(*wrong[0])}")
    elif missed and not (said_nothing and left_out):
        opening = "Still missing" if met else "None of the points is there yet; start with this one"
        sentences.append(f"{opening}: {_told(*missed[0])}")
    if Reason.TO_MARKER in left_out and not (said_nothing and left_out):
        sentences.append(_ASIDE)
    return " ".join(sentences)


def without_quote(told: str) -> str:
    """Feedback without the course's sentence, for where all of them stand below it."""
    return _QUOTE.sub("", told)


def _got(met: Sequence[str], total: int) -> str:
    if len(met) == total:
        return "That is all of it: every point is there." if total > 1 else "That is it."
    if len(met) == 1:
        return f"You have one of {total} points: {_stop(met[0])}"
    return f"You have {len(met)} of {total} points, among them: {_stop(met[0])}"


def _told(mark: PointMark, said: str) -> str:
    if not said:
        return _stop(mark.point)
    words = said if len(said) <= _LONGEST else f"{said[:_LONGEST].rsplit(' ', 1)[0]} …"
    return f"{mark.point.rstrip(' .')}. The course says: “{words}”"


def _stop(text: str) -> str:
    return f"{text.rstrip(' .')}."
