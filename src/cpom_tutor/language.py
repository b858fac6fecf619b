"""Words of a text, as the rules compare them: tokens, stems, numbers, names, negations."""

import math
import re
import threading
from functools import cache, lru_cache

import snowballstemmer
from spellchecker import SpellChecker

_TOKEN = re.compile(r"<\d+>|\$?\d[\d,]*(?:\.\d+)?[A-Za-z%]*|[A-Za-z]+(?:[’'][A-Za-z]+)?")
_STEMMER = snowballstemmer.stemmer("english")
_STEMMING = threading.Lock()  # the stemmer keeps the word that it works on
# British spellings are read as American ones, in questions and in the course alike, so a word that only looks
# British does no harm.
_SPELLINGS = (
    (re.compile(r"(?<=[a-z]{3})is(?=(?:e[sdr]?|ing|ations?|ers?)$)"), "iz"),
    (re.compile(r"(?<=[a-z]{4})our(?=s?$|ed$|ing$|al$)"), "or"),
    (re.compile(r"(?<=[a-z]{3})tre(?=s?$)"), "ter"),
    (re.compile(r"programme(?=s?$)"), "program"),
    (re.compile(r"^licence"), "license"),
)

STOPWORDS = frozenset(
    """
    a about above after again all also am an and any are as at be because been before being below
    between both but by can could did do does doing down during each etc few for from further had
    has have having he her here hers him his how i if in into is it its itself just like me more
    most my of off on once one only or other our out over own per same she should so some such than
    that the their theirs them then there these they this those through to too under until up upon
    very was we were what when where which while who whom why will with within would you your yours
    i'm i've it's that's what's don't doesn't isn't aren't can't won't us may might must shall get
    gets got getting really actually please tell say says said let lets
    """.split()
)

NEGATIONS = frozenset(
    """
    not no never none nothing neither nor without cannot can't won't isn't aren't doesn't don't
    didn't wasn't weren't shouldn't wouldn't couldn't hardly merely insufficient n't fails fail lack
    lacks
    """.split()
)

_NUMBER_WORDS = {
    word: str(value)
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
        "sixteen seventeen eighteen nineteen twenty".split()
    )
}
_NUMBER_WORDS |= {
    "first": "1",
    "second": "2",
    "third": "3",
    "fourth": "4",
    "fifth": "5",
    "twice": "2",
    "dozen": "12",
}
# "one" and "first", "second" are mostly pronouns and connectives: they count as numbers nowhere.
_MAGNITUDES = frozenset({"hundred", "thousand", "million", "billion", "trillion"})
_VAGUE = frozenset({"one", "first", "second", "zero"})
_CLAUSE_END = re.compile(r"[;:,—]|\bbut\b")
_NEGATION_REACH = 4  # content words after a negation that it is taken to govern
_SENTENCE_START = re.compile(r"(?:^|[.!?:;]\s+|[“\"(]\s*)$")


def plain(text: str) -> str:
    """The text without our Markdown emphasis and with one kind of apostrophe."""
    return text.replace("**", "").replace("’", "'").replace("`", "")


def american(word: str) -> str:
    """A lower-case word with British spelling written the American way; others as they are."""
    for pattern, replacement in _SPELLINGS:
        word = pattern.sub(replacement, word)
    return word


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The English (Porter2) stem of a lower-case word, British spelling read as American. Safe between threads."""
    with _STEMMING:
        found = str(_STEMMER.stemWord(american(word)))
    # The stemmer takes CSCs and GPOs for singulars.
    return found[:-1] if len(found) > 3 and found[-1] == "s" and found[-2] != "s" else found


@lru_cache(maxsize=8192)
def tokens(text: str) -> tuple[str, ...]:
    """Lower-case words and numbers, in order; 1,500 as 1500 and <797> as 797."""
    return tuple(token.lower().replace(",", "").strip("<>") for token in _TOKEN.findall(plain(text)))


@lru_cache(maxsize=8192)
def content_stems(text: str) -> tuple[str, ...]:
    """Stems of the words that carry meaning, in order, repetitions kept."""
    return tuple(stem(token.removesuffix("'s")) for token in tokens(text) if token not in STOPWORDS)


@lru_cache(maxsize=8192)
def numbers(text: str) -> frozenset[str]:
    """The numbers of a text, number words included ("five" is 5), thousands commas removed."""
    found: set[str] = set()
    for token in tokens(text):
        if any(character.isdigit() for character in token):
            found.add(token.replace(",", "").strip("<>$").rstrip("%"))
        elif token.removesuffix("s") in _MAGNITUDES:
            found.add(token.removesuffix("s"))
        elif token in _NUMBER_WORDS and token not in _VAGUE:
            found.add(_NUMBER_WORDS[token])
    return frozenset(found)


@lru_cache(maxsize=8192)
def names(text: str) -> frozenset[str]:
    """Acronyms, and capitalised words that do not merely start a sentence; lower case."""
    text = plain(text)
    found: set[str] = set()
    for match in re.finditer(r"(?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9&-]*", text):
        word = match.group()
        acronym = sum(character.isupper() for character in word) >= 2
        inside = word[0].isupper() and not _SENTENCE_START.search(text[: match.start()])
        if acronym or (inside and word.lower() not in STOPWORDS):
            found.add(word[:-1].lower() if acronym and word.endswith("s") else word.lower())
    return frozenset(found)


@lru_cache(maxsize=8192)
def denied_stems(text: str) -> frozenset[str]:
    """Stems that a negation governs: the next few content words of its clause."""
    found: set[str] = set()
    for clause in _CLAUSE_END.split(plain(text)):
        reach = 0
        for token in tokens(clause):
            if token in NEGATIONS or token.endswith("n't"):
                reach = _NEGATION_REACH
            elif reach and token not in STOPWORDS:
                found.add(stem(token))
                reach -= 1
    return frozenset(found)


def coverage(claim: str, evidence: str) -> float:
    """Share of the claim's content stems that the evidence has too, 0 to 1; 1 for a claim without any."""
    wanted = content_stems(claim)
    if not wanted:
        return 1.0
    have = set(content_stems(evidence))
    return sum(word in have for word in wanted) / len(wanted)


def english_frequency(word: str) -> int:
    """How often a general English word list (`pyspellchecker`'s) counts the word; 0 for an unknown one."""
    return int(_frequencies().get(word, 0))


@lru_cache(maxsize=65536)
def rarity(word: str) -> float:
    """How telling a lower-case word is in general English: 0 for the commonest to 1 for one seen under 50 times.

    The logarithm of how seldom it is, as in inverse document frequency (Sparck Jones, 1972), without a corpus: a
    course of one subject has its own subject in every passage.
    """
    total = _total()
    return min(1.0, math.log(total / (english_frequency(word) + 1)) / math.log(total / _SELDOM))


_SELDOM = 50


@cache
def _frequencies() -> dict[str, int]:
    return dict(SpellChecker().word_frequency.dictionary)


@cache
def _total() -> int:
    return sum(_frequencies().values())


def quoted(text: str) -> str:
    """The text between quotation marks; those inside it become single ones."""
    return f"“{text.replace('“', '‘').replace('”', '’')}”"
