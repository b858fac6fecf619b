"""The rule-based grounding checker: small tests that a reader can follow, each with its reason.

It asks whether the words of a claim are licensed by the words of its evidence: the same numbers, names and
negations, nothing said more strongly, the same subject for the same predicate. What no rule decides is weighed
word by word (`paraphrase.py`) where an embedder shows how it reads words. Without one, shared content words alone
count, so that a free paraphrase is at best "not enough info": the cautious side for a tutor.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from cpom_tutor.answers import Label, Verdict
from cpom_tutor.grounding.abbreviations import spelt_out
from cpom_tutor.grounding.contrasts import opposed
from cpom_tutor.grounding.naming import missing_names, points_back
from cpom_tutor.grounding.paraphrase import Paraphrases
from cpom_tutor.grounding.polarity import disagreement
from cpom_tutor.grounding.quantities import missing_amount
from cpom_tutor.grounding.quoting import quoted, sentences_of
from cpom_tutor.grounding.roles import strange_role
from cpom_tutor.grounding.scales import plainly_overstated
from cpom_tutor.language import content_stems, coverage, denied_stems, names, numbers, plain, stem, tokens
from cpom_tutor.protocols import Reader

CLOSE = 0.6  # share of the claim's content words in one sentence, from which on a negation must be the same
SUPPORTED_FROM = 0.8  # share of the claim's content words that the evidence must have
_ABSOLUTES = frozenset("always all every only must entirely guarantees guaranteed guarantee".split())
_CLAUSE = re.compile(r";|\s—\s|—|,\s+(?=(?:while|whereas|but|the)\b)|\b(?:while|whereas)\b", re.IGNORECASE)
_POINTING_BACK = re.compile(r"\b(?:the|these|those|both|between) two\b(?=[,.;]| (?:keeps?|is|are|were|was)\b)|\bone\b")
_MORE_THAN = re.compile(r"\b(?:far |much )?more than(?= an?\b| just\b| merely\b)", re.IGNORECASE)
_PREVENTS = re.compile(
    r"\b(?:prevent|stop|block|keep|kept|hinder|fail|unable|impossible|without|instead|rather|outgrow|miss|undo|undone)"
    r"(?:s|ed|ping|ing|ped)?\b",
    re.IGNORECASE,
)  # fmt: skip
_CONTRASTS = re.compile(r";|—|\b(?:while|whereas|but)\b", re.IGNORECASE)
_QUOTED = re.compile(r"[“\"]([^”\"]{2,60})[”\"]")
_LIST_SEPARATOR = re.compile(r",\s*(?:and\s+)?|\s+and\s+|;\s*")


@dataclass(frozen=True, slots=True)
class _Pair:
    """A claim and its evidence, and what several rules need of both."""

    claim: str
    evidence: tuple[str, ...]
    text: str  # the evidence as one text
    share: float  # of the claim's content words that the evidence has
    paraphrase: bool = False  # what no rule decides, the combiner will weigh


class Weigher(Protocol):
    """Judges the claims that no rule decides."""

    def judge(self, claim: str, evidence: Sequence[str]) -> Verdict | None:
        """The verdict; None where it cannot tell, so that shared words must do.

        Raises:
            EmbedderUnavailable, CheckerUnavailable: its model cannot be loaded.
        """


class RuleChecker:
    """Implements `GroundingChecker`; needs no model, and is more generous with one.

    Args:
        reader: gives the embedder that reads words in their context; asked for at the first paraphrase.
        weigher: judges paraphrases in place of that embedder.
    """

    def __init__(self, reader: Callable[[], Reader] | None = None, weigher: Weigher | None = None) -> None:
        self._weigher = weigher or (Paraphrases(reader) if reader else None)

    def check(self, claim: str, evidence: Sequence[str]) -> Verdict:
        """Tests the claim against the evidence, rule by rule; the first that decides gives the reason.

        Raises:
            EmbedderUnavailable, CheckerUnavailable: the claim is a paraphrase, and the model cannot be loaded.
        """
        text = " ".join(plain(piece) for piece in evidence).strip()
        if not tokens(claim):
            return Verdict(Label.NOT_ENOUGH_INFO, 0.0, "The claim has no words.")
        if not text:
            return Verdict(Label.NOT_ENOUGH_INFO, 0.0, "There is no evidence.")
        verdict = _foreign_script(claim, text) or quoted(claim, evidence) or spelt_out(claim, evidence)
        if verdict:
            return verdict
        sentences = sentences_of((claim,)) if self._weigher else [claim]
        verdicts = [self._check_sentence(sentence, tuple(evidence), text) for sentence in sentences if tokens(sentence)]
        return min(verdicts, key=lambda found: found.score)

    def _check_sentence(self, claim: str, evidence: tuple[str, ...], text: str) -> Verdict:
        weigher = self._weigher
        pair = _Pair(claim, evidence, text, coverage(claim, text), weigher is not None)
        if pair.paraphrase:
            verdict = quoted(claim, evidence) or spelt_out(claim, evidence)
            if verdict:
                return verdict
        for rule in _RULES:
            verdict = rule(pair)
            if verdict:
                return verdict
        return (weigher and weigher.judge(claim, evidence)) or _by_share(pair.share)


def _by_share(share: float) -> Verdict:
    """The cautious verdict: most of the claim's content words must be in the evidence."""
    if share >= SUPPORTED_FROM:
        return Verdict(Label.SUPPORTED, share, f"The evidence has {share:.0%} of the claim's content words.")
    return Verdict(Label.NOT_ENOUGH_INFO, share / 2, f"The evidence has only {share:.0%} of the claim's content words.")


def _foreign_script(claim: str, text: str) -> Verdict | None:
    """Letters that the word rules cannot read must stand in the evidence as they are."""
    known = set(text)
    strange = [character for character in claim if character.isalpha() and not character.isascii()]
    unread = [character for character in strange if character not in known]
    if not unread:
        return None
    return Verdict(Label.NOT_ENOUGH_INFO, 0.1, f"“{unread[0]}” is not in the evidence.")


def _absolute(pair: _Pair) -> Verdict | None:
    """ "Always", "all", "must" and "only" need evidence that says so."""
    if pair.paraphrase:
        strong = plainly_overstated(pair.claim, pair.text)
        if not strong:
            return None
        return Verdict(Label.NOT_ENOUGH_INFO, 0.15, f"The evidence does not say “{strong}”, or anything as strong.")
    said = set(tokens(pair.claim)) & _ABSOLUTES
    if not said or said & set(tokens(pair.text)):
        return None
    return Verdict(Label.NOT_ENOUGH_INFO, 0.15, f"The evidence does not say “{sorted(said)[0]}”.")


def _missing_number(pair: _Pair) -> Verdict | None:
    claim = _POINTING_BACK.sub(" ", pair.claim)
    if pair.paraphrase:
        missing = missing_amount(claim, pair.text)
    else:
        missing = min(numbers(claim) - numbers(pair.text), default="")
    if not missing:
        return None
    label = Label.REFUTED if numbers(pair.text) and pair.share >= 0.6 else Label.NOT_ENOUGH_INFO
    what = f"The number {missing}" if missing[0].isdigit() else f"“{missing}”"
    return Verdict(label, 0.05, f"{what} is not in the evidence.")


def _missing_name(pair: _Pair) -> Verdict | None:
    missing = missing_names(pair.claim, pair.text)
    if not missing or (pair.paraphrase and points_back(pair.text)):
        return None
    return Verdict(Label.NOT_ENOUGH_INFO, 0.1, f"The evidence does not mention {missing[0].upper()}.")


def _strange_role(pair: _Pair) -> Verdict | None:
    """What the evidence says of patients, say, it does not say of employers."""
    who = strange_role(pair.claim, pair.text) if pair.paraphrase else ""
    if not who:
        return None
    return Verdict(Label.NOT_ENOUGH_INFO, 0.1, f"The evidence does not speak of “{who}”, but of others.")


def _missing_quote(pair: _Pair) -> Verdict | None:
    """What the claim puts in quotation marks, the evidence must say."""
    have = set(content_stems(pair.text))
    for quote in _QUOTED.findall(pair.claim):
        words = content_stems(quote)
        if words and not have & set(words):
            return Verdict(Label.NOT_ENOUGH_INFO, 0.1, f"The evidence does not say “{quote}”.")
    return None


def _negation(pair: _Pair) -> Verdict | None:
    """A word that one side denies and the other states, in the evidence sentence that is most alike."""
    sentence = max(
        sentences_of(pair.evidence), key=lambda candidate: coverage(pair.claim, candidate), default=pair.text
    )
    if coverage(pair.claim, sentence) < (CLOSE if pair.paraphrase else 0.5):
        return None
    claim = _MORE_THAN.sub("not just", pair.claim) if pair.paraphrase else pair.claim
    mine, theirs = denied_stems(claim), denied_stems(sentence)
    shared = set(content_stems(pair.claim)) & set(content_stems(sentence))
    disputed = (mine ^ theirs) & shared
    if pair.paraphrase:  # "not just one dish, but that dish for 500" both denies the dish and states it
        here, there = content_stems(claim), content_stems(sentence)
        disputed = frozenset(word for word in disputed if here.count(word) == there.count(word))
    if not disputed or (pair.paraphrase and mine < theirs and _PREVENTS.search(pair.claim)):
        return None
    return Verdict(
        Label.REFUTED, 0.05, f"The claim and the evidence disagree on whether “{sorted(disputed)[0]}” holds."
    )


def _denied(pair: _Pair) -> Verdict | None:
    """Several words that one side denies and the other plainly states, however else the two are put."""
    disputed = disagreement(plain(pair.claim), sentences_of(pair.evidence)) if pair.paraphrase else ()
    if not disputed:
        return None
    return Verdict(
        Label.REFUTED,
        0.05,
        f"One of claim and evidence denies what the other says of “{disputed[0]}” and “{disputed[1]}”.",
    )


def _opposite(pair: _Pair) -> Verdict | None:
    """The claim uses a word whose opposite is the evidence's word for it."""
    sides = opposed(pair.claim, pair.text) if pair.share >= 0.4 else None
    if not sides:
        return None
    return Verdict(Label.REFUTED, 0.1, f"The claim says “{sides[0]}”; the evidence says “{sides[1]}”.")


def _swapped(pair: _Pair) -> Verdict | None:
    """What the evidence says of one name, the claim says of another ("While X does a, Y does b")."""
    told = [clause for clause in _CLAUSE.split(pair.claim) if content_stems(clause)]
    for sentence in sentences_of(pair.evidence):
        clauses = [clause for clause in _CLAUSE.split(sentence) if content_stems(clause)]
        for clause in told if len(clauses) > 1 and _CONTRASTS.search(sentence) else ():
            for subject in names(clause):
                if _says_of_another(clause, subject, clauses):
                    return Verdict(Label.REFUTED, 0.1, f"The evidence says this of another than {subject.upper()}.")
    return None


def _says_of_another(claim: str, subject: str, clauses: Sequence[str]) -> bool:
    own = [clause for clause in clauses if subject in names(clause) or subject in tokens(clause)]
    others = [clause for clause in clauses if clause not in own and names(clause) - {subject}]
    if not own or not others:
        return False
    rest = [word for word in content_stems(claim) if word not in {stem(name) for name in names(claim)}]
    mine = sum(word in set(content_stems(" ".join(own))) for word in rest)
    return max(sum(word in set(content_stems(clause)) for word in rest) for clause in others) >= mine + 2


def _foreign_item(pair: _Pair) -> Verdict | None:
    """In a claim that lists, every item must be in the evidence."""
    if pair.paraphrase:
        return None
    head, _, tail = pair.claim.rpartition(":")
    items = [item for item in _LIST_SEPARATOR.split(tail or pair.claim) if content_stems(item)]
    if len(items) < 3 or (not head and pair.claim.count(",") < 2):
        return None
    have = set(content_stems(pair.text))
    for item in items:
        if not set(content_stems(item)) & have:
            return Verdict(Label.NOT_ENOUGH_INFO, 0.1, f"“{item.strip(' .')}” is not in the evidence.")
    return None


_RULES = (
    _absolute, _missing_number, _missing_name, _missing_quote, _strange_role, _negation, _denied, _opposite, _swapped,
    _foreign_item,
)  # fmt: skip
