"""What a place in a question could stand for, and what speaks for each candidate.

The features are plain facts (who mentioned it, how long ago, how it is written, whether it agrees); how much each
one counts is in `rewriting_weights.json`, fitted by `evals/train_rewriter.py`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from evals.rewriting.mentions import FUNCTION_WORDS, Part, deed_of, possessive, without_remark
from evals.rewriting.setting import Setting
from evals.rewriting.slots import Lean, Slot

_PREPOSITIONS = ("of", "in", "for", "to", "with", "about", "by")
_LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Option:
    """Something to put into a slot.

    Attributes:
        text: the words; those of the slot itself to leave it.
        features: what speaks for or against it.
        front: whether it goes before the question instead.
    """

    text: str
    features: tuple[str, ...]
    front: bool = False


def options(slot: Slot, setting: Setting) -> list[Option]:
    """The ways to fill a slot; leaving it is the first."""
    if slot.lean is Lean.OTHER:
        return [_left(slot, setting), *_exceptions(setting)]
    if slot.lean is Lean.MISSING:
        return [_left(slot, setting), *_complements(setting)]
    if slot.lean is Lean.NAME:
        return [_left(slot, setting), Option(setting.topic, ("whole",))]
    if slot.lean is Lean.TIME:
        return [_left(slot, setting), *_moments(slot, setting)]
    if slot.lean is Lean.THING:
        return [_left(slot, setting), *_things(slot, setting)]
    return [_left(slot, setting), *_antecedents(slot, setting)]


def _left(slot: Slot, setting: Setting) -> Option:
    earlier = [other for other in setting.slots if other.start < slot.start]
    leaning = {other.lean for other in setting.slots if other is not slot}
    facts = [_LEAVE, f"{_LEAVE}:{slot.word}"]
    if any(other.lean is slot.lean for other in earlier):
        facts.append(f"{_LEAVE}:again")
    if setting.names_topic():
        facts.append(f"{_LEAVE}:named")
    if slot.owner:
        facts.append(f"{_LEAVE}:owner")
    if slot.lean in (Lean.MISSING, Lean.OTHER, Lean.THING, Lean.TIME):
        facts += [f"{_LEAVE}+{lean}" for lean in sorted(leaning)]
        facts.append(f"{_LEAVE}:{setting.first_word}")
        facts.append(f"{_LEAVE}:{min(len(setting.words), 8)}")
    if slot.lean in (Lean.THING, Lean.TIME):
        rest = setting.question[slot.end :].strip().lower()
        facts.append(f"{_LEAVE}:then:{re.split(r'[^a-z]', rest)[0] if rest[:1].isalpha() else 'end'}"[:18])
        facts.append(f"{_LEAVE}:head:{slot.head.split()[-1] if slot.head else ''}"[:22])
    if slot.lean is Lean.IT and re.search(
        r"\bit\s+(?:true|possible|said|says|say)\b|\bdoes\s+it\b", setting.question, re.I
    ):
        facts.append(f"{_LEAVE}:empty")
    return Option(setting.question[slot.start : slot.end], tuple(facts))


def _antecedents(slot: Slot, setting: Setting) -> Iterator[Option]:
    """For a pronoun: everything that was mentioned."""
    twin = bool(re.search(_TWINS[slot.lean], setting.said_before)) if slot.lean in _TWINS else False
    titled = slot.lean is Lean.IT and any(other.key == "a1:quoted" for other in setting.candidates)
    if slot.lean is Lean.THEY:
        yield from _couples(slot, setting)
    for candidate in setting.candidates:
        text = candidate.text
        if candidate.key.endswith("deed") and slot.lean is not Lean.THAT:
            continue
        thing = candidate.key.endswith("time") or (text[:1].islower() and not _SOMEBODY.search(text))
        if slot.lean is Lean.PERSON and thing:
            continue
        if candidate.key.endswith("whole") and not _is_a_thing(text):
            continue
        facts = [*candidate.features]
        facts.append("plural" if candidate.plural else "single")
        if "full name" in facts:
            facts.append("one person" if not candidate.plural else "several")
        if titled:
            facts.append("titled:" + candidate.key)
        if twin:
            facts.append("twin:" + candidate.key)
        if candidate.key == "h0" and not _agrees(slot, setting.gender):
            continue
        if slot.lean is Lean.PERSON:
            facts.append(f"{'she' if slot.word in _FEMALE else 'he'}:{candidate.gender}")
        if slot.owner:
            text = possessive(text)
            facts.append("owner:" + candidate.key)
        if text[:1].islower() and not re.match(r"(?:the|a|an|his|her|their|its)\b", text) and not slot.owner:
            text = text if candidate.key.endswith(("deed", "whole", "time", "asked")) else f"the {text}"
        if candidate.text.lower() in setting.question.lower():
            facts.append("here")
        yield Option(text, tuple(facts))


def _couples(slot: Slot, setting: Setting) -> Iterator[Option]:
    """For "they": the topic with somebody named lately, or two who were named together."""
    named = [candidate for candidate in setting.candidates if candidate.key in ("a1:name", "q1:name", "a2:name")]
    pairs = [(setting.topic, other.text, other.key) for other in named[:3] if setting.gender in ("he", "she")]
    pairs += [(one.text, two.text, "both:" + one.key) for one, two in pairwise(named) if one.key == two.key]
    for one, two, key in pairs:
        text = f"{one} and {two}"
        yield Option(possessive(text) if slot.owner else text, ("couple", f"couple:{key}"))


def _agrees(slot: Slot, gender: str) -> bool:
    """Whether a pronoun can stand for a topic that the conversation calls he, she, they or it."""
    if slot.lean is Lean.PERSON:
        return gender not in ("he", "she") or (gender == "she") == (slot.word in _FEMALE)
    return gender not in ("he", "she")


_SOMEBODY = re.compile(
    r"(?:[a-z]{3}(?:er|or|ist|ian|man|ant)|woman|boy|girl|wife|son|child|friend|king|queen|chief|chef|nurse|boss|patient|head|host|star)$"
)
_FEMALE = frozenset(("she", "her", "hers"))
_TWINS = {
    Lean.PERSON: r"\b(?:he|him|his|she|hers?)\b", Lean.THEY: r"\b(?:they|them|their)\b", Lean.IT: r"\bits?\b",
    Lean.THAT: r"\b(?:it|this|that)\b",
}  # fmt: skip


def _things(slot: Slot, setting: Setting) -> Iterator[Option]:
    """For "the album": the album with a name, an owner, or what it was called in full."""
    head = slot.head.split()[-1]
    noun = setting.question[slot.start : slot.end].split(" ", 1)[1]
    pointed = "pointed" if slot.word != "the" else "the"
    if slot.word != "the":
        yield Option(f"the {noun}", ("the",))
    body = "body" if head in _BODIES else "work" if head in _WORKS else "noun"
    for candidate in setting.candidates:
        if candidate.text.lower() in setting.question.lower():
            continue
        foreign = candidate.key == "h0" and (
            setting.gender in ("he", "she") or (body == "work" and setting.gender == "they")
        )
        if foreign:
            yield Option(
                f"{possessive(candidate.text)} {noun}", ("owned", f"owned:{candidate.key}:{body}:{setting.gender}")
            )
        elif candidate.key.endswith(("name", "quoted", "h0", "h1")):
            about = _near(candidate.text, head, setting)
            common = (body, pointed, *(f"{body}:{about}",))
            yield Option(f"the {noun} {candidate.text}", ("apposed", f"apposed:{candidate.key}:{body}", *common[2:]))
            yield Option(f"{possessive(candidate.text)} {noun}", ("owned", f"owned:{candidate.key}:{body}"))
            yield Option(
                f"the {candidate.text} {noun}", ("before", f"before:{candidate.key}:{body}", f"before:{about}")
            )
            yield Option(candidate.text, ("instead", f"instead:{candidate.key}:{body}", f"instead:{about}"))
        elif candidate.key.endswith("phrase") and candidate.text.lower().endswith(f" {slot.head}"):
            yield Option(f"the {candidate.text}", ("fuller", f"fuller:{candidate.key}"))


_BODIES = frozenset("band group team duo company family school club members organization party".split())
_WORKS = frozenset(
    "album song film movie book show single novel play record game series tour musical story episode".split()
)


def _near(text: str, head: str, setting: Setting) -> str:
    """Whether the noun stands just before or after the name somewhere ("album Museum")."""
    for said in setting.talk:
        place = said.text.find(text)
        if place >= 0 and re.search(
            rf"\b{re.escape(head)}", said.text[max(0, place - 30) : place + len(text) + 20], re.I
        ):
            return "near"
    return "far"


def _moments(slot: Slot, setting: Setting) -> Iterator[Option]:
    """For "at that time": the date that was mentioned."""
    for candidate in setting.candidates:
        if candidate.key.endswith("time"):
            yield Option(f"in {candidate.text}", ("moment", f"moment:{candidate.key}"))
        elif candidate.key == "h1" and slot.word != "then":
            yield Option(f"during {candidate.text}", ("part",))


def _exceptions(setting: Setting) -> Iterator[Option]:
    """For "other" and "else": besides what was said."""
    who = "who" if "who" in setting.words or "anyone" in setting.words else "what"
    general = (
        "general"
        if re.search(r"\b(?:interesting|article|section|important|notable|significant|know)\b", setting.question, re.I)
        else "own"
    )
    for candidate in setting.candidates:
        if candidate.key == "h0" or (candidate.key.endswith("whole") and not _is_a_thing(candidate.text)):
            continue
        text = candidate.text
        if candidate.key.endswith("phrase"):
            text = f"the {text}"
        length = f"long:{min(len(text.split()) // 3, 4)}"
        facts = (
            *candidate.features,
            f"{general}:{candidate.key}",
            f"{who}:{candidate.key}",
            length,
            f"{general}:{length}",
        )
        yield Option(f"Besides {text},", (*facts, "front"), front=True)
        yield Option(f"besides {text}", (*facts, f"end:{setting.first_word}"))
    if setting.topic and len(setting.talk) > 1 and setting.talk[-1].part is Part.HEADING and setting.talk[-1].age == 1:
        part = without_remark(setting.talk[-1].text)
        about_itself = any(word in part for word in setting.topic.split() if word[0].isupper())
        whose = part if about_itself else f"{possessive(setting.topic)} {_lowered(part)}"
        yield Option(f"Besides {whose},", ("whose", f"{general}:whose", "front"), front=True)


def _complements(setting: Setting) -> Iterator[Option]:
    """For an argument that is not said: "of", "in", "to" ... the topic or the last thing named."""
    if re.search(r"\b(?:article|section)\W*$", setting.question, re.I):
        return
    last = re.split(r"\W+", setting.question.rstrip(" ?.!").lower())[-1]
    kind = "bare" if not any(slot.lean in (Lean.PERSON, Lean.THEY, Lean.IT) for slot in setting.slots) else "full"
    happened = re.search(r"\bhappen(?:ed|s)?\b", setting.question, re.I)
    for candidate in setting.candidates:
        if candidate.key not in ("h0", "h1", "a1:name", "q1:name", "a1:quoted", "a1:time", "a2:name", "q1:quoted"):
            continue
        if candidate.text.lower() in setting.question.lower() or (candidate.key == "h0" and setting.names_topic()):
            continue
        text = candidate.text
        for preposition in ("in",) if candidate.key == "a1:time" else _PREPOSITIONS:
            facts = (
                f"{kind}:{preposition}", f"{kind}:{candidate.key}", f"{preposition}:{candidate.key}",
                f"{preposition}:{setting.first_word}", f"{preposition}:{'happened' if happened else 'other'}",
                f"{preposition}:ends:{last[-3:] if last[-2:] in ('ed', 'ng') else 'digit' if last.isdigit() else 's' if last.endswith('s') else 'x'}",
                f"{candidate.key}:{'first' if 'first' in candidate.features else 'later'}",
            )  # fmt: skip
            yield Option(f"{preposition} {text}", facts)


def _lowered(text: str) -> str:
    words = text.split()
    common = words[0][1:].islower() and not any(word[0].isupper() for word in words[1:])
    return text[:1].lower() + text[1:] if common else text


def _is_a_thing(clause: str) -> bool:
    """Whether a clause can stand after "besides": no verb with its subject, no preposition at its head."""
    words = clause.lower().split()
    return not deed_of(clause) and words[0] not in FUNCTION_WORDS - {
        "the",
        "a",
        "an",
        "his",
        "her",
        "their",
        "its",
        "two",
    }
