"""Mutations: false claims of eight kinds, the same every time, from any text."""

import random
from collections import Counter
from pathlib import Path

from cpom_tutor.config import Settings
from cpom_tutor.library import Library
from evals.checker_cases import hand_cases, made_cases, true_cases
from evals.mutations import KINDS, Mutator, Supported
from evals.public_sets import public_file
from evals.restatements import restated
from evals.runs import Run
from evals.suites import wice
from evals.suites.checker import auroc

SHOP = (
    "The owner of Green Lane Bakery can sell 200 loaves a day, and the manager often orders flour, yeast, and salt.",
    "During the winter months, the Harbour Trust lends boats, warm jackets, and spare oars to local schools.",
    "Two inspectors visit the kitchen after a written complaint about the Blue Door Cafe.",
)
CLAIM = Supported("1", SHOP[0], (SHOP[0],), "1")


def test_each_kind_changes_the_claim_or_its_evidence_and_nothing_else() -> None:
    found = list(Mutator(SHOP).all_of([CLAIM]))
    assert {"number", "negation", "swapped_role", "wrong_citation", "stronger_modal", "added_detail"} <= {
        mutation.kind for mutation in found
    }
    for mutation in found:
        if mutation.kind == "wrong_citation":
            assert mutation.claim == CLAIM.claim
            assert mutation.evidence[0] in SHOP[1:]
        else:
            assert mutation.claim != CLAIM.claim
            assert mutation.evidence == CLAIM.evidence


def test_the_same_seed_gives_the_same_mutations_and_another_gives_others() -> None:
    first, again, other = (
        [mutation.claim for mutation in Mutator(SHOP, seed).all_of([CLAIM])] for seed in (0, 0, 5)
    )  # fmt: skip
    assert first == again
    assert first != other


def test_a_claim_without_a_number_gets_no_number_mutation() -> None:
    plain = Supported("2", "The owner sleeps well.", ("The owner sleeps well.",), "2")
    assert Mutator(SHOP).one(plain, "number") is None


def test_the_course_yields_every_kind_and_each_case_knows_its_split(library: Library) -> None:
    kinds = Counter(case.kind for case in made_cases(library))
    assert set(kinds) == set(KINDS)
    assert min(kinds.values()) >= 10
    every = [*true_cases(library), *hand_cases(), *made_cases(library)]
    for split in ("tune", "sealed"):
        assert sum(case.split == split for case in every) > len(every) / 3


def test_a_restatement_keeps_its_evidence() -> None:
    found = list(restated(CLAIM, random.Random(0)))
    assert found
    assert all(each.evidence == CLAIM.evidence and each.claim != CLAIM.claim for each in found)


def test_auroc_counts_ties_half() -> None:
    assert auroc([1.0, 1.0], [0.0]) == 1.0
    assert auroc([0.5], [0.5]) == 0.5
    assert auroc([0.0], [1.0]) == 0.0


def test_a_suite_without_its_public_data_says_so(tmp_path: Path) -> None:
    settings = Settings(tmp_path, benchmarks=tmp_path)
    assert public_file(settings, wice.FILE) is None
    result = wice.measure(Run(settings, tmp_path))
    assert result.figures == ()
    assert "skipped: not found" in result.notes[0]
