"""Sentences of the course with a gap where a term, an abbreviation, a number or a telling noun stands."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from cpom_tutor.course import Kind, Passage, Span
from cpom_tutor.grounding.lexicon import lexicon
from cpom_tutor.items import AcceptedKey, ItemKind, Level, QuizItem, Rationale
from cpom_tutor.language import STOPWORDS, content_stems, english_frequency, rarity, stem
from cpom_tutor.library import Library
from cpom_tutor.practice.making import cite, fact_of, item_id, topic_of
from cpom_tutor.practice.writers.families import analogy_of, full_name_of, name_of
from cpom_tutor.practice.writers.phrases import stands_alone
from cpom_tutor.series import series_of

GAP = "____"
_MOST, _TERM = 2, 3.0
"""Gaps of one sentence that become items, and the worth from which on the second does; a set shows one of them."""
_LEAST_CONTEXT = 6
"""Content words that a sentence keeps besides its gap."""
_TELLING = 1.5
"""Worth of a gap from which on the sentence fixes what stands in it; a noun without a modifier falls short."""
_LONGEST = 50
"""Words of a sentence that can still be read with a gap in it."""
_PAST = 0.5
"""A word whose past tense is so frequent, against the word itself, is a verb before it is a noun."""
_QUOTED = re.compile(r"“([A-Za-z][\w’ -]{2,30})”")
_ACRONYM = re.compile(r"(?<![\w<-])[A-Z]{3,6}s?(?![\w>-])")
_NUMBER = re.compile(
    r"(?<!<)\b(?:\d[\d,]*(?![\w>])|two|three|four|five|six|seven|eight|nine|ten|millions|thousands)\b(?!-)"
)
_NOUN = re.compile(
    r"(?P<before>[A-Za-z“][\w’-]*”?) (?P<noun>[a-z][a-z-]{4,})(?=(?:[.,;:—”]| (?:of|in|for|that|and|to)\b))"
)
_NOT_NOUN = re.compile(r"(?:ly|ed|ing|ive|ous|ful|able|ible|ate|ize)$")
_COUNTS = {2: "two", 3: "three", 4: "four"}
_ADJECTIVE = re.compile(r"(?:al|ic|ent|ant|ary|se|ess|ust)$")
_EMPTY = frozenset("today tomorrow level kind sort way case time part question thing others example".split())
_ARTICLES = frozenset("the a an of to in for on by with from and or is are be as at not its their her his".split())


@dataclass(frozen=True, slots=True)
class _Gap:
    span: Span
    worth: float
    also: tuple[str, ...] = ()


def write(library: Library) -> Iterator[QuizItem]:
    """Candidates sentence by sentence, the best gap of each first."""
    seen = Counter(word for passage in library.passages if not passage.parent for word in content_stems(passage.text))
    terms = _terms(library)
    scenes = {
        member.id: analogy_of(series) for series in series_of(library) if series.is_analogy for member in series.members
    }
    for passage in library.passages:
        if passage.kind is Kind.ROW:
            continue
        for number, sentence in enumerate(passage.sentences):
            words = sentence.of(passage.text)
            if words.endswith(("?", ":")):
                continue
            setting = _setting(passage, number, scenes)
            if len(words.split()) > _LONGEST:
                continue
            for rank, gap in enumerate(_gaps(words, terms, seen)[:_MOST]):
                if rank and gap.worth < _TERM:
                    break
                item = _item(passage, sentence, gap, setting)
                if item:
                    yield item


def _setting(passage: Passage, number: int, scenes: dict[str, str]) -> str:
    """What the reader must know to read the sentence: where it stands, or the sentence before it."""
    words = passage.sentence_texts[number]
    if passage.id in scenes:
        return f"In the analogy “{scenes[passage.id]}”, under “{passage.name}”:"
    if stands_alone(words):
        return ""
    if number and (stands_alone(passage.sentence_texts[number - 1]) or number > 1):
        return passage.sentence_texts[number - 1]
    return f"On “{full_name_of(passage)}” the course says:" if passage.name else ""


def _item(passage: Passage, sentence: Span, gap: _Gap, setting: str) -> QuizItem | None:
    words = sentence.of(passage.text)
    answer = gap.span.of(words)
    rest = f"{words[: gap.span.start]}{GAP}{words[gap.span.end :]}"
    if set(content_stems(answer)) & set(content_stems(f"{setting} {rest}")):
        return None
    if len(content_stems(rest)) < _LEAST_CONTEXT or (not setting and not stands_alone(words)):
        return None
    quoted = f"{setting}\n\n“{rest}”" if setting.endswith(":") else f"“{f'{setting} {rest}'.strip()}”"
    stem_text = f"Which {_size(answer)} completes this sentence of the course?\n\n{quoted}"
    cited = cite(passage, sentence)
    return QuizItem(
        id=item_id(ItemKind.CLOZE, stem_text, [answer]),
        kind=ItemKind.CLOZE,
        level=Level.RECALL,
        stem=stem_text,
        key=AcceptedKey((answer, *(other for other in gap.also if other.lower() not in stem_text.lower()))),
        citations=(cited,),
        rationales=(Rationale("The sentence of the course reads:", cited),),
        topic=topic_of(passage),
        fact=fact_of([cited]),
        origin="cloze",
    )


def _size(answer: str) -> str:
    """What is asked for; the first letter is given where other words would do."""
    if any(character.isdigit() for character in answer):
        return "number"
    if answer.removesuffix("s").isupper():
        return "abbreviation"
    count = len(answer.split())
    if count > 1:
        return f"phrase of {_COUNTS[count]} words, beginning with “{answer[0]}”,"
    return f"word, of {len(answer)} letters and beginning with “{answer[0]}”,"


def _gaps(words: str, terms: dict[str, tuple[str, ...]], seen: Counter[str]) -> list[_Gap]:
    """Gaps that a sentence offers, best first; none overlaps a better one."""
    found = [
        _Gap(Span(*match.span(1)), 5.0)
        for match in _QUOTED.finditer(words)
        if match[1].lower() not in STOPWORDS and len(match[1].split()) <= max(_COUNTS)
    ]
    found += [
        _Gap(Span(*match.span()), 4.0, terms[match.group().lower()])
        for match in _ACRONYM.finditer(words)
        if match.group().lower() in terms
    ]
    found += [_Gap(Span(*match.span()), 3.5) for match in _NUMBER.finditer(words)]
    for term, also in terms.items():
        place = words.lower().find(term)
        if place > 0 and term.count(" ") in (1, 2) and _is_whole(words, place, len(term)):
            found.append(_Gap(Span(place, place + len(term)), 3.0 + 0.2 * term.count(" "), also))
    found += [_Gap(Span(*match.span("noun")), _telling(match, seen)) for match in _NOUN.finditer(words)]
    kept: list[_Gap] = []
    for gap in sorted(found, key=lambda gap: (-gap.worth, gap.span.start)):
        if gap.worth >= _TELLING and not any(gap.span.overlaps(other.span) for other in kept):
            kept.append(gap)
    return kept


def _is_whole(words: str, place: int, length: int) -> bool:
    before, after = words[place - 1], words[place + length : place + length + 1]
    return not (before.isalnum() or before in "-<“" or after.isalnum() or after in tuple("->"))


def _telling(match: re.Match[str], seen: Counter[str]) -> float:
    """How well a noun is fixed by the words before it: a modifier, rare in English, at home in the course."""
    noun, before = match["noun"], match["before"].lower().strip("“”")
    if noun in STOPWORDS | _EMPTY or _NOT_NOUN.search(noun) or not _is_noun(noun):
        return 0.0
    if match.string.startswith((" and", ","), match.end()) and _ADJECTIVE.search(noun):
        return 0.0
    modified = before not in _ARTICLES and before not in STOPWORDS and not before.endswith("ly")
    return modified * (1.0 + rarity(before)) + 0.8 * rarity(noun) + 0.3 * (seen[stem(noun)] > 1)


def _is_noun(word: str) -> bool:
    """Adjectives are a kind of nothing in WordNet; a verb is met in the past tense as often as in the present."""
    words = lexicon()
    if not any(meaning in words.parents for meaning in words.meanings.get(stem(word), ())):
        return False
    base = word.removesuffix("s")
    past = max(map(english_frequency, (f"{base}ed", f"{base}d")))
    return past < _PAST * (english_frequency(word) + 1)


def _terms(library: Library) -> dict[str, tuple[str, ...]]:
    """The course's terms in lower case, with what else may be written for each."""
    found: dict[str, tuple[str, ...]] = {}
    for passage in library.passages:
        if passage.name and " " in passage.name:
            found.setdefault(name_of(passage).lower(), ())
    for entry in library.glossary:
        if entry.kind != "abbreviation" or entry.term == library.code:
            continue
        for term in entry.course_terms:
            same = {stem(word) for word in term.lower().split()} == {stem(word) for word in entry.means.lower().split()}
            found[term.lower()] = (entry.term,) if same else ()
        found[entry.term.lower()] = found[f"{entry.term.lower()}s"] = (entry.means,)
    return {term: also for term, also in found.items() if library.title.lower() not in term}
