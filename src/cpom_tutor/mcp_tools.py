"""What other programs may do with the tutor: ask, cite, quiz. Each gives words to read and the JSON of its command."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cpom_tutor.answers import Turn
from cpom_tutor.citing import cited_text, cited_to_json, find_passages
from cpom_tutor.cli_practice import fewer, one_of
from cpom_tutor.errors import BadInput
from cpom_tutor.interchange import turn_to_json
from cpom_tutor.interchange_practice import item_to_json
from cpom_tutor.items import ItemKind, Level
from cpom_tutor.library import Library
from cpom_tutor.practice_protocols import Practice
from cpom_tutor.practice_text import quiz_text
from cpom_tutor.protocols import Stepper
from cpom_tutor.turn_text import turn_text

Given = Mapping[str, object]
"""The arguments of a call, as they came; what is not known is ignored."""

CONVERSATIONS = 100
"""So many are remembered; the one that was silent longest is forgotten first."""
MOST, USUAL = 100, 5
"""Questions of one quiz."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a tool gives back.

    Attributes:
        text: for a person or a language model to read.
        json: the same for programs, as the README documents it.
    """

    text: str
    json: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ToolForm:
    """How a tool is announced.

    Attributes:
        name: what it is called by.
        title: for people.
        description: for whoever chooses among tools.
        takes: JSON Schema of its arguments.
        gives: JSON Schema of its result.
    """

    name: str
    title: str
    description: str
    takes: dict[str, Any]
    gives: dict[str, Any]


class Toolbox:
    """The tools; calls of `ask` are to come one after the other, the rest in any order."""

    def __init__(self, tutor: Stepper, library: Callable[[], Library], practice: Practice) -> None:
        """Remembers no conversation yet.

        Args:
            tutor: who answers.
            library: gives the text of the index version in use.
            practice: makes the questions.
        """
        self._tutor = tutor
        self._library = library
        self._practice = practice
        self._conversations: OrderedDict[str, tuple[Turn, ...]] = OrderedDict()

    def use(self, name: str, given: Given, between: Callable[[], None] = lambda: None) -> Said:
        """What the tool of this name gives.

        Args:
            name: `ask`, `cite` or `quiz`.
            given: its arguments.
            between: called between the steps of an answer; what it raises stops the answer.

        Raises:
            TutorError: there is no such tool, an argument cannot be used, or the tutor cannot work; says what to do.
        """
        if name == "ask":
            return self._ask(given, between)
        if name == "cite":
            return self._cite(given)
        if name == "quiz":
            return self._quiz(given)
        raise BadInput(f"There is no tool “{name}”; call ask, cite or quiz.")

    def _ask(self, given: Given, between: Callable[[], None]) -> Said:
        question = _text(given, "question", "a question, such as: What is a CSC?")
        conversation = _text(given, "conversation", "any name for the conversation, or leave it out", "")
        history = self._conversations.get(conversation, ())
        turn = None
        for step in self._tutor.stream(question, history):
            between()
            turn = step.turn
        assert turn is not None, "a stream ends with its turn"
        if conversation:
            self._remember(conversation, (*history, turn))
        return Said(turn_text(turn), turn_to_json(turn, conversation=conversation or None))

    def _remember(self, conversation: str, turns: tuple[Turn, ...]) -> None:
        self._conversations[conversation] = turns
        self._conversations.move_to_end(conversation)
        if len(self._conversations) > CONVERSATIONS:
            self._conversations.popitem(last=False)

    def _cite(self, given: Given) -> Said:
        place = _text(given, "place", "an address such as “CPOM §1.1.2 ¶7”, or a passage id")
        passages, changed = find_passages(self._library(), place.strip())
        text = cited_text(passages)
        return Said(f"{changed}\n\n{text}" if changed else text, cited_to_json(passages, changed))

    def _quiz(self, given: Given) -> Said:
        topic = _text(given, "topic", "an address such as 1.1.2, or leave it out", "").strip()
        kind = _text(given, "kind", f"one of {', '.join(ItemKind)}, or leave it out", "")
        level = _text(given, "level", f"one of {', '.join(Level)}, or leave it out", "")
        count = _number(given, "count", USUAL, 1, MOST)
        seed = _number(given, "seed", 0, 0)
        kinds = [one_of(ItemKind, kind, "kind")] if kind else []
        wanted = one_of(Level, level, "level") if level else None
        items = self._practice.quiz(count=count, seed=seed, topic=topic, kinds=kinds, level=wanted)
        note = ""
        if not items:
            note = "There is no such question; leave out topic, kind or level."
        elif len(items) < count:
            note = fewer(len(items), len(self._practice.singles(seed=seed, topic=topic, kinds=kinds, level=wanted)))
        text = "\n\n".join(part for part in (quiz_text(items) if items else "", note) if part)
        return Said(text, {"items": [item_to_json(item) for item in items], "note": note or None})


def _text(given: Given, name: str, wanted: str, default: str | None = None) -> str:
    value = given.get(name)
    if value is None and default is not None:
        return default
    if not isinstance(value, str) or (default is None and not value.strip()):
        raise BadInput(f"“{name}” is missing or no text; give {wanted}")
    return value


def _number(given: Given, name: str, default: int, least: int, most: int | None = None) -> int:
    value = given.get(name)
    value = default if value is None else value
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # 5.0 is the same number in JSON
    if not isinstance(value, int) or isinstance(value, bool) or value < least or (most is not None and value > most):
        upto = f"to {most}" if most is not None else "on"
        raise BadInput(f"“{name}” is no number that can be used; give a whole number from {least} {upto}.")
    return value


def forms(leaves: str = "") -> tuple[ToolForm, ...]:
    """How the tools are announced.

    Args:
        leaves: what leaves the machine when something is asked, one sentence; empty where nothing does.
    """
    return (_ask_form(leaves), _cite_form(), _quiz_form())


def _ask_form(leaves: str) -> ToolForm:
    return ToolForm(
        "ask",
        "Ask the CPOM course",
        "Answers a question about the CPOM course (Certified Pharmacy Operations Manager) with the course's words. "
        "Every factual sentence cites the verbatim words it stands on, with their address; keep the citations when you "
        "use it. kind “abstention” is a result, not a failure: the course does not answer this, or it is clinical or "
        "off topic (see reason); say so, and do not fill the gap from elsewhere. Follow-ups (“and the second one?”) "
        f"and practice (“quiz me on that”, “b”) need the same conversation. {leaves}".strip(),
        _object(
            {
                "question": _words("The question, in the learner's own words."),
                "conversation": _words(
                    "Any name. Questions with the same name are one conversation, remembered until the server ends; "
                    "without it, a question stands alone."
                ),
            },
            ["question"],
        ),
        _object(
            {
                "kind": {"enum": ["answer", "abstention", "conversation"]},
                "text": _words("Markdown, with [n] marks."),
                "claims": _array("Each sentence with its role, its support and its citations."),
                "reason": {"type": ["string", "null"], "description": "Why nothing is answered."},
                "nearest": _array("The nearest passages of an abstention."),
                "retrieved": _array("What was considered, best first."),
            },
            ["kind", "text", "claims", "reason", "nearest", "retrieved"],
        ),
    )


def _cite_form() -> ToolForm:
    return ToolForm(
        "cite",
        "Read a passage of the CPOM course",
        "The course's text at an address (“CPOM §1.1.2 ¶7”, “1.1.2 7”, or a whole subsection: “1.1.2”) or with a "
        "passage id; says so where the text has changed since the id was made.",
        _object({"place": _words("An address or a passage id.")}, ["place"]),
        _object(
            {
                "changed": {"type": ["string", "null"], "description": "How the text has changed since."},
                "passages": _array("Each with passage_id, address, kind, heading_path and text."),
            },
            ["changed", "passages"],
        ),
    )


def _quiz_form() -> ToolForm:
    return ToolForm(
        "quiz",
        "Practice questions from the CPOM course",
        "Checked practice questions made of the course's text, each with its key, the reason for every option and "
        "citations. The key follows the questions: keep it from the learner until they have answered. The same "
        "arguments and seed give the same questions; fewer than asked for come where the course carries no more "
        "(see note).",
        _object(
            {
                "topic": _words("An address, such as 1.1.2: only what stands there."),
                "count": {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL},
                "kind": {"enum": [kind.value for kind in ItemKind], "description": "Only this kind."},
                "level": {"enum": [level.value for level in Level], "description": "Only this level."},
                "seed": {"type": "integer", "minimum": 0, "default": 0, "description": "Another draws others."},
            },
            [],
        ),
        _object(
            {
                "items": _array("The questions, in the JSON of `quiz`."),
                "note": {"type": ["string", "null"], "description": "Why there are fewer than asked for."},
            },
            ["items", "note"],
        ),
    )


def _object(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": required}


def _words(description: str) -> dict[str, Any]:
    return {"type": "string", "description": description}


def _array(description: str) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "object"}, "description": description}
