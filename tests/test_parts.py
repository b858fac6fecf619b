"""A message with several questions is taken apart where a new one starts, and nowhere else."""

import pytest

from cpom_tutor.library import Library
from cpom_tutor.understanding.parts import MOST, parts_of
from cpom_tutor.understanding.understander import CourseUnderstander


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("what is a CSC and why does it matter?", ["what is a CSC", "why does it matter?"]),
        ("What is a CSC? What is a GPO?", ["What is a CSC?", "What is a GPO?"]),
        ("what is a CSC & how is it run", ["what is a CSC", "how is it run"]),
        ("who runs the pharmacy? and how long does it take?", ["who runs the pharmacy?", "and how long does it take?"]),
        ("is it only for hospitals? also what does ROI mean", ["is it only for hospitals?", "also what does ROI mean"]),
        ("list the soft skills, what does my boss get", ["list the soft skills", "what does my boss get"]),
        ("What is X here? Is it hard? Does it last?", ["What is X here?", "Is it hard?", "Does it last?"]),
        ("hey what is a csc plus who pays for it", ["hey what is a csc", "who pays for it"]),
    ],
)
def test_a_message_is_cut_where_a_new_question_starts(text: str, parts: list[str]) -> None:
    assert list(parts_of(text)) == parts


@pytest.mark.parametrize(
    "text",
    [
        "what is a CSC",
        "what is the difference between a tactician and a strategist",
        "what are the four forces and the five domains",
        "do I need to know what it is and how it works",
        "does the course say what it costs and who pays",
        "tell me who benefits and why",
        "I wonder what and why?",
        "Which one is it, the first or the second?",
        "My techs keep quitting. The new EHR is a mess and what I say is ignored.",
        "what? why? how?",
        "is the exam hard, or only long",
        "CPOM vs BCPS, and so on",
        "",
    ],
)
def test_one_question_stays_whole(text: str) -> None:
    assert parts_of(text) == (text,)


def test_a_long_message_is_a_story_and_stays_whole() -> None:
    several = [f"What is the number {number}?" for number in range(MOST)]
    assert parts_of(" ".join(several)) == tuple(several)
    longer = " ".join([*several, "What is the last?"])
    assert parts_of(longer) == (longer,)


# --- understood ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def understander(library: Library) -> CourseUnderstander:
    return CourseUnderstander(lambda: library)


def test_each_part_is_understood_by_itself(understander: CourseUnderstander) -> None:
    whole = understander.understand("what is a CSC, and is it hard?", ())
    first, second = whole.parts
    assert (first.resolved, second.resolved) == ("What is a CSC", "Is CSC hard?")
    assert not first.yes_no
    assert second.yes_no
    assert whole.asked == "what is a CSC, and is it hard?"
    assert whole.resolved == "What is a CSC? Is CSC hard?"


@pytest.mark.parametrize(
    "text",
    [
        "what is servant leadership and why does it matter?",
        "What is servant leadership? Is it hard to learn?",
        "tell me about servant leadership. who needs it the most?",
    ],
)
def test_a_later_part_leans_on_the_one_before_it(understander: CourseUnderstander, text: str) -> None:
    second = understander.understand(text, ()).parts[1]
    assert "servant leadership" in second.resolved.lower()
    assert "cpom" not in second.resolved.lower()


def test_a_question_that_begins_with_and_is_a_question(understander: CourseUnderstander) -> None:
    second = understander.understand("What is a CSC? And who uses it?", ()).parts[1]
    assert "who uses" in second.resolved.lower()
    assert "csc" in second.resolved.lower()
    assert "what about" not in second.resolved.lower()


def test_one_question_has_no_parts(understander: CourseUnderstander) -> None:
    assert understander.understand("what is a CSC", ()).parts == ()
