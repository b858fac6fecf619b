"""The practice commands: JSON as documented, a readable page for people, one sentence where something is wrong."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cpom_tutor.cli import main
from cpom_tutor.config import load_settings
from cpom_tutor.wiring import open_practice


@pytest.fixture(autouse=True)
def at_home(lean_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CPOM_TUTOR_HOME", str(lean_home))


def printed(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> tuple[Any, str]:
    assert main(arguments) == code
    out, err = capsys.readouterr()
    assert out.count("\n") == 1
    return json.loads(out), err


def test_quiz_prints_one_list_with_the_documented_fields(capsys: pytest.CaptureFixture[str]) -> None:
    items, said = printed(capsys, "quiz", "--count", "12", "--seed", "5", "--json")
    assert said == ""
    assert len(items) == 12
    fields = {"id", "kind", "level", "stem", "options", "key", "rationales", "citations", "topic"}
    for item in items:
        assert fields <= item.keys()
        assert len(item["rationales"]) == max(1, len(item["options"]))
        assert item["citations"]
        assert {"passage_id", "address", "quote", "start", "end"} == item["citations"][0].keys()


def test_the_key_has_the_documented_form_for_each_kind(capsys: pytest.CaptureFixture[str]) -> None:
    for kind in ("mcq", "cloze", "matching", "ordering", "short"):
        (item, *_), _ = printed(capsys, "quiz", "--count", "1", "--kind", kind, "--json")
        key = item["key"]
        assert item["kind"] == kind
        if kind == "mcq":
            assert 0 <= key < len(item["options"])
        elif kind == "matching":
            assert {left for left, _ in key} == set(item["prompts"])
            assert {right for _, right in key} == set(item["options"])
        elif kind == "ordering":
            assert sorted(key) == list(range(len(item["options"])))
        else:
            assert key
            assert all(isinstance(text, str) for text in key)
        assert bool(item["rubric"]) == (kind == "short")


def test_the_same_seed_prints_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    first, again, other = (printed(capsys, "quiz", "--seed", seed, "--json")[0] for seed in ("1", "1", "2"))
    assert first == again
    assert first != other


def test_the_same_seed_prints_the_same_in_another_process(tmp_path: Path) -> None:
    lines = ("quiz --json", "quiz --topic 1.1.2 --count 5 --json", "exam --count 30 --json", "scenario --json",
             "export csv")  # fmt: skip
    script = f"from cpom_tutor.cli import main\nfor line in {lines}:\n    main([*line.split(), '--seed', '3'])"
    printed = []
    for number in ("1", "4711"):
        environment = {**os.environ, "PYTHONHASHSEED": number, "PYTHONPATH": os.pathsep.join(sys.path)}
        run = subprocess.run(
            [sys.executable, "-c", script], env=environment, cwd=tmp_path, capture_output=True, check=True, text=True
        )
        printed.append((run.stdout, Path(tmp_path / "cpom-practice.csv").read_bytes()))
    assert printed[0][0].count("\n") == 4
    assert printed[0] == printed[1]


def test_several_kinds_a_level_and_a_topic_are_kept_to(capsys: pytest.CaptureFixture[str]) -> None:
    items, _ = printed(capsys, "quiz", "--kind", "cloze,ordering", "--kind", "short", "--count", "9", "--json")
    assert {item["kind"] for item in items} <= {"cloze", "ordering", "short"}
    stories, _ = printed(
        capsys, "quiz", "--level", "application", "--topic", "CPOM §1.1.2", "--count", "4", "--json"
    )  # fmt: skip
    assert {(item["level"], item["topic"]) for item in stories} == {("application", "CPOM §1.1.2")}


def test_fewer_than_asked_for_is_said_with_how_many_facts_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    items, said = printed(capsys, "quiz", "--count", "5000", "--json")
    facts = {item.fact for item in open_practice(load_settings()).items.values()}
    assert len(items) < len(facts)
    assert said.startswith(f"These are all {len(items)} such questions that can stand in one set")
    assert f"there are {len(facts)} different facts to ask for" in said
    items, said = printed(capsys, "quiz", "--kind", "ordering", "--count", "400", "--json")
    assert said == f"These are all: {len(items)} such questions, one for each fact.\n"


def test_nothing_to_ask_is_said_with_exit_code_one(capsys: pytest.CaptureFixture[str]) -> None:
    items, said = printed(capsys, "quiz", "--level", "application", "--kind", "cloze", "--json", code=1)
    assert items == []
    assert said == "There is no such question; leave out --topic, --kind or --level.\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["quiz", "--kind", "essay"], "write one of: mcq, cloze, matching, ordering, short"),
        (["quiz", "--level", "hard"], "write one of: recall, application"),
        (["quiz", "--count", "0"], "give 1 or more"),
        (["quiz", "--count", "ten"], "type: cpom-tutor quiz --help"),
        (["quiz", "--topic", "kitchen"], "type one like"),
        (["quiz", "--topic", "7.7.7"], "Nothing stands at CPOM §7.7.7"),
        (["exam", "--count", "-3"], "give 1 or more"),
        (["quiz", "--seed", "-1"], "“-1” is no seed; give a whole number from 0 on"),
        (["exam", "--seed", "-7"], "such as: --seed 7"),
        (["scenario", "--seed", "one"], "“one” is no seed"),
        (["scenario", "--topic", "1.1 1"], "leave the topic out"),
    ],
)
def test_bad_use_is_one_sentence(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert words in err
    assert err.count("\n") == 1


def test_an_exam_is_one_document_with_its_blueprint(capsys: pytest.CaptureFixture[str]) -> None:
    exam, _ = printed(capsys, "exam", "--count", "20", "--seed", "3", "--json")
    assert {"seed", "minutes", "items", "blueprint"} <= exam.keys()
    assert (exam["seed"], exam["minutes"], len(exam["items"])) == (3, 30, 20)
    assert {item["kind"] for item in exam["items"]} == {"mcq"}


def test_a_scenario_is_one_document_with_feedback_for_each_option(capsys: pytest.CaptureFixture[str]) -> None:
    scenario, _ = printed(capsys, "scenario", "--seed", "2", "--json")
    assert {"id", "situation", "role", "decisions", "rubric", "model_answer", "citations"} <= scenario.keys()
    for decision in scenario["decisions"]:
        assert len(decision["feedback"]) == len(decision["options"]) == len(decision["citations"])
        assert 0 <= decision["best"] < len(decision["options"])


def test_a_person_reads_the_questions_first_and_the_key_after(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["quiz", "--count", "6", "--seed", "1"]) == 0
    page = capsys.readouterr().out
    questions, key = page.split("\nKEY\n")
    assert all(f"\n{number}. " in f"\n{questions}" and f"\n{number}. " in key for number in range(1, 7))
    assert "(CPOM §1.1" in key
    assert "(CPOM §1.1" not in questions
    assert max(map(len, page.splitlines())) <= 100


def test_a_person_reads_an_exam_and_a_scenario_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["exam", "--count", "20"]) == 0
    head = capsys.readouterr().out.split("\n\n")[0].splitlines()
    assert head[0] == "Mock exam: 20 questions, 30 minutes (seed 0)."
    assert sum(int(line.rpartition(": ")[2]) for line in head[1:]) == 20
    assert any(line.startswith("  Case: ") for line in head)
    assert main(["scenario"]) == 0
    page = capsys.readouterr().out
    assert page.index("\n1. ") < page.index("KEY") < page.index("A good answer says:") < page.index("For example:")
