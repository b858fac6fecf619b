"""The rule-based grounding checker: small tests that a reader can follow, each with its reason.

It asks whether the words of a claim are licensed by the words of its evidence: the same numbers, names and
negations, every listed item, the same subject for the same predicate. Paraphrase is judged by shared content
words alone, so a free paraphrase is at best "not enough info": the cautious side for a tutor.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cpom_tutor.answers import Label, Verdict
from cpom_tutor.grounding.contrasts import opposed
from cpom_tutor.grounding.sentences import split_sentences
from cpom_tutor.language import content_stems, coverage, denied_stems, names, numbers, plain, stem, tokens

SUPPORTED_FROM = 0.8  # share of the claim's content words that the evidence must have
_SHORTEST_RUN = 3  # tokens: a shorter verbatim run proves nothing by itself
_CLIPPED = frozenset("not never without cannot isn't doesn't don't if unless rather instead merely hardly no".split())
_CLAUSE = re.compile(r";|\s—\s|—|,\s+(?=(?:while|whereas|but|the)\b)|\b(?:while|whereas)\b", re.IGNORECASE)
_LIST_SEPARATOR = re.compile(r",\s*(?:and\s+)?|\s+and\s+|;\s*")


@dataclass(frozen=True, slots=True)
class _Pair:
    """A claim and its evidence, and what several rules need of both."""

    claim: str
    evidence: tuple[str, ...]
    text: str  # the evidence as one text
    share: float  # of the claim's content words that the evidence has


class RuleChecker:
    """Implements `GroundingChecker` by rules alone; needs no model."""

    def check(self, claim: str, evidence: Sequence[str]) -> Verdict:
        """Tests the claim against the evidence, rule by rule; the first that decides gives the reason."""
        text = " ".join(plain(piece) for piece in evidence).strip()
        if not tokens(claim):
            return Verdict(Label.NOT_ENOUGH_INFO, 0.0, "The claim has no words.")
        if not text:
            return Verdict(Label.NOT_ENOUGH_INFO, 0.0, "There is no evidence.")
        pair = _Pair(claim, tuple(evidence), text, coverage(claim, text))
        for rule in (
            _verbatim,
            _missing_number,
            _missing_name,
            _negation,
            _opposite,
            _swapped,
            _foreign_item,
        ):
            verdict = rule(pair)
            if verdict:
                return verdict
        share = pair.share
        if share >= SUPPORTED_FROM:
            return Verdict(Label.SUPPORTED, share, f"The evidence has {share:.0%} of the claim's content words.")
        return Verdict(
            Label.NOT_ENOUGH_INFO,
            share / 2,
            f"The evidence has only {share:.0%} of the claim's content words.",
        )


def _verbatim(pair: _Pair) -> Verdict | None:
    """The claim is made of unbroken runs of the evidence, and nothing before a run reverses it."""
    wanted = tokens(pair.claim)
    have = [tokens(sentence) for sentence in _sentences(pair.evidence)]
    place, clipped = 0, False
    while place < len(wanted):
        length, before = _longest_run(wanted[place:], have)
        if (
            length < _SHORTEST_RUN
            and length < len(wanted) - place
            and not any(wanted[place : place + length] == piece for piece in have)
        ):
            return None
        if not length:
            return None
        clipped = clipped or bool(before & _CLIPPED)
        place += length
    if clipped:
        return Verdict(Label.REFUTED, 0.1, "The words are cut out of a sentence that denies or limits them.")
    return Verdict(Label.SUPPORTED, 1.0, "The claim is in the evidence, word for word.")


def _longest_run(wanted: tuple[str, ...], have: Sequence[tuple[str, ...]]) -> tuple[int, frozenset[str]]:
    """Length of the longest prefix of `wanted` found in one piece, and the four tokens before it there."""
    best, before = 0, frozenset[str]()
    for piece in have:
        for start, token in enumerate(piece):
            if token != wanted[0]:
                continue
            length = 1
            while length < len(wanted) and start + length < len(piece) and piece[start + length] == wanted[length]:
                length += 1
            if length > best:
                best, before = length, frozenset(piece[max(0, start - 4) : start])
    return best, before


def _missing_number(pair: _Pair) -> Verdict | None:
    missing = numbers(pair.claim) - numbers(pair.text)
    if not missing:
        return None
    label = Label.REFUTED if numbers(pair.text) and pair.share >= 0.6 else Label.NOT_ENOUGH_INFO
    return Verdict(label, 0.05, f"The number {sorted(missing)[0]} is not in the evidence.")


def _missing_name(pair: _Pair) -> Verdict | None:
    have = (
        set(tokens(pair.text))
        | {token.removesuffix("s") for token in tokens(pair.text)}
        | {stem(t) for t in tokens(pair.text)}
    )
    missing = {name for name in names(pair.claim) if name not in have and stem(name) not in have}
    if not missing:
        return None
    return Verdict(Label.NOT_ENOUGH_INFO, 0.1, f"The evidence does not mention {sorted(missing)[0].upper()}.")


def _negation(pair: _Pair) -> Verdict | None:
    """A word that one side denies and the other states, in the evidence sentence that is most alike."""
    sentence = max(_sentences(pair.evidence), key=lambda candidate: coverage(pair.claim, candidate), default=pair.text)
    if coverage(pair.claim, sentence) < 0.5:
        return None
    mine, theirs = denied_stems(pair.claim), denied_stems(sentence)
    shared = set(content_stems(pair.claim)) & set(content_stems(sentence))
    disputed = (mine ^ theirs) & shared
    if not disputed:
        return None
    return Verdict(
        Label.REFUTED, 0.05, f"The claim and the evidence disagree on whether “{sorted(disputed)[0]}” holds."
    )


def _opposite(pair: _Pair) -> Verdict | None:
    """The claim uses a word whose opposite is the evidence's word for it."""
    sides = opposed(pair.claim, pair.text) if pair.share >= 0.4 else None
    if not sides:
        return None
    return Verdict(Label.REFUTED, 0.1, f"The claim says “{sides[0]}”; the evidence says “{sides[1]}”.")


def _swapped(pair: _Pair) -> Verdict | None:
    """What the evidence says of one name, the claim says of another ("While X does a, Y does b")."""
    subjects = names(pair.claim)
    for sentence in _sentences(pair.evidence):
        clauses = [clause for clause in _CLAUSE.split(sentence) if content_stems(clause)]
        for subject in subjects:
            own = [clause for clause in clauses if subject in names(clause) or subject in tokens(clause)]
            others = [clause for clause in clauses if clause not in own and names(clause) - {subject}]
            if not own or not others:
                continue
            rest = [word for word in content_stems(pair.claim) if word not in {stem(name) for name in subjects}]
            mine = sum(word in set(content_stems(" ".join(own))) for word in rest)
            foreign = max(sum(word in set(content_stems(clause)) for word in rest) for clause in others)
            if foreign >= mine + 2:
                return Verdict(Label.REFUTED, 0.1, f"The evidence says this of another than {subject.upper()}.")
    return None


def _foreign_item(pair: _Pair) -> Verdict | None:
    """In a claim that lists, every item must be in the evidence."""
    head, _, tail = pair.claim.rpartition(":")
    items = [item for item in _LIST_SEPARATOR.split(tail or pair.claim) if content_stems(item)]
    if len(items) < 3 or (not head and pair.claim.count(",") < 2):
        return None
    have = set(content_stems(pair.text))
    for item in items:
        if not set(content_stems(item)) & have:
            return Verdict(Label.NOT_ENOUGH_INFO, 0.1, f"“{item.strip(' .')}” is not in the evidence.")
    return None


def _sentences(evidence: Sequence[str]) -> list[str]:
    return [span.of(plain(piece)) for piece in evidence for span in split_sentences(plain(piece))]
