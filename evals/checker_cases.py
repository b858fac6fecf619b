"""The claims that the checker is trained on and measured with, from one place: true ones, and ones made false."""

import random
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from cpom_tutor.language import content_stems
from cpom_tutor.library import Library
from evals.cases import passage_of, section_texts
from evals.claim_cases import load_defects, load_paraphrases
from evals.draft_cases import load_drafts
from evals.mutations import Mutator, Supported
from evals.restatements import restated
from evals.teaching_cases import load_taught, mutated, wrongly_cited

VERBATIM, PARAPHRASE, RESTATED = "verbatim", "paraphrase", "restated"
DRAFT, TAUGHT, TAUGHT_MADE = "draft", "taught", "made of taught"
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


def draft_cases(library: Library) -> tuple[Case, ...]:
    """Sentences of a model's drafts, true and false, beside all that their passages say."""
    texts = section_texts()
    return tuple(
        Case(each.id, each.sentence, evidence, passage_of(evidence[0], texts), each.split, each.supported, DRAFT,
             "" if each.supported else each.kind)
        for each in load_drafts(library)
        for evidence in (tuple(passage.text for passage in each.passages),)
    )  # fmt: skip


def taught_cases(seed: int = 0) -> Iterator[Case]:
    """Sentences about passages that are no part of the course. For training only."""
    taught = load_taught()
    for each in taught:
        for sentence in each.true:
            yield Case(each.id, sentence, (each.passage,), each.id, "tune", True, TAUGHT)
        for kind, sentence in each.false:
            yield Case(each.id, sentence, (each.passage,), each.id, "tune", False, TAUGHT, kind)
    for sentence, other in wrongly_cited(taught):
        yield Case(other.id, sentence, (other.passage,), other.id, "tune", False, TAUGHT_MADE, "wrong_citation")
    for kind, sentence, each in mutated(taught, seed):
        yield Case(each.id, sentence, (each.passage,), each.id, "tune", False, TAUGHT_MADE, kind)


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
