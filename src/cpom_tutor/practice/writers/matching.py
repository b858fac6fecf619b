"""Matching: the two sides of an analogy, names and what the course says of them, rows and what stands in them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cpom_tutor.course import Citation, Passage
from cpom_tutor.items import ItemKind, Level, PairsKey, QuizItem, Rationale
from cpom_tutor.library import Library
from cpom_tutor.practice.making import cite, cite_around, cite_labelled, fact_of, item_id, said_of, topic_of
from cpom_tutor.practice.writers.analogy import names_span
from cpom_tutor.practice.writers.families import Family, analogy_of, families, name_of
from cpom_tutor.practice.writers.phrases import components, shared_stems, stands_alone

_FEWEST, _MOST = 4, 5
_VARIANTS = 3
"""How many matching items one table gives, each with other parts of its rows."""


@dataclass(frozen=True, slots=True)
class _Line:
    prompt: str
    option: str
    why: str
    citation: Citation
    shown: Citation


def write(library: Library) -> Iterator[QuizItem]:
    """Candidates family by family."""
    for family in families(library):
        if family.series.is_analogy:
            stem = f"In the analogy “{analogy_of(family.series)}”, match each of its parts with what it stands for."
            yield from _item(stem, [_pair(member) for member in family.members], family, "analogy")
        elif family.series.is_table:
            stem = f"Match each of {family.phrase} with what the course puts under it."
            for variant in range(_VARIANTS):
                yield from _item(stem, _parts(family, variant), family, "table")
        elif family.series.container:
            stem = f"Match each of {family.phrase} with what the course says of it."
            yield from _item(stem, _gists(family), family, "list")


def _pair(member: Passage) -> _Line:
    cited = cite(member, names_span(member))
    return _Line(member.name, member.counterpart_name, f"It belongs to “{member.name}”:", cited, cited)


def _parts(family: Family, variant: int) -> list[_Line]:
    """A part of each row that no other row's name or text has a word of."""
    lines = []
    for member in family.members:
        spans = [span for row in components(member) for span in row]
        fitting = [span for span in spans if _fits(span.of(member.text), member, family)]
        if len(fitting) > variant:
            span = fitting[variant]
            words = span.of(member.text)
            option = words[:1].upper() + words[1:]
            lines.append(
                _Line(
                    name_of(member),
                    option,
                    f"The course puts it under {name_of(member)}:",
                    cite(member, span),
                    cite_around(member, span),
                )
            )
    return lines


def _fits(words: str, member: Passage, family: Family) -> bool:
    elsewhere = " ".join(other.text for other in family.members if other is not member)
    names = " ".join(name_of(other) for other in family.members)
    return not shared_stems(words, names) and not shared_stems(words, elsewhere)


def _gists(family: Family) -> list[_Line]:
    """The first sentence of each that can be read alone and has no word of its name."""
    lines = []
    for member in family.members:
        for span in member.sentences:
            words = span.of(member.text)
            if stands_alone(words) and not shared_stems(words, name_of(member)):
                shown = cite_labelled(member) if span == member.sentences[0] else cite(member, span)
                why = said_of(name_of(member), shown, f"The course says it of {name_of(member)}:")
                lines.append(_Line(name_of(member), words, why, cite(member, span), shown))
                break
    return lines


def _item(stem: str, lines: Sequence[_Line], family: Family, origin: str) -> Iterator[QuizItem]:
    lines = lines[:_MOST]
    if len(lines) < _FEWEST or not all(line.option for line in lines):
        return
    cited = tuple(line.citation for line in lines)
    yield QuizItem(
        id=item_id(ItemKind.MATCHING, stem, [f"{line.prompt}: {line.option}" for line in lines]),
        kind=ItemKind.MATCHING,
        level=Level.RECALL,
        stem=stem,
        key=PairsKey(tuple((place, place) for place in range(len(lines)))),
        citations=cited,
        rationales=tuple(Rationale(line.why, line.shown) for line in lines),
        topic=topic_of(family.members[0]),
        fact=fact_of(cited),
        options=tuple(line.option for line in lines),
        prompts=tuple(line.prompt for line in lines),
        origin=origin,
    )
