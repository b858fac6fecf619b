"""Taking sentences of the course apart: which stand alone, what they enumerate, which words two texts share."""

import re
from collections.abc import Iterator

from cpom_tutor.course import Passage, Span
from cpom_tutor.grounding.naming import points_back
from cpom_tutor.language import content_stems

_CODE = re.compile(r"^(?:and )?<\d")
_LEADER = re.compile(
    r"\b(?:including|include|includes|such as|services like|involving|requiring|require|encompassing|covering)\s",
    re.IGNORECASE,
)
_OPENER = re.compile(r"^(?:and|or|as well as)\s+", re.IGNORECASE)
_CONNECTIVE = re.compile(
    r"^(?:However|But|And|Now|So|Therefore|Thus|Instead|Rather|Both|Each|This|These|Those|It|They)\b"
)

_LATE_PRONOUN = re.compile(r"^(?:By|Through|Without) [^.]*?, (?:they|it|he|she)\b")


def stands_alone(sentence: str) -> bool:
    """Whether a sentence can be read without the one before it."""
    opening = " ".join(sentence.split()[:2])
    return not (_CONNECTIVE.match(sentence) or _LATE_PRONOUN.match(sentence) or points_back(opening))


def shared_stems(one: str, other: str) -> frozenset[str]:
    """Content stems that two texts have in common."""
    return frozenset(content_stems(one)) & frozenset(content_stems(other))


def parts_of(text: str, span: Span) -> tuple[Span, ...]:
    """The parts of an enumeration ("a, b, and c") that fills the span, brackets and "a and b" inside left whole."""
    pieces: list[Span] = []
    depth, start = 0, span.start
    for position in range(span.start, span.end):
        depth += (text[position] in "([“") - (text[position] in ")]”")
        if text[position] == "," and depth == 0:
            pieces.append(Span(start, position))
            start = position + 1
    pieces.append(Span(start, span.end))
    merged: list[Span] = []
    for piece in pieces:
        trimmed = _trimmed(text, piece)
        if merged and _CODE.match(trimmed.of(text)):
            merged[-1] = Span(merged[-1].start, trimmed.end)
        else:
            merged.append(trimmed)
    return tuple(piece for piece in merged if piece.end > piece.start)


def _trimmed(text: str, span: Span) -> Span:
    start, end = span.start, span.end
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1] in " .;":
        end -= 1
    opener = _OPENER.match(text[start:end])
    return Span(start + opener.end(), end) if opener else Span(start, end)


def components(passage: Passage) -> Iterator[tuple[Span, ...]]:
    """The enumerations of a passage, as the spans of their parts: cells of a row, and lists after "including"."""
    if passage.cells:
        for cell in passage.cells[1:]:
            parts = parts_of(passage.text, cell)
            if len(parts) > 2:
                yield parts
        return
    for sentence in passage.sentences:
        words = sentence.of(passage.text)
        for leader in _LEADER.finditer(words):
            stop = next((later.start() for later in _LEADER.finditer(words, leader.end())), len(words))
            parts = parts_of(passage.text, Span(sentence.start + leader.end(), sentence.start + stop))
            if len(parts) > 2:
                yield parts


def base_form(verb: str) -> str:
    """A verb in the third person ("contributes") as it stands after "does"; a plural one as it is."""
    if verb.endswith("ies"):
        return f"{verb[:-3]}y"
    if verb.endswith(("sses", "shes", "ches", "xes", "zzes", "oes")):
        return verb[:-2]
    return verb[:-1] if verb.endswith("s") and not verb.endswith("ss") else verb
