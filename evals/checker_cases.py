"""The claims that the checker is trained on and measured with, from one place: true ones, and ones made false."""

import random
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from cpom_tutor.language import content_stems
from cpom_tutor.library import Library
from evals.cases import passage_of, section_texts
from evals.claim_cases import load_defects, load_paraphrases
from evals.mutations import Mutator, Supported
from evals.restatements import restated

VERBATIM, PARAPHRASE, RESTATED = "verbatim", "paraphrase", "restated"
SHORTEST = 4
"""Content words of a sentence that is worth changing."""
HAND = "written by hand"
MADE = "made of verbatim sentences", "made of paraphrases"
"""Where false claims come from."""


@dataclass(frozen=True, slots=True)
class Case:
    """A claim to be judged.

    Attributes:
        id: of the case, or of what it was made of.
        claim: one sentence.
        evidence: what it is to be judged by.
        cluster: the passage of its evidence.
        split: tune or sealed; a verbatim sentence has that of its passage, a mutation that of its source.
        supported: whether the evidence supports it.
        origin: what it is, or what it was made of.
        kind: of the defect; empty for a true claim.
    """

    id: str
    claim: str
    evidence: tuple[str, ...]
    cluster: str
    split: str
    supported: bool
    origin: str
    kind: str = ""


def true_cases(library: Library) -> tuple[Case, ...]:
    """Each sentence of the course beside itself, and the paraphrases."""
    return tuple(
        _case(supported, _split(supported.cluster), VERBATIM) for supported in _sentences(library)
    ) + tuple(_case(supported, split, PARAPHRASE) for supported, split in _paraphrases())  # fmt: skip


def hand_cases() -> tuple[Case, ...]:
    """The defects written by hand."""
    texts = section_texts()
    return tuple(
        Case(defect.id, defect.claim, defect.evidence, passage_of(defect.evidence[0], texts), defect.split, False,
             HAND, defect.kind)
        for defect in load_defects()
    )  # fmt: skip


def made_cases(library: Library, seed: int = 0) -> tuple[Case, ...]:
    """The mutations of every true claim."""
    return tuple(
        Case(true.id, mutation.claim, mutation.evidence, true.cluster, true.split, False,
             MADE[true.origin == PARAPHRASE], mutation.kind)
        for true in true_cases(library)
        for mutation in mutator(library, seed).all_of([Supported(true.id, true.claim, true.evidence, true.cluster)])
    )  # fmt: skip


def restated_cases(library: Library, seed: int = 0) -> Iterator[Case]:
    """True claims a little other than the course's sentences."""
    draw = random.Random(seed)
    for supported in _sentences(library):
        for changed in restated(supported, draw):
            yield _case(changed, _split(supported.cluster), RESTATED)


def mutator(library: Library, seed: int) -> Mutator:
    """Makes mutations with the course's own names, items and passages."""
    return Mutator([passage.text for passage in library.passages if not passage.kind.is_container], seed)


def _sentences(library: Library) -> Iterator[Supported]:
    texts = section_texts()
    for passage in library.passages:
        for number, sentence in enumerate(() if passage.kind.is_container else passage.sentence_texts, 1):
            if len(content_stems(sentence)) >= SHORTEST:
                yield Supported(f"{passage.id}/{number}", sentence, (sentence,), passage_of(sentence, texts))


def _paraphrases() -> Iterator[tuple[Supported, str]]:
    texts = section_texts()
    for true in load_paraphrases():
        yield Supported(true.id, true.claim, true.evidence, passage_of(true.evidence[0], texts)), true.split


def _case(supported: Supported, split: str, origin: str) -> Case:
    return Case(supported.id, supported.claim, supported.evidence, supported.cluster, split, True, origin)


def _split(passage: str) -> str:
    """Half of the passages, whatever else changes in the course."""
    return "tune" if zlib.crc32(passage.encode()) % 2 else "sealed"
