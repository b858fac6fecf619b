"""What teachers keep with the course beside its text: learners' questions, situations, case studies.

None of it is ever cited: each value names the places of the course that decide it, and those are.
"""

from dataclasses import dataclass

from cpom_tutor.course import Span

Place = tuple[str, Span]
"""A passage's id, and where in its text."""


@dataclass(frozen=True, slots=True)
class Probe:
    """A question that learners ask, kept with the course so that a question like it finds its answer.

    Attributes:
        question: in a learner's words.
        answers: passage id and span of each sentence (or clause) of the course that together answer it.
        gap: what the course does not say, where it does not answer; then `answers` only come near it.
        reason: why a gap is declined, in the words of `answers.Reason`; empty for a question with an answer.
        premise: whether what the question takes for granted is right (True), wrong (False), or neither (None).
    """

    question: str
    answers: tuple[tuple[str, Span], ...] = ()
    gap: str = ""
    reason: str = ""
    premise: bool | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that a situation may show: its name in the course's words, and the place that says what it is."""

    name: str
    place: Place


@dataclass(frozen=True, slots=True)
class Situation:
    """A short workplace story in which one of several things that the course sets side by side is to be recognised.

    Attributes:
        text: role, setting and problem, in words that the course does not use.
        asks: the question at its end, answerable with the options covered.
        shows: what it is a case of.
        others: what else it could be taken for, and is not, by the course's own text.
        decided_by: the words of the course that decide.
    """

    text: str
    asks: str
    shows: Choice
    others: tuple[Choice, ...]
    decided_by: Place


@dataclass(frozen=True, slots=True)
class CaseOption:
    """One way to decide, what comes of it, and the course's words that say why."""

    text: str
    consequence: str
    principle: Place
    best: bool = False


@dataclass(frozen=True, slots=True)
class CaseDecision:
    """A point at which the learner decides. Exactly one option is best."""

    prompt: str
    options: tuple[CaseOption, ...]


@dataclass(frozen=True, slots=True)
class CasePoint:
    """Something that a good answer in free text has; `points` is its weight, `principle` what it stands on."""

    text: str
    principle: Place
    points: int = 1


@dataclass(frozen=True, slots=True)
class CaseStudy:
    """A situation with linked decisions.

    Attributes:
        title: a few words.
        role: who the learner is in it.
        situation: what has happened, in words that the course does not use.
        decisions: in order; each goes on from the best choice of the one before.
        question: what the learner is asked to write about at the end.
        rubric: what a good answer to it has.
        model_answer: one, sentence by sentence.
    """

    title: str
    role: str
    situation: str
    decisions: tuple[CaseDecision, ...]
    question: str
    rubric: tuple[CasePoint, ...]
    model_answer: tuple[CasePoint, ...]


@dataclass(frozen=True, slots=True)
class ExamArea:
    """A part of the course and its share of the exam's items, 0 to 1; `topic` is the number of the subsection."""

    topic: str
    share: float


@dataclass(frozen=True, slots=True)
class ExamShape:
    """What the real exam looks like. Data about the course, not of it: it is never cited.

    Attributes:
        items: how many it has.
        minutes: time allowed for all of them.
        note: where these facts are from, for the reader.
        areas: its blueprint, in order.
    """

    items: int
    minutes: int
    note: str
    areas: tuple[ExamArea, ...] = ()
