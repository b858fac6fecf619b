"""Words as the rules compare them."""

import pytest

from cpom_tutor.language import NEGATIONS, STOPWORDS, content_stems, coverage, names, numbers, plain, stem, tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello, World!", ("hello", "world")),
        ("razor-thin margins", ("razor", "thin", "margins")),
        ("USP <797> and <800>", ("usp", "797", "and", "800")),
        ("It isn’t; it isn't.", ("it", "isn't", "it", "isn't")),
        ("**Bold** `code`", ("bold", "code")),
        ("$1,500.50 or 25%", ("$1500.50", "or", "25%")),
        ("340B Program", ("340b", "program")),
        ("clinical/operational", ("clinical", "operational")),
        ("", ()),
        (" — … ", ()),
    ],
)
def test_tokens_are_lower_case_words_and_numbers(text: str, expected: tuple[str, ...]) -> None:
    assert tokens(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("five forces and 12 more", {"5", "12"}),
        ("six- or seven-figure fines", {"6", "7"}),
        ("1,500 people", {"1500"}),
        ("USP <797>", {"797"}),
        ("a dozen pharmacists", {"12"}),
        ("the third item, twice", {"3", "2"}),
        ("one of the first", set()),
        ("340B Program", {"340b"}),
        ("no figures here", set()),
    ],
)
def test_number_words_and_digits_are_the_same_numbers(text: str, expected: set[str]) -> None:
    assert numbers(text) == expected


@pytest.mark.parametrize(
    ("text", "has", "has_not"),
    [
        ("The USP and the DEA agree.", {"usp", "dea"}, {"the", "agree"}),
        ("We asked the Joint Commission.", {"joint", "commission"}, {"we", "asked"}),
        ("Many pharmacists lead. Others follow.", set(), {"many", "others", "pharmacists"}),
        ("“Operations” is the heart.", set(), {"operations"}),
        ("ADCs and EHRs help.", {"adc", "ehr"}, {"adcs", "help"}),
        ("Points: Time matters.", set(), {"time"}),
        ("no names at all", set(), {"no", "names"}),
    ],
)
def test_names_are_acronyms_and_capitals_inside_a_sentence(text: str, has: set[str], has_not: set[str]) -> None:
    assert has <= names(text)
    assert not has_not & names(text)


@pytest.mark.parametrize(
    ("first", "second"),
    [("manager", "managers"), ("managing", "manages"), ("certified", "certify"), ("technology", "technologies")],
)
def test_forms_of_one_word_have_one_stem(first: str, second: str) -> None:
    assert stem(first) == stem(second)


def test_different_words_keep_different_stems() -> None:
    words = ["operation", "optimal", "pharmacy", "patient", "technician", "technology", "manager", "budget"]
    assert len({stem(word) for word in words}) == len(words)


def test_content_stems_leave_out_the_small_words_and_keep_the_order() -> None:
    assert content_stems("What is the heart of the certification?") == (stem("heart"), stem("certification"))
    assert content_stems("what is it") == ()


def test_negations_carry_meaning() -> None:
    assert not NEGATIONS & STOPWORDS - {"don't", "doesn't", "isn't", "aren't", "can't", "won't"}
    assert "not" in content_stems("It is not cheap.")


@pytest.mark.parametrize(
    ("claim", "evidence", "share"),
    [
        ("managers reduce costs", "A manager reduced the cost.", 1.0),
        ("managers reduce wages", "A manager works.", 1 / 3),
        ("penguins swim", "A manager works.", 0.0),
        ("the of and", "A manager works.", 1.0),
        ("managers", "", 0.0),
    ],
)
def test_coverage_is_the_share_of_the_claims_content_words(claim: str, evidence: str, share: float) -> None:
    assert coverage(claim, evidence) == pytest.approx(share)


def test_plain_text_has_one_kind_of_apostrophe_and_no_emphasis() -> None:
    assert plain("**It’s** `so`") == "It's so"
