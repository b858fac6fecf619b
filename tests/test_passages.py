"""Passages are exact slices with the addresses, names and structure that the course gives them."""

from pathlib import Path

import pytest

from cpom_tutor.course import Address, Kind, Passage, Section
from cpom_tutor.library import Library
from ingest.load import load_corpus
from ingest.passages import LONGEST, read_passages
from ingest.refusal import Refusal


@pytest.fixture(scope="module")
def loaded(corpus: Path) -> Library:
    return load_corpus(corpus).library()


def at(library: Library, address: str) -> Passage:
    (found,) = library.at(Address.parse(address))
    return found


def read(text: str) -> list[Passage]:
    return list(read_passages(Section("1.2", "Title", 1, "Module", "1.2.md", text), "CPOM"))


def test_every_passage_is_an_exact_slice_of_its_file(loaded: Library, corpus: Path) -> None:
    for passage in loaded.passages:
        section = loaded.section_of(passage)
        file = (corpus / section.path).read_text(encoding="utf-8")
        assert passage.text == file[passage.start : passage.end]
        spans = [*passage.sentences, *passage.cells, passage.label, passage.counterpart]
        for span in spans:
            assert span is None or 0 <= span.start <= span.end <= len(passage.text)
        assert bool(passage.sentences) != passage.kind.is_container


def test_every_word_of_the_course_is_in_a_passage_or_is_a_heading(loaded: Library) -> None:
    (section,) = loaded.sections
    covered = bytearray(len(section.text))
    for passage in loaded.passages:
        covered[passage.start : passage.end] = b"\1" * (passage.end - passage.start)
    body = section.text.index("\n---\n", 4) + 5
    start = body
    for line in section.text[body:].split("\n"):
        rest = "".join(letter for place, letter in enumerate(line, start) if not covered[place])
        start += len(line) + 1
        heading_or_mark = not rest.strip(" -|") or line.startswith(("#", ":::", "| Operational Domain"))
        assert heading_or_mark, line


@pytest.mark.parametrize(
    ("address", "kind", "name", "begins"),
    [
        ("1.1 1", Kind.PARAGRAPH, "", "Establishing the “Why”"),
        ("1.1 2", Kind.PARAGRAPH, "", "Understanding the critical need"),
        ("1.1.1 4", Kind.LIST, "", "Unrelenting Economic Pressure: "),
        ("1.1.1 4.1", Kind.ITEM, "Unrelenting Economic Pressure", "Unrelenting"),
        ("1.1.1 4.4", Kind.ITEM, "The Human Capital Crisis", "The Human"),
        ("1.1.1 6", Kind.ANALOGY, "", "Imagine a brilliant chef"),
        ("1.1.1 9.1", Kind.PAIR, "Kitchen Design & Workflow", "Kitchen Design"),
        ("1.1.1 10", Kind.ANALOGY, "", "A master chef who"),
        ("1.1.2 8.4", Kind.ITEM, "Consolidated Service Centers (CSCs)", "Consolidated"),
        ("1.1.2 12", Kind.TABLE, "", "The Medication-Use Process | Procurement"),
        ("1.1.2 12.r4", Kind.ROW, "Technology & Automation", "Technology & Automation | EHR"),
        ("1.1.2 15.4", Kind.ITEM, "Data-Driven Decision Making", "Data-Driven"),
        ("1.1.2 16", Kind.CALLOUT, "", "Many talented clinicians"),
        ("1.1.3 2", Kind.PARAGRAPH, "A Definitive Career Pathway", "A Definitive"),
        ("1.1.3 5", Kind.PARAGRAPH, "A Demonstrable Return on Investment (ROI)", "A Demonstrable"),
        ("1.1.3 10", Kind.PARAGRAPH, "Affordability of Care", "Affordability"),
    ],
)
def test_the_course_has_the_addresses_a_reader_counts(
    loaded: Library, address: str, kind: Kind, name: str, begins: str
) -> None:
    passage = at(loaded, address)
    assert (passage.kind, passage.name) == (kind, name)
    assert passage.text.startswith(begins)
    assert name not in passage.sentence_texts
    assert str(passage.address) == str(Address.parse(address))


def test_analogy_pairs_name_both_sides(loaded: Library) -> None:
    pairs = loaded.children(at(loaded, "1.1.1 9").id)
    assert [(pair.name, pair.counterpart_name) for pair in pairs] == [
        ("Kitchen Design & Workflow", "Technology & Automation"),
        ("Supply Chain & Inventory Management", "Procurement & Formulary"),
        ("Financial Management", "Budgeting & Revenue Cycle"),
        ("Human Resources & Training", "Staff Development"),
        ("Quality & Safety Compliance", "Regulatory Adherence"),
    ]
    assert pairs[0].sentence_texts[0].startswith("She designs the physical layout")


def test_rows_keep_their_cells_and_columns(loaded: Library) -> None:
    row = at(loaded, "1.1.2 12.r2")
    assert row.columns == ("Operational Domain", "Core Components")
    assert [cell.of(row.text) for cell in row.cells] == [row.name, row.sentence_texts[0]]
    assert row.text == " | ".join(cell.of(row.text) for cell in row.cells)


def test_lists_and_tables_know_what_introduces_them(loaded: Library) -> None:
    for container, lead_in in (("1.1.1 4", "1.1.1 3"), ("1.1.1 9", "1.1.1 8"), ("1.1.2 12", "1.1.2 11")):
        whole = at(loaded, container)
        assert loaded.lead_in(whole) == at(loaded, lead_in)
        assert all(loaded.lead_in(part) == at(loaded, lead_in) for part in loaded.children(whole.id))


def test_heading_paths_run_from_the_section_to_the_box(loaded: Library) -> None:
    section, subsection, box = at(loaded, "1.1.1 9.2").heading_path
    assert section == loaded.sections[0].title
    assert subsection == "1.1.1 The Genesis of the CPOM: Why Now?"
    assert box == "Retail Pharmacist Analogy: The Master Chef vs. The Executive Chef"
    assert at(loaded, "1.1.2 5").heading_path[2:] == (
        "Certified: The Standard of Excellence and Trust",
        "Beyond Clinical Board Certification: A Parallel Path to Expertise",
    )


def test_ids_depend_on_words_and_kind_only() -> None:
    first = read("## 1.2.1 A\n\nSame words here.\n\n- Same words here.\n")
    later = read("New start.\n\n## 1.2.2 B\n\n- Same   words here.\n\nSame words\nhere.\n")
    assert first[0].id == later[-1].id
    assert first[2].id == later[2].id
    assert len({passage.id for passage in first}) == len(first)


def test_the_same_text_twice_gets_an_occurrence_number() -> None:
    one, two = read("Twice.\n\nTwice.\n")
    assert two.id == f"{one.id}-2"


def test_labels_are_names_and_not_short_sentences() -> None:
    texts = {
        "**Bold lead:** text.": "Bold lead",
        "**Bold Lead.** text.": "Bold Lead",
        "Return on Investment (ROI). It pays.": "Return on Investment (ROI)",
        "Ask Dr. Smith. He knows.": "",
        "Yes. It does.": "",
        "Pharmacists lead. They do.": "",
        "What Is It. It is.": "",
        "A Title: With a Title After It.": "",
    }
    passages = read("\n\n".join(texts))
    assert [passage.name for passage in passages] == list(texts.values())
    assert [passage.sentence_texts[-1] for passage in passages[:2]] == ["text.", "text."]
    items = read("- **Item Label**: rest\n- lower case: rest\n- Cost of Goods: rest\n- Only a Name:\n")[1:]
    assert [item.name for item in items] == ["Item Label", "", "Cost of Goods", ""]


def test_nested_lists_belong_to_their_item() -> None:
    whole, item, second = read("1. Outer Name:\n   - inner one. More.\n   - inner two\n2. other\n")
    assert whole.kind is Kind.LIST
    assert item.name == "Outer Name"
    assert item.sentence_texts == ("inner one.", "More.", "inner two")
    assert str(second.address) == "CPOM §1.2 ¶1.2"


def test_definitions_are_blocks_with_their_term_as_label() -> None:
    one, two = read("Term one\n: What it is. And more.\n\nTerm two\n: Other.\n")
    assert (one.kind, one.name, one.sentence_texts) == (
        Kind.DEFINITION, "Term one", ("What it is.", "And more."),
    )  # fmt: skip
    assert str(two.address) == "CPOM §1.2 ¶2"


def test_tables_with_empty_cells_and_escaped_pipes_line_up() -> None:
    _, first, second = read("| **A** | B | C |\n|---|---|---|\n| **x** | y \\| z | *w* |\n| | only |\n")
    assert first.columns == ("A", "B", "C")
    assert [cell.of(first.text) for cell in first.cells] == ["x", "y \\| z", "w"]
    assert [cell.of(second.text) for cell in second.cells] == ["", "only", ""]
    assert second.sentence_texts == ("only",)


def test_numbering_goes_on_after_a_deeper_numbered_heading() -> None:
    found = read("## 1.2.1 A\n\none\n\n### 1.2.1.1 B\n\ntwo\n\n### C\n\nthree\n")
    assert [str(passage.address) for passage in found] == [
        "CPOM §1.2.1 ¶1", "CPOM §1.2.1.1 ¶1", "CPOM §1.2.1 ¶2",
    ]  # fmt: skip


def test_a_long_passage_is_kept_as_pieces_that_end_at_sentences() -> None:
    sentence = "This sentence number {} is neither long nor short but it is one of very many. "
    text = "".join(sentence.format(number) for number in range(70)).strip()
    pieces = read(f"## 1.2.1 A\n\n{text}\n")
    assert "".join(piece.address.piece for piece in pieces) == "abc"
    assert all(len(piece.text) <= LONGEST and piece.text.endswith(".") for piece in pieces)
    assert " ".join(piece.text for piece in pieces) == text
    library = Library("CPOM", "T", (), tuple(pieces))
    assert library.at(Address.parse("1.2.1 1")) == tuple(pieces)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("::: callout Never closed\n\ntext\n", "line 1 is never closed"),
        ("text\n\n:::\n", "line 3 closes a box"),
        ("::: anology Typo\n\ntext\n\n:::\n", "“anology”"),
        ("## 1.3.1 Elsewhere\n\ntext\n", "not numbered as a part of section 1.2"),
        ("## 1.2.1 A\n\ntext\n\n## 1.2.1 B\n\ntext\n", "stands on two headings"),
        ("<script>alert(1)</script>\n", "is HTML"),
    ],
)
def test_what_would_be_read_wrongly_is_refused_with_its_line(text: str, reason: str) -> None:
    with pytest.raises(Refusal, match=reason):
        read(text)
