"""Names: which of a claim's the evidence lacks, and whether it may stand for one by a pronoun."""

import re
from functools import lru_cache

from cpom_tutor.language import names, plain, stem, tokens

_POINTS_BACK = re.compile(
    r"(?:^|[.!?:;—]\s+|[“\"(]\s*)(?:it|she|he|they|its|her|his|their|(?:this|these|that|those|the) \w+)\b",
    re.IGNORECASE,
)
_INITIAL = re.compile(r"\b[A-Za-z]")


@lru_cache(maxsize=4096)
def missing_names(claim: str, evidence: str) -> tuple[str, ...]:
    """The names of the claim that the evidence has neither as a word nor spelt out, in alphabetical order."""
    words = tokens(evidence)
    have = set(words) | {word.removesuffix("s") for word in words} | {stem(word) for word in words}
    initials = "".join(_INITIAL.findall(plain(evidence).lower()))
    return tuple(
        name for name in sorted(names(claim))
        if not all(part in have or stem(part) in have for part in re.split(r"[-&]", name) if part)
        and not (2 <= len(name) <= 6 and name in initials and _is_acronym(name, claim))
    )  # fmt: skip


@lru_cache(maxsize=4096)
def points_back(text: str) -> bool:
    """Whether a sentence of the text opens with a pronoun or the like, which may stand for a name."""
    return bool(_POINTS_BACK.search(text))


def _is_acronym(name: str, text: str) -> bool:
    return re.search(rf"\b{re.escape(name.upper())}s?\b", text) is not None
