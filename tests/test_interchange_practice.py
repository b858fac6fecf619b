"""Practice as scripts read it, and as it is stored: what comes back is what was shown."""

import json
from dataclasses import replace
from typing import Any

import pytest

from cpom_tutor.course import Citation
from cpom_tutor.interchange_practice import (
    exam_to_json,
    item_from_record,
    item_to_json,
    item_to_record,
    scenario_from_record,
    scenario_to_json,
    scenario_to_record,
)
from cpom_tutor.items import (
    AcceptedKey,
    ChoiceKey,
    Decision,
    Exam,
    ExamGroup,
    ItemKind,
    Key,
    Level,
    OrderKey,
    PairsKey,
    QuizItem,
    Rationale,
    RubricPoint,
    Scenario,
)

CITED = Citation("1.1-ab", "CPOM §1.1.2 ¶7", "the “very” words", 3, 19)
OTHER = Citation("1.1-cd", "CPOM §1.1.2 ¶8.1", "others", 0, 6)
KEYS: dict[ItemKind, Key] = {
    ItemKind.MCQ: ChoiceKey(1),
    ItemKind.CLOZE: AcceptedKey(("CSC", "Consolidated Service Center")),
    ItemKind.MATCHING: PairsKey(((0, 1), (1, 0))),
    ItemKind.ORDERING: OrderKey((1, 0)),
    ItemKind.SHORT: AcceptedKey(("One. Two.",)),
}


def item_of(kind: ItemKind) -> QuizItem:
    return QuizItem(
        id=f"{kind}-1",
        kind=kind,
        level=Level.APPLICATION,
        stem="Welche?\nZeile ____",
        key=KEYS[kind],
        citations=(CITED, OTHER),
        rationales=(Rationale("That is it.", CITED), Rationale("That is the other.", OTHER)),
        topic="CPOM §1.1.2",
        fact="1.1-ab:3-19",
        options=("left", "right"),
        prompts=("first", "second"),
        rubric=(RubricPoint("says so", CITED, 2),),
        origin="list",
    )


@pytest.fixture
def scenario() -> Scenario:
    decision = Decision("What now?", ("this", "that"), 1, (Rationale("No.", OTHER), Rationale("Yes.", CITED)))
    return Scenario(
        id="s1",
        title="A robot",
        role="You are the manager.",
        situation="It stands still.",
        decisions=(decision, replace(decision, prompt="And then?", best=0)),
        question="Why?",
        rubric=(RubricPoint("says why", CITED, 2), RubricPoint("says how", OTHER)),
        model_answer=(Rationale("Because.", CITED), Rationale("So.", OTHER)),
        topic="CPOM §1.1.1",
    )


def through_json(record: object) -> Any:
    return json.loads(json.dumps(record, ensure_ascii=False))


@pytest.mark.parametrize("kind", list(ItemKind))
def test_a_stored_item_comes_back_whole(kind: ItemKind) -> None:
    assert item_from_record(through_json(item_to_record(item_of(kind)))) == item_of(kind)


def test_a_stored_scenario_comes_back_whole(scenario: Scenario) -> None:
    assert scenario_from_record(through_json(scenario_to_record(scenario))) == scenario


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        (ItemKind.MCQ, 1),
        (ItemKind.CLOZE, ["CSC", "Consolidated Service Center"]),
        (ItemKind.MATCHING, [["first", "right"], ["second", "left"]]),
        (ItemKind.ORDERING, [1, 0]),
        (ItemKind.SHORT, ["One. Two."]),
    ],
)
def test_the_key_has_the_form_of_its_kind(kind: ItemKind, key: object) -> None:
    assert item_to_json(item_of(kind))["key"] == key


def test_an_item_has_the_fields_that_scripts_rely_on() -> None:
    found = through_json(item_to_json(item_of(ItemKind.MCQ)))
    assert {"id", "kind", "level", "stem", "options", "key", "rationales", "citations", "topic"} <= found.keys()
    assert found["rationales"] == [
        "That is it. “the ‘very’ words” (CPOM §1.1.2 ¶7)",
        "That is the other. “others” (CPOM §1.1.2 ¶8.1)",
    ]
    assert found["citations"][0] == {
        "passage_id": "1.1-ab", "address": "CPOM §1.1.2 ¶7", "quote": "the “very” words", "start": 3, "end": 19,
    }  # fmt: skip
    assert found["rubric"][0]["criterion"] == "says so"


def test_a_reason_shows_its_quotation_even_where_its_own_words_have_it() -> None:
    cited = replace(CITED, quote="revenue", start=0, end=7)
    assert Rationale("Of “revenue” it says:", cited).line == "Of “revenue” it says: “revenue” (CPOM §1.1.2 ¶7)"


def test_an_exam_says_its_seed_time_items_and_blueprint() -> None:
    item = item_of(ItemKind.MCQ)
    found = through_json(exam_to_json(Exam(3, 2, (item,), (ExamGroup("A", "CPOM §1.1.2", 1.0, (item.id,)),), 5)))
    assert (found["seed"], found["minutes"], found["asked"]) == (3, 2, 5)
    assert found["items"] == [item_to_json(item)]
    assert found["blueprint"][0]["item_ids"] == [item.id]


def test_a_scenario_cites_each_place_once_in_the_whole(scenario: Scenario) -> None:
    found = through_json(scenario_to_json(scenario))
    assert [citation["passage_id"] for citation in found["citations"]] == ["1.1-cd", "1.1-ab"]
    assert found["decisions"][0]["best"] == 1
    assert found["decisions"][0]["feedback"][0] == "No. “others” (CPOM §1.1.2 ¶8.1)"
    assert len(found["decisions"][0]["citations"]) == 2
    assert found["model_answer"] == "Because. So."
    assert found["rubric"][0]["points"] == 2
