"""Whole sentences of the course with a gap where one of its terms, abbreviations or quoted phrases stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from cpom_tutor.course import Kind, Passage, Span
from cpom_tutor.items import AcceptedKey, ItemKind, Level, QuizItem, Rationale
from cpom_tutor.language import STOPWORDS, content_stems, quoted, stem
from cpom_tutor.library import Library
from cpom_tutor.practice.making import cite, fact_of, item_id, topic_of
from cpom_tutor.practice.validators.vocabulary import LONGEST_TERM, Vocabulary, size_of, vocabulary
from cpom_tutor.practice.validators.wording import is_sentence
from cpom_tutor.practice.writers.families import analogy_of, full_name_of
from cpom_tutor.practice.writers.phrases import stands_alone
from cpom_tutor.series import series_of

GAP = "____"
_MOST = 2
"""Gaps of one sentence that become items; a set shows one of them."""
_LEAST_CONTEXT = 6
"""Content words that a sentence keeps besides its gap."""
_LONGEST = 50
"""Words of a sentence that can still be read with a gap in it."""
_QUOTED = re.compile(r"“([A-Za-z][\w’ -]{2,30})”")
_ACRONYM = re.compile(r"(?<![\w<-])[A-Z]{3,6}s?(?![\w>-])")
_COUNTS = {2: "two", 3: "three"}


@dataclass(frozen=True, slots=True)
class _Gap:
    span: Span
    worth: float
    also: tuple[str, ...] = ()


def write(library: Library) -> Iterator[QuizItem]:
    """Candidates sentence by sentence, the best gap of each first."""
    known, expansions = vocabulary(library), _expansions(library)
    scenes = {
        member.id: analogy_of(series) for series in series_of(library) if series.is_analogy for member in series.members
    }
    for passage in library.passages:
        if passage.kind is Kind.ROW:
            continue
        for number, sentence in enumerate(passage.sentences):
            words = sentence.of(passage.text)
            if not is_sentence(words) or len(words.split()) > _LONGEST:
                continue
            setting = _setting(passage, number, scenes)
            gaps = (gap for gap in _gaps(words, known, expansions) if not _heads(gap.span.of(words), passage, library))
            for gap in islice(gaps, _MOST):
                item = _item(passage, sentence, gap, setting)
                if item:
                    yield item


def _heads(answer: str, passage: Passage, library: Library) -> bool:
    """Whether it is part of a title: the course's own stands everywhere, and a heading stands in other questions."""
    return any(answer.lower() in title.lower() for title in (library.title, *passage.heading_path))


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
    told = f"{setting}\n\n{quoted(rest)}" if setting.endswith(":") else quoted(f"{setting} {rest}".strip())
    stem_text = f"Which {_size(answer)} completes this sentence of the course?\n\n{told}"
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
    """What is asked for, with its length and first letter, which decide between it and other words of the course."""
    letters = [str(count) for count in size_of(answer)[1]]
    if answer.removesuffix("s").isupper():
        return f"abbreviation, of {letters[0]} letters and beginning with “{answer[0]}”,"
    if len(letters) > 1:
        sizes = f"{', '.join(letters[:-1])} and {letters[-1]}"
        return f"phrase of {_COUNTS[len(letters)]} words, of {sizes} letters and beginning with “{answer[0]}”,"
    return f"word, of {letters[0]} letters and beginning with “{answer[0]}”,"


def _gaps(words: str, known: Vocabulary, expansions: dict[str, tuple[str, ...]]) -> list[_Gap]:
    """Gaps that a sentence offers, best first; none overlaps a better one."""
    found = [
        _Gap(Span(*match.span(1)), 5.0)
        for match in _QUOTED.finditer(words)
        if match[1].lower() not in STOPWORDS and len(match[1].split()) <= LONGEST_TERM
    ]
    found += [
        _Gap(Span(*match.span()), 4.0, expansions.get(match.group().lower(), ()))
        for match in _ACRONYM.finditer(words)
        if match.group() in known.abbreviations and words[: match.start()][-1:] != "("
    ]
    for term in known.terms:
        place = words.lower().find(term)
        if place > 0 and " " in term and _is_whole(words, place, len(term)) and not _goes_on(words, place, term, known):
            span = Span(place, place + len(term))
            found.append(_Gap(span, 2.0 + 0.2 * term.count(" "), expansions.get(term, ())))
    kept: list[_Gap] = []
    for gap in sorted(found, key=lambda gap: (-gap.worth, gap.span.start, gap.span.end)):
        fits = not known.also_fits(gap.span.of(words)) and len(gap.span.of(words).split()) <= LONGEST_TERM
        if fits and not any(gap.span.overlaps(other.span) for other in kept):
            kept.append(gap)
    return kept


def _is_whole(words: str, place: int, length: int) -> bool:
    before, after = words[place - 1], words[place + length : place + length + 1]
    return not (before.isalnum() or before in "-<“" or after.isalnum() or after in tuple("->"))


def _goes_on(words: str, place: int, term: str, known: Vocabulary) -> bool:
    """Whether the term begins or ends in the middle of another one: “chain management” after “supply”."""
    before, after = words[:place].split(" ")[-2:-1], words[place + len(term) :].split(" ")[1:2]
    joined = [f"{word} {term.split()[0]}" for word in before] + [f"{term.split()[-1]} {word}" for word in after]
    return any(each.lower().rstrip(".,;:") in known.terms for each in joined)


def _expansions(library: Library) -> dict[str, tuple[str, ...]]:
    """What else may be written for an abbreviation, or for the words that one stands for."""
    found: dict[str, tuple[str, ...]] = {}
    for entry in library.glossary:
        if entry.kind != "abbreviation" or entry.term == library.code:
            continue
        for term in entry.course_terms:
            if {stem(word) for word in term.lower().split()} == {stem(word) for word in entry.means.lower().split()}:
                found[term.lower()] = (entry.term,)
        found[entry.term.lower()] = found[f"{entry.term.lower()}s"] = (entry.means,)
    return found
