"""The writers know structure, not this course: they are tried on a small course of another subject."""

from collections.abc import Iterator

import pytest

from cpom_tutor.attempts import Grading
from cpom_tutor.course import Address
from cpom_tutor.items import ChoiceKey, ItemKind, OrderKey, PairsKey, QuizItem
from cpom_tutor.library import Library
from cpom_tutor.practice.bank import build_bank
from cpom_tutor.practice.practice import CoursePractice
from cpom_tutor.practice.validators import refusal
from cpom_tutor.practice.writers import (
    analogy,
    causes,
    cloze,
    contrasts,
    definitions,
    matching,
    ordering,
    parts,
    short,
)
from cpom_tutor.practice.writers.families import families
from ingest.load import load_corpus

COURSE = """---
course: BEE
module: 1
module_title: The Apiary
section: "1.1"
title: Keeping Bees
---

## 1.1.1 A Colony at Work

While a queen provides steady growth in the number of young workers, the beekeeper provides steady growth in the \
harvest of surplus honey. Fresh pollen leads to healthy brood, which in turn leads to strong foragers.

The new keeper has to know the four tasks of a summer apiary:

- Swarm Watching: A crowded colony raises new queens along the comb edge. Half of the foragers may leave within \
a single week.
- Honey Harvesting: Full frames are sealed with pale wax before anyone lifts them. The extractor spins the \
liquid out of open cells.
- Disease Inspection: Sunken brood cells point to an infection that spreads between neighbouring hives.
- Water Supply: A shallow basin with floating cork keeps thirsty insects from drowning in July.

The seasons of the yard differ in what they ask for:

| Season | Work |
|---|---|
| Early Spring | Emergency feeding, hive cleaning, and colony strength estimates. |
| High Summer | Super stacking, swarm prevention, and honey extraction. |
| Late Autumn | Mite treatment, entrance reduction, and sugar syrup feeding. |
| Deep Winter | Roof insulation, snow removal, and quiet listening checks. |

By feeding sugar syrup, the keeper carries the colony through a cold spring. By moving frames apart, the keeper \
delays the urge to swarm. By clipping the grass, the keeper keeps damp air away from the floor.

The jar that we sell is weighed carefully, washed in warm water, filled from the lower tap, closed with a new \
lid, and labelled by hand.

::: analogy The Hive and the Town

A hive is like a town. The guards are like others whom we know:

- Guard Duty (Gate Keeping): She checks every visitor at the narrow entrance. This is the town watching \
travellers, carts, and parcels.
- Nursery Care (Child Rearing): She warms the youngest larvae through cool nights. This is the town teaching \
infants, feeding orphans, and treating fevers.
- Waste Removal (Street Cleaning): She carries crumbs and corpses far outside. This is the town sweeping \
pavements, emptying bins, and burning rubbish.
- Food Storage (Grain Banking): She packs nectar into deep cells for winter. This is the town filling barns, \
drying grain, and sealing jars.

:::
"""


@pytest.fixture(scope="module")
def bees(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("bees")
    (folder / "course.yaml").write_text("code: BEE\ntitle: Bee Keeper\n", encoding="utf-8")
    (folder / "bees.md").write_text(COURSE, encoding="utf-8")
    corpus = load_corpus(folder)
    assert corpus.refused == ()
    return corpus.library("bees")


class RuleOnly:
    """Marks nothing: no free text is marked here."""

    def grade(self, *words: object) -> Grading:
        raise AssertionError(words)


def keys(items: Iterator[QuizItem]) -> dict[str, str]:
    return {
        item.stem: item.options[item.key.index] for item in items if isinstance(item.key, ChoiceKey)
    }  # fmt: skip


def test_families_are_called_as_the_course_calls_them(bees: Library) -> None:
    phrases = [family.phrase for family in families(bees)]
    assert "the four tasks of a summer apiary" in phrases


def test_a_description_is_asked_for_its_name(bees: Library) -> None:
    found = keys(definitions.write(bees))
    sentence = "“Sunken brood cells point to an infection that spreads between neighbouring hives.”"
    asked = f"{sentence}\n\nIn explaining which of the four tasks of a summer apiary does the course say this?"
    assert found[asked] == "Disease Inspection"


def test_a_part_of_a_row_is_asked_for_its_row_and_the_other_way(bees: Library) -> None:
    assert keys(parts.write(bees))[
        "Under which of the seasons in the course’s table does the course put “snow removal”?"
    ] == ("Deep Winter")
    asked = "What does the course put under “Deep Winter”, one of the seasons in the course’s table?"
    assert "Roof insulation" in {item.options[0] for item in parts.write(bees) if item.stem == asked}


def test_an_analogy_is_asked_in_both_directions(bees: Library) -> None:
    found = keys(analogy.write(bees))
    assert found["In the analogy “The Hive and the Town”, what does “Waste Removal” stand for?"] == "Street Cleaning"
    assert found["In the analogy “The Hive and the Town”, what stands for “Grain Banking”?"] == "Food Storage"
    doing = {key for stem, key in found.items() if "what does the course say this is the town doing?" in stem}
    assert "Watching travellers, carts, and parcels" in doing


def test_a_contrast_is_asked_with_its_halves_crossed(bees: Library) -> None:
    items = list(contrasts.write(bees))
    assert len(items) == 2
    assert items[0].stem.endswith("what does the beekeeper provide steady growth in?")
    assert items[0].options == (
        "the harvest of surplus honey",
        "the number of young workers",
        "the harvest of young workers",
        "the number of surplus honey",
    )


def test_means_are_asked_for_by_their_end(bees: Library) -> None:
    found = keys(causes.write(bees))
    asked = "According to the course, how does the keeper delay the urge to swarm?"
    assert found[asked] == "By moving frames apart"


def test_steps_and_chains_are_put_in_order(bees: Library) -> None:
    chain, steps = ordering.write(bees)
    assert chain.options == ("Fresh pollen", "Healthy brood", "Strong foragers")
    assert steps.options[0] == "Weighed carefully"
    assert isinstance(steps.key, OrderKey)
    assert steps.key.indices == (0, 1, 2, 3, 4)


def test_names_and_parts_are_matched(bees: Library) -> None:
    items = list(matching.write(bees))
    assert {item.origin for item in items} == {"analogy", "table", "list"}
    for item in items:
        assert isinstance(item.key, PairsKey)
        assert len(item.prompts) == len(item.options) == 4


def test_a_list_is_asked_whole_and_to_be_explained(bees: Library) -> None:
    items = {item.stem: item for item in short.write(bees)}
    listed = items["Which four tasks of a summer apiary does the course name?"]
    assert [point.criterion for point in listed.rubric] == [
        "Swarm Watching", "Honey Harvesting", "Disease Inspection", "Water Supply",
    ]  # fmt: skip
    whole = items["Which four tasks of a summer apiary does the course name, and what is each about?"]
    assert all(point.citation.quote.startswith(point.criterion[:30]) for point in whole.rubric)
    row = items[
        "Which three components does the course list under “Deep Winter”, one of the seasons in the course’s table?"
    ]
    assert [point.criterion for point in row.rubric] == ["Roof insulation", "Snow removal", "Quiet listening checks"]


def test_a_gap_stands_for_a_telling_word_and_is_narrowed_by_its_first_letter(bees: Library) -> None:
    items = list(cloze.write(bees))
    assert items
    for item in items:
        assert item.kind is ItemKind.CLOZE
        assert item.stem.count("____") == 1
        answer = item.key.texts[0] if hasattr(item.key, "texts") else ""
        assert item.citations[0].quote.replace(answer, "____", 1) in item.stem or answer in item.citations[0].quote
        assert "beginning with" in item.stem or answer.isupper() or answer[0].isdigit()


def test_another_course_gets_a_quiz_that_passes_the_validators(bees: Library) -> None:
    bank = build_bank(bees)
    assert {item.kind for item in bank.items.values()} == set(ItemKind)
    assert [item.id for item in bank.items.values() if refusal(item, bees)] == []
    items = CoursePractice(lambda: bees, RuleOnly()).quiz(count=12, seed=0)
    assert len(items) == 12
    assert {item.topic for item in items} == {str(Address("BEE", "1.1.1"))}


def test_a_reason_does_not_name_twice_what_the_course_names_first(bees: Library) -> None:
    reasons = [reason for writer in (definitions, matching) for item in writer.write(bees)
               for reason in item.rationales]  # fmt: skip
    openings = [f"{reason.text} {reason.citation.quote[:40]}" for reason in reasons]
    tasks = ("Swarm Watching", "Honey Harvesting", "Disease Inspection", "Water Supply")
    named = [opening for opening in openings if any(f"{task}: " in opening for task in tasks)]
    assert any(opening.startswith("The course says: Swarm Watching:") for opening in named)
    assert [opening for opening in named if any(opening.count(task) > 1 for task in tasks)] == []
