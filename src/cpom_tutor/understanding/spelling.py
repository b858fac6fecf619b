"""Spelling tolerance: unknown words become the nearest word of the course, or of English.

`pyspellchecker`'s English word list says what is a word; `rapidfuzz` measures the distance (restricted
Damerau-Levenshtein). The course's own words come first, and a word that exists is never changed: a learner
who writes "manger" is asked about rather than corrected by force of habit.
"""

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA
from spellchecker import SpellChecker

from cpom_tutor.language import american

_WORD = re.compile(r"[A-Za-z][A-Za-z’'-]*")
_SHORTEST = 4  # letters: shorter words are abbreviations more often than mistakes
_COMMON = 20_000  # English words that an unknown word may be mended to

# What a phone's keyboard leaves out. Not mistakes of spelling, so no distance finds them.
SHORT_FORMS = {
    "whats": "what's",
    "wats": "what's",
    "wat": "what",
    "wut": "what",
    "dont": "don't",
    "doesnt": "doesn't",
    "isnt": "isn't",
    "arent": "aren't",
    "cant": "can't",
    "wont": "won't",
    "im": "I'm",
    "ive": "I've",
    "hows": "how's",
    "whys": "why's",
    "wheres": "where's",
    "whos": "who's",
    "thats": "that's",
    "u": "you",
    "ur": "your",
    "r": "are",
    "y": "why",
    "pls": "please",
    "plz": "please",
    "thx": "thanks",
    "ty": "thanks",
    "tho": "though",
    "bc": "because",
    "cuz": "because",
    "coz": "because",
    "diff": "difference",
    "btw": "between",
    "govt": "government",
    "mgmt": "management",
    "mgr": "manager",
    "cert": "certification",
    "certs": "certifications",
    "ops": "operations",
    "info": "information",
    "waht": "what",
    "whta": "what",
    "teh": "the",
    "hte": "the",
    "em": "them",
    "ppl": "people",
    "yr": "year",
    "yrs": "years",
    "hr": "hour",
    "hrs": "hours",
    "shd": "should",
    "abt": "about",
    "w": "with",
    "n": "and",
    "v": "versus",
    "cos": "because",
    "clin": "clinical",
    "qs": "questions",
    "tmrw": "tomorrow",
    "gonna": "going to",
    "wanna": "want to",
    "gotta": "have to",
    "kinda": "kind of",
}


_SLASHED = (
    (re.compile(r"\bw/o\b", re.IGNORECASE), "without"),
    (re.compile(r"\bb/w\b", re.IGNORECASE), "between"),
    (re.compile(r"\bb/c\b", re.IGNORECASE), "because"),
    (re.compile(r"\bw/\s*", re.IGNORECASE), "with "),
    (
        re.compile(
            r"\bits\b(?=\s+(?:about|an?|the|not|just|only|like|all|for|more|that|when|really)\b)", re.IGNORECASE
        ),
        "it's",
    ),
    (re.compile(r"[\s,]*\b(?:lol|lmao|haha+|omg)\b[\s,]*(?=[?.!]*$)", re.IGNORECASE), ""),
)


class Speller:
    """Mends the spelling of a question.

    Args:
        course_words: words of the course and its glossary; any case.
    """

    def __init__(self, course_words: Iterable[str]) -> None:
        self._course = frozenset(word.lower() for word in course_words if len(word) > 1)
        self._long = sorted(word for word in self._course if len(word) >= _SHORTEST)
        self._nearest = lru_cache(maxsize=4096)(self._find_nearest)

    def mend(self, text: str) -> str:
        """The text with unknown words replaced by their nearest known word; everything else unchanged."""
        for slashed, whole in _SLASHED:
            text = slashed.sub(whole, text)
        return _WORD.sub(lambda match: self._mend_word(match.group()), text)

    def _mend_word(self, word: str) -> str:
        lower = word.lower().replace("’", "'")
        if lower in SHORT_FORMS:
            return SHORT_FORMS[lower]
        if len(word) < _SHORTEST or word.isupper() or "'" in lower or "-" in lower:
            return word
        for known in (lower, lower.removesuffix("s"), american(lower)):
            if known in self._course or known in _english():
                return word
        return self._nearest(lower) or word

    def _find_nearest(self, word: str) -> str:
        reach = 1 if len(word) <= 5 else 2
        ours = process.extractOne(word, self._long, scorer=OSA.distance, score_cutoff=reach)
        english = process.extractOne(word, _common_english(), scorer=OSA.distance, score_cutoff=reach)
        # On a tie the course's word is the likelier one in a question about the course.
        if ours and (not english or ours[1] <= english[1]):
            return str(ours[0])
        return str(english[0]) if english else ""


@cache
def _english() -> frozenset[str]:
    return frozenset(SpellChecker().word_frequency.dictionary)


@cache
def _common_english() -> list[str]:
    counts = SpellChecker().word_frequency.dictionary
    longest = [word for word in counts if len(word) >= _SHORTEST and "'" not in word]
    return sorted(longest, key=lambda word: (-counts[word], word))[:_COMMON]
