"""Sentences end where a reader would say so."""

from itertools import pairwise

import pytest

from cpom_tutor.grounding.sentences import split_sentences
from cpom_tutor.library import Library


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("It is vital, e.g. Compliance with USP <797> vs. USP <800>. Next.",
         ["It is vital, e.g. Compliance with USP <797> vs. USP <800>.", "Next."]),
        ("Ask Dr. Smith and J. Doe. They know.", ["Ask Dr. Smith and J. Doe.", "They know."]),
        ("Made in the U.S. The law applies.", ["Made in the U.S.", "The law applies."]),
        ("The U.S. Pharmacopeia says so.", ["The U.S. Pharmacopeia says so."]),
        ("It fell by 0.5 percent. Then 3.5 more.", ["It fell by 0.5 percent.", "Then 3.5 more."]),
        ("The “Why Now?” is answered. “No.” Then more.", ["The “Why Now?” is answered.", "“No.”", "Then more."]),
        ("Build the “kitchen.” It works (truly.) Yes.", ["Build the “kitchen.”", "It works (truly.)", "Yes."]),
        ("See No. 5 and p. 12. Done.", ["See No. 5 and p. 12.", "Done."]),
        ("Forces, people, etc. They act.", ["Forces, people, etc.", "They act."]),
        ("Cited here.[1] And here [2]. Last [1][2].", ["Cited here.[1]", "And here [2].", "Last [1][2]."]),
        ("- First item. More\n- Second\n\n1. Third.", ["First item.", "More", "Second", "Third."]),
        ("He waited... then left. Wait… Now.", ["He waited... then left.", "Wait…", "Now."]),
        ("", []),
        ("  \n ", []),
    ],
)  # fmt: skip
def test_sentences_end_where_a_reader_says(text: str, sentences: list[str]) -> None:
    assert [span.of(text) for span in split_sentences(text)] == sentences


@pytest.mark.parametrize("text", ["...", "?!", "\x00. A", "a" * 5000, "1. 2. 3. ", "”.” “", "[1] [2].\n-", "- \n- "])
def test_odd_text_never_raises_and_spans_stay_inside(text: str) -> None:
    spans = split_sentences(text)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(left.end <= right.start for left, right in pairwise(spans))


def test_every_sentence_of_the_course_ends_like_one(library: Library) -> None:
    for section in library.sections:
        for passage in library.passages:
            if passage.kind.is_container or passage.kind.value == "row":
                continue
            for sentence in passage.sentence_texts:
                assert sentence.rstrip("”’)")[-1] in ".?!:", (section.number, sentence)
                assert sentence[0].isupper() or sentence[0] in "“(", sentence
