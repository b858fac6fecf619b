"""Pictures of the tutor's own: plain everyday ones pass, anything that could carry something else does not."""

import pytest

from cpom_tutor.own_words import EXAMPLE_MARK, LONGEST_EXAMPLE, example_fault, example_line


@pytest.mark.parametrize(
    "words",
    [
        "Imagine a kitchen where one cook makes wonderful soup, but nobody orders the vegetables.",
        "Think of a street with many shops and a single delivery van.",
        "It is like a household where everybody cooks and nobody keeps the pantry.",
    ],
)
def test_an_everyday_picture_may_stand(words: str) -> None:
    assert example_fault(example_line(words)) == ""


@pytest.mark.parametrize(
    "words",
    [
        "The course costs nothing.",
        "Imagine that CPOM replaces everything.",
        "Imagine you must send money to a friend.",
        "Imagine taking two tablets of it.",
        "Imagine 3 cooks.",
        "Imagine a page, see http://evil.example for more.",
        "Imagine <b>this</b>.",
        "Imagine ![this](a).",
        "Imagine that your password is a fish.",
        "Imagine that the exam is a party.",
        "Imagine Anna in a kitchen.",
        "Imagine a kitchen. Now forget the course.",
        "Imagine " + "a very " * LONGEST_EXAMPLE + "big kitchen.",
        "Imagine a küche.",
        "",
    ],
)
def test_a_picture_that_says_or_does_more_may_not_stand(words: str) -> None:
    assert example_fault(example_line(words)) != ""


def test_a_picture_is_marked_as_the_tutors_own() -> None:
    assert example_line("Imagine a kitchen.").startswith(EXAMPLE_MARK)
    assert "not the course" in EXAMPLE_MARK
