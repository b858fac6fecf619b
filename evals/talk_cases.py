"""Conversations of which every turn is judged, and questions that take something for granted."""

from dataclasses import dataclass
from pathlib import Path

from evals.cases import (
    CASES,
    CORPUS,
    SPLITS,
    BadCase,
    Json,
    _evidence,
    _load,
    _one_of,
    _words,
    section_texts,
)

WRONG_PREMISES = (
    "negated", "swapped_role", "swapped_stakeholder", "wrong_number", "replaces", "only", "always", "other",
)  # fmt: skip
PREMISES = (*WRONG_PREMISES, "true_premise")
EXPECTATIONS = ("answer", "decline", "conversation")


@dataclass(frozen=True, slots=True)
class TalkTurn:
    """One turn of a conversation.

    Attributes:
        question: what the learner types, leaning on the turns before it.
        whole: the same question, asked so that it stands alone.
        expect: one of EXPECTATIONS; conversation is a turn that asks nothing, such as thanks.
        evidence: acceptable sets of excerpts; none unless an answer is expected.
    """

    question: str
    whole: str
    expect: str
    evidence: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class ConversationCase:
    """A conversation of three to five turns, each of which is judged."""

    id: str
    split: str
    turns: tuple[TalkTurn, ...]


@dataclass(frozen=True, slots=True)
class PremiseCase:
    """A question that takes something for granted.

    Attributes:
        id: unique in its file.
        question: in a learner's words.
        split: tune (may be looked at) or sealed (only totals are ever shown).
        kind: one of PREMISES.
        evidence: acceptable sets of excerpts, which contradict a wrong premise, or bear out a true one or answer it.
    """

    id: str
    question: str
    split: str
    kind: str
    evidence: tuple[tuple[str, ...], ...]


def load_conversations(
    path: Path = CASES / "conversations.jsonl", corpus: Path = CORPUS
) -> tuple[ConversationCase, ...]:
    """Conversations in which every turn is judged.

    Args:
        path: the file of cases.
        corpus: the corpus folder; every excerpt must stand in one line of its section files, once.

    Raises:
        BadCase: the file is missing or a case of it is wrong.
    """
    texts = section_texts(corpus)
    fields = ("question", "whole", "expect", "evidence")

    def turn(record: object) -> TalkTurn:
        if not isinstance(record, dict) or set(record) != set(fields):
            raise BadCase(f"a turn is not an object with the fields {', '.join(fields)}")
        expect = _one_of(record, "expect", EXPECTATIONS)
        if expect != "answer" and record["evidence"] != []:
            raise BadCase(f"“evidence” must be empty where “expect” is “{expect}”")
        evidence = _evidence(record, texts) if expect == "answer" else ()
        return TalkTurn(_words(record, "question"), _words(record, "whole"), expect, evidence)

    def read(record: Json) -> ConversationCase:
        turns = record["turns"]
        if not isinstance(turns, list) or not 3 <= len(turns) <= 5:
            raise BadCase("“turns” is not a list of three to five turns")
        return ConversationCase(record["id"], _one_of(record, "split", SPLITS), tuple(map(turn, turns)))

    return _load(path, ("id", "split", "turns"), read)


def load_premises(path: Path = CASES / "premises.jsonl", corpus: Path = CORPUS) -> tuple[PremiseCase, ...]:
    """Questions with a wrong premise, and some with a true one.

    Args:
        path: the file of cases.
        corpus: the corpus folder; every excerpt must stand in one line of its section files, once.

    Raises:
        BadCase: the file is missing or a case of it is wrong.
    """
    texts = section_texts(corpus)

    def read(record: Json) -> PremiseCase:
        return PremiseCase(
            record["id"], _words(record, "question"), _one_of(record, "split", SPLITS),
            _one_of(record, "kind", PREMISES), _evidence(record, texts),
        )  # fmt: skip

    return _load(path, ("id", "split", "kind", "question", "evidence"), read)
