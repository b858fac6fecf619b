"""Is the claim in the evidence word for word, and not cut out of what denies or limits it?"""

import re
from collections.abc import Sequence

from cpom_tutor.answers import Label, Verdict
from cpom_tutor.grounding.sentences import split_sentences
from cpom_tutor.language import plain, tokens

_DENIALS = frozenset("not never without cannot isn't doesn't don't rather instead merely hardly no".split())
_CONDITIONS = frozenset({"if", "unless", "whether"})
_CLAUSE_END = re.compile(r"[;:—]")


def quoted(claim: str, evidence: Sequence[str]) -> Verdict | None:
    """The verdict on a claim that is a quote of its evidence, and None on any other.

    Each sentence of the claim is one unbroken run of one evidence sentence, or the whole pieces one by one.
    Runs stitched together prove nothing: "A failure ... is not" and "a direct threat" may stand in one sentence.
    """
    if tokens(claim) == tuple(token for piece in evidence for token in tokens(piece)):
        return Verdict(Label.SUPPORTED, 1.0, "The claim is its quotes, word for word.")
    have = sentences_of(evidence)
    for sentence in sentences_of((claim,)):
        runs = [_before_run(tokens(sentence), candidate) for candidate in have]
        found = [before for before in runs if before is not None]
        if not found:
            return None
        if all(_limits(before) for before in found):
            return Verdict(Label.REFUTED, 0.1, "The words are cut out of a sentence that denies or limits them.")
    return Verdict(Label.SUPPORTED, 1.0, "The claim is in the evidence, word for word.")


def sentences_of(pieces: Sequence[str]) -> list[str]:
    """The sentences of several texts, in plain words."""
    return [span.of(plain(piece)) for piece in pieces for span in split_sentences(plain(piece))]


def _before_run(wanted: tuple[str, ...], sentence: str) -> tuple[str, ...] | None:
    """The tokens of its clause before the run `wanted` in a sentence; None where it has no such run."""
    have, clause_starts = _tokens_and_clauses(sentence)
    for start in range(len(have) - len(wanted) + 1):
        if have[start : start + len(wanted)] == wanted:
            opened = max(place for place in clause_starts if place <= start)
            return have[opened:start]
    return None


def _tokens_and_clauses(sentence: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """A sentence's tokens, and the places where a clause starts (after ";", ":" or a dash)."""
    have: list[str] = []
    starts = [0]
    for clause in _CLAUSE_END.split(sentence):
        have += tokens(clause)
        starts.append(len(have))
    return tuple(have), tuple(starts)


def _limits(before: tuple[str, ...]) -> bool:
    """Whether what stands before a run in its clause denies it (near) or makes it conditional (anywhere)."""
    return bool(set(before) & _CONDITIONS or set(before[-4:]) & _DENIALS)
