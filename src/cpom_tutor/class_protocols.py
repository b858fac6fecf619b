"""The contract of the overview of a class."""

from datetime import datetime
from typing import Protocol

from cpom_tutor.classes import ClassLook, ClassRecord, Example


class ClassRecords(Protocol):
    """What is counted of a class. For instructors alone: who may call it is decided before it is called.

    All raise RecordsUnavailable where the database cannot be used.
    """

    def class_record(self, look: ClassLook, now: datetime) -> ClassRecord:
        """Everything that is counted, as it is now."""

    def examples(self, look: ClassLook, topic: str, now: datetime, limit: int = 8) -> tuple[Example, ...]:
        """The latest questions about a part of the course, in the weeks looked at."""
