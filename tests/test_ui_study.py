"""The Study screen without a browser: whose conversation it is, what is kept, what is said when it fails."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cpom_tutor.accounts import Role as AccountRole
from cpom_tutor.answers import Answer, CheckedClaim, Form, Intent, Label, Role, Turn, Verdict
from cpom_tutor.config import Settings
from cpom_tutor.course import Citation
from cpom_tutor.errors import EmbedderUnavailable, NotFound, RecordsUnavailable
from cpom_tutor.library import Library
from cpom_tutor.protocols import Step
from cpom_tutor.records.store import SqlRecords, open_records
from cpom_tutor.reviews import Complaint
from cpom_tutor.testing import Bookshelf
from cpom_tutor.ui.course import Shelf
from cpom_tutor.ui.spoken import UNEXPECTED
from cpom_tutor.ui.study_desk import GONE, LONGEST_QUESTION, NEW, Screen, StudyDesk
from cpom_tutor.ui.visitors import COOKIE, SIGN_IN_COOKIE, learner_of
from ingest.load import load_corpus


class Parrot:
    """A tutor that answers with the first sentence of the course."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.histories: list[Sequence[Turn]] = []
        self.gate = threading.Event()

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Turn:
        raise NotImplementedError

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Step]:
        self.histories.append(history)
        if question == "crash":
            raise ZeroDivisionError("a secret of the machine")
        if question == "slow":
            yield Step(note="Thinking…")
            self.gate.wait(20)
        if question == "no model":
            raise EmbedderUnavailable("The embedding model cannot be loaded; run: cpom-tutor doctor")
        yield Step(note="Looking in the course…")
        passage = self.library.passages[0]
        span = passage.sentences[0]
        cited = Citation(passage.id, str(passage.address), span.of(passage.text), span.start, span.end)
        verdict = Verdict(Label.SUPPORTED, 1.0, "Verbatim.")
        answer = Answer((CheckedClaim(cited.quote, Role.FACT, Form.PARAGRAPH, "", (cited,), verdict),))
        yield Step(partial=f"{cited.quote} [1]")
        now = datetime.now(UTC)
        yield Step(turn=Turn(question, question, Intent.ASK, answer, (), "parrot", "f", now, 1.0, ("And then?",)))


@pytest.fixture
def records(tmp_path: Path) -> Iterator[SqlRecords]:
    store = open_records(Settings(tmp_path))
    yield store
    store.close()


@pytest.fixture(scope="module")
def course(corpus: Path) -> Library:
    return load_corpus(corpus).library("f")


@pytest.fixture
def tutor(course: Library) -> Parrot:
    return Parrot(course)


@pytest.fixture
def desk(tutor: Parrot, records: SqlRecords, course: Library) -> StudyDesk:
    awake = threading.Event()
    awake.set()
    return StudyDesk(tutor, records, Bookshelf(course), awake, records)


@pytest.fixture
def cookies(records: SqlRecords) -> dict[str, str]:
    return {COOKIE: records.add_learner()}


def last(screens: Iterator[Screen]) -> Screen:
    return list(screens)[-1]


def test_asking_shows_steps_then_sentences_then_the_finished_turn(desk: StudyDesk, cookies: dict[str, str]) -> None:
    reading, looking, sentence, done = list(desk.ask(cookies, "page", NEW, "  Why?  "))
    assert (reading.typed, reading.log) == ("", "")
    assert "Reading your question…" in (reading.live or "")
    assert "Looking in the course…" in (looking.live or "")
    assert "Establishing" in (sentence.live or "")
    assert 'data-event="cite"' not in (sentence.live or "")
    assert 'data-event="cite"' in (done.live or "")
    assert "And then?" in (done.live or "")
    assert done.conversation
    assert done.conversation in (done.history or "")


def test_until_the_search_is_warm_the_first_step_says_so(desk: StudyDesk, cookies: dict[str, str]) -> None:
    desk.awake.clear()
    assert "still starting" in (next(desk.ask(cookies, "page", NEW, "Why?")).live or "")


def test_a_conversation_is_continued_and_comes_back(desk: StudyDesk, tutor: Parrot, cookies: dict[str, str]) -> None:
    conversation = last(desk.ask(cookies, "page", "", "One?")).conversation or ""
    second = last(desk.ask(cookies, "page", conversation, "Two?"))
    assert second.conversation == conversation
    assert [one.question for one in tutor.histories[-1]] == ["One?"]
    for asked_for in (conversation, "", "someone else's"):
        opened = desk.open(cookies, asked_for)
        assert opened.conversation == conversation
        assert (opened.log or "").count('data-event="cite"') == 2
        assert (opened.log or "").count("And then?") == 2  # once on screen, once in its data
    assert "Good places to start" in (desk.open(cookies, NEW).log or "")


def test_nobody_opens_cites_continues_or_deletes_anothers_conversation(
    desk: StudyDesk, records: SqlRecords, cookies: dict[str, str]
) -> None:
    conversation = last(desk.ask(cookies, "page", "", "A private question?")).conversation or ""
    other = {COOKIE: records.add_learner()}
    click = {"turn": "0", "mark": "1", "claim": "0"}
    screens = [desk.open(other, conversation), desk.delete(other, NEW, conversation),
               last(desk.ask(other, "page", conversation, "Why?"))]  # fmt: skip
    shown = "".join(f"{one.log}{one.live}{one.history}" for one in screens) + desk.cite(other, conversation, click)
    assert "private" not in shown
    assert "You have no such conversation" in (screens[1].live or "")
    assert "You have no such conversation" in (screens[2].live or "")
    assert "A private question?" in (desk.open(cookies, conversation).log or "")


@pytest.mark.parametrize("sent", [{}, {COOKIE: ""}, {COOKIE: "made-up"}, {COOKIE: "a.b.c"}])
def test_a_browser_without_a_known_cookie_is_told_to_reload(desk: StudyDesk, sent: dict[str, str]) -> None:
    click = {"turn": "0", "mark": "1"}
    screens = [desk.open(sent, ""), last(desk.ask(sent, "page", "", "Why?")), desk.delete(sent, NEW, "x")]
    for text in [*(f"{one.log}{one.live}" for one in screens), desk.cite(sent, "x", click)]:
        assert "reload the page" in text


def test_the_learner_is_found_among_the_ids_of_several_data_folders(records: SqlRecords) -> None:
    learner = records.add_learner()
    assert learner_of({COOKIE: f"elsewhere.{learner}"}, records) == learner
    with pytest.raises(NotFound):
        learner_of({COOKIE: "elsewhere"}, records)


def test_a_citation_opens_its_section_with_the_quote_marked(desk: StudyDesk, cookies: dict[str, str]) -> None:
    conversation = last(desk.ask(cookies, "page", "", "Why?")).conversation or ""
    panel = desk.cite(cookies, conversation, {"turn": "0", "mark": "1", "claim": "0"})
    assert '<mark class="cited target">Establishing' in panel


@pytest.mark.parametrize(
    "click",
    [
        {},
        {"turn": "7", "mark": "1"},
        {"turn": "-1", "mark": "1"},
        {"turn": "0", "mark": "9"},
        {"turn": "²", "mark": "1"},
    ],
)
def test_a_forged_click_gets_a_sentence(desk: StudyDesk, cookies: dict[str, str], click: dict[str, str]) -> None:
    conversation = last(desk.ask(cookies, "page", "", "Why?")).conversation or ""
    panel = desk.cite(cookies, conversation, click)
    assert 'role="alert"' in panel
    assert "reload the page" in panel


def test_stop_ends_a_slow_step_at_once_and_nothing_is_saved(
    desk: StudyDesk, tutor: Parrot, records: SqlRecords, cookies: dict[str, str]
) -> None:
    screens = desk.ask(cookies, "page", "", "slow")
    assert [next(screens).typed, "Thinking…" in (next(screens).live or "")] == ["", True]
    other = {COOKIE: records.add_learner()}
    for somebody, page in ((other, "page"), (cookies, "another page")):
        desk.stop(somebody, page)
    stopping = threading.Thread(target=desk.stop, args=(cookies, "page"))
    stopping.start()
    (stopped,) = screens
    stopping.join()
    assert "Stopped. Nothing was saved." in (stopped.live or "")
    tutor.gate.set()
    assert records.conversations(cookies[COOKIE]) == ()
    desk.stop(cookies, "page")
    assert 'class="turn answer"' in (last(desk.ask(cookies, "page", "", "Why?")).live or "")


def test_an_error_is_its_own_sentence_and_offers_a_retry(desk: StudyDesk, cookies: dict[str, str]) -> None:
    live = last(desk.ask(cookies, "page", "", "no model")).live or ""
    assert "The embedding model cannot be loaded; run: cpom-tutor doctor" in live
    assert 'role="alert"' in live
    assert 'data-event="ask" data-question="no model"' in live


def test_an_unforeseen_error_is_one_sentence_on_screen_and_a_trace_in_the_log(
    desk: StudyDesk, cookies: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    live = last(desk.ask(cookies, "page", "", "crash")).live or ""
    assert UNEXPECTED in live
    assert "secret" not in live
    assert "ZeroDivisionError: a secret of the machine" in caplog.text


def test_a_question_that_is_too_long_is_refused_in_one_sentence_and_stays_in_the_box(
    desk: StudyDesk, tutor: Parrot, cookies: dict[str, str]
) -> None:
    conversation = last(desk.ask(cookies, "page", "", "One?")).conversation or ""
    (screen,) = desk.ask(cookies, "page", conversation, "x" * (LONGEST_QUESTION + 1))
    assert "2,001 characters" in (screen.live or "")
    assert screen.typed is None
    assert "One?" in (screen.log or "")
    assert len(tutor.histories) == 1


@pytest.mark.parametrize("question", ["", "   \n", None])
def test_an_empty_question_changes_nothing(desk: StudyDesk, cookies: dict[str, str], question: str | None) -> None:
    assert list(desk.ask(cookies, "page", "", question)) == [Screen()]


def test_an_answer_that_cannot_be_saved_is_shown_and_says_so(
    desk: StudyDesk, records: SqlRecords, cookies: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> str:
        raise RecordsUnavailable("The disk is full; free some space.")

    monkeypatch.setattr(records, "add_turn", full)
    live = last(desk.ask(cookies, "page", "", "Why?")).live or ""
    assert "Establishing" in live
    assert "This answer is not saved. The disk is full; free some space." in live


def test_a_deleted_conversation_is_gone_and_the_screen_starts_afresh(desk: StudyDesk, cookies: dict[str, str]) -> None:
    first = last(desk.ask(cookies, "page", "", "One?")).conversation or ""
    second = last(desk.ask(cookies, "page", NEW, "Two?")).conversation or ""
    kept = desk.delete(cookies, second, first)
    assert kept.conversation == second
    assert "One?" not in (kept.history or "")
    assert desk.delete(cookies, second, second).conversation == NEW


def test_an_address_in_the_search_box_opens_its_passage(course: Library) -> None:
    shelf = Shelf(Bookshelf(course))
    found, section = shelf.looked_up("1.1.2 ¶7")
    assert found == ""
    assert f'id="course-{course.passages[30].id}" data-pointed="yes"' in (section or "")
    found, section = shelf.looked_up("1.1.9 ¶7")
    assert "Nothing stands at CPOM §1.1.9 ¶7" in found
    assert section is None


def test_a_search_lists_passages_and_says_when_there_are_none(course: Library) -> None:
    shelf = Shelf(Bookshelf(course))
    assert "CPOM §1.1.1 ¶4.3" in shelf.looked_up("340B")[0]
    assert "Nothing in the course matches" in shelf.looked_up("xyzzy <b>")[0]
    assert "&lt;b&gt;" in shelf.looked_up("xyzzy <b>")[0]
    assert "run: cpom-tutor doctor" in shelf.looked_up("break")[0]
    assert shelf.looked_up("  ") == shelf.looked_up(None) == ("", None)


def test_the_course_tab_survives_a_passage_that_is_gone(course: Library) -> None:
    shelf = Shelf(Bookshelf(course))
    assert 'role="alert"' in shelf.opened("1.1-0000000000")
    assert shelf.question("1.1-0000000000") is None
    assert "Explain: " in (shelf.question(course.passages[0].id) or "")


def test_a_screen_follows_the_index_when_it_changes_while_serving(desk: StudyDesk, course: Library) -> None:
    retitled = replace(course, sections=(replace(course.sections[0], title="A new title"),))
    desk.retriever = Bookshelf(retitled)
    assert "A new title" in desk.first_section()


# --- what the learner says of an answer ----------------------------------------------------------------------


def asked(desk: StudyDesk, cookies: dict[str, str], *questions: str) -> str:
    conversation = ""
    for question in questions:
        conversation = last(desk.ask(cookies, "page", conversation, question)).conversation or ""
    return conversation


DOWN = {"thumb": "down", "reason-incomplete": "yes", "words": "Say more."}


def test_a_finished_answer_can_be_judged_and_one_in_the_making_cannot(desk: StudyDesk, cookies: dict[str, str]) -> None:
    *making, done = list(desk.ask(cookies, "page", "", "Why?"))
    assert "Did this help?" not in "".join(one.live or "" for one in making)
    assert 'data-event="opine" data-turn="0" data-among="0"' in (done.live or "")


def test_a_word_on_the_latest_answer_is_noted_in_its_place_and_shown_when_the_conversation_is_opened_again(
    desk: StudyDesk, records: SqlRecords, cookies: dict[str, str]
) -> None:
    conversation = asked(desk, cookies, "One?", "Two?")
    noted = desk.opine(cookies, conversation, {**DOWN, "turn": "1", "among": "0"})
    assert (noted.log, noted.history) == (None, None)
    assert "noted as <strong>not helpful</strong> (incomplete)" in (noted.live or "")
    assert "And then?" in (noted.live or "")
    (kept,) = records.feedback(cookies[COOKIE], conversation).values()
    assert (kept.helpful, kept.complaints, kept.words) == (False, (Complaint.INCOMPLETE,), "Say more.")
    opened = desk.open(cookies, conversation).log or ""
    assert opened.count("Thank you: noted") == 1
    assert opened.index("One?") < opened.index("Thank you: noted")
    going_on = next(desk.ask(cookies, "page", conversation, "Three?")).log or ""
    assert "Thank you: noted" in going_on


def test_a_word_on_an_earlier_answer_shows_the_turns_that_were_shown_with_it(
    desk: StudyDesk, cookies: dict[str, str]
) -> None:
    conversation = asked(desk, cookies, "One?", "Two?", "Three?")
    beside = desk.opine(cookies, conversation, {**DOWN, "turn": "0", "among": "2"})
    assert beside.live is None
    assert (beside.log or "").count("<article") == 2
    assert "You could ask next" not in (beside.log or "")
    whole = desk.opine(cookies, conversation, {"thumb": "up", "turn": "0", "among": "3"})
    assert (whole.log or "").count("<article") == 3
    assert "You could ask next" in (whole.log or "")
    assert "noted as <strong>helpful</strong>" in (whole.log or "")


def test_a_word_that_cannot_be_kept_is_an_alert_at_its_answer(
    desk: StudyDesk, records: SqlRecords, cookies: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation = asked(desk, cookies, "One?")
    assert "Choose first whether it helped" in (desk.opine(cookies, conversation, {"turn": "0"}).live or "")

    def full(*_: object) -> None:
        raise RecordsUnavailable("The disk is full; free some space.")

    monkeypatch.setattr(records, "give_feedback", full)
    shown = desk.opine(cookies, conversation, {**DOWN, "turn": "0", "among": "1"}).log or ""
    assert "The disk is full; free some space." in shown
    assert "Establishing" in shown
    assert "Thank you" not in shown


@pytest.mark.parametrize("place", ["", "-1", "7", "²", "999999999"])
def test_a_word_on_no_answer_gets_a_sentence(desk: StudyDesk, cookies: dict[str, str], place: str) -> None:
    conversation = asked(desk, cookies, "One?")
    shown = desk.opine(cookies, conversation, {**DOWN, "turn": place, "among": "9999"})
    assert "reload the page" in (shown.live or "")
    assert shown.log is None


def test_nobody_judges_renames_finds_or_deletes_what_is_anothers(
    desk: StudyDesk, records: SqlRecords, cookies: dict[str, str]
) -> None:
    conversation = asked(desk, cookies, "A private question?")
    named = {**DOWN, "turn": "0", "conversation": conversation, "title": "Mine now", "search": "private"}
    for somebody in ({COOKIE: records.add_learner()}, {COOKIE: "made-up"}, {}):
        screens = [desk.opine(somebody, conversation, named), desk.forget(somebody)]
        shown = "".join(f"{one.log}{one.live}{one.history}" for one in screens)
        shown += desk.history.find(somebody, conversation, {"search": "question"})
        shown += desk.history.rename(somebody, conversation, named)
        assert "A private question" not in shown
        assert "Establishing" not in shown
    assert records.feedback(cookies[COOKIE], conversation) == {}
    assert [one.title for one in records.conversations(cookies[COOKIE])] == ["A private question?"]


def test_a_citation_whose_words_have_changed_is_marked_and_opens_the_old_ones(
    desk: StudyDesk, cookies: dict[str, str], course: Library
) -> None:
    conversation = asked(desk, cookies, "Why?")
    rewritten = replace(course.passages[0], id="1.1-0000000000", text="Quite another sentence.", sentences=())
    desk.retriever = Bookshelf(replace(course, passages=(rewritten, *course.passages[1:])))
    opened = desk.open(cookies, conversation).log or ""
    assert 'class="chip old"' in opened
    assert "The course text has changed since this answer." in opened
    panel = desk.cite(cookies, conversation, {"turn": "0", "mark": "1", "claim": "0"})
    assert "then said: <q>Establishing" in panel
    assert "Quite another sentence." in panel


# --- the list of conversations -------------------------------------------------------------------------------


def test_conversations_are_found_by_a_question_or_a_title(desk: StudyDesk, cookies: dict[str, str]) -> None:
    one = asked(desk, cookies, "About chefs?", "And kitchens?")
    other = asked(desk, cookies, "About robots?")
    found = desk.history.find(cookies, one, {"search": "  KITCHENS "})
    assert one in found
    assert other not in found
    assert "About chefs?" in found
    everything = desk.history.find(cookies, one, {"search": ""})
    assert one in everything
    assert other in everything


def test_a_conversation_gets_another_title_and_keeps_the_search(desk: StudyDesk, cookies: dict[str, str]) -> None:
    one, other = asked(desk, cookies, "About chefs?"), asked(desk, cookies, "About robots?")
    click = {"conversation": one, "title": " My  <kitchen> ", "search": "kitchen"}
    renamed = desk.history.rename(cookies, one, click)
    assert "My &lt;kitchen&gt;" in renamed
    assert other not in renamed
    assert "My &lt;kitchen&gt;" in (desk.open(cookies, one).history or "")


def test_an_empty_title_is_refused_and_the_list_stays(desk: StudyDesk, cookies: dict[str, str]) -> None:
    one = asked(desk, cookies, "About chefs?")
    refused = desk.history.rename(cookies, one, {"conversation": one, "title": "  "})
    assert 'role="alert">A conversation needs a title' in refused
    assert "About chefs?" in refused


def test_after_a_delete_the_list_stays_open(desk: StudyDesk, cookies: dict[str, str]) -> None:
    one = asked(desk, cookies, "About chefs?")
    assert "<details open>" in (desk.delete(cookies, one, asked(desk, cookies, "Two?")).history or "")


def test_when_everything_is_deleted_nothing_is_left_and_a_new_learner_is_told_so(
    desk: StudyDesk, records: SqlRecords, cookies: dict[str, str]
) -> None:
    conversation = asked(desk, cookies, "About chefs?")
    assert desk.forget(cookies) == Screen(conversation=GONE)
    assert not records.has_learner(cookies[COOKIE])
    assert "reload the page" in (desk.open(cookies, conversation).log or "")
    fresh = desk.open({COOKIE: records.add_learner()}, GONE)
    assert fresh.conversation == NEW
    assert (fresh.log or "").startswith('<p class="badge forgotten" role="status">Everything of yours is deleted.')
    assert "Good places to start" in (fresh.log or "")


def test_one_click_deletes_nothing_of_somebody_who_has_an_account(desk: StudyDesk, records: SqlRecords) -> None:
    account = records.add_account("ada", "correct horse", role=AccountRole.LEARNER)
    signed_in = {SIGN_IN_COOKIE: records.sign_in("ada", "correct horse", datetime.now(UTC))}
    asked(desk, signed_in, "About chefs?")
    assert 'href="/account#delete"' in (desk.open(signed_in, "").history or "")
    refused = desk.forget(signed_in)
    assert refused.conversation is None
    assert "deleted together with your account" in (refused.live or "")
    assert len(records.conversations(account.learner)) == 1


def test_below_an_answer_stands_the_name_that_an_instructor_reads(desk: StudyDesk, records: SqlRecords) -> None:
    account = records.add_account("ada", "correct horse", role=AccountRole.LEARNER, shown_as="Ada Lovelace")
    signed_in = {SIGN_IN_COOKIE: records.sign_in("ada", "correct horse", datetime.now(UTC))}
    answered = last(desk.ask(signed_in, "page", NEW, "Why?"))
    (line,) = records.inbox()
    assert f"under the name “{line.learner}”" in (answered.live or "")
    records.share_name("ada", True)
    (line,) = records.inbox()
    assert line.learner == "Ada Lovelace (ada)"
    shown = desk.open(signed_in, answered.conversation or "").log or ""
    assert f"under your name, {line.learner}, because you share it." in shown
    assert records.byline(account.learner).name == line.learner


def test_when_deleting_everything_fails_that_is_said_and_nothing_is_forgotten(
    desk: StudyDesk, records: SqlRecords, cookies: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation = asked(desk, cookies, "About chefs?")

    def locked(_: str) -> None:
        raise RecordsUnavailable("The database is locked; try again.")

    monkeypatch.setattr(records, "delete_learner", locked)
    failed = desk.forget(cookies)
    assert failed.conversation is None
    assert "The database is locked; try again." in (failed.live or "")
    assert "About chefs?" in (desk.open(cookies, conversation).log or "")
