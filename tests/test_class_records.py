"""What is counted of a class, on real databases."""

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine, make_url

from cpom_tutor.accounts import Enrolment, Role
from cpom_tutor.answers import (
    Abstention,
    Answer,
    CheckedClaim,
    Conversation,
    Form,
    Intent,
    Label,
    Reason,
    Reply,
    Retrieved,
    Turn,
    Verdict,
)
from cpom_tutor.answers import Role as ClaimRole
from cpom_tutor.attempts import Attempt, Session, SessionKind
from cpom_tutor.classes import AskedCount, ClassGroup, ClassLook, ClassRecord, Outcome, week_of, weeks_until
from cpom_tutor.config import Settings
from cpom_tutor.course import Address, Citation, Kind, Passage
from cpom_tutor.items import ItemKind, Level, Practised
from cpom_tutor.practice.progress.mastery import mastery
from cpom_tutor.records import SqlRecords, open_records
from cpom_tutor.records.asked import outcome_of, topic_of
from cpom_tutor.records.migrate import migration_config
from cpom_tutor.testing import make_item

PASSWORD = "correct horse"
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)  # a Wednesday
MONDAY = week_of(NOW)
NO_ANSWER = Abstention(Reason.NOT_IN_COURSE, "The course does not cover this.")


def citing(*addresses: str) -> Answer:
    verdict = Verdict(Label.SUPPORTED, 1.0, "Verbatim.")
    citations = tuple(Citation(f"p-{one}", one, "words", 0, 5) for one in addresses)
    return Answer((CheckedClaim("Words.", ClaimRole.FACT, Form.PARAGRAPH, "", citations, verdict),))


def near(section: str) -> tuple[Retrieved, ...]:
    address = Address("CPOM", section, 3)
    return (Retrieved(Passage("p", address, Kind.PARAGRAPH, ("Course",), "Words.", 0, 6, 3), 1.0),)


def turn(reply: Reply, question: str = "What?", days: float = 0, nearest: str = "1.1.9") -> Turn:
    at = NOW - timedelta(days=days)
    return Turn(question, question, Intent.ASK, reply, near(nearest), "extractive", "i", at, 1.0)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def records(home: Path, database_url: str | None) -> Iterator[SqlRecords]:
    found = open_records(Settings(home=home, database_url=database_url))
    yield found
    found.close()


@dataclass
class School:
    """Learners with accounts in a class that no earlier run left on a server."""

    records: SqlRecords

    def __post_init__(self) -> None:
        self.group = f"g{random.getrandbits(48):x}"

    def add(self, name: str, role: Role = Role.LEARNER, group: str | None = None) -> str:
        in_class = self.group if group is None else group
        full = f"{name}-{self.group}"
        self.records.enrol([Enrolment(full, PASSWORD, role, "", in_class)], {})
        return self.records.account(full).learner

    def ask(self, learner: str, *turns: Turn) -> None:
        conversation = self.records.start_conversation(learner)
        for one in turns:
            self.records.add_turn(learner, conversation, one)

    def practise(self, learner: str, *attempts: Attempt) -> None:
        fresh = Session(f"s{random.getrandbits(64):x}", SessionKind.QUESTIONS, 7, NOW, (make_item(0),), asked=1)
        self.records.save_session(learner, fresh, attempts)

    def look(self, weeks: int = 8) -> ClassRecord:
        return self.records.class_record(ClassLook(self.group, weeks), NOW)


@pytest.fixture
def school(records: SqlRecords) -> School:
    return School(records)


def attempt(fact: str, score: float, *, topic: str = "CPOM §1.1.1", days: float = 0, rated: bool = False) -> Attempt:
    at = NOW - timedelta(days=days)
    return Attempt(f"i-{fact}", fact, ItemKind.MCQ, Level.RECALL, topic, score, score >= 0.5, at, "s", 1.0, rated)


class TestWhatATurnIsCountedUnder:
    @pytest.mark.parametrize(
        ("reply", "outcome", "topic"),
        [
            (citing("CPOM §1.1.1 ¶4.2"), Outcome.ANSWERED, "CPOM §1.1.1"),
            (citing("CPOM §1.1.1 ¶1", "CPOM §1.1.2 ¶12.r2", "CPOM §1.1.2 ¶3"), Outcome.ANSWERED, "CPOM §1.1.2"),
            (citing("CPOM §1.1.3 ¶1", "CPOM §1.1.2 ¶1"), Outcome.ANSWERED, "CPOM §1.1.3"),
            (citing(), Outcome.ANSWERED, "CPOM §1.1.9"),
            (NO_ANSWER, Outcome.DECLINED, "CPOM §1.1.9"),
            (Abstention(Reason.CLINICAL, "No."), Outcome.DECLINED, ""),
            (Conversation("Hello!"), Outcome.NOTHING_ASKED, ""),
        ],
    )
    def test_it_is_the_part_that_the_answer_cites_most(self, reply: Reply, outcome: Outcome, topic: str) -> None:
        assert (outcome_of(turn(reply)), topic_of(turn(reply))) == (outcome, topic)

    def test_practice_in_the_conversation_asks_nothing(self) -> None:
        practised = replace(turn(citing("CPOM §1.1.1 ¶4")), practice=Practised(make_item(0)))
        assert (outcome_of(practised), topic_of(practised)) == (Outcome.NOTHING_ASKED, "")

    def test_weeks_start_on_monday_in_utc(self) -> None:
        late = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
        assert week_of(late).isoformat() == "2026-11-16"
        assert week_of(late + timedelta(hours=1)) == MONDAY
        assert weeks_until(NOW, 2) == (MONDAY - timedelta(days=7), MONDAY)


class TestWhatIsCounted:
    def test_questions_by_part_and_week(self, school: School) -> None:
        ada, bob = school.add("ada"), school.add("bob")
        one = citing("CPOM §1.1.1 ¶4")
        school.ask(ada, turn(one), turn(one, days=7), turn(NO_ANSWER), turn(Conversation("Hello!")))
        school.ask(bob, turn(one), turn(one, days=60))
        asked = school.look().asked
        assert asked == (
            AskedCount("CPOM §1.1.1", MONDAY - timedelta(days=7), 1, 0),
            AskedCount("CPOM §1.1.1", MONDAY, 2, 0),
            AskedCount("CPOM §1.1.9", MONDAY, 1, 1),
        )
        assert sum(count.asked for count in school.look(weeks=1).asked) == 3
        assert sum(count.asked for count in school.look(weeks=20).asked) == 5

    def test_reviewers_disabled_accounts_and_other_classes_are_not_the_class(
        self, school: School, records: SqlRecords
    ) -> None:
        one = citing("CPOM §1.1.1 ¶4")
        for name, role, group in (
            ("ada", Role.LEARNER, None), ("teacher", Role.INSTRUCTOR, None), ("keeper", Role.MAINTAINER, None),
            ("gone", Role.LEARNER, None), ("other", Role.LEARNER, f"{school.group} two"),
        ):  # fmt: skip
            school.ask(school.add(name, role, group), turn(one))
        records.set_disabled(f"gone-{school.group}", True)
        found = school.look()
        assert len(found.members) == 1
        assert [count.asked for count in found.asked] == [1]
        assert found.disabled == 1
        mine = [group for group in found.groups if group.name.startswith(school.group)]
        assert mine == [ClassGroup(school.group, 1), ClassGroup(f"{school.group} two", 1)]
        everybody = records.class_record(ClassLook(), NOW)
        assert sum(group.learners for group in everybody.groups) == len(everybody.members) >= 2

    def test_a_member_with_all_that_they_did(self, school: School, records: SqlRecords) -> None:
        ada = school.add("ada")
        records.share_name(f"ada-{school.group}", True)
        school.ask(ada, turn(NO_ANSWER, days=3), turn(citing("CPOM §1.1.1 ¶1"), days=90))
        school.practise(ada, attempt("a", 1.0, days=1), attempt("b", 0.0, days=1), attempt("c", 1.0, days=90))
        (member,) = school.look().members
        assert member.name == f"ada-{school.group}"
        assert (member.asked, member.declined, member.attempts, member.right) == (1, 1, 2, 1)
        assert member.last_active == NOW - timedelta(days=1)
        assert [(one.topic, one.facts, round(one.share, 3)) for one in member.known] == [("CPOM §1.1.1", 3, 0.667)]

    def test_who_shares_no_name_has_a_pseudonym(self, school: School) -> None:
        school.add("ada")
        (member,) = school.look().members
        assert member.name.startswith("Learner ")
        assert "ada" not in member.name

    def test_somebody_who_never_signed_in_is_told_from_somebody_who_did(
        self, school: School, records: SqlRecords
    ) -> None:
        school.add("ada")
        school.add("bob")
        records.sign_in(f"bob-{school.group}", PASSWORD, NOW)
        assert sorted(member.signed_in for member in school.look().members) == [False, True]
        assert all(member.last_active is None for member in school.look().members)

    def test_what_is_known_agrees_with_a_learners_own_progress(self, school: School) -> None:
        dice, ada = random.Random(7), school.add("ada")
        scores = [dice.choice((0.0, 0.5, 1.0)) for _ in range(120)]
        attempts = [
            attempt(f"f{dice.randrange(9)}", score, days=20 - place / 10, rated=dice.random() < 0.2)
            for place, score in enumerate(scores)
        ]
        school.practise(ada, *attempts)
        (known,) = school.look().members[0].known
        own = mastery("t", "t", attempts)
        assert known.facts == own.facts == 9
        assert known.share == pytest.approx(own.share, abs=0.005)

    def test_examples_are_the_latest_questions_of_the_class_about_a_part(
        self, school: School, records: SqlRecords
    ) -> None:
        ada, other = school.add("ada"), school.add("other", group=f"{school.group} two")
        one = citing("CPOM §1.1.1 ¶4")
        school.ask(ada, *(turn(one, f"Question {days}?", days=days) for days in range(10)))
        school.ask(ada, turn(NO_ANSWER, "Declined?", nearest="1.1.1"), turn(citing("CPOM §1.1.2 ¶4"), "Elsewhere?"))
        school.ask(other, turn(one, "Not theirs?"))
        found = records.examples(ClassLook(school.group, 2), "CPOM §1.1.1", NOW, limit=4)
        assert {(example.question, example.declined) for example in found} == {
            ("Declined?", True), ("Question 0?", False), ("Question 1?", False), ("Question 2?", False),
        }  # fmt: skip
        assert records.case(found[0].turn_id).turn.question == found[0].question

    def test_what_is_deleted_is_counted_no_more(self, school: School, records: SqlRecords) -> None:
        ada = school.add("ada")
        school.ask(ada, turn(NO_ANSWER))
        records.delete_conversation(ada, records.conversations(ada)[0].id)
        assert school.look().asked == ()
        records.delete_account(f"ada-{school.group}")
        assert school.look().members == ()


def test_without_accounts_everybody_who_did_something_is_one_class(home: Path) -> None:
    with closing(open_records(Settings(home))) as records:
        school = School(records)
        asking, practising, _ = (records.add_learner() for _ in range(3))
        school.ask(asking, turn(NO_ANSWER))
        school.practise(practising, attempt("a", 1.0))
        found = records.class_record(ClassLook(), NOW)
    assert not found.accounts
    assert len(found.members) == 2
    assert all(member.signed_in for member in found.members)
    assert [count.asked for count in found.asked] == [1]


class TestAnOlderDatabase:
    def test_its_turns_are_counted_as_new_ones_are(self, home: Path) -> None:
        with closing(open_records(Settings(home))) as records:
            school = School(records)
            ada = school.add("ada")
            school.ask(ada, turn(citing("CPOM §1.1.1 ¶4")), turn(NO_ANSWER, days=8), turn(Conversation("Hello!")))
            records.sign_in(f"ada-{school.group}", PASSWORD, NOW)
        before = kept(home, "SELECT * FROM asked ORDER BY turn_id")
        seen = kept(home, "SELECT last_seen FROM accounts")
        assert len(before) == 3
        migrate(home, "downgrade", "0004")
        kept(home, "UPDATE turns SET record = '{' WHERE reply_kind = 'conversation'")
        migrate(home, "upgrade", "0005")
        assert kept(home, "SELECT * FROM asked ORDER BY turn_id") == before
        assert kept(home, "SELECT last_seen FROM accounts") == seen


def kept(home: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(home / "records.sqlite")) as connection:
        found = connection.execute(query).fetchall()
        connection.commit()
    return found


def migrate(home: Path, direction: str, revision: str) -> None:
    engine = create_engine(make_url(f"sqlite:///{home}/records.sqlite"))
    with engine.begin() as connection:
        {"upgrade": command.upgrade, "downgrade": command.downgrade}[direction](migration_config(connection), revision)
    engine.dispose()
