"""A claim beside its evidence, word by word: what the combiner weighs.

Every content word of the claim is aligned to the evidence: by the same stem, by a shared meaning (WordNet), and by
the embedder's vectors of words in their context (the best match of each word, as in ColBERT's MaxSim; Khattab and
Zaharia, 2020). What is left over, in a run, is an added detail; what changed its neighbours, a swapped role.
"""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from cpom_tutor.grounding.agents import agents_of, swapped, turned
from cpom_tutor.grounding.alignment import Word, content_words
from cpom_tutor.grounding.contrasts import opposed
from cpom_tutor.grounding.lexicon import are_opposites, kinship, rarity
from cpom_tutor.grounding.naming import missing_names, points_back
from cpom_tutor.grounding.polarity import polarity
from cpom_tutor.grounding.relations import items_left, relations
from cpom_tutor.grounding.roles import ANYBODY, roles
from cpom_tutor.grounding.scales import hedges, overstated, widened
from cpom_tutor.language import NEGATIONS, denied_stems, tokens
from cpom_tutor.protocols import Reading

Numbers = NDArray[np.float64]

_DENIALS = NEGATIONS | {"seldom", "rarely", "unlikely", "nobody", "unable", "instead", "rather"}
_SOMEBODY = re.compile(r"\b(?:he|she)\b", re.IGNORECASE)  # may be whoever the claim speaks of
FOLLOWS = 0.75
"""Share of the claim's words in the evidence's order, from which on it is a close copy."""
ALIKE = 0.75
"""Cosine of two words in their places, from which on one may stand for the other."""
ALMOST = 0.8
"""How well a word answers at least to one that is a kind of it."""
KIN = 0.7
"""Kinship from which on two words count as of one meaning."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """A claim and the evidence near to it, as read by the model.

    Attributes:
        claim, evidence: their texts; `evidence` as `near_evidence` chose it.
        mine, theirs: their readings.
    """

    claim: str
    evidence: str
    mine: Reading
    theirs: Reading

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """The claim's content words, in order."""
        return content_words(self.claim, self.mine)

    @cached_property
    def evidence_words(self) -> tuple[Word, ...]:
        """The evidence's content words, in order."""
        return content_words(self.evidence, self.theirs)

    @cached_property
    def likeness(self) -> Numbers:
        """Cosine of each content word of the claim (rows) with each of the evidence."""
        rows = self.mine.words[[word.place for word in self.words]]
        columns = self.theirs.words[[word.place for word in self.evidence_words]]
        return np.asarray(rows @ columns.T, dtype=np.float64)

    @cached_property
    def kin(self) -> Numbers:
        """Kinship in meaning of each content word of the claim (rows) with each of the evidence."""
        return np.array(
            [[kinship(word.stem, other.stem) for other in self.evidence_words] for word in self.words],
            dtype=np.float64,
        ).reshape(len(self.words), len(self.evidence_words))  # fmt: skip

    @cached_property
    def uncovered(self) -> tuple[int, ...]:
        """The claim's content words that no word of the evidence shares a stem or a meaning with."""
        return tuple(int(row) for row in np.flatnonzero(self.kin.max(axis=1) < KIN))

    @cached_property
    def opposites(self) -> tuple[str, str] | None:
        """The first word of the claim, not in the evidence, whose opposite is; with that opposite."""
        for row in self.uncovered:
            for other in self.evidence_words:
                if are_opposites(self.words[row].stem, other.stem):
                    return self.words[row].text, other.text
        return None

    @cached_property
    def exchanged(self) -> tuple[str, str] | None:
        """One word for another in a claim that else follows the evidence word for word: (the claim's, the evidence's).

        Words that mean the same, or read alike in their places, are no exchange.
        """
        if len(self.uncovered) not in (1, 2):
            return None
        mine, theirs = [word.stem for word in self.words], [word.stem for word in self.evidence_words]
        matcher = SequenceMatcher(None, mine, theirs, autojunk=False)
        if sum(block.size for block in matcher.get_matching_blocks()) < FOLLOWS * len(mine):
            return None
        for what, start, end, first, last in matcher.get_opcodes():
            single = what == "replace" and end - start == last - first == 1
            if single and start in self.uncovered and self.likeness[start, first] < ALIKE:
                return self.words[start].text, self.evidence_words[first].text
        return None

    @cached_property
    def agents(self) -> tuple[int, ...]:
        """Which of the claim's content words name a person, or are a name."""
        return agents_of(self.claim, self.words)

    @cached_property
    def strangers(self) -> tuple[int, ...]:
        """Which of those the evidence does not speak of, by name or by a word that fits anybody."""
        if _SOMEBODY.search(self.evidence):
            return ()
        known = {word.stem for word in self.evidence_words} | ANYBODY
        return tuple(row for row in self.agents if self.words[row].stem not in known and self.kin[row].max() < KIN)

    def features(self) -> dict[str, float]:
        """What the combiner weighs, by name; all finite."""
        if not self.words or not self.evidence_words:
            return {}
        return {
            **self._meaning(), **self._covering(), **self._order(), **self._polarity(), **self._agents(),
            **self._substitutions(), **self._items(), **self._relations(),
        }  # fmt: skip

    @cached_property
    def answers(self) -> Numbers:
        """How well each word of the evidence answers to each of the claim, 0 to 1: by meaning, or by its place."""
        akin = np.where(self.kin >= KIN, np.maximum(self.likeness, ALMOST), self.likeness)
        return np.asarray(np.clip(np.where(self.kin == 1.0, 1.0, akin), 0.0, 1.0), dtype=np.float64)

    def _relations(self) -> dict[str, float]:
        words = np.asarray(self.mine.words[[word.place for word in self.words]], dtype=np.float64)
        near = np.asarray(self.theirs.words[[word.place for word in self.evidence_words]], dtype=np.float64)
        return {
            **relations(self.claim, self.words, self.evidence, self.evidence_words, self.answers, words, near),
            **polarity(self.claim, self.words, self.evidence, self.evidence_words, self.answers, self.likeness),
            **roles(self.words, self.evidence_words, self.answers, self.strangers),
            "widened": float(bool(widened(self.claim, self.evidence))),
        }

    def _meaning(self) -> dict[str, float]:
        best = np.sort(self.likeness.max(axis=1))
        back = self.likeness.max(axis=0)
        return {
            "cosine": float(self.mine.whole @ self.theirs.whole),
            "match_mean": float(best.mean()),
            "match_min": float(best[0]),
            "match_low3": float(best[:3].mean()),
            "match_low_third": float(best[: max(1, len(best) // 3)].mean()),
            "match_back": float(np.sort(back)[-len(best) :].mean()),
        }

    def _covering(self) -> dict[str, float]:
        exact = (self.kin == 1.0).max(axis=1)
        stems = {word.stem for word in self.evidence_words}
        same = np.array([word.stem in stems for word in self.words])
        best = self.likeness.max(axis=1)
        loose = [row in self.uncovered for row in range(len(self.words))]
        run, longest = 0.0, 0.0
        for row, alone in enumerate(loose):
            run = run + (1.0 - best[row]) if alone else 0.0
            longest = max(longest, run)
        share = 1.0 - len(self.uncovered) / len(self.words)
        left = best[list(self.uncovered)] if self.uncovered else np.ones(1)
        return {
            "same_words": float(same.mean()),
            "same_meaning": float(exact.mean()),
            "covered": share,
            "uncovered": float(np.log1p(len(self.uncovered))),
            **self._rare(best),
            "uncovered_match": float(left.mean()),
            "uncovered_worst": float(left.min()),
            "longest_gap": longest,
            "gap_in_close_copy": longest * float(same.mean()) ** 2,
            "one_off": float(len(self.uncovered) in (1, 2) and share > 0.7),
            "length": float(np.log(len(self.words) / len(self.evidence_words))),
            "words": float(np.log(len(self.words))),
        }

    def _rare(self, best: Numbers) -> dict[str, float]:
        """The same, each word weighed by how rare it is: what a paraphrase adds is mostly common words."""
        weight = np.array([0.1 + rarity(word.stem) for word in self.words])
        gap = np.where(self.kin.max(axis=1) < KIN, 1.0 - best, 0.0) * weight
        ordered = np.sort(gap)[::-1]
        return {
            "rare_gap": float(gap.sum() / weight.sum()),
            "rare_worst": float(ordered[0]),
            "rare_worst3": float(ordered[:3].mean()),
            "rare_match": float((best * weight).sum() / weight.sum()),
            "rare_rest": float(np.median(gap)),
        }

    def _order(self) -> dict[str, float]:
        """Do neighbours in the claim stand near each other in the evidence, in the same order?"""
        places: dict[str, list[int]] = {}
        for place, word in enumerate(self.evidence_words):
            places.setdefault(word.stem, []).append(place)
        found = [places.get(word.stem, []) for word in self.words]
        near = jumps = turned = pairs = 0
        for one, other in pairwise(found):
            if not one or not other:
                continue
            pairs += 1
            steps = [second - first for first in one for second in other]
            step = min(steps, key=abs)
            near += 0 < step <= 2
            jumps += abs(step) > 4
            turned += step < 0
        total = max(len(self.words) - 1, 1)
        return {
            "pairs_near": near / total,
            "pairs_far": jumps / total,
            "pairs_turned": turned / total,
        }

    def _polarity(self) -> dict[str, float]:
        mine, theirs = _negations(self.claim), _negations(self.evidence)
        denied_here, denied_there = denied_stems(self.claim), denied_stems(self.evidence)
        shared = {word.stem for word in self.words} & {word.stem for word in self.evidence_words}
        against = sum(
            any(are_opposites(self.words[row].stem, other.stem) for other in self.evidence_words)
            for row in self.uncovered
        )
        against += opposed(self.claim, self.evidence) is not None
        return {
            "negations": float(min(mine, 2)),
            "negations_evidence": float(min(theirs, 2)),
            "negation_gap": float(mine > 0 and theirs == 0),
            "negation_lost": float(theirs > 0 and mine == 0),
            "parity": float((mine + theirs + against) % 2),
            "opposites": float(min(against, 2)),
            "opposites_plain": float(against > 0 and mine == theirs),
            "disputed": float(bool((denied_here ^ denied_there) & shared)),
            "names_missing": float(min(len(missing_names(self.claim, self.evidence)), 2)),
            "overstated_unhedged": float(
                bool(overstated(self.claim, self.evidence)) and hedges(self.evidence) > hedges(self.claim)
            ),
            "overstated": float(min(len(overstated(self.claim, self.evidence)), 2)),
            "unhedged": float(hedges(self.evidence) > 0 and hedges(self.claim) == 0),
        }

    def _agents(self) -> dict[str, float]:
        here, strange = self.agents, self.strangers
        there = agents_of(self.evidence, self.evidence_words)
        named = not points_back(self.evidence)
        return {
            "agents": float(min(len(here), 3)),
            "agents_strange": float(min(len(strange), 2)),
            "agents_strange_beside": float(bool(strange and there)),
            "agents_strange_named": float(bool(strange and there) and named),
            "agents_strange_first": float(bool(strange) and strange[0] <= 2 and here[0] == strange[0]),
            "agents_swapped": swapped(self.words, here, self.evidence_words, there, self.kin >= KIN),
            "agents_turned": float(turned(self.claim, self.words, here, self.evidence, self.evidence_words, there)),
        }

    def _substitutions(self) -> dict[str, float]:
        """Where the claim follows the evidence word for word: what stands in the place of what?"""
        mine, theirs = [word.stem for word in self.words], [word.stem for word in self.evidence_words]
        matcher = SequenceMatcher(None, mine, theirs, autojunk=False)
        kept = sum(block.size for block in matcher.get_matching_blocks()) / len(mine)
        strange, added = 0.0, 0.0
        loose = set(self.uncovered)
        for what, start, end, first, last in matcher.get_opcodes():
            rows = [row for row in range(start, end) if row in loose]
            if not rows:
                continue
            if what == "insert" or first == last:
                added = max(added, float(sum(1.0 - self.likeness[row].max() for row in rows)))
            else:
                window = self.likeness[rows, max(0, first - 1) : last + 1]
                strange = max(strange, float(1.0 - window.max(axis=1).min()))
        return {"follows": kept, "replaced": strange * kept, "inserted": added * kept}

    def _items(self) -> dict[str, float]:
        """In a list of the claim: how much less is one item in the evidence than the others?"""
        left = np.zeros(len(self.words))
        loose = list(self.uncovered)
        left[loose] = 1.0 - self.likeness[loose].max(axis=1) if loose else 0.0
        worst, spread = items_left(self.claim, self.words, left, np.ones(len(self.words)))
        return {"item_gap": worst, "item_spread": spread}


def _negations(text: str) -> int:
    return sum(token in _DENIALS or token.endswith("n't") for token in tokens(text))
