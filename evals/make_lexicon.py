"""python -m evals.make_lexicon WORDNET_FOLDER: writes the checker's lexicon from WordNet 3.0's database files.

Kept are common words only (those of the spelling dictionary, by their usual senses), as stems: which words share a
meaning, which meaning is a kind of which, which words are opposites, and which name people or bodies of people.
The folder is Debian's `/usr/share/wordnet` (package wordnet-base), or `dict/` of Princeton's archive.
"""

import gzip
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from spellchecker import SpellChecker

from cpom_tutor.grounding.lexicon import FILE
from cpom_tutor.language import STOPWORDS, stem

PARTS = ("noun", "verb", "adj", "adv")
USUAL = 3
"""A word's senses beyond the third are rare; they would make synonyms of strangers."""
COMMON = 120
"""Occurrences in the spelling dictionary's counts, below which a word is left out."""
AGENTIVE = (
    "er",
    "or",
    "ist",
    "ian",
    "ant",
    "ent",
    "ee",
    "man",
    "cook",
    "chief",
    "coach",
    "nurse",
    "clerk",
    "judge",
    "host",
    "pilot",
    "guard",
)
PERSON = 18
"""WordNet's lexicographer file of people."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """One synset, as far as it is kept.

    Attributes:
        key: part of speech and offset.
        stems: its common words, as stems.
        parents: what it is a kind of.
        alike: for an adjective, the head that it is a shade of, or its shades.
        opposites: synsets that mean the opposite.
        person: words (no stems: an operator is a person, an operation none) that name a person by it.
    """

    key: str
    stems: tuple[str, ...]
    parents: tuple[str, ...]
    alike: tuple[str, ...]
    opposites: tuple[str, ...]
    person: tuple[str, ...]


def main(arguments: list[str]) -> int:
    """Writes the lexicon; returns the exit code."""
    if len(arguments) != 1 or not Path(arguments[0], "data.noun").is_file():
        say = "Name the folder that holds data.noun; type: python -m evals.make_lexicon /usr/share/wordnet\n"
        sys.stderr.write(say)
        return 2
    folder = Path(arguments[0])
    counts = SpellChecker().word_frequency.dictionary
    common = frozenset(word for word, count in counts.items() if count >= COMMON and word not in STOPWORDS)
    meanings = [meaning for part in PARTS for meaning in _meanings(folder, part, common)]
    _write(meanings, _frequencies(counts, common))
    return 0


def _frequencies(counts: Mapping[str, int], common: frozenset[str]) -> dict[int, list[str]]:
    """Frequency class (binary logarithm of the occurrences of all forms) -> stems."""
    totals: Counter[str] = Counter()
    for word in sorted(common):
        totals[stem(word)] += counts[word]
    classes: dict[int, list[str]] = {}
    for stemmed, total in sorted(totals.items()):
        classes.setdefault(total.bit_length(), []).append(stemmed)
    return dict(sorted(classes.items()))


def _meanings(folder: Path, part: str, common: frozenset[str]) -> Iterator[Meaning]:
    letters = {"noun": "n", "verb": "v", "adj": "as", "adv": "r"}[part]
    ranks = _ranks(folder, part)
    nouns = _nouns_of_people(folder)
    for line in (folder / f"data.{part}").read_text("latin-1").splitlines():
        if line.startswith(" "):
            continue
        fields = line.split(" | ")[0].split()
        count = int(fields[3], 16)
        words = [fields[4 + 2 * place].split("(")[0].lower() for place in range(count)]
        pointers = fields[5 + 2 * count :]
        relations = [pointers[place : place + 4] for place in range(0, 4 * int(fields[4 + 2 * count]), 4)]
        same_part = [(sign, f"{part}{to}") for sign, to, kind, _ in relations if kind in letters]
        kept = [word for word in words if word in common and ranks.get((word, fields[0]), 99) <= USUAL]
        person = part == "noun" and int(fields[1]) == PERSON
        first = [word for word in kept if person and ranks[word, fields[0]] == 1 and nouns[word]]
        yield Meaning(
            f"{part}{fields[0]}",
            tuple(dict.fromkeys(map(stem, kept))),
            tuple(key for sign, key in same_part if sign in ("@", "@i")),
            tuple(key for sign, key in same_part if sign == "&"),
            tuple(dict.fromkeys(key for sign, key in same_part if sign == "!")),
            tuple(first),
        )


def _nouns_of_people(folder: Path) -> dict[str, bool]:
    """Noun -> whether it is a noun before all: it is nothing else, or ends like an agent and was seen as a person."""
    other = {
        line.split()[0] for part in PARTS[1:] for line in (folder / f"index.{part}").read_text("latin-1").splitlines()
        if not line.startswith(" ")
    }  # fmt: skip
    seen = {
        line.split("%")[0]
        for line in (folder / "cntlist.rev").read_text("latin-1").splitlines()
        if f"%1:{PERSON}:" in line
    }
    nouns = (line.split()[0] for line in (folder / "index.noun").read_text("latin-1").splitlines() if line[0] != " ")
    return {word: word not in other or (word in seen and word.endswith(AGENTIVE)) for word in nouns}


def _ranks(folder: Path, part: str) -> dict[tuple[str, str], int]:
    """(word, synset) -> which of the word's senses it is, from 1, by frequency."""
    found: dict[tuple[str, str], int] = {}
    for line in (folder / f"index.{part}").read_text("latin-1").splitlines():
        if line.startswith(" "):
            continue
        fields = line.split()
        for rank, offset in enumerate(fields[6 + int(fields[3]) :], 1):
            found[fields[0], offset] = rank
    return found


def _write(meanings: list[Meaning], frequencies: dict[int, list[str]]) -> None:
    kept = [meaning for meaning in meanings if meaning.stems]
    numbers = {meaning.key: number for number, meaning in enumerate(kept)}
    lines = [
        "\t".join(
            [" ".join(meaning.stems),
             " ".join(str(numbers[key]) for key in (*meaning.parents, *meaning.alike) if key in numbers),
             " ".join(meaning.person)]
        )
        for meaning in kept
    ]  # fmt: skip
    opposites = _opposites(meanings)
    lines += ["!\t" + " ".join(pair) for pair in opposites]
    lines += [f"={number}\t{' '.join(stems)}" for number, stems in frequencies.items()]
    target = Path(__file__).parents[1] / "src" / "cpom_tutor" / "grounding" / FILE
    with target.open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, filename="") as packed:
        packed.write(("\n".join(lines) + "\n").encode())
    sys.stderr.write(f"{len(kept)} meanings, {len(opposites)} opposites, {target.stat().st_size // 1024} KB\n")


def _opposites(meanings: list[Meaning]) -> list[tuple[str, str]]:
    """Pairs of stems that mean the opposite: the words of two opposite synsets, and an adjective's shades."""
    by_key = {meaning.key: meaning for meaning in meanings}
    shared = {(one, other) for meaning in meanings for one in meaning.stems for other in meaning.stems}
    found = set()
    for meaning in meanings:
        mine = [meaning, *(by_key[key] for key in meaning.alike)]
        for target in meaning.opposites:
            theirs = [by_key[target], *(by_key[key] for key in by_key[target].alike)]
            for here, there in ((mine[:1], theirs), (mine, theirs[:1])):
                for one in (word for each in here for word in each.stems):
                    for other in (word for each in there for word in each.stems):
                        if one != other and (one, other) not in shared:
                            found.add((min(one, other), max(one, other)))
    return sorted(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
