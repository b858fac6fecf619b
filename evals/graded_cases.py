"""Learners' answers to open questions, marked point by point by a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cpom_tutor.attempts import PointVerdict
from evals.cases import CASES, CORPUS, SPLITS, BadCase, Json, _is_strings, _load, _one_of, _words, section_texts

TRAINING = CASES / "graded_training.jsonl"
HOSTILE = ("stuffed", "copied", "instruct", "adversarial", "word", "gibberish", "lang", "french", "empty", "question")
"""Kinds of answer that try for marks without making a point, or cannot be marked: none of them earns any."""


@dataclass(frozen=True, slots=True)
class GradedAnswer:
    """An answer, and the right verdict on each rubric point.

    Attributes:
        id: unique in its file.
        kind: perfect, plain (everyday words), partial, wordy, off_target, negated, swapped, number, both ... or one
            of HOSTILE.
        answer: as a learner types it.
        verdicts: one a point.
    """

    id: str
    kind: str
    answer: str
    verdicts: tuple[PointVerdict, ...]


@dataclass(frozen=True, slots=True)
class GradedQuestion:
    """A question with its rubric and answers to it.

    Attributes:
        id: unique in its file.
        split: tune (may be looked at) or sealed (only totals are ever shown).
        question, reference, rubric: as `Grader.grade` takes them.
        answers: at least one.
    """

    id: str
    split: str
    question: str
    reference: tuple[str, ...]
    rubric: tuple[str, ...]
    answers: tuple[GradedAnswer, ...]


def load_graded(path: Path = CASES / "graded.jsonl", corpus: Path | None = CORPUS) -> tuple[GradedQuestion, ...]:
    """The marked answers, by question.

    Args:
        path: the file of cases.
        corpus: where given, every reference must stand in a line of one of its section files.

    Raises:
        BadCase: the file is missing or a case of it is wrong.
    """
    lines = [line for text in section_texts(corpus) for line in text.splitlines()] if corpus else []

    def read(record: Json) -> GradedQuestion:
        for name in ("reference", "rubric"):
            if not _is_strings(record[name]):
                raise BadCase(f"“{name}” is not a list of texts with at least one")
        for passage in record["reference"] if corpus else ():
            if not any(passage in line for line in lines):
                raise BadCase(f"the reference is not verbatim in a line of the course: “{passage}”")
        rubric = tuple(record["rubric"])
        answers = tuple(_answer(record["id"], number, each, rubric) for number, each in enumerate(record["answers"], 1))
        split = _one_of(record, "split", SPLITS)
        return GradedQuestion(
            record["id"], split, _words(record, "question"), tuple(record["reference"]), rubric, answers
        )

    return _load(path, ("id", "split", "question", "reference", "rubric", "answers"), read)


def _answer(question: str, number: int, record: Json, rubric: Sequence[str]) -> GradedAnswer:
    verdicts = tuple(PointVerdict(name) for name in record["verdicts"])
    if len(verdicts) != len(rubric):
        raise BadCase(f"answer {number} has {len(verdicts)} verdicts for {len(rubric)} points")
    return GradedAnswer(f"{question}.{number}", record["kind"], record["answer"], verdicts)
