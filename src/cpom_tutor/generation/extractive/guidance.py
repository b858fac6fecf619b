"""Their situation, and who benefits: the course's principle, domain and skill; a stakeholder's own items."""

import re
from collections.abc import Sequence

from cpom_tutor.answers import Claim, Form
from cpom_tutor.course import Kind, Passage
from cpom_tutor.generation.extractive import fact
from cpom_tutor.generation.extractive.claims import gist, lead, named
from cpom_tutor.generation.extractive.evidence import Evidence, Sentence, prose
from cpom_tutor.language import content_stems
from cpom_tutor.series import Series

_SELF = re.compile(
    r"\b(me|i|my|myself|i['’]ll|i['’]m)\b(?!\s+(boss|employer|hospital|organi[sz]ation|company|system|patients?|team|staff))",
    re.IGNORECASE,
)
_SKILL = re.compile(r"\bskills?\b", re.IGNORECASE)
_MOST = re.compile(r"\b(most|ultimately|in\s+the\s+end|above\s+all|biggest\s+winner|really)\b", re.IGNORECASE)
_FOREMOST = re.compile(r"\b(ultimate|foremost|primary)\s+beneficiar", re.IGNORECASE)
_POINT = re.compile(
    r"\b(?:with|about|regarding|in\s+terms\s+of|when\s+it\s+comes\s+to)\s+(?P<point>[^?.!]+)", re.IGNORECASE
)
_ON_THE_POINT = 0.5  # share of the point's words that an item must have
_ECHO = 1.2  # weight of words that the principle and a skill share
_FOREMOST_FEW = 3  # sentences whose row or skill is taken to apply
_ROW_EASE = 0.7
_ALIKE, _SHARED, _ECHOED = 0.3, 0.25, 0.4  # any one of which lets a row or skill be said to apply


def apply(evidence: Evidence, all_series: tuple[Series, ...]) -> list[Claim]:
    """The principle for the situation, the domain it belongs to, the skill that applies; no invented advice."""
    tables = [row for series in all_series if series.is_table for row in series.members]
    skills = [
        item for series in all_series if series.container and series.introduction and not series.is_table
        and _SKILL.search(series.introduction.text.split(". ")[-1]) for item in series.members
    ]  # fmt: skip
    structural = {passage.id for passage in (*tables, *skills)}
    claims: list[Claim] = []
    foremost = {sentence.passage.id for sentence in prose(evidence.sentences)[:_FOREMOST_FEW]}
    principle = fact.choose(evidence, most=2, skip=frozenset(structural))
    if principle:
        claims += [lead("The principle:"), *fact.told(principle, Form.RUN_ON)]
    row = next((row for row in tables if row.id in foremost), None) or _closest(evidence, tables)
    if row:
        column = row.columns[0] if row.columns else "Domain"
        claims += [lead(f"{column}:"), *named(row, row.sentences, Form.RUN_ON)]
    skill = next((item for item in skills if item.id in foremost), None) or _closest(evidence, skills, principle)
    if skill:
        claims += [lead("The skill that applies:"), *named(skill, gist(skill), Form.RUN_ON)]
    return claims if principle or row else []


def benefits(evidence: Evidence, all_series: tuple[Series, ...]) -> list[Claim]:
    """What a stakeholder gets, that stakeholder's items only; every stakeholder's names where none is meant."""
    groups = [
        series for series in all_series if series.container is None and re.match(r"for\b", series.title, re.IGNORECASE)
    ]
    if not groups:
        return []
    meant = _meant(evidence, groups)
    if meant is None and _MOST.search(evidence.question.resolved):
        foremost = [passage for series in groups for passage in series.members if _FOREMOST.search(passage.text)]
        if foremost:
            return named(foremost[0], foremost[0].sentences[:2], Form.PARAGRAPH)
    if meant is None:
        return _everybody(groups) if set(evidence.question.terms) <= _ANYBODY else []
    claims = [lead(f"{meant.title}:")]
    for passage in _asked_for(evidence, meant):
        claims += named(passage, passage.sentences[:2])
    return claims


def _asked_for(evidence: Evidence, meant: Series) -> list[Passage]:
    """The stakeholder's items; only those on the point where the question names one ("help patients with costs")."""
    match = _POINT.search(evidence.question.resolved)
    point = [stem for stem in content_stems(match["point"]) if stem not in _ANYBODY] if match else []
    fitting = [
        passage
        for passage in meant.members
        if point and evidence.covered(evidence.words.stems[passage.id], point) >= _ON_THE_POINT
    ]
    return fitting or list(meant.members)


_ANYBODY = frozenset(
    content_stems(
        "benefit benefits get gets gain who whom everybody everyone all stakeholder stakeholders certification "
        "credential cpom value worth it advantage advantages good point help helps parties people out perks"
    )
)


def _meant(evidence: Evidence, groups: list[Series]) -> Series | None:
    """The group whose heading names the stakeholder of the question."""
    question = evidence.question
    distinct = {series.title: _own_words(series, groups) for series in groups}
    for stems in (set(question.terms), set(evidence.expansion)):
        scored = [(len(distinct[series.title] & stems), series) for series in groups]
        best = max(scored, key=lambda pair: pair[0])
        if best[0] and sum(score == best[0] for score, _ in scored) == 1:
            return best[1]
    if _SELF.search(question.resolved):
        return next((series for series in groups if "individu" in distinct[series.title]), None)
    return None


def _own_words(series: Series, groups: list[Series]) -> set[str]:
    others = {stem for other in groups if other is not series for stem in content_stems(other.title)}
    return set(content_stems(series.title)) - others


def _everybody(groups: list[Series]) -> list[Claim]:
    claims: list[Claim] = []
    for series in groups:
        claims.append(lead(f"{series.title}:"))
        for passage in series.members:
            claims += named(passage, [], Form.ITEM)
    return claims


def _closest(evidence: Evidence, passages: list[Passage], principle: Sequence[Sentence] = ()) -> Passage | None:
    """The passage of a kind that fits the situation best, by likeness, shared words, and words of the principle."""
    if not passages:
        return None

    around = {stem for part in principle for stem in content_stems(part.passage.text)}

    def fit(passage: Passage) -> float:
        have = evidence.words.stems[passage.id]
        echoed = evidence.words.share(have, around)
        return evidence.similarity_of(passage) + evidence.words.share(evidence.wanted, have) + _ECHO * echoed

    best = max(passages, key=fit)
    have = evidence.words.stems[best.id]
    # One good reason is needed, not three poor ones: likeness, the learner's own words, or the principle's. A row
    # only says where a thing belongs; a skill is advice, and needs a better one.
    ease = _ROW_EASE if best.kind is Kind.ROW else 1.0
    reasons = (
        evidence.similarity_of(best) >= _ALIKE * ease,
        evidence.covered(have) >= _SHARED * ease,
        evidence.words.share(have, around) >= _ECHOED,
    )
    return best if any(reasons) and best.kind in (Kind.ROW, Kind.ITEM) else None
