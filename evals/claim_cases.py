"""Claims to hold against excerpts of the course: true ones said otherwise, and false or unsupported ones."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.cases import CASES, CORPUS, SPLITS, BadCase, Json, _is_strings, _load, _one_of, _words, section_texts

DEFECTS = (
    "number", "negation", "swapped_entity", "swapped_role", "foreign_item", "wrong_citation", "stronger_modal",
    "added_detail",
)  # fmt: skip
"""What makes a claim unsupported by its evidence."""
TRUE = "true"
"""The kind of a training claim that nothing is wrong with."""


@dataclass(frozen=True, slots=True)
class Paraphrase:
    """A claim that follows from its evidence, in words that the course does not use in that order.

    Attributes:
        id: unique in its file.
        split: tune (may be looked at) or sealed (only totals are ever shown).
        evidence: excerpts of the course; all of them together support the claim.
        claim: a sentence to be supported.
    """

    id: str
    split: str
    evidence: tuple[str, ...]
    claim: str


@dataclass(frozen=True, slots=True)
class Defect:
    """A claim that its evidence does not support.

    Attributes:
        id: unique in its file.
        split: tune or sealed.
        kind: one of DEFECTS.
        evidence: excerpts of the course that a careless reader would take for support.
        claim: a sentence not to be supported.
    """

    id: str
    split: str
    kind: str
    evidence: tuple[str, ...]
    claim: str


@dataclass(frozen=True, slots=True)
class TrainingClaim:
    """A claim that the checker learns from, and that nothing is ever measured with.

    Attributes:
        id: unique in its file.
        kind: TRUE or one of DEFECTS.
        evidence: excerpts of the course.
        claim: a sentence to be supported (TRUE), or not.
    """

    id: str
    kind: str
    evidence: tuple[str, ...]
    claim: str


def load_paraphrases(path: Path = CASES / "paraphrases.jsonl", corpus: Path = CORPUS) -> tuple[Paraphrase, ...]:
    """The claims to be supported.

    Args:
        path: the file of cases.
        corpus: the corpus folder; every excerpt must stand in a line of one of its section files, and no claim may.

    Raises:
        BadCase: the file is missing or a case of it is wrong.
    """
    lines = _lines(corpus)
    course = _plain(" ".join(lines))

    def read(record: Json) -> Paraphrase:
        claim = _new(_words(record, "claim"), course)
        return Paraphrase(record["id"], _one_of(record, "split", SPLITS), _evidence(record, lines), claim)

    return _load(path, ("id", "split", "evidence", "claim"), read)


def load_defects(path: Path = CASES / "defects.jsonl", corpus: Path = CORPUS) -> tuple[Defect, ...]:
    """The claims not to be supported.

    Args:
        path: the file of cases.
        corpus: the corpus folder; every excerpt must stand in a line of one of its section files.

    Raises:
        BadCase: the file is missing or a case of it is wrong.
    """
    lines = _lines(corpus)

    def read(record: Json) -> Defect:
        return Defect(
            record["id"], _one_of(record, "split", SPLITS), _one_of(record, "kind", DEFECTS),
            _evidence(record, lines), _words(record, "claim"),
        )  # fmt: skip

    return _load(path, ("id", "split", "kind", "evidence", "claim"), read)


def load_training(path: Path = CASES / "training_claims.jsonl", corpus: Path = CORPUS) -> tuple[TrainingClaim, ...]:
    """The claims to learn from.

    Args:
        path: the file of cases.
        corpus: the corpus folder; every excerpt must stand in a line of a section file, and no true claim may.

    Raises:
        BadCase: the file is missing or a case of it is wrong.
    """
    lines = _lines(corpus)
    course = _plain(" ".join(lines))

    def read(record: Json) -> TrainingClaim:
        kind, claim = _one_of(record, "kind", (TRUE, *DEFECTS)), _words(record, "claim")
        return TrainingClaim(
            record["id"], kind, _evidence(record, lines), _new(claim, course) if kind == TRUE else claim
        )  # fmt: skip

    return _load(path, ("id", "kind", "evidence", "claim"), read)


def _new(claim: str, course: str) -> str:
    if _plain(claim) in course:
        raise BadCase(f"the claim is verbatim in the course: “{claim}”")
    return claim


def _lines(corpus: Path) -> tuple[str, ...]:
    return tuple(line for text in section_texts(corpus) for line in text.splitlines())


def _evidence(record: Json, lines: Sequence[str]) -> tuple[str, ...]:
    evidence = record["evidence"]
    if not _is_strings(evidence):
        raise BadCase("“evidence” is not a list of excerpts with at least one")
    for excerpt in evidence:
        if not any(excerpt in line for line in lines):
            raise BadCase(f"the excerpt is not verbatim in a line of the course: “{excerpt}”")
        if re.match(r"[#\-:]+ |:::", excerpt) or "|" in excerpt:
            raise BadCase(f"the excerpt has markup in it: “{excerpt}”")
    return tuple(evidence)


def _plain(text: str) -> str:
    """The words alone, so that a claim is not called new for its capitals, quotation marks or full stop."""
    return " ".join(re.findall(r"\w+", text.casefold()))
