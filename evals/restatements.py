"""True claims made out of supported ones: nearly the evidence's words, and still true. For training only."""

import random
import re
from collections.abc import Iterator

from cpom_tutor.language import content_stems, plain
from evals.mutation_words import SYNONYMS
from evals.mutations import LIST, Supported


def restated(supported: Supported, draw: random.Random) -> Iterator[Supported]:
    """True claims that are close to the evidence: a list shortened or turned round, a closing clause left out."""
    claim = plain(supported.claim)
    listed = LIST.search(claim)
    if listed:
        parts = re.split(r"(, (?:and |or )?| and | or )", listed.group())
        if len(parts) >= 5:
            yield _changed(supported, claim[: listed.start()] + "".join(parts[:2] + parts[4:]) + claim[listed.end() :])
            parts[2], parts[-1] = parts[-1], parts[2]
            yield _changed(supported, claim[: listed.start()] + "".join(parts) + claim[listed.end() :])
    clauses = re.split(
        r", (?=which|who|ensuring|leading|making|requiring|including|positioning|because|so that)", claim
    )
    if len(clauses) > 1 and len(content_stems(clauses[0])) >= 4:
        yield _changed(supported, clauses[0].rstrip(".") + ".")
    halves = re.split(r"; ", claim)
    if len(halves) > 1 and all(len(content_stems(half)) >= 3 for half in halves):
        yield _changed(supported, halves[draw.randrange(len(halves))].rstrip(".") + ".")
    opening = re.match(r"((?:For|In|By|Without|Through|While|If) [^,]{4,60}), (\w.+?)\.?$", claim)
    if opening:
        rest = opening[2]
        yield _changed(supported, f"{rest[0].upper()}{rest[1:]} {opening[1][0].lower()}{opening[1][1:]}.")
    words = [match for match in re.finditer(r"[a-z]+", claim) if match.group() in SYNONYMS]
    if words:
        changed = claim
        for match in reversed(words):
            changed = changed[: match.start()] + SYNONYMS[match.group()] + changed[match.end() :]
        yield _changed(supported, changed)


def _changed(supported: Supported, claim: str) -> Supported:
    return Supported(supported.id, claim[0].upper() + claim[1:], supported.evidence, supported.cluster)
