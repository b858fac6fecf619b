"""From which confidence on to answer, by what it means: how many answers may be unsupported.

`operating_points.json` is written by `python -m evals.calibrate` from the tuning half of the cases: for a share of
unsupported answers, the confidence from which on the share was no larger, and how many questions were answered then.
"""

import json
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("operating_points.json")


def least_confidence(most_unsupported: float) -> float:
    """The confidence to answer from, so that about so large a share of the answers, at most, is unsupported.

    Between two measured points the stricter one holds; above them all, everything may be answered.

    Args:
        most_unsupported: 0 to 1.
    """
    points = [(share, confidence) for share, confidence in _points() if share <= most_unsupported]
    if not points:
        return 1.0 if not _points() else max(confidence for _, confidence in _points())
    return max(points)[1]


@cache
def _points() -> tuple[tuple[float, float], ...]:
    """Share of unsupported answers and confidence."""
    recorded = json.loads(FILE.read_text(encoding="utf-8"))["points"]
    return tuple((float(point["unsupported"]), float(point["confidence"])) for point in recorded)
