"""What every writer of items needs: citations of the course, facts, ids, and an item put together from options."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cpom_tutor.course import Citation, Passage, Span
from cpom_tutor.items import ChoiceKey, ItemKind, Level, QuizItem, Rationale

JOIN = "+"
"""Between the places of a fact that stands in several."""


@dataclass(frozen=True, slots=True)
class Option:
    """An option of a multiple-choice item, and why it is right or wrong.

    Attributes:
        text: as the learner reads it.
        why: connecting words; the cited words follow them wherever they are shown.
        citation: the words of the course that decide.
    """

    text: str
    why: str
    citation: Citation


def cite(passage: Passage, span: Span) -> Citation:
    """A citation of the words that the span covers."""
    return Citation(passage.id, str(passage.address), span.of(passage.text), span.start, span.end)


def cite_sentence(passage: Passage, number: int = 0) -> Citation:
    """A citation of a passage's sentence; of all of it, where it has none."""
    if not passage.sentences:
        return cite(passage, Span(0, len(passage.text)))
    return cite(passage, passage.sentences[number])


def cite_around(passage: Passage, span: Span) -> Citation:
    """A citation of the whole sentences that the span stands in; of the first, where it stands in none (a label)."""
    around = passage.sentences_at(span)
    return cite(passage, Span(around[0].start, around[-1].end) if around else Span(0, len(passage.text)))


def cite_labelled(passage: Passage, number: int = 0) -> Citation:
    """A citation of a sentence together with the label right before it, if it is the first and no cell of a table."""
    if not passage.label or passage.cells or number or not passage.sentences:
        return cite_sentence(passage, number)
    return cite(passage, Span(passage.label.start, passage.sentences[0].end))


def said_of(name: str, citation: Citation, otherwise: str) -> str:
    """What stands before cited words: that the course says them, and `otherwise` where they do not name it first."""
    opening = citation.quote[: len(name) + len("The ")]
    return "The course says:" if name in opening else otherwise


def label_citations(passage: Passage) -> tuple[Citation, ...]:
    """A citation of the passage's label, which says what its words are about; none where it has no label."""
    return (cite(passage, passage.label),) if passage.label else ()


def topic_of(passage: Passage) -> str:
    """Address of the subsection that the passage belongs to."""
    return f"{passage.address.course} §{passage.address.section}"


def fact_of(citations: Iterable[Citation]) -> str:
    """Names what the cited words say together, as `passage-id:start-end`, joined where there are several."""
    places = dict.fromkeys(f"{cited.passage_id}:{cited.start}-{cited.end}" for cited in citations)
    return JOIN.join(places)


def places_of(fact: str) -> tuple[tuple[str, Span], ...]:
    """The passages and spans that a fact names; `fact_of` is the inverse."""
    found = []
    for place in fact.split(JOIN):
        passage, _, extent = place.rpartition(":")
        start, _, end = extent.partition("-")
        found.append((passage, Span(int(start), int(end))))
    return tuple(found)


def item_id(kind: ItemKind, stem: str, key: Sequence[str]) -> str:
    """An id made from what is asked and its key: it outlives a re-ingest that leaves them as they are."""
    words = "\n".join((kind.value, " ".join(stem.split()), *(" ".join(part.split()) for part in key)))
    return f"{kind.value}-{hashlib.sha256(words.encode()).hexdigest()[:12]}"


def single_best(
    stem: str,
    options: Sequence[Option],
    decided: Sequence[Citation],
    passage: Passage,
    origin: str,
    level: Level = Level.RECALL,
    bound: Sequence[Citation] = (),
) -> QuizItem:
    """A multiple-choice item; the first option is the key, and `decided` the words that make it so.

    `bound` are words that tie those to the key's name, such as a label: cited too, but not what is tested.
    """
    return QuizItem(
        id=item_id(ItemKind.MCQ, stem, [options[0].text]),
        kind=ItemKind.MCQ,
        level=level,
        stem=stem,
        key=ChoiceKey(0),
        citations=(*decided, *(each for each in bound if each not in decided)),
        rationales=tuple(Rationale(option.why, option.citation) for option in options),
        topic=topic_of(passage),
        fact=fact_of(decided),
        options=tuple(option.text for option in options),
        origin=origin,
    )
