"""Means and ends ("By controlling costs ..., the CPOM contributes to ..."), and whom the course promises what."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cpom_tutor.course import Passage, Span
from cpom_tutor.items import QuizItem
from cpom_tutor.language import content_stems
from cpom_tutor.library import Library
from cpom_tutor.practice.making import Option, cite, cite_labelled, label_citations, single_best
from cpom_tutor.practice.validators.cues import LONGEST_KEY
from cpom_tutor.practice.writers.balance import balanced
from cpom_tutor.practice.writers.families import addressees
from cpom_tutor.practice.writers.phrases import base_form

_BY = re.compile(
    r"^(?P<means>By [a-z]+ing .+?), (?P<who>they|it|he|she|(?:the|an?) [\w-]+)"
    r" (?P<verb>(?:can |will )?[a-z]+)(?P<end> .+?)(?:, [a-z]+ing .+)?\.$"
)
_SUBJECT = re.compile(r"^(?P<who>(?:An?|The) [\w-]+(?: [a-z]+)?) (?:is|are|can|has|have|will)\b")


@dataclass(frozen=True, slots=True)
class _Cause:
    passage: Passage
    span: Span
    means: str
    asks: str


def write(library: Library) -> Iterator[QuizItem]:
    """Candidates of means and ends, then of who is promised what."""
    causes = [cause for passage in library.passages for cause in _causes(passage)]
    for cause in causes:
        chosen = balanced(cause.means, [other for other in causes if other is not cause], lambda other: other.means)
        if len(chosen) < 2:
            continue
        decided = cite(cause.passage, cause.span)
        options = [Option(cause.means, "The course says so:", decided)]
        options += [
            Option(other.means, "The course names this for another end:", cite(other.passage, other.span))
            for other in chosen
        ]
        yield single_best(cause.asks, options, [decided], cause.passage, "cause")
    yield from _for_whom(library)


def _causes(passage: Passage) -> Iterator[_Cause]:
    for number, span in enumerate(passage.sentences):
        found = _BY.match(span.of(passage.text))
        if not found:
            continue
        who = found["who"]
        if not who.startswith(("the ", "a ", "an ")):
            earlier = _SUBJECT.match(passage.sentence_texts[number - 1]) if number else None
            if not earlier:
                continue
            who = earlier["who"][0].lower() + earlier["who"][1:]
        modal, _, verb = found["verb"].rpartition(" ")
        asks = f"According to the course, how {modal or 'does'} {who} {base_form(verb)}{found['end']}?"
        yield _Cause(passage, span, found["means"], asks)


def _for_whom(library: Library) -> Iterator[QuizItem]:
    """Whom a labelled paragraph under "For the ..." is meant for."""
    whom = addressees(library)
    people: dict[str, dict[str, Passage]] = {}
    for identifier, who in whom.items():
        passage = library.passage(identifier)
        people.setdefault(passage.heading_path[-2], {}).setdefault(who, passage)
    for identifier, who in whom.items():
        passage = library.passage(identifier)
        set_of = people[passage.heading_path[-2]]
        deciding = next((span for span in passage.sentences if _names_only(span.of(passage.text), who, set_of)), None)
        if deciding is None:
            continue
        decided = cite(passage, deciding)
        options = [Option(_short(who, set_of), f"The course has “{passage.name}” under {who}:", decided)]
        options += [
            Option(_capital(other), f"Under {other} the course has:", cite_labelled(set_of[other]))
            for other in set_of
            if other != who
        ]
        title = re.sub(r"^[\d.]+ ", "", passage.heading_path[-2])
        stem = f"For whom does the course list “{passage.name}”, in “{title}”?"
        yield single_best(stem, options, [decided], passage, "stakeholder", bound=label_citations(passage))


def _names_only(sentence: str, who: str, all_of_them: Iterable[str]) -> bool:
    """Whether the sentence names this one of the addressees and no other: then it decides for whom it is."""
    have = set(content_stems(sentence))
    heads = {each: set(content_stems(each.split()[-1])) for each in all_of_them}
    return heads[who] <= have and not any(heads[other] & have for other in heads if other != who)


def _short(who: str, all_of_them: Iterable[str]) -> str:
    """The addressee as an option: its last word where it is much longer than the others."""
    others = [len(other) for other in all_of_them if other != who]
    much_longer = len(who) > LONGEST_KEY * sum(others) / max(1, len(others))
    return _capital(f"the {who.split()[-1]}" if much_longer else who)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
