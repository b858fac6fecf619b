"""Why and how: a short chain of sentences from different passages; and what refutes or decides a statement."""

import re
from collections.abc import Sequence

from cpom_tutor.answers import Answer, Claim, Intent
from cpom_tutor.generation.extractive.claims import lead
from cpom_tutor.generation.extractive.evidence import (
    BROAD,
    PICTURED,
    Evidence,
    Sentence,
    alike,
    prose,
    starts_awkwardly,
    with_context,
    with_sequel,
)
from cpom_tutor.generation.extractive.fact import told
from cpom_tutor.generation.extractive.structure import asked_whole
from cpom_tutor.grounding.contrasts import opposed
from cpom_tutor.language import content_stems, denied_stems, names, numbers
from cpom_tutor.series import Series

_CAUSAL = re.compile(
    r"\b(because|therefore|thus|so that|response to|leads? to|leading to|in order to|"
    r"ensures?|ensuring|without|if|then|cannot|"
    r"purpose|created to|exists to|threat|"
    r"consequences?|result|prevents?|trap|recipe for|lack|by \w+ing|need|critical|essential|means)\b",
    re.IGNORECASE,
)
_ABSOLUTE = re.compile(
    r"\b(only|just|solely|exclusively|merely|purely|always|never|all|every|entirely|completely|nothing but)\b",
    re.IGNORECASE,
)
_EXCLUSIVE = re.compile(r"\b(only|just|solely|exclusively|merely|purely|limited to|nothing but)\b", re.IGNORECASE)
_INCLUSIVE = re.compile(
    r"\bnot\s+(?:\w+\s+){0,2}(?:limited\s+to|only|just|simply|merely)\b|\bfull\s+spectrum\b|\bmore\s+than\b|\bmoves?\s+beyond\b"
    r"|\bany\s+of\s+these\b|\bnot\s+a\s+one-time\b",
    re.IGNORECASE,
)
_NECESSITY = re.compile(
    r"\b(have\s+to|has\s+to|need(s|ed)?|must|require[sd]?|requires|requiring|mandatory|necessary|essential)\b", re.I
)
_SAID_DIRECTLY = 0.45  # share of the question's own words in a sentence that is to say yes to it
_IDENTITY = re.compile(r"^\W*(?:so\s+)?(?:is|are|was|were)\b.*\b(?:an?|the)\s+\w+", re.IGNORECASE)
_RELATES = re.compile(r"\b(?:parallel|complementary|unlike|while|whereas|compared|other similar)\b", re.IGNORECASE)
_SURE = 0.7  # cosine from which a sentence is taken to say what something is
_DECIDES = 0.3  # cosine under which shared words are a coincidence
MENTIONS = re.compile(
    r"\b(mention\w*|included|covers?|covered|talks?\s+about|discuss\w*|in\s+here|in\s+the\s+(course|text|section))\b",
    re.I,
)
_FAR = 25  # sentences looked through for what a wide "not limited to" denies
_MENTIONING = frozenset(
    content_stems("included mention mentions mentioned cover covers covered talk talks discuss discusses text section")
)
_SPOKEN_OF = 0.25  # share of the question's words that a sentence needs to speak of its subject
_MISTAKEN = re.compile(r"\b(trap|myths?|misconceptions?|mistaken(ly)?|wrongly|falsely|recipe for)\b", re.IGNORECASE)
_PRESUPPOSES = re.compile(
    r"\b(why|how\s+come|since|because|as|if|says?|said|claims?|given|seeing|now\s+that|so|right|heard|thought|true)\b",
    re.IGNORECASE,
)
_WHICH_MANY = re.compile(r"\b(?:what|which|give\s+me|name|list)\s+(?:the\s+)?\d+\b", re.IGNORECASE)
_TOO_MUCH = re.compile(
    r"(?<!not )(?<!n't )(?<!n’t )\b(only|just(?!\s+(?:the|names?|headings?))|always|"
    r"never|nothing\s+but|no\s+matter|guarantee\w*|replac\w+|instead|any\s*more|least|meant\s+for|forever|for\s+good|already)\b",
    re.IGNORECASE,
)
_SIGN = 0.5
_DOUBTED = 1.4  # of 3.5 at most; `python -m evals premises` shows how many true premises it costs
_MOST_WORDS = 120
_LINKS = 3
_NEAR = 0.72  # of the best sentence: one that fits less is padding
_CAUSAL_BONUS = 0.09


def chain(evidence: Evidence) -> list[Claim]:
    """Two to four linked sentences, the best first, each from another passage where possible."""
    shown = shown_before(evidence)
    pool = [sentence for sentence in prose(evidence.sentences) if sentence.text not in shown] or prose(
        evidence.sentences
    )
    ranked = sorted(pool, key=lambda sentence: -(sentence.score + _bonus(sentence)))
    if not ranked:
        return []
    chosen: list[Sentence] = []
    seen: dict[str, int] = {}
    floor = _NEAR * (ranked[0].score + _bonus(ranked[0]))
    for sentence in ranked[:24]:
        if len(seen) >= _LINKS:
            break
        if sentence.score + _bonus(sentence) < floor or sentence.similarity < _NEAR * ranked[0].similarity:
            continue
        group = [part for part in with_sequel(sentence) if part.span not in {other.span for other in chosen}]
        crowded = seen.get(sentence.passage.id, 0) >= (2 if len(seen) < 2 else 1)
        if crowded or len(group) > 3 or (chosen and starts_awkwardly(sentence)):
            continue
        if any(alike(sentence.text, other.text) > 0.5 for other in chosen):
            continue
        if sum(part.word_count for part in (*chosen, *group)) > _MOST_WORDS:
            continue
        chosen += group
        seen[sentence.passage.id] = seen.get(sentence.passage.id, 0) + 1
    order = {passage_id: place for place, passage_id in enumerate(seen)}
    chosen.sort(key=lambda sentence: (order[sentence.passage.id], sentence.span.start))
    return told(chosen)


def _mentioned(evidence: Evidence) -> tuple[str, Sentence] | None:
    """Yes, and the sentence, where the course has the very words that the learner looks for."""
    asked = [stem for stem in evidence.question.terms if stem not in _MENTIONING]
    for sentence in prose(evidence.sentences)[:8]:
        have = set(content_stems(sentence.text)) | set(content_stems(sentence.passage.name))
        if asked and evidence.covered(have, asked) >= 0.9:
            return "Yes", sentence
    return None


def _denied_by_heading(evidence: Evidence) -> Sentence | None:
    """The best sentence under a heading that denies what is asked ("Management is Not Just ...")."""
    asked = set(evidence.question.terms)
    fitting = [
        sentence
        for sentence in prose(evidence.sentences)
        if denied_stems(sentence.passage.heading) & asked
        and evidence.words.share(asked, set(content_stems(sentence.passage.heading))) >= 0.7
    ]
    return max(fitting, key=lambda sentence: sentence.similarity, default=None)


def shown_before(evidence: Evidence) -> set[str]:
    """Quotes of the last answer: going on from it ("why?", "tell me more") should not repeat them."""
    previous = evidence.question.previous
    if previous is None or not isinstance(previous.reply, Answer):
        return set()
    return {citation.quote for claim in previous.reply.claims for citation in claim.citations}


def decided(evidence: Evidence) -> tuple[str, Sentence] | None:
    """ "Yes", "No" or nothing: what a sentence of the course decides of a yes/no question, and that sentence."""
    question = evidence.question.resolved
    if MENTIONS.search(question):
        return _mentioned(evidence)
    denied_above = _denied_by_heading(evidence)
    if denied_above:
        return ("Yes" if _asks_negatively(question) else "No"), denied_above
    for sentence in prose(evidence.sentences)[:8]:
        if sentence.passage.kind in PICTURED:
            continue
        if contradicts(sentence, evidence):
            return ("Yes" if _asks_negatively(question) else "No"), sentence
        have = set(content_stems(sentence.text))
        said = evidence.covered(have)
        directly = evidence.words.share(evidence.question.terms, have)
        if directly < _SAID_DIRECTLY or (_NECESSITY.search(question) and not _NECESSITY.search(sentence.text)):
            continue
        if _IDENTITY.match(question) and (sentence.similarity < _SURE or _RELATES.search(sentence.text)):
            continue
        share = said if len(evidence.question.terms) > 1 and sentence.similarity >= _DECIDES else 0.0
        if _ABSOLUTE.search(question) and not _ABSOLUTE.search(sentence.text):
            continue
        if share >= 0.8 and not denied_stems(sentence.text) & set(evidence.question.terms):
            return ("No" if _asks_negatively(question) else "Yes"), sentence
    return None


def refutation(evidence: Evidence) -> Sentence | None:
    """The sentence that contradicts what the question takes for granted, if one of the best does."""
    pool = prose(evidence.sentences)
    reach = _FAR if _EXCLUSIVE.search(evidence.question.resolved) else 8
    for sentence in pool[:reach]:
        if sentence.passage.kind not in PICTURED and contradicts(sentence, evidence):
            return sentence
    return None


def doubted(evidence: Evidence, all_series: Sequence[Series]) -> bool:
    """Whether the question takes for granted what the course says otherwise.

    There must be a plain sign of it: an absolute or a number that the best sentences do not have, or a sentence that
    contradicts it outright; and the questions nearest to it must be such as take something wrong for granted. How
    a question sounds tells nothing: "why is it hard" and "why is it easy" are neighbours. That it counts a list
    rightly speaks against it.

    Args:
        evidence: with the probes nearest to the question.
        all_series: the course's lists.
    """
    question = evidence.question
    if question.intent in (Intent.APPLY, Intent.LIST) or not question.akin:
        return False
    best = prose(evidence.sentences)[:3]
    said = {word.lower() for part in best[:2] for word in _TOO_MUCH.findall(part.text)}
    absolute = any(word.lower() not in said for word in _TOO_MUCH.findall(question.resolved))
    miscounted = _miscounted(evidence, best, all_series)
    if not (miscounted > 0 or _PRESUPPOSES.search(question.resolved) or question.yes_no):
        return False
    outright = any(_outright(sentence, evidence) for sentence in best)
    signs = miscounted + absolute + outright
    return signs > 0 and _wrong_nearby(evidence) + _SIGN * signs >= _DOUBTED


def _outright(sentence: Sentence, evidence: Evidence) -> bool:
    """Whether the sentence says the opposite of a word of the question, or denies that something is the only one."""
    question = evidence.question.resolved
    if sentence.passage.kind in PICTURED or denied_stems(question):
        return False
    about = evidence.words.share(evidence.question.terms, set(content_stems(sentence.text)))
    exclusive = bool(_EXCLUSIVE.search(question) and _INCLUSIVE.search(sentence.text))
    return about >= _SPOKEN_OF and (exclusive or bool(opposed(question, sentence.text)))


def _miscounted(evidence: Evidence, best: Sequence[Sentence], all_series: Sequence[Series]) -> int:
    """1 where the question has a number that the course has otherwise, -1 where it counts a list rightly, else 0."""
    asked = numbers(_WHICH_MANY.sub(" ", evidence.question.resolved)) - {"1"}
    if not asked:
        return 0
    meant = asked_whole(evidence, all_series, counted_wrong=True)
    if meant:
        return -1 if str(len(meant.members)) in asked else 1
    known = {number for sentence in best for number in numbers(sentence.text)}
    return int(bool(known) and not asked & known)


def _wrong_nearby(evidence: Evidence) -> float:
    """The wrong premises' share of the labelled probes' votes, and of all probes' votes; 0 to 2."""
    wrong = evidence.vote(lambda probe: probe.premise is False, BROAD)
    labelled = evidence.vote(lambda probe: probe.premise is not None, BROAD)
    return wrong / (labelled or 1.0) + wrong


def contradicts(sentence: Sentence, evidence: Evidence) -> bool:
    """Whether the sentence denies the question's statement: the same subject, and an opposite or a denial."""
    question = evidence.question.resolved
    passage_stems = evidence.words.stems[sentence.passage.id]
    known = [stem for stem in evidence.question.terms if stem in evidence.words]
    about = evidence.words.share(known, passage_stems) if known else 0.0
    if evidence.expansion:
        about = max(about, evidence.words.share(evidence.expansion, passage_stems))
    subjects = {stem_of for name in names(question) for stem_of in content_stems(name)}
    if subjects and not subjects & passage_stems:
        return False
    spoken_of = evidence.covered(set(content_stems(sentence.text))) >= _SPOKEN_OF or sentence.similarity >= _DECIDES
    if about >= 0.4 and spoken_of and opposed(question, sentence.text):
        return True
    if (
        (about >= 0.3 or sentence.similarity >= _DECIDES)
        and _EXCLUSIVE.search(question)
        and _INCLUSIVE.search(sentence.text)
    ):
        return bool(set(content_stems(sentence.text)) & set(evidence.question.terms))
    have = set(content_stems(sentence.text))
    shared = set(evidence.question.terms) & have
    if about >= 0.6 and _MISTAKEN.search(sentence.text) and evidence.question.intent is not Intent.WHY:
        return evidence.words.share(known, have) >= 0.4
    denies = denied_stems(question)
    if denies and evidence.question.intent is Intent.WHY:
        return False
    disputed = (denied_stems(sentence.text) ^ denies) & shared
    if len(disputed) < len(shared - disputed):
        return False
    return bool(disputed) and evidence.words.share(evidence.question.terms, have) >= 0.6


def correction(sentence: Sentence, evidence: Evidence) -> list[Claim]:
    """The course's own sentences in place of a wrong premise."""
    return [lead("The course says otherwise:"), *told(with_neighbours(sentence, evidence))]


def with_neighbours(sentence: Sentence, evidence: Evidence) -> list[Sentence]:
    """The deciding sentence with what it needs before it, and the next one where that decides too."""
    spans = sentence.passage.sentences
    place = spans.index(sentence.span)
    chosen = {part.span: part for part in with_context(sentence)}
    for other in (place - 1, place + 1):
        if 0 <= other < len(spans):
            beside = Sentence(sentence.passage, spans[other])
            short = beside.word_count <= 26 and sum(part.word_count for part in chosen.values()) < 60
            if short and (_INCLUSIVE.search(beside.text) or contradicts(beside, evidence)):
                chosen[beside.span] = beside
    return [chosen[span] for span in sorted(chosen, key=lambda span: span.start)]


def _asks_negatively(question: str) -> bool:
    return bool(re.match(r"^\W*(isn|aren|doesn|don|won|can|wasn)['’]t\b", question, re.IGNORECASE))


def _bonus(sentence: Sentence) -> float:
    penalty = 0.05 if sentence.passage.kind in PICTURED else 0.0
    return (_CAUSAL_BONUS if _CAUSAL.search(sentence.text) else 0.0) - penalty
