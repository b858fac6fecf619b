"""Situations, case studies and the exam's shape, from the JSON records that an index version keeps of them.

The records are what `dataclasses.asdict` gives.
"""

from collections.abc import Mapping
from typing import Any

from cpom_tutor.course import Span
from cpom_tutor.teaching import (
    CaseDecision,
    CaseOption,
    CasePoint,
    CaseStudy,
    Choice,
    ExamArea,
    ExamShape,
    Place,
    Situation,
)

Record = Mapping[str, Any]


def read_situation(record: Record) -> Situation:
    """The situation that was written."""
    return Situation(
        text=record["text"],
        asks=record["asks"],
        shows=_choice(record["shows"]),
        others=tuple(map(_choice, record["others"])),
        decided_by=_place(record["decided_by"]),
    )


def read_case_study(record: Record) -> CaseStudy:
    """The case study that was written."""
    return CaseStudy(
        title=record["title"],
        role=record["role"],
        situation=record["situation"],
        decisions=tuple(map(_decision, record["decisions"])),
        question=record["question"],
        rubric=tuple(map(_point, record["rubric"])),
        model_answer=tuple(map(_point, record["model_answer"])),
    )


def read_exam_shape(record: Record | None) -> ExamShape | None:
    """The exam's shape that was written, if any."""
    if record is None:
        return None
    return ExamShape(**{**record, "areas": tuple(ExamArea(**area) for area in record["areas"])})


def _place(record: Any) -> Place:
    passage, span = record
    return passage, Span(**span)


def _choice(record: Record) -> Choice:
    return Choice(record["name"], _place(record["place"]))


def _decision(record: Record) -> CaseDecision:
    return CaseDecision(record["prompt"], tuple(map(_option, record["options"])))


def _option(record: Record) -> CaseOption:
    return CaseOption(**{**record, "principle": _place(record["principle"])})


def _point(record: Record) -> CasePoint:
    return CasePoint(**{**record, "principle": _place(record["principle"])})
