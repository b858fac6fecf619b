"""Is the tutor worse than it was? Two runs of the same cases, measure by measure."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals import statistics
from evals.report import Result
from evals.statistics import Estimate

Json = Mapping[str, Any]


class BadBaseline(Exception):
    """The file to compare with cannot be used; says what to type."""


@dataclass(frozen=True, slots=True)
class Change:
    """How one measure moved.

    Attributes:
        suite, measure: which.
        difference: now minus then, over the cases that both runs have.
        higher_is_better: None where neither is.
        fallen: ids of the tune cases that got worse.
    """

    suite: str
    measure: str
    difference: Estimate
    higher_is_better: bool | None
    fallen: tuple[str, ...]

    @property
    def real_drop(self) -> bool:
        """It got worse, and the whole interval says so."""
        if self.higher_is_better is None:
            return False
        return self.difference.high < 0 if self.higher_is_better else self.difference.low > 0

    def to_json(self) -> dict[str, Any]:
        """All of it, JSON-ready."""
        each = self.difference
        return {
            "suite": self.suite, "measure": self.measure, "difference": each.value, "low": each.low,
            "high": each.high, "n": each.count, "real_drop": self.real_drop, "fallen": list(self.fallen),
        }  # fmt: skip


def read_baseline(path: Path) -> Json:
    """What an earlier run wrote.

    Raises:
        BadBaseline: it is not such a file.
    """
    remedy = "write one with: python -m evals --baseline FILE"
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadBaseline(f"{path} cannot be read ({error.strerror}); {remedy}") from error
    except ValueError as error:
        raise BadBaseline(f"{path} is not JSON; {remedy}") from error
    if not isinstance(record, dict) or not all("scores" in suite for suite in record.get("suites", [{}])):
        raise BadBaseline(f"{path} has no scores; {remedy}")
    return record


def compare(results: Iterable[Result], baseline: Json) -> list[Change]:
    """Every measure that both have, over the cases that both have."""
    then = {suite["suite"]: suite for suite in baseline["suites"]}
    now = {result.suite: result.to_json() for result in results}
    return [
        change
        for name in now
        if name in then
        for measure in now[name]["scores"]
        if measure in then[name]["scores"] and (change := _change(name, measure, then[name], now[name]))
    ]


def _change(suite: str, measure: str, then: Json, now: Json) -> Change | None:
    """None where one of the two has nothing to count."""
    cases = [case for case in now["cases"] if case in then["cases"]]
    higher_is_better = now["scores"][measure]["higher_is_better"]
    before, after = ([each["scores"][measure]["values"].get(case) for case in cases] for each in (then, now))
    if not any(value is not None for value in before) or not any(value is not None for value in after):
        return None
    difference = statistics.change(before, after, [now["cases"][case]["cluster"] for case in cases])
    worse = -1 if higher_is_better else 1
    fallen = tuple(
        case
        for case, old, new in zip(cases, before, after, strict=True)
        if now["cases"][case]["split"] == "tune" and old is not None and new is not None and (new - old) * worse > 0
    )
    return Change(suite, measure, difference, higher_is_better, fallen)


def to_lines(changes: Sequence[Change]) -> list[str]:
    """The measures that moved, real drops first; one line for all the others."""
    moved = [each for each in changes if each.difference.value]
    lines = [
        f"  {'DROP' if each.real_drop else '    '}  {each.suite}: {each.measure}  {each.difference.value:+.3f}  "
        f"({each.difference.low:+.3f} to {each.difference.high:+.3f}, n = {each.difference.count})"
        + (f"  worse: {' '.join(each.fallen)}" if each.real_drop else "")
        for each in sorted(moved, key=lambda each: (not each.real_drop, each.suite, each.measure))
    ]
    return [*lines, f"  {len(changes) - len(moved)} other measures are where they were."]
