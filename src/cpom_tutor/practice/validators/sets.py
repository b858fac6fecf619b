"""What a set of items has to hold together (Haladyna, Downing and Rodriguez, 2002: rule 8, items independent of each
other; rule 19, key positions varied)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from cpom_tutor.course import Kind, Span
from cpom_tutor.items import AcceptedKey, ChoiceKey, ItemKind, Level, QuizItem
from cpom_tutor.library import Library
from cpom_tutor.practice.making import places_of
from cpom_tutor.practice.validators.wording import (
    bare,
    key_text,
    lead_in,
    quotes,
    shared,
    stands_in,
    stems,
    unquoted,
)  # fmt: skip

TOLD = 0.5
"""Share of a stem's content words in another stem from which that one may be about the same."""


def clash(item: QuizItem, chosen: Iterable[QuizItem]) -> str:
    """Why the item may not stand in one set with these; empty where it may."""
    places = _places(item.fact)
    for other in chosen:
        if other.id == item.id or other.fact == item.fact:
            return f"{other.id} tests the same fact"
        if _overlap(places, _places(other.fact)):
            return f"{other.id} stands on the same words"
        if gives_away(other, item) or gives_away(item, other):
            return f"{other.id} and it give one another away"
    return ""


def gives_away(item: QuizItem, other: QuizItem) -> bool:
    """Whether the stem of one tells the key of the other: it has the key, and half of what the other asks about."""
    key, asked = _key_stems(key_text(other)), stems(other.stem)
    wanted, told = key - asked, stems(item.stem)
    if not wanted or not wanted <= told:
        return False
    return len((asked - key) & told) >= TOLD * max(1, len(asked - key))


def shown_text(item: QuizItem) -> str:
    """All that a learner reads of an item before answering."""
    return "\n".join((item.stem, *item.prompts, *item.options))


def tells(item: QuizItem, other: QuizItem) -> bool:
    """Whether what one item asks has the words that fill the other's gap, in this form or a near one."""
    if other.kind is not ItemKind.CLOZE or not isinstance(other.key, AcceptedKey):
        return False
    if item.kind is ItemKind.CLOZE and bare(key_text(item)) == bare(key_text(other)):
        return True
    shown = shown_text(item)
    alone = len(other.key.texts[0].split()) == 1
    return any(stands_in(text, shown) for text in other.key.texts) or (
        alone and bool(shared(other.key.texts[0], shown))
    )


def told_after(item: QuizItem, other: QuizItem) -> bool:
    """Whether the reasons that are shown after one item quote the words that decide the other, at recall."""
    if other.level is not Level.RECALL:
        return False
    places = _places(other.fact)
    return any(
        rationale.citation.passage_id == passage
        and rationale.citation.start < span.end and span.start < rationale.citation.end
        for rationale in item.rationales for passage, span in places
    )  # fmt: skip


def asked_family(item: QuizItem) -> tuple[str, ...]:
    """What an item of multiple choice has in common with others of its family: question, names in it, options, case."""
    if item.kind is not ItemKind.MCQ:
        return ()
    asked = lead_in(item.stem)
    first, second = unquoted(asked), " ".join(quotes(asked)) or asked
    return (first, second, "|".join(sorted(item.options)), item.stem.split("\n\n")[0])


@lru_cache(maxsize=8192)
def _key_stems(text: str) -> frozenset[str]:
    return stems(text)


@lru_cache(maxsize=8192)
def _places(fact: str) -> tuple[tuple[str, Span], ...]:
    return places_of(fact)


def _overlap(places: Sequence[tuple[str, Span]], others: Sequence[tuple[str, Span]]) -> bool:
    return any(
        passage == other and span.overlaps(extent) for passage, span in places for other, extent in others
    )  # fmt: skip


def sentences_of(item: QuizItem, library: Library) -> frozenset[tuple[str, int]]:
    """The sentences of the course that the item stands on, as passage id and where each starts.

    A component of a table's cell, or of an enumeration after a colon, counts as a sentence of its own.
    """
    found: set[tuple[str, int]] = set()
    for passage_id, span in _places(item.fact):
        if passage_id not in library:
            continue
        passage = library.passage(passage_id)
        for sentence in passage.sentences:
            if sentence.overlaps(span):
                own = passage.kind is Kind.ROW or ": " in passage.text[sentence.start : span.start]
                found.add((passage_id, span.start if own else sentence.start))
    return frozenset(found)


def key_positions(items: Iterable[QuizItem]) -> Mapping[int, Counter[int]]:
    """How often the key of a multiple-choice item stands where, by the number of options."""
    found: dict[int, Counter[int]] = {}
    for item in items:
        if isinstance(item.key, ChoiceKey):
            counts = found.setdefault(len(item.options), Counter(dict.fromkeys(range(len(item.options)), 0)))
            counts[item.key.index] += 1
    return found


def positions_even(items: Iterable[QuizItem]) -> bool:
    """Whether, for each number of options, no position has the key twice more often than another."""
    return all(max(counts.values()) - min(counts.values()) <= 1 for counts in key_positions(items).values())
