"""What a suite found, as a table for people and as JSON for scripts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from evals.scores import Scores, Subject
from evals.statistics import Estimate, mean

OURS = "cpom-tutor"
SPLITS = ("all", "tune", "sealed")


@dataclass(frozen=True, slots=True)
class Target:
    """What a figure must reach: at least, or at most."""

    value: float
    at_most: bool = False

    def met_by(self, value: float) -> bool:
        """Whether the value reaches the target."""
        return value <= self.value if self.at_most else value >= self.value


@dataclass(frozen=True, slots=True)
class Figure:
    """One number.

    Attributes:
        measure: what is measured ("recall at 5").
        value: the number; shares are 0 to 1.
        count: how many cases it rests on.
        system: whose number it is; a baseline stands beside ours under its own name.
        split: tune, sealed or all.
        unit: "%" (of a share), "ms", "s", "characters", "words" or nothing.
        low, high: 95 % interval, where there is one.
        target: what it must reach, if anything.
    """

    measure: str
    value: float
    count: int
    system: str = OURS
    split: str = "all"
    unit: str = ""
    low: float | None = None
    high: float | None = None
    target: Target | None = None

    @classmethod
    def of(
        cls, measure: str, estimate: Estimate, *,
        system: str = OURS, split: str = "all", unit: str = "", target: Target | None = None,
    ) -> "Figure":  # fmt: skip
        """A figure from an estimate."""
        return cls(
            measure, estimate.value, estimate.count, system, split, unit, estimate.low, estimate.high, target
        )  # fmt: skip

    @property
    def met(self) -> bool | None:
        """Whether it reaches its target; None where it has none."""
        return None if self.target is None else self.target.met_by(self.value)

    def to_json(self) -> dict[str, Any]:
        """All of it, JSON-ready."""
        return {
            "measure": self.measure, "system": self.system, "split": self.split, "value": self.value,
            "unit": self.unit, "low": self.low, "high": self.high, "n": self.count,
            "target": self.target and {"value": self.target.value, "at_most": self.target.at_most},
            "met": self.met,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Failure:
    """A case that came out wrong. Sealed cases are never made into one."""

    id: str
    question: str
    detail: str
    transcript: str = ""


@dataclass(frozen=True, slots=True)
class Curve:
    """A line to draw: `points` are (across, up), both shares."""

    title: str
    across: str
    up: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Result:
    """What one suite found.

    Attributes:
        suite: its name.
        title: one line that says what was measured and how.
        figures: the numbers.
        notes: sentences below the table.
        failures: cases of the tune split that came out wrong, the worst first.
        files: what it wrote.
        subjects: the cases, sealed ones too.
        scores: what each case got.
        curves: for the page of plots.
        error: why there are no figures, where the suite could not be run.
    """

    suite: str
    title: str
    figures: tuple[Figure, ...]
    notes: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = field(default=())
    files: tuple[str, ...] = ()
    subjects: tuple[Subject, ...] = ()
    scores: tuple[Scores, ...] = ()
    curves: tuple[Curve, ...] = ()
    error: str = ""

    @property
    def fell_short(self) -> bool:
        """Whether a target was missed."""
        return any(figure.met is False for figure in self.figures)

    def to_json(self, *, failures: bool = False) -> dict[str, Any]:
        """All of it, JSON-ready; the failures only where they were asked for."""
        record: dict[str, Any] = {
            "suite": self.suite, "title": self.title, "fell_short": self.fell_short,
            "figures": [figure.to_json() for figure in self.figures], "notes": list(self.notes),
            "files": list(self.files), "error": self.error,
            "cases": {each.id: {"split": each.split, "kind": each.kind, "section": each.section,
                                "cluster": each.cluster} for each in self.subjects},
            "scores": {each.measure: {"higher_is_better": each.higher_is_better,
                                      "values": {case: round(value, 6) for case, value in each.values.items()}}
                       for each in self.scores},
        }  # fmt: skip
        if failures:
            record["failures"] = [
                {"id": failure.id, "question": failure.question, "detail": failure.detail} for failure in self.failures
            ]
        return record


def figures_of(
    scores: Scores, subjects: Sequence[Subject], *, system: str = OURS, unit: str = "%", target: Target | None = None
) -> list[Figure]:
    """The mean of all cases and, of ours, alone or less another's, of each half.

    There is no target for the half that one tunes on: reaching it there says little.
    """
    figures = []
    for split in SPLITS if system.startswith(OURS) else SPLITS[:1]:
        counted = [each for each in subjects if split in ("all", each.split) and each.id in scores.values]
        if counted:
            estimate = mean([scores.values[each.id] for each in counted], [each.cluster for each in counted])
            figures.append(
                Figure.of(
                    scores.measure, estimate, system=system, split=split, unit=unit,
                    target=None if split == "tune" else target,
                )
            )  # fmt: skip
    return figures


def figures_by_kind(scores: Scores, subjects: Sequence[Subject], *, unit: str = "%") -> list[Figure]:
    """The mean of each kind of case, both halves together."""
    figures = []
    for kind in dict.fromkeys(each.kind for each in subjects if each.id in scores.values):
        counted = [each for each in subjects if each.kind == kind and each.id in scores.values]
        estimate = mean([scores.values[each.id] for each in counted], [each.cluster for each in counted])
        figures.append(Figure.of(f"{scores.measure}, {kind}", estimate, unit=unit))
    return figures


HEADINGS = ("measure", "system", "split", "value", "95 % interval", "n", "target", "")


def to_terminal(result: Result, *, failures: bool = False) -> str:
    """The result as lines of text."""
    rows = [HEADINGS, *map(row, result.figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    lines = [f"{result.suite}: {result.title}"]
    if result.error:
        return f"{lines[0]}\n  could not be run: {result.error}"
    lines += [
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    lines += [f"  {note}" for note in result.notes]
    lines += [f"  wrote {file}" for file in result.files]
    if failures:
        lines += [f"  - {failure.id}  {failure.question}\n      {failure.detail}" for failure in result.failures]
    return "\n".join(lines)


def to_markdown(results: Iterable[Result], date: str, machine: str, versions: str) -> str:
    """The results as a page for `docs/`."""
    lines = [
        "# Measurements",
        "",
        "What the tutor reaches on its own cases. Do it again, and renew this page: "
        "`python -m evals all --write docs/measurements.md`; one suite: `python -m evals SUITE` (what each does: "
        "`evals/README.md`).",
        "",
        "Each figure rests on n cases; the interval is a bootstrap over the passages that the cases are about "
        "(Wilson's where all cases agree). Half of the questions are sealed: nobody tunes on them, and only their "
        "totals are shown. A baseline stands beside each figure of quality.",
        "",
        "How good the answers are, kind by kind, is for a reader to say: [answers-by-kind.md](answers-by-kind.md).",
        "",
        f"{date}. {machine}. {versions}.",
    ]
    for result in results:
        lines += ["", f"## {result.suite}", "", result.title, ""]
        lines += [_markdown_row((*HEADINGS[:-1], "met")), "|" + " --- |" * len(HEADINGS)]
        lines += [_markdown_row(row(figure)) for figure in result.figures]
        if result.notes:
            lines += ["", *(f"- {note}" for note in result.notes)]
    return "\n".join(lines) + "\n"


def _markdown_row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def row(figure: Figure) -> tuple[str, ...]:
    interval = ""
    if figure.low is not None and figure.high is not None:
        interval = f"{_number(figure.low, figure.unit)} to {_number(figure.high, figure.unit)}"
    target = ""
    if figure.target is not None:
        target = ("≤ " if figure.target.at_most else "≥ ") + _number(figure.target.value, figure.unit)
    return (
        figure.measure, figure.system, figure.split, _number(figure.value, figure.unit), interval,
        str(figure.count), target, {None: "", True: "yes", False: "NO"}[figure.met],
    )  # fmt: skip


def _number(value: float, unit: str) -> str:
    if unit == "%":
        return f"{100 * value:.1f} %"
    if unit in ("characters", "words"):
        return f"{value:,.0f}"
    if unit == "ms":
        return f"{value:.0f} ms"
    if unit == "s":
        return f"{value:.2f} s"
    return f"{value:g}" if value == int(value) else f"{value:.3f}"
