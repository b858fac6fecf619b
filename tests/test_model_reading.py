"""Reading what a language model writes: tolerant in form, and never sooner than a sentence is whole."""

import pytest

from cpom_tutor.answers import Form
from cpom_tutor.generation.chat_model.reading import SentenceReader, Written

KEYS = {"k47": "first", "m02": "second", "c99": "third"}


def read(text: str, size: int = 1000) -> list[Written]:
    reader = SentenceReader(KEYS)
    found = [each for start in range(0, len(text), size) for each in reader.read(text[start : start + size])]
    return [*found, *reader.end()]


def named(text: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(each.text, each.named) for each in read(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Both matter. [k47]",
        "Both matter [k47].",
        "Both matter【k47】.",
        "Both matter (k47).",
        "Both matter. [1]",
        "Both matter. [passage k47]",
        "Both matter. [Source: K47]",
        "Both matter. 【1†source】",
        "[k47] Both matter.",
        "- Both matter. [k47]",
        "1. **Both** matter. [k47]",
        "> Both `matter`. [k47]",
        "According to the course, both matter. [k47]",
        "Yes, both matter. [k47]",
        "<think>Which one? [m02]\nAh.</think>Both matter. [k47]",
        'Sure! {"sentences": [{"text": "Both matter.", "keys": ["k47"]}]} Hope it helps!',
        '```json\n{"claims": [{"claim": "Both matter. [k47]"}]}\n```',
        '{"answer": "Both matter. [k47]"}',
    ],
)
@pytest.mark.parametrize("size", [1, 3, 1000])
def test_a_sentence_and_its_key_are_found_however_they_are_written(text: str, size: int) -> None:
    assert ("Both matter.", ("first",)) in [(each.text, each.named) for each in read(text, size)]


def test_several_keys_are_several_passages_each_once() -> None:
    assert named("It is so. [k47, m02; k47][c99]") == [("It is so.", ("first", "second", "third"))]


def test_a_sentence_without_a_key_has_that_of_the_next_in_its_line() -> None:
    assert named("One is. Two is. [k47] Three is.\nFour is. [m02]") == [
        ("One is.", ("first",)), ("Two is.", ("first",)), ("Three is.", ()), ("Four is.", ("second",)),
    ]  # fmt: skip


def test_an_invented_key_stays_what_it_is() -> None:
    assert named("It is so. [z99]") == [("It is so.", ("z99",))]


def test_brackets_that_are_no_keys_stay_in_the_sentence() -> None:
    assert named("It [sic] is (as of 2024) so. [k47]") == [("It [sic] is (as of 2024) so.", ("first",))]


def test_a_sentence_comes_as_soon_as_its_line_ends() -> None:
    reader = SentenceReader(KEYS)
    assert list(reader.read("Both matter. [k4")) == []
    assert list(reader.read("7]")) == []
    assert [each.text for each in reader.read("\nNext")] == ["Both matter."]


def test_within_a_line_a_sentence_comes_as_soon_as_the_next_begins() -> None:
    reader = SentenceReader(KEYS)
    assert [each.text for each in reader.read("Both matter. [k47] They do")] == ["Both matter."]


def test_json_that_is_cut_off_gives_the_sentences_that_are_whole() -> None:
    cut = '{"sentences": [{"text": "One is.", "keys": ["k47"]}, {"text": "Two is.", "keys": ["m02"]}, {"text": "Three'
    assert named(cut) == [("One is.", ("first",)), ("Two is.", ("second",))]


@pytest.mark.parametrize(
    "text", ["", "\n\n", "Here is the answer:", "# Heading\n", "```\n```", "NOT ANSWERED", "Yes.", "[k47]", "…", "{"]
)
def test_what_says_nothing_is_no_sentence(text: str) -> None:
    assert read(text) == []


def test_lists_and_paragraphs_keep_their_form() -> None:
    found = read("Two things. [1]\n- One. [1]\n- Two. [2]\nAfter. [3]\n\nLast. [3]")
    assert [each.form for each in found] == [Form.RUN_ON, Form.ITEM, Form.ITEM, Form.PARAGRAPH, Form.PARAGRAPH]


def test_an_example_of_its_own_has_no_passage_even_where_it_names_one() -> None:
    (found,) = read("Example: Imagine a kitchen. [k47]")
    assert (found.own, found.named, found.text) == (True, (), "Imagine a kitchen.")
