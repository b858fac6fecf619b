"""The results as one HTML page that needs nothing else: plots, tables, and the worst cases with their transcripts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from evals.report import HEADINGS, Result, row
from evals.scores import Scores, Subject
from evals.statistics import Estimate, mean

WORST = 20
"""Cases of a suite that are shown with their transcripts."""
WIDTH, HEIGHT = 420, 240
"""Of a curve, in pixels."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Bars: a row for each group of cases, a column for each measure; None where a group has no such case."""

    title: str
    measures: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Estimate | None, ...]], ...]


def to_html(results: Sequence[Result], date: str, machine: str, versions: str) -> str:
    """The page. Everything in it is escaped; of sealed cases it shows totals only."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return environment.get_template("page.html.jinja").render(
        results=results, date=date, machine=machine, versions=versions, headings=HEADINGS, row=row, grids=_grids,
        worst=WORST, width=WIDTH, height=HEIGHT,
        targets=[(result.suite, figure) for result in results for figure in result.figures if figure.target],
    )  # fmt: skip


def _grids(result: Result) -> Iterable[Grid]:
    """Scores by kind and by subsection."""
    scores = [each for each in result.scores if each.higher_is_better is not None]
    if scores:
        yield _grid("by kind", scores, {each: each.kind for each in result.subjects})
        yield _grid("by subsection", scores, {each: each.section for each in result.subjects})


def _grid(title: str, scores: Sequence[Scores], groups: dict[Subject, str]) -> Grid:
    rows = []
    for group in sorted(set(groups.values())):
        members = [each for each, its in groups.items() if its == group]
        rows.append((group, tuple(_estimate(each, members) for each in scores)))
    return Grid(title, tuple(each.measure for each in scores), tuple(rows))


def _estimate(scores: Scores, members: Sequence[Subject]) -> Estimate | None:
    counted = [each for each in members if each.id in scores.values]
    if not counted:
        return None
    return mean([scores.values[each.id] for each in counted], [each.cluster for each in counted])
