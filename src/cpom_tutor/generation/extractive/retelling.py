"""Simpler, an example, a summary: the course's own plainer words, pictures and first sentences."""

import re

from cpom_tutor.answers import Answer, Claim, Form, Turn
from cpom_tutor.course import Passage, Span
from cpom_tutor.generation.extractive.claims import lead, named, sentence_claim, sentence_claims
from cpom_tutor.generation.extractive.evidence import PICTURED, Evidence, Sentence, is_question, prose, with_context
from cpom_tutor.generation.extractive.reasons import shown_before
from cpom_tutor.generation.extractive.structure import heading_named
from cpom_tutor.language import content_stems
from cpom_tutor.library import Library

_EXAMPLE = re.compile(
    r"\b(such as|for example|for instance|e\.g\.|imagine|including|might be|can have|say, )\b",
    re.IGNORECASE,
)
# The words of a sentence that are its example; enough where the sentence has just been shown.
_EXAMPLE_PART = re.compile(
    r"\b(?:such as|including|for example,?|for instance,?|e\.g\.,?)\s+.+?(?=,\s+(?:by|to|and\s+\w+ing)\b|[;.]|$)",
    re.IGNORECASE,
)
_TOPIC = re.compile(
    r"\b(?:of|about|up|on|:)\s+(?P<what>(?:[^?.!]|\.(?=\d))+)|\b(?:summari[sz]e|recap)\s+(?P<rest>(?:[^?.!]|\.(?=\d))+)",
    re.IGNORECASE,
)
_SHORT = 36  # words: a plain sentence
_MOST_POINTS = 6
_SHORTEST_POINT, _LONGEST_POINT = 8, 45  # words


def simpler(evidence: Evidence) -> list[Claim]:
    """The shortest sentence that fits, then the course's own picture of the same thing."""
    pool = prose(_of_last_answer(evidence) or evidence.sentences)
    shown = shown_before(evidence)
    plain = [sentence for sentence in pool if sentence.passage.kind not in PICTURED and sentence.word_count <= _SHORT]
    plain = [sentence for sentence in plain if sentence.text not in shown] or plain
    claims: list[Claim] = []
    best = [sentence for sentence in plain if not sentence.leans_back][:1] or plain[:1]
    if best and best[0].text in shown and not best[0].passage.label:
        best = []
    if best and best[0].text not in shown:
        claims += sentence_claims(list(with_context(best[0])))
    pictured = [sentence for sentence in prose(evidence.sentences) if sentence.passage.kind in PICTURED]
    if pictured and pictured[0].similarity >= 0.7 * evidence.best_similarity:
        claims += [lead("The analogy for it:"), *_picture(pictured[0], pictured)]
    if not claims and pool:
        shortest = min(pool[:4], key=lambda sentence: sentence.word_count)
        told = named(shortest.passage, [shortest.span], Form.PARAGRAPH) if shortest.passage.label else None
        own_words = told or sentence_claims(list(with_context(shortest)))
        claims = [lead("The course has no plainer words for it. Its own:"), *own_words]
    return claims


def example(evidence: Evidence) -> list[Claim]:
    """The course's own example, or the pair of its analogy that is closest; empty if it has neither."""
    cited = _cited_passages(evidence.question.previous, evidence.library)
    near = [sentence for sentence in prose(evidence.sentences) if _EXAMPLE.search(sentence.text)]
    preferred = [sentence for sentence in near if sentence.passage.id in cited] or near
    pictured = [sentence for sentence in prose(evidence.sentences) if sentence.passage.kind in PICTURED]
    claims: list[Claim] = []
    if preferred and preferred[0].score >= 0.4 * evidence.sentences[0].score:
        best = preferred[0]
        part = _EXAMPLE_PART.search(best.text) if best.text in shown_before(evidence) else None
        if best.passage.label and part:
            start = best.span.start + part.start()
            claims += named(best.passage, [Span(start, best.span.start + part.end())], Form.PARAGRAPH)
        elif best.passage.label and best.passage.kind not in PICTURED:
            claims += named(best.passage, [best.span], Form.PARAGRAPH)
        else:
            claims += sentence_claims(list(with_context(best)))
    near_enough = bool(pictured) and pictured[0].similarity >= (0.75 if claims else 0.5) * evidence.best_similarity
    if near_enough and not (claims and preferred[0].passage.kind in PICTURED):
        claims += [lead("In the analogy:"), *_picture(pictured[0], pictured)]
    return claims


def summary(evidence: Evidence) -> list[Claim]:
    """The first sentences of what is asked about: the last answer, a heading's paragraphs, or the whole section."""
    previous = evidence.question.previous
    if previous and isinstance(previous.reply, Answer):
        cited = [evidence.library.passage(found) for found in _cited_passages(previous, evidence.library)]
        if cited:
            return _points(cited[:_MOST_POINTS])
    match = _TOPIC.search(evidence.question.resolved)
    topic = (match["what"] or match["rest"]).strip() if match else ""
    topic = re.sub(r"^(?:the\s+)?(?:sub)?section\s+(?=\d)", "", topic, flags=re.IGNORECASE)
    path = heading_named(evidence.library, topic, evidence.words) if topic else None
    if path is None and topic and evidence.hits and not re.search(r"\b(course|section|module|everything|all)\b", topic):
        return sentence_claims(prose(evidence.sentences)[:4])
    under = [
        passage for passage in evidence.library.passages
        if passage.sentences and not passage.parent and (path is None or passage.heading_path[: len(path)] == path)
    ]  # fmt: skip
    if len(under) <= _MOST_POINTS:
        return _points(under)
    overview = [sentence for passage in under if len(passage.heading_path) == 1 for sentence in _sentences(passage)]
    chosen = overview + [_most_central(group, evidence) for group in _by_subheading(under, len(path or ()) + 1)]
    return [sentence_claim(sentence, Form.ITEM) for sentence in chosen[:_MOST_POINTS]]


def _by_subheading(passages: list[Passage], depth: int) -> list[list[Sentence]]:
    """Sentences by the heading at `depth`, pictures left out, in reading order."""
    groups: dict[tuple[str, ...], list[Sentence]] = {}
    for passage in passages:
        if len(passage.heading_path) > 1 and passage.kind not in PICTURED:
            groups.setdefault(passage.heading_path[: max(2, depth)], []).extend(_sentences(passage))
    return [group for group in groups.values() if group]


def _sentences(passage: Passage) -> list[Sentence]:
    return prose(Sentence(passage, span) for span in passage.sentences)


def _most_central(group: list[Sentence], evidence: Evidence) -> Sentence:
    """The sentence that shares most with the others of its group, length evened out (degree centrality, after
    Erkan and Radev 2004, "LexRank", with word overlap for cosine)."""
    counts: dict[str, int] = {}
    for sentence in group:
        for stem in set(content_stems(sentence.text)):
            counts[stem] = counts.get(stem, 0) + 1

    def centrality(sentence: Sentence) -> float:
        stems = set(content_stems(sentence.text))
        worth = sum((counts[stem] - 1) * evidence.words.weight(stem) for stem in stems) / (len(stems) + 6)
        return worth - (0.5 if sentence.leans_back else 0.0) - (0.5 if sentence.word_count > _LONGEST_POINT else 0.0)

    return max(group, key=centrality)


def _points(passages: list[Passage]) -> list[Claim]:
    claims: list[Claim] = []
    for passage in passages:
        spans = [span for span in passage.sentences if not is_question(span.of(passage.text))]
        spans = [span for span in spans if not span.of(passage.text).endswith(":")]
        if not spans:
            continue
        if passage.label:
            claims += named(passage, spans[:1], Form.ITEM)
        else:
            claims.append(sentence_claim(_main(passage, spans), Form.ITEM))
    return claims


def _main(passage: Passage, spans: list[Span]) -> Sentence:
    """The sentence that says most of what its heading announces; the earlier one where two do."""
    wanted = set(content_stems(" ".join(passage.heading_path[1:])))

    def worth(span: Span) -> float:
        sentence = Sentence(passage, span)
        have = set(content_stems(sentence.text))
        short = 0.5 if sentence.word_count < _SHORTEST_POINT else 0.0
        return len(have & wanted) / max(1, len(wanted)) - short - (0.3 if sentence.leans_back else 0.0)

    return Sentence(passage, max(spans, key=worth))


def _picture(best: Sentence, pictured: list[Sentence]) -> list[Claim]:
    if best.passage.label:
        return named(best.passage, best.passage.sentences, Form.RUN_ON)
    same = [other for other in pictured[:4] if other.passage.id == best.passage.id][:2]
    chosen = {part.span: part for sentence in same for part in with_context(sentence)}
    return sentence_claims([chosen[span] for span in sorted(chosen, key=lambda span: span.start)], Form.RUN_ON)


def _cited_passages(turn: Turn | None, library: Library) -> list[str]:
    if turn is None or not isinstance(turn.reply, Answer):
        return []
    ids = (citation.passage_id for claim in turn.reply.claims for citation in claim.citations)
    return [passage_id for passage_id in dict.fromkeys(ids) if passage_id in library]


def _of_last_answer(evidence: Evidence) -> list[Sentence]:
    cited = set(_cited_passages(evidence.question.previous, evidence.library))
    return [sentence for sentence in evidence.sentences if sentence.passage.id in cited]
