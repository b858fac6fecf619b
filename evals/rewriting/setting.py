"""A question in its conversation: what it is about, what was mentioned lately, and the plain facts of each mention."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from evals.rewriting.mentions import Kind, Mention, Part, Said, conversation, is_plural, without_remark
from evals.rewriting.slots import Slot

_HE = re.compile(r"\b(?:he|him|his|himself)\b", re.IGNORECASE)
_SHE = re.compile(r"\b(?:she|hers?|herself)\b", re.IGNORECASE)
_THEY = re.compile(r"\b(?:they|them|their|theirs|band|group|team|members)\b", re.IGNORECASE)
_FAR = 3  # turns back from which mentions are still candidates
_FIRST_WORD = re.compile(r"^\W*(?:and\s+|so\s+|but\s+)?([a-z]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A mention with where it was said."""

    text: str
    features: tuple[str, ...]
    key: str  # where from and what kind: "a1:name"
    plural: bool
    gender: str = ""


@dataclass(slots=True)
class Setting:
    """A question in its conversation, read once for all of its slots."""

    question: str
    talk: tuple[Said, ...]
    slots: list[Slot] = field(default_factory=list)
    candidates: tuple[Candidate, ...] = ()
    topic: str = ""
    gender: str = "it"
    first_word: str = ""
    words: frozenset[str] = frozenset()
    said_before: str = ""

    @classmethod
    def of(cls, question: str, history: Sequence[str]) -> "Setting":
        """Reads the conversation."""
        talk = conversation(history)
        setting = cls(question, talk)
        setting.topic = _topic(talk)
        setting.gender = _gender(" ".join(said.text for said in talk)) or _gender(question) or "it"
        first = _FIRST_WORD.match(question)
        setting.first_word = first.group(1).lower() if first else ""
        setting.words = frozenset(re.findall(r"[\w’'-]+", question.lower()))
        setting.said_before = " ".join(
            said.text for said in talk if said.part is Part.QUESTION and said.age == 1
        ).lower()
        setting.candidates = tuple(_candidates(setting))
        return setting

    @property
    def partial_names(self) -> tuple[tuple[str, str], ...]:
        """Parts of the topic's name that a question may use for it, with the whole."""
        words = [word for word in self.topic.split() if word[0].isupper() and len(word) > 2]
        if len(words) < 2 or len(words) > 5 or " and " in self.topic:
            return ()
        runs = [" ".join(words[start:end]) for start in range(len(words)) for end in range(len(words), start, -1)]
        return tuple((run, self.topic) for run in sorted(runs, key=len, reverse=True) if run in self.topic)

    def names_topic(self) -> bool:
        """Whether the question itself says the topic, or a part of its name."""
        return any(word.lower().strip("'’,.") in self.words for word in self.topic.split() if len(word) > 3)


def _candidates(setting: Setting) -> Iterator[Candidate]:
    """What was mentioned lately, newest first, the headings with it."""
    seen: set[str] = set()
    everything = " ".join(said.text for said in setting.talk)
    gender = setting.gender
    for said in setting.talk:
        if said.part is Part.HEADING:
            for text, key in _headings(said):
                if text.lower() not in seen:
                    seen.add(text.lower())
                    proper = any(word[0].isupper() for word in text.split()[1:])
                    facts = (key, f"{key}:{gender}", f"{key}:{'proper' if proper else 'common'}")
                    yield Candidate(text, facts, key, is_plural(text) or gender == "they")
            continue
        if said.age > _FAR:
            continue
        for mention in said.mentions:
            if mention.text.lower() in seen or (mention.kind in (Kind.WHOLE, Kind.DEED) and said.part is Part.QUESTION):
                continue
            if mention.kind in (Kind.NAME,) and _is_topic(mention.text, setting.topic):
                continue
            seen.add(mention.text.lower())
            yield _candidate(mention, said, everything)
    if setting.topic and setting.topic.lower() not in seen:
        yield Candidate(setting.topic, ("h0", f"h0:{gender}"), "h0", is_plural(setting.topic))


def _candidate(mention: Mention, said: Said, everything: str) -> Candidate:
    key = f"{said.part}{said.age}:{mention.kind}"
    facts = [key, str(mention.kind), "first" if not mention.place else "later"]
    gender = ""
    words = mention.text.split()
    facts.append(f"{mention.kind}:words:{min(len(words), 5)}")
    if mention.kind in (Kind.NAME, Kind.QUOTED):
        if everything.count(mention.text) > 1:
            facts.append("often")
        if len(words) in (2, 3) and all(word[0].isupper() for word in words):
            facts.append("full name")
        after = said.text.split(mention.text, 1)[-1]
        he, she = _HE.search(after), _SHE.search(after)
        if he or she:
            gender = "he" if he and not (she and she.start() < he.start()) else "she"
            facts.append("person")
    plural = is_plural(mention.text)
    facts.append(f"{key}:{'plural' if plural else 'single'}")
    return Candidate(mention.text, tuple(facts), key, plural, gender)


def _headings(said: Said) -> Iterator[tuple[str, str]]:
    yield without_remark(said.text), f"h{said.age}"


def _topic(talk: Sequence[Said]) -> str:
    """The first heading; without one, the name that comes up most often, the earliest first."""
    headings = [said for said in talk if said.part is Part.HEADING and not said.age]
    if headings:
        return without_remark(headings[0].text)
    counts: dict[str, int] = {}
    for said in reversed(talk):
        for mention in said.mentions:
            if mention.kind is Kind.NAME:
                counts[mention.text] = counts.get(mention.text, 0) + 1
    return max(counts, key=lambda name: counts[name]) if counts else ""


def _is_topic(name: str, topic: str) -> bool:
    return bool(topic) and re.search(rf"\b{re.escape(name)}\b", topic) is not None


def _gender(text: str) -> str:
    """What the conversation calls its topic: he, she or they; empty where it says nothing."""
    he, she, they = (len(pattern.findall(text)) for pattern in (_HE, _SHE, _THEY))
    if max(he, she) * 2 >= they and he + she:
        return "he" if he >= she else "she"
    return "they" if they else ""
