"""Learner's words -> Question."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from cpom_tutor.answers import Answer, Intent, Turn
from cpom_tutor.course import Kind
from cpom_tutor.errors import BadInput
from cpom_tutor.language import STOPWORDS, content_stems, english_frequency, tokens
from cpom_tutor.library import Library
from cpom_tutor.protocols import Question
from cpom_tutor.understanding.follow_up import about_the_course, query_of, resolve
from cpom_tutor.understanding.glossary import Glossary
from cpom_tutor.understanding.kinds import is_yes_no, kind_of, subjects_of
from cpom_tutor.understanding.parts import parts_of
from cpom_tutor.understanding.screening import declined, small_talk
from cpom_tutor.understanding.spelling import Speller

LONGEST_QUESTION = 4000  # characters
_TOO_COMMON = 60_000  # a word that English uses this often paints no picture by itself ("question", "night")
# Words that ask, and say nothing of what is asked about.
_THE_CREDENTIAL = re.compile(
    r"\b(?:this|the|that|my)\s+(?:credential|cert|certification|program|programme|course|qualification)\b(?!\s+(?:process|exam))",
    re.IGNORECASE,
)
_FRAME = frozenset(
    content_stems(
        "many much name list explain tell describe define mean means meaning thing things stuff kind kinds sort sorts give show "
        "want know understand wondering question exactly actually basically again ever even still quick quickly summary summarize "
        "simply simpler example need help helps really mention mentions mentioned anywhere discuss difference compare versus vs best ok okay yeah hey hi thanks course say talk section enough"
    )
)


class _Course:
    """What understanding needs of one index version."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.glossary = Glossary(entry for entry in library.glossary if entry.term != library.code)
        words = {word for passage in library.passages for word in tokens(passage.text)}
        words |= {word for passage in library.passages for word in tokens(" ".join(passage.heading_path))}
        words |= {word for entry in library.glossary for alias in entry.aliases for word in tokens(alias)}
        self.speller = Speller(words)
        self.analogy_words = _picture_words(library)


class CourseUnderstander:
    """Implements `Understander` by rules over the course's own structure.

    Args:
        library: gives the library in use; asked anew for each question, so that a new index is noticed.
    """

    def __init__(self, library: Callable[[], Library]) -> None:
        self._library = library
        self._course: _Course | None = None

    def understand(self, text: str, history: Sequence[Turn]) -> Question:
        """What is meant.

        Raises:
            BadInput: the question is empty or too long.
        """
        asked = " ".join(text.split())
        if not asked:
            raise BadInput("There is no question; type one, for example: What is a CSC?")
        if len(asked) > LONGEST_QUESTION:
            raise BadInput(
                f"The question has {len(asked):,} characters; keep it under {LONGEST_QUESTION:,}, or ask it in parts."
            )
        course = self._for_current_library()
        mended = course.speller.mend(asked)
        settled = self._settled(asked, mended)
        if settled:
            return settled
        parts = parts_of(mended)
        if len(parts) > 1:
            return self._in_parts(asked, parts, history)
        return self._whole(asked, mended, history, course)

    def _in_parts(self, asked: str, parts: Sequence[str], history: Sequence[Turn]) -> Question:
        """A message with several questions; each later one may lean on the one before it."""
        course, told, found = self._for_current_library(), list(history), []
        for part in parts:
            meant = self._whole(part, part, told, course)
            found.append(meant)
            told.append(_as_said(meant))
        whole = " ".join(_asking(part.resolved) for part in found)
        return replace(found[0], asked=asked, resolved=whole, parts=tuple(found))

    def _whole(self, asked: str, mended: str, history: Sequence[Turn], course: _Course) -> Question:
        """One question, made whole."""
        wording = kind_of(mended, course.analogy_words, content_stems(mended))
        resolved = resolve(mended, wording, history, course.library, course.glossary.expand)
        whole = _tidy(resolved.text if resolved.previous else about_the_course(resolved.text, course.library))
        intent = wording
        if resolved.previous and wording is Intent.ASK:
            intent = kind_of(whole, course.analogy_words, content_stems(whole))
        # Searched as typed: the course's name would draw every sentence that has it.
        query = query_of(_tidy(resolved.text if content_stems(resolved.text) else whole))
        return Question(
            asked=asked,
            resolved=whole,
            intent=intent,
            query=query,
            expansion=" ".join(filter(None, (course.glossary.expand(query), resolved.context))),
            terms=_terms(query, course),
            synonyms=_synonyms(query, course),
            yes_no=is_yes_no(whole),
            subjects=subjects_of(whole) if intent is Intent.COMPARE else (),
            ordinal=resolved.ordinal,
            previous=resolved.previous,
            alone=mended
            if resolved.text != mended and len(_terms(mended, course)) > 0 and not resolved.ordinal
            else "",
        )

    def _settled(self, asked: str, mended: str) -> Question | None:
        """A question that needs no look into the course."""
        talk = small_talk(asked) or small_talk(mended)
        if talk:
            return Question(asked, asked, talk[0], line=talk[1])
        refusal = declined(asked) or declined(mended)
        if refusal:
            return Question(asked, asked, Intent.ASK, decline=refusal[0], line=refusal[1])
        return None

    def _for_current_library(self) -> _Course:
        library = self._library()
        if self._course is None or self._course.library is not library:
            self._course = _Course(library)
        return self._course


def _asking(resolved: str) -> str:
    """A part with its question mark; what it is about, in brackets, comes after that."""
    return resolved if resolved.endswith(")") else f"{resolved.rstrip(' ?.')}?"


def _as_said(meant: Question) -> Turn:
    """A part of the message as if it had been a turn, for the next part to lean on."""
    return Turn(meant.asked, meant.resolved, meant.intent, Answer(()), (), "", "", datetime.now(UTC), 0.0)


def _synonyms(text: str, course: _Course) -> tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]:
    """For each stem of an everyday word in the text, the course's terms for it, as stems."""
    found: dict[str, tuple[tuple[str, ...], ...]] = {}
    for match in course.glossary.find(text):
        terms = tuple(content_stems(term) for term in match.entry.course_terms)
        for stem in content_stems(match.words):
            found[stem] = found.get(stem, ()) + terms
    return tuple(found.items())


def _terms(text: str, course: _Course) -> tuple[str, ...]:
    """Stems of the words that say what is asked, British spelling read as the course spells."""
    for match in course.glossary.find(text):
        if match.entry.kind == "spelling" and len(match.entry.course_terms) == 1:
            text = text.replace(match.words, match.entry.course_terms[0])
    text = _THE_CREDENTIAL.sub(" ", text)
    stems = content_stems(text)
    telling = tuple(stem for stem in stems if stem not in _FRAME)
    subject = tuple(stem for stem in telling if stem != course.library.code.lower())
    return subject or telling or stems


def _picture_words(library: Library) -> frozenset[str]:
    """Stems that stand in analogy boxes and nowhere else: the words of the picture (kitchen, menu, supplier)."""
    inside: set[str] = set()
    outside: set[str] = set()
    for passage in library.passages:
        if passage.kind.is_container:
            continue
        # A pair's last sentence and a story's parentheses say what the picture stands for.
        if passage.kind is Kind.PAIR and passage.sentences:
            inside.update(
                content_stems(passage.text[: passage.sentences[-1].start].replace(passage.counterpart_name, ""))
            )
            outside.update(content_stems(passage.text[passage.sentences[-1].start :] + " " + passage.counterpart_name))
        elif passage.kind is Kind.ANALOGY:
            inside.update(content_stems(re.sub(r"\([^)]*\)", " ", passage.text)))
            outside.update(content_stems(" ".join(re.findall(r"\(([^)]*)\)", passage.text))))
        else:
            outside.update(content_stems(passage.text))
    glossary = {stem for entry in library.glossary for term in entry.course_terms for stem in content_stems(term)}
    shared = {stem for stem in inside if stem in outside}
    frequency: dict[str, int] = {}
    for passage in library.passages:
        for word in tokens(passage.text):
            for stem in content_stems(word):
                frequency[stem] = max(frequency.get(stem, 0), english_frequency(word), english_frequency(stem))
    telling = {stem for stem in inside - shared - (glossary - inside) if stem not in STOPWORDS}
    return frozenset(stem for stem in telling if frequency.get(stem, 0) < _TOO_COMMON)


def _tidy(text: str) -> str:
    """One spacing, a capital first letter."""
    text = " ".join(text.split())
    return text[:1].upper() + text[1:]
