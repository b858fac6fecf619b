"""Practice in the middle of a conversation, through the tutor, on the real course."""

import json
import re
from collections.abc import Sequence
from itertools import count

import pytest

from cpom_tutor.answers import Answer, Conversation, Intent, Role, Turn, to_markdown
from cpom_tutor.attempts import Grading, PointMark, PointVerdict
from cpom_tutor.gate import Gate
from cpom_tutor.generation.extractive.generator import ExtractiveGenerator
from cpom_tutor.grounding.rules import RuleChecker
from cpom_tutor.interchange import turn_from_record, turn_to_json, turn_to_record
from cpom_tutor.items import ChoiceKey, ItemKind, Level, QuizItem, Scenario, letter
from cpom_tutor.library import Library
from cpom_tutor.practice.chat.chat import PracticeChat, topic_of
from cpom_tutor.practice.chat.telling import (
    decided,
    given_up,
    marked,
    question_text,
    vouched,
    without_options,
    written,
)
from cpom_tutor.practice.practice import CoursePractice
from cpom_tutor.retrieval.retriever import CourseRetriever
from cpom_tutor.tutor import Tutor
from cpom_tutor.understanding.understander import CourseUnderstander


class Talk:
    """A conversation; each message is answered with all that was said before it."""

    def __init__(self, tutor: Tutor) -> None:
        self.tutor = tutor
        self.turns: list[Turn] = []

    def say(self, text: str) -> Turn:
        self.turns.append(self.tutor.ask(text, tuple(self.turns)))
        return self.turns[-1]

    def asked(self) -> QuizItem:
        """The question of the latest turn."""
        practice = self.turns[-1].practice
        assert practice is not None
        assert practice.item is not None
        return practice.item

    def key(self) -> int:
        key = self.asked().key
        assert isinstance(key, ChoiceKey)
        return key.index

    def answer(self, *, right: bool) -> Turn:
        place = self.key() if right else (self.key() + 1) % len(self.asked().options)
        return self.say(letter(place).lower())


class WordForWord:
    """Finds those points that stand in the answer word for word."""

    def grade(self, question: str, reference: Sequence[str], rubric: Sequence[str], answer: str) -> Grading:
        del question, reference
        verdicts = [PointVerdict.MET if point in answer else PointVerdict.MISSED for point in rubric]
        marks = tuple(PointMark(point, verdict, 0.0) for point, verdict in zip(rubric, verdicts, strict=True))
        return Grading(marks, 0.0, "")


def end_of_a_scenario(talk: Talk) -> Scenario:
    """Takes a scenario's decisions; its last question waits then."""
    turn = talk.say("give me a scenario")
    assert turn.practice is not None
    scenario = turn.practice.scenario
    assert scenario is not None
    for decision in scenario.decisions:
        talk.say(letter(decision.best))
    return scenario


@pytest.fixture(scope="module")
def practice(retriever: CourseRetriever) -> CoursePractice:
    return CoursePractice(lambda: retriever.library, WordForWord())


@pytest.fixture(scope="module")
def tutor(retriever: CourseRetriever, practice: CoursePractice) -> Tutor:
    seeds = count()
    return Tutor(
        CourseUnderstander(lambda: retriever.library),
        retriever,
        ExtractiveGenerator(),
        RuleChecker(),
        PracticeChat(practice, retriever, lambda: next(seeds)),
    )


@pytest.fixture
def talk(tutor: Tutor) -> Talk:
    return Talk(tutor)


def cited(turn: Turn) -> set[str]:
    assert isinstance(turn.reply, Answer)
    return {citation.passage_id for claim in turn.reply.claims for citation in claim.citations}


# --- a question ----------------------------------------------------------------------------------------------


def test_a_question_is_put_with_lettered_options_and_cites_nothing(talk: Talk) -> None:
    turn = talk.say("quiz me")
    assert isinstance(turn.reply, Conversation)
    assert turn.intent is Intent.QUIZ
    assert turn.reply.text == question_text(talk.asked())
    assert turn.reply.text.endswith("Answer with a letter.")
    assert (
        re.findall(r"^- \*\*([A-E])\.\*\* ", turn.reply.text, re.MULTILINE)
        == list("ABCDE")[: len(talk.asked().options)]
    )


def test_a_question_is_about_what_was_just_discussed(talk: Talk) -> None:
    discussed = cited(talk.say("what is a CSC"))
    talk.say("quiz me on that")
    assert {citation.passage_id for citation in talk.asked().citations} & discussed


def test_a_question_is_about_the_topic_that_is_named(talk: Talk, library: Library) -> None:
    talk.say("why does the CPOM exist")
    turn = talk.say("quiz me on change managment")
    names = {library.passage(citation.passage_id).name for citation in talk.asked().citations}
    assert names == {"Change Management"}
    assert turn.retrieved


@pytest.mark.parametrize(
    ("named", "address"),
    [("1.1.3", "CPOM §1.1.3 "), ("section 1.1.2", "CPOM §1.1.2 "), ("§1.1.2 ¶12", "CPOM §1.1.2 ¶12")],
)
def test_a_question_may_be_asked_of_an_address(talk: Talk, named: str, address: str) -> None:
    for _ in range(3):
        talk.say(f"quiz me on {named}")
        assert any(citation.address.startswith(address) for citation in talk.asked().citations)


def test_a_topic_that_the_course_does_not_have_is_said_not_to_be_there(talk: Talk) -> None:
    turn = talk.say("test me on the price of eggs")
    assert to_markdown(turn.reply).startswith("I have no question on “the price of eggs”.")
    assert turn.practice is not None


def test_what_the_tutor_declines_it_declines_as_a_topic_too(talk: Talk) -> None:
    assert talk.say("quiz me on the dose of vancomycin").practice is None


@pytest.mark.parametrize(
    ("asked", "topic"),
    [
        ("quiz me on that", ""),
        ("can you give me a hard question please", ""),
        ("test me on what we just discussed", ""),
        ("quiz me on change management", "change management"),
        ("ask me something about ADCs", "ADCs"),
    ],
)
def test_the_topic_of_a_request_is_what_it_names(asked: str, topic: str) -> None:
    assert topic_of(asked) == topic


# --- an answer -----------------------------------------------------------------------------------------------


def test_a_right_answer_is_confirmed_with_the_courses_words(talk: Talk, library: Library) -> None:
    talk.say("quiz me")
    item = talk.asked()
    turn = talk.answer(right=True)
    assert isinstance(turn.reply, Answer)
    assert to_markdown(turn.reply).startswith(f"**Right, it is {letter(talk.key())}: ")
    assert item.rationales[talk.key()].text in to_markdown(turn.reply)
    facts = [claim for claim in turn.reply.claims if claim.role is Role.FACT]
    assert len(facts) == 1
    (citation,) = facts[0].citations
    assert library.passage(citation.passage_id).text[citation.start : citation.end] == citation.quote
    assert turn.practice is not None
    assert not turn.practice.waiting


def test_a_wrong_answer_hears_the_key_and_why_its_choice_is_wrong(talk: Talk) -> None:
    talk.say("quiz me")
    item, key = talk.asked(), talk.key()
    turn = talk.answer(right=False)
    chosen = (key + 1) % len(item.options)
    text = to_markdown(turn.reply)
    assert text.startswith(f"**Not {letter(chosen)}. The answer is {letter(key)}: ")
    assert item.rationales[key].text in text
    assert f"**{letter(chosen)}:** {item.rationales[chosen].text}" in text


def test_the_options_own_words_are_an_answer(talk: Talk) -> None:
    talk.say("quiz me on 1.1.2")
    turn = talk.say(f"i think {talk.asked().options[talk.key()].lower()}")
    assert to_markdown(turn.reply).startswith("**Right")


def test_passing_shows_the_answer(talk: Talk) -> None:
    talk.say("quiz me")
    key = talk.key()
    turn = talk.say("no idea")
    assert to_markdown(turn.reply).startswith(f"**The answer is {letter(key)}: ")


def test_two_letters_are_asked_for_again(talk: Talk) -> None:
    talk.say("quiz me")
    turn = talk.say("a or b")
    assert to_markdown(turn.reply).startswith("One letter, please")
    assert isinstance(talk.answer(right=True).reply, Answer)


def test_why_shows_more_of_the_passage(talk: Talk) -> None:
    talk.say("quiz me on a definitive career pathway")
    decided_by = {citation.passage_id for citation in talk.asked().citations}
    talk.answer(right=True)
    assert cited(talk.say("why?")) == decided_by


def test_every_reason_of_every_question_passes_the_gate(practice: CoursePractice, library: Library) -> None:
    for item in practice.items.values():
        if item.kind is not ItemKind.MCQ:
            continue
        for chosen in range(len(item.options)):
            draft = marked(item, chosen, library)
            given = frozenset(pointer.passage_id for claim in draft.claims for pointer in claim.evidence)
            reply = Gate(RuleChecker(), library, vouched=vouched(draft)).judge(draft, given)
            assert isinstance(reply, Answer), item.stem
            assert reply.dropped == 0, (item.stem, item.options[chosen])


def test_words_that_nobody_vouched_for_do_not_pass(practice: CoursePractice, library: Library) -> None:
    item = next(item for item in practice.items.values() if item.kind is ItemKind.MCQ)
    draft = marked(item, 0, library)
    given = frozenset(pointer.passage_id for claim in draft.claims for pointer in claim.evidence)
    reply = Gate(RuleChecker(), library).judge(draft, given)
    assert isinstance(reply, Answer)
    assert not any(claim.role is Role.OWN for claim in reply.claims)


# --- going on ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wish", ["another", "next question", "yes please", "quiz me again"])
def test_another_question_is_another_fact_of_the_same_topic(talk: Talk, wish: str) -> None:
    talk.say("quiz me on the five operational domains")
    first = talk.asked()
    talk.answer(right=True)
    talk.say(wish)
    assert talk.asked().fact != first.fact
    assert talk.asked().topic == first.topic


def test_harder_is_a_story_and_easier_is_plain_recall(talk: Talk) -> None:
    talk.say("quiz me on technology & automation")
    talk.say("make it harder")
    assert talk.asked().level is Level.APPLICATION
    talk.say("another one")
    assert talk.asked().level is Level.APPLICATION
    talk.say("easier")
    assert talk.asked().level is Level.RECALL


def test_no_fact_is_asked_twice_while_there_are_others(talk: Talk) -> None:
    talk.say("quiz me")
    facts = [talk.asked().fact]
    for _ in range(12):
        talk.say("another")
        facts.append(talk.asked().fact)
    assert len(set(facts)) == len(facts)


def test_a_question_of_the_learners_own_leaves_the_quiz_and_a_letter_comes_back_to_it(talk: Talk) -> None:
    talk.say("quiz me")
    item = talk.asked()
    turn = talk.say("what is servant leadership?")
    assert turn.intent is Intent.ASK
    assert turn.practice is None
    back = talk.say("b")
    assert back.practice is not None
    assert back.practice.item == item


def test_practice_is_forgotten_after_a_few_other_questions(talk: Talk) -> None:
    talk.say("quiz me")
    for question in ("what is a CSC", "who benefits?", "what is servant leadership"):
        talk.say(question)
    assert talk.say("b").practice is None


def test_thanks_is_small_talk_in_the_middle_of_a_quiz(talk: Talk) -> None:
    talk.say("quiz me")
    assert talk.say("thanks!").intent is Intent.SMALLTALK


def test_the_same_seeds_make_the_same_conversation(retriever: CourseRetriever, practice: CoursePractice) -> None:
    def told() -> list[str]:
        chat = PracticeChat(practice, retriever, lambda: 7)
        understander = CourseUnderstander(lambda: retriever.library)
        talk = Talk(Tutor(understander, retriever, ExtractiveGenerator(), RuleChecker(), chat))
        return [to_markdown(talk.say(text).reply) for text in ("quiz me", "b", "another", "give me a scenario")]

    assert told() == told()


# --- a scenario ----------------------------------------------------------------------------------------------


def test_a_scenario_is_walked_through_by_letters(talk: Talk) -> None:
    turn = talk.say("give me a scenario")
    assert turn.practice is not None
    scenario = turn.practice.scenario
    assert scenario is not None
    assert scenario.situation in to_markdown(turn.reply)
    for place, decision in enumerate(scenario.decisions):
        assert decision.prompt in to_markdown(turn.reply)
        turn = talk.say(letter(decision.best))
        assert isinstance(turn.reply, Answer)
        assert decision.feedback[decision.best].text in to_markdown(turn.reply)
        assert cited(turn) == {decision.feedback[decision.best].citation.passage_id}
        assert turn.practice is not None
        assert turn.practice.decision == place + 1
    assert turn.practice is not None
    assert turn.practice.writing
    assert turn.practice.options == ()
    assert scenario.question in to_markdown(turn.reply)
    assert "say “pass” to see a model answer" in to_markdown(turn.reply)


def test_what_is_written_at_the_end_of_a_scenario_is_marked_point_by_point(talk: Talk) -> None:
    scenario = end_of_a_scenario(talk)
    first, *others = scenario.rubric
    turn = talk.say(f"I would say this to them: {first.criterion}.")
    text = to_markdown(turn.reply)
    assert text.startswith(f"**1 of {len(scenario.rubric)} points.**")
    assert f"✓ Found: {first.criterion}" in text
    assert all(f"Missed: {point.criterion}" in text for point in others)
    assert cited(turn) == {point.citation.passage_id for point in others}
    assert turn.practice is not None
    assert not turn.practice.waiting
    assert "Another scenario" in turn.suggestions


def test_somebody_who_gives_up_at_the_end_of_a_scenario_sees_a_model_answer(talk: Talk) -> None:
    scenario = end_of_a_scenario(talk)
    turn = talk.say("idk just tell me")
    assert all(sentence.text in to_markdown(turn.reply) for sentence in scenario.model_answer)
    assert cited(turn) == {sentence.citation.passage_id for sentence in scenario.model_answer}


@pytest.mark.parametrize("text", ["what is a CSC?", "another scenario", "thanks"])
def test_a_question_at_the_end_of_a_scenario_is_no_answer_to_it(talk: Talk, text: str) -> None:
    scenario = end_of_a_scenario(talk)
    turn = talk.say(text)
    assert turn.practice is None or turn.practice.scenario != scenario
    assert " points.**" not in to_markdown(turn.reply)


def test_another_scenario_is_another_one(talk: Talk) -> None:
    first = talk.say("give me a scenario").practice
    other = talk.say("another scenario").practice
    assert first is not None
    assert other is not None
    assert first.scenario != other.scenario


def test_all_feedback_of_all_scenarios_passes_the_gate(practice: CoursePractice, library: Library) -> None:
    assert len(practice.scenarios) >= 8
    for scenario in practice.scenarios:
        for place, decision in enumerate(scenario.decisions):
            for chosen in range(len(decision.options)):
                draft = decided(scenario, place, chosen, library)
                given = frozenset(pointer.passage_id for claim in draft.claims for pointer in claim.evidence)
                reply = Gate(RuleChecker(), library, vouched=vouched(draft)).judge(draft, given)
                assert isinstance(reply, Answer)
                assert reply.dropped == 0, (scenario.title, decision.options[chosen])


def test_all_that_is_said_at_the_end_of_any_scenario_passes_the_gate(
    practice: CoursePractice, library: Library
) -> None:
    for scenario in practice.scenarios:
        grading = practice.mark_text(scenario.question, scenario.rubric, "Nothing of it.")
        for draft in (written(scenario, grading, library), given_up(scenario, library)):
            given = frozenset(pointer.passage_id for claim in draft.claims for pointer in claim.evidence)
            reply = Gate(RuleChecker(), library, vouched=vouched(draft)).judge(draft, given)
            assert isinstance(reply, Answer)
            assert reply.dropped == 0, scenario.title


# --- as it is told elsewhere ---------------------------------------------------------------------------------


def test_scripts_read_the_question_and_how_it_was_answered(talk: Talk) -> None:
    talk.say("quiz me")
    asked = turn_to_json(talk.turns[-1])
    assert (asked["intent"], asked["kind"], asked["chosen"], asked["waiting"]) == ("quiz", "conversation", None, True)
    assert [item["id"] for item in asked["items"]] == [talk.asked().id]
    talk.answer(right=True)
    answered = turn_to_json(talk.turns[-1])
    assert (answered["kind"], answered["chosen"], answered["waiting"]) == ("answer", talk.key(), False)
    assert answered["claims"]


@pytest.mark.parametrize("messages", [("quiz me", "b"), ("give me a scenario", "a", "c"), ("make it harder",)])
def test_a_stored_conversation_goes_on_where_it_stood(talk: Talk, messages: tuple[str, ...]) -> None:
    for message in messages:
        turn = talk.say(message)
        assert turn_from_record(json.loads(json.dumps(turn_to_record(turn)))).practice == turn.practice


def test_a_turn_stored_before_there_was_practice_still_loads(talk: Talk) -> None:
    record = turn_to_record(talk.say("what is a CSC"))
    del record["practice"]
    assert turn_from_record(record).practice is None


def test_a_screen_with_buttons_shows_no_option_twice(talk: Talk) -> None:
    asked = talk.say("quiz me")
    shown = without_options(asked.reply)
    assert isinstance(shown, Conversation)
    assert shown.text.strip() == talk.asked().stem.strip()
    talk.say("give me a scenario")
    decision = talk.say("a")
    assert decision.practice is not None
    left = to_markdown(without_options(decision.reply))
    assert not any(option in left for option in decision.practice.options)
    assert "Decision 2 of" in left


@pytest.mark.parametrize("said", ["stop it", "ugh this is stupid, stop", "ok enough for now"])
def test_practice_ends_when_the_learner_has_had_enough(talk: Talk, said: str) -> None:
    talk.say("give me a scenario")
    turn = talk.say(said)
    assert isinstance(turn.reply, Conversation)
    assert "no more of that" in turn.reply.text
    assert turn.practice is not None
    assert not turn.practice.waiting
    assert talk.say("another question").practice is not None


def test_a_scenario_tells_who_the_learner_is(talk: Talk) -> None:
    turn = talk.say("give me a scenario")
    assert turn.practice is not None
    assert turn.practice.scenario is not None
    assert turn.practice.scenario.role in to_markdown(turn.reply)
