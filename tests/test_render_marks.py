"""A marked answer as HTML: each sentence of the course stands there once."""

import html
import re

from cpom_tutor.attempts import Grading, Marking, PointMark, PointVerdict, Response
from cpom_tutor.course import Citation
from cpom_tutor.items import AcceptedKey, ItemKind, Level, OrderKey, QuizItem, Rationale, RubricPoint
from cpom_tutor.ui.render_marks import explained

SENTENCE = "Honey is taken, spun and sealed in jars before the frost."
CITED = Citation("1.1-aaaaaaaaaa", "BEE §1.1.1 ¶2", SENTENCE, 0, len(SENTENCE))
OTHER = Citation("1.1-bbbbbbbbbb", "BEE §1.1.1 ¶3", "The Queen (one a hive): she lays every egg of the yard.", 0, 55)


def said(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", " ", markup))


def ordering() -> QuizItem:
    steps = ("Sealed", "Taken", "Spun")
    return QuizItem(
        "o", ItemKind.ORDERING, Level.RECALL, "In which order?", OrderKey((1, 2, 0)), (CITED,),
        tuple(Rationale("The course has it there:", CITED) for _ in steps), "BEE §1.1.1", "f", options=steps,
    )  # fmt: skip


def short(*points: tuple[str, Citation]) -> QuizItem:
    rubric = tuple(RubricPoint(words, citation) for words, citation in points)
    return QuizItem(
        "s", ItemKind.SHORT, Level.RECALL, "Explain it.", AcceptedKey(("The model answer.",)), (CITED,), (),
        "BEE §1.1.1", "f", rubric=rubric,
    )  # fmt: skip


def marked(item: QuizItem, *met: bool, feedback: str = "Well.") -> Marking:
    verdicts = [PointVerdict.MET if one else PointVerdict.MISSED for one in met]
    marks = tuple(
        PointMark(point.criterion, verdict, 0.0) for point, verdict in zip(item.rubric, verdicts, strict=True)
    )
    return Marking(0.0, False, Grading(marks, 0.0, feedback))


def test_an_ordering_says_of_each_place_whether_it_is_right_and_leaves_the_sentence_to_the_end() -> None:
    words = said(explained(ordering(), Response(order=(1, 0, 2)), None))
    assert SENTENCE not in words
    assert words.count("You had it here.") == 1
    assert "You had it in place 3." in words
    assert "You had it in place 2." in words


def test_points_of_one_sentence_stand_over_it_together() -> None:
    item = short(("It is taken", CITED), ("The queen lays", OTHER), ("It is spun", CITED))
    markup = explained(item, Response(text="It is taken."), marked(item, True, False, False))
    words = said(markup)
    assert words.count(SENTENCE) == 1
    assert words.count(OTHER.quote) == 1
    assert words.index("It is taken") < words.index("It is spun") < words.index(SENTENCE) < words.index(OTHER.quote)
    assert (words.count("Found"), words.count("Missed")) == (1, 2)


def test_a_point_in_the_very_words_of_the_course_is_said_once() -> None:
    item = short(("Queen: she lays every egg", OTHER), ("Honey is spun", CITED))
    words = said(explained(item, Response(text="No."), marked(item, False, False)))
    assert words.count("lays every egg") == 1
    assert words.count("BEE §1.1.1 ¶3") == 1


def test_advice_does_not_quote_what_stands_below_it() -> None:
    item = short(("It is taken", CITED))
    feedback = f"Still missing: It is taken. The course says: “{SENTENCE}” The line to the marker earned nothing."
    words = said(explained(item, Response(text="Hm, honey."), marked(item, False, feedback=feedback)))
    assert words.count(SENTENCE) == 1
    assert "Still missing: It is taken. The line to the marker earned nothing." in words


def test_the_model_answer_is_open_for_somebody_who_gave_up() -> None:
    item = short(("It is taken", CITED))
    for text, is_open in (("idk", True), ("Honey is taken.", False)):
        markup = explained(item, Response(text=text), marked(item, False))
        assert ("<details open><summary>A model answer" in markup) is is_open


def test_advice_names_a_point_and_leaves_its_words_to_the_list() -> None:
    item = short(("Swarm Watching: A crowded colony raises new queens.", CITED))
    feedback = "Still missing: Swarm Watching: A crowded colony raises new queens."
    words = said(explained(item, Response(text="Hm."), marked(item, False, feedback=feedback)))
    assert "Still missing: Swarm Watching." in words
    assert words.count("raises new queens") == 1
