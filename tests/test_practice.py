"""Practice from the real course: what is drawn holds together, repeats, and stays within what was asked for."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest

from cpom_tutor.attempts import Grading, PointMark, PointVerdict
from cpom_tutor.course import Span
from cpom_tutor.errors import BadInput, NotFound
from cpom_tutor.items import AcceptedKey, ChoiceKey, ItemKind, Level, QuizItem
from cpom_tutor.language import quoted
from cpom_tutor.library import Library
from cpom_tutor.practice.conflicts import lists, prints
from cpom_tutor.practice.exam import _places
from cpom_tutor.practice.making import places_of
from cpom_tutor.practice.practice import CoursePractice
from cpom_tutor.practice.sampling import one_a_fact
from cpom_tutor.practice.validators import clash, positions_even, refusal, sentences_of
from cpom_tutor.practice.validators.sets import asked_family, shown_text
from cpom_tutor.practice.validators.stories import CASE
from cpom_tutor.practice.validators.wording import bare, key_text, stands_in
from cpom_tutor.teaching import ExamArea, ExamShape
from ingest.load import load_corpus


class WordGrader:
    """Finds a point met where the answer has its words; stands in for the real marking, which loads a model."""

    def grade(self, question: str, reference: Sequence[str], rubric: Sequence[str], answer: str) -> Grading:  # noqa: ARG002
        met = [PointVerdict.MET if point in answer else PointVerdict.MISSED for point in rubric]
        marks = tuple(
            PointMark(point, verdict, float(verdict is PointVerdict.MET))
            for point, verdict in zip(rubric, met, strict=True)
        )
        return Grading(marks, sum(mark.score for mark in marks) / len(marks), "")


@pytest.fixture(scope="module")
def course(corpus: Path) -> Library:
    return load_corpus(corpus).library("one")


@pytest.fixture(scope="module")
def practice(course: Library) -> CoursePractice:
    return CoursePractice(lambda: course, WordGrader())


@pytest.fixture(scope="module")
def whole(practice: CoursePractice) -> tuple[QuizItem, ...]:
    return practice.quiz(count=500, seed=1)


def passages_of(item: QuizItem) -> set[str]:
    return {citation.passage_id for citation in item.citations}


def test_every_item_passes_the_validators_in_the_form_in_which_it_is_shown(
    practice: CoursePractice, whole: tuple[QuizItem, ...], course: Library
) -> None:
    shown = (*practice.items.values(), *whole)
    assert [refused.reason for item in shown if (refused := refusal(item, course))] == []


def test_what_a_validator_refuses_is_not_among_the_items(practice: CoursePractice) -> None:
    assert practice.bank.dropped
    assert not {dropped.item.id for dropped in practice.bank.dropped} & practice.items.keys()


def test_every_quote_is_verbatim_in_the_file_of_the_course(practice: CoursePractice, course: Library) -> None:
    text = course.sections[0].text
    quotes = {
        citation.quote
        for item in practice.items.values()
        for citation in (*item.citations, *(rationale.citation for rationale in item.rationales))
    }
    assert len(quotes) > 100
    assert [quote for quote in quotes if quote not in text] == []


def test_the_course_gives_enough_different_questions_and_enough_stories(whole: tuple[QuizItem, ...]) -> None:
    assert len(whole) >= 120
    assert len({item.fact for item in whole}) == len(whole)
    assert sum(item.level is Level.APPLICATION for item in whole) >= 0.4 * len(whole)


def test_no_two_of_a_set_test_the_same_or_give_each_other_away(whole: tuple[QuizItem, ...], course: Library) -> None:
    assert [pair for pair in combinations(whole, 2) if clash(pair[0], [pair[1]])] == []
    sentences = [sentence for item in whole for sentence in sentences_of(item, course)]
    assert [sentence for sentence, count in Counter(sentences).items() if count > 1] == []


@pytest.mark.parametrize("seed", range(6))
def test_twenty_items_have_different_keys_questions_and_options_and_no_reason_shows_anothers_sentence(
    practice: CoursePractice, seed: int
) -> None:
    items = practice.quiz(count=20, seed=seed)
    keys = [bare(key_text(item)) for item in items if key_text(item)]
    choices = [item for item in items if item.kind is ItemKind.MCQ]
    assert len(set(keys)) == len(keys)
    assert len({frozenset(item.options) for item in choices}) == len(choices)
    assert len({asked_family(item)[0] for item in choices}) == len(choices)
    assert [pair for pair in combinations(items, 2) if practice.bank.conflicts.near(*pair)] == []


def test_no_item_of_a_set_prints_what_fills_the_gap_of_another(
    practice: CoursePractice, whole: tuple[QuizItem, ...]
) -> None:
    for items in (whole, practice.quiz(count=60, seed=2)):
        gaps = [item for item in items if isinstance(item.key, AcceptedKey) and item.kind is ItemKind.CLOZE]
        assert gaps
        for gap in gaps:
            shown = [shown_text(item) for item in items if item is not gap]
            assert [text for text in shown if stands_in(key_text(gap), text)] == []


def test_a_matching_item_and_a_list_leave_no_room_for_what_they_print(practice: CoursePractice) -> None:
    items = list(practice.items.values())
    matching = next(item for item in items if item.kind is ItemKind.MATCHING and item.origin == "analogy")
    pairs = [
        item for item in items if item.kind is ItemKind.MCQ and item.origin == "analogy" and prints(matching, item)
    ]
    assert len(pairs) >= 10
    assert all(practice.bank.conflicts.between(matching, pair) for pair in pairs)
    named = next(item for item in items if item.stem.startswith("Which four powerful forces"))
    about = [item for item in items if item.origin == "definition" and lists(item, named)]
    assert about
    assert all(practice.bank.conflicts.between(named, item) for item in about)


def test_every_reason_shows_words_of_the_course_that_say_more_than_its_option(practice: CoursePractice) -> None:
    for item in practice.items.values():
        for option, reason in zip(item.options or ("",), item.rationales, strict=True):
            line = reason.line
            assert quoted(reason.citation.quote) in line
            assert bare(reason.citation.quote) != bare(option)


def test_a_story_cites_what_decides_and_what_ties_it_to_the_key(practice: CoursePractice, course: Library) -> None:
    stories = {situation.text: situation for situation in course.situations}
    tied = 0
    for item in practice.items.values():
        situation = stories.get(item.stem.split("\n\n")[0])
        if situation is None:
            continue
        passage, span = situation.decided_by
        first, *rest = item.citations
        assert (first.passage_id, first.start, first.end) == (passage, span.start, span.end)
        assert isinstance(item.key, ChoiceKey)
        assert first.quote in item.rationales[item.key.index].citation.quote
        tied += bool(rest)
    assert tied > 50


def test_the_keys_of_a_set_are_spread_evenly(practice: CoursePractice, whole: tuple[QuizItem, ...]) -> None:
    assert positions_even(whole)
    assert all(positions_even(practice.quiz(count=20, seed=seed)) for seed in range(5))


def test_the_same_seed_gives_the_same_set_and_another_gives_another(course: Library) -> None:
    one, other = (CoursePractice(lambda: course, WordGrader()) for _ in range(2))
    assert one.quiz(count=20, seed=7) == other.quiz(count=20, seed=7)
    assert one.quiz(count=20, seed=7) != one.quiz(count=20, seed=8)
    assert one.exam(count=40, seed=7) == other.exam(count=40, seed=7)


def test_a_set_mixes_kinds_levels_and_topics(practice: CoursePractice) -> None:
    drawn = [practice.quiz(count=20, seed=seed) for seed in range(12)]
    for items in drawn:
        assert len(items) == 20
        assert {ItemKind.MCQ, ItemKind.CLOZE, ItemKind.SHORT} <= {item.kind for item in items}
        assert 8 <= sum(item.level is Level.APPLICATION for item in items) <= 10
        assert len({item.topic for item in items}) >= 3
    assert {item.kind for items in drawn for item in items} == set(ItemKind)


def test_what_there_is_little_of_does_not_come_every_time(practice: CoursePractice) -> None:
    rare = {item.id for item in practice.items.values() if item.kind in (ItemKind.ORDERING, ItemKind.MATCHING)}
    drawn = [{item.id for item in practice.quiz(count=20, seed=seed)} for seed in range(12)]
    assert all(sum(id in items for items in drawn) <= 8 for id in rare)


def test_an_id_does_not_depend_on_where_the_text_stands(practice: CoursePractice, corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "cpom").mkdir()
    (tmp_path / "course.yaml").write_text((corpus / "course.yaml").read_text("utf-8"), encoding="utf-8")
    (tmp_path / "glossary.yaml").write_text((corpus / "glossary.yaml").read_text("utf-8"), encoding="utf-8")
    text = (corpus / "cpom/1.1-overview.md").read_text("utf-8")
    moved = text.replace("## 1.1.1 ", "A sentence that was put in later stands here.\n\n## 1.1.1 ", 1)
    (tmp_path / "cpom/1.1-overview.md").write_text(moved, encoding="utf-8")
    later = CoursePractice(lambda: load_corpus(tmp_path).library("two"), WordGrader())
    recall = {id for id, item in practice.items.items() if item.level is Level.RECALL}
    assert len(recall & later.items.keys()) > 0.95 * len(recall)


def test_a_topic_gives_only_what_stands_there(practice: CoursePractice, course: Library) -> None:
    items = practice.quiz(count=15, seed=0, topic="1.1.3")
    assert items
    addresses = [course.passage(id).address.section for item in items for id in passages_of(item)]
    assert set(addresses) == {"1.1.3"}
    row = practice.quiz(count=50, seed=0, topic="CPOM §1.1.2 ¶12.r2")
    assert row
    assert {str(course.passage(id).address) for item in row for id in passages_of(item)} >= {"CPOM §1.1.2 ¶12.r2"}


def test_a_level_and_kinds_are_kept_to(practice: CoursePractice) -> None:
    stories = practice.quiz(count=10, seed=0, level=Level.APPLICATION)
    assert [item.level for item in stories] == [Level.APPLICATION] * 10
    some = practice.quiz(count=10, seed=0, kinds=[ItemKind.CLOZE, ItemKind.ORDERING])
    assert {item.kind for item in some} <= {ItemKind.CLOZE, ItemKind.ORDERING}


def test_single_items_have_every_fact_once_as_a_story_where_there_is_one(practice: CoursePractice) -> None:
    items = practice.singles(seed=0)
    assert sorted(item.fact for item in items) == sorted({item.fact for item in practice.items.values()})
    stories = {item.fact for item in practice.items.values() if item.level is Level.APPLICATION}
    assert {item.fact for item in items if item.level is Level.APPLICATION} == stories
    assert practice.singles(seed=0) == items != practice.singles(seed=1)
    assert {item.topic for item in practice.singles(seed=0, topic="1.1.3", kinds=[ItemKind.MCQ])} == {"CPOM §1.1.3"}


def test_single_items_stay_when_others_are_added(practice: CoursePractice) -> None:
    pool = list(practice.items.values())
    fewer = {item.id for item in one_a_fact(pool[: len(pool) // 2], 0)}
    gone = fewer - {item.id for item in one_a_fact(pool, 0)}
    added = {item.fact for item in pool[len(pool) // 2 :]}
    assert {practice.items[id].fact for id in gone} <= added
    assert len(gone) < len(fewer) / 2


def test_facts_to_avoid_come_only_when_nothing_else_is_left(practice: CoursePractice) -> None:
    first = practice.quiz(count=10, seed=3, topic="1.1.3")
    avoid = {item.fact for item in first}
    assert not avoid & {item.fact for item in practice.quiz(count=10, seed=3, topic="1.1.3", avoid=avoid)}
    every = {item.fact for item in practice.items.values()}
    assert len(practice.quiz(count=10, seed=3, topic="1.1.3", avoid=every)) == 10


def test_questions_about_a_passage_cite_it_or_its_list(practice: CoursePractice, course: Library) -> None:
    item = next(passage for passage in course.passages if passage.name == "Change Management")
    around = {item.id, *(each.id for each in course.children(item.parent or ""))}
    found = practice.quiz(count=8, seed=1, about=[item.id])
    assert found
    assert all(passages_of(each) & around for each in found)
    assert practice.quiz(count=5, seed=1, about=["1.1-gone"]) == ()


def test_a_count_that_is_none_and_a_topic_that_is_nowhere_are_said(practice: CoursePractice) -> None:
    with pytest.raises(BadInput, match="--count 10"):
        practice.quiz(count=0, seed=0)
    with pytest.raises(BadInput, match="is not an address"):
        practice.quiz(count=1, seed=0, topic="the kitchen")
    with pytest.raises(NotFound, match="Nothing stands"):
        practice.quiz(count=1, seed=0, topic="9.9.9")
    with pytest.raises(BadInput):
        practice.exam(count=-1, seed=0)


def test_the_bank_is_made_anew_for_another_index_version(corpus: Path) -> None:
    versions = [load_corpus(corpus).library(name) for name in ("one", "two")]
    practice = CoursePractice(lambda: versions[0], WordGrader())
    first = practice.bank
    assert practice.bank is first
    versions.reverse()
    assert practice.bank is not first


def test_what_is_drawn_is_of_one_index_version_though_a_new_one_comes_in_between(course: Library) -> None:
    later = replace(course, passages=course.passages[:1], fingerprint="later")
    versions = iter((course, later, later))
    practice = CoursePractice(lambda: next(versions), WordGrader())
    assert len(practice.quiz(count=5, seed=0, topic="1.1.3")) == 5
    with pytest.raises(NotFound):
        practice.quiz(count=5, seed=0, topic="1.1.3")


def test_an_exam_has_the_shape_of_the_real_one(practice: CoursePractice) -> None:
    exam = practice.exam(count=60, seed=4)
    assert (len(exam.items), exam.asked, exam.minutes) == (60, 60, 90)
    assert {item.kind for item in exam.items} == {ItemKind.MCQ}
    assert positions_even(exam.items)
    assert not any(clash(one, [other]) for one, other in combinations(exam.items, 2))
    areas = [group for group in exam.blueprint if not group.situation]
    assert [group.topic for group in areas] == ["CPOM §1.1.1", "CPOM §1.1.2", "CPOM §1.1.3"]
    assert sum(group.share for group in exam.blueprint) == pytest.approx(1)
    rest = sum(group.share for group in areas)
    assert [group.share / rest for group in areas] == pytest.approx([0.35, 0.4, 0.25])
    assert [group.share * 60 for group in exam.blueprint] == pytest.approx(
        [len(group.item_ids) for group in exam.blueprint], abs=1
    )
    grouped = [id for group in exam.blueprint for id in group.item_ids]
    assert sorted(grouped) == sorted(item.id for item in exam.items)
    cases = sum(len(group.item_ids) for group in exam.blueprint if group.situation)
    assert len(areas[1].item_ids) == pytest.approx(0.4 * (60 - cases), abs=1)


def test_the_items_of_a_case_stand_together_under_their_situation(practice: CoursePractice) -> None:
    exam = practice.exam(count=100, seed=1)
    cases = [group for group in exam.blueprint if group.situation]
    assert cases
    by_id = {item.id: (place, item) for place, item in enumerate(exam.items)}
    for case in cases:
        places = [by_id[id][0] for id in case.item_ids]
        assert places == list(range(places[0], places[0] + len(places)))
        assert all(by_id[id][1].stem.startswith(case.situation) for id in case.item_ids)
        assert all(by_id[id][1].origin == CASE for id in case.item_ids)


def test_an_exam_is_no_longer_than_the_real_one_nor_than_the_course_carries(practice: CoursePractice) -> None:
    exam = practice.exam(count=100_000, seed=0)
    assert exam.asked == 120
    assert 60 <= len(exam.items) <= 120
    assert exam.minutes == round(len(exam.items) * 1.5)


def test_a_course_without_a_blueprint_has_an_exam_too(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "cpom").mkdir()
    (tmp_path / "course.yaml").write_text("code: CPOM\ntitle: A course\n", encoding="utf-8")
    (tmp_path / "cpom/a.md").write_text((corpus / "cpom/1.1-overview.md").read_text("utf-8"), encoding="utf-8")
    library = load_corpus(tmp_path).library()
    exam = CoursePractice(lambda: library, WordGrader()).exam(count=12, seed=0)
    assert (len(exam.items), exam.minutes) == (12, 18)


def test_a_course_that_names_no_areas_has_all_subsections_and_the_length_of_its_exam(course: Library) -> None:
    library = replace(course, exam_shape=ExamShape(40, 80, ""), fingerprint="other")
    exam = CoursePractice(lambda: library, WordGrader()).exam(count=100, seed=0)
    assert (len(exam.items), exam.minutes) == (40, 80)
    areas = [group for group in exam.blueprint if not group.situation]
    assert [group.topic for group in areas] == ["CPOM §1.1.1", "CPOM §1.1.2", "CPOM §1.1.3"]
    sizes = [len(group.item_ids) for group in areas]
    assert max(sizes) - min(sizes) <= 1


def test_shares_that_were_rounded_up_make_no_exam_too_long(course: Library) -> None:
    areas = tuple(ExamArea(topic, 0.335) for topic in ("1.1.1", "1.1.2", "1.1.3"))
    library = replace(course, exam_shape=ExamShape(200, 300, "", areas), fingerprint="other")
    for count in (12, 20, 40):
        assert len(CoursePractice(lambda: library, WordGrader()).exam(count=count, seed=0).items) == count
    assert sum(_places(areas, 200)) == 200


def test_scenarios_are_drawn_by_seed_and_topic(practice: CoursePractice, course: Library) -> None:
    assert len(practice.scenarios) >= 8
    assert practice.scenario(seed=1) == practice.scenario(seed=1)
    assert len({practice.scenario(seed=seed).id for seed in range(30)}) > 4
    scenario = practice.scenario(seed=0, topic="1.1.3")
    best = [decision.feedback[decision.best].citation.passage_id for decision in scenario.decisions]
    assert any(course.passage(id).address.section == "1.1.3" for id in best)
    with pytest.raises(NotFound, match="leave the topic out"):
        practice.scenario(seed=0, topic="CPOM §1.1 ¶1")


def test_a_teach_back_asks_for_three_things_or_more(practice: CoursePractice) -> None:
    for seed in range(8):
        item = practice.teach_back(seed=seed)
        assert item.kind is ItemKind.SHORT
        assert len(item.rubric) >= 3
    with pytest.raises(NotFound, match="take one of"):
        practice.teach_back(seed=0, topic="CPOM §1.1 ¶1")


def test_the_fact_of_an_item_is_where_its_deciding_words_stand(practice: CoursePractice) -> None:
    for item in practice.items.values():
        cited = [(citation.passage_id, Span(citation.start, citation.end)) for citation in item.citations]
        places = places_of(item.fact)
        assert places == tuple(dict.fromkeys(cited))[: len(places)]


def test_the_key_of_every_choice_is_one_of_its_options(whole: tuple[QuizItem, ...]) -> None:
    choices = [item for item in whole if isinstance(item.key, ChoiceKey)]
    assert len(choices) > 60
    assert all(0 <= item.key.index < len(item.options) for item in choices if isinstance(item.key, ChoiceKey))
