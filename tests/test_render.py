"""What the screens' HTML promises: everything escaped, marks exactly on their words, honest about change."""

import html
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

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
    Role,
    Turn,
    Verdict,
)
from cpom_tutor.course import Address, Citation, Passage
from cpom_tutor.items import ChoiceKey, ItemKind, Level, Practised, QuizItem
from cpom_tutor.library import Library
from cpom_tutor.practice.chat.telling import question_text
from cpom_tutor.protocols import Hit
from cpom_tutor.ui import render, render_course
from cpom_tutor.ui.render_answer import CHANGED, plain, standing
from cpom_tutor.ui.study_desk import cited_view
from cpom_tutor.ui.text import Mark, first_words, inline, markdown
from ingest.load import load_corpus

NASTY = """<script>alert(1)</script><img src=x onerror="alert(2)"> ![x](http://evil/x.png) [y](javascript:z) '&lt;'"""


@pytest.fixture(scope="module")
def course(corpus: Path) -> Library:
    """The real course, read without an index."""
    return load_corpus(corpus).library("fingerprint")


def at(course: Library, address: str) -> Passage:
    return course.at(Address.parse(address))[0]


def citation(passage: Passage, quote: str) -> Citation:
    start = passage.text.index(quote)
    return Citation(passage.id, str(passage.address), quote, start, start + len(quote))


def claim(
    text: str, *citations: Citation, form: Form = Form.RUN_ON, column: str = "", role: Role = Role.FACT
) -> CheckedClaim:
    return CheckedClaim(text, role, form, column, citations, Verdict(Label.SUPPORTED, 0.9, "It says so."))


def turn(reply: Reply, question: str = "Why?", resolved: str = "Why?", retrieved: tuple[Retrieved, ...] = ()) -> Turn:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    return Turn(
        question, resolved, Intent.ASK, reply, retrieved, "extractive", "fingerprint", now, 12.0, ("And then?",)
    )


def words(markup: str) -> str:
    """What a reader sees."""
    return html.unescape(re.sub(r"<[^>]+>", "", markup))


def marked(markup: str, names: str) -> list[str]:
    return [words(one) for one in re.findall(rf'<mark class="{names}">(.*?)</mark>', markup, re.DOTALL)]


def assert_harmless(markup: str) -> None:
    tags = set(re.findall(r"<([a-zA-Z0-9]+)", markup))
    assert not tags & {"script", "img", "a", "iframe", "svg", "style", "link", "object", "embed", "form"}
    for tag in re.findall(r"<[^>]*>", markup):
        outside_values = re.sub(r'"[^"]*"', "", tag)
        assert not re.search(r"\son\w+\s*=", outside_values)
        assert not re.search(r"\s(src|href)\s*=", outside_values)


def test_bold_and_slanted_are_the_only_markup_of_a_sentence() -> None:
    assert inline("**Yes**, *very* 5 * 3 snake_case <b>") == (
        "<strong>Yes</strong>, <em>very</em> 5 * 3 snake_case &lt;b&gt;"
    )


def test_unpaired_stars_are_shown_as_typed() -> None:
    assert inline("2 ** 3 and **open") == "2 ** 3 and **open"


def test_a_mark_covers_exactly_its_characters_across_bold() -> None:
    markup = inline("aa **bb** cc", [Mark(101, 110)], offset=100)
    assert "".join(marked(markup, "cited")) == "a bb "
    assert words(markup) == "aa bb cc"


def test_overlapping_marks_show_the_strong_one() -> None:
    markup = inline("abcdef", [Mark(0, 4, strong=False), Mark(2, 6)])
    assert marked(markup, "also") == ["ab"]
    assert marked(markup, "cited") == ["cdef"]


def test_markdown_of_a_reply_knows_lists_and_tables_and_no_links_or_images() -> None:
    markup = markdown(f"Four:\n\n- **one** [1]\n- two [2]\n\n| a | b |\n|---|---|\n| c | d |\n\n{NASTY}")
    assert_harmless(markup)
    assert '<span class="chip waiting">2</span>' in markup
    assert '<th scope="col">a</th>' in markup
    assert "![x](http://evil/x.png)" in words(markup)


@pytest.mark.parametrize("place", ["question", "resolved", "claim", "address", "quote", "column", "suggestion"])
def test_nothing_that_is_shown_can_become_markup(course: Library, place: str) -> None:
    passage = at(course, "1.1.1 1")
    cited = citation(passage, passage.sentence_texts[0])
    cited = replace(cited, address=NASTY) if place == "address" else cited
    cited = replace(cited, quote=NASTY) if place == "quote" else cited
    reply = Answer((
        claim(NASTY if place == "claim" else "Text.", cited),
        claim("Cell.", cited, form=Form.CELL, column=NASTY if place == "column" else "A"),
    ))  # fmt: skip
    shown = turn(reply, NASTY if place == "question" else "Q", NASTY if place == "resolved" else "R")
    shown = replace(shown, suggestions=(NASTY,) if place == "suggestion" else ())
    markup = render.turn_view(shown, 0, course, latest=True)
    assert_harmless(markup)
    assert "evil" in markup


def test_messages_and_titles_are_escaped(course: Library) -> None:
    passage = replace(at(course, "1.1.1 1"), text=NASTY, heading_path=(NASTY, NASTY), sentences=())
    hit = Hit(passage, 1.0, 0.5, 1.0)
    for markup in (
        render.failed(NASTY, NASTY),
        render.stopped(NASTY),
        render.pending(NASTY, [NASTY], NASTY),
        render.welcome(NASTY),
        render_course.results(NASTY, [hit]),
        render_course.changed_note(NASTY, NASTY, moved=NASTY),
        render.turn_view(turn(Abstention(Reason.NOT_IN_COURSE, NASTY), retrieved=(Retrieved(passage, 1.0),)),
                         0, course, latest=True),
        render.turn_view(turn(Conversation(NASTY)), 0, course, latest=True),
    ):  # fmt: skip
        assert_harmless(markup)
        assert "evil" in markup


def test_a_hostile_course_file_is_shown_as_text(course: Library) -> None:
    first = course.passages[0]
    hostile = replace(first, text=NASTY, end=first.start + len(NASTY), heading_path=(first.heading_path[0], NASTY))
    library = replace(course, passages=(hostile, *course.passages[1:]))
    for actions in (True, False):
        markup = render_course.section_view(library, library.sections[0], prefix="x", actions=actions)
        assert_harmless(markup)
        assert "![x](http://evil/x.png)" in words(markup)
    assert_harmless(render_course.outline(library))


def test_the_section_shows_every_word_of_the_course_once_and_in_order(course: Library) -> None:
    seen = " ".join(words(render_course.section_view(course, course.sections[0], prefix="x")).split())
    place = 0
    for passage in course.passages:
        for sentence in passage.sentence_texts:
            place = seen.index(" ".join(sentence.split()), place)


def test_the_section_has_a_place_for_every_passage_and_the_structure_of_the_course(course: Library) -> None:
    markup = render_course.section_view(course, course.sections[0], prefix="study", actions=True)
    for passage in course.passages:
        assert markup.count(f'id="{render_course.anchor("study", passage)}"') == 1
        assert markup.count(f'data-copy="{passage.address}"') == 1
    assert markup.count("<aside") == 2
    assert re.findall(r'<th scope="col">(.*?)</th>', markup) == ["Operational Domain", "Core Components"]
    assert markup.count('<th scope="row">') == 5
    headings = dict.fromkeys(passage.heading_path[1] for passage in course.passages[2:])
    assert [words(one) for one in re.findall(r"<h4>(.*?)</h4>", markup)] == list(headings)


@pytest.mark.parametrize("address", ["1.1.1 1", "1.1.1 4.2", "1.1.1 9.3", "1.1.2 12.r4", "1.1.2 16", "1.1.3 5"])
def test_a_citation_is_marked_on_the_very_words_of_its_quote(course: Library, address: str) -> None:
    passage = at(course, address)
    cited = citation(passage, passage.sentence_texts[-1])
    markup = cited_view(Answer((claim("Text.", cited),)), 1, 0, course)
    assert "".join(marked(markup, "cited target")) == cited.quote
    assert f'id="study-{passage.id}" data-pointed="yes"' in markup


def test_a_citation_of_a_whole_list_marks_its_items(course: Library) -> None:
    whole = at(course, "1.1.1 4")
    markup = cited_view(Answer((claim("All.", citation(whole, whole.text)),)), 1, 0, course)
    assert marked(markup, "cited target")[0] == "Unrelenting Economic Pressure"
    assert "".join(marked(markup, "cited target")).endswith("mission-critical operational function.")


def test_the_opened_citation_is_strong_and_the_others_of_the_answer_are_light(course: Library) -> None:
    one, two = at(course, "1.1.1 1"), at(course, "1.1.2 1")
    answer = Answer((
        claim("A.", citation(one, one.sentence_texts[0])),
        claim("B.", citation(two, two.sentence_texts[0])),
        claim("C.", citation(one, one.sentence_texts[2])),
    ))  # fmt: skip
    markup = cited_view(answer, 1, 2, course)
    assert marked(markup, "cited") == [one.sentence_texts[0]]
    assert marked(markup, "cited target") == [one.sentence_texts[2]]
    assert marked(markup, "also") == [two.sentence_texts[0]]


def test_an_answer_keeps_its_form_and_numbers_its_sources(course: Library) -> None:
    passage = at(course, "1.1.2 5")
    cited = citation(passage, passage.sentence_texts[0])
    answer = Answer((
        claim("Two sides:", role=Role.LEAD),
        claim("**One**: first", cited, form=Form.ITEM),
        claim("goes on.", cited),
        claim("left", cited, form=Form.CELL, column="A"),
        claim("right", cited, form=Form.CELL, column="B"),
        claim("left again", cited, form=Form.CELL, column="A"),
        claim("The end.", cited),
    ), premise_refuted=True)  # fmt: skip
    markup = render.turn_view(turn(answer), 3, course, latest=False)
    body = re.sub(r" +", " ", words(re.sub(r"<button.*?</button>", "", markup.split('class="reply">')[1])))
    assert "The course says otherwise" in markup
    assert "<p>Two sides:</p><ul><li><strong>One</strong>:" in markup
    assert "first goes on." in body
    assert markup.count("<tr>") == 3
    assert "<td></td>" in markup
    assert 'data-turn="3" data-mark="1" data-claim="1" title="CPOM §1.1.2 ¶5"' in markup
    assert 'aria-label="Source 1: CPOM §1.1.2 ¶5"' in markup


def test_a_question_that_was_read_differently_says_so(course: Library) -> None:
    same = render.turn_view(turn(Conversation("Hi."), "what is a CSC", "What is a CSC?"), 0, course, latest=True)
    other = render.turn_view(turn(Conversation("Hi."), "and that?", "What is a CSC?"), 0, course, latest=True)
    assert "I read this as" not in same
    assert "I read this as: <q>What is a CSC?</q>" in other


def test_an_answer_that_an_instructor_approved_says_so_and_no_other_does(course: Library) -> None:
    plainly = turn(Answer((claim("A."),)))
    approved = render.turn_view(replace(plainly, reviewed="Reviewed by an instructor <3"), 0, course, latest=False)
    assert '<p class="badge reviewed">Reviewed by an instructor &lt;3</p><p>A.</p>' in approved
    assert "reviewed" not in render.turn_view(plainly, 0, course, latest=False)


def test_an_abstention_an_error_and_small_talk_look_different(course: Library) -> None:
    near = Retrieved(at(course, "1.1.2 4.2"), 1.0)
    gap = render.turn_view(turn(Abstention(Reason.NOT_IN_COURSE, "No."), retrieved=(near,)), 0, course, latest=True)
    talk = render.turn_view(turn(Conversation("You’re welcome.")), 0, course, latest=True)
    error = render.failed("Why?", "The index is missing; run: python -m ingest")
    assert 'class="turn abstention"' in gap
    assert 'data-event="read"' in gap
    assert 'data-event="about"' in gap
    assert 'role="alert"' not in gap
    assert "How this was answered" not in talk
    assert 'role="alert"' in error
    assert 'data-event="ask"' in error


def test_how_it_was_answered_shows_support_and_what_was_dropped(course: Library) -> None:
    passage = at(course, "1.1.1 1")
    weaker = replace(
        claim("B.", citation(passage, passage.sentence_texts[1])), verdict=Verdict(Label.SUPPORTED, 0.6, "")
    )
    answer = Answer((claim("A.", citation(passage, passage.sentence_texts[0])), weaker), dropped=1)
    markup = render.turn_view(turn(answer, retrieved=(Retrieved(passage, 1.0),)), 0, course, latest=False)
    account = words(markup.split("<dl>")[1].split("</dl>")[0])
    assert "0.60 to 0.90 over 2 cited sentences" in account
    assert "1 sentence that did not pass the check" in account
    assert "CPOM §1.1.1 ¶1" in account
    assert "extractive" in account


def test_a_citation_whose_passage_is_gone_says_that_the_text_has_changed(course: Library) -> None:
    gone = Citation("1.1-0000000000", "CPOM §1.1.2 ¶2", "Words of last term.", 0, 19)
    answer = Answer((claim("A.", gone),))
    shown = render.turn_view(turn(answer), 0, course, latest=False)
    assert CHANGED in shown
    assert "<q>Words of last term.</q>" in shown
    view = cited_view(answer, 1, 0, course)
    assert "What stands closest today is CPOM §1.1.2 ¶2." in words(view)
    assert "Words of last term." in view


def test_a_retired_passage_leads_to_its_successor(course: Library) -> None:
    successor = at(course, "1.1.3 4")
    library = replace(course, retired={"1.1-0000000000": successor.id})
    gone = Citation("1.1-0000000000", "CPOM §1.1.3 ¶3", "Old words.", 0, 10)
    view = cited_view(Answer((claim("A.", gone),)), 1, 0, library)
    assert "What stands closest today is CPOM §1.1.3 ¶4." in words(view)
    assert f'id="study-{successor.id}" data-pointed="yes"' in view


def test_a_quote_that_moved_inside_its_passage_is_marked_where_it_is_and_not_on_other_words(course: Library) -> None:
    passage = at(course, "1.1.1 1")
    shifted = replace(citation(passage, passage.sentence_texts[0]), start=5, end=20)
    answer = Answer((claim("A.", shifted),))
    assert marked(cited_view(answer, 1, 0, course), "cited target") == [passage.sentence_texts[0]]
    assert CHANGED not in render.turn_view(turn(answer), 0, course, latest=False)


def test_a_sentence_stays_cited_when_another_one_of_its_passage_was_put_right(course: Library) -> None:
    successor = at(course, "1.1.3 4")
    quote = successor.sentence_texts[0]
    library = replace(course, retired={"1.1-0000000000": successor.id})
    before = Answer((claim("A.", Citation("1.1-0000000000", "CPOM §1.1.3 ¶3", quote, 90, 90 + len(quote))),))
    assert "changed since" not in render.turn_view(turn(before), 0, library, latest=False)
    assert marked(cited_view(before, 1, 0, library), "cited target") == [quote]


def test_words_that_stand_twice_in_the_new_passage_are_not_guessed_at(course: Library) -> None:
    successor = at(course, "1.1.3 4")
    assert successor.text.count("the") > 1
    library = replace(course, retired={"1.1-0000000000": successor.id})
    assert standing(Citation("1.1-0000000000", "CPOM §1.1.3 ¶3", "the", 90, 93), library) is None


def test_a_mark_with_a_quote_that_stands_and_one_that_is_gone_opens_the_old_words_and_marks_the_other(
    course: Library,
) -> None:
    passage = at(course, "1.1.1 1")
    stands = citation(passage, passage.sentence_texts[0])
    gone = replace(stands, quote="Words of last term.", start=0, end=19)
    view = cited_view(Answer((claim("A.", stands, gone),)), 1, 0, course)
    assert "then said: <q>Words of last term.</q>" in view
    assert marked(view, "cited") == [passage.sentence_texts[0]]
    assert not marked(view, "cited target")


def test_only_the_mark_of_a_quote_that_is_gone_says_so(course: Library) -> None:
    passage = at(course, "1.1.1 1")
    gone = Citation("1.1-0000000000", "CPOM §1.1.2 ¶2", "Words of last term.", 0, 19)
    answer = Answer((claim("A.", gone), claim("B.", citation(passage, passage.sentence_texts[0]))))
    shown = render.turn_view(turn(answer), 0, course, latest=False)
    said = re.findall(r'<button type="button" class="(chip[^"]*)"[^>]* title="([^"]+)" aria-label="([^"]+)"', shown)
    assert said == [
        ("chip old", "CPOM §1.1.2 ¶2", "Source 1: CPOM §1.1.2 ¶2; the course text has changed since"),
        ("chip", "CPOM §1.1.1 ¶1", "Source 2: CPOM §1.1.1 ¶1"),
    ]
    assert shown.index('<details class="changed">') < shown.index("<q>Words of last term.</q>")


def test_a_citation_of_a_section_that_is_gone_still_shows_its_words(course: Library) -> None:
    gone = Citation("9.9-0000000000", "CPOM §9.9.9 ¶2", "Words of last term.", 0, 19)
    view = cited_view(Answer((claim("A.", gone),)), 1, 0, course)
    assert "Words of last term." in view


def test_the_copied_text_carries_the_quotes_with_their_addresses(course: Library) -> None:
    passage = at(course, "1.1.1 1")
    shown = turn(Answer((claim("A.", citation(passage, passage.sentence_texts[0])),)))
    assert plain(shown).splitlines() == [
        "Why?", "", "A. [1]", "", f"[1] CPOM §1.1.1 ¶1: “{passage.sentence_texts[0]}”",
    ]  # fmt: skip


def test_a_question_about_a_passage_names_it_and_its_address(course: Library) -> None:
    assert render_course.question_about(at(course, "1.1.2 8.4")) == (
        "Explain: Consolidated Service Centers (CSCs) (CPOM §1.1.2 ¶8.4)"
    )
    assert first_words("one two three", 2) == "one two…"


def test_the_pieces_of_a_long_paragraph_stand_in_one_paragraph(course: Library) -> None:
    whole = at(course, "1.1.1 2")
    cut = whole.sentences[0].end
    pieces = (
        replace(whole, id="1.1-a", address=replace(whole.address, piece="a"), text=whole.text[:cut],
                end=whole.start + cut, sentences=whole.sentences[:1]),
        replace(whole, id="1.1-b", address=replace(whole.address, piece="b"), text=whole.text[cut + 1 :],
                start=whole.start + cut + 1, sentences=()),
    )  # fmt: skip
    library = replace(course, passages=(*course.passages[:3], *pieces, *course.passages[4:]))
    markup = render_course.section_view(library, library.sections[0], prefix="x")
    paragraph = next(one for one in re.findall(r"<p>(.*?)</p>", markup) if "profound" in one)
    assert words(paragraph) == whole.text
    assert 'id="x-1.1-b"' in paragraph


# --- practice in the conversation ----------------------------------------------------------------------------


def asking(stem: str, *options: str) -> Turn:
    item = QuizItem(
        "q1", ItemKind.MCQ, Level.RECALL, stem, ChoiceKey(0), (), (), "CPOM §1.1.2", "fact", options=options
    )
    return replace(turn(Conversation(question_text(item)), "quiz me"), practice=Practised(item=item))


def test_options_that_wait_are_buttons_that_answer_with_their_letter(course: Library) -> None:
    markup = render.turn_view(asking("Which?", "One & all", "Two"), 0, course, latest=True)
    sent = re.findall(r'data-event="ask" data-question="(\w)"[^>]*>([^<]*)<', markup)
    assert sent == [("A", "A. One &amp; all"), ("B", "B. Two")]
    assert markup.count("One &amp; all") == markup.count("Two") == 1 + 1  # the button, and what is copied


def test_an_earlier_question_shows_its_options_as_words(course: Library) -> None:
    markup = render.turn_view(asking("Which?", "One", "Two"), 0, course, latest=False)
    assert 'data-question="A"' not in markup
    assert "<strong>A.</strong> One" in markup


def test_words_of_an_option_never_become_markup(course: Library) -> None:
    markup = render.turn_view(asking(NASTY, NASTY, "Two"), 0, course, latest=True)
    assert "<script" not in markup
    assert "<img" not in markup


def test_a_turn_of_practice_leads_to_the_practice_tab(course: Library) -> None:
    assert 'data-tab="Practice"' in render.turn_view(asking("Which?", "One", "Two"), 0, course, latest=False)
    assert "data-tab" not in render.turn_view(turn(Conversation("Hello!")), 0, course, latest=True)
