"""What can be taken away: an Anki deck, a table, a printable sheet with its key apart."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cpom_tutor.items import ItemKind, Level, QuizItem
from cpom_tutor.practice.export.anki import anki_package
from cpom_tutor.practice.export.sheet import key_page, question_page
from cpom_tutor.practice.export.table import csv_table
from cpom_tutor.practice.scope import check_count
from cpom_tutor.practice_protocols import Practice

A_SHEET = 20
"""Questions of a sheet, where no number is asked for."""


class ExportForm(StrEnum):
    """What to make of the items."""

    ANKI = "anki"
    CSV = "csv"
    SHEET = "sheet"


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file to be saved or downloaded.

    Attributes:
        name: a plain file name, such as `cpom-practice.apkg`.
        media_type: as HTTP says it.
        content: all of it.
    """

    name: str
    media_type: str
    content: bytes


def to_export(
    form: ExportForm,
    practice: Practice,
    *,
    seed: int,
    count: int | None = None,
    topic: str = "",
    kinds: Collection[ItemKind] = (),
    level: Level | None = None,
) -> tuple[QuizItem, ...]:
    """The items for a form: for a sheet a set; for a deck or a table one item a fact, for each is met by itself.

    Args:
        form: what will be made.
        practice: gives the items.
        seed: as `practice_protocols.Practice`.
        count: how many at most; None for all facts, or a sheet of the usual length.
        topic, kinds, level: as `practice_protocols.Practice`.

    Raises:
        BadInput, NotFound: as `practice_protocols.Practice.quiz`.
    """
    if count is not None:
        check_count(count)
    if form is ExportForm.SHEET:
        return practice.quiz(count=count or A_SHEET, seed=seed, topic=topic, kinds=kinds, level=level)
    return practice.singles(seed=seed, topic=topic, kinds=kinds, level=level)[:count]


def export(
    form: ExportForm, items: Sequence[QuizItem], *, code: str, title: str, made_at: datetime
) -> tuple[ExportedFile, ...]:
    """The file or, for a sheet, the questions and then their key.

    Args:
        form: what to make.
        items: in the order in which they are to stand.
        code: the course's code.
        title: the course's title.
        made_at: timezone-aware; of two Anki decks, the later one's words win.
    """
    name = f"{code.lower()}-practice"
    if form is ExportForm.ANKI:
        deck = anki_package(items, code=code, title=title, made_at=made_at.timestamp())
        return (ExportedFile(f"{name}.apkg", "application/octet-stream", deck),)
    if form is ExportForm.CSV:
        return (ExportedFile(f"{name}.csv", "text/csv; charset=utf-8", csv_table(items)),)
    pages = (("", question_page(items, code=code, title=title)), ("-key", key_page(items, code=code, title=title)))
    return tuple(
        ExportedFile(f"{name}{suffix}.html", "text/html; charset=utf-8", page.encode()) for suffix, page in pages
    )
