"""Measures of what a learner is shown: the reply's words and the sentences that it cites."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cpom_tutor.answers import Abstention, Answer, Label, Role, Turn, to_markdown
from cpom_tutor.grounding.sentences import split_sentences
from cpom_tutor.language import content_stems, stem, tokens
from cpom_tutor.library import Library
from cpom_tutor.protocols import GroundingChecker
from evals.measures import Evidence, flattened

MOST = 0.6
"""Of an excerpt's or a sentence's characters. A comparison quotes the two halves of a sentence, and not the word
between them."""
_MARK = re.compile(r" ?\[\d+\]")
_TABLE_RULE = re.compile(r"^\|(?: --- \|)+$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a passage that are shown as a source.

    Attributes:
        passage: the passage's whole text.
        name: its label, such as the bold words of a list item.
        start, end: where the words are.
    """

    passage: str
    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A reply, ours or a baseline's, as the measures see it.

    Attributes:
        text: the words, without Markdown and citation marks.
        quotes: what is cited; empty where nothing is.
    """

    text: str
    quotes: tuple[Quote, ...] = ()


NOTHING = Shown("")
"""What a tutor shows that always abstains."""


def shown_by(turn: Turn, library: Library) -> Shown:
    """Our reply."""
    if not isinstance(turn.reply, Answer):
        return Shown(plain_words(to_markdown(turn.reply)))
    cited = dict.fromkeys(citation for claim in turn.reply.claims for citation in claim.citations)
    quotes = []
    for citation in cited:
        passage = library.passage(citation.passage_id)
        quotes.append(Quote(passage.text, passage.name, citation.start, citation.end))
    return Shown(plain_words(to_markdown(turn.reply)), tuple(quotes))


def passage_shown(found: Sequence[str]) -> Shown:
    """The reply of a tutor that shows the first passage found, whole and verbatim."""
    if not found:
        return NOTHING
    text = flattened(found[0])
    return Shown(plain_words(text), (Quote(text, "", 0, len(text)),))


def plain_words(markdown: str) -> str:
    """The words that a reader sees."""
    bare = _MARK.sub("", _TABLE_RULE.sub("", markdown)).replace("**", "").replace("|", " ")
    return flattened(re.sub(r"^- ", "", bare, flags=re.MULTILINE))


def evidence_recall(evidence: Evidence, shown: Shown) -> float:
    """1 where what is cited covers a whole set of the evidence, 0 otherwise."""
    places: dict[str, set[int]] = {}
    for quote in shown.quotes:
        places.setdefault(quote.passage, set()).update(range(quote.start, quote.end))
    covered = (all(any(_covers(*each, excerpt) for each in places.items()) for excerpt in excerpts)
               for excerpts in evidence)  # fmt: skip
    return float(any(covered))


def evidence_precision(evidence: Evidence, items: Sequence[str], shown: Shown) -> float | None:
    """The share of the cited sentences that belong to the evidence or the items; None where nothing is cited."""
    excerpts = [excerpt for excerpts in evidence for excerpt in excerpts]
    sentences = [Quote(quote.passage, quote.name, start, end)
                 for quote in shown.quotes for start, end in _sentences(quote)]  # fmt: skip
    if not sentences:
        return None
    needed = [
        any(_overlap(sentence, excerpt) for excerpt in excerpts) or any(_shows(sentence, item) for item in items)
        for sentence in sentences
    ]
    return sum(needed) / len(needed)


def items_complete(items: Sequence[str], shown: Shown) -> float | None:
    """1 where every item is shown, 0 otherwise; None where there are no items."""
    if not items:
        return None
    text = shown.text.lower()
    return float(all(plain_words(item).lower() in text for item in items))


def key_facts_stated(key_facts: Sequence[Sequence[str]], shown: Shown) -> float:
    """The share of the facts of which a phrasing stands in the reply; case and endings of words do not count.

    The nuggets of TREC's question answering (Voorhees, 2003), matched by stems.
    """
    return sum(any(_states(shown.text, phrasing) for phrasing in fact) for fact in key_facts) / len(key_facts)


def citation_recall(answer: Answer, checker: GroundingChecker) -> float:
    """ALCE's citation recall (Gao et al., 2023): the share of claims that all their citations together support.

    ALCE judges with an entailment model; here `checker` does, which is the tutor's own. Leads and the tutor's own
    words state nothing and are left out.
    """
    facts = [claim for claim in answer.claims if claim.role is Role.FACT]
    return sum(_supports(checker, claim.text, [each.quote for each in claim.citations]) for claim in facts) / len(facts)


def citation_precision(answer: Answer, checker: GroundingChecker) -> float:
    """ALCE's citation precision (Gao et al., 2023): the share of citations that are needed.

    A citation is not needed where the claim is not supported at all, or where it does not support the claim by
    itself and the others do without it.
    """
    needed = []
    for claim in answer.claims:
        quotes = [citation.quote for citation in claim.citations]
        supported = bool(quotes) and _supports(checker, claim.text, quotes)
        for place, quote in enumerate(quotes):
            others = quotes[:place] + quotes[place + 1 :]
            needed.append(
                supported
                and (_supports(checker, claim.text, [quote]) or not _supports(checker, claim.text, others))
            )  # fmt: skip
    return sum(needed) / len(needed)


def verbatim(answer: Answer, library: Library) -> float:
    """The share of citations whose quote stands in its passage exactly where the citation says."""
    citations = [citation for claim in answer.claims for citation in claim.citations]
    right = [library.passage(each.passage_id).text[each.start : each.end] == each.quote for each in citations]
    return sum(right) / len(right)


def length(shown: Shown) -> int:
    """Words."""
    return len(shown.text.split())


def corrects(turn: Turn) -> bool:
    """Whether the reply says that the question takes something wrong for granted."""
    if not isinstance(turn.reply, Answer):
        return False
    return turn.reply.premise_refuted or bool(re.match(r"No[.,:;]", plain_words(to_markdown(turn.reply))))


def declined(turn: Turn) -> bool:
    """Whether the learner got no answer."""
    return isinstance(turn.reply, Abstention)


def _covers(text: str, places: set[int], excerpt: str) -> bool:
    start = text.find(excerpt)
    return start >= 0 and len(places.intersection(range(start, start + len(excerpt)))) > MOST * len(excerpt)


def _sentences(quote: Quote) -> list[tuple[int, int]]:
    """Where the sentences of the quoted words are in the passage."""
    words = quote.passage[quote.start : quote.end]
    return [(quote.start + span.start, quote.start + span.end) for span in split_sentences(words)]


def _overlap(sentence: Quote, excerpt: str) -> bool:
    """Whether most of the sentence lies in the excerpt, or most of the excerpt in the sentence."""
    start = sentence.passage.find(excerpt)
    if start < 0:
        return False
    shared = min(sentence.end, start + len(excerpt)) - max(sentence.start, start)
    return shared > MOST * min(len(excerpt), sentence.end - sentence.start)


def _shows(sentence: Quote, item: str) -> bool:
    return sentence.name == item or item in sentence.passage[sentence.start : sentence.end]


def _states(text: str, phrasing: str) -> bool:
    """Whether the content words of the phrasing stand in the text one after the other."""
    read = content_stems if content_stems(phrasing) else _stems
    wanted, have = tuple(read(phrasing)), tuple(read(text))
    return any(have[place : place + len(wanted)] == wanted for place in range(len(have) - len(wanted) + 1))


def _stems(text: str) -> tuple[str, ...]:
    return tuple(stem(token) for token in tokens(text))


def _supports(checker: GroundingChecker, claim: str, evidence: Sequence[str]) -> bool:
    return checker.check(claim, evidence).label is Label.SUPPORTED
