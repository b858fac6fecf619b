"""Many questions: those of the cases, and more made from the course's own labels and headings.

The made ones are not judged for their answers; they make a crowd of replies whose citations and speed are measured.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from cpom_tutor.course import Kind
from cpom_tutor.library import Library
from evals.cases import QuestionCase, UnanswerableCase, load_kinds, load_questions, load_unanswerable
from evals.talk_cases import PremiseCase, load_conversations, load_premises

TEMPLATES = (
    "what is {name}",
    "tell me abt {name} pls",
    "why does {name} matter",
    "what does the course say on {name}?",
    "give me an example of {name}",
    "how does {name} help patients",
)
TABLE_TEMPLATES = ("which domain has {name}", "where does {name} go")


@dataclass(frozen=True, slots=True)
class Conversation:
    """Questions of one conversation, in order.

    Attributes:
        id: unique in the bank.
        questions: as they are typed.
        sealed: the words must not be shown.
    """

    id: str
    questions: tuple[str, ...]
    sealed: bool = False


def conversations() -> tuple[Conversation, ...]:
    """Every case of every file."""
    return tuple(_from_cases())


def single_questions(library: Library, count: int) -> list[str]:
    """At most `count` different questions that need no conversation, drawn evenly from all that are not sealed.

    They are those of the cases, and each name of the course in every template.
    """
    asked = [each.questions[0] for each in conversations() if not each.sealed]
    asked += [template.format(name=name) for name in course_names(library) for template in TEMPLATES]
    asked += [template.format(name=name) for name in _components(library) for template in TABLE_TEMPLATES]
    every = list(dict.fromkeys(asked))
    step = max(1, len(every) // count)
    return every[::step][:count]


def course_names(library: Library) -> tuple[str, ...]:
    """Labels of items, pairs and rows, the other sides of analogy pairs, and headings; lower case, each once."""
    found: list[str] = []
    for passage in library.passages:
        found += [passage.name, passage.counterpart_name, *(_bare(heading) for heading in passage.heading_path[1:])]
    return tuple(dict.fromkeys(name.lower().strip(" .") for name in found if name))


def _components(library: Library) -> Iterator[str]:
    """What stands in the table's rows, piece by piece."""
    for passage in library.passages:
        if passage.kind is Kind.ROW:
            for cell in passage.cells[1:]:
                pieces = (piece.strip(" .").lower() for piece in cell.of(passage.text).split(","))
                yield from filter(None, pieces)


def _bare(heading: str) -> str:
    """A heading without its number and what follows its colon."""
    words = heading.split(" ", 1)[1] if heading[:1].isdigit() and " " in heading else heading
    return words.split(":")[0]


def _from_cases() -> Iterator[Conversation]:
    singles: list[QuestionCase | UnanswerableCase | PremiseCase]
    singles = [*load_questions(), *load_unanswerable(), *load_premises()]
    for case in singles:
        yield Conversation(case.id, (case.question,), case.split == "sealed")
    for talk in load_conversations():
        yield Conversation(talk.id, tuple(turn.question for turn in talk.turns), talk.split == "sealed")
    for kind in load_kinds():
        yield Conversation(kind.id, kind.turns)
