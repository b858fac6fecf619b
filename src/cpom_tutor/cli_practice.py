"""The commands that make practice: `quiz`, `exam`, `scenario`."""

import argparse
import json
from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from cpom_tutor.config import load_settings
from cpom_tutor.errors import BadInput
from cpom_tutor.interchange_practice import exam_to_json, item_to_json, scenario_to_json
from cpom_tutor.items import ItemKind, Level
from cpom_tutor.practice_text import exam_text, quiz_text, scenario_text

if TYPE_CHECKING:
    from cpom_tutor.practice_protocols import Practice

_Name = TypeVar("_Name", bound=StrEnum)
_Parser = TypeVar("_Parser", bound=argparse.ArgumentParser)
Print = Callable[[str], None]

_DONE, _FELL_SHORT = 0, 1
_WHOLE = 10_000
"""More than any exam has; an exam is never longer than the real one."""
_KINDS = ", ".join(kind.value for kind in ItemKind)
_LEVELS = ", ".join(level.value for level in Level)


def add_practice_commands(commands: "argparse._SubParsersAction[_Parser]", out: Print, say: Print) -> None:
    """Adds the commands.

    Args:
        commands: where to.
        out: prints to standard output.
        say: prints to standard error.
    """
    quiz = commands.add_parser("quiz", help="questions made from the course, with their key")
    _scope(quiz)
    quiz.add_argument("--count", type=int, default=10, metavar="N", help="how many (default: 10)")
    quiz.add_argument("--kind", action="append", default=[], metavar="KIND", help=f"only these: {_KINDS}")
    quiz.add_argument("--level", metavar="LEVEL", help=f"only this one: {_LEVELS}")
    quiz.set_defaults(run=lambda given: _quiz(given, out, say))

    exam = commands.add_parser("exam", help="a mock exam")
    exam.add_argument("--count", type=int, default=_WHOLE, metavar="N", help="how many (default: as the real one)")
    _seed_and_form(exam)
    exam.set_defaults(run=lambda given: _exam(given, out, say))

    scenario = commands.add_parser("scenario", help="a situation in which to decide, step by step")
    _scope(scenario)
    scenario.set_defaults(run=lambda given: _scenario(given, out, say))


def _scope(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--topic", default="", metavar="ADDRESS", help="only what stands there, such as 1.1.2")
    _seed_and_form(parser)


def _seed_and_form(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seed", type=seed, default=0, metavar="S", help="another seed draws others (default: 0)")
    parser.add_argument("--json", action="store_true", help="print JSON")


def _practice() -> "Practice":
    # Imported here: the index's parts take a second, and `--help` does without them.
    from cpom_tutor.wiring import open_practice

    return open_practice(load_settings())


def _quiz(given: argparse.Namespace, out: Print, say: Print) -> int:
    kinds = [one_of(ItemKind, name, "--kind") for several in given.kind for name in several.split(",")]
    level = one_of(Level, given.level, "--level") if given.level else None
    practice = _practice()
    items = practice.quiz(count=given.count, seed=given.seed, topic=given.topic, kinds=kinds, level=level)
    if not items:
        say("There is no such question; leave out --topic, --kind or --level.")
    elif len(items) < given.count:
        facts = practice.singles(seed=given.seed, topic=given.topic, kinds=kinds, level=level)
        say(fewer(len(items), len(facts)))
    if given.json:
        out(_one_line([item_to_json(item) for item in items]))
    elif items:
        out(quiz_text(items))
    return _DONE if items else _FELL_SHORT


def fewer(count: int, facts: int) -> str:
    """Why a set has fewer questions than were asked for.

    Args:
        count: how many it has.
        facts: how many different facts there are to ask for.
    """
    if count == facts:
        return f"These are all: {count} such questions, one for each fact."
    return (
        f"These are all {count} such questions that can stand in one set; there are {facts} different facts "
        "to ask for, and another seed draws others."
    )


def _exam(given: argparse.Namespace, out: Print, say: Print) -> int:
    exam = _practice().exam(count=given.count, seed=given.seed)
    if len(exam.items) < exam.asked:
        say(f"These are all: {len(exam.items)} exam questions, no two of which test the same.")
    out(_one_line(exam_to_json(exam)) if given.json else exam_text(exam))
    return _DONE


def _scenario(given: argparse.Namespace, out: Print, _: Print) -> int:
    scenario = _practice().scenario(seed=given.seed, topic=given.topic)
    out(_one_line(scenario_to_json(scenario)) if given.json else scenario_text(scenario))
    return _DONE


def seed(given: str) -> int:
    """The number that `--seed` names.

    Raises:
        BadInput: it is none, or below 0.
    """
    if not (given.isascii() and given.isdigit()):
        raise BadInput(f"“{given}” is no seed; give a whole number from 0 on, such as: --seed 7")
    return int(given)


def one_of(names: type[_Name], given: str, option: str) -> _Name:
    """The value that an option names.

    Raises:
        BadInput: there is none of this name; says which there are.
    """
    try:
        return names(given.strip())
    except ValueError:
        known = ", ".join(names)
        raise BadInput(f"“{given}” is none of what {option} takes; write one of: {known}") from None


def _one_line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
