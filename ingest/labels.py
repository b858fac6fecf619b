"""The name that an item or a paragraph starts with: `Change Management: ...`, `Affordability of Care. ...`.

A label is recognised by its shape alone: a run in Title Case, or one set in bold, that ends in a colon (or
a full stop, for a paragraph's run-in head) and is followed by prose.
"""

import re

from cpom_tutor.course import Span
from cpom_tutor.grounding.sentences import split_sentences

ITEM_WORDS = 12
HEAD_WORDS = 8
_SMALL = frozenset("of and in on the for to a an with vs vs. or by at from as".split())
_VERBS = frozenset(
    "is are was were be been has have had do does did will would can could may might must should".split()
)
_BOLD = re.compile(r"(\*\*|__)(?P<label>(?:(?!\1).)+?)(?:[.:]\1|\1[.:])\s+(?=\S)", re.DOTALL)
_PLAIN_ITEM = re.compile(r"(?P<label>[^\n:]{1,160}?):\s+(?=\S)")
_PLAIN_HEAD = re.compile(r"(?P<label>[^\n:.!?]{1,120}?)(?P<stop>[.:])\s+(?=\S)")
_PARENTHESES = re.compile(r"\([^()]*\)")
_COUNTERPART = re.compile(r"(?P<vehicle>.*\S)\s*\((?P<tenor>[^()]+)\)\s*\Z", re.DOTALL)


def find_label(text: str, *, paragraph: bool) -> tuple[Span, int] | None:
    """The label that a text starts with.

    Args:
        text: an item's or a paragraph's words.
        paragraph: True for a run-in head, which may end in a full stop and has to be shorter.

    Returns:
        The label without its punctuation and markup, and where the prose after it begins; or None.
    """
    bold = _BOLD.match(text)
    if bold and len(bold["label"].split()) <= ITEM_WORDS:
        return Span(*bold.span("label")), bold.end()
    found = (_PLAIN_HEAD if paragraph else _PLAIN_ITEM).match(text)
    if not found or not _is_title(found["label"], HEAD_WORDS if paragraph else ITEM_WORDS):
        return None
    if paragraph and _is_title(text[found.end() :], len(text)):
        return None  # the whole paragraph is a title; it has no prose to name
    if paragraph and found["stop"] == "." and not _is_run_in_head(text, found):
        return None
    return Span(*found.span("label")), found.end()


def split_counterpart(label: str) -> tuple[Span, Span] | None:
    """The two sides of an analogy's label, `Vehicle (Tenor)`, as spans of the label; or None."""
    found = _COUNTERPART.match(label)
    return (Span(*found.span("vehicle")), Span(*found.span("tenor"))) if found else None


def _is_run_in_head(text: str, found: re.Match[str]) -> bool:
    # "Yes. It does." starts with a sentence, "Ask Dr. Smith." with half of one; neither is a name.
    return len(found["label"].split()) > 1 and split_sentences(text)[0].end == found.end("stop")


def _is_title(label: str, most: int) -> bool:
    if not 1 <= len(label.split()) <= most:
        return False
    words = [word.strip("“”\"‘’'(),*_") for word in _PARENTHESES.sub(" ", label).split()]
    words = [word for word in words if any(character.isalnum() for character in word)]
    if not words or words[0][0].islower():
        return False
    if any(word.lower() in _VERBS for word in words):
        return False
    return all(word in _SMALL or not word[0].islower() for word in words)
