"""Does the claim deny what the evidence states, or state what it denies, in whatever words?"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cpom_tutor.grounding.alignment import Word
from cpom_tutor.grounding.lexicon import are_opposites
from cpom_tutor.language import content_stems

Numbers = NDArray[np.float64]
_DENIES = re.compile(
    r"\b(?:not|no|never|none|nothing|neither|nor|without|cannot|hardly|rarely|seldom|nobody|unable|lacks?|fails?|failed"
    r"|insufficient|rather than|instead of|free from|\w+n't)\b",
    re.IGNORECASE,
)
_NOT_ALONE = re.compile(r"\b(?:not|\w+n't) (?:just|only|merely|simply|limited to|confined to)\b", re.IGNORECASE)
_ENDS = re.compile(r"[;:,—.]|\b(?:but|because|since|while|which|and)\b", re.IGNORECASE)
_OTHERWISE = re.compile(
    r"\b(?:un\w+|in\w+able|prevent\w*|avoid\w*|stop\w*|keep\w*|kept|fail\w*|without|instead|rather|lack\w*|miss\w*"
    r"|wrong\w*|differ\w*|other than|more than|beyond|far from|hard\w*|difficult\w*|little|few|less|only"
    r"|not (?:all|every|everyone)|even|although|though|mistake\w*|myth|weak\w*)\b",
    re.IGNORECASE,
)
"""With one of these a sentence may deny without a denial, or deny less than all."""
_REACH = 4  # content words that a denial governs
_ENOUGH = 2  # words that one side denies and the other states, from which on they disagree


def polarity(
    claim: str, mine: Sequence[Word], evidence: str, theirs: Sequence[Word], answers: Numbers, likeness: Numbers
) -> dict[str, float]:
    """What the combiner weighs of denials and opposites, by name; all finite.

    Args:
        claim, evidence: the texts.
        mine, theirs: their content words.
        answers: how well each word of the evidence (column) answers to each of the claim (row), 0 to 1.
        likeness: cosine of the same words in their places.
    """
    here, there = denied_words(claim, mine), denied_words(evidence, theirs)
    stated_there, denied_there = _best(answers, ~there), _best(answers, there)
    stated_here, denied_here = _best(answers.T, ~here), _best(answers.T, here)
    denial = float(np.clip(stated_there - denied_there, 0.0, 1.0)[here].max(initial=0.0))
    lost = np.sort(np.clip(stated_here - denied_here, 0.0, 1.0)[there])[::-1]
    return {
        "denies": float(here.any()),
        "denies_stated": denial,
        "denies_outright": denial * float(not _NOT_ALONE.search(claim)),
        "denies_alone": denial * float(not there.any()),
        "denies_denied": float(denied_there[here].max(initial=0.0)),
        "states_denied": float(lost[:1].max(initial=0.0)),
        "states_denied2": float(lost[:2].mean()) if len(lost) else 0.0,
        "opposite_words": _opposite(mine, theirs, answers, likeness),
    }


def disagreement(claim: str, sentences: Sequence[str]) -> tuple[str, ...]:
    """Words (stems) that the claim denies and a sentence of the evidence plainly states, or the other way about."""
    if _NOT_ALONE.search(claim) or _OTHERWISE.search(claim):
        return ()
    said, denied = set(content_stems(claim)), _denied_stems(claim)
    for sentence in sentences:
        if _NOT_ALONE.search(sentence):
            continue
        there = _denied_stems(sentence)
        stated = not there and not _DENIES.search(sentence) and not _OTHERWISE.search(sentence)
        disputed = denied & set(content_stems(sentence)) if stated else set()
        if not _DENIES.search(claim) and not re.search(r"\bwithout\b", sentence, re.IGNORECASE):
            disputed = there & said if 2 * len(there & said) >= len(there) else set()
        if len(disputed) >= _ENOUGH:
            return tuple(sorted(disputed))
    return ()


def _denied_stems(text: str) -> set[str]:
    found: set[str] = set()
    for denial in _DENIES.finditer(text):
        end = _ENDS.search(text, denial.end())
        found |= set(content_stems(text[denial.end() : end.start() if end else len(text)])[:_REACH])
    return found


def denied_words(text: str, words: Sequence[Word]) -> NDArray[np.bool_]:
    """Which of the content words a denial governs: the next few of its clause."""
    flags = np.zeros(len(words), dtype=bool)
    for found in _DENIES.finditer(text):
        end = _ENDS.search(text, found.end())
        last = end.start() if end else len(text)
        governed = [number for number, word in enumerate(words) if found.end() <= word.start < last]
        flags[governed[:_REACH]] = True
    return flags


def _best(answers: Numbers, chosen: NDArray[np.bool_]) -> Numbers:
    """For each row the best of the chosen columns; 0 where there are none."""
    if not chosen.any():
        return np.zeros(len(answers))
    return np.asarray(answers[:, chosen].max(axis=1), dtype=np.float64)


def _opposite(mine: Sequence[Word], theirs: Sequence[Word], answers: Numbers, likeness: Numbers) -> float:
    """How alike in their places a word of the claim and its opposite of the evidence are; less if both have both."""
    worst = 0.0
    for row, word in enumerate(mine):
        for column, other in enumerate(theirs):
            if are_opposites(word.stem, other.stem):
                worst = max(worst, float(likeness[row, column]) * (1.0 if answers[row].max() < 1.0 else 0.5))
    return worst
