"""Ordering: steps that one sentence of the course puts in a row, and chains in which one thing leads to the next."""

import re
from collections.abc import Iterator, Sequence

from cpom_tutor.course import Passage, Span
from cpom_tutor.items import ItemKind, Level, OrderKey, QuizItem, Rationale
from cpom_tutor.library import Library
from cpom_tutor.practice.making import cite, fact_of, item_id, topic_of
from cpom_tutor.practice.writers.families import self_contained
from cpom_tutor.practice.writers.phrases import parts_of

_FEWEST, _MOST = 4, 7
_CHAIN = re.compile(
    r"(?P<one>\b[A-Za-z]+ [a-z]+) leads to (?P<two>[a-z -]+?), which (?:in turn )?leads to (?P<three>[a-z -]+)(?=[.,;])"
)
_STEP = re.compile(r"^(?!\w+ing\b)[a-z]+(?:ed|nt|ken|ven|ought|elt|ilt) ")


def write(library: Library) -> Iterator[QuizItem]:
    """Candidates sentence by sentence."""
    for passage in library.passages:
        for sentence in passage.sentences:
            words = sentence.of(passage.text)
            chain = _CHAIN.search(words)
            if chain:
                opening = self_contained(words[: chain.start()].removesuffix(" where ").strip(), library)
                quoted = f"“{opening} …”\n\n" if opening else ""
                stem = f"{quoted}In which order does each of these lead to the next, as the course has it?"
                yield _item(stem, chain.groups(), passage, sentence, "cause")
            yield from _steps(passage, sentence, library)


def _steps(passage: Passage, sentence: Span, library: Library) -> Iterator[QuizItem]:
    """Participles in a row: "is procured effectively, stored correctly, ... and billed for"."""
    words = sentence.of(passage.text)
    for verb in re.finditer(r"\b(?:is|are) (?=[a-z]+ )", words):
        spans = parts_of(words, Span(verb.end(), len(words)))
        steps = [span.of(words) for span in spans]
        if _FEWEST <= len(steps) <= _MOST and all(map(_STEP.match, steps)):
            clause = words[: verb.end()].rpartition("; ")[2].strip()
            opening = self_contained(clause[:1].upper() + clause[1:], library)
            stem = f"“{opening} …”\n\nIn which order does the course put these steps?"
            yield _item(stem, steps, passage, sentence, "process")


def _item(stem: str, steps: Sequence[str], passage: Passage, sentence: Span, origin: str) -> QuizItem:
    cited = cite(passage, sentence)
    ordinal = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh")
    return QuizItem(
        id=item_id(ItemKind.ORDERING, stem, steps),
        kind=ItemKind.ORDERING,
        level=Level.RECALL,
        stem=stem,
        key=OrderKey(tuple(range(len(steps)))),
        citations=(cited,),
        rationales=tuple(Rationale(f"The course has it {ordinal[place]}:", cited) for place in range(len(steps))),
        topic=topic_of(passage),
        fact=fact_of([cited]),
        options=tuple(step[:1].upper() + step[1:] for step in steps),
        origin=origin,
    )
