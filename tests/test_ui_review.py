"""The Review screen without a browser: what is listed, judged, corrected, and that nobody else gets any of it."""

import asyncio
import inspect
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from starlette.requests import HTTPConnection

from cpom_tutor.accounts import Role as AccountRole
from cpom_tutor.answers import Abstention, Answer, CheckedClaim, Form, Intent, Label, Reason, Retrieved, Role, Turn
from cpom_tutor.answers import Verdict as Checked
from cpom_tutor.config import Settings
from cpom_tutor.course import Citation, Kind, Passage
from cpom_tutor.errors import EmbedderUnavailable
from cpom_tutor.grounding.rules import RuleChecker
from cpom_tutor.library import Library
from cpom_tutor.protocols import Reading
from cpom_tutor.records.store import SqlRecords, open_records
from cpom_tutor.reviews import Complaint, Feedback, Judgement, Review
from cpom_tutor.testing import Bookshelf
from cpom_tutor.ui.correction_desk import CorrectionDesk
from cpom_tutor.ui.review import review_tab
from cpom_tutor.ui.review_desk import ReviewDesk, ReviewScreen
from cpom_tutor.ui.review_form import PAGE
from cpom_tutor.ui.reviewers import Reviewers
from cpom_tutor.ui.visitors import SIGN_IN_COOKIE
from ingest.load import load_corpus

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECRET = "Is Zanzibar a domain?"


class Illiterate:
    """A reader for claims that are quotes, which need none."""

    name = "none"

    def read(self, texts: Sequence[str]) -> tuple[Reading, ...]:  # noqa: ARG002
        raise EmbedderUnavailable("No model is loaded in this test; quote the course.")


@pytest.fixture(scope="module")
def course(corpus: Path) -> Library:
    return load_corpus(corpus).library("f")


@pytest.fixture
def records(tmp_path: Path) -> Iterator[SqlRecords]:
    store = open_records(Settings(tmp_path))
    yield store
    store.close()


@pytest.fixture
def checker() -> RuleChecker:
    return RuleChecker(Illiterate)


@pytest.fixture
def desk(records: SqlRecords, course: Library) -> ReviewDesk:
    return ReviewDesk(records, Bookshelf(course), Reviewers(records), lambda: NOON)


@pytest.fixture
def correcting(desk: ReviewDesk, checker: RuleChecker) -> CorrectionDesk:
    return CorrectionDesk(desk, checker)


def request(client: str = "127.0.0.1", **headers: str) -> HTTPConnection:
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return HTTPConnection({"type": "http", "http_version": "1.1", "client": (client, 1), "headers": pairs})


HERE = request()


def cited(passage: Passage, sentence: int = 0) -> Citation:
    span = passage.sentences[sentence]
    return Citation(passage.id, str(passage.address), span.of(passage.text), span.start, span.end)


def answered(question: str, passage: Passage, **changes: Any) -> Turn:
    citation = cited(passage)
    verdict = Checked(Label.SUPPORTED, 1.0, "Verbatim.")
    answer = Answer((CheckedClaim(citation.quote, Role.FACT, Form.PARAGRAPH, "", (citation,), verdict),))
    turn = Turn(question, question, Intent.ASK, answer, (Retrieved(passage, 1.0),), "parrot", "f", NOON, 1.0)
    return replace(turn, **changes)


def abstained(question: str, passage: Passage) -> Turn:
    return answered(question, passage, reply=Abstention(Reason.NOT_IN_COURSE, "The course does not say."))


@dataclass
class Asked:
    """A learner's turns, by question."""

    learner: str
    conversation: str
    turns: dict[str, str]


@pytest.fixture
def asked(records: SqlRecords, course: Library) -> Asked:
    """Three turns: one disliked, one abstained, one plain."""
    learner = records.add_learner()
    conversation = records.start_conversation(learner)
    passage = paragraphs(course)[0]
    turns = {
        turn.question: records.add_turn(learner, conversation, turn)
        for turn in (answered("A plain question?", passage), abstained("A gap?", passage), answered(SECRET, passage))
    }
    down = Feedback(False, (Complaint.INCOMPLETE,), "I miss the <b>spice</b>.", NOON)
    records.give_feedback(learner, conversation, 2, down)
    return Asked(learner, conversation, turns)


def paragraphs(course: Library) -> list[Passage]:
    return [one for one in course.passages if one.kind is Kind.PARAGRAPH and len(one.sentences) > 1]


def fields(html: str) -> dict[str, str]:
    """What the forms of a screen send with a click."""
    from html import unescape

    found = re.findall(r'<input type="(?:hidden|text|search)" name="(\w+)" value="([^"]*)"', html)
    return {name: unescape(value) for name, value in found}


def form_of(screen: ReviewScreen) -> dict[str, str]:
    return fields((screen.bench or "") + (screen.evidence or "") + (screen.draft or ""))


def test_the_inbox_lists_the_riskiest_first_with_its_reasons_and_no_id(
    desk: ReviewDesk, asked: Asked, records: SqlRecords
) -> None:
    bench = desk.inbox(HERE, {}).bench or ""
    places = [bench.index(question) for question in (SECRET, "A gap?", "A plain question?")]
    assert places == sorted(places)
    assert "thumbs down: incomplete" in bench
    assert re.search(r"Learner [a-z2-9]{4}-[a-z2-9]{4}", bench)
    assert asked.learner not in bench
    assert records.case(asked.turns[SECRET]).line.learner in bench


@pytest.mark.usefixtures("asked")
def test_the_filters_and_the_search_choose(desk: ReviewDesk) -> None:
    only = desk.inbox(HERE, {"show": "abstentions"}).bench or ""
    assert "A gap?" in only
    assert SECRET not in only
    assert "A gap?" not in (desk.inbox(HERE, {"search": "zanzibar"}).bench or "")
    assert "Nothing has been reviewed yet." in (desk.inbox(HERE, {"show": "reviewed"}).bench or "")
    assert "Nothing is found" in (desk.inbox(HERE, {"search": "<i>"}).bench or "")
    assert "<i>" not in (desk.inbox(HERE, {"search": "<i>"}).bench or "")


def test_a_long_inbox_comes_in_pages(desk: ReviewDesk, records: SqlRecords, course: Library) -> None:
    learner = records.add_learner()
    conversation = records.start_conversation(learner)
    for number in range(PAGE + 2):
        records.add_turn(learner, conversation, answered(f"Question number {number}?", course.passages[0]))
    first = desk.inbox(HERE, {}).bench or ""
    assert first.count('class="entry"') == PAGE
    assert "More lines" in first
    second = desk.inbox(HERE, {"first": str(PAGE)}).bench or ""
    assert second.count('class="entry"') == 2
    assert f'data-at="{PAGE}"' in second
    assert "More lines" not in second


def test_a_turn_opens_as_it_was_shown_with_what_was_said_of_it_and_its_evidence(
    desk: ReviewDesk, asked: Asked, course: Library
) -> None:
    screen = desk.open(HERE, {"turn": asked.turns[SECRET]})
    bench, evidence = screen.bench or "", screen.evidence or ""
    assert bench.index("The 2 earlier questions") < bench.index("A plain question?") < bench.index("as-seen")
    assert SECRET in bench[bench.index("as-seen") :]
    assert "I miss the &lt;b&gt;spice&lt;/b&gt;." in bench
    assert bench.count('data-event="judge"') == 6
    passage = paragraphs(course)[0]
    assert f'data-address="{passage.address}"' in evidence
    assert '<mark class="cited">' in evidence
    assert evidence.count('data-event="take"') == len(passage.sentences)


def test_what_the_tutor_found_stands_beside_an_abstention(desk: ReviewDesk, asked: Asked, course: Library) -> None:
    evidence = desk.open(HERE, {"turn": asked.turns["A gap?"]}).evidence or ""
    assert "What the tutor found" in evidence
    assert str(paragraphs(course)[0].address) in evidence


def test_a_quote_that_the_course_no_longer_holds_is_told(
    desk: ReviewDesk, records: SqlRecords, course: Library
) -> None:
    learner = records.add_learner()
    turn = answered("An old question?", paragraphs(course)[0])
    assert isinstance(turn.reply, Answer)
    old = replace(turn.reply.claims[0].citations[0], quote="What it said in spring.")
    reply = replace(turn.reply, claims=(replace(turn.reply.claims[0], citations=(old,)),))
    turn_id = records.add_turn(learner, records.start_conversation(learner), replace(turn, reply=reply))
    evidence = desk.open(HERE, {"turn": turn_id}).evidence or ""
    assert "The course text has changed since" in evidence
    assert "What it said in spring." in evidence
    assert '<mark class="cited">' not in evidence


def test_a_verdict_is_kept_and_the_next_line_opens_by_itself(
    desk: ReviewDesk, asked: Asked, records: SqlRecords
) -> None:
    form = form_of(desk.open(HERE, {"turn": asked.turns[SECRET], "at": "0"}))
    form |= {"judgement": "wrong answer", "comment": " Names no place. ", "author": " Dr\nGrey "}
    following = desk.judge(HERE, form).bench or ""
    assert "Kept: wrong answer." in following
    assert "A gap?" in following[following.index("as-seen") :]
    (review,) = records.case(asked.turns[SECRET]).reviews
    assert review == Review(Judgement.WRONG_ANSWER, "Names no place.", "Dr Grey", NOON)
    assert SECRET not in (desk.inbox(HERE, {}).bench or "")
    assert "judged:" in (desk.inbox(HERE, {"show": "reviewed"}).bench or "")


def test_the_name_of_whoever_is_signed_in_is_kept_whatever_is_typed(
    desk: ReviewDesk, asked: Asked, records: SqlRecords
) -> None:
    records.add_account("grey", "correct horse", role=AccountRole.INSTRUCTOR, shown_as="Dr <Grey>")
    signed_in = request(cookie=f"{SIGN_IN_COOKIE}={records.sign_in('grey', 'correct horse', datetime.now(UTC))}")
    opened = desk.open(signed_in, {"turn": asked.turns[SECRET], "at": "0"})
    assert "Kept under your name, <strong>Dr &lt;Grey&gt;</strong>." in (opened.bench or "")
    assert "author" not in form_of(opened)
    following = desk.judge(signed_in, form_of(opened) | {"judgement": "correct", "author": "Somebody else"})
    assert "Kept under your name" in (following.bench or "")
    (review,) = records.case(asked.turns[SECRET]).reviews
    assert review.author == "Dr <Grey>"


def test_after_the_last_line_comes_the_empty_inbox(desk: ReviewDesk, asked: Asked) -> None:
    screen = desk.open(HERE, {"turn": asked.turns["A gap?"], "show": "abstentions"})
    done = desk.judge(HERE, form_of(screen) | {"judgement": "course gap"}).bench or ""
    assert "That was the last of this list." in done
    assert "No abstention waits for a review." in done
    assert "Everything" not in done


def test_skipping_opens_the_next_and_judges_nothing(desk: ReviewDesk, asked: Asked, records: SqlRecords) -> None:
    following = desk.skip(HERE, form_of(desk.open(HERE, {"turn": asked.turns[SECRET], "at": "0"})))
    assert form_of(following)["turn"] == asked.turns["A gap?"]
    assert not records.case(asked.turns[SECRET]).reviews


def test_two_verdicts_stand_beside_each_other_and_their_disagreement_shows(desk: ReviewDesk, asked: Asked) -> None:
    turn = {"turn": asked.turns[SECRET]}
    for verdict, author in (("correct", "One"), ("correct", "Two")):
        desk.judge(HERE, turn | {"judgement": verdict, "author": author})
    assert "reviewers disagree" not in (desk.open(HERE, turn).bench or "")
    desk.judge(HERE, turn | {"judgement": "wrong citation", "author": "Three", "comment": "<script>"})
    bench = desk.open(HERE, turn).bench or ""
    assert bench.index("One,") < bench.index("Two,") < bench.index("Three,")
    assert "reviewers disagree" in bench
    assert "<script>" not in bench
    assert "reviewers disagree" in (desk.inbox(HERE, {"show": "reviewed"}).bench or "")


@pytest.mark.parametrize(
    "wrong",
    [{"judgement": "splendid"}, {"judgement": ""}, {"judgement": "correct", "comment": "x" * 5000}],
    ids=["unknown", "none", "long"],
)
def test_what_cannot_be_kept_is_a_sentence_and_leaves_the_screen(
    desk: ReviewDesk, asked: Asked, records: SqlRecords, wrong: dict[str, str]
) -> None:
    screen = desk.judge(HERE, {"turn": asked.turns[SECRET]} | wrong)
    assert (screen.bench, screen.evidence, screen.draft) == (None, None, None)
    assert 'role="alert"' in (screen.notice or "")
    assert not records.case(asked.turns[SECRET]).reviews


def test_a_turn_that_is_gone_is_a_sentence(desk: ReviewDesk) -> None:
    for screen in (desk.open(HERE, {"turn": "gone"}), desk.judge(HERE, {"turn": "gone", "judgement": "correct"})):
        assert 'role="alert"' in (screen.notice or "")


def test_passages_are_found_by_words_and_by_address(desk: ReviewDesk, asked: Asked, course: Library) -> None:
    turn = {"turn": asked.turns[SECRET]}
    table = next(one for one in course.passages if one.kind is Kind.TABLE)
    found = desk.seek(HERE, turn | {"query": str(table.address)}).evidence or ""
    assert all(f'data-passage="{row.id}"' in found for row in course.children(table.id))
    assert "Found" in (desk.seek(HERE, turn | {"query": "carousels"}).evidence or "")
    nothing = desk.seek(HERE, turn | {"query": "<b>zebra</b>"}).evidence or ""
    assert "Nothing in the course matches <q>&lt;b&gt;zebra" in nothing
    assert "run: cpom-tutor doctor" in (desk.seek(HERE, turn | {"query": "break"}).evidence or "")
    other = paragraphs(course)[3]
    assert str(other.address) in (desk.read(HERE, turn | {"passage": other.id}).evidence or "")


def took(correcting: CorrectionDesk, form: Mapping[str, str], passage: Passage, sentence: int) -> ReviewScreen:
    return correcting.take(HERE, {**form, "passage": passage.id, "sentence": str(sentence)})


def test_sentences_are_picked_in_order_moved_and_taken_out(
    correcting: CorrectionDesk, asked: Asked, course: Library
) -> None:
    passage = paragraphs(course)[0]
    form = {"turn": asked.turns[SECRET]}

    def texts(screen: ReviewScreen) -> list[str]:
        form.update(form_of(screen))
        return [one["text"] for one in json.loads(form["picks"])]

    first, second = passage.sentence_texts[:2]
    assert texts(correcting.start(HERE, form)) == []
    assert texts(took(correcting, form, passage, 1)) == [second]
    assert texts(took(correcting, form, passage, 0)) == [second, first]
    assert texts(correcting.shift(HERE, form | {"line": "1", "by": "up"})) == [first, second]
    assert texts(correcting.shift(HERE, form | {"line": "0", "by": "down"})) == [second, first]
    assert texts(correcting.shift(HERE, form | {"line": "9", "by": "up"})) == [second, first]
    assert texts(took(correcting, form, passage, 0)) == [second]
    assert texts(correcting.shift(HERE, form | {"line": "0", "by": "out"})) == []


def test_an_approved_correction_is_kept_as_it_passed(
    desk: ReviewDesk, correcting: CorrectionDesk, asked: Asked, records: SqlRecords, course: Library
) -> None:
    passage = paragraphs(course)[0]
    form = form_of(desk.open(HERE, {"turn": asked.turns[SECRET]}))
    draft = took(correcting, form, passage, 1)
    assert "Every sentence has passed the check." in (draft.draft or "")
    form |= form_of(draft) | {"question": " What is it\nreally? ", "author": "Dr Grey"}
    screen = correcting.approve(HERE, form)
    assert "Approved: from now on this answers the question." in (screen.bench or "")
    assert screen.draft == ""
    (kept,) = records.canonical_answers()
    assert (kept.question, kept.author, kept.turn_id) == ("What is it really?", "Dr Grey", asked.turns[SECRET])
    assert [one for claim in kept.reply.claims for one in claim.citations] == [cited(passage, 1)]
    withdrawn = desk.retire(HERE, form | {"canonical": kept.id}).bench or ""
    assert "Answers no more: Withdrawn by Dr Grey." in withdrawn
    assert records.canonical_answers() == ()


def test_an_approved_answer_is_withdrawn_also_when_its_turn_is_gone(
    desk: ReviewDesk, correcting: CorrectionDesk, asked: Asked, records: SqlRecords, course: Library
) -> None:
    form = form_of(desk.open(HERE, {"turn": asked.turns[SECRET]}))
    form |= form_of(took(correcting, form, paragraphs(course)[0], 1)) | {"question": "What is it really?"}
    correcting.approve(HERE, form)
    (kept,) = records.canonical_answers()
    records.delete_learner(asked.learner)

    listed = desk.inbox(HERE, {"show": "approved"}).bench or ""
    assert "What is it really?" in listed
    assert f'data-canonical="{kept.id}"' in listed
    left = desk.retire(HERE, {"show": "approved", "canonical": kept.id}).bench or ""
    assert "Withdrawn: it answers no more." in left
    assert "No approved answer answers now." in left
    assert records.canonical_answers() == ()


def test_a_sentence_of_ones_own_needs_its_passages_and_their_support(
    correcting: CorrectionDesk, asked: Asked, records: SqlRecords, course: Library
) -> None:
    passage = paragraphs(course)[0]
    form = {"turn": asked.turns[SECRET], "own": "The pharmacy spent 74 million dollars in 1932."}
    alone = correcting.say(HERE, form).draft or ""
    assert "leans on no passage" in alone
    assert "74 million" in alone
    refused = correcting.say(HERE, form | {f"lean.{passage.id}": "yes"})
    assert "does not pass" in (refused.draft or "")
    assert "Approve this answer" not in (refused.draft or "")
    screen = correcting.approve(HERE, form | form_of(refused))
    assert "does not pass" in (screen.notice or "")
    assert screen.draft is None
    assert records.canonical_answers() == ()
    good = correcting.say(HERE, form | {"own": passage.sentence_texts[0], f"lean.{passage.id}": "yes"})
    assert "Approve this answer" in (good.draft or "")


@pytest.mark.parametrize(
    "picks",
    ["{", "[1]", '[{"text": 1, "at": []}]', '[{"text": "a", "at": [["x"]]}]', "[" * 5000, '[{"text": "a", "at": 3}]'],
)
def test_a_broken_form_is_a_sentence(correcting: CorrectionDesk, asked: Asked, picks: str) -> None:
    screen = correcting.approve(HERE, {"turn": asked.turns[SECRET], "picks": picks})
    assert "could not be read" in (screen.notice or "")


def test_nothing_typed_is_lost_when_the_correction_goes_on(
    correcting: CorrectionDesk, asked: Asked, course: Library
) -> None:
    form = {"turn": asked.turns[SECRET], "own": "Half a “thought”", "question": "My <question>?"}
    draft = took(correcting, form, paragraphs(course)[0], 0).draft or ""
    assert ">Half a “thought”</textarea>" in draft
    assert form_of(ReviewScreen(draft=draft))["question"] == "My <question>?"


STRANGERS = {
    "another machine": request("10.0.0.7"),
    "a proxy": request(x_forwarded_for="127.0.0.1"),
    "another proxy": request(via="1.1 proxy"),
    "no request": None,
}


@pytest.mark.parametrize("who", STRANGERS)
def test_a_stranger_gets_nothing_from_any_step_and_changes_nothing(
    desk: ReviewDesk, correcting: CorrectionDesk, asked: Asked, records: SqlRecords, course: Library, who: str
) -> None:
    passage = paragraphs(course)[0]
    form = form_of(took(correcting, {"turn": asked.turns[SECRET]}, passage, 0))
    form |= {"turn": asked.turns[SECRET], "judgement": "correct", "query": "pharmacy", "passage": passage.id}
    steps = [desk.inbox, desk.open, desk.judge, desk.skip, desk.retire, desk.seek, desk.read]
    steps += [correcting.start, correcting.take, correcting.say, correcting.shift, correcting.abandon]
    for step in [*steps, correcting.approve]:
        screen = step(STRANGERS[who], form)
        assert "Reviewing is for the person at the machine" in (screen.bench or "")
        assert (screen.evidence, screen.draft, screen.notice) == ("", "", "")
        assert "Zanzibar" not in (screen.bench or "")
    assert not records.case(asked.turns[SECRET]).reviews
    assert records.canonical_answers() == ()


def answers(desk: ReviewDesk, checker: RuleChecker, who: HTTPConnection | None, sent: dict[str, str]) -> list[Any]:
    """Calls every function that the tab gives to Gradio, as Gradio does, and tells what each answered."""

    async def laid_out() -> gr.Blocks:
        # Where no loop runs, Gradio makes one and leaves it open.
        page = gr.Blocks(analytics_enabled=False)
        with page, gr.Tabs(), gr.Tab("Review") as tab:
            review_tab(page, tab, desk, checker)
        return page

    # In a thread of its own: the browser tests before these leave a loop running in the main one.
    with ThreadPoolExecutor(1) as thread:
        page = thread.submit(asyncio.run, laid_out()).result()
    asking = gr.Request(request=who)  # type: ignore[arg-type]
    given = {"request": asking, "click": gr.EventData(None, sent), "bench": '<section class="case-open">'}
    return [
        one.fn(**{name: given[name] for name in inspect.signature(one.fn).parameters})
        for one in page.fns.values()
        if one.fn
    ]


@pytest.mark.parametrize("who", STRANGERS)
def test_no_handler_gives_a_stranger_anything(
    desk: ReviewDesk,
    checker: RuleChecker,
    asked: Asked,
    records: SqlRecords,
    course: Library,
    who: str,
) -> None:
    passage = paragraphs(course)[0]
    picks = json.dumps([{"text": passage.sentence_texts[0], "at": [[passage.id, *_ends(passage)]]}])
    sent = {
        "turn": asked.turns[SECRET],
        "judgement": "correct",
        "passage": passage.id,
        "picks": picks,
        "question": "Q?",
    }
    *steps, offered = answers(desk, checker, STRANGERS[who], sent)
    assert len(steps) == 14
    for bench, *others in steps:
        assert "Reviewing is for the person at the machine" in bench
        assert others == ["", "", ""]
    assert offered["visible"] is False
    assert not records.case(asked.turns[SECRET]).reviews
    assert records.canonical_answers() == ()


def test_the_same_handlers_serve_the_person_at_the_machine(
    desk: ReviewDesk, checker: RuleChecker, asked: Asked, records: SqlRecords
) -> None:
    *steps, offered = answers(desk, checker, HERE, {"turn": asked.turns[SECRET], "judgement": "correct"})
    assert any("Zanzibar" in str(part) for screen in steps for part in screen)
    assert not any("Reviewing is for" in str(part) for screen in steps for part in screen)
    assert offered["visible"] is True
    assert len(records.case(asked.turns[SECRET]).reviews) == 1


def _ends(passage: Passage) -> tuple[int, int]:
    return passage.sentences[0].start, passage.sentences[0].end
