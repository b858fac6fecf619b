"""What a learner's words choose, and what they wish for; a question of their own chooses nothing."""

import pytest

from cpom_tutor.practice.chat.choosing import Wish, choice_of, letter_of, unclear, wish_of

OPTIONS = (
    "Home Infusion & Long-Term Care",
    "Infusion Centers",
    "Financial Management",
    "Bring the eleven together, say plainly what comes and why, and plan the move with them.",
)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("b", 1),
        ("B.", 1),
        ("(c)", 2),
        ("D!", 3),
        ("option b", 1),
        ("its b", 1),
        ("I think it's b because the course says so", 1),
        ("i'd go with C, the others make no sense", 2),
        ("um, b i guess", 1),
        ("the answer is d", 3),
        ("My answer: A", 0),
        ("is it c?", 2),
        ("a because it is the only one", 0),
        ("b) infusion centers", 1),
        ("the second one", 1),
        ("The first option.", 0),
        ("third", 2),
        ("2nd", 1),
        ("number 3", 2),
        ("4", 3),
        ("the last one", 3),
        ("infusion centers", 1),
        ("Infusion centres", 1),
        ("home infusion", 0),
        ("financial mangement", 2),
        ("i think financial management because of the budget", 2),
        ("bring them together and plan the move with them, say plainly why", 3),
    ],
)
def test_a_choice_is_read(text: str, place: int) -> None:
    assert choice_of(text, OPTIONS) == place


@pytest.mark.parametrize(
    "text",
    [
        "what is financial management?",
        "tell me about infusion centers",
        "explain home infusion",
        "why",
        "a manager who cannot delegate",
        "infusion",
        "e",
        "the sixth one",
        "my pharmacy is short of technicians and the director wants answers",
        "thanks",
        "",
        "ok",
    ],
)
def test_other_words_choose_nothing(text: str) -> None:
    assert choice_of(text, OPTIONS) is None


@pytest.mark.parametrize(
    "option",
    ["Last-mile logistics", "Ruth's, because she knows the drug better.", "As a hindrance, since hubs differ."],
)
def test_an_option_written_out_is_chosen_whatever_words_it_has(option: str) -> None:
    options = ("Central pharmacy", option, "Intricate scheduling", "As an advantage, since hubs are alike.")
    assert choice_of(f"i think {option.lower()}", options) == 1


@pytest.mark.parametrize(
    ("text", "is_unclear"), [("b or c", True), ("a, b", True), ("f", True), ("b", False), ("because", False)]
)
def test_several_letters_or_one_too_far_are_unclear(text: str, is_unclear: bool) -> None:
    assert unclear(text, len(OPTIONS)) is is_unclear


@pytest.mark.parametrize(
    ("text", "place"), [("c", 2), ("Option B.", 1), ("f", None), ("b because", None), ("home infusion", None)]
)
def test_a_letter_alone(text: str, place: int | None) -> None:
    assert letter_of(text, len(OPTIONS)) == place


@pytest.mark.parametrize(
    ("text", "waiting", "wish"),
    [
        ("another", False, Wish.NEXT),
        ("ok, next question please", False, Wish.NEXT),
        ("another one", True, Wish.NEXT),
        ("yes please", False, Wish.NEXT),
        ("yes please", True, None),
        ("make it harder", False, Wish.HARDER),
        ("too easy!", True, Wish.HARDER),
        ("easier please", True, Wish.EASIER),
        ("no idea", True, Wish.PASS),
        ("i don't know", True, Wish.PASS),
        ("pass", False, None),
        ("why?", False, Wish.WHY),
        ("why?", True, None),
        ("is it harder than the BCPS?", False, None),
        ("can you explain it in easier words", False, None),
        ("what is another word for formulary", False, None),
        ("my job gets harder every year", False, None),
        ("thanks", False, None),
    ],
)
def test_a_wish_is_read(text: str, waiting: bool, wish: Wish | None) -> None:
    assert wish_of(text, waiting=waiting) is wish


@pytest.mark.parametrize(
    "text",
    [
        "idk just tell me",
        "dunno",
        "just give me the answer",
        "skip",
        "i give up",
        "ok i give up, what is it",
        "idk lol just show me the answer pls",
        "honestly i really don't know, can you just tell me the answer please?",
    ],
)
def test_giving_up_is_heard_however_it_is_said(text: str) -> None:
    assert wish_of(text, waiting=True) is Wish.PASS
    assert choice_of(text, OPTIONS) is None


@pytest.mark.parametrize(
    "text",
    ["tell me more", "just", "ok please", "not sure about money", "i don't know what a CSC is", "ok " * 600 + "no"],
)
def test_what_asks_for_something_else_gives_nothing_up(text: str) -> None:
    assert wish_of(text, waiting=True) is not Wish.PASS


def test_after_other_questions_more_is_more_of_those() -> None:
    assert wish_of("more", waiting=False) is Wish.NEXT
    assert wish_of("more", waiting=False, since=1) is None
    assert wish_of("another question", waiting=False, since=1) is Wish.NEXT


def test_an_option_that_gives_its_own_reason_is_known_whole() -> None:
    options = (
        "As a small matter, since principles carry over",
        "As a small matter, since staff are few",
        "As a big one",
    )
    assert choice_of("i think as a small matter, since principles carry over", options) == 0
    assert choice_of("i think as a big one, since the course says so", options) == 2
