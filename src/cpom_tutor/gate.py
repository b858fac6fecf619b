"""Draft -> Answer or Abstention. Nothing reaches a learner without passing here.

What a claim must show, by role:

- a fact: it points at passages that the generator was given; each quote is verbatim; no quote is cut out of
  a denial, or speaks to the tutor instead of the learner; the claim has no markup, address or long quotation that
  its quotes have not; and the checker finds it SUPPORTED by those quotes alone;
- a lead ("Yes.", "Four forces:"): it is short and adds no content word of its own: all of its words are
  connectives, or stand in a heading or name of the course; it goes when the fact after it does not pass;
- own words: a word explained exactly as the glossary has it, a pointer to a place that exists, or a picture of the
  tutor's own in a form that can do no harm (`own_words`);
- in practice, a lead or own words may be vouched for instead: an item's reasons and options have passed its validators.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from cpom_tutor.addressed import speaks_to_tutor
from cpom_tutor.answers import (
    Abstention,
    Answer,
    CheckedClaim,
    Claim,
    Draft,
    Form,
    Label,
    Pointer,
    Reason,
    Role,
    Verdict,
)
from cpom_tutor.course import Citation, GlossaryEntry, Passage, Span
from cpom_tutor.errors import NotFound
from cpom_tutor.language import tokens
from cpom_tutor.library import Library
from cpom_tutor.own_words import EXAMPLE_MARK, example_fault
from cpom_tutor.protocols import GroundingChecker

OWN_MARK = "Tutor’s note:"
NEXT_MARK = "Read next:"
NOT_ALL = f"{OWN_MARK} the course does not answer the other part of your question."
LONGEST_LEAD = 16  # words
_WORD = re.compile(r"[a-z0-9]+(?:['’-][a-z0-9]+)*")
_FOREIGN = re.compile(
    r"\b\w+://\S*|\bwww\.\S+|\S+@\S+\.\w+|</?[A-Za-z!][^>]*|!\[|\]\(|`|[\x00-\x08\x0b-\x1f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_QUOTED = re.compile(r"[“\"]([^”\"]+)[”\"]")
_LONG_QUOTE = 3  # words, from which on a quotation must be verbatim
_DENIALS = frozenset({"not", "never", "no", "without", "cannot", "merely", "hardly"})
_CONDITIONS = frozenset({"if", "unless"})

_COUNTS = frozenset("no one two three four five six seven eight nine ten both".split())
# The connectives that a lead may be made of. They order and point; they assert nothing about the course.
CONNECTIVES = frozenset(
    """
    draws a an the this that these those of in on to for from with by as at and or but not is are was were be it its
    they yes no does do did done say says said tells course text passage section answer short here what which
    who how why when one two three four five six seven eight nine ten both each every all other another first
    second third fourth fifth next last then so because also instead rather where there side sides point
    points row rows column items item list table names named under called means stands kitchen pharmacy
    principle domain domains skill skills belongs applies example plainly words own conclusion difference
    contrast same different nearest related see read more add adds gives puts describes about your you
    situation question part parts step steps whole entry listed lists benefit benefits otherwise comes up
    mentions mention without defining defined plain plainer plainest picture course’s compare yours pictures
    gets get between just summary has have map maps onto pairs pair analogy
    """.split()
)


@dataclass(frozen=True, slots=True)
class Rejection:
    """A claim that did not pass, and why, for the log and for tests."""

    claim: Claim
    reason: str


@dataclass
class Gate:
    """The only way from a draft to the screen.

    Attributes:
        checker: judges a fact by its quotes.
        library: the course text of the index version in use.
        on_reject: told of each claim that is dropped.
        vouched: leads and own words that practice's validators have passed.
    """

    checker: GroundingChecker
    library: Library
    on_reject: Callable[[Rejection], None] = field(default=lambda _: None)
    vouched: frozenset[str] = frozenset()

    def admit(self, claim: Claim, given: frozenset[str]) -> CheckedClaim | Rejection:
        """Checks one claim.

        Args:
            claim: what the generator wrote.
            given: ids of the passages that the generator was given.
        """
        if claim.role is Role.FACT:
            return self._admit_fact(claim, given)
        fault = self._own_fault(claim) if claim.role is Role.OWN else self._lead_fault(claim, given)
        reason = "" if claim.text in self.vouched else fault
        if reason:
            return Rejection(claim, reason)
        verdict = Verdict(Label.SUPPORTED, 1.0, "States nothing about the course.")
        return CheckedClaim(claim.text, claim.role, claim.form, claim.column, (), verdict)

    def pass_through(self, draft: Draft, given: frozenset[str]) -> Iterator[CheckedClaim]:
        """The claims that pass, in order, one by one as they are checked; leads whose facts all fell go too."""
        waiting: list[CheckedClaim] = []
        for claim in draft.claims:
            outcome = self.admit(claim, given)
            if isinstance(outcome, Rejection):
                self.on_reject(outcome)
                # "Yes." and "Two points:" speak of the very fact that follows; without it they would be false.
                waiting = [told for told in waiting if _announces_any(told.text)]
            elif outcome.role is Role.OWN:
                waiting = []
                yield outcome
            elif outcome.role is Role.LEAD:
                if outcome.form is not Form.RUN_ON:
                    waiting = []
                waiting.append(outcome)
            else:
                yield from waiting
                waiting = []
                yield outcome

    def close(self, draft: Draft, passed: Sequence[CheckedClaim]) -> Answer | Abstention:
        """The reply: an answer if any fact passed, an abstention otherwise."""
        if draft.abstain is not None:
            return Abstention(draft.abstain, draft.message)
        if not any(claim.role is Role.FACT for claim in passed):
            return Abstention(
                Reason.UNVERIFIED,
                "I found passages on this, but could not put together an answer that they support word for word. "
                "The nearest passages are below; please read them directly.",
            )
        return Answer(tuple(passed), draft.premise_refuted, dropped=len(draft.claims) - len(passed))

    def judge(self, draft: Draft, given: Iterable[str]) -> Answer | Abstention:
        """Draft -> reply, in one go."""
        return self.close(draft, list(self.pass_through(draft, frozenset(given))))

    def judge_whole(self, draft: Draft) -> Answer | Rejection:
        """A draft that is given as a whole or not at all: the answer, or the first claim that does not pass.

        It may cite any passage of the course: a person chose them.
        """
        given = frozenset(pointer.passage_id for claim in draft.claims for pointer in claim.evidence)
        passed: list[CheckedClaim] = []
        for claim in draft.claims:
            outcome = self.admit(claim, given)
            if isinstance(outcome, Rejection):
                return outcome
            passed.append(outcome)
        if not any(claim.role is Role.FACT for claim in passed):
            return Rejection(Claim("", Role.FACT), "Nothing in it cites the course.")
        return Answer(tuple(passed), draft.premise_refuted)

    def _admit_fact(self, claim: Claim, given: frozenset[str]) -> CheckedClaim | Rejection:
        if not claim.evidence:
            return Rejection(claim, "A fact without a citation.")
        citations: list[Citation] = []
        for pointer in claim.evidence:
            if pointer.passage_id not in given:
                return Rejection(claim, f"It cites {pointer.passage_id}, which was not given.")
            try:
                passage = self.library.passage(pointer.passage_id)
            except NotFound:
                return Rejection(claim, f"It cites {pointer.passage_id}, which does not exist.")
            citation = _cite(passage, pointer, claim.text)
            if isinstance(citation, str):
                return Rejection(claim, citation)
            citations.append(citation)
        fault = self._column_fault(claim, citations, given) if claim.form is Form.CELL else ""
        fault = fault or _form_fault(claim.text, [citation.quote for citation in citations])
        if fault:
            return Rejection(claim, fault)
        verdict = self.checker.check(claim.text, [citation.quote for citation in citations])
        if verdict.label is not Label.SUPPORTED:
            return Rejection(claim, verdict.reason)
        return CheckedClaim(claim.text, claim.role, claim.form, claim.column, tuple(citations), verdict)

    def _lead_fault(self, claim: Claim, given: frozenset[str]) -> str:
        """Why a lead may not pass, or an empty string."""
        words = _words(claim.text)
        if len(words) > LONGEST_LEAD:
            return "A lead is too long."
        allowed = self._licensed(given)
        foreign = [word for word in words if word not in allowed and word.rstrip("s") not in allowed]
        if any(character.isalpha() and not character.isascii() for character in claim.text.replace("’", "")):
            return "A lead is written in a script that cannot be checked."
        return f"A lead says “{foreign[0]}”, which nothing here licenses." if foreign else ""

    def _licensed(self, given: frozenset[str]) -> set[str]:
        """Words that need no evidence: connectives, and the names and headings of the passages given."""
        allowed = set(CONNECTIVES)
        for passage_id in given:
            if passage_id in self.library:
                passage = self.library.passage(passage_id)
                allowed |= set(_words(" ".join((*passage.heading_path, passage.name, passage.counterpart_name))))
                allowed |= set(_words(" ".join(passage.columns)))
        return allowed

    def _own_fault(self, claim: Claim) -> str:
        """Why own words may not pass, or an empty string."""
        if claim.text.startswith(NEXT_MARK):
            known = any(claim.text == read_next_line(passage) for passage in self.library.passages)
            return "" if known else "It points to a place that the course does not have."
        if claim.text == NOT_ALL:
            return ""
        if claim.text.startswith(EXAMPLE_MARK):
            return example_fault(claim.text)
        if not claim.text.startswith(OWN_MARK):
            return "Own words are not marked as such."
        known = any(claim.text == glossary_line(entry) for entry in self.library.glossary)
        return "" if known else "Own words that are not the glossary’s."

    def _column_fault(self, claim: Claim, citations: Sequence[Citation], given: frozenset[str]) -> str:
        """Why a column heading may not stand, or an empty string: it must be a name, or in the passage cited."""
        allowed = self._licensed(given)
        for citation in citations:
            allowed |= set(_words(self.library.passage(citation.passage_id).text))
        foreign = [word for word in _words(claim.column) if word not in allowed and word.rstrip("s") not in allowed]
        return f"Its column says “{foreign[0]}”, which nothing here licenses." if foreign else ""


def read_next_line(passage: Passage) -> str:
    """The only form in which a draft may point to where to go on reading."""
    return f"{NEXT_MARK} {passage.heading} ({passage.address})"


def glossary_line(entry: GlossaryEntry) -> str:
    """The only form in which a draft may explain a word in the tutor's own voice."""
    return f"{OWN_MARK} “{entry.term}” means {entry.means}."


def _form_fault(text: str, quotes: Sequence[str]) -> str:
    """Why a fact may not stand whatever it says, or an empty string."""
    if any(speaks_to_tutor(quote) for quote in quotes):
        return "Its quote speaks to the tutor, not to the learner."
    foreign = [found for found in _FOREIGN.findall(text) if not any(found in quote for quote in quotes)]
    if foreign:
        return "It has markup, an address or hidden characters that its quotes do not have."
    said = [" ".join(tokens(quote)) for quote in quotes]
    for quotation in _QUOTED.findall(text):
        words = tokens(quotation)
        if len(words) >= _LONG_QUOTE and not any(" ".join(words) in quote for quote in said):
            return f"It quotes “{quotation}”, which its passages do not say."
    return ""


def _announces_any(lead: str) -> bool:
    """Whether a lead still holds when the fact after it is gone: it points on, and counts nothing."""
    first = (_words(lead) or [""])[0]
    return lead.rstrip().endswith(":") and first not in _COUNTS


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower().replace("**", ""))


def _cite(passage: Passage, pointer: Pointer, claim: str) -> Citation | str:
    """The citation for a pointer, or the fault in a sentence."""
    span = pointer.span or _closest_sentence(passage, claim)
    if not 0 <= span.start < span.end <= len(passage.text):
        return f"It quotes characters {span.start} to {span.end}, which {passage.address} does not have."
    quote = span.of(passage.text)
    if not quote.strip():
        return f"It quotes nothing of {passage.address}."
    for sentence in passage.sentences:
        if sentence.start < span.start < sentence.end:
            before = re.split(r"[;:—]", passage.text[sentence.start : span.start])[-1]
            if _DENIALS & set(_words(before)[-4:]) or _CONDITIONS & set(_words(before)):
                return "Its quote is cut out of a sentence that denies or limits it."
    return Citation(passage.id, str(passage.address), quote, span.start, span.end)


def _closest_sentence(passage: Passage, claim: str) -> Span:
    """The sentence that shares most words with the claim; the whole passage where it has no sentences."""
    wanted = set(_words(claim))
    if not passage.sentences:
        return Span(0, len(passage.text))
    return max(passage.sentences, key=lambda span: len(wanted & set(_words(span.of(passage.text)))))
