"""Facts, definitions and acronyms: the sentence that answers, with what it needs around it."""

import re
from collections.abc import Sequence

from cpom_tutor.answers import Claim, Form, Pointer, Role
from cpom_tutor.course import Kind, Passage, Span
from cpom_tutor.generation.extractive.claims import explained, lead, named, sentence_claims
from cpom_tutor.generation.extractive.evidence import (
    PICTURED,
    Evidence,
    Sentence,
    alike,
    is_question,
    prose,
    starts_awkwardly,
    with_context,
    with_sequel,
)
from cpom_tutor.generation.extractive.structure import expansions, heading_named, names_in, says
from cpom_tutor.language import content_stems
from cpom_tutor.understanding.glossary import Glossary

MOST_WORDS = 120
_SAYS_SO = 0.8  # of the best sentence's score: the course's own words for it stand before the glossary's
_OPENS_WITH = re.compile(
    r"^(?:[“\"]?(?:An?|The)\s+)?[“\"]?[\w-]+(?:\s+[\w-]+){0,4}[”\"]?\s+(?:is|are|means?|refers?)\b"
)
_SHORT_SEQUEL = 16  # words: a last sentence that only draws the conclusion
_NEAR_BESIDE = 0.5  # the same for the best sentence's own passage, where one goes on from another
_NEAR = 0.6  # of the best sentence: one that fits less is padding
_TELLING = 2.4  # inverse document frequency from which a word is a term rather than a common word
_SPELLS_OUT = re.compile(r"^\*\*[A-Z][A-Za-z]*\*\* stands for ")
_SHORT_SUBJECT = 5  # content words before the verb of a sentence that defines
_DEFINE = re.compile(
    r"^\W*(?:so\s+|and\s+|ok\s+|please\s+|hey\s+|hi\s+)*(?:(?:can|could|would)\s+you\s+)?(?:please\s+)?"
    r"(?:what\s+(?:exactly\s+)?(?:is|are|does|do|was|were)|what['’]?s|what['’]?re|define|explain|describe|who\s+(?:is|are)|meaning\s+of|definition\s+of"
    r"|what\s+is\s+meant\s+by|tell\s+me\s+about|what\s+about|tell\s+me\s+more\s+about:?|explain\s+more\s+simply:)\s+(?:by\s+)?(?P<what>.+?)"
    r"(?P<end>\s+(?:mean|means|meant|stand\s+for|stands\s+for|anyway|exactly|again|about|actually|here|all\s+about|in\s+(?:this|the)\s+(?:course|context)|as\s+the\s+course\s+uses\s+it|according\s+to\s+the\s+course|in\s+the\s+(?:title|course|name)|in\s+plain\s+(?:words|english)))*\W*$",
    re.IGNORECASE,
)
_DEFINE_LAST = re.compile(
    r"^\W*(?P<what>[\w&/ -]{2,60}?)\s+(?:(?:stands?\s+for|means?)\s+what\b|(?:meaning|definition)\b|=\s*what\b"
    r"|\(?what['’]?s\s+(?:that|it)\b).*$",
    re.IGNORECASE,
)
_ARTICLE = re.compile(
    r"^(?:(?:the|a|an|this|that|meant\s+by|by|term|word|concept|idea|whole|about|point|force|item|of|so|called"
    r"|first|second|third|fourth|fifth|sixth|last|skill|domain|thing|one),?\s+)+", re.IGNORECASE)  # fmt: skip
_DEFINES = re.compile(
    r"\b(?:is|are|means?|signif(?:y|ies)|represents?|refers?\s+to|encompass(?:es|ing)?|exists?\s+to|demonstrates?|stands?\s+for|serves?\s+as)\b",
    re.IGNORECASE,
)


def subject_asked(question: str) -> str:
    """What a "what is ..." question asks the meaning of; empty for any other question."""
    match = _DEFINE.match(question) or _DEFINE_LAST.match(question)
    if not match:
        return ""
    what = re.sub(r"\s*\((?:CPOM\s+)?§[^)]*\)", "", match["what"])
    return _ARTICLE.sub("", what.strip(" “”\"'?.!,")).strip(" “”\"',")


def _first_question(text: str) -> str:
    """The first of several questions in one line ("what is an ADC? or is it ...")."""
    first, mark, _ = text.partition("?")
    return first + mark


def define(evidence: Evidence, glossary: Glossary) -> list[Claim]:
    """A definition, expansion first; empty if the course has none by its structure."""
    subject = subject_asked(_first_question(evidence.question.query or evidence.question.resolved))
    if not subject or len(subject.split()) > 9:
        return []
    claims: list[Claim] = []
    acronym = _as_acronym(subject)
    entry = glossary.lookup(subject)
    spelled = expansions(evidence.library, acronym) if acronym else []
    phrases = [subject]
    if spelled:
        passage, span = spelled[0]
        words = span.of(passage.text)
        long_form = words[: words.rindex("(")].strip()
        labelled = passage.label is not None and passage.label.start <= span.start < passage.label.end
        if not labelled:
            text = f"**{acronym}** stands for {long_form}."
            claims.append(Claim(text, Role.FACT, (Pointer(passage.id, span),), Form.PARAGRAPH))
        phrases.append(long_form)
    elif entry and entry.kind in ("abbreviation", "brand") and entry.means.lower() not in subject.lower():
        claims.append(explained(entry))
    if entry and entry.course_terms:
        phrases += [entry.means, *entry.course_terms]
    if re.search(r"\bstands?\s+for\b", evidence.question.resolved, re.IGNORECASE) and claims and spelled:
        return claims + _by_name(evidence, phrases)
    itself = (
        ["this certification", "this program", "this credential"] if subject.upper() == evidence.library.code else []
    )
    body = (
        _by_sentence(evidence, itself, near=0.0)
        or (_by_heading(evidence, subject) if _is_a_heading(evidence, subject) else [])
        or _by_name(evidence, phrases[:1])
        or _by_sentence(evidence, phrases[:1], near=_SAYS_SO)
        or _by_name(evidence, phrases)
        or (_by_heading(evidence, subject) if subject.upper() != evidence.library.code else [])
        or _by_sentence(evidence, phrases)
        or _by_mention(evidence, phrases)
    )
    return claims + body if body else []


def defines_by_name(claims: Sequence[Claim]) -> bool:
    """Whether the answer opens by spelling out the very name that was asked about."""
    return bool(claims) and bool(_SPELLS_OUT.match(claims[0].text))


def state(
    evidence: Evidence, *, most: int = 4, one_passage: bool = False, ranked: Sequence[Sentence] = ()
) -> list[Claim]:
    """The sentence that fits best, what it needs to stand, and one or two more that add to it."""
    chosen = choose(evidence, most=most, ranked=ranked)
    if one_passage:
        chosen = [sentence for sentence in chosen if sentence.passage.id == chosen[0].passage.id]
    if not chosen:
        return []
    first = chosen[0].passage
    if first.label and first.kind not in PICTURED:
        own_spans = [sentence.span for sentence in chosen if sentence.passage.id == first.id]
        rest = [sentence for sentence in chosen if sentence.passage.id != first.id]
        spans = own_spans if first.kind is not Kind.ROW else list(first.sentences)
        return named(first, sorted(spans, key=lambda span: span.start), Form.PARAGRAPH) + told(rest)
    return told(chosen)


def opening(passage: Passage) -> list[Claim]:
    """A passage from its first sentence on, as far as a reader wants it."""
    return from_here(Sentence(passage, passage.sentences[0])) if passage.sentences else []


def from_here(first: Sentence, *, most: int = 95) -> list[Claim]:
    """A passage from this sentence on, as far as a reader wants it."""
    passage, chosen = first.passage, list(with_context(first))
    for span in passage.sentences[passage.sentences.index(first.span) + 1 :]:
        sentence = Sentence(passage, span)
        if chosen and sum(part.word_count for part in chosen) + sentence.word_count > most:
            break
        chosen.append(sentence)
    return told(chosen)


def choose(
    evidence: Evidence, *, most: int = 4, skip: frozenset[str] = frozenset(), ranked: Sequence[Sentence] = ()
) -> list[Sentence]:
    """Up to `most` sentences worth showing, with their context, within the reader's patience.

    `ranked` is another order of the evidence than its own.
    """
    pool = [sentence for sentence in prose(ranked or evidence.sentences) if sentence.passage.id not in skip]
    if not pool:
        return []
    best = pool[0]
    chosen = list(with_sequel(best))
    first = len(chosen)
    for sentence in pool[1:14]:
        if len(chosen) >= most + first - 1:
            break
        bar = _NEAR_BESIDE if sentence.passage.id == best.passage.id else _NEAR
        if sentence.score < bar * best.score or any(alike(sentence.text, other.text) > 0.6 for other in chosen):
            continue
        addition = [
            part
            for part in with_context(sentence)
            if all(part.span != other.span or part.passage.id != other.passage.id for other in chosen)
        ]
        if starts_awkwardly(sentence) or len(addition) > 2:
            continue
        if sum(part.word_count for part in (*chosen, *addition)) > MOST_WORDS:
            continue
        chosen += addition
    ordered = in_order(chosen, best.passage)
    last = [sentence for sentence in ordered if sentence.passage.id == best.passage.id][-1]
    for sequel in with_sequel(last, most=_SHORT_SEQUEL):
        if sequel.span.start > last.span.start:
            ordered = in_order([*ordered, sequel], best.passage)
    return ordered


def in_order(sentences: list[Sentence], first: Passage) -> list[Sentence]:
    """Sentences of the leading passage first, each passage's in reading order."""
    places: dict[str, int] = {first.id: -1}
    for sentence in sentences:
        places.setdefault(sentence.passage.id, len(places))
    unique = {(sentence.passage.id, sentence.span): sentence for sentence in sentences}
    return sorted(unique.values(), key=lambda sentence: (places[sentence.passage.id], sentence.span.start))


def told(sentences: list[Sentence], form: Form = Form.PARAGRAPH) -> list[Claim]:
    """Sentences as paragraphs, one a passage; a labelled passage is named, a pictured one is said to be so.

    `form` is that of the first.
    """
    claims: list[Claim] = []
    for passage_id in dict.fromkeys(sentence.passage.id for sentence in sentences):
        group = [sentence for sentence in sentences if sentence.passage.id == passage_id]
        passage, opening_form = group[0].passage, Form.PARAGRAPH if claims else form
        if passage.kind is Kind.PAIR:
            claims.append(lead("In the analogy:", opening_form))
            claims += named(passage, [sentence.span for sentence in group], Form.RUN_ON)
        elif passage.label:
            claims += named(passage, [sentence.span for sentence in group], opening_form)
        else:
            claims += sentence_claims(group, opening_form)
    return claims


def _as_acronym(subject: str) -> str:
    word = subject.strip()
    return word.upper().removesuffix("S") if re.fullmatch(r"[A-Za-z]{2,6}", word) else ""


def _by_name(evidence: Evidence, phrases: list[str]) -> list[Claim]:
    for phrase in phrases:
        found = names_in(evidence.library, phrase)
        if found:
            best = min(found[:6], key=lambda passage: (_excess(passage, phrase), evidence.rank_of(passage)))
            if _excess(best, phrase) > 2 and len(content_stems(phrase)) < 2:
                continue
            spans = list(best.sentences)[:3] if best.kind is not Kind.PAIR else list(best.sentences)
            return named(best, spans, Form.PARAGRAPH)
    return []


def _excess(passage: Passage, phrase: str) -> int:
    wanted = set(content_stems(phrase))
    return min(
        (len(set(content_stems(name)) - wanted) for name in (passage.name, passage.counterpart_name)
         if name and wanted & set(content_stems(name))),
        default=9,
    )  # fmt: skip


def _is_a_heading(evidence: Evidence, subject: str) -> bool:
    """Whether a heading, before its colon, is the very subject ("Operations: The Engine Room ...")."""
    wanted = set(content_stems(subject))
    headings = {heading for passage in evidence.library.passages for heading in passage.heading_path[1:]}
    return any(":" in heading and set(content_stems(heading.split(":")[0])) == wanted for heading in headings)


def _by_heading(evidence: Evidence, subject: str) -> list[Claim]:
    """The paragraph under a heading that is named after the subject ("Certified: The Standard ...")."""
    path = heading_named(evidence.library, subject, evidence.words)
    if path is None or len(path) < 2:
        return []
    wanted = set(content_stems(subject))
    for passage in evidence.library.under(path):
        if passage.kind.is_container or not passage.sentences:
            continue
        defining = [
            span for span in passage.sentences
            if wanted <= set(content_stems(span.of(passage.text))) and not is_question(span.of(passage.text))
        ]  # fmt: skip
        start = passage.sentences.index(defining[0]) if defining else 0
        spans = passage.sentences[start : start + 3]
        sentences = [Sentence(passage, span) for span in spans]
        while len(sentences) > 1 and sum(sentence.word_count for sentence in sentences) > 80:
            sentences.pop()
        return sentence_claims(sentences)
    return []


def _by_mention(evidence: Evidence, phrases: list[str]) -> list[Claim]:
    """Where a term comes up that the course uses without defining it; for short, telling terms only."""
    holding: dict[Span, Sentence] = {}
    for phrase in phrases:
        wanted = set(content_stems(phrase))
        if not wanted or len(wanted) > 3 or max(evidence.words.weight(stem) for stem in wanted) < _TELLING:
            continue
        for sentence in prose(evidence.sentences):
            if says(sentence.text, phrase) and sentence.passage.kind not in PICTURED:
                holding.setdefault(sentence.span, sentence)
    found = sorted(holding.values(), key=lambda sentence: (sentence.passage.kind is Kind.ROW, -sentence.score))
    chosen = [sentence for place, sentence in enumerate(found[:3]) if not place or sentence.word_count <= 45][:2]
    if not chosen:
        return []
    # "three key stakeholders: ..." says what they are; any other sentence only uses the word.
    opening_words = [] if ":" in chosen[0].text else [lead("Where it comes up:")]
    return [*opening_words, *told(in_order(chosen, chosen[0].passage))]


def _by_sentence(evidence: Evidence, phrases: list[str], *, near: float = 0.6) -> list[Claim]:
    """Sentences that say what the subject is: it stands before the verb that defines."""
    ranked: list[tuple[float, Sentence]] = []
    for sentence in prose(evidence.sentences):
        match = _DEFINES.search(sentence.text)
        if not match:
            continue
        before = set(content_stems(sentence.text[: match.start()]))
        if len(before) > _SHORT_SUBJECT:
            continue
        for phrase in phrases:
            wanted = set(content_stems(phrase))
            if wanted and wanted <= before:
                extra = 0.04 * len(before - wanted)
                ranked.append((sentence.score + 0.25 - extra, sentence))
                break
    if not ranked:
        return []
    best = max(ranked, key=lambda pair: pair[0])[1]
    if best.score < evidence.sentences[0].score * near or (near == _SAYS_SO and not _OPENS_WITH.match(best.text)):
        return []
    chosen = list(with_context(best))
    place = best.passage.sentences.index(best.span)
    for span in best.passage.sentences[place + 1 : place + 2]:
        following = Sentence(best.passage, span)
        if sum(part.word_count for part in chosen) + following.word_count <= 70:
            chosen.append(following)
    return told(chosen)
