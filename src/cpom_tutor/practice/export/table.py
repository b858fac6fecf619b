"""A table for spreadsheets: one row an item. The columns are documented in the README."""

from collections.abc import Sequence

from cpom_tutor.course import Citation
from cpom_tutor.items import QuizItem, letter
from cpom_tutor.language import quoted
from cpom_tutor.practice.keys import answers, key_letters, option_name
from cpom_tutor.spreadsheet import csv_bytes

_FEWEST_OPTIONS = 5  # columns that are always there


def csv_table(items: Sequence[QuizItem]) -> bytes:
    """A CSV file; see `spreadsheet.csv_bytes`."""
    widest = max([_FEWEST_OPTIONS, *(len(item.options) for item in items)])
    options = [f"option_{letter(place).lower()}" for place in range(widest)]
    head = [
        "id",
        "kind",
        "level",
        "topic",
        "question",
        "prompts",
        *options,
        "key",
        "answer",
        "why",
        "rubric",
        "address",
    ]
    return csv_bytes([[*head, "quote"], *(_cells(item, widest) for item in items)])


def _cells(item: QuizItem, widest: int) -> list[str]:
    options = [*item.options, *[""] * (widest - len(item.options))]
    prompts = [f"{number}. {prompt}" for number, prompt in enumerate(item.prompts, start=1)]
    rubric = [f"{point.criterion} ({point.citation.address})" for point in item.rubric]
    cited = list(dict.fromkeys(item.citations))
    return [
        item.id, item.kind.value, item.level.value, item.topic, item.stem, _lines(prompts), *options, key_letters(item),
        _lines(answers(item)), _lines(_why(item)), _lines(rubric),
        _lines(list(dict.fromkeys(each.address for each in cited))), _lines([each.quote for each in cited]),
    ]  # fmt: skip


def _why(item: QuizItem) -> list[str]:
    """One line an option: what it is, and the course's words in quotation marks the first time that they decide."""
    lines, told = [], set[Citation]()
    for place, rationale in enumerate(item.rationales):
        name, cited = option_name(item, place), rationale.citation
        words = "" if cited in told or cited.quote in rationale.text else f" {quoted(cited.quote)}"
        lines.append((f"{name}. " if name else "") + f"{rationale.text}{words} ({cited.address})")
        told.add(cited)
    return lines


def _lines(texts: Sequence[str]) -> str:
    return "\n".join(texts)
