"""A language model behind the gate: what it writes is shown sentence by sentence as each passes, or not at all.

It is asked only where the course answers, which others have decided. What it may lean on, which words of a passage
a sentence stands on, and whether what is left of its answer is good enough, is decided here, by code.
"""

from collections.abc import Generator as Steps
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace

from cpom_tutor.addressed import speaks_to_tutor
from cpom_tutor.answers import (
    Answer,
    CheckedClaim,
    Claim,
    Draft,
    Form,
    Intent,
    Pointer,
    Role,
    Turn,
    to_markdown,
)
from cpom_tutor.course import Citation, Passage, Span
from cpom_tutor.errors import ModelUnavailable
from cpom_tutor.explainer_protocols import Explainer, Explanation
from cpom_tutor.gate import Gate, Rejection
from cpom_tutor.grounding.lexicon import kinship
from cpom_tutor.language import content_stems, coverage, plain
from cpom_tutor.library import Library
from cpom_tutor.protocols import Hit, Question, Step

MOST_PASSAGES = 14
"""Passages that are given, unless an answer is whole with more only."""
MOST_SENTENCES = 40
"""Sentences that are read; whoever writes more is stopped."""
_EARLIER = 2  # turns of the conversation that are given
_TRIED = 2  # sentences of the passages named that are tried as the one that bears a claim
_AROUND = 1  # sentences on either side that may help to bear it
_AKIN = 0.7  # kinship of two words, from which on one answers to the other
_FEW, _NEARLY_ALL, _SOME = 5, 0.75, 0.4  # content words, and the share that must be answered
_PICTURED = (Intent.EXAMPLE, Intent.SIMPLIFY, Intent.ANALOGY)
_OURS = "this answer is made of the course’s own sentences."


def to_explain(meant: Question, told: Draft) -> bool:
    """Whether words of one's own may help: not where something is declined, corrected, practised or judged."""
    return told.abstain is None and not told.premise_refuted and meant.intent not in (Intent.QUIZ, Intent.GRADE)


@dataclass(frozen=True, slots=True)
class Unexplained:
    """Why an explainer's answer is not shown: one sentence, for the learner."""

    reason: str


@dataclass
class Explaining:
    """One answer in the making.

    Attributes:
        explainer: writes.
        gate: decides.
        told: the answer of the course's own sentences, which is sure; what is written is measured by it.
        asked: what the explainer is given.
        written: all sentences that it wrote.
        passed: those that may be shown.
    """

    explainer: Explainer
    gate: Gate
    told: Draft
    asked: Explanation
    written: list[Claim] = field(default_factory=list)
    passed: list[CheckedClaim] = field(default_factory=list)

    def steps(self) -> Steps[Step, None, Answer | Unexplained]:
        """Shows the sentences as they pass; returns the answer, or why there is none."""
        given = frozenset(passage.id for passage in self.asked.passages)
        fault = ""
        try:
            with closing(self.explainer.explain(self.asked)) as claims:
                for claim in claims:
                    shown = claim is not None and self._take(claim, given)
                    yield Step(partial=to_markdown(Answer(tuple(self.passed)))) if shown else Step()
                    if len(self.written) >= MOST_SENTENCES:
                        break
        except ModelUnavailable as error:
            fault = str(error)
        short = self._shortfall()
        if short:
            return Unexplained(f"{fault or short[:1].upper() + short[1:]}; {_OURS}")
        return self._closed()

    def _take(self, claim: Claim, given: frozenset[str]) -> bool:
        """Lets one sentence through, if it passes; whether it did."""
        if any(claim.text == known.text for known in self.written):
            return False
        self.written.append(claim)
        if claim.role is Role.OWN and not self._may_picture():
            return False
        outcome = borne(claim, self.gate, given)
        if isinstance(outcome, Rejection):
            self.gate.on_reject(outcome)
            return False
        if not self.passed and self._verdict:
            self._add(self._verdict)
        self.passed.append(outcome)
        return True

    @property
    def _verdict(self) -> Claim | None:
        """The "Yes." or "No." that the course's own sentences decided; nobody else may."""
        first = self.told.claims[0] if self.told.claims else None
        return first if first and first.role is Role.LEAD and first.text in ("Yes.", "No.") else None

    def _may_picture(self) -> bool:
        """A picture is given where one is asked for, once, after a fact."""
        facts = [claim for claim in self.passed if claim.role is Role.FACT]
        pictures = [claim for claim in self.passed if claim.role is Role.OWN]
        return self.asked.question.intent in _PICTURED and bool(facts) and not pictures

    def _shortfall(self) -> str:
        """Why what passed is not enough, or an empty string."""
        facts = [claim for claim in self.passed if claim.role is Role.FACT]
        written = sum(claim.role is Role.FACT for claim in self.written)
        if not facts:
            return "the language model wrote nothing that the course supports"
        if 2 * len(facts) < written:
            return f"of {written} sentences of the language model only {len(facts)} passed the check"
        cited = {citation.passage_id for claim in facts for citation in claim.citations}
        left_out = [passage_id for passage_id in self.asked.whole if passage_id not in cited]
        if left_out:
            return f"the language model left out {len(left_out)} of {len(self.asked.whole)} points"
        if not self.asked.whole and not self._to_the_point(facts):
            return "the language model left out what answers the question"
        return ""

    def _to_the_point(self, facts: Sequence[CheckedClaim]) -> bool:
        """Whether half of the sentences of the sure answer were said, in whatever words; true ones beside the
        question are no answer to it."""
        said = [
            (citation.passage_id, Span(citation.start, citation.end)) for claim in facts for citation in claim.citations
        ]
        sure = dict.fromkeys(pointer for claim in self.told.claims for pointer in claim.evidence)
        found = [
            any(
                where == pointer.passage_id and (not pointer.span or pointer.span.overlaps(span))
                for where, span in said
            )
            for pointer in sure
        ]
        return 2 * sum(found) >= len(found)

    def _closed(self) -> Answer:
        """The answer with where to read on, and the count of what was dropped."""
        for claim in self.told.claims:
            if claim.role is Role.OWN:
                self._add(claim)
        reply = self.gate.close(Draft(tuple(self.written)), self.passed)
        assert isinstance(reply, Answer), "some fact has passed"
        return reply

    def _add(self, claim: Claim) -> None:
        """Puts a lead or own words of the tutor's beside what was written."""
        outcome = self.gate.admit(claim, frozenset())
        if isinstance(outcome, CheckedClaim):
            self.written.append(claim)
            self.passed.append(outcome)


def explaining(
    explainer: Explainer, gate: Gate, meant: Question, told: Draft, hits: Sequence[Hit], history: Sequence[Turn]
) -> Explaining:
    """An answer to be made.

    Args:
        explainer: writes it.
        gate: decides.
        meant: the question.
        told: the answer of the course's own sentences.
        hits: what was found.
        history: the conversation, oldest turn first.
    """
    passages = _given(told, hits, gate.library)
    known = {passage.id for passage in passages}
    whole = [passage_id for passage_id in _whole(told) if passage_id in known]
    heart = [passage_id for passage_id in _cited(told) if passage_id in known]
    asked = Explanation(meant, passages, tuple(whole), tuple(heart), tuple(history)[-_EARLIER:])
    return Explaining(explainer, gate, told, asked)


def borne(claim: Claim, gate: Gate, given: frozenset[str]) -> CheckedClaim | Rejection:
    """The claim with the words of its passages that bear it, or why the words most like it do not.

    One sentence is tried before several, so that a citation shows what it must and no more.
    """
    if claim.role is not Role.FACT:
        return gate.admit(claim, given)
    named = [pointer.passage_id for pointer in claim.evidence]
    passages = [gate.library.passage(each) for each in named if each in given and each in gate.library]
    if not passages:
        return gate.admit(claim, given)
    fault: Rejection | None = None
    for group in _candidates(claim.text, passages):
        tried = [_tried(replace(claim, evidence=evidence), gate, given) for evidence in group]
        bearing = [outcome for outcome in tried if isinstance(outcome, CheckedClaim)]
        if bearing:
            return max(bearing, key=lambda checked: checked.verdict.score)
        fault = fault or next(outcome for outcome in tried if isinstance(outcome, Rejection))
    assert fault is not None, "a passage has words"
    return fault


def _tried(claim: Claim, gate: Gate, given: frozenset[str]) -> CheckedClaim | Rejection:
    outcome = gate.admit(claim, given)
    strange = _unanswered(outcome) if isinstance(outcome, CheckedClaim) else []
    return Rejection(claim, f"Nothing in its passages answers to “{strange[0]}”.") if strange else outcome


def _unanswered(claim: CheckedClaim) -> list[str]:
    """Words that nothing in the quotes answers to, where they are too many: a likeness is no support for those.

    A few words ("The BCPS is worthless") must nearly all be answered; in a long sentence two in five will do, for
    a free paraphrase has few words in common with what it says.
    """
    said = content_stems(plain(claim.text))
    have = set(content_stems(plain(" ".join(citation.quote for citation in claim.citations))))
    strange = [word for word in dict.fromkeys(said) if not any(kinship(word, other) >= _AKIN for other in have)]
    share = 1 - len(strange) / max(1, len(set(said)))
    return strange if share < (_NEARLY_ALL if len(set(said)) <= _FEW else _SOME) else []


def _candidates(text: str, passages: Sequence[Passage]) -> Iterator[list[tuple[Pointer, ...]]]:
    """What may bear a claim: one of the sentences most like it; else one with its neighbours; else one of each
    passage."""
    ranked = sorted(
        ((coverage(text, span.of(passage.text)), place, passage, span)
         for passage in passages for place, span in enumerate(_spans(passage))),
        key=lambda found: -found[0],
    )  # fmt: skip
    yield [(Pointer(passage.id, span),) for _, _, passage, span in ranked[:_TRIED]]
    _, place, passage, _ = ranked[0]
    spans = _spans(passage)
    around = spans[max(0, place - _AROUND) : place + _AROUND + 1]
    if len(around) > 1:
        yield [(Pointer(passage.id, Span(around[0].start, around[-1].end)),)]
    if len(passages) > 1:
        best = {found[2].id: found[3] for found in reversed(ranked)}
        yield [tuple(Pointer(passage.id, best[passage.id]) for passage in passages)]


def _spans(passage: Passage) -> tuple[Span, ...]:
    """Its sentences, the first with the name that it starts with; all of it where it has none."""
    if not passage.sentences:
        return (Span(0, len(passage.text)),)
    first, *rest = passage.sentences
    start = min(first.start, passage.label.start) if passage.label else first.start
    return (Span(start, first.end), *rest)


def _given(told: Draft, hits: Sequence[Hit], library: Library) -> tuple[Passage, ...]:
    """What the answer of the course's own sentences stands on, then what was found besides, none of which speaks
    to the tutor."""
    sure = [library.passage(each) for each in _cited(told) if each in library]
    found = [hit.passage for hit in hits]
    known = {passage.id: passage for passage in (*sure, *found) if not speaks_to_tutor(passage.text)}
    return tuple(known.values())[: max(MOST_PASSAGES, len(sure))]


def _meet(pointer: Pointer, citation: Citation) -> bool:
    """Whether a citation shows some of the words that a draft points at."""
    if pointer.passage_id != citation.passage_id:
        return False
    return pointer.span is None or pointer.span.overlaps(Span(citation.start, citation.end))


def _cited(draft: Draft) -> tuple[str, ...]:
    return tuple(dict.fromkeys(pointer.passage_id for claim in draft.claims for pointer in claim.evidence))


def _whole(told: Draft) -> tuple[str, ...]:
    """Passages of a list or a table: an answer that leaves some out would be less than the course's own."""
    listed = [claim for claim in told.claims if claim.form in (Form.ITEM, Form.CELL)]
    return _cited(Draft(tuple(listed)))
