"""What each case got: the rows that figures are made of, and that two runs are compared by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cpom_tutor.course import Passage
from cpom_tutor.library import Library

ELSEWHERE = "elsewhere"
"""The section of a case that is about nothing of the course."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A case as figures group it. It has none of the case's words, so it may be written down for a sealed one too.

    Attributes:
        id: unique in its suite.
        split: tune or sealed.
        kind: of question.
        section: number of the subsection that the case is about.
        cluster: what it falls or stands with: the passage that it is about.
    """

    id: str
    split: str
    kind: str
    section: str
    cluster: str


@dataclass(frozen=True, slots=True)
class Scores:
    """One measure of our tutor, case by case.

    Attributes:
        measure: its name.
        values: by case id; a case is missing where the measure says nothing of it.
        higher_is_better: None where neither is, such as a length.
    """

    measure: str
    values: Mapping[str, float]
    higher_is_better: bool | None = True


def subject(id: str, split: str, kind: str, evidence: Sequence[Sequence[str]], library: Library) -> Subject:
    """The subject of a case; one without evidence stands for itself."""
    passage = passage_with(evidence[0][0], library) if evidence else None
    if passage is None:
        return Subject(id, split, kind, ELSEWHERE, id)
    return Subject(id, split, kind, passage.address.section, passage.id)


def passage_with(excerpt: str, library: Library) -> Passage | None:
    """The smallest passage that holds the excerpt."""
    holding = [passage for passage in library.passages if excerpt in passage.text]
    return min(holding, key=lambda passage: len(passage.text), default=None)
