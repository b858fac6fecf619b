"""`cpom-tutor export`: what it writes, where, and what it says."""

import csv
from pathlib import Path

import pytest

from cpom_tutor.cli import main
from cpom_tutor.config import load_settings
from cpom_tutor.library import Library
from cpom_tutor.wiring import open_practice


@pytest.fixture(autouse=True)
def in_an_empty_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, index_home: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CPOM_TUTOR_HOME", str(index_home))


def table(path: str = "cpom-practice.csv") -> list[dict[str, str]]:
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_deck_is_written_under_the_courses_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "anki", "--count", "3"]) == 0
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == "3 questions written to cpom-practice.apkg\n"
    assert Path("cpom-practice.apkg").read_bytes().startswith(b"PK")


def test_without_a_count_the_table_has_every_fact_once_however_they_give_each_other_away(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["export", "csv"]) == 0
    assert capsys.readouterr().err == f"{len(table())} questions written to cpom-practice.csv\n"
    items = open_practice(load_settings()).items
    facts = [items[row["id"]].fact for row in table()]
    assert len(set(facts)) == len(facts)
    assert set(facts) == {item.fact for item in items.values()}


def test_a_table_of_a_hundred_recall_questions_has_a_hundred() -> None:
    assert main(["export", "csv", "--level", "recall", "--count", "100"]) == 0
    assert len(table()) == 100


def test_every_quote_of_the_table_is_in_the_course(library: Library) -> None:
    assert main(["export", "csv", "--count", "30"]) == 0
    texts = [section.text for section in library.sections]
    for row in table():
        assert row["quote"]
        assert any(row["quote"].removeprefix("'").split("\n")[0] in text for text in texts), row["id"]


def test_the_same_seed_writes_the_same_table_and_another_seed_another() -> None:
    for seed, name in (("1", "a.csv"), ("1", "b.csv"), ("2", "c.csv")):
        assert main(["export", "csv", "--count", "8", "--seed", seed, "--output", name]) == 0
    assert table("a.csv") == table("b.csv") != table("c.csv")


def test_kind_level_and_topic_narrow_what_is_written() -> None:
    assert main(["export", "csv", "--kind", "mcq", "--level", "recall", "--topic", "1.1.3", "--count", "5"]) == 0
    found = {(row["kind"], row["level"], row["topic"]) for row in table()}
    assert found == {("mcq", "recall", "CPOM §1.1.3")}


def test_a_sheets_key_is_written_beside_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "sheet", "--count", "4", "--output", "monday.html"]) == 0
    assert capsys.readouterr().err == "4 questions written to monday.html and monday-key.html\n"
    assert "¶" in Path("monday-key.html").read_text("utf-8")
    assert "¶" not in Path("monday.html").read_text("utf-8")


def test_a_name_without_an_ending_gets_the_right_one() -> None:
    assert main(["export", "sheet", "--count", "2", "--output", "monday"]) == 0
    assert {path.name for path in Path().iterdir()} == {"monday.html", "monday-key.html"}


def test_fewer_than_were_asked_for_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "csv", "--count", "9999"]) == 0
    assert f"The course has {len(table())} such facts to ask for" in capsys.readouterr().err
    assert main(["export", "sheet", "--count", "9999"]) == 0
    assert "such questions that can stand on one sheet; another --seed draws others." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["slides"], "choose from anki, csv, sheet"),
        (["csv", "--kind", "riddle"], "write one of: mcq, cloze"),
        (["csv", "--level", "hard"], "write one of: recall, application"),
        (["csv", "--topic", "here"], "type one like: CPOM §1.1.2 ¶7"),
        (["csv", "--topic", "9.9"], "Nothing stands at CPOM §9.9"),
        (["csv", "--seed", "-1"], "“-1” is no seed; give a whole number from 0 on"),
        (["csv", "--count", "0"], "give 1 or more"),
        (["csv", "--count", "2", "--output", "missing/items.csv"], "give another place with --output FILE."),
        (["sheet", "--count", "2", "--output", "x.md"], "written as .html, and not as .md; give --output x.html"),
        (["csv", "--count", "2", "--output", "x.xlsx"], "written as .csv, and not as .xlsx; give --output x.csv"),
        (["csv", "--count", "2", "--output", "."], "is a folder; give a file with --output cpom-practice.csv"),
    ],
)
def test_bad_use_is_one_sentence_and_writes_nothing(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", *arguments]) == 2
    printed = capsys.readouterr()
    assert said in printed.err.replace("'", "")
    assert printed.err.count("\n") == 1
    assert list(Path().iterdir()) == []


def test_nothing_to_write_is_said_and_falls_short(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "csv", "--kind", "ordering", "--level", "application"]) == 1
    assert "nothing was written; leave out --topic, --kind or --level" in capsys.readouterr().err
    assert list(Path().iterdir()) == []
