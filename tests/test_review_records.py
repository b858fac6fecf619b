"""What learners and instructors say of turns, through its public face, on real databases."""

import json
import random
import re
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine, make_url

from cpom_tutor.accounts import Byline
from cpom_tutor.accounts import Role as AccountRole
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
    Role,
    Turn,
    Verdict,
)
from cpom_tutor.attempts import Attempt, Card, Response, Session, SessionKind
from cpom_tutor.config import Settings
from cpom_tutor.course import Citation
from cpom_tutor.errors import BadInput, NotFound, RecordsUnavailable
from cpom_tutor.protocols import Records
from cpom_tutor.records import SqlRecords, open_records
from cpom_tutor.records.bylines import pseudonym
from cpom_tutor.records.migrate import migration_config
from cpom_tutor.records.review_store import REPLACED
from cpom_tutor.review_protocols import ReviewRecords
from cpom_tutor.reviews import CanonicalAnswer, Complaint, Feedback, Judgement, Review
from cpom_tutor.testing import make_item

NOON = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=timezone(timedelta(hours=-5)))
CITED = CheckedClaim(
    "It gathers services.", Role.FACT, Form.PARAGRAPH, "", (Citation("1.1-a", "CPOM §1.1 ¶1", "gathers", 3, 10),),
    Verdict(Label.SUPPORTED, 1.0, "The words stand in the passage."),
)  # fmt: skip
ANSWER = Answer((CITED,))
ABSTENTION = Abstention(Reason.NOT_IN_COURSE, "The course does not cover this.")
DOWN = Feedback(False, (Complaint.INCOMPLETE, Complaint.WRONG_EVIDENCE), "half of it", NOON)
UP = Feedback(True, (), "", NOON + timedelta(minutes=1))


def turn(question: str, reply: Reply = ANSWER, minutes: int = 0, confidence: float | None = 0.95) -> Turn:
    return Turn(
        question, question.strip().capitalize(), Intent.ASK, reply, (), "extractive", "i",
        NOON + timedelta(minutes=minutes), 1.0, confidence=confidence,
    )  # fmt: skip


def review(judgement: Judgement = Judgement.CORRECT, author: str = "Dr Ito", minutes: int = 0) -> Review:
    return Review(judgement, "As it stands in 1.1.", author, NOON + timedelta(minutes=minutes))


def canonical(turn_id: str, question: str, minutes: int = 0) -> CanonicalAnswer:
    return CanonicalAnswer(new(), question, ANSWER, "Dr Ito", NOON + timedelta(minutes=minutes), turn_id)


def new() -> str:
    """A word or an id that no earlier run left in a server's database."""
    return f"w{random.getrandbits(64):x}"


def opened(home: Path) -> SqlRecords:
    return open_records(Settings(home=home))


def rows(home: Path, query: str, values: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(home / "records.sqlite")) as connection:
        found = connection.execute(query, values).fetchall()
        connection.commit()
        return found


def sentence_of(caught: pytest.ExceptionInfo[Exception]) -> str:
    """The message, held to what a person is promised: one line that says what to do next."""
    message = str(caught.value)
    assert "\n" not in message
    assert ";" in message
    return message


def asked(found: ReviewRecords, word: str, **how: object) -> list[str]:
    """The questions of the inbox with the word, which stands first in each, without it."""
    return [line.question.removeprefix(word).strip() for line in found.inbox(search=word, **how)]  # type: ignore[arg-type]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "a home"


@pytest.fixture
def records(home: Path, database_url: str | None) -> Iterator[SqlRecords]:
    opened_records = open_records(Settings(home=home, database_url=database_url))
    yield opened_records
    opened_records.close()


@pytest.fixture
def talk(records: SqlRecords) -> tuple[str, str]:
    """A learner and a conversation of theirs."""
    learner = records.add_learner()
    return learner, records.start_conversation(learner)


class TestFeedback:
    def test_the_latest_word_on_each_turn_stands(self, records: SqlRecords, talk: tuple[str, str]) -> None:
        for number in range(3):
            records.add_turn(*talk, turn(f"question {number}"))
        assert records.feedback(*talk) == {}
        records.give_feedback(*talk, 2, UP)
        records.give_feedback(*talk, 0, UP)
        records.give_feedback(*talk, 0, DOWN)
        assert records.feedback(*talk) == {0: DOWN, 2: UP}

    def test_any_words_are_kept_as_far_as_a_database_can(self, records: SqlRecords, talk: tuple[str, str]) -> None:
        records.add_turn(*talk, turn("question"))
        for words, kept in (
            ("naïve 💊 “¶”", "naïve 💊 “¶”"),
            ("a \0 and \ud83d", "a � and ?"),
            ("x" * 1000, "x" * 1000),
        ):
            records.give_feedback(*talk, 0, replace(DOWN, words=words))
            assert records.feedback(*talk)[0].words == kept

    def test_a_turn_that_is_not_ones_own_looks_like_a_missing_one(
        self, records: SqlRecords, talk: tuple[str, str]
    ) -> None:
        learner, conversation = talk
        other = records.add_learner()
        records.add_turn(*talk, turn("mine"))
        said = set()
        for who, where, place in (
            (other, conversation, 0), ("nobody", conversation, 0), (learner, "missing", 0), ("\ud800\0", "\0", 0),
            (learner, conversation, 1), (learner, conversation, -1), (learner, conversation, 2**70),
        ):  # fmt: skip
            with pytest.raises(NotFound) as caught:
                records.give_feedback(who, where, place, DOWN)
            said.add(sentence_of(caught))
            if place == 0:
                with pytest.raises(NotFound) as reading:
                    records.feedback(who, where)
                said.add(sentence_of(reading))
        assert len(said) == 1
        assert records.feedback(*talk) == {}

    def test_of_many_words_at_once_one_stands(self, records: SqlRecords, talk: tuple[str, str]) -> None:
        records.add_turn(*talk, turn("question"))
        failures: list[BaseException] = []

        def say(number: int) -> None:
            try:
                records.give_feedback(*talk, 0, replace(DOWN, words=str(number)))
            except BaseException as error:  # noqa: BLE001 - shown by the assertion below
                failures.append(error)

        threads = [threading.Thread(target=say, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        assert records.feedback(*talk)[0].words in "01234567"


class TestInbox:
    def test_the_riskiest_stands_first_then_the_newest(self, records: SqlRecords, talk: tuple[str, str]) -> None:
        word = new()
        records.add_turn(*talk, turn(f"{word} sure and old", minutes=1))
        records.add_turn(*talk, turn(f"{word} sure and new", minutes=2))
        records.add_turn(*talk, turn(f"{word} complained of"))
        records.add_turn(*talk, turn(f"{word} unsure", confidence=0.6))
        records.add_turn(*talk, turn(f"{word} abstained", ABSTENTION))
        records.give_feedback(*talk, 2, DOWN)

        expected = ["complained of", "abstained", "unsure", "sure and new", "sure and old"]
        assert asked(records, word) == expected
        assert [asked(records, word, limit=2, offset=offset) for offset in (0, 2, 4, 6)] == [
            expected[:2], expected[2:4], expected[4:], []
        ]  # fmt: skip
        assert asked(records, word, limit=-1) == []
        assert asked(records, word, reply_kind="abstention") == ["abstained"]
        assert [line.risk.why for line in records.inbox(search=word, limit=3)] == [
            ("thumbs down: wrong evidence, incomplete",), ("abstained: not in the course",), ("low confidence",)
        ]  # fmt: skip

    def test_a_change_of_mind_changes_the_risk_back(self, records: SqlRecords, talk: tuple[str, str]) -> None:
        word = new()
        records.add_turn(*talk, turn(f"{word} unsure", confidence=0.5))
        before = records.inbox(search=word)
        records.give_feedback(*talk, 0, DOWN)
        (worse,) = records.inbox(search=word)
        records.give_feedback(*talk, 0, UP)
        assert worse.risk.score > before[0].risk.score > 0
        assert records.inbox(search=word) == before

    def test_a_question_asked_often_rises(self, records: SqlRecords) -> None:
        word = new()
        for spelling in ("{} budget?", "What is the {} budget?", "the budget of {}", "{} BUDGETS"):
            learner = records.add_learner()
            records.add_turn(learner, records.start_conversation(learner), turn(spelling.format(word)))
        assert [line.risk.why for line in records.inbox(search=word)] == [
            ("asked 4 times",), ("asked 3 times",), (), ()
        ]  # fmt: skip

    def test_a_turn_with_a_review_leaves_for_the_reviewed(self, records: SqlRecords, talk: tuple[str, str]) -> None:
        word = new()
        records.add_turn(*talk, turn(f"{word} open"))
        done = records.add_turn(*talk, turn(f"{word} done"))
        records.add_review(done, review())
        assert asked(records, word) == ["open"]
        assert asked(records, word, reviewed=True) == ["done"]
        assert sorted(asked(records, word, reviewed=None)) == ["done", "open"]

    def test_words_are_found_whatever_their_case_and_stand_for_themselves(
        self, records: SqlRecords, talk: tuple[str, str]
    ) -> None:
        word = new()
        records.add_turn(*talk, turn(f"{word} Größe 100% of ÉLAN\0"))
        for search in ("GRÖSSE", "élan", "100%", f"of {word.upper()}", "größe  élan"):
            assert len(records.inbox(search=f"{word} {search}")) == 1, search
        for search in ("10_%", "1%0", "other", "\\"):
            assert records.inbox(search=f"{word} {search}") == (), search

    def test_a_learner_has_one_pseudonym_that_is_not_the_id(self, records: SqlRecords) -> None:
        word, names = new(), []
        for _ in range(2):
            learner = records.add_learner()
            for place in range(2):
                records.add_turn(learner, records.start_conversation(learner), turn(f"{word} {place}"))
            lines = [line for line in records.inbox(search=word) if line.learner not in names]
            names += sorted({line.learner for line in lines})
            assert learner not in str(lines)
            assert records.byline(learner) == Byline(names[-1])
        assert len(names) == 2
        assert all(re.fullmatch(r"Learner [a-z2-9]{4}-[a-z2-9]{4}", name) for name in names)

    def test_a_class_of_thousands_has_a_pseudonym_each(self) -> None:
        names = {pseudonym(f"{learner}", "salt") for learner in range(20_000)}
        assert len(names) == 20_000
        assert len({name[:12] for name in names}) > 19_000, "the first half tells most of them apart already"

    def test_a_name_is_read_only_while_its_owner_shares_it(self, records: SqlRecords) -> None:
        word, name = new(), new()
        account = records.add_account(name, "correct horse", role=AccountRole.LEARNER, shown_as="Ada Lovelace")
        turn_id = records.add_turn(account.learner, records.start_conversation(account.learner), turn(f"{word} ?"))
        pseudonym_of_ada = records.byline(account.learner)
        assert pseudonym_of_ada.name.startswith("Learner ")
        assert (pseudonym_of_ada.own, pseudonym_of_ada.theirs_to_change) == (False, True)
        for shares in (True, False):
            records.share_name(name, shares)
            expected = f"Ada Lovelace ({name})" if shares else pseudonym_of_ada.name
            assert records.byline(account.learner).name == expected
            assert [line.learner for line in records.inbox(search=word)] == [expected]
            assert records.case(turn_id).line.learner == expected
            records.give_feedback(account.learner, records.conversations(account.learner)[0].id, 0, DOWN)
            told = [case.line.learner for case in records.cases() if case.line.turn_id == turn_id]
            assert told == [expected]

    def test_an_instructors_own_questions_stand_under_a_pseudonym(self, records: SqlRecords) -> None:
        account = records.add_account(new(), "correct horse", role=AccountRole.INSTRUCTOR, shown_as="Dr Grey")
        byline = records.byline(account.learner)
        assert "Grey" not in byline.name
        assert not byline.theirs_to_change
        with pytest.raises(NotFound):
            records.byline("nobody")

    def test_another_database_gives_other_pseudonyms(self, tmp_path: Path) -> None:
        seen = set()
        for place in range(3):
            records = opened(tmp_path / str(place))
            records.add_turn((learner := records.add_learner()), records.start_conversation(learner), turn("q"))
            records.close()
            rows(tmp_path / str(place), "PRAGMA foreign_keys = OFF")
            rows(tmp_path / str(place), "UPDATE conversations SET learner_id = 'one'")
            records = opened(tmp_path / str(place))
            seen.add(records.inbox()[0].learner)
            records.close()
        assert len(seen) == 3

    def test_a_hundred_thousand_turns_open_within_a_second(self, home: Path) -> None:
        records = opened(home)
        learner = records.add_learner()
        conversation = records.start_conversation(learner)
        records.add_turn(learner, conversation, turn("what is a CSC?", ABSTENTION))
        rows(home, _COPIES["turns"], (100_000,))
        rows(home, _COPIES["inbox"])
        how: tuple[dict[str, object], ...] = (
            {}, {"reviewed": None}, {"reviewed": True}, {"reply_kind": "abstention"}, {"reply_kind": "answer"},
            {"search": "nowhere to be found"}, {"search": "csc 77"}, {"offset": 90_000},
        )  # fmt: skip
        for each in how:
            began = time.perf_counter()
            found = records.inbox(**each)  # type: ignore[arg-type]
            assert time.perf_counter() - began < 1, each
            expected = 0 if each.get("reviewed") or "nowhere" in str(each) or each.get("reply_kind") == "answer" else 50
            assert len(found) == expected, each
        conversation = records.start_conversation(learner)
        began = time.perf_counter()
        records.add_turn(learner, conversation, turn("what is a CSC?"))
        assert time.perf_counter() - began < 0.25
        records.close()


_COPIES = {
    "turns": """
        INSERT INTO turns SELECT 'copy' || n, conversation_id, n + 1, question, resolved_question, intent, reply_kind,
        generator, index_fingerprint, asked_at, record FROM turns, (WITH RECURSIVE count(n) AS
        (SELECT 1 UNION ALL SELECT n + 1 FROM count WHERE n < ?) SELECT n FROM count) WHERE position = 1
    """,
    "inbox": """
        INSERT INTO inbox SELECT turns.id, question_key, 0, inbox.reply_kind, inbox.asked_at, 0,
        abs(random() % 1000) / 1000.0, risk_why, searched || turns.position FROM inbox, turns WHERE turns.id <> turn_id
    """,
}


class TestCases:
    def test_a_case_holds_all_that_belongs_to_its_turn(self, records: SqlRecords, talk: tuple[str, str]) -> None:
        word = new()
        told = [turn(f"{word} {number}", minutes=number) for number in range(4)]
        ids = [records.add_turn(*talk, each) for each in told]
        records.give_feedback(*talk, 2, DOWN)
        second, first = review(Judgement.WRONG_ANSWER, "Dr Ada", 5), review(minutes=1)
        records.add_review(ids[2], second)
        records.add_review(ids[2], first)
        kept = canonical(ids[2], f"{word}?")
        records.approve(kept)

        case = records.case(ids[2])

        assert case.turn == told[2]
        assert case.before == tuple(told[:2])
        assert (case.feedback, case.reviews, case.canonical) == (DOWN, (first, second), (kept,))
        assert case.line.judgements == (Judgement.CORRECT, Judgement.WRONG_ANSWER)
        assert (case.line,) == records.inbox(search=f"{word} 2", reviewed=True)
        bare = records.case(ids[0])
        assert (bare.before, bare.feedback, bare.reviews, bare.canonical) == ((), None, (), ())

    @pytest.mark.parametrize("turn_id", ["missing", "", "\ud800\0"])
    def test_a_turn_that_is_not_there_is_said_not_to_be(self, records: SqlRecords, turn_id: str) -> None:
        asks: tuple[Callable[[], object], ...] = (
            lambda: records.case(turn_id),
            lambda: records.add_review(turn_id, review()),
            lambda: records.approve(canonical(turn_id, "What?")),
        )
        said = set()
        for ask in asks:
            with pytest.raises(NotFound) as caught:
                ask()
            said.add(sentence_of(caught))
        assert len(said) == 1

    def test_everything_said_is_gone_through_once_oldest_first(
        self, records: SqlRecords, talk: tuple[str, str]
    ) -> None:
        word = new()
        kinds = ("approved", "reviewed", "thumbed", "plain", "abstained", "declined")
        replies = {"abstained": ABSTENTION, "declined": Abstention(Reason.CLINICAL, "No.")}
        ids = {
            kind: records.add_turn(*talk, turn(f"{word} {kind}", replies.get(kind, ANSWER), minutes=-place))
            for place, kind in enumerate(kinds)
        }
        records.add_review(ids["reviewed"], review())
        records.give_feedback(*talk, kinds.index("thumbed"), UP)
        records.approve(canonical(ids["approved"], word))
        mine = [
            [
                case.turn.question.split()[1]
                for case in records.cases(unanswered=unanswered)
                if word in case.turn.question
            ]
            for unanswered in (False, True)
        ]
        assert mine == [["thumbed", "reviewed", "approved"], ["abstained", "thumbed", "reviewed", "approved"]]

    def test_more_cases_than_are_read_at_once_all_come(
        self, records: SqlRecords, talk: tuple[str, str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("cpom_tutor.records.review_store._AT_ONCE", 3)
        word = new()
        for number in range(8):
            records.add_turn(*talk, turn(f"{word} {number}", minutes=number))
            records.give_feedback(*talk, number, UP)
        found = [case.turn.question for case in records.cases() if word in case.turn.question]
        assert found == [f"{word} {number}" for number in range(8)]

    def test_a_reader_who_stops_half_way_holds_nothing(self, home: Path) -> None:
        records = opened(home)
        learner = records.add_learner()
        conversation = records.start_conversation(learner)
        for number in range(3):
            records.add_turn(learner, conversation, turn(str(number), minutes=number))
            records.give_feedback(learner, conversation, number, UP)
        begun = records.cases()
        assert next(begun).turn.question == "0"
        records.delete_conversation(learner, conversation)
        records.close()


def test_who_reviews_and_who_deletes_do_not_block_each_other(records: SqlRecords) -> None:
    learner, faults, reviewed = records.add_learner(), list[BaseException](), list[str]()
    made = []
    for _ in range(30):
        conversation = records.start_conversation(learner)
        made.append((conversation, records.add_turn(learner, conversation, turn("question"))))

    def run(act: Callable[[str, str], object]) -> None:
        for conversation, turn_id in made:
            try:
                act(conversation, turn_id)
                reviewed.append(turn_id)
            except NotFound:
                continue
            except BaseException as error:  # noqa: BLE001 - shown by the assertion below
                faults.append(error)

    acts: tuple[Callable[[str, str], object], ...] = (
        lambda conversation, _: records.delete_conversation(learner, conversation),
        lambda conversation, _: records.give_feedback(learner, conversation, 0, DOWN),
        lambda _, turn_id: records.add_review(turn_id, review()),
        lambda _, turn_id: records.approve(canonical(turn_id, new())),
    )
    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert len(reviewed) >= 30  # the deletions, at least
    assert records.conversations(learner) == ()


class TestApprovedAnswers:
    def test_the_newest_answer_to_a_question_stands(self, records: SqlRecords, talk: tuple[str, str]) -> None:
        word = new()
        turn_id = records.add_turn(*talk, turn(word))
        old, other, newer = (
            canonical(turn_id, question, minutes)
            for minutes, question in enumerate((f"What is {word}?", f"Why is {word}?", f"what is  {word.upper()}"))
        )
        for each in (old, other, newer):
            records.approve(each)
        assert [found for found in records.canonical_answers() if word in found.question.casefold()] == [newer, other]
        assert records.case(turn_id).canonical == (replace(old, retired=REPLACED), other, newer)

    def test_a_retired_answer_keeps_its_first_reason(self, records: SqlRecords, talk: tuple[str, str]) -> None:
        kept = canonical(records.add_turn(*talk, turn("q")), new())
        records.approve(kept)
        for reason in ("", "The course text it cites has changed.", "Another reason."):
            records.retire(kept.id, reason)
            assert (kept in records.canonical_answers()) is (reason == "")
        (found,) = records.case(kept.turn_id).canonical
        assert found.retired == "The course text it cites has changed."
        with pytest.raises(NotFound) as caught:
            records.retire("missing", "Because.")
        sentence_of(caught)

    def test_it_outlives_the_conversation_that_it_came_from(self, records: SqlRecords, talk: tuple[str, str]) -> None:
        kept = canonical(records.add_turn(*talk, turn("q")), new())
        records.approve(kept)
        records.delete_conversation(*talk)
        assert replace(kept, turn_id="") in records.canonical_answers()


def test_no_id_looks_like_an_option(records: SqlRecords, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = new()
    made = iter(["-first", "--second", plain])
    monkeypatch.setattr("secrets.token_urlsafe", lambda _: next(made))
    assert records.add_learner() == plain


class TestHistory:
    def test_conversations_are_found_by_title_and_by_question(self, records: SqlRecords) -> None:
        learner, other = records.add_learner(), records.add_learner()
        first, second = records.start_conversation(learner), records.start_conversation(learner)
        records.add_turn(learner, first, turn("What is a CSC?"))
        records.add_turn(learner, first, turn("And the ÉLAN of its budget?"))
        records.add_turn(learner, second, turn("Which drugs run short?"))
        records.rename_conversation(learner, second, "Überblick")
        for search, found in {
            "csc": [first], "élan BUDGET": [first], "csc budget": [], "überBLICK": [second], "short": [second],
            "": [second, first], "  ": [second, first], "%": [],
        }.items():  # fmt: skip
            assert [each.id for each in records.conversations(learner, search=search)] == found, search
        assert records.conversations(other, search="csc") == ()
        assert len(records.conversations(learner, 1, "s")) == 1
        assert len(records.conversations(learner, limit=None)) == 2

    def test_a_new_title_stays(self, records: SqlRecords, talk: tuple[str, str]) -> None:
        learner, conversation = talk
        records.rename_conversation(*talk, "  My \n own \0 title ")
        records.add_turn(*talk, turn("first question"))
        assert [each.title for each in records.conversations(learner)] == ["My own � title"]
        records.rename_conversation(*talk, "long " * 50)
        assert len(records.conversations(learner)[0].title) <= 80
        with pytest.raises(BadInput) as empty:
            records.rename_conversation(*talk, " \n ")
        sentence_of(empty)
        for who, where in ((records.add_learner(), conversation), (learner, "missing")):
            with pytest.raises(NotFound):
                records.rename_conversation(who, where, "Stolen")
        assert records.conversations(learner)[0].title.startswith("long long")


def study(records: SqlRecords) -> str:
    """A learner who did one of everything, and whose turn was reviewed and became an approved answer."""
    learner = records.add_learner()
    conversation = records.start_conversation(learner)
    turn_id = records.add_turn(learner, conversation, turn("what is a CSC?"))
    records.give_feedback(learner, conversation, 0, DOWN)
    records.add_review(turn_id, review())
    records.approve(canonical(turn_id, new()))
    item = make_item(1)
    sitting = Session(new(), SessionKind.EXAM, 7, NOON, (item,), responses=((0, Response(index=1)),))
    tried = Attempt(item.id, item.fact, item.kind, item.level, item.topic, 0.0, False, NOON, sitting.id)
    records.save_session(learner, sitting, [tried], [Card(item, NOON, "{}")])
    return learner


class TestOnesOwnData:
    def test_it_holds_everything_and_is_json(self, records: SqlRecords) -> None:
        learner = study(records)
        study(records)
        found = json.loads(json.dumps(records.own_data(learner)))
        assert list(found) == [
                "since", "account", "read_by_instructors_as", "conversations", "attempts", "cards", "sittings"
            ]  # fmt: skip
        (conversation,) = found["conversations"]
        (told,) = conversation["turns"]
        assert (told["question"], told["asked_at"], told["kind"]) == ("what is a CSC?", NOON.isoformat(), "answer")
        assert told["claims"][0]["citations"][0]["quote"] == "gathers"
        assert told["feedback"]["complaints"] == ["incomplete", "wrong evidence"]
        assert [len(found[part]) for part in ("attempts", "cards", "sittings")] == [1, 1, 1]
        assert found["attempts"][0]["sitting"] == found["sittings"][0]["id"]
        assert found["cards"][0]["item"]["stem"] == found["sittings"][0]["questions"][0]["stem"]
        assert found["sittings"][0]["responses"][0][1]["index"] == 1
        assert "key" not in found["sittings"][0]["questions"][0]

    def test_it_does_not_hold_what_opens_the_door(self, records: SqlRecords) -> None:
        learner = study(records)
        assert learner not in json.dumps(records.own_data(learner))

    def test_a_deleted_learner_leaves_nothing_but_what_was_approved(self, home: Path) -> None:
        records = opened(home)
        gone, kept = study(records), study(records)
        records.delete_learner(gone)
        assert not records.has_learner(gone)
        assert len(records.canonical_answers()) == 2
        assert len(records.inbox(reviewed=None)) == len(list(records.cases())) == 1
        assert records.attempts(gone) == ()
        assert len(records.attempts(kept)) == 1
        records.close()
        tables = ("learners", "conversations", "turns", "inbox", "feedback", "reviews", "attempts", "cards",
                  "practice_sessions")  # fmt: skip
        assert [rows(home, f"SELECT count(*) FROM {table}") for table in tables] == [[(1,)]] * len(tables)

    def test_nobodys_data_cannot_be_had_or_deleted(self, records: SqlRecords) -> None:
        for learner in ("nobody", "", "\ud800\0"):
            for ask in (records.own_data, records.delete_learner):
                with pytest.raises(NotFound) as caught:
                    ask(learner)
                sentence_of(caught)


class TestUpgrades:
    def test_turns_of_an_earlier_version_come_into_the_inbox(self, home: Path) -> None:
        records = opened(home)
        learner = records.add_learner()
        conversation = records.start_conversation(learner)
        replies: tuple[Reply, ...] = (ANSWER, ABSTENTION, replace(ANSWER, dropped=2), Conversation("Hello."), ANSWER)
        told = [turn("What is a CSC?", reply, minutes) for minutes, reply in enumerate(replies)]
        ids = [records.add_turn(learner, conversation, each) for each in told]
        records.close()
        before = rows(home, "SELECT * FROM turns"), rows(home, "SELECT * FROM inbox ORDER BY turn_id")
        assert len({entry[-2:] for entry in before[1]}) > 2

        _alembic(home, "downgrade", "0002")
        tables = {name for (name,) in rows(home, "SELECT name FROM sqlite_master WHERE type = 'table'")}
        assert not tables & {"inbox", "feedback", "reviews", "canonical_answers", "settings"}
        again: Records = opened(home)

        assert (rows(home, "SELECT * FROM turns"), rows(home, "SELECT * FROM inbox ORDER BY turn_id")) == before
        assert again.turns(learner, conversation) == tuple(told)
        again.close()
        _alembic(home, "downgrade", "0002")
        for turn_id, damage in zip(
            ids, ("'{'", "'[]'", "'null'", "json_set(record, '$.intent', 'dream')"), strict=False
        ):
            rows(home, f"UPDATE turns SET record = {damage} WHERE id = ?", (turn_id,))
        opened(home).close()
        assert rows(home, "SELECT count(*), max(risk), max(asked_before) FROM inbox") == [(5, 0.0, 0)]

    def test_no_more_than_a_few_are_entered_at_once(self, home: Path) -> None:
        records = opened(home)
        learner = records.add_learner()
        conversation = records.start_conversation(learner)
        for number in range(450):
            records.add_turn(learner, conversation, turn("What is a CSC?" if number % 9 == 0 else f"About {number}?"))
        records.close()
        before = rows(home, "SELECT * FROM inbox ORDER BY turn_id")
        _alembic(home, "downgrade", "0002")
        opened(home).close()
        # The copies of one moment may change places among themselves.
        after = rows(home, "SELECT * FROM inbox ORDER BY turn_id")
        assert sorted(str(entry[2]) for entry in after) == sorted(str(entry[2]) for entry in before)
        assert [entry[:2] for entry in after] == [entry[:2] for entry in before]


@pytest.mark.parametrize(
    ("table", "column"), [("reviews", "judgement"), ("feedback", "complaints"), ("canonical_answers", "record")]
)
def test_what_a_newer_version_wrote_is_said_to_be_that(home: Path, table: str, column: str) -> None:
    records = opened(home)
    study(records)
    rows(home, f"UPDATE {table} SET {column} = ?", ('["dream"]',))
    turn_id = (
        records.inbox(reviewed=True)[0].turn_id if table != "reviews" else str(rows(home, "SELECT id FROM turns")[0][0])
    )
    with pytest.raises(RecordsUnavailable, match="cannot be read by this version") as caught:
        records.case(turn_id)
    sentence_of(caught)
    records.close()


def _alembic(home: Path, direction: str, revision: str) -> None:
    engine = create_engine(make_url(f"sqlite:///{home}/records.sqlite"))
    with engine.begin() as connection:
        {"upgrade": command.upgrade, "downgrade": command.downgrade}[direction](migration_config(connection), revision)
    engine.dispose()
