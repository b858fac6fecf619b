"""Plots as our own SVG: pure functions from numbers to markup, in the page's colours, with their meaning in words.

Nothing is told by colour alone: an interval has ends, a part of a column has a pattern, and each plot carries a title
and a description that say what it shows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from cpom_tutor.ui.text import escaped

_WIDTH, _HEIGHT, _FLOOR, _TOP, _MARGIN = 360, 132, 108, 16, 14
_MOST_LABELS = 7


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a plot.

    Attributes:
        label: under the column.
        value: its height.
        part: how much of it is the darker part (such as the right ones of all answers).
    """

    label: str
    value: int
    part: int = 0


def interval(share: float, low: float, high: float, title: str) -> str:
    """A share from 0 to 1 as a dot on a line, with its interval as a bar.

    Args:
        share, low, high: 0 to 1, `low <= share <= high`.
        title: what it says, in words.
    """
    left, right, dot = (round(200 * min(max(one, 0.0), 1.0), 1) for one in (low, high, share))
    return (
        f'<svg class="interval" viewBox="-6 0 212 20" role="img"><title>{escaped(title)}</title>'
        '<line class="scale" x1="0" y1="10" x2="200" y2="10"/>'
        '<path class="scale" d="M0 6V14M100 6V14M200 6V14"/>'
        f'<line class="spread" x1="{left}" y1="10" x2="{right}" y2="10"/>'
        f'<path class="ends" d="M{left} 4V16M{right} 4V16"/>'
        f'<circle class="share" cx="{dot}" cy="10" r="5"/></svg>'
    )


def columns(bars: Sequence[Column], title: str, description: str, *, most: int = 0) -> str:
    """Columns over a floor, each with its number on top.

    Args:
        bars: from left to right; at least one.
        title: what the plot is.
        description: what it shows, in words; a screen reader says it instead of the picture.
        most: how high the plot goes at least, such as 100 for per cent.
    """
    tallest = max(1, most, *(bar.value for bar in bars))
    step = _WIDTH / len(bars)
    every = -(-len(bars) // _MOST_LABELS)
    drawn = "".join(
        _column(bar, place * step, step, tallest, labelled=place % every == (len(bars) - 1) % every)
        for place, bar in enumerate(bars)
    )
    return (
        f'<svg class="columns" viewBox="{-_MARGIN} 0 {_WIDTH + 2 * _MARGIN} {_HEIGHT}" role="img">'
        f"<title>{escaped(title)}</title><desc>{escaped(description)}</desc>"
        f'<line class="scale" x1="0" y1="{_FLOOR}" x2="{_WIDTH}" y2="{_FLOOR}"/>'
        f"{drawn}</svg>"
    )


def _column(bar: Column, x: float, step: float, tallest: int, *, labelled: bool) -> str:
    room = _FLOOR - _TOP
    height, part = (round(room * number / tallest, 1) for number in (bar.value, bar.part))
    wide, middle = round(min(step * 0.7, 34), 1), round(x + step / 2, 1)
    left = round(middle - wide / 2, 1)
    whole = _box("whole", left, _FLOOR - height, wide, height) if bar.value else ""
    dark = _box("part", left, _FLOOR - part, wide, part) if bar.part else ""
    number = f'<text x="{middle}" y="{_FLOOR - height - 4:.1f}">{bar.value}</text>' if bar.value else ""
    label = f'<text class="label" x="{middle}" y="{_FLOOR + 16}">{escaped(bar.label)}</text>' if labelled else ""
    return whole + dark + number + label


def _box(name: str, x: float, y: float, width: float, height: float) -> str:
    return f'<rect class="{name}" x="{x}" y="{y:.1f}" width="{width}" height="{height}"/>'


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a bar: its class in the style sheet, and its length."""

    name: str
    value: int


def parted(parts: Sequence[Part], most: int, title: str) -> str:
    """A bar of parts beside each other.

    Args:
        parts: from left to right.
        most: what the whole width stands for.
        title: what it says, in words.
    """
    drawn, start = "", 0.0
    for part in parts:
        wide = round(200 * part.value / max(most, 1), 2)
        drawn += _box(part.name, round(start, 2), 0, wide, 16) if part.value else ""
        start += wide
    return (
        '<svg class="parted" viewBox="0 0 200 16" preserveAspectRatio="none" role="img">'
        f"<title>{escaped(title)}</title>{drawn}</svg>"
    )


def spark(values: Sequence[int], title: str) -> str:
    """Small columns without numbers, to see a course by.

    Args:
        values: from left to right; at least one.
        title: what it says, in words.
    """
    tallest, step = max(1, *values), 60 / len(values)
    drawn = "".join(
        _box(
            "step",
            round(place * step, 2),
            20 - 19 * value / tallest,
            round(step * 0.7, 2),
            round(19 * value / tallest, 2),
        )
        for place, value in enumerate(values)
        if value
    )
    return (
        f'<svg class="spark" viewBox="0 0 60 20" preserveAspectRatio="none" role="img"><title>{escaped(title)}</title>'
        f'<line x1="0" y1="20" x2="60" y2="20"/>{drawn}</svg>'
    )
