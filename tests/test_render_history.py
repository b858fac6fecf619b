"""The list of conversations as HTML."""

import re
from datetime import UTC, datetime

from cpom_tutor.protocols import ConversationSummary
from cpom_tutor.ui.render_history import history

NASTY = '<script>alert(1)</script><img src=x onerror="alert(2)">'


def summary(identity: str = "c1", title: str = "Why?", turns: int = 1) -> ConversationSummary:
    return ConversationSummary(identity, title, turns, datetime(2026, 11, 23, tzinfo=UTC))


def shown(*conversations: ConversationSummary, search: str = "", unfolded: bool = False, problem: str = "") -> str:
    return history(conversations, "c1", own_data="/my-data", search=search, unfolded=unfolded, problem=problem)


def test_each_conversation_is_opened_renamed_and_deleted_by_its_own_id() -> None:
    markup = shown(summary(), summary("c2", "How?", 2))
    for event in ("resume", "rename", "remove"):
        assert re.findall(rf'data-event="{event}" data-conversation="(\w+)"', markup) == ["c1", "c2"]
    assert re.findall(r'name="title" value="([^"]*)"', markup) == ["Why?", "How?"]
    assert "1 question, 23 Nov 2026" in markup
    assert "2 questions" in markup
    assert markup.count("class=current") == 1


def test_deleting_everything_asks_one_question_that_says_what_goes() -> None:
    (question,) = re.findall(r'data-event="forget" data-sure="([^"]+)"', shown())
    for what in ("conversations", "practice", "feedback", "?"):
        assert what in question
    assert '<a href="/my-data" download>' in shown()


def test_with_an_account_everything_is_deleted_where_its_owner_shows_that_it_is_they() -> None:
    markup = history([], "", own_data="/my-data", leaving="/account#delete")
    assert '<a class="leaving" href="/account#delete">Delete my account and everything of mine</a>' in markup
    assert "forget" not in markup


def test_a_search_says_what_was_searched_and_leads_back_to_the_whole_list() -> None:
    nothing = shown(search="chef & cook", unfolded=True)
    assert "has <q>chef &amp; cook</q> in it" in nothing
    assert 'value="chef &amp; cook"' in nothing
    assert "Show all" in nothing
    assert "<details open>" in nothing
    assert 'data-conversation="c1" data-search="chef"' in shown(summary(), search="chef")
    everything = shown(summary())
    assert "Show all" not in everything
    assert "<details>" in everything


def test_an_empty_history_says_what_will_be_there() -> None:
    assert "Your conversations will be listed here." in shown()


def test_what_could_not_be_done_is_said_above_the_list() -> None:
    markup = shown(summary(), problem="A conversation needs a title; type one.")
    assert markup.index("A conversation needs a title; type one.") < markup.index("<ul>")


def test_no_title_or_search_becomes_markup() -> None:
    markup = shown(summary(NASTY, NASTY), search=NASTY, problem=NASTY)
    assert "<script" not in markup
    assert "<img" not in markup
    assert "alert(1)" in markup
