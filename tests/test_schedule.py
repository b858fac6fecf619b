"""When an item is seen again."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from cpom_tutor.attempts import Card, Marking, Rating
from cpom_tutor.items import ItemKind
from cpom_tutor.practice.progress.schedule import due_cards, due_days, end_of_day, rating_of, scheduled
from cpom_tutor.testing import make_item

NOW = datetime(2026, 3, 1, 18, 30, tzinfo=UTC)
ITEM = make_item(0)
RIGHT, WRONG = Marking(1.0, True), Marking(0.0, False)


def days_of(card: Card) -> int:
    return round((card.due - NOW) / timedelta(days=1))


class TestRating:
    @pytest.mark.parametrize(
        ("marking", "rating"),
        [
            (WRONG, Rating.AGAIN),
            (Marking(0.4, False), Rating.AGAIN),
            (Marking(0.9, False), Rating.AGAIN),
            (Marking(0.67, True), Rating.HARD),
            (RIGHT, Rating.GOOD),
        ],
    )
    def test_follows_the_marks(self, marking: Marking, rating: Rating) -> None:
        assert rating_of(ITEM, marking) is rating

    def test_a_sure_right_answer_is_easy_and_a_sure_wrong_one_is_not(self) -> None:
        assert rating_of(ITEM, RIGHT, confident=True) is Rating.EASY
        assert rating_of(ITEM, WRONG, confident=True) is Rating.AGAIN
        assert rating_of(ITEM, Marking(0.7, True), confident=True) is Rating.HARD

    def test_a_quick_right_answer_is_easy_once_the_item_is_known(self) -> None:
        assert rating_of(ITEM, RIGHT, seconds=3, known=True) is Rating.EASY
        assert rating_of(ITEM, RIGHT, seconds=3, known=False) is Rating.GOOD
        assert rating_of(ITEM, RIGHT, seconds=60, known=True) is Rating.GOOD
        assert rating_of(make_item(0, ItemKind.SHORT), RIGHT, seconds=3, known=True) is Rating.GOOD


class TestSchedule:
    def test_better_answers_come_back_later(self) -> None:
        days = [days_of(scheduled(ITEM, None, rating, NOW)) for rating in Rating]
        assert days == sorted(days)
        assert days[0] == 1
        assert days[3] > days[2] > 1

    def test_right_answers_on_the_day_widen_the_intervals_and_a_wrong_one_narrows_them(self) -> None:
        now, card, days = NOW, None, []
        for rating in (Rating.GOOD, Rating.GOOD, Rating.GOOD, Rating.AGAIN):
            card = scheduled(ITEM, card, rating, now)
            days.append((card.due - now).days)
            now = card.due
        assert days[0] < days[1] < days[2]
        assert days[3] < days[2]

    def test_the_same_answers_give_the_same_dates(self) -> None:
        def run() -> Card:
            card = scheduled(ITEM, None, Rating.GOOD, NOW)
            return scheduled(ITEM, card, Rating.HARD, NOW + timedelta(days=40))

        assert run() == run()

    def test_it_takes_the_time_of_any_zone(self) -> None:
        elsewhere = NOW.astimezone(timezone(timedelta(hours=9)))
        assert scheduled(ITEM, None, Rating.GOOD, elsewhere) == scheduled(ITEM, None, Rating.GOOD, NOW)

    def test_it_keeps_the_item_as_it_is_now_and_brings_it_back_from_retirement(self) -> None:
        old = Card(make_item(1), NOW, scheduled(make_item(1), None, Rating.GOOD, NOW).state, "Gone.")
        assert scheduled(ITEM, old, Rating.GOOD, NOW).item == ITEM
        assert scheduled(ITEM, old, Rating.GOOD, NOW).retired == ""

    def test_a_review_that_comes_late_does_not_turn_the_card_back(self) -> None:
        card = scheduled(ITEM, None, Rating.GOOD, NOW)
        late = scheduled(ITEM, card, Rating.GOOD, NOW - timedelta(days=3))
        assert late == scheduled(ITEM, card, Rating.GOOD, NOW)
        assert late.due >= card.due


class TestDue:
    def test_what_comes_due_in_the_course_of_the_day_is_due_all_day(self) -> None:
        chicago = ZoneInfo("America/Chicago")
        assert end_of_day(NOW, UTC) == datetime(2026, 3, 2, tzinfo=UTC)
        assert end_of_day(datetime(2026, 3, 2, 3, tzinfo=UTC), chicago) == datetime(2026, 3, 2, 6, tzinfo=UTC)
        late = Card(ITEM, NOW + timedelta(hours=5), "{}")
        assert due_cards([late], NOW, UTC) == (late,)
        assert due_cards([late], NOW, timezone(timedelta(hours=2))) == ()  # tomorrow there
        assert due_cards([late], NOW, timezone(timedelta(hours=-6))) == (late,)
        assert due_cards([late], NOW - timedelta(days=1), UTC) == ()

    def test_due_cards_are_in_order_and_never_retired(self) -> None:
        cards = [
            Card(make_item(0), NOW - timedelta(days=1), "{}"),
            Card(make_item(1), NOW - timedelta(days=9), "{}"),
            Card(make_item(2), NOW - timedelta(days=4), "{}", "Gone."),
            Card(make_item(3), NOW + timedelta(days=1), "{}"),
        ]
        assert [card.item.id for card in due_cards(cards, NOW, UTC)] == ["mcq-1", "mcq-0"]

    def test_the_week_counts_what_is_overdue_for_today(self) -> None:
        cards = [Card(make_item(n), NOW + timedelta(days=days), "{}") for n, days in enumerate((-9, 0, 1, 1, 6, 7))]
        cards.append(Card(make_item(9), NOW, "{}", "Gone."))
        found = due_days(cards, NOW, UTC)
        assert [count for _, count in found] == [2, 2, 0, 0, 0, 0, 1]
        assert found[0][0] == NOW.date()
        assert found[-1][0] == NOW.date() + timedelta(days=6)
