"""Where one sentence ends and the next begins, as spans of the text.

A small splitter of our own for course prose, learners' answers and model output: it knows the
abbreviations of the field, closing quotes and brackets, citation marks and list markers. Text that it does
not recognise stays in one piece, because a sentence cut in half can be neither checked nor cited.
"""

import re

from cpom_tutor.course import Span

_CLOSERS = "\"”’')\\]»*_"
_BOUNDARY = re.compile(
    rf"""(?P<stop>[.!?…]+)            # what ends a sentence
    (?P<close>[{_CLOSERS}]*(?:\s?\[\d+\])*)  # quotes, brackets and citation marks that belong to it
    (?P<gap>\s+)(?=\S)""",
    re.VERBOSE,
)
_BLOCK = re.compile(r"\n[ \t]*\n\s*|\n[ \t]*(?=(?:[-*+•]|\d{1,3}[.)])[ \t])")
_MARKER = re.compile(r"\s*(?:(?:[-*+•]|\d{1,3}[.)])[ \t]+)?")
_OPENERS = "\"“‘'([*_«"

# A full stop after these never ends a sentence: something must follow them.
_LEADING = frozenset(
    "dr mr mrs ms mx prof st vs cf e.g i.e fig eq sec ch vol pp approx ca al resp incl excl esp viz".split()
)
# After these it ends a sentence only if a usual opening word follows ("in the U.S. The law ...").
_EITHER = frozenset(
    "u.s u.k e.u d.c ph.d pharm.d m.d r.ph b.s m.s inc ltd co corp dept univ assn jr sr a.m p.m "
    "jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
# Before a number only: "No. 5", "p. 12".
_BEFORE_NUMBER = frozenset("no nos p para art".split())
_STARTERS = frozenset(
    "a an the this that these those it its he she they we you i there here in on at for to by with from as "
    "if when while although however but and or so because since after before once each every all no not what "
    "who which how why where both one some many most such then thus also yes".split()
)
_LAST_WORD = re.compile(r"[^\s(\[“\"‘—–/]+$")
_NEXT_WORD = re.compile(r"[A-Za-z]+")


def split_sentences(text: str) -> tuple[Span, ...]:
    """Splits prose into sentences.

    Args:
        text: any text; blank lines and list markers at the start of a line always separate.

    Returns:
        Spans in reading order, without surrounding white space or list markers; together they cover every
        other character. Empty for blank text.
    """
    spans: list[Span] = []
    start = 0
    for block in [*_BLOCK.finditer(text), None]:
        end = block.start() if block else len(text)
        spans.extend(_split_block(text, start, end))
        start = block.end() if block else end
    return tuple(spans)


def trimmed(text: str, start: int, end: int) -> Span | None:
    """The span without white space at its ends, or None where nothing is left."""
    words = text[start:end]
    left = start + len(words) - len(words.lstrip())
    right = end - (len(words) - len(words.rstrip()))
    return Span(left, right) if left < right else None


def _split_block(text: str, start: int, end: int) -> list[Span]:
    marker = _MARKER.match(text, start, end)
    start = marker.end() if marker else start
    spans: list[Span] = []
    for found in _BOUNDARY.finditer(text, start, end):
        if not _ends_sentence(text, start, found, end):
            continue
        span = trimmed(text, start, found.start("gap"))
        if span:
            spans.append(span)
        start = found.end()
    last = trimmed(text, start, end)
    return [*spans, last] if last else spans


def _ends_sentence(text: str, start: int, found: re.Match[str], end: int) -> bool:
    following = text[found.end() : end].lstrip(_OPENERS)
    if not following or following[0].islower():
        return False
    if found["stop"] != "." or any(mark in found["close"] for mark in '”"»'):
        return True
    before = _LAST_WORD.search(text[start : found.start()])
    word = before.group().lower().strip("*_'’") if before else ""
    if before and start + before.start() == start and word.isdigit():
        return False  # "3. The third step": an enumerator, not a sentence
    if word in _LEADING or (word in _BEFORE_NUMBER and following[0].isdigit()):
        return False
    if word in _EITHER or (len(word) == 1 and word.isalpha() and word != "i"):
        next_word = _NEXT_WORD.match(following)
        return bool(next_word and next_word.group().lower() in _STARTERS)
    return True
