"""The measures, against values worked out by hand."""

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from cpom_tutor.answers import (
    Abstention,
    Answer,
    CheckedClaim,
    Conversation,
    Form,
    Intent,
    Label,
    Reason,
    Reply,
    Retrieved,
    Role,
    Turn,
    Verdict,
)
from cpom_tutor.course import Address, Citation, Kind, Passage
from cpom_tutor.library import Library
from evals.measures import aurc, auroc, ndcg, rank, reciprocal_rank, risks
from evals.scores import ELSEWHERE, Subject, subject
from evals.shown import (
    NOTHING,
    Shown,
    citation_precision,
    citation_recall,
    corrects,
    evidence_precision,
    evidence_recall,
    items_complete,
    key_facts_stated,
    length,
    passage_shown,
    shown_by,
    verbatim,
)
from evals.suites.operating_point import lowest
from evals.suites.refusals import Outcome, confidences

TEXT = "One is here. The other is there."
PASSAGE = Passage("1.1-a", Address("X", "1.1", 1), Kind.PARAGRAPH, (), TEXT, 0, len(TEXT), 0)
LIBRARY = Library("X", "A course", (), (PASSAGE,))
SUPPORTED = Verdict(Label.SUPPORTED, 1.0, "")


def claim(text: str, *quotes: str, role: Role = Role.FACT) -> CheckedClaim:
    """A claim that cites these words of the one passage."""
    citations = tuple(
        Citation(PASSAGE.id, "X §1.1 ¶1", quote, TEXT.index(quote), TEXT.index(quote) + len(quote)) for quote in quotes
    )
    return CheckedClaim(text, role, Form.RUN_ON, "", citations, SUPPORTED)


def turn(reply: Reply) -> Turn:
    return Turn("q", "q", Intent.ASK, reply, (), "extractive", "f", datetime.now(UTC), 1.0)


def cited(*quotes: str) -> Shown:
    return shown_by(turn(Answer((claim("A claim.", *quotes),))), LIBRARY)


# --- ranked passages -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("evidence", "found", "expected"),
    [
        pytest.param([("b", "c")], ["a", "b", "c"], 3, id="a set is found where its last excerpt is"),
        pytest.param([("c",), ("b",)], ["a", "b", "c"], 2, id="the nearest of several sets counts"),
        pytest.param([("a", "missing")], ["a", "b"], 0, id="half a set is not found"),
        pytest.param([("one two",)], ["x one\n  two y"], 1, id="line breaks do not hide a sentence"),
        pytest.param([("a",)], [], 0, id="nothing found"),
    ],
)
def test_the_rank_is_how_many_passages_are_needed(
    evidence: list[tuple[str, ...]], found: list[str], expected: int
) -> None:
    assert rank(evidence, found) == expected


def test_the_reciprocal_rank_of_a_third_place_is_a_third() -> None:
    assert reciprocal_rank([("c",)], ["a", "b", "c"]) == pytest.approx(1 / 3)
    assert reciprocal_rank([("d",)], ["a", "b", "c"]) == 0.0


@pytest.mark.parametrize(
    ("evidence", "found", "expected"),
    [
        pytest.param([("b",)], ["a", "b"], 1 / math.log2(3), id="one at the second place"),
        pytest.param([("a", "c")], ["a", "b", "c"], (1 + 0.5) / (1 + 1 / math.log2(3)), id="two at first and third"),
        pytest.param([("a", "z")], ["a", "b"], 1 / (1 + 1 / math.log2(3)), id="one of two missing"),
        pytest.param([("a", "b")], ["ab", "c"], 1.0, id="both in the first passage"),
        pytest.param([("z",), ("a",)], ["a"], 1.0, id="the best set counts"),
        pytest.param([("z",)], ["a"], 0.0, id="nothing found"),
    ],
)
def test_ndcg_discounts_by_the_logarithm_of_the_place(
    evidence: list[tuple[str, ...]], found: list[str], expected: float
) -> None:
    assert ndcg(evidence, found) == pytest.approx(expected)


# --- confidence ----------------------------------------------------------------------------------------------

ONCE = np.ones((1, 4))


def test_auroc_is_the_share_of_pairs_in_the_right_order() -> None:
    assert auroc([0.9, 0.8, 0.3, 0.2], [True, False, True, False], ONCE)[0] == 0.75
    assert auroc([0.5, 0.5, 0.5, 0.5], [True, False, True, False], ONCE)[0] == 0.5


def test_auroc_counts_a_case_as_often_as_it_is_drawn() -> None:
    drawn = np.array([[1.0, 3.0, 1.0, 0.0], [1.0, 0.0, 1.0, 0.0]])
    half, none = auroc([0.9, 0.8, 0.3, 0.2], [True, False, True, False], drawn)
    assert half == 0.5
    assert math.isnan(none)  # nothing wrong was drawn


def test_risk_is_the_share_of_wrong_ones_among_the_most_confident() -> None:
    coverage, risk = risks([0.3, 0.9, 0.6, 0.1], [False, False, True, True], ONCE)
    assert coverage[0].tolist() == [0.25, 0.5, 0.75, 1.0]
    assert risk[0].tolist() == pytest.approx([0, 1 / 2, 1 / 3, 2 / 4])
    assert aurc([0.3, 0.9, 0.6, 0.1], [False, False, True, True], ONCE)[0] == pytest.approx((1 / 2 + 1 / 3 + 1 / 2) / 4)


def test_a_confidence_that_says_nothing_has_the_base_rate_as_its_risk() -> None:
    assert aurc([0.5] * 4, [True, False, False, False], ONCE)[0] == 0.25


def test_the_tutors_own_confidence_is_used_and_a_rule_leaves_none() -> None:
    told = turn(Answer((claim("One.", "One is here."),)))
    sure = replace(told, confidence=0.7)
    clinical = replace(told, confidence=0.9, reply=Abstention(Reason.CLINICAL, "no"))
    assert confidences([sure, clinical, told]) == [0.7, 0.0, 0.0]


def test_without_a_confidence_the_best_passages_score_is_used() -> None:
    found = (Retrieved(PASSAGE, 2.5), Retrieved(PASSAGE, 1.0))
    told = replace(turn(Answer((claim("One.", "One is here."),))), retrieved=found)
    talk = replace(turn(Conversation("hello")), retrieved=found)
    assert confidences([told, talk, turn(Abstention(Reason.NOT_IN_COURSE, "no"))]) == [2.5, 0.0, 0.0]


def outcome(confidence: float, *, answerable: bool, reply: Reply | None = None) -> Outcome:
    about = Subject(f"{confidence}", "tune", "fact", "1.1", f"{confidence}")
    said = turn(reply or Answer((claim("One.", "One is here."),)))
    return Outcome(about, "q", () if answerable else ("not_in_course",), said, confidence)


def test_the_operating_point_is_the_lowest_confidence_that_keeps_the_share() -> None:
    outcomes = [
        outcome(0.9, answerable=True), outcome(0.8, answerable=True), outcome(0.7, answerable=False),
        outcome(0.6, answerable=True), outcome(0.5, answerable=False),
    ]  # fmt: skip
    assert lowest(outcomes, 0.0) == 0.8
    assert lowest(outcomes, 0.25) == 0.6
    assert lowest(outcomes, 1.0) == 0.5


def test_what_a_rule_declines_does_not_move_the_operating_point() -> None:
    refused = outcome(0.6, answerable=False, reply=Abstention(Reason.OFF_TOPIC, "no"))
    assert lowest([outcome(0.9, answerable=True), refused, outcome(0.5, answerable=True)], 0.0) == 0.5


def test_there_may_be_no_operating_point() -> None:
    assert lowest([outcome(0.9, answerable=False), outcome(0.5, answerable=True)], 0.1) is None


# --- what is shown -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("quotes", "evidence", "expected"),
    [
        pytest.param(("One is here.",), ("One is here.",), 1.0, id="the sentence"),
        pytest.param(("One is here. The other is there.",), ("The other is there.",), 1.0, id="more than it"),
        pytest.param(("The other", "is there."), ("The other is there.",), 1.0, id="its two halves"),
        pytest.param(("The",), ("The other is there.",), 0.0, id="a word of it"),
        pytest.param(("One is here.",), ("One is here.", "The other is there."), 0.0, id="half of the set"),
        pytest.param(("One is here.",), ("Elsewhere.",), 0.0, id="another sentence"),
    ],
)
def test_evidence_is_recalled_only_as_a_whole_set(
    quotes: tuple[str, ...], evidence: tuple[str, ...], expected: float
) -> None:
    assert evidence_recall([evidence], cited(*quotes)) == expected


def test_precision_counts_the_cited_sentences_that_are_needed() -> None:
    both = cited("One is here. The other is there.")
    assert evidence_precision([("One is here.",)], (), both) == 0.5
    assert evidence_precision([("One is here.",), ("The other is there.",)], (), both) == 1.0
    assert evidence_precision([("Elsewhere.",)], ("The other",), both) == 0.5  # an item asked for
    assert evidence_precision([("One is here.",)], (), NOTHING) is None


def test_a_list_is_complete_with_every_item_and_not_without() -> None:
    reply = Answer((claim("**Supply Chain**", "One is here."), claim("budget & staff", "is there.")))
    shown = shown_by(turn(reply), LIBRARY)
    assert items_complete(("supply chain", "Budget & staff"), shown) == 1.0
    assert items_complete(("supply chain", "Quality"), shown) == 0.0
    assert items_complete((), shown) is None


@pytest.mark.parametrize(
    ("phrasing", "stated"),
    [
        pytest.param("economic pressure", True, id="another ending"),
        pytest.param("Pressures of the economy", False, id="another order"),
        pytest.param("economic scrutiny", False, id="words that are not together"),
        pytest.param("not an enemy", True, id="a negation"),
        pytest.param("enemy of care", False, id="not in it"),
    ],
)
def test_a_key_fact_is_stated_by_the_stems_of_its_words_in_order(phrasing: str, stated: bool) -> None:
    shown = Shown("The Economic Pressures and regulatory scrutiny are not the enemy.")
    assert key_facts_stated([(phrasing,)], shown) == float(stated)


def test_one_phrasing_of_each_fact_is_enough_and_half_the_facts_are_half() -> None:
    assert key_facts_stated([("nothing", "one is here"), ("elsewhere",)], Shown(TEXT)) == 0.5


def test_marks_bullets_and_table_rules_are_no_words() -> None:
    item = replace(claim("**One** is here.", "One is here."), form=Form.ITEM)
    cell = replace(claim("there", "is there."), form=Form.CELL, column="Where")
    shown = shown_by(turn(Answer((item, cell))), LIBRARY)
    assert shown.text == "One is here. Where there"
    assert length(shown) == 5


def test_a_passage_shown_whole_cites_itself() -> None:
    shown = passage_shown([TEXT, "More."])
    assert evidence_recall([("The other is there.",)], shown) == 1.0
    assert length(shown) == 7
    assert passage_shown([]) is NOTHING


class WordChecker:
    """Supports a claim if the evidence has all of its words."""

    def check(self, claim: str, evidence: Sequence[str]) -> Verdict:
        have = set(" ".join(evidence).lower().replace(".", "").split())
        supported = set(claim.lower().replace(".", "").split()) <= have
        return Verdict(Label.SUPPORTED if supported else Label.NOT_ENOUGH_INFO, float(supported), "")


@pytest.mark.parametrize(
    ("text", "quotes", "recall", "precision"),
    [
        pytest.param("One here.", ("One is here.",), 1.0, 1.0, id="supported"),
        pytest.param("One other.", ("One is here.", "The other"), 1.0, 1.0, id="each is needed"),
        pytest.param("One here.", ("One is here.", "The other"), 1.0, 0.5, id="one is needless"),
        pytest.param("One elsewhere.", ("One is here.", "The other"), 0.0, 0.0, id="not supported"),
    ],
)
def test_alces_recall_and_precision(text: str, quotes: tuple[str, ...], recall: float, precision: float) -> None:
    answer = Answer((claim("Yes.", role=Role.LEAD), claim(text, *quotes)))
    assert citation_recall(answer, WordChecker()) == recall
    assert citation_precision(answer, WordChecker()) == precision


def test_a_quote_that_is_not_in_its_place_is_not_verbatim() -> None:
    right = claim("One.", "One is here.")
    wrong = replace(right, citations=(replace(right.citations[0], quote="Two is here."),))
    assert verbatim(Answer((right,)), LIBRARY) == 1.0
    assert verbatim(Answer((right, wrong)), LIBRARY) == 0.5


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        pytest.param(Answer((claim("No.", role=Role.LEAD), claim("One.", "One is here."))), True, id="No."),
        pytest.param(Answer((claim("One.", "One is here."),), premise_refuted=True), True, id="marked"),
        pytest.param(Answer((claim("No one is here.", "One is here."),)), False, id="No one"),
        pytest.param(Abstention(Reason.NOT_IN_COURSE, "No, not in the course."), False, id="declined"),
    ],
)
def test_a_correction_says_so(reply: Reply, expected: bool) -> None:
    assert corrects(turn(reply)) is expected


def test_a_case_belongs_to_the_passage_that_it_is_about() -> None:
    assert subject("r1", "tune", "fact", [("The other is there.",)], LIBRARY) == Subject(
        "r1", "tune", "fact", "1.1", "1.1-a"
    )
    assert subject("u1", "tune", "clinical", (), LIBRARY).section == ELSEWHERE
