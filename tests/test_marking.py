"""Marking by the key: what counts as right, what as partly right, and what does not answer the question."""

from collections.abc import Sequence

import pytest

from cpom_tutor.attempts import Grading, PointMark, PointVerdict, Response
from cpom_tutor.course import Citation
from cpom_tutor.errors import BadInput
from cpom_tutor.items import (
    AcceptedKey,
    ChoiceKey,
    ItemKind,
    Key,
    Level,
    OrderKey,
    PairsKey,
    QuizItem,
    Rationale,
    RubricPoint,
)
from cpom_tutor.practice.marking import accepts, mark_by_key, mark_points, mark_short

CITED = Citation("1.1-ab", "CPOM §1.1.1 ¶1", "Words.", 0, 6)


def item_of(kind: ItemKind, key: Key, options: int = 0, prompts: int = 0, rubric: Sequence[int] = ()) -> QuizItem:
    return QuizItem(
        id="x",
        kind=kind,
        level=Level.RECALL,
        stem="Which?",
        key=key,
        citations=(CITED,),
        rationales=(Rationale("Because:", CITED),),
        topic="CPOM §1.1.1",
        fact="1.1-ab:0-6",
        options=tuple(f"option {number}" for number in range(options)),
        prompts=tuple(f"prompt {number}" for number in range(prompts)),
        rubric=tuple(RubricPoint(f"point {number}", CITED, weight) for number, weight in enumerate(rubric)),
    )


CHOICE = item_of(ItemKind.MCQ, ChoiceKey(2), options=4)
ORDER = item_of(ItemKind.ORDERING, OrderKey((2, 0, 3, 1)), options=4)
PAIRS = item_of(ItemKind.MATCHING, PairsKey(((0, 1), (1, 0), (2, 2))), options=3, prompts=3)
SHORT = item_of(ItemKind.SHORT, AcceptedKey(("All.",)), rubric=(3, 1))


class Marker:
    """Meets a point whose number is in the answer."""

    def grade(self, question: str, reference: Sequence[str], rubric: Sequence[str], answer: str) -> Grading:  # noqa: ARG002
        assert list(reference) == ["Words."]
        marks = tuple(
            PointMark(point, PointVerdict.MET if point[-1] in answer else PointVerdict.CONTRADICTED, 0.5)
            for point in rubric
        )
        return Grading(marks, 0.5, "Well.")


def test_only_the_key_of_a_choice_is_right() -> None:
    marked = [mark_by_key(CHOICE, Response(index=place)).correct for place in range(4)]
    assert marked == [False, False, True, False]


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("Automated dispensing cabinets", True),
        ("  the automated dispensing cabinet. ", True),
        ("ADC", True),
        ("adcs", True),
        ("automated dispensng cabinets", True),
        ("dispensing cabinets", False),
        ("cabinets dispensing automated", False),
        ("", False),
        ("the", False),
        ("automated dispensing carousels", False),
    ],
)
def test_a_gap_takes_the_term_in_any_case_and_number_and_with_one_slip(typed: str, right: bool) -> None:
    key = AcceptedKey(("automated dispensing cabinets", "ADC"))
    assert accepts(key, typed) is right


def test_a_number_takes_no_slip() -> None:
    key = AcceptedKey(("<795>",))
    assert accepts(key, "795")
    assert not accepts(key, "797")


def test_part_of_an_order_earns_its_neighbours() -> None:
    assert mark_by_key(ORDER, Response(order=(2, 0, 3, 1))).correct
    shifted = mark_by_key(ORDER, Response(order=(1, 2, 0, 3)))
    assert shifted.score == pytest.approx(2 / 3)
    assert not shifted.correct
    assert mark_by_key(ORDER, Response(order=(1, 3, 0, 2))).score == 0


def test_part_of_the_pairs_earns_its_part() -> None:
    assert mark_by_key(PAIRS, Response(pairs=((0, 1), (1, 0), (2, 2)))).correct
    assert mark_by_key(PAIRS, Response(pairs=((0, 1), (1, 2)))).score == pytest.approx(1 / 3)
    assert mark_by_key(PAIRS, Response(pairs=())).score == 0


@pytest.mark.parametrize(
    ("item", "response"),
    [
        (CHOICE, Response(index=4)),
        (CHOICE, Response(index=-1)),
        (CHOICE, Response(text="option 2")),
        (ORDER, Response(order=(0, 1, 2))),
        (ORDER, Response(order=(0, 0, 1, 2))),
        (ORDER, Response(index=0)),
        (PAIRS, Response(pairs=((0, 3),))),
        (PAIRS, Response(pairs=((0, 1), (0, 2)))),
        (PAIRS, Response(text="")),
        (item_of(ItemKind.CLOZE, AcceptedKey(("term",))), Response(index=0)),
    ],
)
def test_what_does_not_answer_the_question_is_said(item: QuizItem, response: Response) -> None:
    with pytest.raises(BadInput, match="does not answer this"):
        mark_by_key(item, response)


def test_a_short_answer_is_marked_by_the_weight_of_its_points() -> None:
    heavy, light = (mark_short(SHORT, Response(text=text), Marker()) for text in ("0", "1"))
    assert (heavy.score, heavy.correct) == (0.75, True)
    assert (light.score, light.correct) == (0.25, False)
    assert heavy.grading is not None
    assert heavy.grading.points[1].verdict is PointVerdict.CONTRADICTED


def test_free_text_is_scored_by_weight_too() -> None:
    assert mark_points("Why?", SHORT.rubric, "0 and 1", Marker()).score == 1
    with pytest.raises(BadInput, match="give words"):
        mark_short(SHORT, Response(index=1), Marker())
