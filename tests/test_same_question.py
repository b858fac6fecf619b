"""When two questions ask the same, and above all when they do not."""

from collections.abc import Callable

import pytest

from cpom_tutor.course import GlossaryEntry
from cpom_tutor.language import content_stems
from cpom_tutor.library import Library
from cpom_tutor.reviewing.matching import difference
from cpom_tutor.reviewing.wording import Abbreviations, wording
from cpom_tutor.understanding.understander import CourseUnderstander

Difference = Callable[[str, str], str]


@pytest.fixture(scope="module")
def told(library: Library) -> Difference:
    understander = CourseUnderstander(lambda: library)
    abbreviations = Abbreviations(library.glossary)

    def between(one: str, other: str) -> str:
        first, second = understander.understand(one, ()), understander.understand(other, ())
        return difference(
            wording(first.resolved, first.intent, abbreviations),
            wording(second.resolved, second.intent, abbreviations),
        )

    return between


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("What is a CSC?", "whats a consolidated service centre"),
        ("What is a CSC?", "can you explain what CSCs are"),
        ("What does BCPS stand for?", "what do the letters bcps mean"),
        ("Which four forces led to the CPOM?", "name the 4 forces that led to this credential"),
        ("What does the CPOM offer the patient?", "what is offered to the patient by the cpom"),
        ("What is the difference between the CPOM and the BCPS?", "BCPS vs CPOM"),
        ("How does a CPOM reduce risk?", "in what way does a CPOM lower risk"),
        ("Why do technicians leave?", "what are the reasons why technicians leave"),
        ("What will a chef who cannot run the kitchen create?", "what does a chef create who can't run the kitchen"),
        ("Who are the three stakeholders who benefit from the CPOM?", "which 3 stakeholders benefit from the CPOM"),
        ("What is servant leadership?", "what does the course say about servant leadership"),
        ("What is required to maintain the CPOM?", "what does maintaining the CPOM require"),
    ],
)
def test_the_same_in_other_words(told: Difference, one: str, other: str) -> None:
    assert told(one, other) == ""
    assert told(other, one) == ""


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ("What is a CSC?", "What is an infusion center?", "words"),
        ("What does a failure threaten?", "What threatens a failure?", "sought"),
        ("Who manages the technicians?", "Who do the technicians manage?", "sought"),
        ("Who serves the patients?", "Who is served by the patients?", "sought"),
        ("How many technicians does a manager lead?", "How many managers lead a technician?", "sought"),
        ("What are operations threatened by?", "What do operations threaten?", "sought"),
        ("Does training include compliance?", "Does compliance include training?", "turned"),
        ("Is budgeting part of operations?", "Is operations part of budgeting?", "turned"),
        ("Should the CPOM replace the BCPS?", "Does the CPOM replace the BCPS?", "words"),
        ("What are the reasons for automation?", "What are the reasons against automation?", "asked"),
        ("How do you scale up a service?", "How do you scale down a service?", "small words"),
        ("What is a CSC?", "What is a CSC and why?", "asked"),
        ("What is a CSC?", "What is a CSC? Who needs it?", "asked"),
        ("What is a manager?", "What does a manager do?", "small words"),
        ("What is leadership?", "Leadership course?", "words"),
        ("What is a CSC?", "Who runs a CSC?", "asked"),
        ("What does BCPS stand for?", "What does BCOP stand for?", "words"),
        ("Which four forces led to the CPOM?", "Which two forces led to the CPOM?", "numbers"),
        ("Which practice settings are covered?", "How many practice settings are covered?", "asked"),
        ("How many technicians are there?", "How much do technicians cost?", "asked"),
        ("What does the exam test?", "What does the exam not test?", "denied"),
        ("What happens with a strong core?", "What happens without a strong core?", "denied"),
        ("Who cannot run the kitchen but can cook?", "Who can run the kitchen but cannot cook?", "denied"),
        ("How does a CPOM reduce risk?", "How does a CPOM increase risk?", "opposites"),
        ("What does the CPOM provide for large systems?", "What do large systems provide for the CPOM?", "turned"),
        ("What does the CPOM offer patients?", "What is the CPOM offered by patients?", "turned"),
        ("What is the effect of training on safety?", "What is the effect of safety on training?", "turned"),
        ("Does the CPOM cover retail pharmacy?", "Does the CPOM cover only retail pharmacy?", "words"),
        ("Is a pharmacist a manager?", "Why is a pharmacist a manager?", "asked"),
        ("What is the third force?", "What are the three forces?", "words"),
        ("What does the CPOM do for you?", "What is the CPOM?", "small words"),
        ("What do I get from the CPOM?", "What is the CPOM?", "small words"),
        ("What is servant leadership?", "Explain servant leadership more simply", "manner"),
        ("Do pharmacists manage technicians?", "Do pharmacists manage patients?", "words"),
    ],
)
def test_another_question(told: Difference, one: str, other: str, why: str) -> None:
    assert told(one, other).startswith(why)
    assert told(other, one).startswith(why)


@pytest.mark.parametrize(("one", "other"), [("manager", "director"), ("drug", "dose"), ("certified", "qualified")])
def test_words_that_are_only_near_in_general_english_are_two_things(told: Difference, one: str, other: str) -> None:
    assert told(f"How is the {one} chosen?", f"How is the {other} chosen?").startswith("words")


def test_a_question_without_a_carrying_word_is_like_no_other(told: Difference) -> None:
    assert told("Why?", "Why?") == "nothing is said"


def test_an_everyday_word_of_the_glossary_is_not_taken_for_the_term_that_it_comes_near() -> None:
    everyday = GlossaryEntry("talk", "strategic communication", ("strategic communication",))
    initials = GlossaryEntry("GPO", "group purchasing organization", (), ("buying group",), "abbreviation")
    abbreviations = Abbreviations([everyday, initials])
    assert abbreviations.joined(["talk"]) == ["talk"]
    assert abbreviations.joined(list(content_stems("group purchasing organizations"))) == ["gpo"]
    assert abbreviations.joined(list(content_stems("buying group"))) == list(content_stems("buying group"))
    assert abbreviations.written_out("what is a GPO") == "what is a group purchasing organization"
