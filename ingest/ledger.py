"""What became of passages that left the course, so that an old citation still leads somewhere."""

from collections.abc import Iterable, Mapping

from rapidfuzz import fuzz, process

from cpom_tutor.course import Passage
from cpom_tutor.library import Library

SUCCESSOR = 60.0
"""Similarity (0 to 100) from which a passage that came is taken for the one that left, in other words."""
SAME = 90.0
"""The same for a passage that was there all along: only a near repetition can stand in."""


def retire(before: Library | None, after: Library) -> dict[str, str]:
    """The ledger of the next version: every id that ever left, and its nearest successor or ``""``.

    An id that is back is taken out; an entry whose successor has left in its turn follows on to the next.

    Args:
        before: the version in service, with its ledger; None for a first build.
        after: the version that is being built.
    """
    if before is None:
        return {}
    added = [passage for passage in after.passages if passage.id not in before]
    stayed = [passage for passage in after.passages if passage.id in before]
    left = {
        passage.id: _nearest(passage, added, SUCCESSOR) or _nearest(passage, stayed, SAME)
        for passage in before.passages
        if passage.id not in after
    }
    ledger = {**before.retired, **left}
    return {
        identity: _follow(successor, ledger, after) for identity, successor in ledger.items() if identity not in after
    }


def _nearest(passage: Passage, others: Iterable[Passage], threshold: float) -> str:
    section = passage.id.split("-", 1)[0]
    texts = {
        other.id: other.text
        for other in others
        if other.id.split("-", 1)[0] == section and other.kind.is_container == passage.kind.is_container
    }
    found = process.extractOne(passage.text, texts, scorer=fuzz.ratio, score_cutoff=threshold)
    return str(found[2]) if found else ""


def _follow(successor: str, ledger: Mapping[str, str], after: Library) -> str:
    seen: set[str] = set()
    while successor and successor not in after and successor not in seen:
        seen.add(successor)
        successor = ledger.get(successor, "")
    return successor if successor in after else ""
