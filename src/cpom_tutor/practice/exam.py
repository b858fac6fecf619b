"""A mock exam: multiple choice by the blueprint of the real exam, as long as the course carries, with case groups."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from cpom_tutor.course import Address
from cpom_tutor.items import Exam, ExamGroup, ItemKind, QuizItem
from cpom_tutor.library import Library
from cpom_tutor.practice.bank import Bank
from cpom_tutor.practice.sampling import arranged, draw
from cpom_tutor.practice.scope import belonging, passages_at
from cpom_tutor.practice.validators.stories import CASE
from cpom_tutor.practice.writers.cases import situation_text
from cpom_tutor.teaching import ExamArea, ExamShape

CASE_SHARE = 0.2
"""Of an exam's questions that belong to cases, at most."""
_MINUTES_AN_ITEM = 1.5
"""Where the course does not say how long its exam takes."""
_SMALLEST_CASE = 2


def make_exam(bank: Bank, count: int, seed: int) -> Exam:
    """Draws a mock exam of up to `count` items; it is never longer than the real one."""
    shape = _shape(bank.library, count)
    wanted, rng = min(count, shape.items), Random(seed)
    cases = _cases(bank, int(wanted * CASE_SHARE), rng)
    chosen = [item for _, items in cases for item in items]
    areas: list[tuple[ExamArea, list[QuizItem]]] = []
    open_places = wanted - len(chosen)
    for area, places in zip(shape.areas, _places(shape.areas, open_places), strict=True):
        drawn = _draw_area(bank, area, places, chosen, rng)
        areas.append((area, drawn))
        chosen += drawn
    for area, items in sorted(areas, key=lambda pair: -pair[0].share):
        more = _draw_area(bank, area, wanted - len(chosen), chosen, rng) if len(chosen) < wanted else []
        items += more
        chosen += more
    return _put_together(areas, cases, shape, seed, wanted, rng, bank.library)


def _cases(bank: Bank, places: int, rng: Random) -> list[tuple[ExamGroup, list[QuizItem]]]:
    """Cases whose questions fit into so many places, no two questions in each other's way."""
    found: list[tuple[ExamGroup, list[QuizItem]]] = []
    chosen: list[QuizItem] = []
    scenarios = list(bank.scenarios)
    rng.shuffle(scenarios)
    for scenario in scenarios:
        situation = situation_text(scenario)
        items: list[QuizItem] = []
        for item in bank.items.values():
            fits = item.origin == CASE and item.stem.startswith(situation)
            if fits and not any(bank.conflicts.between(item, other) for other in (*chosen, *items)):
                items.append(item)
        if len(items) >= _SMALLEST_CASE and len(chosen) + len(items) <= places:
            found.append((ExamGroup(scenario.title, scenario.topic, 0.0, (), situation), items))
            chosen += items
    return found


def _draw_area(bank: Bank, area: ExamArea, places: int, chosen: Sequence[QuizItem], rng: Random) -> list[QuizItem]:
    pool = [
        item
        for item in belonging(list(bank.items.values()), passages_at(bank.library, area.topic))
        if item.kind is ItemKind.MCQ and item.origin != CASE
        and not any(bank.conflicts.between(item, other) for other in chosen)
    ]  # fmt: skip
    return draw(pool, places, rng, bank.conflicts) if places > 0 else []


def _places(areas: Sequence[ExamArea], count: int) -> list[int]:
    """Whole places by the shares, the largest remainders first (Hamilton's method)."""
    whole = sum(area.share for area in areas)  # no more than about 1, as people round
    exact = [area.share / whole * count for area in areas]
    places = [int(each) for each in exact]
    rest = sorted(range(len(areas)), key=lambda number: places[number] - exact[number])
    for number in rest[: count - sum(places)]:
        places[number] += 1
    return places


def _put_together(
    areas: Sequence[tuple[ExamArea, list[QuizItem]]],
    cases: Sequence[tuple[ExamGroup, list[QuizItem]]],
    shape: ExamShape,
    seed: int,
    wanted: int,
    rng: Random,
    library: Library,
) -> Exam:
    mixed = [item for _, items in areas for item in items]
    rng.shuffle(mixed)
    items = arranged([*mixed, *(item for _, several in cases for item in several)], rng)
    place = {item.id: number for number, item in enumerate(items)}

    def ordered(several: Sequence[QuizItem]) -> tuple[str, ...]:
        return tuple(sorted((item.id for item in several), key=place.__getitem__))

    in_cases = [len(several) / len(items) for _, several in cases]
    scale = (1 - sum(in_cases)) / (sum(area.share for area, _ in areas) or 1)
    groups = [
        ExamGroup(_title(area.topic, library), f"{library.code} §{area.topic}", area.share * scale, ordered(several))
        for area, several in areas
    ]
    groups += [
        ExamGroup(case.title, case.topic, share, ordered(several), case.situation)
        for (case, several), share in zip(cases, in_cases, strict=True)
    ]
    minutes = round(shape.minutes / shape.items * len(items)) if items else 0
    return Exam(seed, max(minutes, 1), items, tuple(groups), wanted)


def _title(topic: str, library: Library) -> str:
    """The heading of a subsection."""
    passages = library.at(Address(library.code, topic))
    number = f"{topic} "
    return next(
        (heading for passage in passages for heading in passage.heading_path if heading.startswith(number)), topic
    )


def _shape(library: Library, count: int) -> ExamShape:
    """As the course says; where it names no areas, every subsection is one, all alike."""
    shape = library.exam_shape or ExamShape(count, max(1, round(count * _MINUTES_AN_ITEM)), "")
    if shape.areas:
        return shape
    sections = dict.fromkeys(passage.address.section for passage in library.passages)
    # What has subsections holds them too: it would draw from them a second time.
    topics = [topic for topic in sections if not any(other.startswith(f"{topic}.") for other in sections)]
    return replace(shape, areas=tuple(ExamArea(topic, 1 / len(topics)) for topic in topics))
