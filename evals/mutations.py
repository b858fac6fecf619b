"""False claims made out of supported ones, eight kinds, from any course text: what a checker must kill.

Every mutation is deterministic: the same claims, texts and seed give the same mutations. A kind that a claim gives
no hold for (no number in it, say) is left out. Word lists are general English; names, roles, items and details
come from the text itself, so that what is slipped in is as near to the truth as the course allows.
"""

import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from cpom_tutor.language import content_stems, coverage, numbers, plain
from evals.mutation_words import (
    ANTONYMS,
    DETAILS,
    NUMBER_WORDS,
    ROLES,
    STRONGER,
    UNNEGATED,
    VERB_TAILS,
)

KINDS = (
    "number", "negation", "swapped_entity", "swapped_role", "foreign_item", "wrong_citation", "stronger_modal",
    "added_detail",
)  # fmt: skip

_NAME = re.compile(r"\b(?:[A-Z][A-Za-z]*[A-Z][A-Za-z]*|[A-Z][a-z]+(?: [A-Z][a-z]+)+)\b|<\d+>")
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_AUXILIARY = re.compile(r"\b(is|are|was|were|can|will|may|must|should|could|would|has to|have to)\b", re.IGNORECASE)
LIST = re.compile(r"[^,;:.!?()—]+(?:, [^,;:.!?()—]+)+,? (?:and|or) [^,;:.!?()—]+")
_DETAIL = re.compile(
    r"\b(?:through|during|within|across|under|without|beyond|such as|including|before|after|against)\b"
    r" [^,;:.()—]{12,60}"
)
_DANGLING = re.compile(r"(?: (?:and|or|the|a|an|of|to|in|for|with|by|that|is|are))+$")
_SHARED = 0.45  # a passage that has more of the claim's content words might support it after all
_LONGEST_ITEM = 4  # words


@dataclass(frozen=True, slots=True)
class Supported:
    """A claim that its evidence supports.

    Attributes:
        id: where it is from.
        claim: one sentence.
        evidence: the passages or excerpts that support it.
        cluster: what falls or stands with it: the passage of the evidence.
    """

    id: str
    claim: str
    evidence: tuple[str, ...]
    cluster: str


@dataclass(frozen=True, slots=True)
class Mutation:
    """A claim that its evidence does not support any more.

    Attributes:
        kind: one of `KINDS`.
        claim: the false claim (the true one, for a wrong citation).
        evidence: what it is to be judged by.
        source: what it was made of.
    """

    kind: str
    claim: str
    evidence: tuple[str, ...]
    source: Supported


class Mutator:
    """Makes mutations with the names, items, details and passages of one text.

    Args:
        passages: the text, passage by passage.
        seed: another seed, other mutations.
    """

    def __init__(self, passages: Sequence[str], seed: int = 0) -> None:
        self._passages = tuple(dict.fromkeys(plain(passage) for passage in passages))
        self._seed = seed

    def all_of(self, claims: Iterable[Supported], kinds: Sequence[str] = KINDS) -> Iterator[Mutation]:
        """At most one mutation of each kind for each claim."""
        for supported in claims:
            for kind in kinds:
                found = self.one(supported, kind)
                if found:
                    yield found

    def one(self, supported: Supported, kind: str) -> Mutation | None:
        """The mutation of one kind, or None where the claim gives no hold for it."""
        draw = random.Random(f"{self._seed}/{kind}/{supported.id}/{supported.claim}")
        evidence = " ".join(plain(piece) for piece in supported.evidence)
        if kind == "wrong_citation":
            other = self._other_passage(supported.claim, evidence, draw)
            return Mutation(kind, supported.claim, (other,), supported) if other else None
        change: Callable[[str, str, random.Random], str] = {
            "number": _number, "negation": _negation, "swapped_entity": self._entity, "swapped_role": _role,
            "foreign_item": self._item, "stronger_modal": _modal, "added_detail": self._detail,
        }[kind]  # fmt: skip
        changed = change(plain(supported.claim), evidence, draw)
        if not changed or changed == plain(supported.claim):
            return None
        return Mutation(kind, changed[0].upper() + changed[1:], supported.evidence, supported)

    @cached_property
    def _names(self) -> tuple[str, ...]:
        """Names of the text, in order, those inside a sentence only."""
        found = [
            match.group() for passage in self._passages for match in _NAME.finditer(passage) if match.start() > 1
        ]  # fmt: skip
        return tuple(dict.fromkeys(found))

    @cached_property
    def _items(self) -> tuple[str, ...]:
        """Short items of the text's running lists, in order."""
        found: dict[str, None] = {}
        for passage in self._passages:
            for match in LIST.finditer(passage):
                for item in re.split(r", (?:and |or )?| and | or ", match.group())[1:]:
                    words = item.split()
                    if 1 < len(words) <= _LONGEST_ITEM and len(content_stems(item)) > 1 and words[-1].islower():
                        found[item.strip()] = None
        return tuple(found)

    @cached_property
    def _details(self) -> tuple[str, ...]:
        found = (match.group() for passage in self._passages for match in _DETAIL.finditer(passage))
        return tuple(dict.fromkeys(_DANGLING.sub("", words) for words in found))

    def _entity(self, claim: str, evidence: str, draw: random.Random) -> str:
        """A name for another name of the text; without a name, a term for another term."""
        mine = [match for match in _NAME.finditer(claim) if match.group() in self._names]
        if mine:
            old = draw.choice(mine)
            others = [name for name in self._names if _alike(name, old.group()) and name not in claim]
            near = [name for name in others if name in evidence]
            pool = near if near and draw.random() < 0.5 else [name for name in others if name not in evidence]
            return _replaced(claim, old, draw.choice(pool)) if pool else ""
        terms = [term for term in self._items if len(term) > 5 and re.search(rf"\b{re.escape(term)}\b", claim)]
        others = [item for item in self._items if _foreign(item, evidence)]
        if not terms or not others:
            return ""
        return claim.replace(draw.choice(terms), draw.choice(others), 1)

    def _item(self, claim: str, evidence: str, draw: random.Random) -> str:
        """An item of another list, in place of an item or beside one."""
        others = [item for item in self._items if _foreign(item, evidence)]
        if not others:
            return ""
        new = draw.choice(others)
        listed = LIST.search(claim)
        if not listed:
            return f"{claim.rstrip('.!')}, as well as {new}." if " and " in claim else ""
        parts = re.split(r"(, (?:and |or )?| and | or )", listed.group())
        if draw.random() < 0.5:
            place = draw.randrange(2, len(parts), 2)
            parts[place] = new
            words = "".join(parts)
        else:
            words = parts[0] + f", {new}" + "".join(parts[1:])
            if not parts[0].strip() or len(parts[0].split()) > 6:
                words = "".join(parts[:-2]) + f", {new}" + "".join(parts[-2:])
        return claim[: listed.start()] + words + claim[listed.end() :]

    def _detail(self, claim: str, evidence: str, draw: random.Random) -> str:
        """A phrase from elsewhere in the text, or of a general kind, at the end."""
        own = [detail for detail in self._details if _foreign(detail, evidence)]
        detail = draw.choice(own) if own and draw.random() < 0.5 else draw.choice(DETAILS)
        return f"{claim.rstrip('.!?')} {detail}."

    def _other_passage(self, claim: str, evidence: str, draw: random.Random) -> str:
        """Another passage: half the time the one with most words of the claim that cannot support it."""
        others = [
            passage for passage in self._passages
            if passage not in evidence and evidence not in passage and coverage(claim, passage) <= _SHARED
            and len(content_stems(passage)) > 4
        ]  # fmt: skip
        if not others:
            return ""
        if draw.random() < 0.5:
            return draw.choice(others)
        return max(others, key=lambda passage: (coverage(claim, passage), passage))


def _number(claim: str, evidence: str, draw: random.Random) -> str:
    have = numbers(evidence)
    spots = list(_NUMBER.finditer(claim))
    spots += [match for match in re.finditer(r"[A-Za-z]+", claim) if match.group().lower() in NUMBER_WORDS]
    if not spots:
        return ""
    old = draw.choice(spots)
    if old.group()[0].isdigit():
        value = float(old.group().replace(",", ""))
        new = f"{value * draw.choice((2, 3, 4)) + draw.choice((0, 1, 5)):g}" if value else "7"
    else:
        pool = [word for word in NUMBER_WORDS[old.group().lower()] if not numbers(word) & have]
        new = draw.choice(pool) if pool else ""
    return _replaced(claim, old, new) if new and new != old.group() else ""


def _negation(claim: str, evidence: str, draw: random.Random) -> str:  # noqa: ARG001
    ways: list[str] = []
    for pattern, positive in UNNEGATED:
        found = re.search(pattern, claim, re.IGNORECASE)
        if found:
            ways.append(claim[: found.start()] + found.expand(positive) + claim[found.end() :])
    if not ways:
        auxiliary = _AUXILIARY.search(claim)
        if auxiliary:
            end = auxiliary.end(1) if " " not in auxiliary.group(1) else auxiliary.start(1)
            ways.append(
                f"{claim[:end]} not{claim[end:]}" if end == auxiliary.end(1) else f"{claim[:end]}do not {claim[end:]}"
            )
        for pattern, denied in VERB_TAILS:
            found = re.search(pattern, claim)
            if found:
                ways.append(claim[: found.start()] + denied + claim[found.end() :])
                break
    for match in re.finditer(r"[A-Za-z-]+", claim):
        opposite = ANTONYMS.get(match.group().lower())
        if opposite:
            ways.append(_replaced(claim, match, opposite))
    return draw.choice(ways) if ways else ""


def _role(claim: str, evidence: str, draw: random.Random) -> str:
    """Two roles of the claim change places; a single one gives way to another."""
    spots = [
        (match, group)
        for match in re.finditer(r"[A-Za-z]+", claim)
        for group in ROLES
        if match.group().lower() in group
    ]
    if not spots:
        return ""
    old, group = draw.choice(spots)
    form = group.index(old.group().lower()) % 2
    rest = [each for each in spots if each[1] is not group]
    if rest:
        other, others = draw.choice(rest)
        first, second = sorted((old, other), key=lambda match: match.start())
        plural = others.index(other.group().lower()) % 2
        mine, theirs = group[plural], others[form]
        new_first, new_second = (theirs, mine) if first is old else (mine, theirs)
        return (
            claim[: first.start()]
            + new_first
            + claim[first.end() : second.start()]
            + new_second
            + claim[second.end() :]
        )
    inside = [each for each in ROLES if each is not group and any(re.search(rf"\b{word}\b", evidence) for word in each)]
    outside = [each for each in ROLES if each is not group and each not in inside]
    pool = inside if inside and draw.random() < 0.5 else outside
    return _replaced(claim, old, draw.choice(pool)[form])


def _modal(claim: str, evidence: str, draw: random.Random) -> str:
    ways = []
    for pattern, stronger in STRONGER:
        found = re.search(pattern, claim, re.IGNORECASE)
        if found:
            new = draw.choice(stronger)
            if not re.search(rf"\b{new.split()[0]}\b", evidence, re.IGNORECASE):
                ways.append(claim[: found.start()] + new + claim[found.end() :])
    if ways:
        return draw.choice(ways)
    tail = draw.choice(("in every case", "without exception", "at all times"))
    return f"{claim.rstrip('.!?')} {tail}." if draw.random() < 0.5 else ""


def _alike(name: str, old: str) -> bool:
    """Names of one make: both acronyms, both in brackets or both words, and no part of each other."""
    kind = [(text[0] == "<", " " in text) for text in (name, old)]
    return kind[0] == kind[1] and name.rstrip("s") not in old and old.rstrip("s") not in name


def _foreign(words: str, evidence: str) -> bool:
    """Whether none of the content of `words` is in the evidence."""
    return bool(content_stems(words)) and not set(content_stems(words)) & set(content_stems(evidence))


def _replaced(text: str, match: re.Match[str], new: str) -> str:
    if match.group()[0].isupper() and match.start() == 0:
        new = new[0].upper() + new[1:]
    return text[: match.start()] + new + text[match.end() :]
