"""Practice to take away: the deck as Anki reads it, the table as a spreadsheet does, the sheet as it is printed."""

import csv
import html
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest

from cpom_tutor.course import Citation
from cpom_tutor.items import (
    AcceptedKey,
    ChoiceKey,
    ItemKind,
    Level,
    OrderKey,
    PairsKey,
    QuizItem,
    Rationale,
    RubricPoint,
)
from cpom_tutor.language import quoted
from cpom_tutor.practice.export.export import ExportedFile, ExportForm, export

MADE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TITLE = "Certified Pharmacy Operations Manager"
CITED = Citation("1.1-ab12", "CPOM §1.1.2 ¶7", "costs < “value” & <b>safety</b>", 0, 31)
OTHER = Citation("1.1-cd34", "CPOM §1.1.2 ¶8.1", "stored correctly, then prepared", 4, 35)


def item(id: str, kind: ItemKind, **changes: object) -> QuizItem:
    """A made-up item; its words try to be markup wherever they can."""
    plain = QuizItem(
        id=id,
        kind=kind,
        level=Level.RECALL,
        stem=f"What comes of **{id}** <script>alert(1)</script>?",
        key=ChoiceKey(1),
        options=("Lower cost", "=More <i>value</i>", "[sound:x.mp3]"),
        rationales=tuple(
            Rationale(words, cited)
            for words, cited in (
                ("That is another.", OTHER),
                ("The course says so:", CITED),
                ("Of something else:", OTHER),
            )
        ),
        citations=(CITED,),
        topic="CPOM §1.1.2",
        fact=f"fact-{id}",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


ITEMS = (
    item("choice", ItemKind.MCQ),
    item(
        "gap",
        ItemKind.CLOZE,
        stem="A {{c2::trap}}: the medicine is ____, then prepared.",
        key=AcceptedKey(("stored::well", "kept")),
        options=(),
        rationales=(Rationale("The sentence reads:", OTHER),),
    ),
    item(
        "pairs",
        ItemKind.MATCHING,
        prompts=("Oven", "Menu"),
        options=("IV robot", "Formulary", "Wholesaler"),
        key=PairsKey(((1, 1), (0, 0))),
    ),
    item("order", ItemKind.ORDERING, options=("prepared", "procured", "stored"), key=OrderKey((1, 2, 0))),
    item(
        "words",
        ItemKind.SHORT,
        level=Level.APPLICATION,
        key=AcceptedKey(("A model answer.",)),
        options=(),
        rationales=(Rationale("Because:", CITED),),
        rubric=(RubricPoint("names the cost", CITED), RubricPoint("names the value", OTHER, points=2)),
    ),
)


def exported(
    form: ExportForm, items: tuple[QuizItem, ...] = ITEMS, made_at: datetime = MADE
) -> tuple[ExportedFile, ...]:
    return export(form, items, code="CPOM", title=TITLE, made_at=made_at)


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    """A fresh Anki collection."""
    opened = Collection(str(tmp_path / "collection.anki2"))
    yield opened
    opened.close()


def imported(collection: Collection, items: tuple[QuizItem, ...], made_at: datetime = MADE) -> None:
    (file,) = exported(ExportForm.ANKI, items, made_at)
    path = Path(collection.path).with_name(file.name)
    path.write_bytes(file.content)
    options = ImportAnkiPackageOptions(with_scheduling=False, with_deck_configs=False)
    collection.import_anki_package(ImportAnkiPackageRequest(package_path=str(path), options=options))


def fronts_and_backs(collection: Collection) -> dict[str, tuple[str, str]]:
    """By note tag `kind::...`: what Anki shows, question and answer."""
    shown = {}
    for card_id in collection.find_cards(""):
        card = collection.get_card(card_id)
        kind = next(tag for tag in card.note().tags if tag.startswith("kind::")).removeprefix("kind::")
        shown[kind] = (card.question(), card.answer())
    return shown


def as_read(side: str) -> str:
    """A card's side as words."""
    return html.unescape(re.sub(r"<style>.*?</style>|<[^>]+>", "", side, flags=re.DOTALL))


def test_anki_gets_one_note_and_one_card_an_item(collection: Collection) -> None:
    imported(collection, ITEMS)
    assert (collection.note_count(), collection.card_count()) == (len(ITEMS), len(ITEMS))
    assert [deck.name for deck in collection.decks.all_names_and_ids() if deck.name != "Default"] == [f"CPOM {TITLE}"]


def test_anki_updates_what_it_has_and_duplicates_nothing(collection: Collection) -> None:
    imported(collection, ITEMS)
    known = set(collection.find_notes(""))
    changed = replace(ITEMS[0], rationales=(*ITEMS[0].rationales[:2], Rationale("A better reason.", OTHER)))
    imported(collection, (changed, *ITEMS[1:]), MADE + timedelta(days=1))
    assert set(collection.find_notes("")) == known
    assert collection.card_count() == len(ITEMS)
    assert "A better reason." in fronts_and_backs(collection)["mcq"][1]
    assert "Of something else" not in fronts_and_backs(collection)["mcq"][1]


def test_anki_keeps_one_note_type_a_form_however_often_it_imports(collection: Collection) -> None:
    before = len(collection.models.all_names_and_ids())
    imported(collection, ITEMS)
    imported(collection, ITEMS, MADE + timedelta(days=1))
    assert len(collection.models.all_names_and_ids()) == before + 2


def test_every_back_in_anki_has_the_address_and_the_very_words(collection: Collection) -> None:
    imported(collection, ITEMS)
    for kind, (front, back) in fronts_and_backs(collection).items():
        assert "CPOM §1.1.2 ¶7" in back, kind
        assert "costs &lt; “value” &amp; &lt;b&gt;safety&lt;/b&gt;" in back, kind
        assert "¶" not in front, kind


def test_an_anki_back_has_a_reason_for_every_option(collection: Collection) -> None:
    imported(collection, ITEMS)
    _, back = fronts_and_backs(collection)["mcq"]
    assert "B. =More &lt;i&gt;value&lt;/i&gt;" in back
    assert re.findall(r"<b>([A-C])\.</b> (That is another|The course says so|Of something else)", back) == [
        ("A", "That is another"),
        ("B", "The course says so"),
        ("C", "Of something else"),
    ]


def test_a_gap_is_ankis_own_and_other_braces_are_words(collection: Collection) -> None:
    imported(collection, ITEMS)
    front, back = (as_read(side) for side in fronts_and_backs(collection)["cloze"])
    assert front == "A {{c2::trap}}: the medicine is [...], then prepared."
    assert back.startswith("A {{c2::trap}}: the medicine is stored::well, then prepared.Also right: kept")


def test_nothing_in_anki_is_run_played_or_set_as_markup(collection: Collection) -> None:
    imported(collection, ITEMS)
    for front, back in fronts_and_backs(collection).values():
        assert "<script>" not in front + back
        assert "<i>value" not in front + back
    cards = [collection.get_card(card_id) for card_id in collection.find_cards("")]
    assert [tag for card in cards for tag in (*card.question_av_tags(), *card.answer_av_tags())] == []


def test_anki_tags_say_topic_kind_and_level(collection: Collection) -> None:
    imported(collection, ITEMS)
    assert collection.find_notes("tag:CPOM::1.1.2 tag:kind::short tag:level::application")
    assert len(collection.find_notes("tag:level::recall")) == len(ITEMS) - 1


def test_matching_and_ordering_are_answered_by_letters_and_words_in_anki(collection: Collection) -> None:
    imported(collection, ITEMS)
    shown = fronts_and_backs(collection)
    assert "1-A, 2-B" in shown["matching"][1]
    assert "Menu – Formulary" in shown["matching"][1]
    assert "B, C, A" in shown["ordering"][1]


def rows() -> list[dict[str, str]]:
    (file,) = exported(ExportForm.CSV)
    assert file.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"), newline="")))


def test_the_table_has_one_row_an_item_with_its_key_and_citation() -> None:
    table = rows()
    assert [row["id"] for row in table] == [each.id for each in ITEMS]
    assert [row["key"] for row in table] == ["B", "", "1-A, 2-B", "B, C, A", ""]
    assert table[1]["answer"] == "stored::well\nkept"
    assert table[2]["answer"] == "Oven – IV robot\nMenu – Formulary"
    assert table[0]["address"] == "CPOM §1.1.2 ¶7"
    assert table[0]["quote"] == CITED.quote
    assert table[0]["why"].splitlines()[1] == f"B. The course says so: {quoted(CITED.quote)} (CPOM §1.1.2 ¶7)"
    assert table[4]["rubric"].splitlines() == ["names the cost (CPOM §1.1.2 ¶7)", "names the value (CPOM §1.1.2 ¶8.1)"]


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"])
def test_a_spreadsheet_computes_no_cell(start: str) -> None:
    (file,) = exported(ExportForm.CSV, (replace(ITEMS[0], stem=start, options=(start, "b", "c")),))
    (row,) = csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"), newline=""))
    assert row["question"] == row["option_a"] == f"'{start}"


def test_the_table_grows_a_column_for_a_sixth_option() -> None:
    (file,) = exported(ExportForm.CSV, (replace(ITEMS[3], options=tuple("uvwxyz")),))
    (row,) = csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"), newline=""))
    assert row["option_f"] == "z"


def test_the_sheet_holds_the_questions_and_its_key_the_answers() -> None:
    questions, key = (file.content.decode() for file in exported(ExportForm.SHEET))
    for shown in ("Wholesaler", "procured", "What comes of <strong>choice</strong>"):
        assert shown in questions
    for hidden in ("CPOM §1.1.2", "The course says so", "A model answer", "stored::well", "names the cost"):
        assert hidden not in questions
        assert hidden in key
    assert "costs &lt; “value” &amp; &lt;b&gt;safety&lt;/b&gt;" in key


def test_a_sheet_and_its_key_carry_one_number_that_no_other_sheet_has() -> None:
    def number(file: ExportedFile) -> str:
        found = re.search(r"sheet ([0-9A-F]{6})", file.content.decode())
        assert found
        return found[1]

    sheet = [number(file) for file in exported(ExportForm.SHEET)]
    assert len(set(sheet)) == 1
    reshuffled = replace(ITEMS[0], options=ITEMS[0].options[::-1])
    assert number(exported(ExportForm.SHEET, (reshuffled, *ITEMS[1:]))[0]) != sheet[0]


def test_a_sheet_runs_nothing_and_fetches_nothing() -> None:
    for file in exported(ExportForm.SHEET):
        page = file.content.decode()
        assert "default-src 'none'" in page
        assert not re.search(r"<(script|img|link|iframe)|https?:|url\(", page)


def test_file_names_are_the_courses() -> None:
    names = [file.name for form in ExportForm for file in exported(form)]
    assert names == ["cpom-practice.apkg", "cpom-practice.csv", "cpom-practice.html", "cpom-practice-key.html"]


def test_words_of_the_course_are_shown_once(collection: Collection) -> None:
    part = replace(CITED, quote="costs", end=5)
    imported(collection, (replace(ITEMS[0], citations=(part, OTHER)),))
    ((_, back),) = fronts_and_backs(collection).values()
    assert back.count("CPOM §1.1.2 ¶7<") == 1


def test_the_key_quotes_one_sentence_once_for_all_the_places_of_an_order() -> None:
    (ordering,) = (item for item in ITEMS if item.kind is ItemKind.ORDERING)
    same = replace(ordering, rationales=tuple(Rationale("The course has it there:", CITED) for _ in ordering.options))
    _, key = exported(ExportForm.SHEET, (same,))
    assert key.content.decode().count(html.escape(CITED.quote)) == 1
    assert key.content.decode().count("<cite>CPOM §1.1.2 ¶7</cite>") == len(same.options)
