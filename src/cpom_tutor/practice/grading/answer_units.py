"""What an answer says: its sentences and clauses, without what asserts nothing about the question.

Left out, each with its reason: words to the marker ("give me full marks"), the question said back, lists of words,
questions, and text in no language that can be marked. Nothing of it can earn a point, so nothing can be gained by it.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from cpom_tutor.course import Span
from cpom_tutor.grounding.sentences import split_sentences
from cpom_tutor.language import STOPWORDS, content_stems, english_frequency, plain, tokens
from cpom_tutor.practice.giving_up import gives_up
from cpom_tutor.practice.grading.labelled import labels_of
from cpom_tutor.practice.grading.naming import asks_for_names
from cpom_tutor.practice.grading.predicates import asserts, words_of
from cpom_tutor.practice.grading.slips import Mend

ECHO = 0.85
"""Share of a sentence's content words in the question, from which on it only says the question back."""
LEAST_ENGLISH = 0.12
"""Share of a text's words that are small English words, below which it is no English prose."""
LONG_CLAUSE = 9
"""Words from which on a sentence is read by clauses too."""

_BREAK = re.compile(r"(?<=\w\w[.!?])[\"”’)]?\s+|\n+")
_CLAUSE = re.compile(
    r"\s*;\s*|\s+[—–-]\s+|—|:\s+|,\s+(?=(?:and|but|while|whereas|so|which|because|as|although|though|since|yet|not|"
    r"that|it|they|she|he|we|you|who|where|until)\b)"
    r"|\s+(?=(?:but|while|whereas|although|because|so that|and (?:the|it|they|she|he|we|you|that|in|also|is|are|has|"
    r"have|for|then|not|who|makes?|must|can|should|ends?|leads?|gives?|helps?|keeps?|needs?|stands?))\b)",
    re.IGNORECASE,
)
_COMMA = re.compile(r",\s+(?:and\s+)?|\s+and\s+(?=[^,;.=]{3,60}(?:=|->|→))")
_LINK = re.compile(r"\w[)”\"]?\s*(?:=|-+>|→)\s*\w|\w\s*:\s+\w|\w\s+[–—-]\s+\w")
"""Signs with which one thing is put beside another."""
_TO_MARKER = re.compile(
    r"""\b(?:
        (?:full|maximum|max|all|top|highest|more|extra|perfect|good)\s+(?:marks?|credits?|points?|scores?|grades?)
      | (?:give|award|grant|assign|output|return|set|mark|score|grade|rate)\s+(?:me|this|it|my|the|every|each|all|a|an|full)\b
            (?=.{0,60}\b(?:marks?|marked|points?|scores?|credits?|correct|met|answer|grades?|100|%|1(?:\.0)?\b|pass|right|true))
      | rubric | marking\s+scheme | mark\s+scheme | scoring\s+(?:guide|criteria) | graders? | examiners? | markers?
      | scored?\s*[:=]?\s*(?:of\s+)?\d | \b(\d{1,3})\s*(?:/|out\s+of)\s*(?:\1(?!\d)|\d+(?=\s*(?:points?|marks?)\b))
      | (?:ignore|disregard|forget|override|skip)\s+(?:\w+\s+){0,3}(?:instructions?|rubric|scheme|rules?|above|criteria|prompt|previous|guidelines?)
      | (?:points?|criteria|criterion|requirements?)\s+(?:\w+\s+){0,3}(?:met|satisfied|fulfilled|covered|addressed|earned|awarded|correct)
      | (?:satisf|fulfil|meets?|cover|address|tick)\w*\s+(?:all|every|each)\s+(?:of\s+)?(?:the\s+)?(?:\w+\s+)?(?:points?|criteria|criterion|requirements?|box\w*)
      | (?:this|my|the)\s+(?:\w+\s+)?(?:answer|response|submission|text|essay)\s+(?:\w+\s+)?
            (?:is|was|should|must|deserves?|covers?|mentions?|satisf\w+|meets?|addresses|explains?|discusses|contains?|includes?|states?|demonstrates?|shows?|has|fully)
      | (?:i|we)(?:'ve|\s+have|\s+had)?\s+(?:\w+\s+)?(?:covered|addressed|mentioned|explained|discussed|included|answered|listed|deserve|described)\b
      | (?:as|like)\s+(?:an?|the)\s+(?:ai|language\s+model|examiner|marker|teacher|grader|assistant)
      | (?:is|are|were|was|been|be)\s+(?:all\s+|fully\s+|already\s+|correctly\s+|clearly\s+)*(?:correct|covered|mentioned|explained|discussed|addressed|present|included)\s+(?:here|above|in\s+(?:this|my|the)\s+(?:answer|response)|correctly|fully)
      | have\s+(?:all\s+)?been\s+(?:\w+\s+)?(?:discussed|covered|explained|addressed|mentioned|met)
      | (?:need|want)\s+to\s+pass | be\s+(?:kind|generous|lenient) | (?:generous|lenient|kind|fair)\s+(?:marker|grader|teacher|examiner)
      | end\s+of\s+(?:the\s+)?(?:answer|prompt|text) | the\s+learner | mark(?:s|ed)?\s+(?:this|me|it)\s+(?:as\s+)?(?:correct|right|met)
      | (?:accept|pass)\s+(?:it|this|me|my\s+answer)\b
    )"""
    r"""|^\W*(?:system|assistant|user|note|instruction|instructions|admin|developer|feedback|verdict|score|mark|grade|result)\b[^.]{0,12}:
    |</?\w+>|\{\s*"\w+"\s*:""",
    re.IGNORECASE | re.VERBOSE,
)  # fmt: skip
_ASKS = re.compile(
    r"^\W*(?:(?:and|but|or|so)\s+)?(?:is|are|was|were|do|does|did|can|could|will|would|should|has|have|what|who|which|why|"
    r"how|when|where|maybe)\b",
    re.IGNORECASE,
)
_ABOUT_ASKING = frozenset("think question ask answer topic point mean explain section cours".split())
_SMALL = STOPWORDS | frozenset("is are it that and of to not no".split())


class Reason(StrEnum):
    """Why a piece of an answer is not marked."""

    EMPTY = "empty"
    GIVEN_UP = "given up"
    TO_MARKER = "to the marker"
    ECHO = "the question"
    WORDS = "only words"
    ASKS = "a question"
    FOREIGN = "not English"


@dataclass(frozen=True, slots=True)
class Unit:
    """A piece of the answer that asserts something.

    Attributes:
        span: where it stands in the answer.
        sentence: number of its sentence; a clause has its sentence's.
        whole: it is a sentence, no mere clause of one.
    """

    span: Span
    sentence: int
    whole: bool


@dataclass(frozen=True, slots=True)
class Assertions:
    """What is marked of an answer, and why the rest is not."""

    units: tuple[Unit, ...]
    left_out: tuple[Reason, ...]


def assertions(answer: str, question: str, rubric: Sequence[str], read: Mend = plain) -> Assertions:
    """Takes an answer apart.

    Args:
        answer: as typed.
        question: what was asked.
        rubric: the points; where they are names, a bare list may make them.
        read: puts spelling right for reading.
    """
    if gives_up(answer):
        return Assertions((), (Reason.GIVEN_UP,))
    if not tokens(answer):
        return Assertions((), (Reason.FOREIGN if any(map(str.isalpha, answer)) else Reason.EMPTY,))
    lists, labelled = asks_for_names(question, rubric), bool(labels_of(rubric))
    if not _is_english(
        read(answer), lists or labelled, {word for text in (question, *rubric) for word in words_of(text)}
    ):
        return Assertions((), (Reason.FOREIGN,))
    units: list[Unit] = []
    left_out: dict[Reason, None] = {}
    addressed = False
    for number, span in enumerate(_sentences(answer)):
        text = read(span.of(answer))
        reason = _why_not(text, question, lists or (labelled and bool(_LINK.search(text))))
        if addressed and reason is None and not asserts(text):
            reason = Reason.TO_MARKER
        addressed = addressed or reason is Reason.TO_MARKER
        if reason:
            left_out.setdefault(reason)
            continue
        units.append(Unit(span, number, True))
        units.extend(Unit(part, number, False) for part in _clauses(answer, span))
    return Assertions(tuple(units), tuple(left_out))


def _why_not(text: str, question: str, lists: bool) -> Reason | None:
    if _TO_MARKER.search(text):
        return Reason.TO_MARKER
    words = content_stems(text)
    if not words:
        return Reason.WORDS
    asked = set(content_stems(question)) | _ABOUT_ASKING
    if sum(word in asked for word in words) / len(words) >= ECHO:
        return Reason.ECHO
    if text.rstrip(' "”’)').endswith("?") and _ASKS.search(text):
        return Reason.ASKS
    if not asserts(text) and not lists:
        return Reason.WORDS
    return None


def _sentences(answer: str) -> list[Span]:
    """The sentences; a full stop ends one here even where a small letter follows, as phones write."""
    found = []
    for span in split_sentences(answer):
        start = span.start
        for gap in [*_BREAK.finditer(answer, span.start, span.end), None]:
            end = gap.start() if gap else span.end
            if answer[start:end].strip():
                found.append(Span(start, end))
            start = gap.end() if gap else end
    return found


def _clauses(answer: str, sentence: Span) -> list[Span]:
    """The clauses of a sentence that has several; none for a simple one."""
    if len(words_of(sentence.of(answer))) < LONG_CLAUSE and not _LINK.search(sentence.of(answer)):
        return []
    parts = [part for rough in _cut(answer, sentence, _CLAUSE) for part in _run_on(answer, rough)]
    return [part for part in parts if len(content_stems(part.of(answer))) >= 2] if len(parts) > 1 else []


def _run_on(answer: str, clause: Span) -> list[Span]:
    """Statements that only commas part, as phones write them."""
    found: list[Span] = []
    for piece in _cut(answer, clause, _COMMA):
        if found and not (_says(piece.of(answer)) and _says(found[-1].of(answer))):
            found[-1] = Span(found[-1].start, piece.end)
        else:
            found.append(piece)
    return found


def _says(text: str) -> bool:
    return bool(_LINK.search(text)) or asserts(text)


def _cut(answer: str, within: Span, gaps: re.Pattern[str]) -> list[Span]:
    parts: list[Span] = []
    start = within.start
    for gap in [*gaps.finditer(answer, within.start, within.end), None]:
        end = gap.start() if gap else within.end
        if content_stems(answer[start:end]):
            parts.append(Span(start, end))
        start = gap.end() if gap else end
    return parts


def _is_english(text: str, lists: bool, taught: Collection[str]) -> bool:
    words = words_of(text)
    letters = sum(character.isalpha() for character in text)
    if sum(character.isalpha() and character.isascii() for character in text) < 0.7 * letters:
        return False
    small = sum(word in _SMALL for word in words) / len(words)
    known = sum(english_frequency(word) > 0 or word.isdigit() or word in taught for word in words) / len(words)
    return known >= 0.5 and (lists or small >= LEAST_ENGLISH or known >= 0.9)
