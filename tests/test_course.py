"""Addresses that a person types, and look-ups by the course's own structure."""

import re

import pytest

from cpom_tutor.course import Address, Kind, Passage, Span
from cpom_tutor.errors import BadInput, NotFound
from cpom_tutor.library import Library


def at(library: Library, address: str) -> Passage:
    (found,) = library.at(Address.parse(address))
    return found


# --- addresses -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("CPOM §1.1.2 ¶7.3", "CPOM §1.1.2 ¶7.3"),
        ("cpom §1.1.2 ¶7.3", "CPOM §1.1.2 ¶7.3"),
        ("§1.1.2 ¶7", "CPOM §1.1.2 ¶7"),
        ("1.1.2 7.3", "CPOM §1.1.2 ¶7.3"),
        ("1.1.2 p7", "CPOM §1.1.2 ¶7"),
        ("1.1.2 para 7", "CPOM §1.1.2 ¶7"),
        ("1.1.2 para. 7", "CPOM §1.1.2 ¶7"),
        ("CPOM 1.1.2¶12.r2", "CPOM §1.1.2 ¶12.r2"),
        ("  CPOM   §1.1.2   ¶ 7  ", "CPOM §1.1.2 ¶7"),
        ("§ 1.1.2", "CPOM §1.1.2"),
        ("1.1", "CPOM §1.1"),
        ("CPOM §1.1.2 ¶7b", "CPOM §1.1.2 ¶7b"),
        ("BCMTMS 2.10.3 11", "BCMTMS §2.10.3 ¶11"),
    ],
)
def test_an_address_is_read_as_people_type_it(typed: str, address: str) -> None:
    assert str(Address.parse(typed)) == address


def test_parts_of_an_address() -> None:
    assert Address.parse("1.1.2 ¶12.r2") == Address("CPOM", "1.1.2", 12, "r2")
    assert Address.parse("1.1.2 ¶7b") == Address("CPOM", "1.1.2", 7, "", "b")
    assert Address.parse("1.1.2", course="BCPS").course == "BCPS"


@pytest.mark.parametrize(
    "typed",
    ["", "  ", "hello", "¶7", "§", "1", "CPOM", "1.1.2 ¶", "1.1.2 seven", "1.1.2 ¶7.x", "1.1.2 7 8", "1..2", "-1.1"],
)
def test_what_is_no_address_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(BadInput, match=r"type one like: CPOM §1\.1\.2 ¶7"):
        Address.parse(typed)


def test_every_address_of_the_course_reads_back_as_itself_and_finds_its_passage(library: Library) -> None:
    for passage in library.passages:
        assert Address.parse(str(passage.address)) == passage.address
        assert library.at(passage.address) == (passage,)
        assert library.passage(passage.id) is passage
        assert passage.id in library
    assert len({str(passage.address) for passage in library.passages}) == len(library.passages)
    assert len({passage.id for passage in library.passages}) == len(library.passages)


# --- look-ups ------------------------------------------------------------------------------------------------


def test_a_subsection_is_all_of_its_blocks_in_order(library: Library) -> None:
    blocks = library.at(Address.parse("1.1.3"))
    assert [passage.address.block for passage in blocks] == list(range(1, len(blocks) + 1))
    assert {passage.address.section for passage in blocks} == {"1.1.3"}
    assert all(passage.parent is None for passage in blocks)


def test_a_section_is_the_blocks_of_all_its_subsections(library: Library) -> None:
    sections = {passage.address.section for passage in library.at(Address.parse("1.1"))}
    assert {"1.1.1", "1.1.2", "1.1.3"} <= sections


@pytest.mark.parametrize(
    "nowhere", ["1.1.2 ¶99", "1.1.9", "2.1.1 ¶1", "1.1.2 ¶12.r9", "1.1.2 ¶7.9", "BCPS §1.1.2 ¶7", "1.10"]
)
def test_nothing_at_an_address_is_said_with_what_to_try(library: Library, nowhere: str) -> None:
    with pytest.raises(NotFound, match=r"try CPOM §1\.1\.1 ¶1") as caught:
        library.at(Address.parse(nowhere))
    assert str(Address.parse(nowhere)) in str(caught.value)


def test_an_unknown_id_is_said_with_what_to_type(library: Library) -> None:
    assert "1.1-ffffffffff" not in library
    with pytest.raises(NotFound, match=r"type an address such as CPOM §1\.1\.1 ¶1"):
        library.passage("1.1-ffffffffff")


def test_a_list_has_its_items_and_the_items_their_list(library: Library) -> None:
    whole = at(library, "1.1.1 ¶4")
    items = library.children(whole.id)
    assert [item.name for item in items] == [
        "Unrelenting Economic Pressure",
        "Escalating Technological Complexity",
        "Intensifying Regulatory Scrutiny",
        "The Human Capital Crisis",
    ]
    assert all(library.parent(item) is whole for item in items)
    assert all(library.lead_in(item) is library.lead_in(whole) is at(library, "1.1.1 ¶3") for item in items)
    assert library.parent(whole) is None
    assert library.children(items[0].id) == ()


def test_a_paragraph_knows_the_list_it_introduces(library: Library) -> None:
    assert library.introduced_by(at(library, "1.1.1 ¶3")) is at(library, "1.1.1 ¶4")
    assert library.introduced_by(at(library, "1.1.2 ¶11")) is at(library, "1.1.2 ¶12")
    assert library.introduced_by(at(library, "1.1.1 ¶1")) is None
    assert library.lead_in(at(library, "1.1.1 ¶1")) is None


def test_passages_of_a_heading_are_only_those_directly_under_it(library: Library) -> None:
    patient = at(library, "1.1.3 ¶8")
    assert [str(passage.address) for passage in library.under(patient.heading_path)] == [
        "CPOM §1.1.3 ¶8", "CPOM §1.1.3 ¶9", "CPOM §1.1.3 ¶10",
    ]  # fmt: skip
    assert library.under(("No such heading",)) == ()


def test_what_follows_is_the_next_in_reading_order(library: Library) -> None:
    first = library.passages[0]
    assert library.following(first, 3) == library.passages[1:4]
    assert library.following(library.passages[-1], 2) == ()


def test_containers_are_the_lists_and_the_table(library: Library) -> None:
    kinds = [passage.kind for passage in library.containers()]
    assert kinds.count(Kind.TABLE) == 1
    assert kinds.count(Kind.LIST) == 5
    assert all(kind.is_container for kind in kinds)


def test_each_passage_is_a_slice_of_its_section(library: Library) -> None:
    for passage in library.passages:
        section = library.section_of(passage)
        assert section.text[passage.start : passage.end] == passage.text


def test_a_passage_of_an_unknown_section_is_refused_with_the_remedy(library: Library) -> None:
    stray = Passage("9.9-x", Address("CPOM", "9.9", 1), Kind.PARAGRAPH, (), "x", 0, 1, 0)
    with pytest.raises(NotFound, match=re.escape("python -m ingest")):
        library.section_of(stray)


def test_a_passage_without_label_or_heading_has_empty_names() -> None:
    bare = Passage(
        "1.1-x", Address("CPOM", "1.1", 1), Kind.PARAGRAPH, (), "One. Two.", 0, 9, 0, (Span(0, 4), Span(5, 9))
    )
    assert (bare.name, bare.counterpart_name, bare.heading) == ("", "", "")
    assert bare.sentence_texts == ("One.", "Two.")


def test_words_are_made_whole_by_their_sentences_and_a_name_by_the_one_after_it(library: Library) -> None:
    named = at(library, "CPOM §1.1.2 ¶8.1")
    assert named.label
    first, *_ = named.sentences
    assert named.sentences_at(named.label) == (first,)
    assert named.whole(named.label) == Span(named.label.start, first.end)
    assert named.whole(Span(first.start + 2, first.start + 5)) == first
    bare = Passage("1.1-x", Address("CPOM", "1.1", 1), Kind.LIST, (), "One. Two.", 0, 9, 0)
    assert bare.whole(Span(1, 3)) == Span(1, 3)


def test_a_glossary_entry_is_all_the_ways_to_say_it(library: Library) -> None:
    (entry,) = [entry for entry in library.glossary if entry.term == "BCPS"]
    assert entry.aliases[0] == "BCPS"
    assert set(entry.also) < set(entry.aliases)
