"""Learns from the probes which questions take something wrong for granted.

A logistic regression over the embedder's vectors: small enough to fit at every ingest, and its weights are one
number a dimension. It knows only how such questions sound; what the course says is weighed with it when it answers.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from cpom_tutor.course import Probe
from cpom_tutor.protocols import Vectors
from ingest.hashing import text_hash

FEWEST = 40
"""Probes with a wrong premise under which nothing is learnt."""
_INVERSE_REGULARISATION = 3.0
_ROUNDED = 4  # digits: the same corpus gives the same index on every machine


def fit_doubt(probes: Sequence[Probe], vectors: Mapping[str, Vectors]) -> tuple[float, ...]:
    """Weights, one a dimension, then the bias; empty where the course has too few such probes.

    Args:
        probes: of the course; those that it does not answer are left out.
        vectors: by the hash of the probe's question, shape (dimension,).
    """
    answered = [probe for probe in probes if not probe.gap]
    wrong = np.array([probe.premise is False for probe in answered])
    if wrong.sum() < FEWEST or wrong.all():
        return ()
    from sklearn.linear_model import LogisticRegression

    matrix = np.stack([vectors[text_hash(probe.question)] for probe in answered])
    model = LogisticRegression(C=_INVERSE_REGULARISATION, class_weight="balanced", max_iter=500).fit(matrix, wrong)
    return tuple(round(float(weight), _ROUNDED) for weight in (*model.coef_[0], model.intercept_[0]))
