"""Cards whose item is gone, and the scopes of practice."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cpom_tutor.attempts import Card
from cpom_tutor.course import Citation
from cpom_tutor.library import Library
from cpom_tutor.practice.progress.retired import CHANGED, LEFT, WITHDRAWN, retire
from cpom_tutor.practice.topics import subsection_titles, within
from cpom_tutor.testing import make_item

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def card_on(*passages: str, retired: str = "") -> Card:
    cited = tuple(Citation(passage, "CPOM §1.1.1 ¶1", "words", 0, 5) for passage in passages)
    return Card(replace(make_item(0), citations=cited), NOW, "{}", retired)


def test_a_card_whose_item_is_valid_is_asked_and_one_that_comes_back_too(library: Library) -> None:
    for retired in ("", CHANGED):
        assert retire([card_on("1.1-gone", retired=retired)], {"mcq-0"}, library)[0].retired == ""


def test_the_reason_follows_from_what_became_of_the_passage(library: Library) -> None:
    here, there = library.passages[0].id, library.passages[1].id
    course = replace(library, retired={"1.1-corrected": here, "1.1-cut": ""})
    expected = {
        (here, there): WITHDRAWN,
        ("1.1-corrected",): CHANGED,
        (here, "1.1-corrected"): CHANGED,
        ("1.1-cut",): LEFT,
        ("1.1-unheard-of",): LEFT,
        ("1.1-corrected", "1.1-cut"): LEFT,
    }
    found = {passages: retire([card_on(*passages)], (), course)[0].retired for passages in expected}
    assert found == expected


def test_nothing_else_of_the_card_changes(library: Library) -> None:
    card = card_on("1.1-gone")
    assert replace(retire([card], (), library)[0], retired="") == card


def test_the_course_gives_its_subsections_titles(library: Library) -> None:
    titles = subsection_titles(library)
    assert titles["CPOM §1.1"] == "1.1 Overview of the CPOM Certification and Its Purpose"
    assert titles["CPOM §1.1.1"] == "1.1.1 The Genesis of the CPOM: Why Now?"
    assert list(titles) == ["CPOM §1.1", "CPOM §1.1.1", "CPOM §1.1.2", "CPOM §1.1.3"]


@pytest.mark.parametrize(
    ("topic", "scope", "holds"),
    [
        ("CPOM §1.1.2", "", True),
        ("CPOM §1.1.2", "1.1", True),
        ("CPOM §1.1.2", "CPOM §1.1.2", True),
        ("CPOM §1.1.20", "CPOM §1.1.2", False),
        ("CPOM §1.1", "CPOM §1.1.2", False),
        ("CPOM §1.1.2", "CPOM §1.1.2 ¶4", False),
        ("CPOM §1.1.2", "nonsense", False),
    ],
)
def test_a_topic_lies_within_a_scope(topic: str, scope: str, holds: bool) -> None:
    assert within(topic, scope) is holds
