"""Which words of a course are its terms, and which others a hint of length and first letter would fit as well."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from cpom_tutor.course import GlossaryEntry, Kind, Passage
from cpom_tutor.language import STOPWORDS, english_frequency, rarity, stem
from cpom_tutor.library import Library

LONGEST_TERM = 3
"""Words."""
_WORD = re.compile(r"[A-Za-z][\w-]*(?:[’'][a-z]+)?")
_QUOTED = re.compile(r"“([^“”]{2,40}?)[,.]?”")
_BREAK = re.compile(r"[,;:.?!()|/—“”\n]")
_ACRONYM = re.compile(r"(?<![\w<-])[A-Z]{3,6}s?(?![\w>-])")
_VAGUE = frozenset("other many such similar several various certain different new best same own modern".split())
_TELLING = 0.6
"""Mean rarity in English of the words of a phrase from which on it is a term."""
_NAMES_OF_PARTS = frozenset(kind.value for kind in Kind)

Words = tuple[str, ...]
Size = tuple[str, tuple[int, ...]]
"""A first letter, and the length of each word: what a hint gives."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of a course.

    Attributes:
        terms: in lower case: what labels, table cells and glossary name, what is quoted, and phrases that recur.
        abbreviations: as they are written.
        sized: all words and phrases without small words that a hint may mean, by what it gives.
    """

    terms: frozenset[str]
    abbreviations: frozenset[str]
    sized: dict[Size, frozenset[str]]

    def also_fits(self, answer: str) -> str:
        """Another word or phrase of the course with the answer's length and first letter; empty if there is none.

        An abbreviation is asked for as one, so that only another one fits as well.
        """
        if answer in self.abbreviations:
            alike = (other for other in sorted(self.abbreviations) if size_of(other) == size_of(answer))
            return next((other for other in alike if other != answer), "")
        same = {stem(word) for word in answer.lower().split()}
        others = self.sized.get(size_of(answer), frozenset())
        return next((other for other in sorted(others) if {stem(word) for word in other.split()} != same), "")


def vocabulary(library: Library) -> Vocabulary:
    """The vocabulary of the course that the library holds."""
    return _vocabulary(library.passages, library.glossary, library.code.lower())


def size_of(text: str) -> Size:
    """What a hint gives of it: its first letter, and the letters of each word."""
    words = text.lower().split()
    return words[0][:1], tuple(len(re.sub(r"[^\w]", "", word)) for word in words)


@lru_cache(maxsize=8)
def _vocabulary(passages: tuple[Passage, ...], glossary: tuple[GlossaryEntry, ...], code: str) -> Vocabulary:
    texts = [passage.text for passage in passages if not passage.kind.is_container]
    headings = list(dict.fromkeys(heading for passage in passages for heading in passage.heading_path))
    phrases = Counter(" ".join(words) for text in (*texts, *headings) for words in _phrases(text))
    recurring = {phrase for phrase, count in phrases.items() if count > 1 and " " in phrase}
    named = {name.lower() for passage in passages for name in (passage.name, passage.counterpart_name) if name}
    named |= {match[1].lower() for text in texts for match in _QUOTED.finditer(text)}
    named |= {term.lower() for entry in glossary for term in entry.course_terms if _expands(entry, term)}
    found = {term for term in recurring if _tells(term)} | {term for term in named if len(term.split()) <= LONGEST_TERM}
    abbreviations = frozenset(match.group() for text in texts for match in _ACRONYM.finditer(text))
    sized: dict[Size, set[str]] = {}
    for phrase in phrases:
        sized.setdefault(size_of(phrase), set()).add(phrase)
    empty = STOPWORDS | _NAMES_OF_PARTS | {code}
    return Vocabulary(
        frozenset(term for term in found if not set(term.split()) <= empty),
        frozenset(each for each in abbreviations if each.lower() != code),
        {size: frozenset(words) for size, words in sized.items()},
    )


def _expands(entry: GlossaryEntry, term: str) -> bool:
    """Whether a term of the course is what an abbreviation stands for, and not only near it."""
    same = {stem(word) for word in term.lower().split()} == {stem(word) for word in entry.means.lower().split()}
    return entry.kind == "abbreviation" and same


def _is_adverb(word: str) -> bool:
    return word.endswith("ly") and english_frequency(word[:-2]) > 0


def _tells(phrase: str) -> bool:
    """Whether a phrase that recurs is more than common words (“skill set”, “other similar credentials”)."""
    words = phrase.split()
    return words[0] not in _VAGUE and sum(map(rarity, words)) >= _TELLING * len(words)


def _phrases(text: str) -> Iterator[Words]:
    """Runs of one to three words without small words or marks between; a phrase does not begin or end with a verb."""
    for piece in _BREAK.split(text):
        words = [match.group().lower().removesuffix("’s") for match in _WORD.finditer(piece)]
        for start in range(len(words)):
            for end in range(start + 1, min(start + LONGEST_TERM, len(words)) + 1):
                run = tuple(words[start:end])
                if set(run) & STOPWORDS:
                    break
                if len(run) == 1 or not (run[0].endswith("ing") or _is_adverb(run[0]) or _is_adverb(run[-1])):
                    yield run
