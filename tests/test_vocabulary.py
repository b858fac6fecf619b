"""What a course's terms are, and when a hint of length and first letter decides."""

from pathlib import Path

import pytest

from cpom_tutor.library import Library
from cpom_tutor.practice.validators.vocabulary import size_of, vocabulary
from cpom_tutor.practice.validators.wording import is_sentence
from ingest.load import load_corpus


@pytest.fixture(scope="module")
def library(corpus: Path) -> Library:
    return load_corpus(corpus).library()


@pytest.mark.parametrize("term", ["supply chain management", "hospital administration", "great resignation", "dish"])
def test_what_recurs_or_is_quoted_is_a_term(library: Library, term: str) -> None:
    assert term in vocabulary(library).terms


@pytest.mark.parametrize("words", ["four", "analogy", "skill set", "other similar credentials", "mastery", "chain"])
def test_numbers_fillers_names_of_parts_and_common_words_are_no_terms(library: Library, words: str) -> None:
    assert words not in vocabulary(library).terms


def test_abbreviations_are_terms_but_for_the_name_of_the_course(library: Library) -> None:
    known = vocabulary(library).abbreviations
    assert {"USP", "DEA", "BPS"} <= known
    assert "CPOM" not in known


def test_a_hint_gives_the_first_letter_and_the_letters_of_each_word() -> None:
    assert size_of("Supply chain management") == ("s", (6, 5, 10))
    assert size_of("super-pharmacist") == ("s", (15,))


def test_another_word_of_the_course_with_the_hint_makes_it_undecided(library: Library) -> None:
    known = vocabulary(library)
    assert known.also_fits("efficiency")
    assert size_of(known.also_fits("efficiency")) == size_of("excellence") == size_of("efficiency")


def test_only_another_abbreviation_competes_with_an_abbreviation(library: Library) -> None:
    assert vocabulary(library).also_fits("EHR") == ""
    assert vocabulary(library).also_fits("DEA") == "DME"


def test_a_form_of_the_answer_itself_is_no_rival(library: Library) -> None:
    assert vocabulary(library).also_fits("hospital administration") == ""


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("Operational errors are a primary source of patient harm.", True),
        ("Managing this technology requires a skill set far beyond what is taught in pharmacy school.", True),
        ("“Operations” is the heart of this certification.", True),
        ("Understanding the critical need for a credential that bridges the gap between the two.", False),
        ("Centralized hubs that provide services like sterile compounding for an entire network.", False),
        ("The traditional core of hospital practice, including central pharmacy operations.", False),
        ("Operational errors are a primary source of patient harm", False),
    ],
)
def test_a_heading_and_a_noun_with_a_relative_clause_are_no_sentences(text: str, whole: bool) -> None:
    assert is_sentence(text) is whole
