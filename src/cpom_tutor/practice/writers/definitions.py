"""From what the course says of a thing to its name, and from the name to what it says; both among its siblings."""

from collections.abc import Iterator, Sequence

from cpom_tutor.course import Citation, Passage, Span
from cpom_tutor.items import QuizItem
from cpom_tutor.language import quoted
from cpom_tutor.library import Library
from cpom_tutor.practice.making import Option, cite, cite_labelled, label_citations, said_of, single_best
from cpom_tutor.practice.validators.form import odd_form
from cpom_tutor.practice.writers.balance import balanced
from cpom_tutor.practice.writers.families import Family, families, name_of, self_contained
from cpom_tutor.practice.writers.phrases import shared_stems, stands_alone


def write(library: Library) -> Iterator[QuizItem]:
    """Candidates of both directions, family by family."""
    for family in families(library):
        if len(family.members) < 3 or family.series.is_table or family.series.is_analogy:
            continue
        for member in family.members:
            for span in member.sentences:
                if stands_alone(span.of(member.text)):
                    yield from _to_name(family, member, span)
            yield from _to_gist(family, member, library)


def _to_name(family: Family, member: Passage, span: Span) -> Iterator[QuizItem]:
    sentence, name = span.of(member.text), name_of(member)
    others = [
        other
        for other in family.members
        if other is not member and not shared_stems(name_of(other), sentence) - shared_stems(name, sentence)
    ]
    if shared_stems(name, sentence):
        return
    decided = cite(member, span)
    chosen = balanced(name, others, name_of)
    if len(chosen) < 2:
        return
    told = _told(member, span)
    key = Option(name, said_of(name, told, f"The course says it of {name}:"), told)
    where = f"In explaining which of {family.phrase}" if family.series.container else "Under which of these headings"
    stem = f"{quoted(sentence)}\n\n{where} does the course say this?"
    yield single_best(stem, [key, *(_another(other) for other in chosen)], [decided], member, "definition",
                      bound=label_citations(member))  # fmt: skip


def _told(member: Passage, span: Span) -> Citation:
    return cite_labelled(member) if span == member.sentences[0] else cite(member, span)


def _another(other: Passage) -> Option:
    name = name_of(other)
    told = cite_labelled(other)
    return Option(name, said_of(name, told, f"Of {name} the course says:"), told)


def _to_gist(family: Family, member: Passage, library: Library) -> Iterator[QuizItem]:
    name, gist = name_of(member), _gist(member)
    if not gist or shared_stems(name, gist):
        return
    others = [
        other
        for other in family.members
        if other is not member and _gist(other) and not odd_form((gist, _gist(other)))
        and not shared_stems(name, _gist(other))
    ]  # fmt: skip
    chosen = balanced(gist, others, _gist)
    if len(chosen) < 2:
        return
    decided = cite(member, member.sentences[0])
    told = cite_labelled(member)
    key = Option(self_contained(gist, library), said_of(name, told, f"In the course this stands under {name}:"), told)
    if family.series.container:
        stem = f"How does the course describe “{name}”, one of {family.phrase}?"
    else:
        stem = f"What does the course say under the heading “{name}”?"
    yield single_best(stem, [key, *_gists(chosen, library)], [decided], member, "definition",
                      bound=label_citations(member))  # fmt: skip


def _gists(others: Sequence[Passage], library: Library) -> list[Option]:
    return [_of_another(other, self_contained(_gist(other), library)) for other in others]


def _of_another(other: Passage, gist: str) -> Option:
    name, told = name_of(other), cite_labelled(other)
    return Option(gist, said_of(name, told, f"That is how the course describes {name}:"), told)


def _gist(member: Passage) -> str:
    """Its first sentence, where that can be read alone."""
    first = member.sentence_texts[0] if member.sentences else ""
    return first if stands_alone(first) else ""
