"""Approved questions, each with the same question in other words and with questions that only look like it."""

from dataclasses import dataclass
from pathlib import Path

from evals.cases import (
    CASES,
    CORPUS,
    SPLITS,
    BadCase,
    Json,
    _evidence,
    _is_strings,
    _load,
    _one_of,
    _words,
    section_texts,
)

NEAR_DUPLICATES = ("swapped_entity", "swapped_role", "number", "negation", "asks_other", "other_list")


@dataclass(frozen=True, slots=True)
class NearDuplicate:
    """A question with another answer; `kind` is one of NEAR_DUPLICATES."""

    kind: str
    question: str


@dataclass(frozen=True, slots=True)
class ApprovedCase:
    """A question that an instructor might have approved an answer to.

    Attributes:
        id: unique in its file.
        split: tune (may be looked at) or sealed (only totals are ever shown).
        question: as it was approved.
        evidence: the sentences of the course that answer it.
        same: the question in other words.
        other: questions that look like it and have another answer.
    """

    id: str
    split: str
    question: str
    evidence: tuple[str, ...]
    same: tuple[str, ...]
    other: tuple[NearDuplicate, ...]


def load_approved(path: Path = CASES / "approved.jsonl", corpus: Path = CORPUS) -> tuple[ApprovedCase, ...]:
    """The approved questions.

    Args:
        path: the file of cases.
        corpus: the corpus folder; every excerpt must stand in one line of its section files, once.

    Raises:
        BadCase: the file is missing or a case of it is wrong.
    """
    texts = section_texts(corpus)

    def read(record: Json) -> ApprovedCase:
        ((*evidence,),) = _evidence({"evidence": [record["evidence"]]}, texts)
        if not _is_strings(record["same"]):
            raise BadCase("“same” is not a list of questions with at least one")
        return ApprovedCase(
            record["id"], _one_of(record, "split", SPLITS), _words(record, "question"), tuple(evidence),
            tuple(record["same"]), _other(record),
        )  # fmt: skip

    return _load(path, ("id", "split", "question", "evidence", "same", "other"), read)


def _other(record: Json) -> tuple[NearDuplicate, ...]:
    given = record["other"]
    if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
        raise BadCase("“other” is not a list of objects with “kind” and “question”")
    for each in given:
        if set(each) != {"kind", "question"}:
            raise BadCase("an object of “other” has other fields than “kind” and “question”")
    return tuple(NearDuplicate(_one_of(each, "kind", NEAR_DUPLICATES), _words(each, "question")) for each in given)
