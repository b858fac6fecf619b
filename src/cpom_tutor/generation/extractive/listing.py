"""Lists whole, tables by row and in both directions, a chosen point of a list."""

import re
from collections.abc import Sequence

from cpom_tutor.answers import Claim, Form
from cpom_tutor.course import Passage, Span
from cpom_tutor.generation.extractive.claims import NUMBERS, gist, lead, named, quoted, sentence_claim
from cpom_tutor.generation.extractive.evidence import Evidence, Sentence, with_context
from cpom_tutor.generation.extractive.structure import names_in, rank_series
from cpom_tutor.language import content_stems
from cpom_tutor.series import Series
from cpom_tutor.understanding.glossary import Glossary

_COUNTED = re.compile(r"\bhow\s+many\s+(?P<what>(?:[\w-]+\s+){0,2}?[\w-]+s)\b", re.IGNORECASE)
_HOW_MANY = re.compile(r"\bhow\s+many\b", re.IGNORECASE)
_WHOLE_NAME, _HALF_A_NAME = 0.99, 0.49  # of a row's name; "the technology row" is enough
FIT = 0.62  # a series that fits the question less is not what was asked for


def whole(evidence: Evidence, series: Series) -> list[Claim]:
    """The series that the question asks for, whole; its size first where the question is "how many"."""
    return told_whole(series, count_first=bool(_HOW_MANY.search(evidence.question.resolved)))


def counts_these(evidence: Evidence, series: Series) -> bool:
    """Whether "how many X" asks for this series: X must be what its lead-in, heading or column calls its members."""
    counted = _COUNTED.search(evidence.question.resolved)
    if not counted:
        return True
    introduction = series.introduction.sentence_texts[-1:] if series.introduction else ()
    called = " ".join((*introduction, series.title, series.members[0].heading, *series.members[0].columns))
    return bool(set(content_stems(counted["what"])) & set(content_stems(called)))


def told_whole(series: Series, *, count_first: bool = False) -> list[Claim]:
    """A series, every member of it."""
    if series.is_table:
        return table(series)
    claims: list[Claim] = []
    size = len(series.members)
    if count_first and size < len(NUMBERS):
        claims.append(lead(f"{NUMBERS[size].capitalize()}."))
    introduction = series.introduction
    if introduction and introduction.sentences:
        span = introduction.sentences[-1]
        form = Form.RUN_ON if claims else Form.PARAGRAPH
        opening = with_context(Sentence(introduction, span))
        claims += [sentence_claim(part, form if not place else Form.RUN_ON) for place, part in enumerate(opening)]
    else:
        claims.append(lead(f"{series.title.split(':')[0]}:"))
    for member in series.members:
        claims += named(member, gist(member))
    return claims


def table(series: Series) -> list[Claim]:
    """A whole table, its first column the names."""
    claims: list[Claim] = []
    introduction = series.introduction
    if introduction and introduction.sentences:
        claims.append(quoted(introduction, introduction.sentences[-1], form=Form.PARAGRAPH))
    for row in series.members:
        for place, cell in enumerate(row.cells):
            column = row.columns[place] if place < len(row.columns) else f"{place + 1}"
            claims.append(quoted(row, cell, form=Form.CELL, column=column))
    return claims


def in_table(evidence: Evidence, all_series: tuple[Series, ...], glossary: Glossary) -> list[Claim]:
    """Where something belongs in a table, or what a row holds; "two different rows" where it is so."""
    tables = [series for series in all_series if series.is_table]
    if not tables:
        return []
    question = evidence.question.resolved
    row = _row_named(evidence, tables)
    if row:
        return named(row, row.sentences, Form.PARAGRAPH)
    if re.search(r"\btable\b", question, re.IGNORECASE) and not _asks_where(evidence, tables):
        ranked = rank_series(evidence, tables)
        return table(ranked[0][1])
    found = _rows_holding(evidence, tables, glossary)
    if not found:
        return []
    claims: list[Claim] = []
    same = re.search(r"\bsame\b", question, re.IGNORECASE)
    if same and evidence.question.yes_no:
        claims.append(lead("No." if len(found) > 1 else "Yes."))
    if len(found) > 1:
        claims.append(lead(f"{NUMBERS[len(found)].capitalize()} different {_row_noun(found[0][0])}:"))
    for passage, spans in found:
        form = Form.ITEM if len(found) > 1 else Form.PARAGRAPH
        claims += named(passage, spans or passage.sentences, form)
    return claims


def row_named(evidence: Evidence, all_series: Sequence[Series]) -> list[Claim]:
    """The row whose very name the question gives; empty for none."""
    row = _row_named(evidence, [series for series in all_series if series.is_table])
    return named(row, row.sentences, Form.PARAGRAPH) if row else []


def _asks_where(evidence: Evidence, tables: list[Series]) -> bool:
    """Whether a question that says "table" asks for the place of something in it."""
    columns = {stem for series in tables for stem in content_stems(" ".join(series.members[0].columns))}
    asked = [stem for stem in evidence.question.terms if stem not in columns | _PLACING]
    return any(
        evidence.covered(evidence.words.stems[row.id], asked) >= 0.5
        for series in tables
        for row in series.members
        if asked
    )


def member(evidence: Evidence, label: str) -> list[Claim]:
    """One point of a list, whole."""
    found = names_in(evidence.library, label)
    if not found:
        return []
    passage = min(found, key=lambda other: abs(len(other.name) - len(label)))
    return named(passage, passage.sentences, Form.PARAGRAPH)


def _row_named(evidence: Evidence, tables: list[Series]) -> Passage | None:
    """The row whose name the question gives ("what's in Technology & Automation?")."""
    asked = set(evidence.question.terms)
    best: tuple[float, Passage] | None = None
    for series in tables:
        for row in series.members:
            name = set(content_stems(row.name))
            if not name:
                continue
            given = len(name & asked) / len(name)
            rest = asked - name - set(content_stems(" ".join(row.columns)))
            held = [stem for stem in rest if stem in evidence.words.stems[row.id] - name]
            enough = _HALF_A_NAME if re.search(r"\brow\b", evidence.question.resolved, re.IGNORECASE) else _WHOLE_NAME
            if given >= enough and not held and (best is None or given > best[0]):
                best = (given, row)
    return best[1] if best else None


def _rows_holding(evidence: Evidence, tables: list[Series], glossary: Glossary) -> list[tuple[Passage, list[Span]]]:
    """Rows whose cells have the things asked about; by resemblance where no word is shared."""
    columns = {stem for series in tables for stem in content_stems(" ".join(series.members[0].columns))}
    asked = [stem for stem in evidence.question.terms if stem not in columns and stem not in _PLACING]
    rows = [row for series in tables for row in series.members]
    scored = [(evidence.covered(evidence.words.stems[row.id], asked), row) for row in rows]
    best = max(scored, key=lambda pair: (pair[0], -evidence.rank_of(pair[1])))
    if best[0] >= 0.34:
        parts = _split_asked(evidence, rows, columns, glossary)
        return parts if len(parts) > 1 else [(best[1], list(best[1].sentences))]
    near = min(rows, key=evidence.rank_of)
    if evidence.rank_of(near) < 4 and evidence.similarity_of(near) >= 0.3:
        return [(near, list(near.sentences))]
    return []


def _row_noun(row: Passage) -> str:
    """What the table calls its rows, in the plural: "domains" under "Operational Domain"."""
    noun = row.columns[0].split()[-1].lower() if row.columns else "row"
    return noun if noun.endswith("s") else f"{noun}s"


def _split_asked(
    evidence: Evidence, rows: list[Passage], columns: set[str], glossary: Glossary
) -> list[tuple[Passage, list[Span]]]:
    """Where "A and B" are asked together and stand in different rows, those rows."""
    halves = re.split(r"\s+(?:and|or|vs\.?|versus|,)\s+", evidence.question.resolved)
    if len(halves) < 2:
        return []
    found: dict[str, Passage] = {}
    for half in halves:
        stems = [stem for stem in content_stems(half) if stem not in columns | _PLACING]
        expanded = content_stems(glossary.expand(half))
        ranked = sorted(
            ((max(evidence.words.share(stems, evidence.words.stems[row.id]),
                  evidence.words.share(expanded, evidence.words.stems[row.id])), row) for row in rows),
            key=lambda pair: -pair[0],
        )  # fmt: skip
        if stems and ranked[0][0] >= 0.34:
            found.setdefault(ranked[0][1].id, ranked[0][1])
    return [(row, list(row.sentences)) for row in found.values()]


_PLACING = frozenset(
    content_stems(
        "fall fits belong sit go goes lives live filed classified come under where which would row column area "
        "bucket category heading part table whole full entire show list put find covered include contains listed live"
    )
)
