"""Small builders of claims: every fact with the span it is taken from."""

import re
from collections.abc import Iterable, Sequence

from cpom_tutor.answers import Claim, Form, Pointer, Role
from cpom_tutor.course import GlossaryEntry, Passage, Span
from cpom_tutor.gate import glossary_line, read_next_line
from cpom_tutor.generation.extractive.evidence import Sentence

_OPENING = re.compile(r"(?:However|Therefore|Thus|Moreover|Furthermore|Instead|Now|Then),\s+")
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def lead(text: str, form: Form = Form.PARAGRAPH) -> Claim:
    """Connecting words of ours."""
    return Claim(text, Role.LEAD, form=form)


def explained(entry: GlossaryEntry) -> Claim:
    """A word of the glossary, in the tutor's own voice."""
    return Claim(glossary_line(entry), Role.OWN, form=Form.PARAGRAPH)


def read_next(passage: Passage) -> Claim:
    """Where to go on reading."""
    return Claim(read_next_line(passage), Role.OWN, form=Form.PARAGRAPH)


def quoted(passage: Passage, *spans: Span, form: Form = Form.RUN_ON, column: str = "") -> Claim:
    """The very words of the spans, one after the other."""
    text = " ".join(" ".join(span.of(passage.text).split()) for span in spans)
    if form is Form.CELL:
        text = text[:1].upper() + text[1:]
    return Claim(text, Role.FACT, tuple(Pointer(passage.id, span) for span in spans), form, column)


def sentence_claim(sentence: Sentence, form: Form = Form.RUN_ON) -> Claim:
    """A sentence of the course as it stands; an opening "However," is left out where it would answer nothing."""
    opening = _OPENING.match(sentence.text) if form is not Form.RUN_ON else None
    if not opening:
        return quoted(sentence.passage, sentence.span, form=form)
    span = Span(sentence.span.start + opening.end(), sentence.span.end)
    claim = quoted(sentence.passage, span, form=form)
    return Claim(claim.text[:1].upper() + claim.text[1:], claim.role, claim.evidence, claim.form, claim.column)


def sentence_claims(sentences: Sequence[Sentence], form: Form = Form.PARAGRAPH) -> list[Claim]:
    """Sentences as one paragraph, a claim each."""
    return [sentence_claim(sentence, form if not place else Form.RUN_ON) for place, sentence in enumerate(sentences)]


def named(passage: Passage, spans: Iterable[Span], form: Form = Form.ITEM, column: str = "") -> list[Claim]:
    """A labelled passage: its name in bold, then the sentences; the name is cited with the first of them."""
    chosen = list(spans)
    if not passage.label:
        return [quoted(passage, span, form=form if not place else Form.RUN_ON, column=column)
                for place, span in enumerate(chosen)]  # fmt: skip
    name = f"**{passage.name}**"
    if not chosen:
        return [Claim(name, Role.FACT, (Pointer(passage.id, passage.label),), form, column)]
    first = " ".join(chosen[0].of(passage.text).split())
    evidence = (Pointer(passage.id, passage.label), Pointer(passage.id, chosen[0]))
    claims = [Claim(f"{name}: {first}", Role.FACT, evidence, form, column)]
    return claims + [quoted(passage, span) for span in chosen[1:]]


def gist(passage: Passage, longest: int = 45) -> list[Span]:
    """The sentences that give a labelled passage's gist: the first, and the second where the first is short."""
    spans = list(passage.sentences)
    if not spans:
        return []
    words = len(spans[0].of(passage.text).split())
    if len(spans) > 1 and words < 12 and words + len(spans[1].of(passage.text).split()) <= longest:
        return spans[:2]
    return spans[:1]
