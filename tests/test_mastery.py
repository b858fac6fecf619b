"""What attempts say of a learner, and what they do not."""

from datetime import UTC, datetime, timedelta

import pytest

from cpom_tutor.attempts import Attempt
from cpom_tutor.items import ItemKind, Level
from cpom_tutor.practice.progress.mastery import SECURE, Trend, mastery, weakest_first, wilson

START = datetime(2026, 3, 1, tzinfo=UTC)


def attempts(
    *scores: tuple[int, float], self_rated: bool = False, apart: timedelta = timedelta(minutes=1)
) -> list[Attempt]:
    """Attempts at (fact, score), in order."""
    return [
        Attempt(f"i{fact}", f"f{fact}", ItemKind.MCQ, Level.RECALL, "CPOM §1.1.1", score, score == 1,
                START + place * apart, self_rated=self_rated)
        for place, (fact, score) in enumerate(scores)
    ]  # fmt: skip


class TestWilson:
    @pytest.mark.parametrize(
        ("right", "count", "low", "high"),
        # 81 of 263 is the example of R. G. Newcombe 1998, Statistics in Medicine 17, 857-872.
        [(8, 10, 0.4902, 0.9433), (0, 10, 0.0, 0.2775), (5, 5, 0.5655, 1.0), (81, 263, 0.2553, 0.3662)],
    )
    def test_has_the_published_values(self, right: int, count: int, low: float, high: float) -> None:
        assert wilson(right / count, count) == pytest.approx((low, high), abs=5e-4)

    def test_knows_nothing_of_nothing(self) -> None:
        assert wilson(0.0, 0) == (0.0, 1.0)


class TestMastery:
    def test_below_five_different_facts_there_is_not_enough_yet(self) -> None:
        few = mastery("k", "t", attempts(*[(fact % 4, 1.0) for fact in range(40)]))
        assert (few.facts, few.attempts, few.enough) == (4, 40, False)
        assert few.sentence.startswith("Not enough yet: 4 of the 5")
        assert not few.weak
        assert mastery("k", "t", attempts(*[(fact, 1.0) for fact in range(5)])).enough

    def test_nothing_tried_is_not_nothing_known(self) -> None:
        none = mastery("k", "t", [])
        assert (none.facts, none.share, none.low, none.high, none.enough) == (0, 0.0, 0.0, 1.0, False)
        assert none.trend is Trend.UNKNOWN

    def test_asking_one_fact_again_and_again_says_no_more_of_the_others(self) -> None:
        once = mastery("k", "t", attempts(*[(fact, 1.0) for fact in range(6)]))
        often = mastery("k", "t", attempts(*[(fact % 6, 1.0) for fact in range(60)]))
        assert (often.low, often.high, often.share) == (once.low, once.high, once.share)

    def test_the_latest_answers_to_a_fact_count_most(self) -> None:
        learnt = mastery("k", "t", attempts((0, 0.0), (0, 1.0)))
        forgot = mastery("k", "t", attempts((0, 1.0), (0, 0.0)))
        assert learnt.share == pytest.approx(2 / 3)
        assert forgot.share == pytest.approx(1 / 3)

    def test_more_facts_narrow_the_interval_around_the_share(self) -> None:
        few, many = (
            mastery("k", "t", attempts(*[(fact, float(fact % 2)) for fact in range(count)])) for count in (6, 60)
        )
        assert few.share == many.share == 0.5
        assert few.low < many.low < 0.5 < many.high < few.high

    def test_flashcards_that_the_learner_rated_do_not_count(self) -> None:
        rated = attempts(*[(fact, 1.0) for fact in range(20)], self_rated=True)
        assert mastery("k", "t", rated).attempts == 0
        assert mastery("k", "t", [*rated, *attempts((0, 0.0))]).share == 0.0

    def test_the_sentence_says_it_in_words(self) -> None:
        found = mastery("k", "t", attempts(*[(fact, float(fact < 8)) for fact in range(10)]))
        assert found.sentence == "You know 80% of 10 facts asked, likely between 49% and 94% of all."


class TestTrend:
    @pytest.mark.parametrize(
        ("scores", "trend"),
        [
            ([0.0] * 5 + [1.0] * 5, Trend.UP),
            ([1.0] * 5 + [0.0] * 5, Trend.DOWN),
            ([1.0] * 20, Trend.STEADY),
            ([1.0, 0.0] * 5 + [1.0, 0.0, 1.0, 1.0, 0.0] * 2, Trend.STEADY),
            ([0.0] * 4 + [1.0] * 5, Trend.UNKNOWN),
            ([0.0] * 30 + [1.0] * 20, Trend.STEADY),  # long since learnt
        ],
    )
    def test_tells_change_from_noise(self, scores: list[float], trend: Trend) -> None:
        assert mastery("k", "t", attempts(*enumerate(scores), apart=timedelta(hours=4))).trend is trend

    @pytest.mark.parametrize("scores", [[0.0] * 5 + [1.0] * 5, [1.0] * 20])
    def test_one_day_of_practice_shows_no_trend(self, scores: list[float]) -> None:
        found = mastery("k", "t", attempts(*enumerate(scores)))
        assert found.trend is Trend.UNKNOWN
        assert found.sentence.endswith("of all.")

    def test_days_that_do_not_differ_by_more_than_chance_are_called_that(self) -> None:
        found = mastery("k", "t", attempts(*enumerate([1.0] * 20), apart=timedelta(hours=4)))
        assert found.sentence.endswith("of all. It has not changed much.")


class TestWeakSpots:
    def test_are_ranked_by_the_lower_end_of_what_is_likely(self) -> None:
        def part(key: str, right: int, count: int) -> tuple[str, list[Attempt]]:
            return key, attempts(*[(fact, float(fact < right)) for fact in range(count)])

        parts = [part("sure", 60, 100), part("unsure", 3, 5), part("good", 95, 100), part("unknown", 0, 3)]
        found = weakest_first(mastery(key, key, tried) for key, tried in parts)
        assert [weak.key for weak in found] == ["unsure", "sure"]
        assert all(weak.share < SECURE for weak in found)
