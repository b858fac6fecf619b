"""Free text marked point by point, with the learner's own words that earned each point or lost it.

An answer is taken apart (`answer_units.py`), read by the embedder, and laid beside the rubric (`marking_sheet.py`);
each point is then met, missed or contradicted (`judging.py`). There is no language model, so nothing in an answer can
talk the marker into anything: words to the marker earn nothing, and are named in the feedback.
"""

from collections.abc import Callable, Sequence

from cpom_tutor.attempts import Grading, PointMark, PointVerdict
from cpom_tutor.errors import BadInput
from cpom_tutor.practice.grading.feedback import feedback
from cpom_tutor.practice.grading.judging import Judgement, judge
from cpom_tutor.practice.grading.marking_sheet import Sheet, Sheets
from cpom_tutor.protocols import Reader

LONGEST = 12_000
"""Characters of an answer that are read; some 2,000 words."""


class RubricGrader:
    """Implements `Grader`.

    Args:
        reader: gives the embedder that reads words in their context; asked for at the first answer that says something.
    """

    def __init__(self, reader: Callable[[], Reader]) -> None:
        self._sheets = Sheets(reader)

    def grade(self, question: str, reference: Sequence[str], rubric: Sequence[str], answer: str) -> Grading:
        """Marks one answer; see `Grader`.

        Raises:
            BadInput: there is no rubric point, or one has no words.
            EmbedderUnavailable: the model cannot be loaded.
        """
        if not rubric or not all(point.strip() for point in rubric):
            raise BadInput("There is no rubric to mark by; give at least one point, a sentence or a phrase.")
        answer = answer[:LONGEST]
        sheet = self._sheets.sheet(question, reference, rubric, answer)
        judgements = [judge(sheet, point) for point in sheet.points]
        marks = tuple(
            _mark(point, judgement, answer) for point, judgement in zip(rubric, judgements, strict=True)
        )  # fmt: skip
        met = sum(mark.verdict is PointVerdict.MET for mark in marks)
        return Grading(marks, met / len(marks), feedback(marks, _course(sheet), sheet.found.left_out))


def _mark(point: str, judgement: Judgement, answer: str) -> PointMark:
    evidence = judgement.span.of(answer).strip(" ,;\n") if judgement.span else ""
    return PointMark(point, judgement.verdict, round(judgement.score, 4), evidence)


def _course(sheet: Sheet) -> tuple[str, ...]:
    return tuple(point.course.text if point.course else "" for point in sheet.points)
