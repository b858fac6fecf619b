"""What lets a learner find the key without knowing it: "clues to the right answer" (Haladyna, Downing and Rodriguez,
2002, rule 28; the NBME guide's "flaws related to testwiseness").
"""

import re
from collections.abc import Sequence

from cpom_tutor.items import ChoiceKey, ItemKind, QuizItem
from cpom_tutor.language import rarity
from cpom_tutor.library import Library
from cpom_tutor.practice.validators.stories import is_case
from cpom_tutor.practice.validators.wording import GAP, distractors, key_text, lead_in, shared

LONGEST_KEY = 1.3
"""Characters of the key against those of the mean distractor, at most."""
_ABSOLUTE = (
    "always never only all every everyone everything none nothing no-one nobody entirely completely totally "
    "absolutely solely exclusively invariably"
).split()
VAGUE = (
    "usually often sometimes frequently generally typically rarely seldom occasionally normally commonly mostly "
    "probably may might"
).split()
_CUE_WORD = re.compile(rf"\b(?:{'|'.join((*_ABSOLUTE, *VAGUE))})\b", re.IGNORECASE)
# "Every" and "nobody" are ordinary words of a decision; these claim too much, or nothing.
_DECISION_CUE = re.compile(
    rf"\b(?:always|never|only|entirely|completely|absolutely|{'|'.join(VAGUE)})\b", re.IGNORECASE
)
PLACED = re.compile(r"\b(?:first|second|third|fourth|fifth|final|last) (?:word|term|name|letter|item|heading)\b", re.I)
"""Tells a word by its place in a title that everybody has before them."""
_COMMON = 0.45
"""Rarity up to which a word ("first", "take") gives nothing away."""


def cue_word_fault(item: QuizItem, library: Library) -> str:
    """No absolutes and no vague frequencies in the options, unless the course's own name has them (HDR 28a; NBME)."""
    if not isinstance(item.key, ChoiceKey):
        return ""
    if is_case(item):
        return telling_cue(item.options, item.key.index)
    for option in item.options:
        found = _CUE_WORD.search(option)
        if found and not library.named(option):
            return f"“{found.group()}” in “{option}” cues"
    return ""


def length_fault(item: QuizItem, _: Library) -> str:
    """The key is not the longest option: at most 1.3 times the mean distractor (HDR 24 and 28; NBME)."""
    if item.kind is not ItemKind.MCQ:
        return ""
    others = distractors(item)
    mean = sum(map(len, others)) / len(others)
    share = len(key_text(item)) / mean
    return f"the key is {share:.2f} times as long as the mean distractor" if share > LONGEST_KEY else ""


def repetition_fault(item: QuizItem, _: Library) -> str:
    """No word of the stem, nor a close form of it, is repeated in the key alone (HDR 28b, "clang"; NBME)."""
    if not isinstance(item.key, ChoiceKey):
        return ""
    if is_case(item):
        return telling_word(lead_in(item.stem), item.options, item.key.index)
    repeated = shared(key_text(item), item.stem)
    for word in sorted(repeated):
        if not any(shared(word, option) for option in distractors(item)):
            return f"“{word}” of the stem stands in the key alone"
    return ""


def place_fault(item: QuizItem, _: Library) -> str:
    """The stem does not tell the key by its place in a title: “the final word” is known to all who read it."""
    found = PLACED.search(item.stem) if item.kind is ItemKind.MCQ and GAP in item.stem else None
    return f"“{found.group()}” tells the key by its place" if found else ""


def telling_cue(options: Sequence[str], best: int) -> str:
    """Of ways to decide, in whole sentences: whether absolutes or vague frequencies set the best apart."""
    cues = [bool(_DECISION_CUE.search(option)) for place, option in enumerate(options) if place != best]
    own = bool(_DECISION_CUE.search(options[best]))
    alone = (own and not any(cues)) or (not own and all(cues))
    return f"absolutes or vague frequencies tell “{options[best]}” from all others" if alone else ""


def telling_word(prompt: str, options: Sequence[str], best: int) -> str:
    """Of ways to decide: whether the best alone repeats a word of the prompt that is not among the commonest."""
    others = [option for place, option in enumerate(options) if place != best]
    for word in sorted(shared(options[best], prompt)):
        if rarity(word) > _COMMON and not any(shared(word, option) for option in others):
            return f"“{word}” of the prompt stands in “{options[best]}” alone"
    return ""
