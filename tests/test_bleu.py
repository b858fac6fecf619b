"""BLEU's counts and its interval."""

import math

import numpy as np
import pytest

from evals.bleu import bleu, counts, estimate


def test_counts_are_matches_totals_and_the_reference() -> None:
    assert counts("Did he tour ?", "did ice tour?") == [3, 1, 0, 0, 4, 3, 2, 1, 4]


def test_a_corpus_is_scored_by_its_sums() -> None:
    summed = np.array([9, 6, 4, 2, 10, 8, 6, 4, 12], dtype=np.float64)
    expected = 100 * math.exp(1 - 12 / 10) * (9 / 10 * 6 / 8 * 4 / 6 * 2 / 4) ** 0.25
    assert bleu(summed) == pytest.approx(expected)


def test_no_match_of_four_words_is_nothing() -> None:
    assert bleu(np.array([3, 1, 0, 0, 4, 3, 2, 1, 4], dtype=np.float64)) == 0.0


def test_the_interval_holds_the_figure() -> None:
    said = ["what did the old captain say", "where did the ship go then", "who was on the boat"]
    meant = ["what did the old captain say", "where did the old ship go then", "who was on the little boat"]
    found = estimate([counts(a, b) for a, b in zip(said, meant, strict=True)], [1, 2, 2])
    assert found.low <= found.value <= found.high
    assert found.count == 3


def test_perfect_is_a_hundred() -> None:
    assert estimate([counts("a b c d e", "A b c d e")], [1]).value == pytest.approx(100)
