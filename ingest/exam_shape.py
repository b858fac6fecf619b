"""The `exam:` block of course.yaml: the shape of the real exam, for mock exams. It is data, never cited."""

import math
from collections.abc import Sequence

from cpom_tutor.course import Passage
from cpom_tutor.teaching import ExamArea, ExamShape
from ingest.refusal import Refusal

_SUM = 0.01


def read_exam_shape(found: object) -> ExamShape | None:
    """The shape that the block describes; None where there is no block.

    Raises:
        Refusal: it cannot be used.
    """
    if found is None:
        return None
    if not isinstance(found, dict):
        raise Refusal("“exam:” needs items, minutes and areas; see README.md of the corpus")
    items, minutes = (found.get(key) for key in ("items", "minutes"))
    if not _is_whole(items) or not _is_whole(minutes):
        raise Refusal("“exam:” needs “items:” and “minutes:” as whole numbers above 0")
    areas = found.get("areas") or []
    if not isinstance(areas, list):
        raise Refusal("“areas:” of “exam:” must be a list, each with topic and share")
    read = tuple(map(_area, areas))
    if read and not math.isclose(sum(area.share for area in read), 1, abs_tol=_SUM):
        raise Refusal("the shares of the areas of “exam:” must add up to 1")
    return ExamShape(int(str(items)), int(str(minutes)), str(found.get("note") or "").strip(), read)


def check_topics(shape: ExamShape, passages: Sequence[Passage]) -> None:
    """Looks for the subsection of each area among the passages of the course.

    Raises:
        Refusal: the course has no such subsection.
    """
    for area in shape.areas:
        if not any(f"{passage.address.section}.".startswith(f"{area.topic}.") for passage in passages):
            raise Refusal(f"the course has no subsection {area.topic}, which is an area of “exam:”; correct its topic")


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _area(found: object) -> ExamArea:
    topic, share = (found.get("topic"), found.get("share")) if isinstance(found, dict) else (None, None)
    if not isinstance(topic, str):
        raise Refusal('each area of “exam:” needs its subsection in quotes, like: topic: "1.1.1"')
    if not isinstance(share, int | float) or isinstance(share, bool) or not 0 < share <= 1:
        raise Refusal(f"the area {topic} of “exam:” needs “share:”, a number up to 1")
    return ExamArea(topic, float(share))
