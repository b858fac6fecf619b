"""Comparisons: two columns from the course's own contrast, then its conclusion."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cpom_tutor.answers import Claim, Form
from cpom_tutor.course import Passage, Span
from cpom_tutor.generation.extractive import fact
from cpom_tutor.generation.extractive.analogy import who_is_who
from cpom_tutor.generation.extractive.claims import gist, lead, quoted, sentence_claims
from cpom_tutor.generation.extractive.evidence import Evidence, Sentence, prose
from cpom_tutor.generation.extractive.listing import told_whole
from cpom_tutor.generation.extractive.structure import names_in
from cpom_tutor.language import content_stems
from cpom_tutor.series import Series
from cpom_tutor.understanding.glossary import Glossary

# Where the course sets two things against each other inside one sentence.
_TURNS = (
    re.compile(r"^While\s+(?P<a>.+?),\s+(?P<b>.+)$", re.DOTALL),
    re.compile(r"^(?P<a>.+?);\s+(?P<b>.+)$", re.DOTALL),
    re.compile(r"^(?P<a>.+?),\s+(?:whereas|while|but)\s+(?P<b>.+)$", re.DOTALL),
    re.compile(r"\bfrom\s+(?:being\s+)?(?P<a>an?\s+.+?),?\s+to\s+(?:being\s+)?(?P<b>an?\s+.+)$", re.DOTALL),
)
_CONCLUDES = re.compile(r"\b(both|synergy|together|complement\w*|parallel|essential)\b", re.IGNORECASE)
_LONGEST_CELL = 60  # words


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two things compared: its words, as typed and as the course says it."""

    typed: str
    stems: frozenset[str]
    aliases: tuple[frozenset[str], ...] = ()
    other_names: tuple[str, ...] = ()

    def named_in(self, text: str) -> float:
        """Share of its words in the text, 0 to 1; an acronym counts whole."""
        have = set(content_stems(text))
        forms = [form for form in (self.stems, *self.aliases) if form]
        return max((len(form & have) / len(form) for form in forms), default=0.0)


def side_by_side(evidence: Evidence, glossary: Glossary, all_series: Sequence[Series]) -> list[Claim]:
    """The comparison as a table, or the list that tells the two apart; empty where the course has neither."""
    subjects = evidence.question.subjects
    if len(subjects) != 2:
        return []
    sides = [_side(subject, glossary) for subject in subjects]
    for series in all_series:
        last = series.introduction.sentence_texts[-1] if series.introduction and series.introduction.sentences else ""
        if last and all(side.named_in(last) >= 0.99 for side in sides):
            return told_whole(series)
    rows = _contrasts(evidence, sides)
    told = _told_apart(evidence, sides)
    if not rows and not told:
        labelled = [_labelled(evidence, glossary, subject) for subject in subjects]
        first, second = labelled
        first, second = (
            first or _sibling(evidence, second, subjects[0]),
            second or _sibling(evidence, first, subjects[1]),
        )
        if first and second and first.id != second.id:
            return _two_passages(first, second)
        return []
    claims: list[Claim] = []
    halves = rows[0] if rows else tuple((part[-1].passage, part[-1].span) for part in told)
    columns = (_heading(sides[0], halves[0]), _heading(sides[1], halves[1]))
    for column, part in zip(columns, told, strict=False):
        spans = [sentence.span for sentence in part]
        claims.append(quoted(part[0].passage, *spans, form=Form.CELL, column=column))
    for left, right in rows[:3]:
        claims.append(quoted(left[0], left[1], form=Form.CELL, column=columns[0]))
        claims.append(quoted(right[0], right[1], form=Form.CELL, column=columns[1]))
    return claims + (_conclusion(evidence, rows) if rows else [])


def _told_apart(evidence: Evidence, sides: list[_Side]) -> list[list[Sentence]]:
    """What each of the two stands for, where they are the two of an analogy's title; else nothing."""
    known = who_is_who(evidence)
    told = [
        next((sentences for name, sentences in known if side.named_in(" ".join(name)) >= 0.99), None) for side in sides
    ]
    return [part for part in told if part] if all(told) and told[0] is not told[1] else []


def no_contrast(evidence: Evidence) -> list[Claim]:
    """What the course says of the two where it does not set them against each other, and that it does not."""
    best = prose(evidence.sentences)[:1]
    if not best:
        return []
    sides = [_side(subject) for subject in evidence.question.subjects]
    whole = best[0].passage.text
    if all(side.named_in(whole) >= 0.5 for side in sides):
        return fact.from_here(best[0])
    return [lead("The course draws no contrast between the two. What it says:"), *fact.state(evidence)]


def knows_both(evidence: Evidence, glossary: Glossary) -> str:
    """The first of the two subjects that the course has no word for; empty if it knows both."""
    for subject in evidence.question.subjects:
        stems = [stem for stem in content_stems(subject) if len(stem) > 1]
        expanded = content_stems(glossary.expand(subject))
        if (
            stems
            and not any(stem in evidence.words for stem in stems)
            and not any(stem in evidence.words for stem in expanded)
        ):
            return subject
    return ""


Half = tuple[Passage, Span]


def _contrasts(evidence: Evidence, sides: list[_Side]) -> list[tuple[Half, Half]]:
    """Pairs of clauses (left's, right's) from sentences that turn from one side to the other."""
    rows: list[tuple[Half, Half]] = []
    anchors: list[Sentence] = []
    pool = _pool(evidence)
    for sentence in pool:
        halves = _halves(sentence)
        if not halves:
            continue
        order = _assign(sentence, halves, sides)
        if order:
            rows.append(order)
            anchors.append(sentence)
    if anchors:
        rows += _next_to(anchors[0], sides, rows)
    return rows or _parallel_sentences(evidence, sides)


def _pool(evidence: Evidence) -> list[Sentence]:
    """All sentences of the passages found, whole passages of the best three first."""
    found = prose(evidence.sentences)
    best = {hit.passage.id for hit in evidence.hits[:6]}
    return sorted((sentence for sentence in found if sentence.passage.id in best), key=lambda s: -s.score)


def _halves(sentence: Sentence) -> tuple[Span, Span] | None:
    text = sentence.text
    for pattern in _TURNS:
        match = pattern.search(text)
        if match and all(3 <= len(match[side].split()) <= _LONGEST_CELL for side in "ab"):
            offset = sentence.span.start
            return (
                Span(offset + match.start("a"), offset + match.end("a")),
                Span(offset + match.start("b"), offset + match.end("b")),
            )
    return None


def _assign(sentence: Sentence, halves: tuple[Span, Span], sides: list[_Side]) -> tuple[Half, Half] | None:
    """Which clause is whose: by names in its first words; None unless each side has its own."""
    texts = [" ".join(span.of(sentence.passage.text).split()[:14]) for span in halves]
    scores = [[side.named_in(text) for text in texts] for side in sides]
    straight, crossed = scores[0][0] + scores[1][1], scores[0][1] + scores[1][0]
    if max(straight, crossed) < 0.99 or abs(straight - crossed) < 0.3:
        return None
    if min(max(scores[0]), max(scores[1])) < 0.3:
        return None
    left, right = halves if straight > crossed else halves[::-1]
    return (sentence.passage, left), (sentence.passage, right)


def _next_to(anchor: Sentence, sides: list[_Side], rows: list[tuple[Half, Half]]) -> list[tuple[Half, Half]]:
    """The sentence after a contrast often goes on with it, naming only one side again."""
    spans = anchor.passage.sentences
    place = spans.index(anchor.span) + 1
    if place >= len(spans):
        return []
    following = Sentence(anchor.passage, spans[place])
    halves = _halves(following)
    if not halves or any(row[0][1] in halves or row[1][1] in halves for row in rows):
        return []
    texts = [span.of(anchor.passage.text) for span in halves]
    for side_place, side in enumerate(sides):
        inside = [side.named_in(text) for text in texts]
        if max(inside) >= 0.99 and min(inside) < 0.5:
            mine = halves[inside.index(max(inside))]
            other = halves[1 - inside.index(max(inside))]
            pair = ((anchor.passage, mine), (anchor.passage, other))
            return [pair if side_place == 0 else pair[::-1]]
    return []


def _parallel_sentences(evidence: Evidence, sides: list[_Side]) -> list[tuple[Half, Half]]:
    """Neighbouring sentences of one passage, each starting with one of the two."""
    for hit in evidence.hits[:6]:
        passage = hit.passage
        for first, second in zip(passage.sentences, passage.sentences[1:], strict=False):
            texts = [" ".join(span.of(passage.text).split()[:8]) for span in (first, second)]
            if sides[0].named_in(texts[0]) >= 0.99 and sides[1].named_in(texts[1]) >= 0.99:
                return [((passage, first), (passage, second))]
            if sides[0].named_in(texts[1]) >= 0.99 and sides[1].named_in(texts[0]) >= 0.99:
                return [((passage, second), (passage, first))]
    return []


def _labelled(evidence: Evidence, glossary: Glossary, subject: str) -> Passage | None:
    for phrase in (subject, *(glossary.expand(subject),)):
        found = names_in(evidence.library, phrase) if phrase else []
        if found:
            return min(found[:5], key=evidence.rank_of)
    return None


def _sibling(evidence: Evidence, known: Passage | None, subject: str) -> Passage | None:
    """Beside a known member of a list or table, the member that speaks of the other subject."""
    if known is None or not known.parent:
        return None
    wanted = set(content_stems(subject))
    others = [passage for passage in evidence.library.children(known.parent) if passage.id != known.id]
    scored = [(evidence.words.share(wanted, evidence.words.stems[passage.id]), passage) for passage in others]
    best = max(scored, key=lambda pair: pair[0], default=(0.0, None))
    return best[1] if best[0] >= 0.5 else None


def _two_passages(first: Passage, second: Passage) -> list[Claim]:
    claims: list[Claim] = []
    for left, right in zip(gist(first)[:2] or [], gist(second)[:2] or [], strict=False):
        claims.append(quoted(first, left, form=Form.CELL, column=first.name))
        claims.append(quoted(second, right, form=Form.CELL, column=second.name))
    return claims


def _conclusion(evidence: Evidence, rows: list[tuple[Half, Half]]) -> list[Claim]:
    """The sentence of the same passage in which the course draws its conclusion."""
    passage = rows[0][0][0]
    used = {span.start for row in rows for _, span in row}
    scores = evidence.sentence_scores(passage)
    last = None
    for span in passage.sentences:
        if span.start < rows[0][0][1].start or any(span.start <= start < span.end for start in used):
            continue
        if _CONCLUDES.search(span.of(passage.text)):
            last = Sentence(passage, span, scores.get(span, 0.0))
            break
    if last is None:
        return []
    return [lead("The conclusion:"), *sentence_claims([last], Form.RUN_ON)]


def _side(subject: str, glossary: Glossary | None = None) -> _Side:
    """A side with the other ways to say it: each glossary word in it replaced by the course's."""
    names = tuple(
        term
        for match in (glossary.find(subject) if glossary else ())
        if 2 * len(match.words.split()) > len(subject.split())
        for term in match.entry.course_terms
    )
    aliases = tuple(frozenset(content_stems(name)) for name in names)
    return _Side(subject, frozenset(content_stems(subject)), aliases, names)


def _heading(side: _Side, half: Half) -> str:
    """The column's heading: the subject as typed, or as the clause itself writes it."""
    for name in (side.typed, *side.other_names):
        written = re.search(rf"\b{re.escape(name)}\b", half[1].of(half[0].text), re.IGNORECASE)
        if written:
            return written.group()[:1].upper() + written.group()[1:]
    return side.typed if side.typed.isupper() else side.typed[:1].upper() + side.typed[1:]
