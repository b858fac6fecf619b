"""Short answers and teach-back: what to say in the learner's own words, marked by points that the course makes."""

import re
from collections.abc import Iterator, Sequence

from cpom_tutor.course import Citation, Passage, Span
from cpom_tutor.items import AcceptedKey, ItemKind, Level, QuizItem, Rationale, RubricPoint
from cpom_tutor.library import Library
from cpom_tutor.practice.making import (
    cite,
    cite_around,
    cite_labelled,
    cite_sentence,
    fact_of,
    item_id,
    label_citations,
    topic_of,
)  # fmt: skip
from cpom_tutor.practice.validators.counted import COUNTS
from cpom_tutor.practice.writers.analogy import names_span
from cpom_tutor.practice.writers.families import (
    Family,
    analogy_of,
    families,
    full_name_of,
    kind_of,
    name_of,
    self_contained,
)
from cpom_tutor.practice.writers.phrases import components

TEACH_BACK = "teach-back"
"""Origin of items that ask to explain something whole."""
_WHOLE, _MOST = 3, 6
_TAIL = re.compile(r", (?:such as |including |which |where |to |and to |[a-z]+ing |by [a-z]+ing )")
_SHORTEST_ESSENCE = 5
_COUNTED = re.compile(rf"^the (?:(?:{'|'.join(COUNTS.values())}) )?")
_PARTS = range(3, 6)
_LONGEST_PART = 10
"""Words; what is longer is a clause, and no part of a list."""

_Point = tuple[str, Citation]


def write(library: Library) -> Iterator[QuizItem]:
    """Candidates of every family, then of every short list that stands inside one of its members."""
    found = list(families(library))
    for family in found:
        yield from _of_family(family, found, library)
    for family in found:
        for member in family.members:
            yield from _of_member(family, member)


def _of_family(family: Family, every: Sequence[Family], library: Library) -> Iterator[QuizItem]:
    members = family.members
    if family.series.container is None or len(members) not in COUNTS:
        return
    count, introduction = COUNTS[len(members)], _introduction(family)
    if family.series.is_analogy:
        stands = [(f"{each.name} stands for {each.counterpart_name}", cite(each, names_span(each))) for each in members]
        which = f"Which {count} of {family.phrase} does the analogy “{analogy_of(family.series)}” name"
        asks = f"{which}, and what does each stand for?"
        yield _item(asks, stands, members[0], TEACH_BACK, introduction)
        return
    named = not family.phrase.startswith("the points")
    which = f"Which {count} {_COUNTED.sub('', family.phrase)} does the course name{_where(family, every)}"
    if named:
        names = [(name_of(member), _name_citation(member)) for member in members]
        yield _item(f"{which}?", names, members[0], "list", introduction)
    firsts = [(member, member.sentences[0]) for member in members if member.sentences]
    points = [
        (f"{name_of(member)}: {essence(self_contained(span.of(member.text), library))}", cite_labelled(member))
        for member, span in firsts
    ]
    if named and _WHOLE <= len(points) == len(members) <= _MOST and not family.series.is_table:
        yield _item(f"{which}, and what is each about?", points, members[0], TEACH_BACK, introduction)


def _where(family: Family, every: Sequence[Family]) -> str:
    """The heading, where another list of the course is one of things called the same."""
    kind = kind_of(family.phrase)
    also = [other for other in every if other is not family and kind and kind_of(other.phrase) == kind]
    return f", under “{family.members[0].heading.lstrip('0123456789. ')}”" if also else ""


def _of_member(family: Family, member: Passage) -> Iterator[QuizItem]:
    """The short list that a row or an item has: all that the course puts under its name."""
    lists = list(components(member))
    if family.series.container is None or family.series.is_analogy or len(lists) != 1 or len(lists[0]) not in _PARTS:
        return
    points = [(_capital(part.of(member.text)), cite(member, part)) for part in lists[0]]
    count = COUNTS[len(points)]
    if any(len(words.split()) > _LONGEST_PART for words, _ in points):
        return
    things = "components" if member.cells else "things"
    stem = f"Which {count} {things} does the course list under “{full_name_of(member)}”, one of {family.phrase}?"
    yield _item(stem, points, member, "list", cite_around(member, lists[0][0]), label_citations(member))


def _introduction(family: Family) -> Citation:
    """The sentence that introduces the list; where there is none, all of its first part."""
    introduction = family.series.introduction
    if introduction is None:
        return cite_labelled(family.members[0])
    return cite_sentence(introduction, -1)


def essence(sentence: str) -> str:
    """A sentence without what follows its main clause, so that it is one point."""
    for tail in _TAIL.finditer(sentence):
        if len(sentence[: tail.start()].split()) >= _SHORTEST_ESSENCE:
            return f"{sentence[: tail.start()]}."
    return sentence


def _name_citation(member: Passage) -> Citation:
    return cite(member, member.label or Span(0, len(member.text)))


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _item(
    stem: str, points: Sequence[_Point], passage: Passage, origin: str, shown: Citation, bound: Sequence[Citation] = ()
) -> QuizItem:
    cited = tuple(citation for _, citation in points)
    whose = (
        "answer this question of the course"
        if shown.quote.endswith("?")
        else "are what the course announces or lists here"
    )
    why = f"A whole answer has {COUNTS[len(points)]} points, which {whose}:"
    model = " ".join(words if words.endswith(".") else f"{words}." for words, _ in points)
    return QuizItem(
        id=item_id(ItemKind.SHORT, stem, [words for words, _ in points]),
        kind=ItemKind.SHORT,
        level=Level.RECALL,
        stem=stem,
        key=AcceptedKey((model,)),
        citations=(*cited, *bound),
        rationales=(Rationale(why, shown),),
        topic=topic_of(passage),
        fact=fact_of(cited),
        rubric=tuple(RubricPoint(words, citation) for words, citation in points),
        origin=origin,
    )
