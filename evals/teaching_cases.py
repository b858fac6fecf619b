"""Passages that are no part of the course, with sentences about them, true and false: what the checker learns from.

They are written as a course is, on other topics, so that what is learned holds for a text that nobody has seen; and
the sentences as a language model writes when it explains a passage.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from evals.cases import CASES, BadCase, Json, _is_strings, _load, _words
from evals.draft_cases import DEFECTS
from evals.mutations import KINDS, Mutator, Supported


@dataclass(frozen=True, slots=True)
class Taught:
    """One passage and what is said about it.

    Attributes:
        id: unique in its file.
        passage: a paragraph of teaching text.
        true: sentences that it bears out.
        false: sentences that it does not, each with what is wrong (one of `DEFECTS`).
    """

    id: str
    passage: str
    true: tuple[str, ...]
    false: tuple[tuple[str, str], ...]


def load_taught(path: Path = CASES / "teaching.jsonl") -> tuple[Taught, ...]:
    """The passages.

    Raises:
        BadCase: the file is missing or a line of it is wrong.
    """

    def read(record: Json) -> Taught:
        true, false = record["true"], record["false"]
        if not _is_strings(true):
            raise BadCase("“true” is not a list of sentences with at least one")
        if not isinstance(false, dict) or not set(false) <= set(DEFECTS) or not all(map(_is_strings, false.values())):
            raise BadCase(f"“false” must hold lists of sentences under some of: {', '.join(DEFECTS)}")
        told = tuple((kind, sentence) for kind, sentences in false.items() for sentence in sentences)
        return Taught(record["id"], _words(record, "passage"), tuple(true), told)

    return _load(path, ("id", "passage", "true", "false"), read)


def wrongly_cited(taught: tuple[Taught, ...]) -> Iterator[tuple[str, Taught]]:
    """Each true sentence beside a passage that is not its own."""
    for number, each in enumerate(taught):
        for step, sentence in enumerate(each.true, 1):
            yield sentence, taught[(number + 3 * step) % len(taught)]


def mutated(taught: tuple[Taught, ...], seed: int) -> Iterator[tuple[str, str, Taught]]:
    """(kind, false sentence, its passage): the mutations of every true sentence."""
    mutator = Mutator([each.passage for each in taught], seed)
    kinds = [kind for kind in KINDS if kind != "wrong_citation"]
    for each in taught:
        true = [Supported(each.id, sentence, (each.passage,), each.id) for sentence in each.true]
        for found in mutator.all_of(true, kinds):
            yield found.kind, found.claim, each
