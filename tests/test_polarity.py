"""Rules of the checker that read denials, roles and scope, and the features of clauses and neighbours."""

import numpy as np
import pytest

from cpom_tutor.grounding.alignment import Word
from cpom_tutor.grounding.polarity import disagreement
from cpom_tutor.grounding.relations import parts_of, relations
from cpom_tutor.grounding.roles import strange_role
from cpom_tutor.grounding.scales import plainly_overstated, widened

LEARNING = "Maintaining the credential will require an ongoing commitment to professional development."
PATIENTS = "While patients may never know what a CPOM is, they are the ultimate beneficiaries."


@pytest.mark.parametrize(
    ("claim", "sentence", "words"),
    [
        ("Once you have it, no further professional development is needed.", LEARNING, ("develop", "profession")),
        ("Patients usually know what a CPOM is.", PATIENTS, ("cpom", "know")),
        ("Patients need not know what a CPOM is.", PATIENTS, ()),
        ("Professional development goes on.", LEARNING, ()),
        ("It takes more than professional development.", LEARNING, ()),
        ("Not just professional development is required.", LEARNING, ()),
    ],
)
def test_words_that_one_side_denies_and_the_other_states_are_disputed(
    claim: str, sentence: str, words: tuple[str, ...]
) -> None:
    assert disagreement(claim, [sentence]) == words


@pytest.mark.parametrize(
    ("claim", "evidence", "role"),
    [
        ("Employers benefit most.", "Patients are the ultimate beneficiaries.", "Employers"),
        ("Nurses resolve it with the doctor.", "A pharmacist resolves it with the prescriber.", "Nurses"),
        ("Doctors and pharmacists do it.", "A pharmacist resolves it with the prescriber.", ""),
        ("The chef sets prices.", "She sets the menu prices and manages the staff of patients.", ""),
        ("Nurses use it.", "It is used daily.", ""),
        ("Employers gain safer care.", "The hospital gains safer care for patients.", ""),
    ],
)
def test_a_role_that_the_evidence_says_nothing_of_is_named(claim: str, evidence: str, role: str) -> None:
    assert strange_role(claim, evidence) == role


@pytest.mark.parametrize(
    ("claim", "evidence", "noun"),
    [
        ("Every clinician struggles.", "Many talented clinicians struggle.", "clinician"),
        ("All the managers do it.", "Some managers do it.", "managers"),
        ("Many clinicians struggle.", "Many talented clinicians struggle.", ""),
        ("Every site is checked.", "Many talented clinicians check each site.", ""),
    ],
)
def test_all_of_them_is_more_than_many(claim: str, evidence: str, noun: str) -> None:
    assert widened(claim, evidence) == noun


@pytest.mark.parametrize(
    "claim",
    ["No single way suits every hospital.", "They believe they must know it.", "They are only named there."],
)
def test_a_strong_word_that_stresses_nothing_is_no_overstatement(claim: str) -> None:
    assert plainly_overstated(claim, "It often may help.") == ""


def test_a_strong_word_in_place_of_a_hedge_is_an_overstatement() -> None:
    assert plainly_overstated("It must help.", "It often may help.") == "must"


def words_of(text: str) -> tuple[Word, ...]:
    starts, place = [], 0
    for word in text.split():
        starts.append(text.index(word, place))
        place = starts[-1] + len(word)
    return tuple(
        Word(word.strip(",.").lower(), word, number, start)
        for number, (word, start) in enumerate(zip(text.split(), starts, strict=True))
    )


def weighed(claim: str, evidence: str) -> dict[str, float]:
    mine, theirs = words_of(claim), words_of(evidence)
    answers = np.array([[float(word.stem == other.stem) for other in theirs] for word in mine])
    stems = sorted({word.stem for word in (*mine, *theirs)})
    vectors = [np.array([[float(word.stem == stem) for stem in stems] for word in each]) for each in (mine, theirs)]
    return relations(claim, mine, evidence, theirs, answers, vectors[0], vectors[1])


def test_a_clause_of_its_own_leaves_a_gap_at_the_end() -> None:
    evidence = "technicians count stock daily, pharmacists check orders"
    close, added = (
        weighed("technicians count stock", evidence),
        weighed("technicians count stock, robots sell books", evidence),
    )
    assert close["clause_gap"] == 0.0
    assert added["clause_gap"] > 0.9
    assert added["clause_last"] < 0.1 < close["clause_last"]
    assert added["left_out"] == 3.0


def test_neighbours_from_two_ends_of_the_evidence_are_not_joined_there() -> None:
    evidence = "technicians count stock daily, nurses give drugs early, pharmacists check orders"
    assert weighed("technicians count stock", evidence)["joined_lost"] == 0.0
    swapped = weighed("technicians check orders", evidence)
    assert swapped["joined_lost"] == 1.0
    assert swapped["clause_together_worst"] < 1.0


def test_a_part_of_one_word_goes_with_its_neighbour() -> None:
    import re

    text = "however, technicians count stock, daily"
    assert parts_of(text, words_of(text), re.compile(",")) == [[0, 1, 2, 3, 4]]
