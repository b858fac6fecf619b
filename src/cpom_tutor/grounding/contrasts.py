"""Opposites: words that cannot both be said of one subject (read from `contrasts.yaml`)."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from cpom_tutor.language import denied_stems, stem, tokens


@dataclass(frozen=True, slots=True)
class Contrast:
    """Two sides, each a set of phrases; a phrase is a tuple of stems."""

    positive: frozenset[tuple[str, ...]]
    negative: frozenset[tuple[str, ...]]


@cache
def contrasts() -> tuple[Contrast, ...]:
    """All pairs of opposite sides."""
    entries = yaml.safe_load(files("cpom_tutor.grounding").joinpath("contrasts.yaml").read_text("utf-8"))
    return tuple(Contrast(_phrases(entry["for"]), _phrases(entry["against"])) for entry in entries)


def opposed(claim: str, evidence: str) -> tuple[str, str] | None:
    """The first pair (claim's words, evidence's words) that stand on opposite sides, if there is one.

    A side that the evidence uses as well is no opposition: it may speak of both.
    """
    claim_denies, evidence_denies = denied_stems(claim), denied_stems(evidence)
    for contrast in contrasts():
        for mine, theirs in ((contrast.positive, contrast.negative), (contrast.negative, contrast.positive)):
            said, denied = _first(mine, claim, claim_denies), _first(theirs, evidence, evidence_denies)
            if said and denied and not _has(evidence, said) and not _has(claim, denied):
                return " ".join(said), " ".join(denied)
    return None


def _phrases(texts: list[str]) -> frozenset[tuple[str, ...]]:
    return frozenset(_stems(text) for text in texts)


def _stems(text: str) -> tuple[str, ...]:
    return tuple(stem(token) for token in tokens(text.replace("-", " ")))


def _first(phrases: frozenset[tuple[str, ...]], text: str, denied: frozenset[str]) -> tuple[str, ...] | None:
    """The longest phrase that the text states; one that it denies says the opposite and does not count."""
    stated = (phrase for phrase in phrases if _has(text, phrase) and not set(phrase) & denied)
    found = sorted(stated, key=lambda phrase: (-len(phrase), phrase))
    return found[0] if found else None


def _has(text: str, phrase: tuple[str, ...]) -> bool:
    words = _stems(text)
    return any(words[start : start + len(phrase)] == phrase for start in range(len(words) - len(phrase) + 1))
