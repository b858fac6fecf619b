"""Follow-up questions made whole, in invented conversations."""

import time

import pytest

from evals.rewriting.rewriting import rewrite

SINGER = ("Marla Quist", "Early career (1981-1990)")
KETTLES = (
    *SINGER,
    "What band did she start with?",
    "Quist joined the Copper Kettles in 1983.",
    "Who else was in the band?",
    "Theo Brandt played drums and Ida Lund played bass.",
)
LANTERNS = (*SINGER, "What was her first album?", 'Her first album was "Salt Lanterns".')
CYCLIST = ("Who was Ambrose Vane?", "Ambrose Vane was a cyclist. He rode in the 1934 Grand Loop.")
FORMULARY = ("What is a formulary?", "A formulary is a list of drugs.")


@pytest.mark.parametrize(
    ("question", "history", "whole"),
    [
        ("Did she tour?", SINGER, "Did Marla Quist tour?"),
        ("Who taught her?", SINGER, "Who taught Marla Quist?"),
        ("Did he win?", CYCLIST, "Did Ambrose Vane win?"),
        ("What was her first job?", SINGER, "What was Marla Quist's first job?"),
        ("where was his house", CYCLIST, "where was Ambrose Vane's house"),
        ("Why does it matter?", FORMULARY, "Why does the formulary matter?"),
    ],
)
def test_a_pronoun_gives_way_to_what_it_stands_for(question: str, history: tuple[str, ...], whole: str) -> None:
    assert rewrite(question, history) == whole


def test_a_pronoun_agrees_in_gender_with_what_the_conversation_showed() -> None:
    assert "Theo Brandt" in rewrite("Why did he leave?", KETTLES)
    assert "Marla Quist" in rewrite("Why did she leave?", KETTLES)


def test_it_is_never_a_person() -> None:
    assert "Quist" not in rewrite("Was it expensive?", LANTERNS)


def test_a_person_is_never_a_thing() -> None:
    history = ("What is servant leadership?", "Servant leadership puts the team first.")
    assert rewrite("Who works with her?", history) == "Who works with her?"


def test_they_may_be_two_who_were_named() -> None:
    assert " and " in rewrite("Do they have children?", KETTLES)


@pytest.mark.parametrize(
    ("question", "whole"),
    [
        ("How was the album received?", "How was the album Salt Lanterns received?"),
        ("Did that album chart?", "Did the album Salt Lanterns chart?"),
    ],
)
def test_a_noun_that_needs_its_name_gets_it(question: str, whole: str) -> None:
    assert rewrite(question, LANTERNS) == whole


@pytest.mark.parametrize(
    ("question", "history", "known"),
    [
        ("Were there any other winners?", ("Who won the Grand Loop?", "Ambrose Vane"), "Besides Ambrose Vane, were"),
        (
            "Did she do anything else?",
            (*SINGER, "What did she do in 1990?", "She released a record of lullabies."),
            "Besides releasing a record of lullabies, did Marla Quist do anything else?",
        ),
        (
            "What else did she do?",
            (*SINGER, "What did she do in 1990?", "She carried a harp over the pass."),
            "carrying a harp over the pass",
        ),
    ],
)
def test_other_says_other_than_what(question: str, history: tuple[str, ...], known: str) -> None:
    assert known in rewrite(question, history)


def test_an_exception_that_the_question_names_itself_is_enough() -> None:
    question = "Who else sang besides Theo Brandt?"
    assert rewrite(question, KETTLES).lower().count("besides") == 1


def test_what_happened_happened_to_somebody() -> None:
    assert rewrite("What happened in 1985?", SINGER).endswith("to Marla Quist?")


@pytest.mark.parametrize(
    ("question", "history", "whole"),
    [
        ("Why?", ("Did Ambrose Vane retire?", "He retired in 1941."), "Why did Ambrose Vane retire?"),
        (
            "What about 1936?",
            ("What did Ambrose Vane win in 1934?", "the Grand Loop"),
            "What did Ambrose Vane win in 1936?",
        ),
        ("What about Ida Lund?", ("Where was Theo Brandt born?", "in Odense"), "Where was Ida Lund born?"),
    ],
)
def test_the_words_left_out_come_back_from_the_last_question(
    question: str, history: tuple[str, ...], whole: str
) -> None:
    assert rewrite(question, history) == whole


def test_part_of_a_name_becomes_the_name_once() -> None:
    assert rewrite("What did Quist sing?", SINGER) == "What did Marla Quist sing?"
    assert rewrite("What did Marla Quist sing?", SINGER).count("Quist") == 1


@pytest.mark.parametrize(
    "question",
    ["Why does IT fail?", "Is it true that operations is an enemy?", "What is the formulary?"],
)
def test_a_question_that_leans_on_nothing_stays_as_it_is(question: str) -> None:
    assert rewrite(question, FORMULARY) == question


@pytest.mark.parametrize("question", ["Did she tour?", "Why?", "", "?", "What else?", "this", "his", "(", "’s it"])
def test_without_a_conversation_nothing_is_invented(question: str) -> None:
    assert rewrite(question, ()) == question


@pytest.mark.parametrize("history", [("",), ("", ""), ("I don't know.",) * 4, ("?", "!"), ("A" * 5000, "b " * 5000)])
@pytest.mark.parametrize("question", ["", "?", "Did they?", "Why?", "What else did it do at that time?", "And Bo?"])
def test_any_text_is_taken(question: str, history: tuple[str, ...]) -> None:
    assert isinstance(rewrite(question, history), str)


def test_an_answer_that_knows_nothing_is_no_antecedent() -> None:
    assert "know" not in rewrite("What else did she do?", (*SINGER, "Did she sail?", "I don't know."))


def test_the_same_question_is_always_rewritten_the_same_way() -> None:
    assert len({rewrite("Did they tour with her?", KETTLES) for _ in range(5)}) == 1


def test_a_long_conversation_takes_no_longer() -> None:
    history = [
        *SINGER,
        *(text for number in range(200) for text in (f"What did she do in {1700 + number}?", "She sang.")),
    ]
    rewrite("Did she tour?", history)
    began = time.thread_time()
    for _ in range(20):
        rewrite("Did she tour?", history)
    assert (time.thread_time() - began) / 20 < 0.02
