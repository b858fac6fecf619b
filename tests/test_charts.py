"""The plots: what they say in words, and that what they draw is in proportion."""

import re
from xml.etree import ElementTree

import pytest

from cpom_tutor.ui.charts import Column, columns, interval


def boxes(svg: str, name: str) -> list[float]:
    return [float(height) for height in re.findall(rf'class="{name}"[^>]* height="([\d.]+)"', svg)]


def test_columns_are_as_high_as_their_numbers_and_tell_them() -> None:
    svg = columns([Column("Mon", 4, 1), Column("Tue", 0), Column("Wed", 2, 2)], "Answers", "Six answers.")
    assert boxes(svg, "whole") == [92.0, 46.0]
    assert boxes(svg, "part") == [23.0, 46.0]
    tree = ElementTree.fromstring(svg)
    assert (tree.get("role"), tree.findtext("title"), tree.findtext("desc")) == ("img", "Answers", "Six answers.")
    assert [text.text for text in tree.iter("text")] == ["4", "Mon", "Tue", "2", "Wed"]


def test_a_share_of_a_hundred_is_drawn_as_such() -> None:
    assert boxes(columns([Column("a", 50)], "t", "d", most=100), "whole") == [46.0]


def test_nothing_at_all_is_a_floor_without_columns() -> None:
    assert boxes(columns([Column("a", 0)], "t", "d"), "whole") == []


def test_many_columns_keep_few_labels_and_always_the_last() -> None:
    svg = columns([Column(f"day{place}", 1) for place in range(28)], "t", "d")
    labels = re.findall(r">(day\d+)<", svg)
    assert len(labels) == 7
    assert labels[-1] == "day27"


@pytest.mark.parametrize(("share", "low", "high", "drawn"), [(0.5, 0.25, 1.0, (50.0, 200.0, 100.0)),
                                                            (1.2, -0.1, 1.3, (0.0, 200.0, 200.0))])  # fmt: skip
def test_an_interval_is_drawn_where_it_lies_and_never_outside(
    share: float, low: float, high: float, drawn: tuple[float, float, float]
) -> None:
    svg = interval(share, low, high, "so <much>")
    tree = ElementTree.fromstring(svg)
    spread = next(line for line in tree.iter("line") if line.get("class") == "spread")
    circle = next(iter(tree.iter("circle")))
    assert tuple(float(each or "nan") for each in (spread.get("x1"), spread.get("x2"), circle.get("cx"))) == drawn
    assert tree.findtext("title") == "so <much>"
