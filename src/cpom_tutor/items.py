"""What is practised: items, exams, scenarios, rubrics. Plain values."""

from dataclasses import dataclass
from enum import StrEnum

from cpom_tutor.course import Citation
from cpom_tutor.language import quoted


class ItemKind(StrEnum):
    """The form of an item."""

    MCQ = "mcq"  # single best answer
    CLOZE = "cloze"  # a sentence of the course with a gap
    MATCHING = "matching"
    ORDERING = "ordering"
    SHORT = "short"  # a few words or sentences, marked by rubric


class Level(StrEnum):
    """What the learner has to do: remember the course, or recognise it at work."""

    RECALL = "recall"
    APPLICATION = "application"


def letter(place: int) -> str:
    """How the option at `place` is called: A, B, C ..."""
    return chr(ord("A") + place)


@dataclass(frozen=True, slots=True)
class ChoiceKey:
    """The key of a multiple-choice item: the index of the one right option."""

    index: int


@dataclass(frozen=True, slots=True)
class AcceptedKey:
    """The key of a cloze or short item: the first is the course's own wording, the others are as good.

    A short item's are model answers; it is marked by its rubric.
    """

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrderKey:
    """The key of an ordering item: indices into the options, in the right order."""

    indices: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PairsKey:
    """The key of a matching item: (index into the prompts, index into the options), one for each prompt."""

    pairs: tuple[tuple[int, int], ...]


Key = ChoiceKey | AcceptedKey | OrderKey | PairsKey


@dataclass(frozen=True, slots=True)
class Rationale:
    """Why an option is right or wrong: the tutor's connecting words, and the course's sentence that decides."""

    text: str
    citation: Citation

    @property
    def line(self) -> str:
        """As one line: the connecting words, the words of the course, and where they stand."""
        return f"{self.text} {quoted(self.citation.quote)} ({self.citation.address})"


@dataclass(frozen=True, slots=True)
class RubricPoint:
    """One thing that a good answer has. `citation` is the sentence of the course that it stands on."""

    criterion: str
    citation: Citation
    points: int = 1


@dataclass(frozen=True, slots=True)
class QuizItem:
    """One practice question. Everything that is shown of it has passed `practice.validators`.

    Attributes:
        id: made from what it asks and its key, not from where they stand: it outlives a re-ingest that leaves them.
        kind, level: its form, and what it takes.
        stem: all of the question, Markdown without links or images; a cloze has `____` where the gap is.
        options: shuffled; for matching, the right-hand sides; empty for cloze and short.
        prompts: the left-hand sides of a matching item.
        key: what is right.
        rationales: one an option (for cloze and short, one in all; for matching and ordering, one an option in
            the options' order).
        citations: the words of the course that decide the key, verbatim, then those that tie them to its name (a label,
            say); never empty. `fact` is of the former.
        topic: address of the subsection that it belongs to, `CPOM §1.1.2`.
        fact: names what it tests; two items with the same `fact` test the same thing.
        rubric: for a short item.
        origin: where it comes from, for a person: "definition", "list", "table", "analogy", "contrast" ...
    """

    id: str
    kind: ItemKind
    level: Level
    stem: str
    key: Key
    citations: tuple[Citation, ...]
    rationales: tuple[Rationale, ...]
    topic: str
    fact: str
    options: tuple[str, ...] = ()
    prompts: tuple[str, ...] = ()
    rubric: tuple[RubricPoint, ...] = ()
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Dropped:
    """A generated item that a validator refused: it is never shown, and never repaired."""

    item: QuizItem
    check: str
    reason: str


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision point of a scenario, its options already shuffled.

    Attributes:
        prompt: what has to be decided.
        options: ways to decide.
        best: index of the best.
        feedback: one an option: what comes of it, and the course's sentence that says why.
    """

    prompt: str
    options: tuple[str, ...]
    best: int
    feedback: tuple[Rationale, ...]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A decision scenario: linked decisions, then a question answered in free text and marked by the rubric.

    Attributes:
        id: as an item's.
        title, role, situation: who the learner is, and what has happened.
        decisions: three or four, in order; each goes on from the best choice of the one before.
        question: what to write about at the end.
        rubric: what a good answer has.
        model_answer: one, as sentences with the course's words that they stand on.
        topic: address of the subsection that it belongs to.
    """

    id: str
    title: str
    role: str
    situation: str
    decisions: tuple[Decision, ...]
    question: str
    rubric: tuple[RubricPoint, ...]
    model_answer: tuple[Rationale, ...]
    topic: str


@dataclass(frozen=True, slots=True)
class ExamGroup:
    """Items of an exam that belong together: a blueprint's area, or a case whose items share one situation.

    Attributes:
        title: the area's or the case's.
        topic: address of the subsection.
        share: of the exam's items that are meant for it, 0 to 1; those of all groups add up to 1. A case's is what it
            has, and the areas share the rest in the proportions of the blueprint.
        item_ids: in order.
        situation: of a case; empty for an area.
    """

    title: str
    topic: str
    share: float
    item_ids: tuple[str, ...]
    situation: str = ""


@dataclass(frozen=True, slots=True)
class Exam:
    """A mock exam. `minutes` keeps the real exam's time per item; `asked` is how many items were wanted."""

    seed: int
    minutes: int
    items: tuple[QuizItem, ...]
    blueprint: tuple[ExamGroup, ...]
    asked: int


@dataclass(frozen=True, slots=True)
class Practised:
    """Practice in the middle of a conversation, as a turn leaves it.

    Attributes:
        item: the question that the turn asked or marked; None for a scenario.
        scenario: the scenario under way; None for a question.
        decision: position of the scenario's decision that waits, from 0; their number when all are taken, and the
            scenario's last question waits for its answer in the learner's own words, or has had it.
        chosen: index of the option that the turn's message chose, of the question or of the decision before
            `decision`; None where it chose none.
        waiting: a question or a decision waits for an answer.
        about: ids of the passages that are practised; empty for the whole course.
        level: that the learner wished for, if any.
    """

    item: QuizItem | None = None
    scenario: Scenario | None = None
    decision: int = 0
    chosen: int | None = None
    waiting: bool = True
    about: tuple[str, ...] = ()
    level: Level | None = None

    @property
    def writing(self) -> bool:
        """Whether the scenario's last question waits for its answer."""
        return self.waiting and self.scenario is not None and self.decision >= len(self.scenario.decisions)

    @property
    def options(self) -> tuple[str, ...]:
        """What can be chosen now."""
        if not self.waiting or self.writing:
            return ()
        if self.scenario:
            return self.scenario.decisions[self.decision].options
        return self.item.options if self.item else ()
