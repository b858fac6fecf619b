"""Does the course answer this, or does it only speak of something like it?

Resemblance alone cannot tell ("what is the passing score" resembles the course's words on its exam). So two
questions are asked first: is there a sentence with the *kind of thing* asked for (an amount, a duration, a
date, a place ...) about the same subject, and does the course have the question's telling words at all?
"""

import math
import re
from collections.abc import Sequence

from cpom_tutor.answers import Intent, Reason
from cpom_tutor.generation.extractive.evidence import DECISIVE, PICTURED, Evidence, prose
from cpom_tutor.generation.extractive.expected import EXPECTED
from cpom_tutor.grounding.answer_candidate import Candidate
from cpom_tutor.grounding.answer_features import features
from cpom_tutor.grounding.answerability import Against, weights
from cpom_tutor.language import content_stems, english_frequency, numbers, tokens
from cpom_tutor.protocols import Akin
from cpom_tutor.understanding.glossary import Glossary
from cpom_tutor.understanding.screening import CLINICAL_LINE, INSTRUCTION_LINE, OFF_TOPIC_LINE

SIMILAR_ENOUGH = 0.62  # cosine from which resemblance alone is trusted
TOO_DIFFERENT = 0.16  # cosine under which nothing is near
OFF_TOPIC_BELOW = 0.2
_UNASKED, _ASKED = 0.4, 0.5  # cosine of the nearest probe under and from which somebody has asked such a thing
_HARDLY_ASKED, _NO_ANSWER = 0.45, 0.02  # the same, where no passage reads like an answer either
# Weights of the confidence, fitted on the tuning half of evals/cases; `python -m evals refusals` shows its worth.
_BIAS, _GAP_SHARE, _MISSING, _ANSWERED, _GAP, _READS = 2.5, -3.5, -1.75, 0.35, -1.35, 0.8
# Where hardly a near question is a gap, a kind of thing that is not found may be found in other words.
_HARDLY, _HARDLY_MISSING = 0.05, 0.5
# Without learners' questions the scorer is all there is.
_ALONE, _READS_ALONE, _READ = 1.0, 6.0, 5
_PRIOR = 0.3  # cosine taken for the nearest probe where none was found
_SITUATION_EASE = 0.5  # a story asks for a principle, which the course has for most of them
_NEAR = 0.75  # of the best passage's cosine: one that is less alike is no pointer
_SURELY_NAMES_IT = 0.75
_NAMES_THE_GAP = 0.55  # cosine from which a probe is taken to ask the same thing
_NUMBERED = re.compile(r"\b[A-Z]{2,6}\s+<?(?P<number>\d{2,5})\b")
_VERY_RARE = 8_000  # a word so rare names the thing that is missing
_RARE = 60_000  # a word that general English counts less often is a telling one


def refusal(evidence: Evidence, glossary: Glossary, sure: bool) -> tuple[Reason, str] | None:
    """Why the course does not answer the question, with the sentence to say; None if it may.

    `sure` is whether the confidence reaches the operating point.
    """
    unknown = unknown_number(evidence) or foreign_term(evidence, glossary)
    if unknown:
        return (
            Reason.NOT_IN_COURSE,
            f"The course does not cover this: it says nothing of “{unknown}”.{_nearby(evidence)}",
        )
    akin = evidence.question.akin
    nearest = akin[0].similarity if akin else 0.0
    unasked = nearest < _UNASKED or (nearest < _HARDLY_ASKED and read_as_answer(evidence) < _NO_ANSWER)
    if evidence.best_similarity < OFF_TOPIC_BELOW and unasked and not _pharmacy_words(evidence, glossary):
        return Reason.OFF_TOPIC, OFF_TOPIC_LINE
    if sure:
        return None
    kind = missing_kind(evidence)
    reason = Reason.NOT_IN_COURSE if kind else nearest_reason(akin)
    if reason is Reason.INSTRUCTION and evidence.question.yes_no:
        reason = Reason.NOT_IN_COURSE  # "is it open book" tells nobody what to say
    return reason, _LINES.get(reason) or _unanswered(evidence, glossary, kind)


_LINES = {
    Reason.OFF_TOPIC: OFF_TOPIC_LINE, Reason.CLINICAL: CLINICAL_LINE, Reason.INSTRUCTION: INSTRUCTION_LINE
}  # fmt: skip


def nearest_reason(akin: Sequence[Akin]) -> Reason:
    """Why the questions nearest to it are declined, by the weight of each reason; what is like questions that the
    course does answer is about the course."""
    weights: dict[str, float] = {}
    for near in akin:
        reason = near.probe.reason if near.probe.gap else Reason.NOT_IN_COURSE
        weights[reason] = weights.get(reason, 0.0) + math.exp(DECISIVE * near.similarity)
    return Reason(max(weights, key=lambda reason: weights[reason])) if weights else Reason.NOT_IN_COURSE


def confidence(evidence: Evidence) -> float:
    """Probability that the course answers the question, 0 to 1.

    What decides is whether the learners' questions nearest to it are answered by the course or not (a nearest
    neighbours' vote); then whether a sentence has the kind of thing that is asked for, and whether a passage found
    reads like an answer. A course without such questions is judged by the last two alone; where it has none of the
    kind (a section that is new), those two may speak for an answer, too.
    """
    reads = read_as_answer(evidence) - 0.5
    missing = _MISSING if missing_kind(evidence) else 0.0
    akin = evidence.question.akin
    logit = alone = _ALONE + _READS_ALONE * reads + missing
    if akin:
        gaps = evidence.vote(lambda probe: bool(probe.gap))
        answered = max((near.similarity for near in akin if not near.probe.gap), default=_PRIOR)
        gap = max((near.similarity for near in akin if near.probe.gap), default=_PRIOR)
        if gaps < _HARDLY:
            missing *= _HARDLY_MISSING
        logit = _BIAS + _GAP_SHARE * gaps + missing + _ANSWERED * answered + _GAP * gap + _READS * reads
        asked = min(max((akin[0].similarity - _UNASKED) / (_ASKED - _UNASKED), 0.0), 1.0)
        logit = max(logit, asked * logit + (1 - asked) * alone)
    if evidence.question.intent is Intent.APPLY:
        logit += _SITUATION_EASE
    return 1 / (1 + math.exp(-logit))


def read_as_answer(evidence: Evidence) -> float:
    """The trained scorer's opinion of the best passages, 0 to 1: does one of them answer, and not merely resemble?"""
    found = [
        Candidate(
            tuple(part.span.of(hit.passage.text) for part in parts), tuple(p.similarity for p in parts), hit.similarity
        )
        for hit in evidence.hits[:_READ]
        if (parts := sorted(hit.sentences, key=lambda sentence: sentence.span.start))
    ]
    trained = weights(Against.BOTH)
    return max((trained.probability(features(evidence.question.resolved, each)) for each in found), default=0.0)


def _unanswered(evidence: Evidence, glossary: Glossary, kind: str) -> str:
    """What to say where the course does not answer: what it lacks, by name where that is known."""
    if kind:
        return f"The course does not say: it gives no {kind} for this.{_nearby(evidence)}{_elsewhere(evidence)}"
    gap = _gap_meant(evidence.question.akin)
    if gap:
        return f"The course does not cover this: {gap}.{_nearby(evidence)}{_elsewhere(evidence)}"
    return _not_covered(absent_words(evidence, glossary)) + _nearby(evidence)


def _gap_meant(akin: Sequence[Akin]) -> str:
    """What the course lacks, where the nearest question names it beyond doubt: it is very near, or the next agrees."""
    gaps = [near for near in akin[:3] if near.probe.gap]
    if not gaps or gaps[0] is not akin[0]:
        return ""
    agreed = len(gaps) > 1 and gaps[1].probe.gap == gaps[0].probe.gap
    return gaps[0].probe.gap if gaps[0].similarity >= (_NAMES_THE_GAP if agreed else _SURELY_NAMES_IT) else ""


def missing_kind(evidence: Evidence) -> str:
    """The kind of thing that the question asks for and no found sentence about its subject gives; else empty."""
    question = evidence.question.resolved
    for expected in EXPECTED:
        match = expected.asked.search(question)
        if not match:
            continue
        frame = set(content_stems(match.group())) | _GENERIC
        subject = [stem for stem in evidence.question.terms if stem not in frame] or list(evidence.question.terms)
        for sentence in prose(evidence.sentences)[:12]:
            have = set(content_stems(sentence.text)) | set(content_stems(sentence.passage.name))
            about = evidence.words.share(subject, have)
            if expected.given.search(sentence.text) and (about >= 0.5 or sentence.similarity >= SIMILAR_ENOUGH):
                break
        else:
            return expected.name
    return ""


def foreign_term(evidence: Evidence, glossary: Glossary) -> str:
    """A word that the glossary knows as none of the course's ("PBM"), if the question names one; else empty."""
    for match in glossary.find(evidence.question.resolved):
        said = any(stem in evidence.words for stem in content_stems(match.words))
        if not match.entry.course_terms and not said:
            return match.words
    return ""


def unknown_number(evidence: Evidence) -> str:
    """A number in the name of what is asked about ("USP 825") that the course never has; else empty."""
    named = _NUMBERED.search(evidence.question.resolved)
    if not named or any(named["number"] in numbers(passage.text) for passage in evidence.library.passages):
        return ""
    return named.group()


def absent_words(evidence: Evidence, glossary: Glossary, rarer: int = _RARE) -> list[str]:
    """Telling words of the question (rare in English) that neither the course nor its glossary has."""
    known = {stem for match in glossary.find(evidence.question.resolved) if match.entry.course_terms
             for stem in content_stems(match.words)}  # fmt: skip
    found = []
    for word in dict.fromkeys(tokens(evidence.question.resolved)):
        stems = content_stems(word)
        if not stems or stems[0] in evidence.words or stems[0] in known or stems[0] in _GENERIC:
            continue
        if not word[0].isdigit() and len(word) > 1 and english_frequency(word) < rarer:
            found.append(word)
    return found


def _pharmacy_words(evidence: Evidence, glossary: Glossary) -> bool:
    specific = [
        stem for stem in evidence.question.terms if stem in evidence.words and evidence.words.weight(stem) < 4.2
    ]
    return bool(glossary.find(evidence.question.resolved)) or len(specific) >= 2


def not_said(evidence: Evidence) -> str:
    """That the course does not answer, and where it comes nearest."""
    return _not_covered([]) + _nearby(evidence)


def _not_covered(absent: list[str]) -> str:
    rare = [word for word in absent if english_frequency(word) < _VERY_RARE]
    if rare:
        return f"The course does not cover this: it says nothing of “{rare[0]}”."
    return "The course does not answer this."


def _nearby(evidence: Evidence) -> str:
    near = [hit for hit in evidence.hits[:3] if hit.similarity >= _NEAR * evidence.hits[0].similarity]
    plain = [hit for hit in near if hit.passage.kind not in PICTURED] or near
    headings = list(dict.fromkeys(hit.passage.heading for hit in plain))[:2]
    if not headings or evidence.best_similarity < TOO_DIFFERENT:
        return ""
    return " The nearest it comes: " + " and ".join(f"“{heading}”" for heading in headings) + "."


def _elsewhere(evidence: Evidence) -> str:
    """Where to look, for the practical side of the examination."""
    asked = _EXAM.search(evidence.question.resolved)
    return " For that, ask the body that issues the credential." if asked else ""


_EXAM = re.compile(
    r"\b(exam\w*|test|pass|passing|regist\w+|retake|recertif\w+|renew\w*|ce|credits?|sit|eligib\w+|fee|score)\b",
    re.IGNORECASE,
)
_GENERIC = frozenset(
    content_stems(
        "course cpom certification credential exam test question thing stuff people someone something mean "
        "actually really exactly tell explain describe kind sort way lot bit everything anything good best great "
        "big important say mention happen difference help want know understand think thought ok okay yeah guys "
        "wondering talk section chapter version row column"
    )
)
