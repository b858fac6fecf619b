"""Planted defects, and the measurement of practice that counts how many are caught."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from cpom_tutor.config import Settings
from cpom_tutor.items import QuizItem
from cpom_tutor.library import Library
from cpom_tutor.practice.bank import build_bank
from cpom_tutor.practice.practice import CoursePractice
from cpom_tutor.practice.validators import refusal
from cpom_tutor.practice_protocols import Grader
from evals.item_defects import DEFECTS, Planted, plant
from evals.report import Figure
from evals.suites import NAMES, suite_named
from ingest.load import load_corpus


@pytest.fixture(scope="module")
def library(corpus: Path) -> Library:
    return load_corpus(corpus).library()


@pytest.fixture(scope="module")
def items(library: Library) -> list[QuizItem]:
    return list(build_bank(library).items.values())


@pytest.fixture(scope="module")
def planted(items: list[QuizItem], library: Library) -> list[Planted]:
    return list(plant(items, library))


def test_every_defect_changes_an_item_and_is_planted_the_same_each_time(
    planted: list[Planted], items: list[QuizItem], library: Library
) -> None:
    assert {each.defect for each in planted} == set(DEFECTS)
    assert all(each.item != each.original for each in planted)
    assert list(plant(items[:20], library)) == list(plant(items[:20], library))


def test_nearly_every_planted_defect_is_caught_and_none_of_the_originals(
    planted: list[Planted], items: list[QuizItem], library: Library
) -> None:
    assert [item.id for item in items if refusal(item, library)] == []
    missed = Counter(each.defect for each in planted if refusal(each.item, library) is None)
    assert sum(missed.values()) <= 0.01 * len(planted)
    sown = Counter(each.defect for each in planted)
    assert {defect for defect, count in missed.items() if count > 0.2 * sown[defect]} == set()


class _Run:
    """As much of a run of the suites as practice needs, without an index."""

    def __init__(self, library: Library, home: Path) -> None:
        self.settings = Settings(home)
        practice = CoursePractice(lambda: library, cast(Grader, None))  # nothing is marked here
        self._application = SimpleNamespace(retriever=SimpleNamespace(library=library), practice=practice)

    def application(self) -> Any:
        return self._application


def test_the_suite_reports_checks_shown_items_sets_coverage_and_defects(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "practice" in NAMES
    suite = suite_named("practice")
    monkeypatch.setattr("evals.suites.practice.subprocess.run", lambda *_, **__: None)
    result = suite(_Run(library, tmp_path))  # type: ignore[arg-type]
    figures: dict[str, Figure] = {figure.measure: figure for figure in result.figures}
    for measure in (
        "items that stay valid when shuffled",
        "keys cited verbatim, by the files",
        "case studies of the files that are read",
        "planted defects caught",
    ):
        assert figures[measure].met, figures[measure]
    assert figures["pairs on one sentence"].value == 0
    assert 0 < figures["passages with an item"].value <= 1
    assert set(result.scores[0].values.values()) == {0.0, 1.0}
    assert {subject.id for subject in result.subjects} == set(result.scores[0].values)
    assert any(note.startswith("Dropped ") for note in result.notes)


def test_the_suite_notices_reasons_that_stay_behind_and_case_studies_that_are_not_read(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evals.suites.practice.subprocess.run", lambda *_, **__: None)
    monkeypatch.setattr(
        "evals.suites.practice.shuffled", lambda item, _: replace(item, options=item.options[1:] + item.options[:1])
    )
    fewer = replace(library, case_studies=library.case_studies[1:])
    result = suite_named("practice")(_Run(fewer, tmp_path))  # type: ignore[arg-type]
    missed = {figure.measure for figure in result.figures if figure.met is False}
    assert {"items that stay valid when shuffled", "case studies of the files that are read"} <= missed
