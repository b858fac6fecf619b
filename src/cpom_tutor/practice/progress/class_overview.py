"""How a class stands, of counts: what it asks, what it knows, and who of it needs somebody first.

A class is not so many independent answers: those of one learner go together. The interval of a class's share is
therefore Wilson's for an effective number of facts, which is the smaller the more the learners differ (E. L. Korn and
B. I. Graubard 1998, Survey Methodology 24, 193-201, there for another interval).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from cpom_tutor.classes import AskedCount, ClassGroup, ClassLook, ClassRecord, Member, weeks_until
from cpom_tutor.practice.progress.mastery import ENOUGH_FACTS, SECURE, wilson

QUIET, LONG_QUIET = timedelta(days=7), timedelta(days=14)

NO_CLASS = "No class"
NO_TOPIC = "No part of the course"

NOTE = (
    "Each fact counts once for each learner, their latest answers most, whenever they gave them. The bar says where "
    "the share of all such facts and learners is likely to be: it is the wider, the more the learners differ."
)


class Presence(StrEnum):
    """How long ago a learner asked or practised."""

    ACTIVE = "active, or new, in the last 7 days"
    QUIET = "quiet for 7 days or more"
    LONG_QUIET = "quiet for 14 days or more"
    NEVER = "never signed in"


@dataclass(frozen=True, slots=True)
class WeekAsked:
    """The questions of a week: its Monday, all of them, and those that were declined."""

    week: date
    asked: int
    declined: int


@dataclass(frozen=True, slots=True)
class TopicAsked:
    """The questions about a part of the course.

    Attributes:
        topic: its address; empty for what belongs to none.
        title: for a person.
        asked, declined: in all of the weeks.
        weeks: how many in each of them, oldest first.
    """

    topic: str
    title: str
    asked: int
    declined: int
    weeks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """How much some learners know of something.

    Attributes:
        key, title: the part of the course, or the class.
        learners: how many were tested on it.
        facts: how many facts, each learner's counted.
        share, low, high: of facts known, with its 95 % interval; 0, 0 and 1 where there are none.
        enough: whether there are facts enough to say anything.
        sentence: all of it in words.
    """

    key: str
    title: str
    learners: int
    facts: int
    share: float
    low: float
    high: float
    enough: bool
    sentence: str

    @property
    def weak(self) -> bool:
        """Whether it is known to be worth another lesson."""
        return self.enough and self.share < SECURE


@dataclass(frozen=True, slots=True)
class LearnerStanding:
    """A learner of the class: who it is, what they did, what they know, and whether they are there."""

    member: Member
    known: Known
    presence: Presence
    quiet_days: int

    @property
    def why(self) -> tuple[str, ...]:
        """What speaks for looking after them first; may be empty."""
        found = [f"knows {self.known.share:.0%} of {self.known.facts} facts"] if self.known.weak else []
        if self.presence is Presence.NEVER:
            return (*found, self.presence.value)
        return (*found, f"quiet for {self.quiet_days} days") if self.presence is not Presence.ACTIVE else tuple(found)

    @property
    def concern(self) -> int:
        """The higher, the sooner they are to be looked after."""
        absent = {Presence.ACTIVE: 0, Presence.QUIET: 1, Presence.NEVER: 2, Presence.LONG_QUIET: 2}[self.presence]
        return 2 * self.known.weak + absent


@dataclass(frozen=True, slots=True)
class ClassOverview:
    """How a class stands.

    Attributes:
        look: what is looked at.
        accounts: whether learners sign in.
        groups: the classes that there are.
        disabled: learners' accounts left out.
        weeks: what was asked, a week at a time, oldest first.
        topics: what was asked, a part at a time, what was asked most first, and what belongs to none last.
        known_topics: what is known of each part that was tested, the weakest first.
        known_groups: what each class knows, where several are looked at.
        learners: those who need somebody first, first.
        presence: how many are there, and how many are not.
    """

    look: ClassLook
    accounts: bool
    groups: tuple[ClassGroup, ...]
    disabled: int
    weeks: tuple[WeekAsked, ...]
    topics: tuple[TopicAsked, ...]
    known_topics: tuple[Known, ...]
    known_groups: tuple[Known, ...]
    learners: tuple[LearnerStanding, ...]
    presence: Mapping[Presence, int]

    @property
    def asked(self) -> int:
        """All questions of the weeks."""
        return sum(week.asked for week in self.weeks)

    @property
    def declined(self) -> int:
        """Those of them that were not answered."""
        return sum(week.declined for week in self.weeks)

    @property
    def practised(self) -> tuple[int, int]:
        """Answers given in practice in these weeks, and those of them that counted as right."""
        members = [learner.member for learner in self.learners]
        return sum(one.attempts for one in members), sum(one.right for one in members)


def class_overview(record: ClassRecord, look: ClassLook, titles: Mapping[str, str], now: datetime) -> ClassOverview:
    """How a class stands.

    Args:
        record: what is counted.
        look: what it was counted for.
        titles: of the course's subsections, by address, in reading order.
        now: timezone-aware.
    """
    weeks = weeks_until(now, look.weeks)
    learners = sorted((_standing(member, now) for member in record.members), key=_first_who_needs_it)
    return ClassOverview(
        look=look,
        accounts=record.accounts,
        groups=record.groups,
        disabled=record.disabled,
        weeks=tuple(_week(week, record.asked) for week in weeks),
        topics=_topics(record.asked, weeks, titles),
        known_topics=_known_topics(record.members, titles),
        known_groups=_known_groups(record.members),
        learners=tuple(learners),
        presence={one: sum(learner.presence is one for learner in learners) for one in Presence},
    )


def topic_title(topic: str, titles: Mapping[str, str]) -> str:
    """A part's title, also where the course no longer has it."""
    return titles.get(topic) or (f"{topic}, no longer in the course" if topic else NO_TOPIC)


def _first_who_needs_it(one: LearnerStanding) -> tuple[int, float, int, str]:
    return -one.concern, one.known.low if one.known.enough else 1.0, -one.quiet_days, one.member.name


def _week(week: date, asked: Iterable[AskedCount]) -> WeekAsked:
    of_it = [one for one in asked if one.week == week]
    return WeekAsked(week, sum(one.asked for one in of_it), sum(one.declined for one in of_it))


def _topics(
    asked: Sequence[AskedCount], weeks: Sequence[date], titles: Mapping[str, str]
) -> tuple[TopicAsked, ...]:  # fmt: skip
    found = []
    for topic in {one.topic for one in asked}:
        of_it = {one.week: one for one in asked if one.topic == topic}
        counts = tuple(of_it[week].asked if week in of_it else 0 for week in weeks)
        declined = sum(one.declined for one in of_it.values())
        found.append(TopicAsked(topic, topic_title(topic, titles), sum(counts), declined, counts))
    return tuple(sorted(found, key=lambda one: (not one.topic, -one.asked, one.topic)))


def _standing(member: Member, now: datetime) -> LearnerStanding:
    # Nobody is quiet who came yesterday.
    away = now - (member.last_active or member.since)
    days = max(away.days, 0)
    known = _known("", "", [[(one.facts, one.share) for one in member.known]])
    if not member.signed_in:
        return LearnerStanding(member, known, Presence.NEVER, days)
    presence = (
        Presence.LONG_QUIET if away >= LONG_QUIET else Presence.QUIET if away >= QUIET else Presence.ACTIVE
    )  # fmt: skip
    return LearnerStanding(member, known, presence, days)


def _known_topics(members: Sequence[Member], titles: Mapping[str, str]) -> tuple[Known, ...]:
    by_topic: dict[str, list[list[tuple[int, float]]]] = {}
    for member in members:
        for one in member.known:
            by_topic.setdefault(one.topic, []).append([(one.facts, one.share)])
    order = list(titles)
    found = [_known(topic, topic_title(topic, titles), parts) for topic, parts in by_topic.items()]
    place = {topic: order.index(topic) if topic in titles else len(order) for topic in by_topic}
    return tuple(sorted(found, key=lambda one: (not one.enough, one.share if one.enough else 0, place[one.key])))


def _known_groups(members: Sequence[Member]) -> tuple[Known, ...]:
    groups = sorted({member.group for member in members})
    if len(groups) < 2:
        return ()
    of = _facts_of(members)
    return tuple(_known(group, group or NO_CLASS, of(group)) for group in groups)


def _facts_of(members: Sequence[Member]) -> Callable[[str], list[list[tuple[int, float]]]]:
    return lambda group: [
        [(one.facts, one.share) for one in member.known]
        for member in members
        if member.group == group and member.known
    ]  # fmt: skip


def _known(key: str, title: str, learners: Iterable[Sequence[tuple[int, float]]]) -> Known:
    """Of each learner, how many facts of each part and the share of them that is known."""
    parts = [_pooled(parts) for parts in learners if parts]
    facts, share = _pooled(parts)
    low, high = wilson(share, _effective(parts, facts, share))
    enough = facts >= ENOUGH_FACTS
    return Known(
        key, title, len(parts), facts, share, low, high, enough, _sentence(len(parts), facts, share, low, high)
    )


def _pooled(parts: Sequence[tuple[int, float]]) -> tuple[int, float]:
    facts = sum(count for count, _ in parts)
    return facts, sum(count * share for count, share in parts) / facts if facts else 0.0


def _effective(parts: Sequence[tuple[int, float]], facts: int, share: float) -> int:
    """How many independent facts say as much as these do."""
    learners, chance = len(parts), share * (1 - share)
    if learners < 2 or chance <= 0:
        return facts
    between = sum((count * (own - share)) ** 2 for count, own in parts)
    spread = learners / (learners - 1) * between / facts**2
    return min(facts, max(1, round(chance / spread))) if spread else facts


def _sentence(learners: int, facts: int, share: float, low: float, high: float) -> str:
    if facts < ENOUGH_FACTS:
        return f"Not enough yet: {facts} of the {ENOUGH_FACTS} facts that it takes."
    people = "one learner" if learners == 1 else f"{learners} learners"
    return f"{people} know{'s' * (learners == 1)} {share:.0%} of {facts} facts asked, likely {low:.0%} to {high:.0%}."
