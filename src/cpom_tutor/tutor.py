"""understand -> retrieve -> draft -> gate. Recording is the caller's, who knows whose turn it is."""

import time
from collections.abc import Generator as Steps
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import zip_longest

from cpom_tutor.answers import (
    Abstention,
    Answer,
    CheckedClaim,
    Claim,
    Conversation,
    Draft,
    Form,
    Intent,
    Pointer,
    Reply,
    Retrieved,
    Role,
    Turn,
    to_markdown,
)
from cpom_tutor.course import Span
from cpom_tutor.explainer_protocols import Explainer
from cpom_tutor.explaining import Unexplained, explaining, to_explain
from cpom_tutor.gate import NOT_ALL, Gate
from cpom_tutor.library import Library
from cpom_tutor.practice_protocols import Examiner, Exercise
from cpom_tutor.protocols import Akin, Generator, GroundingChecker, Hit, Question, Retriever, Step, Understander
from cpom_tutor.review_protocols import CanonicalAnswers
from cpom_tutor.reviews import CanonicalAnswer

CONSIDERED = 10  # passages reported
SEARCHED = 16  # passages given to the generator: a list's last items rank lower than its first
REVIEWED = "Reviewed by an instructor"
INSTRUCTOR = "instructor"
"""The generator of a turn whose reply is an approved answer."""
_NONE = "There is nothing to practise with here. Ask me anything about the course instead."
_TALK = (Intent.SMALLTALK, Intent.HELP)


@dataclass(frozen=True)
class Tutor:
    """Implements `Stepper` from the parts that `wiring` chose."""

    understander: Understander
    retriever: Retriever
    generator: Generator
    checker: GroundingChecker
    examiner: Examiner | None = None
    canonical: CanonicalAnswers | None = None
    explainer: Explainer | None = None

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Turn:
        """One checked turn.

        Raises:
            TutorError: bad input, or the index or embedder cannot be used.
        """
        turn = None
        for step in self.stream(question, history):
            turn = step.turn
        assert turn is not None, "a stream ends with its turn"
        return turn

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Step]:
        """Steps, then the sentences that passed so far, then the finished turn.

        Raises:
            TutorError: as `ask`.
        """
        started = time.perf_counter()
        yield Step(note="Reading your question…")
        exercise = self.examiner.follow(question, history) if self.examiner else None
        if exercise:
            yield from self._practised(question, exercise, started)
            return
        meant = self.understander.understand(question, history)
        settled = _settled(meant)
        hits: tuple[Hit, ...] = ()
        draft = Draft()
        library = self.retriever.library
        if isinstance(settled, Conversation):
            yield Step(turn=_turn(meant, settled, draft, hits, self.generator.name, library, started))
            return
        if settled is None and meant.intent is Intent.QUIZ:
            handed = (
                self.examiner.begin(meant, history) if self.examiner else Exercise(None, meant.resolved, line=_NONE)
            )
            yield from self._practised(question, handed, started)
            return
        approved = self._approved(meant)
        if approved:
            yield Step(partial=to_markdown(approved))
            yield Step(turn=_reviewed(meant, approved, library, started))
            return
        yield Step(note="Looking in the course…")
        searched = [self._searched(part) for part in meant.parts or (meant,)]
        meant, hits = searched[0] if len(searched) == 1 else (meant, _merged([found for _, found in searched]))
        library = self.retriever.library
        if settled is not None:
            yield Step(turn=_turn(meant, settled, draft, hits, self.generator.name, library, started))
            return
        yield Step(note=_found(hits))
        draft = _joined([self.generator.draft_answer(part, found, library) for part, found in searched])
        gate = Gate(self.checker, library)
        outcome = yield from self._explained(gate, meant, draft, hits, history)
        if isinstance(outcome, Answer) and self.explainer:
            yield Step(turn=_turn(meant, outcome, draft, hits, self.explainer.name, library, started))
            return
        reply = yield from _passed(gate, draft, frozenset(_given(hits, library)))
        turn = _turn(meant, reply, draft, hits, self.generator.name, library, started)
        yield Step(turn=replace(turn, fallback=outcome.reason) if isinstance(outcome, Unexplained) else turn)

    def _explained(
        self, gate: Gate, meant: Question, draft: Draft, hits: Sequence[Hit], history: Sequence[Turn]
    ) -> Steps[Step, None, Answer | Unexplained | None]:
        """The answer in words of its own, where somebody writes some and enough of it passes."""
        if not self.explainer or not to_explain(meant, draft):
            return None
        yield Step(note=f"{self.explainer.name} is writing; each sentence is checked before you see it…")
        return (yield from explaining(self.explainer, gate, meant, draft, hits, history).steps())

    def _practised(self, asked: str, exercise: Exercise, started: float) -> Iterator[Step]:
        """A turn of practice: a question as it is, or the judgement of an answer through the gate."""
        library, draft = self.retriever.library, exercise.draft or Draft()
        reply: Reply = Conversation(exercise.line)
        if exercise.draft:
            given = frozenset(pointer.passage_id for claim in draft.claims for pointer in claim.evidence)
            reply = yield from _passed(Gate(self.checker, library, vouched=exercise.vouched), draft, given)
        meant = Question(" ".join(asked.split()), exercise.resolved, Intent.QUIZ)
        turn = _turn(meant, reply, draft, exercise.hits, self.generator.name, library, started)
        yield Step(turn=replace(turn, practice=exercise.practised, suggestions=exercise.suggestions))

    def _approved(self, meant: Question) -> Answer | None:
        """The answer that an instructor approved for this question, where all of it passes the gate again today.

        A question to decline gets one only if it was approved for that very question.
        """
        if not self.canonical:
            return None
        # Of a message that asks several things, the answer to one would be half an answer.
        exactly = meant.decline is not None or bool(meant.parts)
        found = self.canonical.answer_to(meant.resolved, exactly=exactly)
        if not found:
            return None
        outcome = Gate(self.checker, self.retriever.library).judge_whole(_draft_of(found))
        return outcome if isinstance(outcome, Answer) else None

    def _searched(self, meant: Question) -> tuple[Question, tuple[Hit, ...]]:
        query = meant.query or meant.resolved
        hits = self.retriever.search(query, SEARCHED, expansion=meant.expansion)
        akin = self.retriever.akin(query)
        if meant.alone:
            # "and how much is that?" is a question about a price, whatever it is about.
            akin = _nearest(akin, self.retriever.akin(meant.alone))
        return replace(meant, akin=akin), hits


def _draft_of(canonical: CanonicalAnswer) -> Draft:
    """The approved answer as it is proposed to the gate."""
    claims = tuple(
        Claim(
            claim.text,
            claim.role,
            tuple(Pointer(cited.passage_id, Span(cited.start, cited.end)) for cited in claim.citations),
            claim.form,
            claim.column,
        )
        for claim in canonical.reply.claims
    )
    return Draft(claims, canonical.reply.premise_refuted)


def _reviewed(meant: Question, reply: Answer, library: Library, started: float) -> Turn:
    """The turn of an approved answer: what it cites is what was considered."""
    cited = dict.fromkeys(citation.passage_id for claim in reply.claims for citation in claim.citations)
    hits = [Hit(library.passage(passage_id), 1.0, 1.0, 0.0) for passage_id in cited]
    return replace(_turn(meant, reply, Draft(), hits, INSTRUCTOR, library, started), reviewed=REVIEWED)


def _passed(gate: Gate, draft: Draft, given: frozenset[str]) -> Steps[Step, None, Answer | Abstention]:
    """Shows the sentences as they pass; returns the reply."""
    passed: list[CheckedClaim] = []
    for claim in gate.pass_through(draft, given):
        passed.append(claim)
        yield Step(partial=to_markdown(Answer(tuple(passed))))
    return gate.close(draft, passed)


def _nearest(first: tuple[Akin, ...], second: tuple[Akin, ...]) -> tuple[Akin, ...]:
    """Of two lists, as many as the first has, the nearest first; a probe in both counts as the nearer."""
    ranked = sorted((*first, *second), key=lambda near: -near.similarity)
    return tuple({near.probe: near for near in reversed(ranked)}.values())[::-1][: len(first)]


def _merged(found: Sequence[Sequence[Hit]]) -> tuple[Hit, ...]:
    """What was found for each part, in turns, each passage once."""
    ranked = [hit for hits in zip_longest(*found) for hit in hits if hit is not None]
    return tuple({hit.passage.id: hit for hit in reversed(ranked)}.values())[::-1]


def _joined(drafts: Sequence[Draft]) -> Draft:
    """One draft from those of the parts of a question: what one part told is not told again."""
    told = [draft for draft in drafts if draft.abstain is None]
    if len(drafts) == 1 or not told:
        return drafts[0]
    claims: list[Claim] = []
    for draft in told:
        known = {claim.evidence for claim in claims}
        claims += [claim for claim in draft.claims if not claim.evidence or claim.evidence not in known]
    if len(told) < len(drafts):
        claims.append(Claim(NOT_ALL, Role.OWN, form=Form.PARAGRAPH))
    return Draft(
        claims=tuple(claims),
        premise_refuted=any(draft.premise_refuted for draft in told),
        intent=told[0].intent,
        suggestions=tuple(dict.fromkeys(each for draft in told for each in draft.suggestions))[:3],
        confidence=max((draft.confidence for draft in told if draft.confidence is not None), default=None),
    )


def _settled(meant: Question) -> Reply | None:
    """The reply to a question that needs no draft."""
    if meant.decline is not None:
        return Abstention(meant.decline, meant.line)
    return Conversation(meant.line) if meant.intent in _TALK else None


def _given(hits: Iterable[Hit], library: Library) -> Iterator[str]:
    """Ids that a draft may cite: what was found, and by structure all that belongs to the course's sections found.

    A list brings its items, a row its table, a stakeholder its siblings; a structural answer may name any of
    them, so the unit that is given is the section of each passage found.
    """
    sections = {hit.passage.id.split("-", 1)[0] for hit in hits}
    for passage in library.passages:
        if passage.id.split("-", 1)[0] in sections:
            yield passage.id


def _found(hits: Sequence[Hit]) -> str:
    headings = list(dict.fromkeys(hit.passage.heading_path[-1] for hit in hits if hit.passage.heading_path))
    return f"Found {len(hits)} passages under {len(headings)} headings; checking each sentence…"


def _turn(
    meant: Question,
    reply: Reply,
    draft: Draft,
    hits: Sequence[Hit],
    generator: str,
    library: Library,
    started: float,
) -> Turn:
    return Turn(
        question=meant.asked,
        resolved_question=meant.resolved,
        intent=draft.intent or meant.intent,
        reply=reply,
        retrieved=tuple(Retrieved(hit.passage, hit.score) for hit in hits[:CONSIDERED]),
        generator=generator,
        index=library.fingerprint,
        asked_at=datetime.now(UTC),
        elapsed_ms=(time.perf_counter() - started) * 1000,
        suggestions=draft.suggestions,
        confidence=draft.confidence,
    )
