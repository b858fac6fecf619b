"""The course's own analogy as a mapping, in both directions."""

import re

from cpom_tutor.answers import Claim, Form
from cpom_tutor.course import Kind, Passage
from cpom_tutor.generation.extractive.claims import lead, quoted, sentence_claims
from cpom_tutor.generation.extractive.evidence import Evidence, Sentence, prose, with_context, with_sequel
from cpom_tutor.generation.extractive.listing import told_whole
from cpom_tutor.language import content_stems
from cpom_tutor.series import Series

_WHOLE = re.compile(
    r"\b(the|this|that|whole|full|entire)\s+([\w-]+\s+){0,3}(analogy|metaphor|comparison)\b|^\W*analogy\W*$|\bmapping\b"
    r"|\bexplain\b.*\b(analogy|metaphor)\b",
    re.IGNORECASE,
)
_ALL = re.compile(
    r"\b(all\s+(of\s+)?(the|her|its|their)|list|everything|things|responsibilit\w+|duties|jobs|to[\s-]?do)\b|\bwhat\b.*\b(responsible\s+for|in\s+charge\s+of|looks?\s+after)\W*$",
    re.IGNORECASE,
)
_TOWARDS_PICTURE = re.compile(
    r"\b(version|equivalent|counterpart)\s+(of|for)\b|\b(analogy|picture|metaphor)\s+(of|for)\b|\bin\s+\w+\s+terms\b",
    re.IGNORECASE,
)
_PAIR_FIT, _CERTAIN_FIT = 0.3, 0.85
_NAME = re.compile(r"(?:[A-Z][a-z]+\s+)+[A-Z][a-z]+")
_STORY_LEAD = 0.1  # by which the story must resemble the question more than the best pair does
_IDENTIFIES = re.compile(r"\b(equivalent|analogy for|role of|stands? for|represents?)\b", re.IGNORECASE)


def mapped(evidence: Evidence, all_series: tuple[Series, ...]) -> list[Claim]:
    """The pair that is asked for, or the whole mapping, or the passage of the analogy that fits best."""
    analogies = [series for series in all_series if series.is_analogy]
    if not analogies:
        return []
    question = evidence.question.resolved
    pairs = [pair for series in analogies for pair in series.members]
    best = max(pairs, key=lambda pair: _fit(evidence, pair))
    fit = _fit(evidence, best)
    if re.match(r"^\W*(so\s+|and\s+)?who\b", question, re.IGNORECASE):
        for name, sentences in who_is_who(evidence):
            others = [stem for stem in name if stem in evidence.words]
            if others and set(name) <= set(evidence.question.terms):
                return sentence_claims(sentences)
    if _ALL.search(question) and not _WHOLE.search(question):
        return told_whole(analogies[0])
    if fit < _PAIR_FIT or _ALL.search(question) or (_WHOLE.search(question) and fit < _CERTAIN_FIT):
        narrative = _narrative(evidence, analogies)
        if _WHOLE.search(question) or _ALL.search(question) or not narrative:
            return _whole(analogies[0], evidence)
        return narrative
    told = max((s.similarity for s in prose(evidence.sentences) if s.passage.kind is Kind.ANALOGY), default=0.0)
    if told > evidence.similarity_of(best) + _STORY_LEAD and fit < _CERTAIN_FIT:
        return _narrative(evidence, analogies) or _one(best, towards_picture=True)
    return _one(best, towards_picture=bool(_TOWARDS_PICTURE.search(question)) or not _pictured(evidence, best))


def who_is_who(evidence: Evidence) -> list[tuple[tuple[str, ...], list[Sentence]]]:
    """For a box titled "... A vs. B": the stems of each, and the sentences that say what it stands for.

    The story tells of them in the order of the title, so its first identifying sentence is A's, its second B's.
    """
    found: list[tuple[tuple[str, ...], list[Sentence]]] = []
    for path in dict.fromkeys(
        passage.heading_path for passage in evidence.library.passages if passage.kind is Kind.ANALOGY
    ):
        title = path[-1].rsplit(":", 1)[-1]
        names = re.split(r"\s+vs\.?\s+", title, flags=re.IGNORECASE)
        story = [
            [Sentence(passage, passage.sentences[0]), Sentence(passage, span)]
            for passage in evidence.library.under(path)
            if passage.kind is Kind.ANALOGY
            for span in passage.sentences[1:]
            if _IDENTIFIES.search(span.of(passage.text))
        ]
        if len(names) == 2 and len(story) >= 2:
            found += [(content_stems(name), sentences) for name, sentences in zip(names, story, strict=False)]
    return found


def one_pair(pair: Passage) -> list[Claim]:
    """A pair, told from the pharmacy's side."""
    return _one(pair, towards_picture=True)


def _one(pair: Passage, *, towards_picture: bool) -> list[Claim]:
    """A pair: the two names, then what each side does, the side asked for first."""
    head = quoted(pair, pair.label, form=Form.PARAGRAPH) if pair.label else None
    claims: list[Claim] = []
    if pair.label and pair.counterpart:
        first, second = (pair.label, pair.counterpart) if towards_picture else (pair.counterpart, pair.label)
        claims += [
            lead("In the analogy:" if towards_picture else "In the pharmacy:"),
            _bold(quoted(pair, first)),
            lead("↔ in the pharmacy:" if towards_picture else "↔ in the analogy:", Form.RUN_ON),
            _bold(quoted(pair, second)),
        ]
    elif head:
        claims.append(head)
    picture, meaning = pair.sentences[:-1], pair.sentences[-1:]
    kitchen = [lead("In the analogy:", Form.ITEM), *(quoted(pair, span) for span in picture)]
    pharmacy = [lead("In the pharmacy:", Form.ITEM), *(quoted(pair, span) for span in meaning)]
    return claims + (kitchen + pharmacy if towards_picture else pharmacy + kitchen)


def _bold(claim: Claim) -> Claim:
    return Claim(f"**{claim.text}**", claim.role, claim.evidence, claim.form, claim.column)


def _whole(series: Series, evidence: Evidence) -> list[Claim]:
    """The whole mapping as a table, between what the picture is and what it concludes."""
    container = series.container
    claims: list[Claim] = []
    story = [
        passage
        for passage in evidence.library.under(series.members[0].heading_path)
        if passage.kind is Kind.ANALOGY and passage.sentences
    ]
    before = [passage for passage in story if container is None or passage.order < container.order]
    after = [passage for passage in story if container is not None and passage.order > container.order]
    stated = [
        Sentence(passage, span)
        for passage in before
        for span in passage.sentences
        if _IDENTIFIES.search(span.of(passage.text))
    ]
    for sentence in stated[:2]:
        first = Sentence(sentence.passage, sentence.passage.sentences[0])
        claims += sentence_claims([first, sentence] if first.span != sentence.span else [sentence])
    if series.introduction and series.introduction.sentences:
        claims.append(quoted(series.introduction, series.introduction.sentences[-1], form=Form.PARAGRAPH))
    for pair in series.members:
        if pair.label and pair.counterpart:
            claims.append(quoted(pair, pair.label, form=Form.CELL, column="In the analogy"))
            claims.append(quoted(pair, pair.counterpart, form=Form.CELL, column="In the pharmacy"))
    for passage in after[-1:]:
        claims += sentence_claims([Sentence(passage, span) for span in passage.sentences[1:2]])
    return claims


def _narrative(evidence: Evidence, analogies: list[Series]) -> list[Claim]:
    """The sentences of the analogy's story that fit the question."""
    paths = {series.members[0].heading_path for series in analogies}
    found = [
        sentence for sentence in prose(evidence.sentences)
        if sentence.passage.heading_path in paths and sentence.passage.kind is Kind.ANALOGY
    ]  # fmt: skip
    if not found:
        return []
    # A rare word that the story uses says more than resemblance: every sentence of it resembles the question.
    who = re.match(r"^\W*(so\s+)?who\b", evidence.question.resolved, re.IGNORECASE)
    frame = _FRAME | set(content_stems(analogies[0].members[0].heading))
    pointed = [stem for stem in evidence.question.terms if stem in evidence.words and stem not in frame]
    best = max(
        found,
        key=lambda sentence: 0.5 * sentence.similarity
        + (evidence.covered(set(content_stems(sentence.text)), pointed) if pointed else sentence.share)
        + (0.4 if who and _IDENTIFIES.search(sentence.text) else 0.0)
        - (0.4 if _of_another(sentence, evidence) else 0.0),
    )  # fmt: skip
    same = [other for other in found if other.passage.id == best.passage.id and other.score > 0.5 * best.score]
    chosen = sorted(same[:3], key=lambda sentence: sentence.span.start)
    place = best.passage.sentences.index(chosen[0].span)
    if chosen[0].leans_back and place:
        chosen = [*with_context(chosen[0]), *chosen[1:]]
    named = [
        Sentence(best.passage, span)
        for span in best.passage.sentences
        if span.start > chosen[-1].span.start and _IDENTIFIES.search(span.of(best.passage.text))
    ]
    if named and not any(_IDENTIFIES.search(sentence.text) for sentence in chosen):
        chosen = [*chosen, named[0]]
    last = with_sequel(chosen[-1])
    return sentence_claims([*chosen, *(part for part in last if part.span.start > chosen[-1].span.start)])


def _of_another(sentence: Sentence, evidence: Evidence) -> bool:
    """Whether the sentence names another than the one asked about ("Executive Chef" for "the master chef")."""
    asked = set(evidence.question.terms)
    for name in _NAME.findall(sentence.text):
        stems = set(content_stems(name))
        if stems & asked and stems - asked:
            return True
    return False


def _fit(evidence: Evidence, pair: Passage) -> float:
    """How well the question means this pair: shared words, the glossary's included, or resemblance."""
    have = evidence.words.stems[pair.id]
    frame = _frame(evidence, pair)
    asked = [stem for stem in evidence.question.terms if stem not in frame]
    share = evidence.words.share(asked, have)
    expanded = evidence.words.share(evidence.expansion, have) if evidence.expansion else 0.0
    return max(share, 0.8 * expanded) + 0.4 * max(0.0, evidence.similarity_of(pair) - 0.2)


def _pictured(evidence: Evidence, pair: Passage) -> bool:
    """Whether the question speaks of the picture's side of the pair (then the pharmacy side answers it)."""
    meaning = set(content_stems(pair.sentences[-1].of(pair.text))) | set(content_stems(pair.counterpart_name))
    picture = {stem for span in pair.sentences[:-1] for stem in content_stems(span.of(pair.text))}
    picture |= set(content_stems(pair.name))
    asked = set(evidence.question.terms) - _frame(evidence, pair)
    return len(asked & picture) > len(asked & meaning)


_FRAME = frozenset(
    content_stems(
        "version analogy metaphor equivalent counterpart pharmacy terms match corresponds stand side explain thing like"
    )
)


def _frame(evidence: Evidence, pair: Passage) -> frozenset[str]:
    """Words of the question that only say "in the analogy": they choose no pair."""
    box = [passage for passage in evidence.library.passages if passage.heading_path == pair.heading_path]
    inside = {passage.id for passage in box}
    story = {stem for passage in box if passage.kind is Kind.ANALOGY for stem in evidence.words.stems[passage.id]}
    outside = {
        stem
        for passage in evidence.library.passages
        if passage.id not in inside
        for stem in evidence.words.stems[passage.id]
    }
    return _FRAME | frozenset(content_stems(pair.heading)) | (story - outside)
