"""Slips of the finger put right before an answer is read, towards the words of the rubric and the course."""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations

from rapidfuzz.distance import DamerauLevenshtein

from cpom_tutor.language import english_frequency, plain

Mend = Callable[[str], str]

_WORD = re.compile(r"(?<![A-Za-z'])[A-Za-z]{3,}(?![A-Za-z]*')")
_RUN = re.compile(r"[A-Z][A-Za-z]*(?:[ -][A-Za-z]+)+")
# As phones write them; "its", "were", "well" and the like are other words as often.
_RUN_TOGETHER = {
    f"{verb}nt": f"{verb}n't" for verb in "do does did ca wo is are was were has have had could would should".split()
} | {"theres": "there's", "thats": "that's", "youre": "you're", "theyre": "they're", "youve": "you've"}
_LONG = 7
"""Letters of a typed word from which on two slips are forgiven; one below."""
_SHORT = 5
_LEAST_INITIALS = 3
_COMMON = 200
"""Uses in general English from which on letters are a word, and not initials."""


def mender(texts: Iterable[str]) -> Mend:
    """What puts a text's spelling right by the words of these texts, and writes out their initials ("CSC").

    Only a word that is in no dictionary is touched, and only where it is a slip or two from one of these words. What
    is shown to the learner stays as typed; this is for reading alone.
    """
    texts = [plain(text) for text in texts]
    known = {word.lower() for text in texts for word in _WORD.findall(text)}
    known |= {word.removesuffix("s") for word in known}
    initials = {short: words for text in texts for short, words in _initials(text)}

    def right(found: re.Match[str]) -> str:
        word = found.group().lower()
        if word in _RUN_TOGETHER:
            return _RUN_TOGETHER[word]
        if word in known or english_frequency(word) > _COMMON:
            return found.group()
        if word in initials or word.removesuffix("s") in initials:
            return initials.get(word) or initials[word.removesuffix("s")]
        most = 2 if len(word) >= _LONG else 1
        if len(word) < _SHORT or english_frequency(word):
            return found.group()
        near = [(DamerauLevenshtein.distance(word, other, score_cutoff=most), other) for other in sorted(known)]
        slips, best = min(near, default=(most + 1, ""))
        return best if slips <= most else found.group()

    return lambda text: _WORD.sub(right, plain(text))


def _initials(text: str) -> Iterator[tuple[str, str]]:
    """Runs of words with their initials."""
    for run in _RUN.findall(text):
        words = [word for word in re.split(r"[\s-]+", run) if word]
        for start, end in combinations(range(len(words) + 1), 2):
            if end - start >= _LEAST_INITIALS:
                yield "".join(word[0] for word in words[start:end]).lower(), " ".join(words[start:end])
