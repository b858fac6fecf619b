"""The questions that are measured with, checked when they are read.

A case that quotes what the course does not say, or that has a misspelt field, would quietly measure nothing;
so a bad case stops the run with a sentence that names it.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from cpom_tutor.answers import Reason

CASES = Path(__file__).parent / "cases"
CORPUS = Path(__file__).parents[1] / "corpus"
SPLITS = ("tune", "sealed")
ANSWERABLE = (
    "fact", "yes_no", "list", "table", "analogy", "comparison", "why", "situation", "benefit", "wrong_premise",
)  # fmt: skip
UNANSWERABLE = ("not_in_course", "clinical", "off_topic", "instruction")
KINDS = (*ANSWERABLE, "not_in_course", "clinical", "off_topic", "small_talk", "follow_up", "practice")
"""One for each row of the product's table of questions."""

Json = Mapping[str, Any]


Case = TypeVar("Case")


class BadCase(Exception):
    """A case that cannot be used; the message names the file, the case and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class QuestionCase:
    """A question that the course answers.

    Attributes:
        id: unique in its file.
        question: in a learner's words.
        split: tune (may be looked at) or sealed (only totals are ever shown).
        kind: one of ANSWERABLE.
        evidence: acceptable sets of excerpts; a set is found when every excerpt of it is.
        key_facts: what a full answer states; each fact in its acceptable phrasings, any one of which will do.
        items: excerpts that a complete answer shows, all of them; empty where completeness is not in question.
    """

    id: str
    question: str
    split: str
    kind: str
    evidence: tuple[tuple[str, ...], ...]
    key_facts: tuple[tuple[str, ...], ...]
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnanswerableCase:
    """A question that must be declined, and the reasons that would be right."""

    id: str
    question: str
    split: str
    kind: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KindCase:
    """A conversation of one turn or several; the last turn is the one to be judged."""

    id: str
    kind: str
    turns: tuple[str, ...]


def load_questions(path: Path = CASES / "questions.jsonl", corpus: Path = CORPUS) -> tuple[QuestionCase, ...]:
    """The answerable questions.

    Args:
        path: the file of cases.
        corpus: the corpus folder; every excerpt must stand in one line of its section files, once, and every
            item in one of the files.

    Raises:
        BadCase: the file is missing or a case of it is wrong.
    """
    return _load(path, _QUESTION, _question_reader(corpus))


def load_unanswerable(path: Path = CASES / "unanswerable.jsonl") -> tuple[UnanswerableCase, ...]:
    """The questions to decline.

    Raises:
        BadCase: the file is missing or a case of it is wrong.
    """
    return _load(path, _UNANSWERABLE, _read_unanswerable)


def load_reviewed(path: Path, corpus: Path = CORPUS) -> tuple[tuple[QuestionCase, ...], tuple[UnanswerableCase, ...]]:
    """The cases of `cpom-tutor review export`: those that the course answers, and those to decline, in one file.

    Raises:
        BadCase: the file is missing or a case of it is wrong.
    """
    read_question = _question_reader(corpus)

    def read(record: Json) -> QuestionCase | UnanswerableCase:
        return _read_unanswerable(record) if "reasons" in record else read_question(record)

    found = _load(path, lambda record: _UNANSWERABLE if "reasons" in record else _QUESTION, read)
    return (
        tuple(case for case in found if isinstance(case, QuestionCase)),
        tuple(case for case in found if isinstance(case, UnanswerableCase)),
    )


def load_kinds(path: Path = CASES / "kinds.jsonl") -> tuple[KindCase, ...]:
    """Conversations of every kind, for a reader to judge.

    Raises:
        BadCase: the file is missing or a case of it is wrong.
    """

    def read(record: Json) -> KindCase:
        turns = record["turns"]
        if not _is_strings(turns):
            raise BadCase("“turns” is not a list of questions with at least one")
        return KindCase(record["id"], _one_of(record, "kind", KINDS), tuple(turns))

    return _load(path, ("id", "kind", "turns"), read)


_QUESTION = ("id", "question", "split", "kind", "evidence", "key_facts", "items")
_UNANSWERABLE = ("id", "question", "split", "kind", "reasons")


def _question_reader(corpus: Path) -> Callable[[Json], QuestionCase]:
    texts = section_texts(corpus)
    text = "\n".join(texts)

    def read(record: Json) -> QuestionCase:
        evidence = _evidence(record, texts)
        key_facts, items = record["key_facts"], record["items"]
        if not _is_strings_of_strings(key_facts):
            raise BadCase("“key_facts” is not a list of lists of phrasings, each with at least one")
        if items != [] and not _is_strings(items):
            raise BadCase("“items” is not a list of excerpts")
        for item in items:
            if item not in text:
                raise BadCase(f"the item is not verbatim in the course: “{item}”")
        return QuestionCase(
            record["id"], _words(record, "question"), _one_of(record, "split", SPLITS),
            _one_of(record, "kind", ANSWERABLE), evidence, tuple(map(tuple, key_facts)), tuple(items),
        )  # fmt: skip

    return read


def _read_unanswerable(record: Json) -> UnanswerableCase:
    reasons, known = record["reasons"], [reason.value for reason in Reason]
    if not _is_strings(reasons) or not set(reasons) <= set(known):
        raise BadCase(f"“reasons” must be a list of: {', '.join(known)}")
    return UnanswerableCase(
        record["id"], _words(record, "question"), _one_of(record, "split", SPLITS),
        _one_of(record, "kind", UNANSWERABLE), tuple(reasons),
    )  # fmt: skip


def section_texts(corpus: Path = CORPUS) -> tuple[str, ...]:
    """The section files of a corpus folder, whole."""
    return tuple(path.read_text(encoding="utf-8") for path in sorted(corpus.glob("*/*.md")))


def passage_of(excerpt: str, texts: Iterable[str]) -> str:
    """The paragraph, list item or table row that an excerpt stands in: the cluster of its questions."""
    for text in texts:
        for line in text.splitlines():
            if excerpt in line:
                return line
    return excerpt


def _load(
    path: Path, fields: Sequence[str] | Callable[[Json], Sequence[str]], read: Callable[[Json], Case]
) -> tuple[Case, ...]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise BadCase(f"{path.name} cannot be read ({error.strerror}); run from a checkout with its cases") from error
    found: dict[str, Case] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        where = f"{path.name} line {number}"
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            raise BadCase(f"{where} is not JSON: {error.msg}") from error
        if not isinstance(record, dict):
            raise BadCase(f"{where} is not a JSON object")
        identifier = record.get("id")
        if not isinstance(identifier, str) or not identifier:
            raise BadCase(f"{where} has no “id”")
        where = f"{path.name} case {identifier}"
        if identifier in found:
            raise BadCase(f"{where} stands there twice; give one of them another id")
        expected = fields(record) if callable(fields) else fields
        unknown, missing = sorted(set(record) - set(expected)), sorted(set(expected) - set(record))
        if unknown or missing:
            wrong = [f"unknown field “{field}”" for field in unknown]
            wrong += [f"missing field “{field}”" for field in missing]
            raise BadCase(f"{where}: {', '.join(wrong)}; the fields are {', '.join(expected)}")
        try:
            found[identifier] = read(record)
        except BadCase as error:
            raise BadCase(f"{where}: {error}") from None
    return tuple(found.values())


def _words(record: Json, field: str) -> str:
    value = record[field]
    if not isinstance(value, str) or not value.strip():
        raise BadCase(f"“{field}” is empty")
    return value


def _one_of(record: Json, field: str, allowed: Sequence[str]) -> str:
    value = record[field]
    if value not in allowed:
        raise BadCase(f"“{field}” is “{value}”; it must be one of: {', '.join(allowed)}")
    return str(value)


def _evidence(record: Json, texts: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    evidence = record["evidence"]
    if not _is_strings_of_strings(evidence):
        raise BadCase("“evidence” is not a list of lists of excerpts, each with at least one")
    lines = "\n".join(texts).splitlines()
    for excerpt in (excerpt for excerpts in evidence for excerpt in excerpts):
        found = sum(line.count(excerpt) for line in lines)
        if found == 0:
            raise BadCase(f"the excerpt is not verbatim in one line of the course: “{excerpt}”")
        if found > 1:
            raise BadCase(f"the excerpt stands in the course more than once: “{excerpt}”")
    return tuple(map(tuple, evidence))


def _is_strings(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, str) and each.strip() for each in value)


def _is_strings_of_strings(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_is_strings, value))
