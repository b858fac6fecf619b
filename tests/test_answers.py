"""A reply as the learner reads it: its Markdown, and the marks of its citations."""

import re
from collections.abc import Sequence

import pytest
from markdown_it import MarkdownIt

from cpom_tutor.answers import (
    Abstention,
    Answer,
    CheckedClaim,
    Conversation,
    Form,
    Intent,
    Label,
    Reason,
    Role,
    Verdict,
    citation_marks,
    to_markdown,
)
from cpom_tutor.course import Citation

SUPPORTED = Verdict(Label.SUPPORTED, 1.0, "Word for word.")


def claim(
    text: str, *passages: str, form: Form = Form.RUN_ON, column: str = "", role: Role = Role.FACT
) -> CheckedClaim:
    citations = tuple(Citation(passage, f"CPOM §1.1 ¶{passage}", text, 0, len(text)) for passage in passages)
    return CheckedClaim(text, role, form, column, citations, SUPPORTED)


def lead(text: str, form: Form = Form.PARAGRAPH) -> CheckedClaim:
    return claim(text, form=form, role=Role.LEAD)


def blocks(claims: Sequence[CheckedClaim]) -> list[str]:
    """Kinds of the blocks that a Markdown reader sees."""
    parsed = MarkdownIt().enable("table").parse(to_markdown(Answer(tuple(claims))))
    return [token.type.removesuffix("_open") for token in parsed if token.level == 0 and token.nesting == 1]


def test_marks_number_the_passages_in_order_of_first_use() -> None:
    claims = (claim("A.", "x"), claim("B.", "y", "x"), claim("C.", "z"), claim("D.", "y"))
    assert citation_marks(claims) == {"x": 1, "y": 2, "z": 3}
    assert to_markdown(Answer(claims)) == "A. [1] B. [2][1] C. [3] D. [2]"


def test_two_quotes_of_one_passage_have_one_mark() -> None:
    assert to_markdown(Answer((claim("A.", "x", "x"),))) == "A. [1]"


def test_a_lead_has_no_mark() -> None:
    assert to_markdown(Answer((lead("Yes."), claim("It is so.", "x")))) == "Yes. It is so. [1]"


def test_a_paragraph_starts_a_paragraph() -> None:
    claims = (claim("A.", "x"), claim("B.", "x", form=Form.PARAGRAPH), claim("C.", "x"))
    assert to_markdown(Answer(claims)) == "A. [1]\n\nB. [1] C. [1]"


def test_items_are_one_list_whose_sentences_run_on() -> None:
    claims = (
        lead("Two forces:"),
        claim("One", "x", form=Form.ITEM),
        claim("goes on.", "x"),
        claim("Two.", "y", form=Form.ITEM),
    )
    assert to_markdown(Answer(claims)) == "Two forces:\n\n- One [1] goes on. [1]\n- Two. [2]"
    assert blocks(claims) == ["paragraph", "bullet_list"]


def test_a_list_may_come_first_and_a_paragraph_after_it() -> None:
    claims = (claim("One.", "x", form=Form.ITEM), claim("After.", "y", form=Form.PARAGRAPH))
    assert blocks(claims) == ["bullet_list", "paragraph"]


def test_cells_stand_under_their_columns_row_by_row() -> None:
    cells = [
        claim(text, passage, form=Form.CELL, column=column)
        for text, passage, column in (("a1", "x", "A"), ("b1", "y", "B"), ("a2", "x", "A"), ("b2", "z", "B"))
    ]
    assert to_markdown(Answer(tuple(cells))) == "| A | B |\n| --- | --- |\n| a1 [1] | b1 [2] |\n| a2 [1] | b2 [3] |"


def test_columns_of_unequal_length_are_filled_with_empty_cells() -> None:
    cells = (
        claim("a1", "x", form=Form.CELL, column="A"),
        claim("b1", "x", form=Form.CELL, column="B"),
        claim("a2", "x", form=Form.CELL, column="A"),
    )
    assert to_markdown(Answer(cells)).splitlines()[-1] == "| a2 [1] |  |"
    assert blocks(cells) == ["table"]


@pytest.mark.parametrize("text", ["one | two", "one\ntwo", "| a |"])
def test_a_cell_stays_one_cell_whatever_is_in_it(text: str) -> None:
    cells = (claim(text, "x", form=Form.CELL, column="A"), claim("b", "x", form=Form.CELL, column="B"))
    parsed = MarkdownIt().enable("table").parse(to_markdown(Answer(cells)))
    assert sum(token.type == "td_open" for token in parsed) == 2
    words = next(token.content for token in parsed if token.type == "inline" and "[1]" in token.content)
    assert words.replace(" [1]", "") == " ".join(text.split())


def test_a_table_stands_between_paragraphs() -> None:
    cell = claim("a1", "x", form=Form.CELL, column="A")
    assert blocks([lead("See:"), cell, claim("So it is.", "y"), claim("And so.", "y")]) == [
        "paragraph", "table", "paragraph",
    ]  # fmt: skip
    assert blocks([cell, claim("An item.", "y", form=Form.ITEM)]) == ["table", "bullet_list"]
    assert blocks([claim("An item.", "y", form=Form.ITEM), cell]) == ["bullet_list", "table"]


def test_other_replies_are_their_own_words() -> None:
    assert to_markdown(Abstention(Reason.NOT_IN_COURSE, "The course does not say.")) == "The course does not say."
    assert to_markdown(Conversation("Hello!")) == "Hello!"
    assert to_markdown(Answer(())) == ""


def test_every_claim_is_in_the_markdown_in_reading_order() -> None:
    forms = [Form.PARAGRAPH, Form.RUN_ON, Form.ITEM, Form.RUN_ON, Form.ITEM, Form.CELL, Form.CELL, Form.PARAGRAPH]
    claims = tuple(claim(f"Sentence {place}.", str(place), form=form) for place, form in enumerate(forms))
    text = to_markdown(Answer(claims))
    assert [int(found) for found in re.findall(r"Sentence (\d)", text)] == list(range(len(forms)))
    assert [int(found) for found in re.findall(r"\[(\d)\]", text)] == list(range(1, len(forms) + 1))


def test_the_words_of_the_interface() -> None:
    assert {intent.value for intent in Intent} == set(
        "ask list table analogy compare why apply benefit simplify example summarize quiz grade smalltalk help".split()
    )
    assert {reason.value for reason in Reason} == {
        "not_in_course", "unverified", "clinical", "off_topic", "instruction",
    }  # fmt: skip
    assert {label.value for label in Label} == {"supported", "refuted", "not_enough_info"}
