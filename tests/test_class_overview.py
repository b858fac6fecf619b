"""How a class stands, of counts: shares with honest intervals, who is quiet, and who needs somebody first."""

from datetime import UTC, datetime, timedelta

import pytest

from cpom_tutor.classes import AskedCount, ClassGroup, ClassLook, ClassRecord, KnownCount, Member, week_of
from cpom_tutor.practice.progress.class_overview import (
    NO_CLASS,
    NO_TOPIC,
    ClassOverview,
    Presence,
    class_overview,
)
from cpom_tutor.practice.progress.mastery import wilson

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
MONDAY = week_of(NOW)
TITLES = {"CPOM §1.1": "1.1 Overview", "CPOM §1.1.1": "1.1.1 Why now?", "CPOM §1.1.2": "1.1.2 What it is"}


def member(
    name: str,
    *known: tuple[int, float],
    group: str = "Autumn",
    active: float | None = 0,
    since: float = 100,
    signed_in: bool = True,
) -> Member:
    last = None if active is None else NOW - timedelta(days=active)
    parts = tuple(KnownCount(topic, *one) for topic, one in zip(list(TITLES)[1:], known, strict=False))
    return Member(name, group, NOW - timedelta(days=since), signed_in, last, 3, 1, 9, 5, parts)


def overview(*members: Member, asked: tuple[AskedCount, ...] = (), weeks: int = 3) -> ClassOverview:
    groups = tuple(ClassGroup(name, 1) for name in sorted({one.group for one in members}))
    record = ClassRecord(True, groups, members, 0, asked)
    return class_overview(record, ClassLook(None, weeks), TITLES, NOW)


class TestWhatIsAsked:
    def test_every_week_and_every_part_is_counted_once(self) -> None:
        asked = (
            AskedCount("CPOM §1.1.1", MONDAY - timedelta(days=14), 4, 1),
            AskedCount("CPOM §1.1.1", MONDAY, 2, 0),
            AskedCount("", MONDAY, 9, 9),
            AskedCount("CPOM §9.9", MONDAY, 1, 0),
        )
        found = overview(member("ada"), asked=asked)
        assert [(one.asked, one.declined) for one in found.weeks] == [(4, 1), (0, 0), (12, 9)]
        assert [(one.title, one.asked, one.declined, one.weeks) for one in found.topics] == [
            ("1.1.1 Why now?", 6, 1, (4, 0, 2)),
            ("CPOM §9.9, no longer in the course", 1, 0, (0, 0, 1)),
            (NO_TOPIC, 9, 9, (0, 0, 9)),
        ]
        assert (found.asked, found.declined) == (16, 10)
        assert found.practised == (9, 5)

    def test_nothing_at_all(self) -> None:
        found = overview()
        assert (found.asked, found.topics, found.known_topics, found.learners) == (0, (), (), ())
        assert len(found.weeks) == 3


class TestWhatIsKnown:
    def test_the_weakest_part_stands_first_and_what_is_hardly_tested_last(self) -> None:
        found = overview(member("ada", (10, 0.9), (10, 0.3)), member("bob", (4, 1.0)))
        assert [one.key for one in found.known_topics] == ["CPOM §1.1.2", "CPOM §1.1.1"]
        assert [one.weak for one in found.known_topics] == [True, False]
        little = overview(member("ada", (4, 0.0), (10, 0.9)))
        assert [(one.key, one.enough) for one in little.known_topics] == [
            ("CPOM §1.1.2", True),
            ("CPOM §1.1.1", False),
        ]
        assert "Not enough yet: 4 of the 5" in little.known_topics[1].sentence

    def test_a_class_of_one_is_as_sure_as_the_learner_alone(self) -> None:
        (known,) = overview(member("ada", (20, 0.6))).known_topics
        assert (known.low, known.high) == wilson(0.6, 20)
        assert known.sentence.startswith("one learner knows 60% of 20 facts asked, likely ")

    def test_learners_who_differ_say_less_than_as_many_facts_of_one(self) -> None:
        alike = overview(*(member(f"a{n}", (10, 0.5)) for n in range(10))).known_topics[0]
        apart = overview(*(member(f"a{n}", (10, float(n % 2))) for n in range(10))).known_topics[0]
        assert alike.share == apart.share == 0.5
        assert (alike.low, alike.high) == wilson(0.5, 100)
        # Ten who know all or nothing say about as much as ten tosses of a coin.
        assert (apart.low, apart.high) == wilson(0.5, 9)

    @pytest.mark.parametrize("share", [0.0, 1.0])
    def test_nobody_or_everybody_knows_it(self, share: float) -> None:
        (known,) = overview(member("ada", (10, share)), member("bob", (10, share))).known_topics
        assert (known.low, known.high) == wilson(share, 20)

    def test_classes_are_compared_where_there_are_several(self) -> None:
        found = overview(member("ada", (10, 0.9)), member("bob", (10, 0.3), group=""), member("cy", group=""))
        assert [(one.title, one.learners, one.share) for one in found.known_groups] == [
            (NO_CLASS, 1, 0.3),
            ("Autumn", 1, 0.9),
        ]
        assert overview(member("ada", (10, 0.9))).known_groups == ()


class TestWhoIsThere:
    @pytest.mark.parametrize(
        ("active", "since", "signed_in", "presence"),
        [
            (0, 100, True, Presence.ACTIVE),
            (6.9, 100, True, Presence.ACTIVE),
            (7, 100, True, Presence.QUIET),
            (13.9, 100, True, Presence.QUIET),
            (14, 100, True, Presence.LONG_QUIET),
            (None, 3, True, Presence.ACTIVE),
            (None, 20, True, Presence.LONG_QUIET),
            (None, 100, False, Presence.NEVER),
        ],
    )
    def test_by_the_last_question_or_practice(
        self, active: float | None, since: float, signed_in: bool, presence: Presence
    ) -> None:
        found = overview(member("ada", active=active, since=since, signed_in=signed_in))
        assert found.learners[0].presence is presence
        assert found.presence[presence] == sum(found.presence.values()) == 1

    def test_who_needs_somebody_first_stands_first_and_it_says_why(self) -> None:
        found = overview(
            member("fine", (20, 1.0)),
            member("away", (20, 1.0), active=20),
            member("weak", (20, 0.4)),
            member("weaker", (20, 0.2)),
            member("both", (20, 0.4), active=20),
            member("never", active=None, signed_in=False),
            member("hardly tested", (4, 0.0)),
        )
        assert [one.member.name for one in found.learners] == [
            "both", "weaker", "weak", "away", "never", "fine", "hardly tested",
        ]  # fmt: skip
        why = {one.member.name: one.why for one in found.learners}
        assert why["both"] == ("knows 40% of 20 facts", "quiet for 20 days")
        assert why["never"] == ("never signed in",)
        assert why["fine"] == why["hardly tested"] == ()
