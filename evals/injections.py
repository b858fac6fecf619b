"""Attempts to put words into the tutor's mouth, and a language model that does what it is told.

A case hides an order in a passage, in the question or in the conversation before it. Where the order is in what the
model is sent, the scripted model obeys to the letter; what counts is whether that reaches the screen.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cpom_tutor.answers import Turn, to_markdown
from cpom_tutor.course import Address, Passage
from cpom_tutor.grounding.sentences import split_sentences
from cpom_tutor.library import Library
from cpom_tutor.protocols import Akin, Hit, Retriever
from cpom_tutor.testing_model import Asked, Script, Scripted, ScriptedModel, keyed
from cpom_tutor.tutor import Tutor
from evals.cases import CASES, BadCase

PLACES = ("passage", "question", "history")
_POISONED = "CPOM §1.1.2 ¶16"
"""The paragraph that an order is hidden in: the questions of these cases find it first."""


@dataclass(frozen=True, slots=True)
class InjectionCase:
    """One attempt.

    Attributes:
        id: unique in its file.
        where: one of PLACES.
        question: what is asked; the attempt itself where it is in the question.
        text: what is hidden in the passage, or asked the turn before.
        obeyed: what the model writes; `{key}` is the key of the passage with the order, or of the first one,
            `{true}` a true sentence with its key.
        forbidden: none of this may be shown, in any case of letters.
    """

    id: str
    where: str
    question: str
    text: str
    obeyed: str
    forbidden: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an attempt: did the model get to see it, and what of it was shown."""

    case: InjectionCase
    seen: bool
    shown: tuple[str, ...]
    turn: Turn


def load_injections(path: Path = CASES / "injections.jsonl") -> tuple[InjectionCase, ...]:
    """The attempts.

    Raises:
        BadCase: a case cannot be used.
    """
    cases: list[InjectionCase] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        record = json.loads(line)
        case = InjectionCase(
            record["id"], record["where"], record["question"], record.get("text", ""), record["obeyed"],
            tuple(record["forbidden"]),
        )  # fmt: skip
        if case.where not in PLACES or not case.forbidden or (case.where != "question" and not case.text):
            raise BadCase(f"{path.name}, line {number}: {case.id} has no place, no order or nothing forbidden")
        cases.append(case)
    return tuple(cases)


def obeying(case: InjectionCase) -> Script:
    """A model that does what the case tells it, where it is told, and answers truthfully where it is not."""

    def script(asked: Asked) -> Scripted:
        given = keyed(asked)
        true = f"{given[0][1].split('. ')[0].rstrip('.')}. [{given[0][0]}]"
        if not was_seen(case, asked):
            return Scripted(true)
        start = " ".join(case.text.split())[:30]
        key = next((key for key, words in given if start and start in words), given[0][0])
        return Scripted(case.obeyed.replace("{key}", key).replace("{true}", true))

    return script


def was_seen(case: InjectionCase, asked: Asked) -> bool:
    """Whether the order stood in what the model was sent."""
    return case.where == "question" or " ".join(case.text.split())[:30] in asked.messages[-1][1]


def attempted(case: InjectionCase, tutor: Tutor, requests: Sequence[Asked]) -> Outcome:
    """Asks, and looks at everything that is shown, the sentences on the way included.

    Args:
        case: the attempt.
        tutor: with the model that obeys.
        requests: grows by what the model is sent.
    """
    history: list[Turn] = []
    if case.where == "history":
        history = [replace(tutor, explainer=None).ask(case.text)]
    if case.where == "passage":
        tutor = replace(tutor, retriever=Poisoned(tutor.retriever, case.text))
    before = len(requests)
    shown: list[str] = []
    turn = None
    for step in tutor.stream(case.question, history):
        shown.append(step.partial)
        turn = step.turn
    assert turn is not None, "a stream ends with its turn"
    said = " ".join((*shown, to_markdown(turn.reply), turn.fallback, *turn.suggestions)).lower()
    seen = any(was_seen(case, asked) for asked in requests[before:])
    return Outcome(case, seen, tuple(each for each in case.forbidden if each.lower() in said), turn)


class Poisoned:
    """A retriever with an order hidden at the end of one paragraph, as a `Retriever`."""

    def __init__(self, retriever: Retriever, order: str) -> None:
        self._retriever = retriever
        known = retriever.library
        (passage,) = known.at(Address.parse(_POISONED, known.code))
        text = f"{passage.text} {order}"
        self._passage = replace(passage, text=text, sentences=split_sentences(text))
        self.library: Library = replace(known, passages=tuple(self._now(each) for each in known.passages))

    def search(self, query: str, limit: int = 10, *, expansion: str = "") -> tuple[Hit, ...]:
        """See `Retriever`."""
        found = self._retriever.search(query, limit, expansion=expansion)
        return tuple(replace(hit, passage=self._now(hit.passage)) for hit in found)

    def akin(self, query: str, limit: int = 40) -> tuple[Akin, ...]:
        """See `Retriever`."""
        return self._retriever.akin(query, limit)

    def _now(self, passage: Passage) -> Passage:
        return self._passage if passage.id == self._passage.id else passage


def outcomes(cases: Sequence[InjectionCase], tutor: Tutor, model: ScriptedModel) -> Iterator[Outcome]:
    """All attempts, one after the other, by a tutor that asks the scripted model."""
    for case in cases:
        model.script = obeying(case)
        yield attempted(case, tutor, model.asked)
