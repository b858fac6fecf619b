"""Short answers and teach-back: what to say in the learner's own words, marked by points that the course makes."""

import re
from collections.abc import Iterator, Sequence

from cpom_tutor.course import Citation, Kind, Passage, Span
from cpom_tutor.items import AcceptedKey, ItemKind, Level, QuizItem, Rationale, RubricPoint
from cpom_tutor.library import Library
from cpom_tutor.practice.making import cite, fact_of, item_id, topic_of
from cpom_tutor.practice.writers.analogy import names_span
from cpom_tutor.practice.writers.families import (
    Family,
    analogy_of,
    families,
    full_name_of,
    name_of,
    self_contained,
)
from cpom_tutor.practice.writers.phrases import stands_alone

TEACH_BACK = "teach-back"
"""Origin of items that ask to explain something whole."""
_WHOLE, _MOST = 3, 5
_LONGEST = 45
"""Words of a point that can still be marked as one."""
_COUNTS = {3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine"}

_ADDRESSES = re.compile(r"^(?:Welcome|Imagine|Think|Consider|Suppose|Picture|Remember|Note)\b")
_TAIL = re.compile(r", (?:such as |including |which |where |[a-z]+ing |by [a-z]+ing )")
_SHORTEST_ESSENCE = 5
_COUNTED = re.compile(rf"^the (?:(?:{'|'.join(_COUNTS.values())}) )?")

_Point = tuple[str, Citation]


def write(library: Library) -> Iterator[QuizItem]:
    """Candidates of every family, then of every passage that says several things, then of every heading."""
    for family in families(library):
        yield from _of_family(family, library)
    for passage in library.passages:
        yield from _of_passage(passage, library)
    yield from _of_headings(library)


def _of_family(family: Family, library: Library) -> Iterator[QuizItem]:
    members = family.members
    if family.series.container is None or len(members) not in _COUNTS:
        return
    phrase = _COUNTED.sub("", family.phrase)
    if family.series.is_analogy:
        stands = [(f"{each.name} stands for {each.counterpart_name}", cite(each, names_span(each))) for each in members]
        asks = f"explain the analogy “{analogy_of(family.series)}” to a new colleague, part by part"
        yield _item(f"How would you {asks}?", stands, members[0], TEACH_BACK)
        return
    if not family.phrase.startswith("the points"):
        names = [(name_of(member), _name_citation(member)) for member in members]
        yield _item(f"Which {_COUNTS[len(members)]} {phrase} does the course name?", names, members[0], "list")
    firsts = [(member, member.sentences[0]) for member in members if member.sentences]
    points = [
        (f"{name_of(member)}: {essence(self_contained(span.of(member.text), library))}", cite(member, span))
        for member, span in firsts
    ]
    if len(points) >= _WHOLE and not family.series.is_table:
        asks = f"explain to a new colleague what each of {family.phrase} is about"
        yield _item(f"How would you {asks}?", points[:_MOST], members[0], TEACH_BACK)


def _of_passage(passage: Passage, library: Library) -> Iterator[QuizItem]:
    """What the course says of a thing with a name."""
    points = _points([passage], library)
    if passage.kind not in (Kind.ITEM, Kind.PARAGRAPH) or not passage.name or not points:
        return
    if len(points) >= 2:
        yield _item(f"What does the course say about “{full_name_of(passage)}”?", points, passage, "definition")


def _of_headings(library: Library) -> Iterator[QuizItem]:
    """What stands under one heading, outside lists and tables."""
    paths = dict.fromkeys(passage.heading_path for passage in library.passages if not passage.parent)
    for path in paths:
        passages = [each for each in library.under(path) if not each.parent and not each.kind.is_container]
        points = _points(passages, library)
        if len(points) >= _WHOLE and len(path) > 1 and not any(passage.label for passage in passages):
            heading = path[-1].lstrip("0123456789. ")
            asks = f"How would you explain to a new colleague what the course says under “{heading}”?"
            yield _item(asks, points[:_MOST], passages[0], TEACH_BACK)


def _points(passages: Sequence[Passage], library: Library) -> list[_Point]:
    """Sentences that can be read alone, short enough to be one point each."""
    return [
        (essence(self_contained(words, library)), cite(passage, span))
        for passage in passages
        for span in passage.sentences
        if stands_alone(words := span.of(passage.text))
        and not words.endswith(("?", ":"))
        and not _ADDRESSES.match(words)
        and len(words.split()) <= _LONGEST
    ]


def essence(sentence: str) -> str:
    """A sentence without what follows its main clause, so that it is one point."""
    for tail in _TAIL.finditer(sentence):
        if len(sentence[: tail.start()].split()) >= _SHORTEST_ESSENCE:
            return f"{sentence[: tail.start()]}."
    return sentence


def _name_citation(member: Passage) -> Citation:
    return cite(member, member.label or Span(0, len(member.text)))


def _item(stem: str, points: Sequence[_Point], passage: Passage, origin: str) -> QuizItem:
    cited = tuple(citation for _, citation in points)
    model = " ".join(words if words.endswith(".") else f"{words}." for words, _ in points)
    return QuizItem(
        id=item_id(ItemKind.SHORT, stem, [words for words, _ in points]),
        kind=ItemKind.SHORT,
        level=Level.RECALL,
        stem=stem,
        key=AcceptedKey((model,)),
        citations=cited,
        rationales=(Rationale("A whole answer has what the course says here and in the points below:", cited[0]),),
        topic=topic_of(passage),
        fact=fact_of(cited),
        rubric=tuple(RubricPoint(words, citation) for words, citation in points),
        origin=origin,
    )
