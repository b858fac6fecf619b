"""How a session of practice went."""

from collections.abc import Mapping
from dataclasses import dataclass

from cpom_tutor.attempts import Session, SessionKind

READ_AGAIN = 0.7
FEWEST = 3
"""Questions of a part, below which nothing is said of it."""
"""Below this share of right answers, an area is worth reading again."""


@dataclass(frozen=True, slots=True)
class Area:
    """How one part of a session went.

    Attributes:
        title: a blueprint area's title, or the subsection's.
        topic: its address, to read it again.
        right: how many positions counted as right.
        total: how many it has; those without an answer count as wrong.
    """

    title: str
    topic: str
    right: int
    total: int

    @property
    def weak(self) -> bool:
        """Whether it is worth reading again."""
        return self.total >= FEWEST and self.right / self.total < READ_AGAIN


@dataclass(frozen=True, slots=True)
class Result:
    """How a session went.

    Attributes:
        session: it.
        answered, right, total: of its positions.
        score: mean of the marks over all positions, 0 to 1; no answer is 0.
        areas: the parts of the course it covered; an exam's in its blueprint's order, else as they came.
        weak: those areas to read again, the weakest first.
        missed: positions that did not count as right, in order, those without an answer too.
        sentences: what to say of it: the score in words, how short an exam was, that it is no prediction.
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


def result_of(session: Session, titles: Mapping[str, str]) -> Result:
    """How a session went, or goes so far.

    Args:
        session: it; an exam has marks only when it is handed in.
        titles: of subsections, by address.
    """
    marks = dict(session.markings)
    total = session.size
    missed = tuple(position for position in range(total) if position not in marks or not marks[position].correct)
    score = sum(marking.score for marking in marks.values()) / total if total else 0.0
    areas = _areas(session, titles)
    return Result(
        session=session,
        answered=len(session.responses),
        right=total - len(missed),
        total=total,
        score=score,
        areas=areas,
        weak=tuple(sorted((area for area in areas if area.weak), key=lambda area: area.right / area.total)),
        missed=missed,
        sentences=_sentences(session, total - len(missed), total, score),
    )


def _areas(session: Session, titles: Mapping[str, str]) -> tuple[Area, ...]:
    if session.scenario:
        topics = [session.scenario.topic] * session.size
    else:
        group_of = {item_id: group.topic for group in session.blueprint for item_id in group.item_ids}
        topics = [group_of.get(item.id, item.topic) for item in session.items]
    named = {**titles, **{group.topic: group.title for group in session.blueprint if not group.situation}}
    marks = dict(session.markings)
    order = [group.topic for group in session.blueprint]
    counts: dict[str, list[bool]] = {topic: [] for topic in dict.fromkeys((*order, *topics))}
    for position, topic in enumerate(topics):
        counts[topic].append(position in marks and marks[position].correct)
    return tuple(
        Area(named.get(topic, topic), topic, sum(rights), len(rights)) for topic, rights in counts.items() if rights
    )


def _sentences(session: Session, right: int, total: int, score: float) -> tuple[str, ...]:
    if session.kind is SessionKind.FLASHCARDS:
        return (f"You knew {right} of {total} by your own judgement.",)
    if session.kind is SessionKind.TEACH_BACK:
        return (f"Your explanation made {score:.0%} of the points.",)
    said = [f"{right} of {total} right ({right / total:.0%})." if total else "There was nothing to answer."]
    if session.kind is SessionKind.EXAM:
        unanswered = total - len(session.responses)
        if unanswered:
            said.append(f"{unanswered} without an answer; each counts as wrong, as in an exam.")
        if total < session.asked:
            said.append(f"You asked for {session.asked} questions; the course carries {total} so far.")
        said.append("This is a practice score on this course’s questions, and no prediction of the real exam.")
    return tuple(said)
