"""Approved answers, found for their question and its paraphrases, and retired when the course says it otherwise."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from threading import Lock

from cpom_tutor.answers import Answer
from cpom_tutor.course import Citation
from cpom_tutor.errors import NotFound, RecordsUnavailable
from cpom_tutor.language import tokens
from cpom_tutor.library import Library
from cpom_tutor.protocols import Embedder, Understander
from cpom_tutor.review_protocols import ReviewRecords
from cpom_tutor.reviewing.correcting import verbatim
from cpom_tutor.reviewing.matching import difference
from cpom_tutor.reviewing.wording import Abbreviations, Wording, wording
from cpom_tutor.reviews import CanonicalAnswer

NEAR = 0.7
"""Cosine of two questions, abbreviations written out, below which they are taken for different ones whatever their
words; from the tune half of `evals/cases/approved.jsonl`."""
CHANGED = "The course text it cites has changed."
REMEMBERED = 4096
"""Readings of questions that are kept."""


class _Reader:
    """Reads questions against one index version; remembers them."""

    def __init__(self, library: Library, understander: Understander) -> None:
        self.library = library
        self.abbreviations = Abbreviations(library.glossary)
        self._understander = understander
        self._lock = Lock()
        self._read: OrderedDict[str, tuple[str, Wording]] = OrderedDict()

    def read(self, question: str) -> tuple[str, Wording]:
        """The question whole and in full words, and taken apart."""
        with self._lock:
            if question in self._read:
                self._read.move_to_end(question)
                return self._read[question]
        meant = self._understander.understand(question, ())
        found = (
            self.abbreviations.written_out(meant.resolved),
            wording(meant.resolved, meant.intent, self.abbreviations),
        )
        with self._lock:
            self._read[question] = found
            while len(self._read) > REMEMBERED:
                self._read.popitem(last=False)
        return found


class ApprovedAnswers:
    """Implements `CanonicalAnswers` over the records, by words first and nearness second.

    Args:
        records: gives the records where there are any.
        understander: reads questions, approved ones as well as learners'.
        library: gives the course of today.
        embedder: says how near two questions are.
    """

    def __init__(
        self,
        records: Callable[[], ReviewRecords | None],
        understander: Understander,
        library: Callable[[], Library],
        embedder: Embedder,
    ) -> None:
        self._records = records
        self._understander = understander
        self._library = library
        self._embedder = embedder
        self._reader: _Reader | None = None

    def answer_to(self, question: str, *, exactly: bool = False) -> CanonicalAnswer | None:
        """The newest approved answer to this question or the same in other words, its citations as they stand today.

        One whose citations are no longer in the course is retired on the way. Where the records cannot be read there
        is none: the tutor's own answer is checked as well.

        Raises:
            EmbedderUnavailable: the model cannot be loaded.
        """
        records = self._records()
        if records is None:
            return None
        try:
            approved = records.canonical_answers()
        except RecordsUnavailable:
            return None
        for candidate in sorted(approved, key=lambda each: _plainly(each.question) != _plainly(question)):
            if not self._same(candidate.question, question, exactly=exactly):
                continue
            standing = _standing(candidate.reply, self._library())
            if standing:
                return replace(candidate, reply=standing)
            _retire(records, candidate)
        return None

    def _same(self, approved: str, question: str, *, exactly: bool) -> bool:
        if _plainly(approved) == _plainly(question):
            return True
        if exactly:
            return False
        reader = self._for_current_library()
        (one, its_wording), (other, other_wording) = reader.read(approved), reader.read(question)
        if difference(its_wording, other_wording):
            return False
        vectors = self._embedder.embed([one, other])
        return float(vectors[0] @ vectors[1]) >= NEAR

    def _for_current_library(self) -> _Reader:
        library, reader = self._library(), self._reader
        if reader is None or reader.library is not library:
            reader = self._reader = _Reader(library, self._understander)
        return reader


def _plainly(question: str) -> tuple[str, ...]:
    """The question's very words, without regard to case, spacing and marks."""
    return tokens(question.lower()) or (question.strip().lower(),)


def _standing(reply: Answer, library: Library) -> Answer | None:
    """The reply with its citations where their words stand today; None where some stand no more."""
    claims = []
    for claim in reply.claims:
        found = [_today(citation, library) for citation in claim.citations]
        citations = tuple(citation for citation in found if citation)
        if len(citations) < len(found):
            return None
        claims.append(replace(claim, citations=citations))
    return replace(reply, claims=tuple(claims))


def _today(citation: Citation, library: Library) -> Citation | None:
    """The citation, or the same words elsewhere in its passage or in the one that took its place."""
    if verbatim(citation, library):
        return citation
    known = citation.passage_id in library
    place = citation.passage_id if known else library.retired.get(citation.passage_id, "")
    if place not in library:
        return None
    passage = library.passage(place)
    start = passage.text.find(citation.quote)
    if start < 0:
        return None
    return Citation(passage.id, str(passage.address), citation.quote, start, start + len(citation.quote))


def _retire(records: ReviewRecords, canonical: CanonicalAnswer) -> None:
    try:
        records.retire(canonical.id, CHANGED)
    except (NotFound, RecordsUnavailable):
        return  # it was taken away meanwhile, or will be retired when it is next asked for
