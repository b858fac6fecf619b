"""The course's structure as knowledge: lists and tables, groups under sibling headings, spelled-out acronyms."""

import re
from collections.abc import Sequence
from functools import partial

from cpom_tutor.answers import Intent
from cpom_tutor.course import Kind, Passage, Span
from cpom_tutor.generation.extractive.evidence import CourseWords, Evidence
from cpom_tutor.language import STOPWORDS, content_stems, numbers, tokens
from cpom_tutor.library import Library
from cpom_tutor.series import Series
from cpom_tutor.teaching import Probe

_ACRONYM = re.compile(r"\(([A-Z][A-Za-z]*[A-Z]s?)\)")
_WORD = re.compile(r"[A-Za-z]+")
_QUOTED = re.compile(r"[“\"]([^”\"]{3,60})[”\"]")
_SHORT_PHRASE = 2  # words
_PHRASE_BONUS = 0.5
_COUNTS_FROM = 0.3  # a series that fits less is not meant, however many members it has
_WHOLE_SHARE = 0.75  # of a series' members: an answer with so many of them is the series
_ALL_WANTED = 0.08  # the same, where the wording asks for all of something
_WANTS_ALL = re.compile(
    r"\b(all|every|each|whole|list\w*|both|name|how\s+many|everything|full|what\s+are|which\s+\w+s|one\s+by\s+one|look(?:s|ing)?\s+after|in\s+charge\s+of|responsible\s+for)\b",
    re.IGNORECASE,
)
_ASKED_WHOLE = 0.5  # share of the nearest probes' weight that makes a question one for the whole series
_SMALL = frozenset({"of", "and", "the", "in", "on", "for", "a", "to"})


def rank_series(evidence: Evidence, all_series: Sequence[Series], *, tables: bool = True) -> list[tuple[float, Series]]:
    """Series by how well they answer the question as a whole, best first."""
    asked_numbers = {int(number) for number in numbers(evidence.question.resolved) if number.isdigit()}
    ranked = []
    for series in all_series:
        if series.is_table and not tables:
            continue
        score = _fit(evidence, series)
        if asked_numbers and score >= _COUNTS_FROM:
            score += 0.35 if len(series.members) in asked_numbers else -0.1
        ranked.append((score, series))
    return sorted(ranked, key=lambda pair: -pair[0])


def asked_whole(evidence: Evidence, all_series: Sequence[Series], *, counted_wrong: bool = False) -> Series | None:
    """The series that the learners' questions nearest to this one are answered by as a whole; None for none.

    `counted_wrong` is whether the question may say of a series that it is shorter or longer than it is.
    """
    question = evidence.question
    counted = {int(number) for number in numbers(question.resolved) if number.isdigit()}
    best: tuple[float, Series] | None = None
    for series in all_series:
        weight = evidence.vote(partial(_is_answered_by, series))
        wanted = (
            (wants_all(question.resolved) and question.intent is not Intent.COMPARE)
            or len(series.members) in counted
            or (counted_wrong and counted)
        )
        if weight >= (_ALL_WANTED if wanted else _ASKED_WHOLE) and (best is None or weight > best[0]):
            best = (weight, series)
    return best[1] if best else None


def wants_all(question: str) -> bool:
    """Whether the wording asks for all of something."""
    return bool(_WANTS_ALL.search(question))


def _is_answered_by(series: Series, probe: Probe) -> bool:
    """Whether most of the series, or the sentence that announces it, answers the probe."""
    if probe.gap:
        return False
    answering = {passage for passage, _ in probe.answers}
    if len(answering.intersection(member.id for member in series.members)) >= _WHOLE_SHARE * len(series.members):
        return True
    introduction = series.introduction
    if introduction is None or not introduction.text.rstrip().endswith(":"):
        return False
    announced = introduction.sentences[-1]
    return any(passage == introduction.id and span.start >= announced.start for passage, span in probe.answers)


def _fit(evidence: Evidence, series: Series) -> float:
    """How much of the question the series' title, names and headings have, and how well its parts were found."""
    last_sentence = (
        series.introduction.sentence_texts[-1] if series.introduction and series.introduction.sentences else ""
    )
    near = set(content_stems(last_sentence)) | set(content_stems(" ".join(series.members[0].columns)))
    near |= set(content_stems(series.members[0].heading))
    if series.container is None:
        near |= set(content_stems(series.title))
    path = {word for heading in series.members[0].heading_path[1:] for word in content_stems(heading)}
    names = {word for member in series.members for word in content_stems(member.name)}
    words = evidence.words
    fit = words.share(evidence.question.terms, near)
    beside = {
        stem
        for passage in evidence.library.under(series.members[0].heading_path)
        if not passage.parent and not passage.kind.is_container
        for stem in words.stems[passage.id]
    }
    fit += 0.3 * words.share(evidence.question.terms, beside - near - path)
    fit += 0.35 * words.share(evidence.question.terms, path - near) + 0.25 * words.share(
        evidence.question.terms, names - near
    )
    if evidence.expansion:
        fit = max(fit, 0.8 * words.share(evidence.expansion, near | path))
    parts = [*series.members, *([series.introduction] if series.introduction else [])]
    found = sum(1.0 / (2 + evidence.rank_of(part)) for part in parts if evidence.rank_of(part) < 10)
    fit += _PHRASE_BONUS * says_its_phrase(evidence.question.resolved, series)
    return fit + 0.6 * min(found, 0.5)


def says_its_phrase(question: str, series: Series) -> bool:
    """Whether the question has the very phrase that names the series: quoted in its lead-in, or its first column's."""
    introduction = series.introduction.text if series.introduction else ""
    phrases = [phrase for phrase in _QUOTED.findall(introduction) if len(phrase.split()) > 1]
    phrases += [column for column in series.members[0].columns[:1] if len(column.split()) > 1]
    plain = " ".join(_WORD.findall(question.lower()))
    return any(_holds(plain, " ".join(_WORD.findall(phrase.lower()))) for phrase in phrases)


def _holds(question: str, phrase: str) -> bool:
    """Whether the question has the phrase, or opens with its first word and has the others after it ("why ... now")."""
    if phrase in question:
        return True
    words, asked = phrase.split(), question.split()
    return asked[:1] == words[:1] and len(words) <= _SHORT_PHRASE and all(word in asked for word in words)


def names_in(library: Library, phrase: str) -> list[Passage]:
    """Passages whose label (or its other side, or its acronym) is what `phrase` says, best match first."""
    wanted = content_stems(phrase)
    if not wanted:
        return []
    found = []
    for passage in library.passages:
        if not passage.label or passage.kind.is_container:
            continue
        for name in (passage.name, passage.counterpart_name):
            have = content_stems(name)
            if have and set(wanted) <= set(have):
                found.append((len(set(have) - set(wanted)) / len(have), passage))
                break
            if have and _initials(name) == phrase.strip().lower().removesuffix("s"):
                found.append((0.0, passage))
                break
    return [passage for _, passage in sorted(found, key=lambda pair: (pair[0], pair[1].kind is Kind.PAIR))]


def expansions(library: Library, acronym: str) -> list[tuple[Passage, Span]]:
    """Where the course spells the acronym out, as `Long Name (LN)`: the spans of long form and acronym together."""
    wanted = acronym.strip().upper().removesuffix("S")
    found = []
    for passage in library.passages:
        if passage.kind.is_container:
            continue
        for match in _ACRONYM.finditer(passage.text):
            if match.group(1).removesuffix("s").upper() != wanted:
                continue
            start = _long_form_start(passage.text[: match.start()], match.group(1).removesuffix("s"))
            if start is not None:
                found.append((passage, Span(start, match.end())))
    return found


def _long_form_start(before: str, acronym: str) -> int | None:
    """Where the long form of the acronym starts, reading its initials backwards; None if they do not fit."""
    words = list(_WORD.finditer(before))[-3 * len(acronym) :]
    letters = list(acronym.lower())
    start = None
    for word in reversed(words):
        if not letters:
            break
        initial = word.group()[0].lower()
        if initial == letters[-1]:
            letters.pop()
            start = word.start()
        elif word.group().lower() not in _SMALL:
            # A long form may hide letters inside a word (Pharmacotherapy); more than that is another phrase.
            return None
    return start if not letters else None


def _initials(name: str) -> str:
    return "".join(word[0] for word in _WORD.findall(name) if word.lower() not in _SMALL).lower()


def heading_named(library: Library, phrase: str, words: CourseWords) -> tuple[str, ...] | None:
    """The heading path whose heading (before a colon) is what `phrase` says, or shares most of it."""
    wanted = set(content_stems(phrase))
    best: tuple[float, tuple[str, ...]] | None = None
    for passage in library.passages:
        for depth in range(1, len(passage.heading_path) + 1):
            path = passage.heading_path[:depth]
            heading = re.sub(r"^[\d.]+\s+", "", path[-1])
            short = set(content_stems(heading.split(":")[0]))
            full = set(content_stems(heading))
            extra = len(short - wanted)
            score = max(words.share(wanted, short) - 0.12 * extra, 0.9 * words.share(wanted, full) - 0.12 * extra)
            if phrase.strip().rstrip(".") == heading_number(path[-1]):
                score = 2.0
            if wanted and score >= 0.6 and (best is None or score > best[0]):
                best = (score, path)
    return best[1] if best else None


def heading_number(heading: str) -> str:
    """The number that a heading starts with (`1.1.2`), or an empty string."""
    match = re.match(r"^\d+(?:\.\d+)*(?=\s)", heading)
    return match.group() if match else ""


def says(text: str, phrase: str) -> bool:
    """Whether the text has the very words of the phrase, a plural s forgiven (a stem may join strangers)."""
    have = {word.removesuffix("s") for word in tokens(text)}
    wanted = [word.removesuffix("s") for word in tokens(phrase) if word not in STOPWORDS]
    return bool(wanted) and all(word in have for word in wanted)
