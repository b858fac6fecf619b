"""The Practice and Progress screens without a browser: what is shown, what is kept, whose it is."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from cpom_tutor.course import Citation
from cpom_tutor.items import (
    AcceptedKey,
    ChoiceKey,
    Decision,
    Exam,
    ExamGroup,
    Grading,
    ItemKind,
    Level,
    Marking,
    OrderKey,
    PairsKey,
    PointMark,
    PointVerdict,
    QuizItem,
    Rationale,
    Response,
    RubricPoint,
    Scenario,
)
from cpom_tutor.library import Library

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.time = START

    def __call__(self) -> datetime:
        return self.time


class SmallPractice:
    """Ten multiple-choice items, one of each other kind, and a scenario, all made by hand."""

    def __init__(self, library: Library) -> None:
        self.library = library
        whole = [passage for passage in library.passages if not passage.kind.is_container]
        sentences = [(passage, span) for passage in whole for span in passage.sentences]
        self.cites = [
            Citation(one.id, str(one.address), span.of(one.text), span.start, span.end) for one, span in sentences
        ]
        self.choices = [self.choice(place) for place in range(10)]
        self.others = [self.cloze(), self.matching(), self.ordering(), self.short()]

    def item(self, name: str, kind: ItemKind, stem: str, key: Any, place: int, **more: Any) -> QuizItem:
        cite = self.cites[place]
        size = len(more.get("options", ())) or 1
        reasons = tuple(Rationale(f"Reason {one} for <{name}>.", self.cites[place + one]) for one in range(size))
        topic = f"CPOM §{cite.address.split('§')[1].split(' ')[0]}"
        level = Level.RECALL if place % 2 else Level.APPLICATION
        return QuizItem(name, kind, level, stem, key, (cite,), reasons, topic, f"fact-{name}", **more)

    def choice(self, place: int) -> QuizItem:
        stem = f"A manager of ward {place} asks which plan fits.\n\nWhich of these is plan {place}?"
        options = tuple(f"Plan {number} of {place}" for number in range(4))
        return self.item(f"mcq{place}", ItemKind.MCQ, stem, ChoiceKey(place % 4), place * 4, options=options)

    def cloze(self) -> QuizItem:
        key = AcceptedKey(("bridge", "a bridge"))
        return self.item("cloze", ItemKind.CLOZE, "The CPOM is the ____ between the two.", key, 41)

    def matching(self) -> QuizItem:
        key = PairsKey(((0, 1), (1, 2), (2, 0)))
        names, gists = ("Oven", "Menu", "Cook"), ("People", "Machines", "Money")
        return self.item("match", ItemKind.MATCHING, "Match each to what it is.", key, 43, options=gists, prompts=names)

    def ordering(self) -> QuizItem:
        options = ("stored", "procured", "dispensed")
        return self.item("order", ItemKind.ORDERING, "Put these in order.", OrderKey((1, 0, 2)), 47, options=options)

    def short(self) -> QuizItem:
        points = tuple(RubricPoint(f"Names thing {one}", self.cites[50 + one]) for one in range(3))
        key = AcceptedKey(("A model answer.",))
        return self.item("short", ItemKind.SHORT, "Explain why it was created.", key, 50, rubric=points)

    @property
    def items(self) -> Mapping[str, QuizItem]:
        return {one.id: one for one in (*self.choices, *self.others)}

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        decisions = tuple(
            Decision(f"Decide {one}?", ("First way", "Second way", "Third way"), one,
                     tuple(Rationale(f"What comes of way {way}.", self.cites[way]) for way in range(3)))
            for one in range(3)
        )  # fmt: skip
        return (
            Scenario(
                "story", "A night without stock", "Manager on call", "It is night.\n\nThe robot stands still.",
                decisions, "What would you tell the board?", self.short().rubric,
                (Rationale("The sentence of a model answer.", self.cites[5]),), "CPOM §1.1.2",
            ),
        )  # fmt: skip

    def quiz(
        self, *, count: int, seed: int, topic: str = "", kinds: Collection[ItemKind] = (), level: Level | None = None,
        avoid: Collection[str] = (), about: Collection[str] = (),
    ) -> tuple[QuizItem, ...]:  # fmt: skip
        del seed, topic, about
        fitting = [one for one in self.items.values() if level in (None, one.level) and one.fact not in avoid]
        return tuple(one for one in fitting if not kinds or one.kind in kinds)[-count:]

    def exam(self, *, count: int, seed: int) -> Exam:
        items = tuple(self.choices[:count])
        case = ExamGroup("The broken robot", "CPOM §1.1.1", 0.2, (items[0].id,), "A robot <b>breaks</b>.")
        area = ExamGroup("The genesis", "CPOM §1.1.1", 0.8, tuple(one.id for one in items[1:]))
        return Exam(seed, 15, items, (case, area), count)

    def scenario(self, *, seed: int, topic: str = "") -> Scenario:
        del seed, topic
        return self.scenarios[0]

    def teach_back(self, *, seed: int, topic: str = "") -> QuizItem:
        del seed, topic
        return self.short()

    def mark(self, item: QuizItem, response: Response) -> Marking:
        key = item.key
        if item.kind is ItemKind.SHORT:
            grading = self.mark_text(item.stem, item.rubric, response.text or "")
            return Marking(grading.score, grading.score > 0.6, grading)
        if isinstance(key, ChoiceKey):
            right = response.index == key.index
        elif isinstance(key, OrderKey):
            right = response.order == key.indices
        elif isinstance(key, PairsKey):
            right = response.pairs == key.pairs
        else:
            right = response.text in key.texts
        return Marking(float(right), right)

    def mark_text(self, question: str, rubric: Any, answer: str) -> Grading:
        del question
        marks = tuple(
            PointMark(point.criterion, PointVerdict.MET if str(place) in answer else PointVerdict.MISSED, 1.0,
                      answer if str(place) in answer else "")
            for place, point in enumerate(rubric)
        )  # fmt: skip
        return Grading(marks, sum(one.verdict is PointVerdict.MET for one in marks) / len(marks), "Keep at it.")
