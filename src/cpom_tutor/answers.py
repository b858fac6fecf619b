"""What the tutor says: claims, verdicts, drafts, and the replies that reach a learner."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cpom_tutor.course import Citation, Passage, Span
from cpom_tutor.items import Practised


class Intent(StrEnum):
    """The kind of thing asked for (INTERFACE's words)."""

    ASK = "ask"
    LIST = "list"
    TABLE = "table"
    ANALOGY = "analogy"
    COMPARE = "compare"
    WHY = "why"
    APPLY = "apply"
    BENEFIT = "benefit"
    SIMPLIFY = "simplify"
    EXAMPLE = "example"
    SUMMARIZE = "summarize"
    QUIZ = "quiz"
    GRADE = "grade"
    SMALLTALK = "smalltalk"
    HELP = "help"


class Reason(StrEnum):
    """Why the tutor abstains."""

    NOT_IN_COURSE = "not_in_course"
    UNVERIFIED = "unverified"
    CLINICAL = "clinical"
    OFF_TOPIC = "off_topic"
    INSTRUCTION = "instruction"


class Role(StrEnum):
    """What a claim is. Only a fact may state something about the course, and it must cite."""

    FACT = "fact"
    LEAD = "lead"  # "Yes.", "Four forces:", "In the kitchen:"
    OWN = "own"  # the tutor's own labelled words: a glossary expansion, where to read next


class Form(StrEnum):
    """How a claim is laid out in the Markdown of the reply."""

    RUN_ON = "run_on"  # goes on in the current paragraph or list item
    PARAGRAPH = "paragraph"  # starts a paragraph
    ITEM = "item"  # starts a list item
    CELL = "cell"  # a cell of a table, under the column named by `column`


class Label(StrEnum):
    """FEVER's three labels."""

    SUPPORTED = "supported"
    REFUTED = "refuted"
    NOT_ENOUGH_INFO = "not_enough_info"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a checker says of a claim and its evidence.

    Attributes:
        label: FEVER's label.
        score: probability, 0 to 1, that the evidence supports the claim.
        reason: one sentence a person understands.
    """

    label: Label
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Pointer:
    """What a draft's claim leans on: a passage and, if the generator knows it, the very words."""

    passage_id: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of a draft.

    Attributes:
        text: Markdown of one sentence, without citation marks.
        role: fact, lead or own words.
        evidence: what it leans on; never empty for a fact that is to pass.
        form: how it is laid out.
        column: heading of the table column, for a cell.
    """

    text: str
    role: Role
    evidence: tuple[Pointer, ...] = ()
    form: Form = Form.RUN_ON
    column: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a generator proposes. Nothing of it is shown before it has passed the gate.

    Attributes:
        claims: in reading order.
        premise_refuted: the draft corrects something that the question assumed.
        abstain: the generator's own reason to give no answer (then `claims` may be empty).
        message: the abstention's sentence, in the tutor's own words.
        intent: the kind of answer it turned out to be, where the course's structure decided otherwise.
        suggestions: next questions worth asking.
        confidence: probability that the course answers the question, 0 to 1; None where it was not weighed.
    """

    claims: tuple[Claim, ...] = ()
    premise_refuted: bool = False
    abstain: Reason | None = None
    message: str = ""
    intent: Intent | None = None
    suggestions: tuple[str, ...] = ()
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """A claim that passed the gate, with the citations that the gate assigned."""

    text: str
    role: Role
    form: Form
    column: str
    citations: tuple[Citation, ...]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A passage that was considered, and its score (higher is better; comparable within one reply)."""

    passage: Passage
    score: float


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply whose every factual sentence is cited and checked."""

    claims: tuple[CheckedClaim, ...]
    premise_refuted: bool = False
    dropped: int = 0  # claims of the draft that did not pass the gate


@dataclass(frozen=True, slots=True)
class Abstention:
    """A reply that says why there is no answer. Not an error."""

    reason: Reason
    message: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """Small talk, help, a hand-over: a human line that states nothing about the course."""

    text: str


Reply = Answer | Abstention | Conversation


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and what was said to it, as it is shown, recorded and exported.

    Attributes:
        question: as the learner typed it.
        resolved_question: as the tutor understood it in the conversation.
        intent: kind of question.
        reply: what was said.
        retrieved: at most 10 passages considered, best first.
        generator: name of the generator.
        index: fingerprint of the index version.
        asked_at: timezone-aware time.
        elapsed_ms: from question to complete reply.
        suggestions: next questions worth asking.
        confidence: probability that the course answers the question, 0 to 1; None where it was not weighed.
        practice: the practice that the turn is part of, if it is.
        fallback: why a language model that was to answer did not, one sentence; empty where it did, or there is none.
        reviewed: “Reviewed by an instructor” where the reply is one that an instructor approved; empty otherwise.
    """

    question: str
    resolved_question: str
    intent: Intent
    reply: Reply
    retrieved: tuple[Retrieved, ...]
    generator: str
    index: str
    asked_at: datetime
    elapsed_ms: float
    suggestions: tuple[str, ...] = ()
    confidence: float | None = None
    practice: Practised | None = None
    reviewed: str = ""
    fallback: str = ""


def citation_marks(claims: tuple[CheckedClaim, ...]) -> dict[str, int]:
    """Numbers the cited passages from 1 in order of first use: passage id -> the n of its `[n]` mark."""
    marks: dict[str, int] = {}
    for claim in claims:
        for citation in claim.citations:
            marks.setdefault(citation.passage_id, len(marks) + 1)
    return marks


def to_markdown(reply: Reply) -> str:
    """The reply as the learner reads it: Markdown, `[n]` marks at the end of each cited sentence."""
    if isinstance(reply, Abstention):
        return reply.message
    if isinstance(reply, Conversation):
        return reply.text
    marks = citation_marks(reply.claims)
    parts: list[str] = []
    table: list[CheckedClaim] = []
    for claim in reply.claims:
        if claim.form is Form.CELL:
            table.append(claim)
            continue
        if table:
            parts.append("\n\n" + _table(table, marks))
            table = []
        text = _with_marks(claim, marks)
        if not parts:
            parts.append(f"- {text}" if claim.form is Form.ITEM else text)
        elif claim.form is Form.ITEM:
            follows_item = parts[-1].lstrip("\n").startswith("- ")
            parts.append(("\n" if follows_item else "\n\n") + f"- {text}")
        elif claim.form is Form.PARAGRAPH or parts[-1].lstrip("\n").startswith("|"):
            parts.append("\n\n" + text)
        else:
            parts[-1] += " " + text
    if table:
        parts.append("\n\n" + _table(table, marks))
    return "".join(parts).strip()


def _with_marks(claim: CheckedClaim, marks: dict[str, int]) -> str:
    numbers = dict.fromkeys(marks[citation.passage_id] for citation in claim.citations)
    return claim.text + "".join(f" [{number}]" if not place else f"[{number}]" for place, number in enumerate(numbers))


def _table(cells: list[CheckedClaim], marks: dict[str, int]) -> str:
    columns: dict[str, list[str]] = {}
    for cell in cells:
        columns.setdefault(cell.column, []).append(_with_marks(cell, marks).replace("|", "\\|").replace("\n", " "))
    height = max(len(column) for column in columns.values())
    rows = [
        "| " + " | ".join(column[row] if row < len(column) else "" for column in columns.values()) + " |"
        for row in range(height)
    ]
    head = "| " + " | ".join(columns) + " |"
    return "\n".join([head, "|" + " --- |" * len(columns), *rows])
