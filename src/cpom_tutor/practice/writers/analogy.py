"""An analogy in both directions: what stands for what, and what the one does when the other does this."""

import re
from collections.abc import Iterator

from cpom_tutor.course import Citation, Kind, Passage, Span
from cpom_tutor.items import QuizItem
from cpom_tutor.language import quoted
from cpom_tutor.library import Library
from cpom_tutor.practice.making import Option, cite, cite_around, label_citations, single_best
from cpom_tutor.practice.writers.balance import balanced
from cpom_tutor.practice.writers.families import Family, analogy_of, families

_TENOR = re.compile(r"^This is (?P<who>(?:the|an?) [\w-]+) (?P<does>[a-z]+ing\b.+?)\.$")
_BRACKET = re.compile(
    r"(?:\b(?:of|creating|an?|the|with|for) )(?P<vehicle>(?:[a-z-]+ )?[a-z-]+) \((?P<tenor>[a-z][\w -]+)\)"
)


def write(library: Library) -> Iterator[QuizItem]:
    """Candidates of every analogy: its pairs, what they do, and pictures explained in brackets."""
    for family in families(library):
        if family.series.is_analogy:
            scene = f"In the analogy “{analogy_of(family.series)}”"
            for pair in family.members:
                yield from _pair(family, pair, scene)
                yield from _doing(family, pair, scene)
    for passage in library.passages:
        if passage.kind is Kind.ANALOGY:
            yield from _pictures(passage)


def names_span(pair: Passage) -> Span:
    """Where a pair's two names stand, with the bracket after the second."""
    start = pair.label.start if pair.label else 0
    end = pair.counterpart.end if pair.counterpart else len(pair.text)
    return Span(start, end + 1 if pair.text[end : end + 1] == ")" else end)


def _pair(family: Family, pair: Passage, scene: str) -> Iterator[QuizItem]:
    if not pair.counterpart_name:
        return
    decided = cite(pair, names_span(pair))
    others = [other for other in family.members if other is not pair and other.counterpart_name]
    for forth in (True, False):

        def side(member: Passage, forth: bool = forth) -> str:
            return member.counterpart_name if forth else member.name

        chosen = balanced(side(pair), others, side)
        if len(chosen) < 2:
            continue
        told = pair.name if forth else pair.counterpart_name
        asks = f"what does “{told}” stand for" if forth else f"what stands for “{told}”"
        key = Option(side(pair), "The course puts the two side by side:", decided)
        distractors = [
            Option(side(other), f"“{other.name}” and “{other.counterpart_name}” belong together:",
                   cite(other, names_span(other)))
            for other in chosen
        ]  # fmt: skip
        yield single_best(f"{scene}, {asks}?", [key, *distractors], [decided], pair, "analogy")


def _doing(family: Family, pair: Passage, scene: str) -> Iterator[QuizItem]:
    """From what the one does to what the other does, and to the name of it."""
    found = _tenor(pair)
    if not found:
        return
    who, does, span = found
    others = [other for other in family.members if other is not pair and _tenor(other)]
    decided = cite(pair, span)
    chosen = balanced(does, others, _does)
    if len(chosen) > 1:
        key = Option(_capital(does), f"The course says of “{pair.name}”:", _whole(pair))
        distractors = [
            Option(_capital(_does(other)), f"The course says of “{other.name}”:", _whole(other)) for other in chosen
        ]
        first = pair.sentences[0]
        stem = f"{quoted(first.of(pair.text))}\n\n{scene}, what does the course say this is {who} doing?"
        yield single_best(stem, [key, *distractors], [decided, cite(pair, first)], pair, "analogy")
    chosen = balanced(pair.name, others, lambda other: other.name)
    if len(chosen) > 1:
        key = Option(pair.name, f"Under “{pair.name}” the course says:", decided)
        distractors = [
            Option(other.name, f"Under “{other.name}” the course says:", cite(other, _span(other))) for other in chosen
        ]
        stem = f"{scene}, which of {family.phrase} stands for {who} “{does}”?"
        yield single_best(stem, [key, *distractors], [decided], pair, "analogy", bound=label_citations(pair))


def _tenor(pair: Passage) -> tuple[str, str, Span] | None:
    for span in pair.sentences:
        found = _TENOR.match(span.of(pair.text))
        if found:
            return found["who"], found["does"], span
    return None


def _whole(pair: Passage) -> Citation:
    """What the one does and what the other does, as they stand one after the other."""
    return cite(pair, Span(pair.sentences[0].start, _span(pair).end))


def _does(pair: Passage) -> str:
    found = _tenor(pair)
    return found[1] if found else ""


def _span(pair: Passage) -> Span:
    found = _tenor(pair)
    return found[2] if found else pair.sentences[0]


def _pictures(passage: Passage) -> Iterator[QuizItem]:
    """Pictures that a sentence explains in brackets: "ingredients (pharmacology)"."""
    found = list(_BRACKET.finditer(passage.text))
    title = passage.heading.split(": ", 1)[-1]
    for match in found:
        others = [other for other in found if other is not match]
        chosen = balanced(match["tenor"], others, lambda other: other["tenor"])
        if len(chosen) < 2:
            continue
        decided = cite(passage, Span(match.start("vehicle"), match.end()))
        key = Option(_capital(match["tenor"]), "The course says so in brackets:", _around(passage, match))
        distractors = [
            Option(_capital(other["tenor"]), f"“{other['vehicle'].capitalize()}” stand for that:",
                   _around(passage, other))
            for other in chosen
        ]  # fmt: skip
        stem = f"In the analogy “{title}”, what do “{match['vehicle']}” stand for?"
        yield single_best(stem, [key, *distractors], [decided], passage, "analogy")


def _around(passage: Passage, match: re.Match[str]) -> Citation:
    return cite_around(passage, Span(match.start("vehicle"), match.end()))


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
