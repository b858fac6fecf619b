"""Practice in the conversation counts like practice on its own tab."""

import threading
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from cpom_tutor.attempts import SessionKind
from cpom_tutor.config import Settings
from cpom_tutor.generation.extractive.generator import ExtractiveGenerator
from cpom_tutor.grounding.rules import RuleChecker
from cpom_tutor.items import ChoiceKey, Practised, letter
from cpom_tutor.practice.chat.chat import PracticeChat
from cpom_tutor.practice.sittings.room import PracticeRoom
from cpom_tutor.records.store import SqlRecords, open_records
from cpom_tutor.retrieval.retriever import CourseRetriever
from cpom_tutor.tutor import Tutor
from cpom_tutor.ui.study_desk import NEW, StudyDesk
from cpom_tutor.ui.visitors import COOKIE
from cpom_tutor.understanding.understander import CourseUnderstander
from cpom_tutor.wiring import open_practice


class Chat:
    """A learner on the Study screen."""

    def __init__(self, desk: StudyDesk, records: SqlRecords) -> None:
        self.desk, self.records, self.conversation = desk, records, NEW
        self.learner = records.add_learner()

    def say(self, text: str) -> Practised:
        for screen in self.desk.ask({COOKIE: self.learner}, "page", self.conversation, text):
            self.conversation = screen.conversation or self.conversation
        practised = self.records.turns(self.learner, self.conversation)[-1].practice
        assert practised is not None
        return practised


@pytest.fixture
def chat(retriever: CourseRetriever, index_home: Path, tmp_path: Path) -> Iterator[Chat]:
    records, practice, seeds = open_records(Settings(tmp_path)), open_practice(Settings(index_home)), count()
    tutor = Tutor(
        CourseUnderstander(lambda: retriever.library),
        retriever,
        ExtractiveGenerator(),
        RuleChecker(),
        PracticeChat(practice, retriever, lambda: next(seeds)),
    )
    room = PracticeRoom(practice, records, lambda: retriever.library)
    yield Chat(StudyDesk(tutor, records, retriever, threading.Event(), records, room), records)
    records.close()


@pytest.mark.parametrize("right", [True, False])
def test_an_answer_in_the_conversation_is_an_attempt_and_a_card(chat: Chat, right: bool) -> None:
    item = chat.say("quiz me").item
    assert item is not None
    assert isinstance(item.key, ChoiceKey)
    assert chat.records.attempts(chat.learner) == ()
    chat.say(letter(item.key.index if right else (item.key.index + 1) % len(item.options)))
    chat.say("why?")
    (attempt,) = chat.records.attempts(chat.learner)
    assert (attempt.item_id, attempt.correct, attempt.self_rated) == (item.id, right, False)
    assert [card.item.id for card in chat.records.cards(chat.learner)] == [item.id]
    assert chat.records.sessions(chat.learner, unfinished=True) == ()


def test_a_question_that_is_passed_comes_back_and_judges_nobody(chat: Chat) -> None:
    item = chat.say("quiz me").item
    chat.say("idk just tell me")
    (attempt,) = chat.records.attempts(chat.learner)
    assert item is not None
    assert (attempt.item_id, attempt.correct, attempt.self_rated) == (item.id, False, True)


def test_a_question_that_is_left_alone_is_no_attempt(chat: Chat) -> None:
    chat.say("quiz me")
    chat.say("another question")
    assert chat.records.attempts(chat.learner) == ()


def test_a_scenario_counts_when_it_is_done(chat: Chat) -> None:
    scenario = chat.say("give me a scenario").scenario
    assert scenario is not None
    for _ in scenario.decisions:
        chat.say("b")
    assert chat.records.attempts(chat.learner) == ()
    chat.say("i would tell them plainly what it costs and what it brings")
    (session,) = chat.records.sessions(chat.learner)
    assert session.kind is SessionKind.SCENARIO
    assert session.complete
    assert session.finished_at
    assert [attempt.correct for attempt in chat.records.attempts(chat.learner)][:-1] == [
        decision.best == 1 for decision in scenario.decisions
    ]


def test_a_scenario_with_a_passed_decision_does_not_count(chat: Chat) -> None:
    scenario = chat.say("give me a scenario").scenario
    assert scenario is not None
    for _ in scenario.decisions:
        chat.say("pass")
    chat.say("pass")
    assert chat.records.sessions(chat.learner) == ()
