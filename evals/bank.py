"""Many questions: those of the cases, and more made from the course's own labels and headings.

The made ones are not judged for their answers; they make a crowd of replies whose citations and speed are measured.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from cpom_tutor.course import Kind, Library
from evals.cases import load_kinds, load_questions, load_unanswerable

TEMPLATES = (
    "what is {name}",
    "tell me abt {name} pls",
    "why does {name} matter",
    "what does the course say on {name}?",
    "give me an example of {name}",
    "how does {name} help patients",
)
TABLE_TEMPLATES = ("which domain has {name}", "where does {name} go")
FOLLOW_UPS = ("simpler?", "and the second one?", "why does that matter", "for patients?", "an example?", "tell me more")


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


def conversations(library: Library) -> tuple[Conversation, ...]:
    """Every case, each name of the course in every template, and conversations with follow-ups."""
    names = course_names(library)
    found = [*_from_cases()]
    found += [
        Conversation(f"made-{number}-{place}", (template.format(name=name),))
        for number, name in enumerate(names, 1)
        for place, template in enumerate(TEMPLATES, 1)
    ]
    found += [
        Conversation(f"cell-{number}-{place}", (template.format(name=name),))
        for number, name in enumerate(_components(library), 1)
        for place, template in enumerate(TABLE_TEMPLATES, 1)
    ]
    found += [
        Conversation(f"talk-{number}", (f"what is {name}", *_follow_ups(number)))
        for number, name in enumerate(names, 1)
    ]
    return tuple(found)


def single_questions(library: Library, count: int) -> list[str]:
    """At most `count` different questions that need no conversation, drawn evenly from all that are not sealed."""
    every = list(dict.fromkeys(each.questions[0] for each in conversations(library) if not each.sealed))
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


def _follow_ups(number: int) -> list[str]:
    """Three of them, others for each number."""
    return [FOLLOW_UPS[(number + step) % len(FOLLOW_UPS)] for step in range(3)]


def _bare(heading: str) -> str:
    """A heading without its number and what follows its colon."""
    words = heading.split(" ", 1)[1] if heading[:1].isdigit() and " " in heading else heading
    return words.split(":")[0]


def _from_cases() -> Iterator[Conversation]:
    for case in load_questions():
        yield Conversation(case.id, (case.question,), case.split == "sealed")
    for declined in load_unanswerable():
        yield Conversation(declined.id, (declined.question,), declined.split == "sealed")
    for kind in load_kinds():
        yield Conversation(kind.id, kind.turns)
