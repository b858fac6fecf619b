"""What a learner may say of an answer: the form, what was noted, and what an instructor will see."""

import html
import re
from datetime import UTC, datetime

import pytest

from cpom_tutor.accounts import Byline
from cpom_tutor.answers import Abstention, Answer, Conversation, Intent, Reason, Reply, Turn
from cpom_tutor.errors import BadInput
from cpom_tutor.reviews import Complaint, Feedback
from cpom_tutor.ui.feedback_form import LONGEST_WORDS, feedback_of, reason_field
from cpom_tutor.ui.render_feedback import Opinions, seen, thumbs

NOW = datetime(2026, 11, 23, tzinfo=UTC)
SOMEBODY = Byline("Learner k7m4-qd2x")
NASTY = '<script>alert(1)</script></textarea><img src=x onerror="alert(2)">'


def turn(reply: Reply | None = None) -> Turn:
    reply = reply or Abstention(Reason.NOT_IN_COURSE, "No.")
    return Turn("Why?", "Why?", Intent.ASK, reply, (), "extractive", "f", NOW, 1.0)


def ticked(markup: str) -> list[str]:
    return re.findall(r'<input type="\w+" name="([\w-]+)" value="\w+" checked>', markup)


@pytest.mark.parametrize(
    "data", [{}, {"thumb": ""}, {"thumb": "sideways", "words": "x"}, {"reason-incomplete": "yes"}, {"thumb": "UP"}]
)
def test_a_word_without_a_thumb_is_refused_in_a_sentence(data: dict[str, str]) -> None:
    with pytest.raises(BadInput, match="Choose first whether it helped"):
        feedback_of(data, NOW)


def test_what_was_ticked_and_typed_is_what_is_kept() -> None:
    data = {"thumb": "down", "reason-wrong-evidence": "yes", "reason-hard-to-understand": "yes", "turn": "0",
            "words": " one\r\ntwo "}  # fmt: skip
    assert feedback_of(data, NOW) == Feedback(
        False, (Complaint.WRONG_EVIDENCE, Complaint.HARD_TO_UNDERSTAND), "one\ntwo", NOW
    )


def test_reasons_that_were_ticked_before_a_thumb_up_do_not_count() -> None:
    assert feedback_of({"thumb": "up", "reason-incomplete": "yes"}, NOW) == Feedback(True, (), "", NOW)


def test_the_longest_words_are_kept_whole_and_longer_ones_are_refused() -> None:
    words = "a\n" * (LONGEST_WORDS // 2 - 1) + "ab"
    kept = feedback_of({"thumb": "up", "words": words.replace("\n", "\r\n")}, NOW)
    assert (kept.words, len(kept.words)) == (words, LONGEST_WORDS)
    with pytest.raises(BadInput, match="1,001 characters"):
        feedback_of({"thumb": "up", "words": words + "c"}, NOW)


def test_the_form_has_the_five_reasons_and_says_what_an_instructor_will_see_before_it_is_sent() -> None:
    form = thumbs(turn(), 3, None, 7, SOMEBODY)
    for complaint in Complaint:
        assert f'name="{reason_field(complaint)}"' in form
        assert f"<span>{complaint.value.capitalize()}</span>" in form
    assert form.index(seen(SOMEBODY)) < form.index(">Send<")
    assert 'data-event="opine" data-turn="3" data-among="7"' in form
    assert f'maxlength="{LONGEST_WORDS}"' in form
    assert ticked(form) == []
    assert "Thank you" not in form


@pytest.mark.parametrize(
    ("byline", "said"),
    [
        (SOMEBODY, "under the name “Learner k7m4-qd2x”, not who you are."),
        (Byline("Learner k7m4-qd2x", theirs_to_change=True), "not who you are. Show your name instead"),
        (Byline("Ada <b> (ada)", own=True, theirs_to_change=True),
         "under your name, Ada <b> (ada), because you share it. Stop sharing it"),
    ],
)  # fmt: skip
def test_it_is_said_under_which_name_an_instructor_reads_it(byline: Byline, said: str) -> None:
    sentence = seen(byline)
    assert "<b>" not in sentence
    assert html.unescape(re.sub(r"<[^>]+>", "", sentence)).endswith(said)
    assert ('href="/account#name"' in sentence) is byline.theirs_to_change


def test_what_was_noted_is_said_and_stands_in_the_form_that_changes_it() -> None:
    given = Feedback(False, (Complaint.INCOMPLETE, Complaint.SHOULD_HAVE_ANSWERED), "Where?\nWhen?", NOW)
    shown = thumbs(turn(), 0, given, 1, SOMEBODY)
    said = html.unescape(re.sub(r"<[^>]+>", "", shown.split("<details")[0]))
    assert said.startswith("Thank you: noted as not helpful (incomplete, should have answered).")
    assert "Where?\nWhen?" in said
    assert ticked(shown) == ["thumb", "reason-incomplete", "reason-should-have-answered"]
    assert ">Where?\nWhen?</textarea>" in shown
    assert "noted as <strong>helpful</strong>." in thumbs(turn(), 0, Feedback(True, (), "", NOW), 1, SOMEBODY)


def test_a_changed_word_is_a_new_form_so_that_nothing_typed_before_stays_in_it() -> None:
    keys = {
        re.findall(r'data-key="([^"]*)"', thumbs(turn(), 0, given, 1, SOMEBODY))[0]
        for given in (None, Feedback(True, (), "", NOW), Feedback(True, (), "", datetime(2026, 11, 24, tzinfo=UTC)))
    }
    assert len(keys) == 3


def test_a_problem_is_an_alert_at_its_turn_and_the_form_stays_open() -> None:
    opinions = Opinions(SOMEBODY, {1: Feedback(True, (), "", NOW)}, 1, "The disk is full; free some space.")
    assert "alert" not in opinions.below(turn(), 0, among=2)
    shown = opinions.below(turn(), 1, among=2)
    assert '<details class="again" open>' in shown
    assert '<p class="alert" role="alert">The disk is full; free some space.</p>' in shown


def test_small_talk_is_not_judged_and_answers_and_refusals_are() -> None:
    assert Opinions(SOMEBODY).below(turn(Conversation("Hello!")), 0, among=1) == ""
    assert "Did this help?" in Opinions(SOMEBODY).below(turn(Answer(())), 0, among=1)
    assert "Did this help?" in Opinions(SOMEBODY).below(turn(), 0, among=1)


def test_nothing_that_a_learner_wrote_becomes_markup() -> None:
    shown = Opinions(SOMEBODY, {0: Feedback(False, (), NASTY, NOW)}, 0, NASTY).below(turn(), 0, among=1)
    assert "<script" not in shown
    assert "<img" not in shown
    assert shown.count("</textarea>") == 1
    assert shown.count(html.escape(NASTY)) == 3
