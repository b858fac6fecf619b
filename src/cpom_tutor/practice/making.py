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
) -> QuizItem:
    """A multiple-choice item; the first option is the key, and `decided` the words that make it so."""
    return QuizItem(
        id=item_id(ItemKind.MCQ, stem, [options[0].text]),
        kind=ItemKind.MCQ,
        level=level,
        stem=stem,
        key=ChoiceKey(0),
        citations=tuple(decided),
        rationales=tuple(Rationale(option.why, option.citation) for option in options),
        topic=topic_of(passage),
        fact=fact_of(decided),
        options=tuple(option.text for option in options),
        origin=origin,
    )
