"""What the course sets against each other: two sides of a sentence, a trap and what is true, words of one title."""

import re
from collections.abc import Iterator
from itertools import takewhile

from cpom_tutor.course import Citation, Kind, Passage, Span
from cpom_tutor.items import QuizItem
from cpom_tutor.language import quoted
from cpom_tutor.library import Library
from cpom_tutor.practice.making import Option, cite, cite_sentence, said_of, single_best
from cpom_tutor.practice.validators.cues import PLACED
from cpom_tutor.practice.writers.phrases import base_form, shared_stems

_WHILE = re.compile(r"^While (?P<a>.+?) (?P<verb>[a-z]+s) (?P<x>.+?), (?P<b>(?:the|an?) .+?) (?P=verb) (?P<y>.+)\.$")
_TRAP = re.compile(r"(?P<noun>trap|mistake|myth|misconception|error|pitfall) of (?P<wrong>[a-z]+ing .+?)\.$")
_TRUTH = re.compile(r"\b(?:is|are) about (?P<right>[a-z]+ing,? .+)\.$")


def write(library: Library) -> Iterator[QuizItem]:
    """Candidates sentence by sentence, then call-outs, then parallel headings."""
    for passage in library.passages:
        for span in passage.sentences:
            found = _WHILE.match(span.of(passage.text))
            if found:
                yield from _both_sides(passage, span, found)
        if passage.kind is Kind.CALLOUT:
            yield from _trap(passage)
    yield from _words(library)


def _both_sides(passage: Passage, span: Span, found: re.Match[str]) -> Iterator[QuizItem]:
    """Each side's half, against the other's and against the two halves crossed."""
    x, y = found["x"], found["y"]
    common = _common_opening(x, y)
    left, right = (half[len(common) :].strip().rpartition(" of ") for half in (x, y))
    if not all((left[0], left[2], right[0], right[2])):
        return
    first, second = (
        cite(passage, Span(span.start + found.start(of), span.start + found.end(what))) for of, what in ("ax", "by")
    )
    sides = (
        (right, left, found["b"], found["a"], second, first),
        (left, right, found["a"], found["b"], first, second),
    )
    for mine, theirs, subject, other, decided, against in sides:
        crossed = f"The course joins {theirs[0]} to {theirs[2]}, and {mine[0]} to {mine[2]}:"
        options = [
            Option("".join(mine), f"This is what the course says of {subject}:", decided),
            Option("".join(theirs), f"That is what the course says of {other}:", against),
            Option(f"{mine[0]} of {theirs[2]}", crossed, decided),
            Option(f"{theirs[0]} of {mine[2]}", crossed, decided),
        ]
        verb = base_form(found["verb"])
        stem = f"In the course’s contrast of {subject} with {other}, what does {subject} {verb} {common}?"
        yield single_best(stem, options, [decided], passage, "contrast")


def _common_opening(one: str, other: str) -> str:
    """The words that both begin with, without an article at their end."""
    pairs = zip(one.split(), other.split(), strict=False)
    words = [first for first, _ in takewhile(lambda pair: pair[0] == pair[1], pairs)]
    return " ".join(words[:-1] if words and words[-1] in ("the", "a", "an") else words)


def _trap(passage: Passage) -> Iterator[QuizItem]:
    """The trap that a call-out names, against what it says is true."""
    truths = [(found["right"], span) for span in passage.sentences if (found := _TRUTH.search(span.of(passage.text)))]
    for span in passage.sentences:
        found = _TRAP.search(span.of(passage.text))
        if not found or len(truths) < 2:
            continue
        decided = cite(passage, span)
        options = [Option(_capital(found["wrong"]), f"This is the {found['noun']} that the course names:", decided)]
        options += [Option(_capital(right), "The course calls for it:", cite(passage, at)) for right, at in truths]
        stem = f"Which {found['noun']} does the course name under “{passage.heading}”?"
        yield single_best(stem, options, [decided], passage, "misconception")


def _words(library: Library) -> Iterator[QuizItem]:
    """Words that parallel headings ("Certified: The Standard ...") take one by one: which of them is this said of?"""
    for path, heads in _parallel_heads(library).items():
        for passage in library.passages:
            if passage.heading_path[:-1] != path or passage.parent or ": " not in passage.heading:
                continue
            head = passage.heading.split(":", 1)[0]
            mention = re.compile(rf"“{re.escape(head)}(,?)”")  # as in: the word “Manager,” is
            for span in passage.sentences:
                sentence = span.of(passage.text)
                masked = mention.sub(r"____\1", sentence)
                if masked == sentence or PLACED.search(masked) or any(shared_stems(word, masked) for word in heads):
                    continue
                decided = cite(passage, span)
                options = [Option(head, said_of(f"“{head}”", decided, f"The course says it of “{head}”:"), decided)]
                options += [_another(other, cite_sentence(first)) for other, first in heads.items() if other != head]
                stem = f"{quoted(masked)}\n\nOf which of these words does the course say this?"
                yield single_best(stem, options, [decided], passage, "definition")


def _another(head: str, told: Citation) -> Option:
    return Option(head, said_of(f"“{head}”", told, f"Of “{head}” the course says:"), told)


def _parallel_heads(library: Library) -> dict[tuple[str, ...], dict[str, Passage]]:
    """Headings of one word and a colon, three or more under one: the word and the first passage below it."""
    found: dict[tuple[str, ...], dict[str, Passage]] = {}
    for passage in library.passages:
        head, colon, _ = passage.heading.partition(":")
        if colon and head.isalpha() and passage.kind is Kind.PARAGRAPH:
            found.setdefault(passage.heading_path[:-1], {}).setdefault(head, passage)
    return {path: heads for path, heads in found.items() if len(heads) > 2}


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
