"""What common English words have to do with each other, from WordNet 3.0 (licence: `wordnet-LICENSE.txt`).

The file is written by `python -m evals.make_lexicon`. A line is one meaning: its words as stems, the numbers of
the meanings it is a kind of, and those of its words that name a person; lines with `!` are
opposites, and those with `=` how frequent words are (a binary logarithm).
"""

import gzip
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

FILE = "wordnet.tsv.gz"
RARE = 9
"""Frequency class from which on a word counts as rare."""
_AGENTS = ("ician", "ologist")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """WordNet's common words, by stem.

    Attributes:
        meanings: stem -> its meanings.
        parents: meaning -> those it is a kind of.
        opposites: stem -> stems that mean the opposite.
        frequency: stem -> binary logarithm of its occurrences in ordinary text; rare words have none.
        people: words (in the singular) that name a person in their usual sense.
    """

    meanings: dict[str, tuple[int, ...]]
    parents: dict[int, tuple[int, ...]]
    opposites: dict[str, frozenset[str]]
    frequency: dict[str, int]
    people: frozenset[str]


@cache
def lexicon() -> Lexicon:
    """The lexicon, read at first use (some 50 ms)."""
    meanings: dict[str, list[int]] = {}
    parents: dict[int, tuple[int, ...]] = {}
    opposites: dict[str, set[str]] = {}
    frequency: dict[str, int] = {}
    people: set[str] = set()
    text = gzip.decompress(files("cpom_tutor.grounding").joinpath(FILE).read_bytes()).decode()
    for number, line in enumerate(text.splitlines()):
        first, second, *rest = line.split("\t")
        if first == "!":
            one, other = second.split()
            opposites.setdefault(one, set()).add(other)
            opposites.setdefault(other, set()).add(one)
            continue
        if first[0] == "=":
            frequency |= dict.fromkeys(second.split(), int(first[1:]))
            continue
        stems = first.split()
        for stem in stems:
            meanings.setdefault(stem, []).append(number)
        if second:
            parents[number] = tuple(map(int, second.split()))
        people.update(rest[0].split())
    return Lexicon(
        {stem: tuple(numbers) for stem, numbers in meanings.items()},
        parents,
        {stem: frozenset(others) for stem, others in opposites.items()},
        frequency,
        frozenset(people),
    )


def rarity(stem: str) -> float:
    """How much a word tells by being there: 0 for the commonest, 1 for a rare one."""
    return min(1.0, max(0.0, (20 - lexicon().frequency.get(stem, RARE)) / (20 - RARE)))


def is_person(word: str) -> bool:
    """Whether a lower-case word, singular or plural, names a person."""
    people, singular = lexicon().people, word.removesuffix("s")
    return word in people or singular in people or singular.endswith(_AGENTS)


@lru_cache(maxsize=65536)
def kinship(one: str, other: str) -> float:
    """How near two stems are in meaning: 1 the same, 0.7 one is a kind of the other, 0.4 two of a kind, else 0."""
    if one == other:
        return 1.0
    words = lexicon()
    mine, theirs = set(words.meanings.get(one, ())), set(words.meanings.get(other, ()))
    if not mine or not theirs:
        return 0.0
    if mine & theirs:
        return 1.0
    my_parents = {parent for number in mine for parent in words.parents.get(number, ())}
    their_parents = {parent for number in theirs for parent in words.parents.get(number, ())}
    if my_parents & theirs or their_parents & mine:
        return 0.7
    return 0.4 if my_parents & their_parents else 0.0


def are_opposites(one: str, other: str) -> bool:
    """Whether one stem means the opposite of the other."""
    return other in lexicon().opposites.get(one, ())
