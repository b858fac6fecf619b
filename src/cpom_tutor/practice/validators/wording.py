"""How the checks look at words: lead-ins, quotes, kindred words, and how much of a text another one covers."""

import re
from collections.abc import Iterable
from functools import lru_cache

from cpom_tutor.course import Passage
from cpom_tutor.grounding.sentences import split_sentences
from cpom_tutor.items import AcceptedKey, ChoiceKey, OrderKey, QuizItem
from cpom_tutor.language import STOPWORDS, content_stems, plain, stem, tokens
from cpom_tutor.library import Library
from cpom_tutor.practice.grading.predicates import predicate_at

GAP = "____"
_QUOTED = re.compile(r"“(?:[^“”]|“[^“”]*”)*”|\"[^\"]*\"")
_RELATIVE = re.compile(r"\b(?:that|which|who|where)\s+(?:\w+ly\s+)?$", re.IGNORECASE)
_GERUND = re.compile(r"[A-Z][a-z]+ing\b")
_FINITE = re.compile(r"(?:[a-z]+s|will|can|are|have|may|must|should|was|were|had)\b")
"""What follows a gerund that is a subject: “Managing it requires ...”."""
_KINDRED = 5
# What a stem of one word has after the stem of another of its family; any three letters will do too.
_ENDINGS = frozenset("ation atori ement ition itori ician istic ement abil ibil ment ator itiv ativ".split())


def lead_in(item_stem: str) -> str:
    """The last sentence of a stem: the question, after the story or the words that it is about."""
    spans = split_sentences(item_stem)
    return spans[-1].of(item_stem) if spans else ""


def quotes(text: str) -> list[str]:
    """What stands between quotation marks, outermost first."""
    return [found.group()[1:-1] for found in _QUOTED.finditer(text)]


def unquoted(text: str) -> str:
    """The text without what it quotes."""
    return _QUOTED.sub(" ", text)


def key_text(item: QuizItem) -> str:
    """The words of the key: the right option, or the course's own wording; for several, all of them."""
    key = item.key
    if isinstance(key, ChoiceKey):
        return item.options[key.index]
    if isinstance(key, AcceptedKey):
        return key.texts[0] if key.texts else ""
    return "; ".join(item.options[place] for place in key.indices) if isinstance(key, OrderKey) else ""


def distractors(item: QuizItem) -> tuple[str, ...]:
    """The wrong options of a multiple-choice item."""
    key = item.key
    wrong = key.index if isinstance(key, ChoiceKey) else -1
    return tuple(option for place, option in enumerate(item.options) if place != wrong)


def is_sentence(text: str) -> bool:
    """Whether the text is a whole sentence, and no heading or noun phrase: its first verb is in no relative clause."""
    if not text[:1].strip("“‘").isupper() and text[:1] not in "“‘":
        return False
    verb = predicate_at(text)
    if verb is not None and _GERUND.match(text) and not _FINITE.match(text, verb):
        return False
    return verb is not None and text.rstrip("”’").endswith((".", "!")) and not _RELATIVE.search(text[:verb])


@lru_cache(maxsize=65536)
def kindred(first: str, second: str) -> bool:
    """Whether two stems are of one family of words: "financi" and "financ", "oper" and "operat"."""
    if first == second:
        return True
    common = 0
    for one, other in zip(first, second, strict=False):
        if one != other:
            break
        common += 1
    endings = (first[common:], second[common:])
    return common >= _KINDRED and all(len(ending) <= 3 or ending in _ENDINGS for ending in endings)


@lru_cache(maxsize=8192)
def stems(text: str) -> frozenset[str]:
    """The content stems of a text, each once; the parts of a hyphened word count too."""
    return frozenset(content_stems(text))


@lru_cache(maxsize=8192)
def word_stems(text: str) -> frozenset[str]:
    """The stems of all words but articles: “how” and “who” may be all that two options differ in."""
    return frozenset(stem(token.removesuffix("'s")) for token in tokens(text)) - {"a", "an", "the"}


def shared(text: str, other: str) -> frozenset[str]:
    """The content stems of `text` that have kin in `other`."""
    have = stems(other)
    return frozenset(each for each in stems(text) if each in have or any(kindred(each, word) for word in have))


def covered(text: str, evidence: Iterable[str]) -> float:
    """Share of the text's content stems that stand in the evidence, 0 to 1; 1 for a text without any."""
    wanted = stems(text)
    if not wanted:
        return 1.0
    have = frozenset[str]().union(*map(stems, evidence))
    return len(wanted & have) / len(wanted)


def surroundings(passage: Passage, library: Library) -> tuple[str, ...]:
    """A passage's text with all that says what it is about: headings, columns, and the lead-in of its list."""
    introduction = library.lead_in(passage)
    return (passage.text, *passage.heading_path, *passage.columns, *([introduction.text] if introduction else []))


def bare(text: str) -> str:
    """The text in plain lower-case words, for finding one text in another."""
    return " ".join(tokens(text))


def stands_in(words: str, text: str) -> bool:
    """Whether the words stand in the text one after the other, whatever the punctuation."""
    wanted = bare(words)
    return bool(wanted) and f" {wanted} " in f" {bare(text)} "


@lru_cache(maxsize=64)
def runs(texts: tuple[str, ...], length: int) -> frozenset[tuple[str, ...]]:
    """Every run of so many content words of the texts, line by line, as stems."""
    return frozenset(run for text in texts for line in text.split("\n") for run in runs_of(line, length))


def runs_of(text: str, length: int) -> list[tuple[str, ...]]:
    """Every run of so many content words of a text, as stems; words between them do not count."""
    words = [stem(token.removesuffix("'s")) for token in tokens(plain(text)) if token not in STOPWORDS]
    return [tuple(words[start : start + length]) for start in range(len(words) - length + 1)]
