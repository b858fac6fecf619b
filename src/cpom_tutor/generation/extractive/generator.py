"""The offline generator: picks the composer that the question and the structure it hits call for."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from cpom_tutor.answers import Answer, Claim, Draft, Form, Intent, Pointer, Reason, Role
from cpom_tutor.config import DEFAULT_MOST_UNSUPPORTED
from cpom_tutor.course import Address, Kind, Span
from cpom_tutor.errors import BadInput, NotFound
from cpom_tutor.generation.extractive import (
    analogy,
    answerability,
    comparison,
    fact,
    guidance,
    listing,
    onward,
    reasons,
    retelling,
)
from cpom_tutor.generation.extractive.claims import lead, named, read_next
from cpom_tutor.generation.extractive.evidence import CourseWords, Evidence, prose
from cpom_tutor.generation.extractive.operating_point import least_confidence
from cpom_tutor.generation.extractive.structure import asked_whole, rank_series, says_its_phrase, wants_all
from cpom_tutor.library import Library
from cpom_tutor.protocols import Hit, Question
from cpom_tutor.series import Series, series_of
from cpom_tutor.understanding.follow_up import PICKED, theirs
from cpom_tutor.understanding.glossary import Glossary

_DISCUSSED_LEAD = 0.15  # cosine by which another passage must fit a statement better than those just discussed
_FAIR_FIT, _MARGIN = 0.36, 0.2  # of a series that is asked for in other words than its own
_MISSED, _MISSED_BY_A_SERIES = 0.4, 1.0  # of the score: by so much the best sentence left out is the better one
_LEAST_OF_A_ROW = 0.1  # confidence under which a row that fits is a coincidence
_ENUMERATES = re.compile(r",[^,]+(?:,|\band\b|&)", re.IGNORECASE)  # a learner who tells a list means the list
_MAY_BE_WHOLE = (Intent.ASK, Intent.LIST, Intent.BENEFIT, Intent.TABLE, Intent.ANALOGY, Intent.COMPARE)
_RETOLD = (Intent.SUMMARIZE, Intent.SIMPLIFY, Intent.EXAMPLE, Intent.GRADE, Intent.BENEFIT)
_ADVISED = (Intent.APPLY, Intent.WHY, Intent.BENEFIT)
_MORE = re.compile(r"\b(more|detail\w*|expand|elaborate|further|deeper)\b", re.IGNORECASE)
_EITHER_OR = re.compile(r"\bor\b(?!\s+(?:not|no|what|is\s+(?:that|it|this))\b)", re.IGNORECASE)
OTHERWISE = "The course says otherwise:"
_COMPARE_YOURS = "Compare yours with the course’s own words:"
_ASSUMES = re.compile(
    r"\b(replac\w+|only|just|always|never|instead\s+of|supersed\w+|since|because|given\s+that|says?|said|claims?)\b",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?:\b[A-Z]{2,8}\s+)?§\s*\d+(?:\.\d+)+\s*¶\s*\d+(?:\.r?\d+)?[a-z]?")
_PLURAL = re.compile(
    r"^\W*(?:\w+\s+){0,3}?(?:what|which|who)\s+(?:\w+\s+){0,4}?(?!does\b|has\b|was\b|is\b|this\b|us\b|its\b)\w{3,}(?<!ss)(?<!['’])s\b(?!\s+(?:a|an|the|my|our|your|it|us|me|up|to|in|for)\b)",
    re.IGNORECASE,
)


class _Knowledge:
    """What the composers need of one index version, made once."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.words = CourseWords(library)
        self.series: tuple[Series, ...] = series_of(library)
        self.glossary = Glossary(library.glossary)


class ExtractiveGenerator:
    """Implements `Generator` with no model: sentences and structure of the course, nothing else.

    Args:
        most_unsupported: the operating point: how large a share of the answers may be to questions that the course
            does not answer, 0 to 1.
    """

    def __init__(self, most_unsupported: float = DEFAULT_MOST_UNSUPPORTED) -> None:
        self._least_confidence = least_confidence(most_unsupported)
        self._known: _Knowledge | None = None

    @property
    def name(self) -> str:
        """What is recorded with the turn."""
        return "extractive"

    def draft_answer(self, question: Question, hits: Sequence[Hit], library: Library) -> Draft:
        """A draft by the composer that fits, or an abstention where the course does not answer."""
        known = self._knowledge(library)
        evidence = Evidence(question, hits, known.words)
        if not hits:
            return Draft(abstain=Reason.NOT_IN_COURSE, message="The course does not answer this.")
        confidence = answerability.confidence(evidence)
        return replace(self._drafted(evidence, known, confidence), confidence=confidence)

    def _drafted(self, evidence: Evidence, known: _Knowledge, confidence: float) -> Draft:
        placed = _asks_for_a_place(evidence)
        sure = placed or confidence >= self._least_confidence
        if sure and not placed and reasons.doubted(evidence, known.series):
            return self._finish(self._otherwise(evidence, known), evidence.question.intent, evidence, refuted=True)
        whole = self._asked_whole(evidence, known) if sure and not placed else None
        if whole:
            return self._finish(whole[1], whole[0], evidence)
        intent, claims = self._compose(evidence, known)
        # Where a thing stands in a table is sure where the table has it, whatever else is asked of such things.
        sure_by_name = intent in (Intent.TABLE, Intent.COMPARE) or fact.defines_by_name(claims)
        bar = min(_LEAST_OF_A_ROW, self._least_confidence) if sure_by_name else self._least_confidence
        if claims and not placed and (confidence < bar or _misses(claims, evidence, known.series)):
            intent, claims = intent if intent in _ADVISED else Intent.ASK, []
        if not claims:
            refusal = answerability.refusal(evidence, known.glossary, sure)
            if refusal:
                return Draft(abstain=refusal[0], message=refusal[1], intent=intent)
            premise = self._premise(evidence)
            if premise:
                return self._finish(premise, intent, evidence, refuted=True)
            claims = self._plain(evidence)
        if not claims:
            return Draft(abstain=Reason.NOT_IN_COURSE, message=answerability.not_said(evidence), intent=intent)
        return self._finish(claims, intent, evidence)

    def _compose(self, evidence: Evidence, known: _Knowledge) -> tuple[Intent, list[Claim]]:
        """Answers that stand on structure, and so need no proof by resemblance."""
        question, intent = evidence.question, evidence.question.intent
        if intent is Intent.GRADE:
            return intent, self._compared_with_theirs(evidence, known)
        picked = PICKED.match(question.resolved)
        if picked:
            return Intent.ASK, self._point(evidence, picked["label"])
        pointed = self._at_address(evidence, known)
        if pointed:
            return Intent.ASK, pointed
        if intent is Intent.WHY:
            asked_by_phrase = [series for series in known.series if says_its_phrase(question.resolved, series)]
            if asked_by_phrase:
                return Intent.LIST, listing.told_whole(asked_by_phrase[0])
        if question.previous and intent in (Intent.SIMPLIFY, Intent.EXAMPLE, Intent.SUMMARIZE):
            return intent, self._retold(evidence, intent)
        composers: dict[Intent, Callable[[], list[Claim]]] = {
            Intent.COMPARE: lambda: self._compared(evidence, known),
            Intent.ANALOGY: lambda: analogy.mapped(evidence, known.series),
            Intent.TABLE: lambda: listing.in_table(evidence, known.series, known.glossary),
            Intent.BENEFIT: lambda: guidance.benefits(evidence, known.series),
            Intent.SUMMARIZE: lambda: retelling.summary(evidence),
            Intent.SIMPLIFY: lambda: fact.define(evidence, known.glossary)[:2],
        }
        if intent in (Intent.ASK, Intent.LIST) and _names_a_column(evidence, known.series):
            intent = Intent.TABLE
        if intent is Intent.LIST:
            row = listing.row_named(evidence, known.series)
            if row:
                return Intent.TABLE, row
        if intent in composers and not self._wants_what_is_missing(evidence, known, intent):
            claims = composers[intent]()
            if claims:
                return intent, claims
        if intent in (Intent.ASK, Intent.LIST, Intent.TABLE):
            defined = fact.define(evidence, known.glossary) if intent is not Intent.TABLE else []
            listed = self._listed(evidence, known, intent, bool(defined))
            if listed:
                return listed
            if defined:
                return Intent.ASK, defined
        return (Intent.ASK if intent in (Intent.LIST, Intent.TABLE, Intent.COMPARE) else intent), []

    def _asked_whole(self, evidence: Evidence, known: _Knowledge) -> tuple[Intent, list[Claim]] | None:
        """The list or table that questions like this one are answered by as a whole."""
        question = evidence.question
        if question.intent not in _MAY_BE_WHOLE and not (
            question.intent is Intent.APPLY and wants_all(question.resolved)
        ):
            return None
        if PICKED.match(question.resolved):
            return None
        if question.intent is Intent.BENEFIT and guidance.benefits(evidence, known.series):
            return None
        series = asked_whole(evidence, known.series)
        best = prose(evidence.sentences)[:1]
        in_a_row = bool(best) and best[0].passage.kind is Kind.ROW and not wants_all(question.resolved)
        if series is None or (series.is_table and in_a_row):
            return None
        kind = Intent.TABLE if series.is_table else Intent.BENEFIT if question.intent is Intent.BENEFIT else Intent.LIST
        return kind, listing.whole(evidence, series)

    def _listed(
        self, evidence: Evidence, known: _Knowledge, intent: Intent, defined: bool
    ) -> tuple[Intent, list[Claim]] | None:
        """A list or table, where the question asks for one, or its plural meets one."""
        asks = intent is Intent.LIST or (intent is Intent.ASK and bool(_PLURAL.match(evidence.question.resolved)))
        if not asks or (defined and intent is Intent.ASK):
            return None
        least = listing.FIT if intent is Intent.LIST else listing.FIT + 0.1
        ranked = rank_series(evidence, known.series)
        if ranked and intent is Intent.LIST and _clearly_best(ranked):
            least = ranked[0][0]
        if not ranked or ranked[0][0] < least or answerability.absent_words(evidence, known.glossary, rarer=8_000):
            return None
        if not listing.counts_these(evidence, ranked[0][1]):
            return None
        claims = listing.whole(evidence, ranked[0][1])
        kind = Intent.TABLE if ranked[0][1].is_table else Intent.LIST
        return (kind, claims) if claims else None

    def _wants_what_is_missing(self, evidence: Evidence, known: _Knowledge, intent: Intent) -> bool:
        """A structured question about something that the course does not have."""
        if evidence.question.yes_no and reasons.MENTIONS.search(evidence.question.resolved):
            return bool(answerability.absent_words(evidence, known.glossary, rarer=30_000))
        if intent in (Intent.COMPARE, Intent.ANALOGY, Intent.SUMMARIZE):
            return False
        if answerability.missing_kind(evidence):
            return True
        return (
            intent in (Intent.TABLE, Intent.ANALOGY)
            and bool(answerability.absent_words(evidence, known.glossary))
            and evidence.best_similarity < answerability.SIMILAR_ENOUGH
        )

    def _compared(self, evidence: Evidence, known: _Knowledge) -> list[Claim]:
        return (
            []
            if comparison.knows_both(evidence, known.glossary)
            else comparison.side_by_side(evidence, known.glossary, known.series)
        )

    def _point(self, evidence: Evidence, label: str) -> list[Claim]:
        """One point of a list, and what else is near it where the point itself was shown already."""
        claims = listing.member(evidence, label)
        shown = reasons.shown_before(evidence)
        cited = {pointer.passage_id for claim in claims for pointer in claim.evidence}
        told = [quote for passage_id in cited for quote in evidence.library.passage(passage_id).sentence_texts]
        if claims and _MORE.search(evidence.question.asked) and all(quote in shown for quote in told):
            beyond = fact.choose(evidence, most=2, skip=frozenset(cited))
            claims += [lead("Related:"), *fact.told(beyond)] if beyond else []
        return claims

    def _at_address(self, evidence: Evidence, known: _Knowledge) -> list[Claim]:
        """What stands at an address that the question gives ("Explain ... (CPOM §1.1.2 ¶7)")."""
        found = _ADDRESS.search(evidence.question.asked)
        if not found:
            return []
        try:
            passages = evidence.library.at(Address.parse(found.group(), evidence.library.code))
        except (BadInput, NotFound):
            return []
        first = passages[0]
        for series in known.series:
            if series.container is not None and first.id == series.container.id:
                return listing.told_whole(series)
        if first.kind is Kind.PAIR:
            return analogy.one_pair(first)
        if first.label:
            return named(first, first.sentences, Form.PARAGRAPH)
        return fact.opening(first)

    def _compared_with_theirs(self, evidence: Evidence, known: _Knowledge) -> list[Claim]:
        """What the course says, for a learner who asks whether theirs is right: the last answer's words."""
        previous = evidence.question.previous
        opening_line = lead(_COMPARE_YOURS)
        if theirs(evidence.question.resolved):
            return [opening_line, *self._beside_theirs(evidence, known)]
        body: list[Claim] = []
        if previous and isinstance(previous.reply, Answer):
            for claim in previous.reply.claims:
                here = [citation for citation in claim.citations if citation.passage_id in evidence.library]
                if claim.role is Role.FACT and len(here) == len(claim.citations):
                    pointers = tuple(Pointer(cited.passage_id, Span(cited.start, cited.end)) for cited in here)
                    body.append(Claim(claim.text, claim.role, pointers, claim.form, claim.column))
        return [opening_line, *(body or fact.state(evidence))]

    def _beside_theirs(self, evidence: Evidence, known: _Knowledge) -> list[Claim]:
        """The course's words for the learner's statement: of what was just discussed, unless others fit far better."""
        ranked = rank_series(evidence, known.series) if _ENUMERATES.search(theirs(evidence.question.resolved)) else []
        if ranked and ranked[0][0] >= listing.FIT:
            return listing.told_whole(ranked[0][1])
        previous = evidence.question.previous
        cited: set[str] = set()
        if previous and isinstance(previous.reply, Answer):
            cited = {citation.passage_id for claim in previous.reply.claims for citation in claim.citations}
        discussed = [sentence for sentence in prose(evidence.sentences) if sentence.passage.id in cited]
        best = max((sentence.similarity for sentence in prose(evidence.sentences)), default=0.0)
        if discussed and discussed[0].similarity >= best - _DISCUSSED_LEAD:
            return fact.from_here(discussed[0], most=75)
        return fact.state(evidence, most=2)

    def _retold(self, evidence: Evidence, intent: Intent) -> list[Claim]:
        teller = {
            Intent.SIMPLIFY: retelling.simpler,
            Intent.EXAMPLE: retelling.example,
            Intent.SUMMARIZE: retelling.summary,
        }
        return teller[intent](evidence)

    def _premise(self, evidence: Evidence) -> list[Claim]:
        """A correction, where the question takes for granted what the course denies."""
        question = evidence.question
        if (
            question.yes_no
            or question.intent is Intent.APPLY
            or not (question.intent is Intent.WHY or _ASSUMES.search(question.resolved))
        ):
            return []
        denied = reasons.refutation(evidence)
        return reasons.correction(denied, evidence) if denied else []

    def _otherwise(self, evidence: Evidence, known: _Knowledge) -> list[Claim]:
        """What the course says in place of what the question takes for granted."""
        decision = reasons.decided(evidence) if evidence.question.yes_no else None
        if decision and decision[0] == "No" and not reasons.MENTIONS.search(evidence.question.resolved):
            return [lead("No."), *fact.told(reasons.with_neighbours(decision[1], evidence))]
        series = asked_whole(evidence, known.series, counted_wrong=True)
        told = listing.told_whole(series) if series else fact.state(evidence, most=3, ranked=evidence.denying)
        return [lead(OTHERWISE), *told]

    def _plain(self, evidence: Evidence) -> list[Claim]:
        """Answers in sentences: a yes or no, a chain of reasons, guidance, or the fact itself."""
        question = evidence.question
        if question.yes_no:
            # "X, or only Y?" cannot be answered by yes or no.
            decision = None if _EITHER_OR.search(question.resolved) else reasons.decided(evidence)
            if decision:
                word, sentence = decision
                body = fact.told(reasons.with_neighbours(sentence, evidence))
                return [lead(f"{word}."), *body]
            known = self._known
            if known and reasons.MENTIONS.search(question.resolved):
                # What is asked for by a word that the course does not have is not mentioned; anything else may be.
                if answerability.absent_words(evidence, known.glossary):
                    return []
                return fact.state(evidence, most=2, one_passage=True)
            return fact.state(evidence)
        if len(question.subjects) == 2:
            return comparison.no_contrast(evidence)
        if question.intent is Intent.APPLY:
            return guidance.apply(evidence, self._known.series if self._known else ()) or fact.state(evidence)
        if question.intent in (Intent.WHY, Intent.BENEFIT):
            return reasons.chain(evidence)
        if question.intent in (Intent.SIMPLIFY, Intent.EXAMPLE):
            return self._retold(evidence, question.intent) or fact.state(evidence)
        return fact.state(evidence)

    def _finish(self, claims: list[Claim], intent: Intent, evidence: Evidence, *, refuted: bool = False) -> Draft:
        cited = [pointer.passage_id for claim in claims for pointer in claim.evidence]
        passages = [evidence.library.passage(passage_id) for passage_id in dict.fromkeys(cited)]
        following = onward.read_on(passages, evidence)
        closing = [read_next(following)] if following and any(claim.role is Role.FACT for claim in claims) else []
        return Draft(
            claims=tuple(claims + closing),
            premise_refuted=refuted,
            intent=intent,
            suggestions=onward.suggestions(passages, evidence),
        )

    def _knowledge(self, library: Library) -> _Knowledge:
        if self._known is None or self._known.library is not library:
            self._known = _Knowledge(library)
        return self._known


def _asks_for_a_place(evidence: Evidence) -> bool:
    """Whether the question points at a place in the course: a point of the list just shown, or an address."""
    question = evidence.question
    picked = question.previous is not None and PICKED.match(question.resolved)
    return bool(picked or _ADDRESS.search(question.asked))


def _clearly_best(ranked: Sequence[tuple[float, Series]]) -> bool:
    """Whether one series fits a question for a list far better than the next, if not well."""
    second = ranked[1][0] if len(ranked) > 1 else 0.0
    return ranked[0][0] >= _FAIR_FIT and ranked[0][0] - second >= _MARGIN


def _misses(claims: Sequence[Claim], evidence: Evidence, all_series: Sequence[Series]) -> bool:
    """Whether the structure that was hit leaves out by far the best sentence: then something else was meant."""
    question = evidence.question
    if (
        question.intent in _RETOLD
        or fact.defines_by_name(claims)
        or (question.previous and PICKED.match(question.resolved))
    ):
        return False
    cited = {pointer.passage_id for claim in claims for pointer in claim.evidence}
    told = any(len([m for m in series.members if m.id in cited]) > 2 for series in all_series)
    ranked = prose(evidence.sentences)
    best = max((sentence.score for sentence in ranked if sentence.passage.id in cited), default=0.0)
    return bool(ranked) and ranked[0].score - best > (_MISSED_BY_A_SERIES if told else _MISSED)


def _names_a_column(evidence: Evidence, all_series: Sequence[Series]) -> bool:
    """Whether the question asks which of a table's first column ("which domain ..."), in the singular."""
    asked = re.search(
        r"\b(?:which|what|same|different|one|under|in\s+a)\b(?P<after>(?:\s+\w+){1,3})",
        evidence.question.resolved,
        re.IGNORECASE,
    )
    if not asked:
        return False
    words = set(asked["after"].lower().split())
    return any(
        words & {word.lower() for word in series.members[0].columns[0].split()}
        for series in all_series
        if series.is_table and series.members[0].columns
    )
