"""How a session of practice went."""

from dataclasses import dataclass

from cpom_tutor.items import Session


@dataclass(frozen=True, slots=True)
class Area:
    """How one part of a session went.

    Attributes:
        title: a blueprint area's title, or the subsection's.
        topic: its address, to read it again.
        right: how many positions counted as right.
        total: how many it has; those without an answer count as wrong.
        weak: fewer than seven in ten were right.
    """

    title: str
    topic: str
    right: int
    total: int
    weak: bool


@dataclass(frozen=True, slots=True)
class Result:
    """How a session went.

    Attributes:
        session: it.
        answered, right, total: of its positions.
        score: mean of the marks over all positions, 0 to 1; no answer is 0.
        areas: the parts of the course it covered, in the course's order; an exam's are its blueprint's.
        weak: those areas to read again, the weakest first.
        missed: positions that did not count as right, in order.
        sentences: what to say of it: the score in words, how short the exam was, that it is no prediction.
    """

    session: Session
    answered: int
    right: int
    total: int
    score: float
    areas: tuple[Area, ...]
    weak: tuple[Area, ...]
    missed: tuple[int, ...]
    sentences: tuple[str, ...]
