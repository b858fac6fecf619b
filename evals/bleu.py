"""BLEU over a set of sentences, with an interval (Papineni et al., ACL 2002; tokens and counts by sacreBLEU).

Lower case and the 13a tokens: the setting that gives the published figure for CANARD's questions as they are (36.1).
"""

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray
from sacrebleu.metrics.bleu import BLEU

from evals.statistics import SEED, Estimate

ORDER = 4
_DRAWS = 2000
_BLEU = BLEU(lowercase=True, tokenize="13a", effective_order=True)

Counts = NDArray[np.float64]


def counts(said: str, reference: str) -> list[int]:
    """What BLEU counts in one sentence: matches and totals of 1- to 4-grams, and the length of the reference."""
    found = _BLEU.sentence_score(said, [reference])
    return [*found.counts, *found.totals, found.ref_len]


def bleu(summed: Counts) -> float:
    """BLEU, 0 to 100, from counts summed over sentences (the last axis holds the nine counts)."""
    found: float = float(_bleu(np.asarray(summed, dtype=np.float64)))
    return found


def estimate(each: Sequence[Sequence[int]], clusters: Sequence[Hashable]) -> Estimate:
    """Corpus BLEU with a percentile bootstrap interval over clusters.

    Args:
        each: the counts of each sentence.
        clusters: the dialogue that each belongs to.

    Raises:
        ValueError: there are no sentences.
    """
    if not each:
        raise ValueError("there is nothing to count")
    numbers = {cluster: number for number, cluster in enumerate(dict.fromkeys(clusters))}
    sums = np.zeros((len(numbers), 2 * ORDER + 1))
    np.add.at(sums, [numbers[cluster] for cluster in clusters], np.asarray(each, dtype=np.float64))
    drawn = np.random.default_rng(SEED).multinomial(len(sums), [1 / len(sums)] * len(sums), size=_DRAWS)
    low, high = np.percentile(_bleu(drawn @ sums), [2.5, 97.5])
    return Estimate(bleu(sums.sum(axis=0)), float(low), float(high), len(each))


def _bleu(summed: Counts) -> Counts:
    matches, totals, reference = summed[..., :ORDER], summed[..., ORDER : 2 * ORDER], summed[..., -1]
    with np.errstate(divide="ignore"):
        precision = np.exp(np.log(matches / np.maximum(totals, 1)).mean(axis=-1))
    brevity = np.exp(np.minimum(0.0, 1.0 - reference / np.maximum(totals[..., 0], 1)))
    found: Counts = 100 * precision * brevity
    return found
