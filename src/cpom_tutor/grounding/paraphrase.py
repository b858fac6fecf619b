"""Does the evidence say the same in other words? Weighs a comparison, and says why."""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from threading import Lock

from cpom_tutor.answers import Label, Verdict
from cpom_tutor.grounding.alignment import near_evidence
from cpom_tutor.grounding.combiner import combiner
from cpom_tutor.grounding.comparison import KIN, Comparison
from cpom_tutor.grounding.scales import overstated
from cpom_tutor.grounding.turning import turned_round
from cpom_tutor.language import plain
from cpom_tutor.protocols import Reader, Reading

REMEMBERED = 512
"""Readings of texts that are kept: one passage is evidence for many claims."""
CLOSE_COPY = 0.7  # share of the claim's words in the evidence, from which on agents in another order are swapped
CLEARLY_SWAPPED = 0.8
MOSTLY_COVERED = 0.6  # share of words covered, from which on a person that the evidence does not know is an exchange
OWN_WORDS = 0.95  # share of the claim's words in the evidence, from which on another order is another meaning
TURNED = 0.35  # share of the pairs of words in another order, from which on it is another order
ANSWERS = 0.5  # cosine of two words in their places, from which on one answers to the other
HARDLY = 0.25  # share of words that anything answers to, below which the evidence says nothing of the kind
BY_PLACE = 0.5  # the same, where no more than every seventh word has one of its meaning there
SEVENTH = 0.15
_MOST_NAMED = 3  # words in a reason
_POLARITY = frozenset({
    "negation_gap", "negation_lost", "opposites", "opposites_plain", "disputed", "parity", "denies_stated",
    "denies_outright", "denies_alone", "states_denied", "states_denied2", "opposite_words",
})  # fmt: skip
_STRENGTH = frozenset({"overstated", "overstated_unhedged", "widened"})
_AGENTS = frozenset({
    "agents_strange", "agents_strange_beside", "agents_strange_named", "agents_strange_first", "person_strange",
    "person_strange_first", "person_strange_gap",
})  # fmt: skip


class Paraphrases:
    """Judges claims that no rule decides.

    Args:
        reader: gives the embedder that reads words in their context; asked for at the first judgement.
    """

    def __init__(self, reader: Callable[[], Reader]) -> None:
        self._reader = reader
        self._lock = Lock()
        self._remembered: OrderedDict[str, Reading] = OrderedDict()

    def judge(self, claim: str, evidence: Sequence[str]) -> Verdict | None:
        """The verdict; None where the claim cannot be weighed: it is too long, or the embedder is another one.

        Raises:
            EmbedderUnavailable: the model cannot be loaded.
        """
        reader = self._reader()
        if reader.name != combiner().embedder:
            return None
        found = self.compare(reader, plain(claim), near_evidence(claim, evidence))
        features = found.features() if found else {}
        if not found or not features:
            return None
        plain_case = plainly_not(found, features)
        if plain_case:
            return plain_case
        score = combiner().probability(features)
        if score >= 0.5:
            return Verdict(Label.SUPPORTED, score, _why_supported(found))
        refuted, reason = _why_not(found, combiner().against(features))
        return Verdict(Label.REFUTED if refuted else Label.NOT_ENOUGH_INFO, score, reason)

    def compare(self, reader: Reader, claim: str, evidence: str) -> Comparison | None:
        """The two texts side by side; None where the model does not read all of the claim."""
        mine, theirs = self._reading(reader, claim), self._reading(reader, evidence)
        read = mine.spans[-1].end if mine.spans else 0
        if any(character.isalnum() for character in claim[read:]):
            return None
        return Comparison(claim, evidence, mine, theirs)

    def _reading(self, reader: Reader, text: str) -> Reading:
        with self._lock:
            if text in self._remembered:
                self._remembered.move_to_end(text)
                return self._remembered[text]
        (reading,) = reader.read([text])
        with self._lock:
            self._remembered[text] = reading
            while len(self._remembered) > REMEMBERED:
                self._remembered.popitem(last=False)
        return reading


def plainly_not(found: Comparison, features: Mapping[str, float]) -> Verdict | None:
    """What needs no weighing: somebody else does it, a word is exchanged, nothing agrees."""
    if (features["agents_turned"] and features["same_words"] > CLOSE_COPY) or (
        features["agents_swapped"] > CLEARLY_SWAPPED
    ) or (features["same_words"] >= OWN_WORDS and _turned(found) >= TURNED):  # fmt: skip
        return Verdict(Label.REFUTED, 0.1, "The evidence says this of another: who does what has changed places.")
    if _hardly_covered(found):
        return Verdict(Label.NOT_ENOUGH_INFO, 0.1, f"The evidence is about something else. {_alone(found)}")
    if found.exchanged:
        said, instead = found.exchanged
        return Verdict(Label.NOT_ENOUGH_INFO, 0.15, f"The claim says “{said}” where the evidence says “{instead}”.")
    if features["agents_strange_beside"] and features["covered"] >= MOSTLY_COVERED:
        who = found.words[found.strangers[0]].text
        return Verdict(Label.NOT_ENOUGH_INFO, 0.15, f"The evidence does not say this of “{who}”.")
    return None


def _turned(found: Comparison) -> float:
    return turned_round(
        found.claim, found.words, found.evidence, found.evidence_words, found.kin, found.likeness
    )  # fmt: skip


def _hardly_covered(found: Comparison) -> bool:
    """Whether so few of the claim's words have one of their stem, meaning or place that a likeness proves nothing."""
    akin = found.kin.max(axis=1) >= KIN
    agreed = float((akin | (found.likeness.max(axis=1) >= ANSWERS)).mean())
    return agreed < HARDLY or (agreed < BY_PLACE and float(akin.mean()) < SEVENTH)


def _opposite(pair: tuple[str, str]) -> str:
    return f"The claim says “{pair[0]}”; the evidence says “{pair[1]}”."


def _why_supported(found: Comparison) -> str:
    same = 1.0 - len(found.uncovered) / len(found.words)
    if not found.uncovered:
        return "The evidence has every content word of the claim, or one of the same meaning."
    return f"The evidence has {same:.0%} of the claim's content words or their like, and the rest is near in meaning."


def _why_not(found: Comparison, against: Mapping[str, float]) -> tuple[bool, str]:
    """Whether the evidence says otherwise (or just not this), and a sentence on what speaks most against the claim."""
    polarity, strength, agents = (
        max((against[name] for name in names if name in against), default=0.0)
        for names in (_POLARITY, _STRENGTH, _AGENTS)
    )
    rest = max((value for name, value in against.items() if name not in _POLARITY | _STRENGTH | _AGENTS), default=0.0)
    strong = overstated(found.claim, found.evidence)
    if strong and strength > max(polarity, agents, 0.0):
        return False, f"The evidence does not say “{strong[0]}”, or anything as strong."
    strangers = found.strangers
    if strangers and agents > max(polarity, rest / 2, 0.0):
        return False, f"The evidence does not say this of “{found.words[strangers[0]].text}”."
    if polarity > max(rest, 0.0):
        if found.opposites:
            return True, _opposite(found.opposites)
        return True, "The claim and the evidence disagree: one denies, or says the opposite of, what the other states."
    return False, _alone(found)


def _alone(found: Comparison) -> str:
    best = found.likeness.max(axis=1)
    alone = sorted(found.uncovered, key=lambda row: best[row])[:_MOST_NAMED]
    if not alone:
        return "The claim has the evidence's words, but puts them together otherwise."
    words = ", ".join(f"“{found.words[row].text}”" for row in sorted(alone))
    return f"Nothing in the evidence answers to {words}."
