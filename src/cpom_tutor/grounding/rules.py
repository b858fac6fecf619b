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
_DENIALS = frozenset("not never without cannot isn't doesn't don't rather instead merely hardly no".split())
_CONDITIONS = frozenset({"if", "unless", "whether"})
_ABSOLUTES = frozenset("always all every only must entirely guarantees guaranteed guarantee".split())
_CLAUSE_END = re.compile(r"[;:—]")
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
            _foreign_script,
            _verbatim,
            _absolute,
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
    """Each sentence of the claim is one unbroken run of one evidence sentence, or the whole pieces one by one.

    Runs stitched together prove nothing: "A failure ... is not" and "a direct threat" may stand in one sentence.
    """
    if tokens(pair.claim) == tuple(token for piece in pair.evidence for token in tokens(piece)):
        return Verdict(Label.SUPPORTED, 1.0, "The claim is its quotes, word for word.")
    have = _sentences(pair.evidence)
    for sentence in _sentences((pair.claim,)):
        runs = [_before_run(tokens(sentence), candidate) for candidate in have]
        found = [before for before in runs if before is not None]
        if not found:
            return None
        if all(_limits(before) for before in found):
            return Verdict(Label.REFUTED, 0.1, "The words are cut out of a sentence that denies or limits them.")
    return Verdict(Label.SUPPORTED, 1.0, "The claim is in the evidence, word for word.")


def _before_run(wanted: tuple[str, ...], sentence: str) -> tuple[str, ...] | None:
    """The tokens of its clause before the run `wanted` in a sentence; None where it has no such run."""
    have, clause_starts = _tokens_and_clauses(sentence)
    for start in range(len(have) - len(wanted) + 1):
        if have[start : start + len(wanted)] == wanted:
            opened = max(place for place in clause_starts if place <= start)
            return have[opened:start]
    return None


def _tokens_and_clauses(sentence: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """A sentence's tokens, and the places where a clause starts (after ";", ":" or a dash)."""
    have: list[str] = []
    starts = [0]
    for clause in _CLAUSE_END.split(sentence):
        have += tokens(clause)
        starts.append(len(have))
    return tuple(have), tuple(starts)


def _limits(before: tuple[str, ...]) -> bool:
    """Whether what stands before a run in its clause denies it (near) or makes it conditional (anywhere)."""
    return bool(set(before) & _CONDITIONS or set(before[-4:]) & _DENIALS)


def _foreign_script(pair: _Pair) -> Verdict | None:
    """Letters that the word rules cannot read must stand in the evidence as they are."""
    known = set(pair.text)
    strange = [character for character in pair.claim if character.isalpha() and not character.isascii()]
    unread = [character for character in strange if character not in known]
    if not unread:
        return None
    return Verdict(Label.NOT_ENOUGH_INFO, 0.1, f"“{unread[0]}” is not in the evidence.")


def _absolute(pair: _Pair) -> Verdict | None:
    """ "Always", "all", "must" and "only" need evidence that says so."""
    said = set(tokens(pair.claim)) & _ABSOLUTES
    if not said or said & set(tokens(pair.text)):
        return None
    return Verdict(Label.NOT_ENOUGH_INFO, 0.15, f"The evidence does not say “{sorted(said)[0]}”.")


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
