"""Where a component of a list or table belongs, and which component belongs to a given name."""

from collections.abc import Iterator

from cpom_tutor.course import Passage, Span
from cpom_tutor.items import QuizItem
from cpom_tutor.language import content_stems
from cpom_tutor.library import Library
from cpom_tutor.practice.making import Option, cite, cite_around, cite_sentence, label_citations, single_best
from cpom_tutor.practice.writers.balance import balanced
from cpom_tutor.practice.writers.families import Family, families, name_of
from cpom_tutor.practice.writers.phrases import components, shared_stems

_Part = tuple[Passage, Span]


def write(library: Library) -> Iterator[QuizItem]:
    """Candidates of both directions, family by family."""
    for family in families(library):
        if len(family.members) < 3 or family.series.is_analogy or family.series.container is None:
            continue
        parts = [(member, part) for member in family.members for row in components(member) for part in row]
        for member, part in parts:
            if _is_only_there(member, part, family):
                yield from _to_name(family, member, part)
                yield from _to_part(family, (member, part), parts)


def _is_only_there(member: Passage, part: Span, family: Family) -> bool:
    """Whether no sibling's text has the part's words too."""
    wanted = set(content_stems(part.of(member.text)))
    return bool(wanted) and not any(
        wanted <= set(content_stems(other.text)) for other in family.members if other is not member
    )


def _to_name(family: Family, member: Passage, part: Span) -> Iterator[QuizItem]:
    words, name = part.of(member.text), name_of(member)
    others = [other for other in family.members if other is not member]
    chosen = balanced(name, others, name_of)
    if len(chosen) < 2 or shared_stems(words, name) - set().union(*(content_stems(name_of(each)) for each in chosen)):
        return
    decided = cite(member, part)
    key = Option(name, f"The course puts it under {name}:", cite_sentence(member))
    distractors = [
        Option(name_of(other), f"It is not among what the course puts under {name_of(other)}:", cite_sentence(other))
        for other in chosen
    ]
    stem = f"Under which of {family.phrase} does the course put “{words}”?"
    yield single_best(stem, [key, *distractors], [decided], member, _origin(family), bound=label_citations(member))


def _to_part(family: Family, key: _Part, parts: list[_Part]) -> Iterator[QuizItem]:
    member, part = key
    words, name = part.of(member.text), name_of(member)
    elsewhere = [
        other
        for other in parts
        if other[0] is not member and _is_only_there(*other, family) and not shared_stems(name, _words(other))
    ]
    one_each = list({other[0].id: other for other in _nearest(words, elsewhere)}.values())
    chosen = balanced(words, one_each, _words)
    if len(chosen) < 2 or shared_stems(name, words):
        return
    decided = cite(member, part)
    first = Option(_capitalised(words), f"The course puts it under {name}:", cite_sentence(member))
    distractors = [
        Option(_capitalised(_words(other)), f"The course puts this under {name_of(other[0])}:", cite_around(*other))
        for other in chosen
    ]
    stem = f"What does the course put under “{name}”, one of {family.phrase}?"
    yield single_best(stem, [first, *distractors], [decided], member, _origin(family), bound=label_citations(member))


def _nearest(words: str, parts: list[_Part]) -> list[_Part]:
    """Parts by how near they are in length, the nearest last (it stays where one of each passage is kept)."""
    return sorted(parts, key=lambda part: -abs(len(_words(part)) - len(words)))


def _words(part: _Part) -> str:
    return part[1].of(part[0].text)


def _capitalised(words: str) -> str:
    return words[:1].upper() + words[1:]


def _origin(family: Family) -> str:
    return "table" if family.series.is_table else "list"
