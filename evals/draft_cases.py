"""Sentences such as a language model writes when it explains the course, each with the passages that it names."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cpom_tutor.answers import Claim, Pointer, Role
from cpom_tutor.course import Address, Passage, Span
from cpom_tutor.errors import BadInput, NotFound
from cpom_tutor.library import Library
from evals.cases import CASES, SPLITS, BadCase, Json, _is_strings, _load, _one_of, _words

TRUE = "true"
DEFECTS = (
    "number", "negation", "swapped_entity", "swapped_role", "foreign_item", "wrong_citation", "stronger_modal",
    "added_detail", "outside_knowledge",
)  # fmt: skip
"""What makes a sentence one that must not be shown."""
MOST_CITED = 3


@dataclass(frozen=True, slots=True)
class DraftCase:
    """One sentence of a draft.

    Attributes:
        id: unique in its file.
        split: tune (may be looked at) or sealed (only totals are ever shown); that of the first passage named.
        kind: `TRUE`, or one of `DEFECTS`.
        passages: those that it names, in order.
        sentence: in words of its own.
    """

    id: str
    split: str
    kind: str
    passages: tuple[Passage, ...]
    sentence: str

    @property
    def supported(self) -> bool:
        """Whether the passages that it names bear it out."""
        return self.kind == TRUE

    @property
    def claim(self) -> Claim:
        """As a generator hands it to the gate: a fact that leans on all of its passages."""
        pointers = tuple(Pointer(passage.id, Span(0, len(passage.text))) for passage in self.passages)
        return Claim(self.sentence, Role.FACT, pointers)


def load_drafts(library: Library, path: Path = CASES / "drafts.jsonl") -> tuple[DraftCase, ...]:
    """The sentences, true and false.

    Args:
        library: the course, where each passage named must be.
        path: the file of cases.

    Raises:
        BadCase: the file is missing or a case of it is wrong.
    """

    def read(record: Json) -> DraftCase:
        cites, sentence = record["cites"], _words(record, "claim")
        if not _is_strings(cites) or len(cites) > MOST_CITED:
            raise BadCase(f"“cites” is not a list of one to {MOST_CITED} addresses")
        kind = _one_of(record, "kind", (TRUE, *DEFECTS))
        return DraftCase(record["id"], _one_of(record, "split", SPLITS), kind, _passages(cites, library), sentence)

    return _load(path, ("id", "split", "kind", "cites", "claim"), read)


def _passages(cites: Sequence[str], library: Library) -> tuple[Passage, ...]:
    found: list[Passage] = []
    for cite in cites:
        try:
            there = library.at(Address.parse(cite))
        except (BadInput, NotFound):
            there = ()
        texts = [passage for passage in there if not passage.kind.is_container and str(passage.address) == cite]
        if len(texts) != 1:
            raise BadCase(f"“{cite}” is not the address of one passage")
        found += texts
    return tuple(found)
