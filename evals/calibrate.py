"""python -m evals.calibrate: writes the operating points, from the tuning half of the cases."""

import json
import sys
import tempfile
from pathlib import Path

from cpom_tutor.config import load_settings
from cpom_tutor.generation.extractive.operating_point import FILE
from evals.runs import Run
from evals.suites.operating_point import lowest
from evals.suites.refusals import ask_all

SHARES = (0.005, 0.01, 0.02, 0.03, 0.04, 0.05, 0.08, 0.1, 0.15, 0.2)


def main() -> int:
    """Measures each share and writes the product's file."""
    with tempfile.TemporaryDirectory() as folder:
        outcomes = [each for each in ask_all(Run(load_settings(), Path(folder))) if each.subject.split == "tune"]
    points = []
    for share in SHARES:
        confidence = lowest(outcomes, share)
        if confidence is not None:
            weighed = [each for each in outcomes if each.weighed and not each.should]
            covered = sum(each.confidence >= confidence for each in weighed) / len(weighed)
            points.append({"unsupported": share, "confidence": round(confidence, 4), "answered": round(covered, 3)})
    record = {
        "about": "By python -m evals.calibrate: the share of answers that may be to questions that the course does not "
        "answer, the confidence to answer from, and the share of answerable questions that is answered then.",
        "questions": len(outcomes),
        "points": points,
    }
    FILE.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"Wrote {len(points)} points to {FILE.name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
