"""Does the course answer this, or does it only speak of something like it?

Resemblance alone cannot tell ("what is the passing score" resembles the course's words on its exam). So two
questions are asked first: is there a sentence with the *kind of thing* asked for (an amount, a duration, a
date, a place ...) about the same subject, and does the course have the question's telling words at all?
"""

import re
from dataclasses import dataclass

from cpom_tutor.answers import Intent, Reason
from cpom_tutor.generation.extractive.evidence import Evidence, prose
from cpom_tutor.language import content_stems, tokens
from cpom_tutor.understanding.glossary import Glossary
from cpom_tutor.understanding.screening import OFF_TOPIC_LINE
from cpom_tutor.understanding.spelling import english_frequency

# Calibrated on the tuning half of evals/cases; `python -m evals refusals` shows what they cost and save.
SIMILAR_ENOUGH = 0.62  # cosine from which resemblance alone is trusted
TOO_DIFFERENT = 0.16  # cosine under which nothing is
NEEDED = 0.40  # of similarity and shared words together
OFF_TOPIC_BELOW = 0.2
_SHARE_WORTH, _ABSENT_COST, _MOST_ABSENT = 0.3, 0.06, 2
_SITUATION_EASE = 0.06  # a story from a workplace has many words that no course has
_VERY_RARE = 8_000  # a word so rare names the thing that is missing
_RARE = 60_000  # a word that general English counts less often is a telling one


@dataclass(frozen=True, slots=True)
class Expected:
    """A kind of thing that a question asks for: how it is asked, and what a sentence that gives it has."""

    name: str
    asked: re.Pattern[str]
    given: re.Pattern[str]


def _kind(name: str, asked: str, given: str) -> Expected:
    flags = re.IGNORECASE | re.VERBOSE
    return Expected(name, re.compile(asked, flags), re.compile(given, flags))


_AMOUNT = r"\$|\b(million|billion|thousand|hundred|dollar|percent|\d+|figure)s?\b|%|\bsix-\b|\bseven-\b"
EXPECTED = (
    _kind("price or amount",
          r"\b(fees?|prices?|tuition|cost\s+(to|of\s+(the\s+)?(exam|test|course|cert\w*|program\w*))|how\s+much\s+(is|does|do|are|will|would)\b.*\b(cost|fee|exam|test|course|pay|charge|make|earn|cert\w*)"
          r"|how\s+much\s+(money|\$)|what\s+(does|do|would|will|did)\b.*\bcost|salar(y|ies)|hourly|payrate|pay\s+rate|earn\s+(per|a)|refund\w*|discounts?|voucher)\b", _AMOUNT),
    _kind("score or pass mark",
          r"\b(pass(ing)?\s+(mark|score|grade|rate|percent\w*|threshold)|cut\s?-?(off|score)|what\s+score|minimum\s+score|score\s+(do|to|is|needed)|percent(age)?|how\s+many\s+.*\b(right|correct)\b|out\s+of\s+how\s+many|pass\s+rate)\b",
          r"\b\d+\s*(%|percent|points?|out\s+of)|\bscore\s+of\s+\d+"),
    _kind("length of time",
          r"\b(how\s+long\s+(is|are|does|do|must|should|can|will|would|did|till|until|before|after|between|have)|how\s+(many|much)\s+(hours?|minutes?|days?|weeks?|months?|years?|time|ceus?|ce\s+(hours?|credits?)|credits?)|how\s+often|how\s+frequently|time\s+limit|duration|deadlines?)\b",
          r"\b(\d+|one|two|three|four|five|six|ten|several|every|each|per)\s*-?\s*(hour|minute|day|week|month|year|annual|quarter)s?\b|\bannual(ly)?|\byearly|\bmonthly|\bevery\s+single\s+night"),
    _kind("number",
          r"\bhow\s+many\b|\bnumber\s+of\s+(questions?|items?|attempts?|tries|people|members|candidates|hours?)\b",
          r"\b(\d[\d,]*|two|three|four|five|six|seven|eight|nine|ten|dozens?|hundreds?|thousands?|millions?)\b"),
    _kind("date",
          r"^\W*(when|what\s+(year|date|day|month|time))\b|\bwhich\s+year\b|\bwhat\s+year\b|\bhow\s+old\b|\bdates?\b",
          r"\b(1[89]|20)\d\d\b|\b(january|february|march|april|june|july|august|september|october|november|december)\b"),
    _kind("place",
          r"^\W*where\s+(do|can|could|should|is|are|will)\s+(i|we|you|the\s+(exam|test|course|class))\b|\b(test(ing)?|exam)\s+(cent(er|re)s?|locations?|sites?|venue)\b|\b(address|website|url|web\s?site|link|portal)\b",
          r"\b(www\.|https?:|street|avenue|city)\b|\.(com|org|edu)\b"),
    _kind("contact details", r"\b(phone|e-?mail|contact|telephone|hotline|customer\s+service|support\s+desk)\b", r"@|\b\d{3}[-.\s]\d{4}\b"),
    _kind("name of a person or body",
          r"^\W*who\s+(wrote|writes|founded|created|invented|made|makes|started|runs|owns|teaches|administers|issues|offers|accredits?|grades?|publishes|developed|is\s+the\s+(author|founder|president|ceo|director|instructor))\b"
          r"|\b(authors?|publisher|founder|instructor['’]?s?\s+name|accredit\w+|issuing\s+(body|organi[sz]ation))\b",
          r"\b(written|founded|created|developed|administered|issued|accredited|published)\s+by\b"),
    _kind("recommendation of a product or supplier",
          r"\b(which|what)\s+(\w+\s+){0,2}(wholesaler|vendor|brand|software|supplier|product|company|manufacturer|app|textbook|book|review\s+course)s?\b.*\b(best|should|recommend|cheap\w*|better|use|buy|gives?|pick|choose)\b",
          r"\b(recommended|preferred)\s+(vendor|brand|supplier|product)\b"),
    _kind("way to sign up",
          r"\b(regist(er|ration)|sign\s?up|enrol(l|ls|led|lment|ment)?|appl(y|ication)\s+(for|to|form|process|fee)|schedul(e|ing)\s+(my|the|an)\s+(exam|test)|retak(e|es|ing)|resit|re-?take|eligib\w+|prerequisites?|reschedul\w*|cancel(l?ation)?|book\s+(the|my|an)\s+(exam|test))\b",
          r"\b(regist(er|ration)|enrol\w*|application\s+form|retake|eligib\w+|prerequisite)\b"),
    _kind("details of its form",
          r"\b(multiple[\s-]choice|open[\s-]book|closed[\s-]book|essay\s+questions?|oral\s+exam|proctor\w*|online\s+(exam|test)|calculators?|true\s*/?\s*(or\s+)?false|format\s+of\s+the\s+(exam|test))\b",
          r"\b(multiple[\s-]choice|open[\s-]book|essay|proctor\w*|calculator)\b"),
)  # fmt: skip


def refusal(evidence: Evidence, glossary: Glossary) -> tuple[Reason, str] | None:
    """Why the course does not answer the question, with the sentence to say; None if it may."""
    kind = missing_kind(evidence)
    if kind:
        return (
            Reason.NOT_IN_COURSE,
            f"The course does not say: it gives no {kind} for this.{_nearby(evidence)}{_elsewhere(evidence)}",
        )
    absent = absent_words(evidence, glossary)
    similarity, share = evidence.best_similarity, best_share(evidence)
    if similarity < OFF_TOPIC_BELOW and not _pharmacy_words(evidence, glossary):
        return Reason.OFF_TOPIC, OFF_TOPIC_LINE
    if similarity >= SIMILAR_ENOUGH:
        return None
    worth = similarity + _SHARE_WORTH * share - _ABSENT_COST * min(_MOST_ABSENT, len(absent))
    needed = NEEDED - (_SITUATION_EASE if evidence.question.intent is Intent.APPLY else 0.0)
    if similarity < TOO_DIFFERENT or worth < needed:
        return Reason.NOT_IN_COURSE, _not_covered(absent) + _nearby(evidence)
    return None


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


def best_share(evidence: Evidence) -> float:
    """Weight of the question's words in the best of the first passages, its headings included, 0 to 1."""
    best = 0.0
    for hit in evidence.hits[:4]:
        have = evidence.words.stems[hit.passage.id] | set(content_stems(" ".join(hit.passage.heading_path)))
        best = max(best, evidence.covered(have))
    return best


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
    headings = list(dict.fromkeys(hit.passage.heading for hit in evidence.hits[:3]))[:2]
    if not headings or evidence.best_similarity < TOO_DIFFERENT:
        return ""
    return " The nearest it comes: " + " and ".join(f"“{heading}”" for heading in headings) + "."


def _elsewhere(evidence: Evidence) -> str:
    """Where to look, for the practical side of the examination."""
    asked = _EXAM.search(evidence.question.resolved)
    return " For that, ask the body that issues the credential." if asked else ""


_EXAM = re.compile(r"\b(exam\w*|test|pass\w*|certif\w+|credential|regist\w+|retake|fee|score|cpom)\b", re.IGNORECASE)
_GENERIC = frozenset(
    content_stems(
        "course cpom certification credential exam test question thing stuff people someone something mean actually really "
        "exactly tell explain describe kind sort way lot bit everything anything good best great big important say mention "
        "happen difference help want know understand think thought someone ok okay yeah guys wondering talk section chapter version row column"
    )
)
