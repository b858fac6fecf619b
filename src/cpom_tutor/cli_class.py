"""`cpom-tutor class`: how a class stands, in the terminal."""

import argparse
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from cpom_tutor.classes import MOST_WEEKS, WEEKS, ClassLook
from cpom_tutor.config import load_settings
from cpom_tutor.errors import BadInput

if TYPE_CHECKING:
    from cpom_tutor.practice.progress.class_overview import ClassOverview, Known, LearnerStanding

_Parser = TypeVar("_Parser", bound=argparse.ArgumentParser)
Print = Callable[[str], None]

_DONE = 0
_FIRST = 20


def add_class_command(commands: "argparse._SubParsersAction[_Parser]", out: Print) -> None:
    """Adds `class`.

    Args:
        commands: where to.
        out: prints to standard output.
    """
    looked = commands.add_parser("class", help="how a class stands: what it asks, what it knows, who is quiet")
    looked.add_argument("--group", metavar="CLASS", help="one class (default: everybody); an empty one: who is in none")
    span = f"this week and those before it (default: {WEEKS})"
    looked.add_argument("--weeks", type=int, default=WEEKS, metavar="N", help=span)
    looked.add_argument("--json", action="store_true", help="print JSON")
    looked.set_defaults(run=lambda given: _class(given, out))


def _class(given: argparse.Namespace, out: Print) -> int:
    if not 1 <= given.weeks <= MOST_WEEKS:
        raise BadInput(f"{given.weeks} weeks cannot be looked at; give 1 to {MOST_WEEKS} with --weeks")
    # Imported here: a database's parts take a moment, and `--help` does without them.
    from cpom_tutor.practice.progress.class_overview import class_overview
    from cpom_tutor.practice.topics import subsection_titles
    from cpom_tutor.wiring import open_classes, open_library

    settings, look, now = load_settings(), ClassLook(given.group, given.weeks), datetime.now(UTC)
    titles = subsection_titles(open_library(settings))
    with closing(open_classes(settings)) as records:
        record = records.class_record(look, now)
    if given.group is not None and given.group not in {group.name for group in record.groups}:
        known = ", ".join(f"“{group.name}”" for group in record.groups) or "none yet"
        raise BadInput(f"There is no class “{given.group}”; there are: {known}")
    overview = class_overview(record, look, titles, now)
    out(json.dumps(overview_to_json(overview), ensure_ascii=False) if given.json else "\n".join(_lines(overview)))
    return _DONE


def overview_to_json(overview: "ClassOverview") -> dict[str, object]:
    """What `class --json` tells."""
    return {
        "group": overview.look.group,
        "weeks": [
            {"week": one.week.isoformat(), "asked": one.asked, "declined": one.declined} for one in overview.weeks
        ],
        "topics": [
            {"topic": one.topic, "title": one.title, "asked": one.asked, "declined": one.declined,
             "weeks": list(one.weeks)}
            for one in overview.topics
        ],
        "known": [_known_to_json(one) | {"topic": one.key, "title": one.title} for one in overview.known_topics],
        "groups": [_known_to_json(one) | {"group": one.key} for one in overview.known_groups],
        "learners": [_learner_to_json(one) for one in overview.learners],
        "disabled": overview.disabled,
    }  # fmt: skip


def _known_to_json(known: "Known") -> dict[str, object]:
    shares = {"share": known.share, "low": known.low, "high": known.high} if known.enough else {}
    return {"learners": known.learners, "facts": known.facts, **shares}


def _learner_to_json(one: "LearnerStanding") -> dict[str, object]:
    member, active = one.member, one.member.last_active
    return {
        "learner": member.name, "group": member.group, "state": one.presence.value, "why": list(one.why),
        "last_active": active.isoformat() if active else None, "asked": member.asked, "declined": member.declined,
        "practised": member.attempts, "right": member.right, "known": _known_to_json(one.known),
    }  # fmt: skip


def _lines(overview: "ClassOverview") -> Iterator[str]:
    asked = f"{overview.asked} questions in {len(overview.weeks)} weeks, {overview.declined} of them declined"
    count = len(overview.learners)
    yield f"{count} learner{'' if count == 1 else 's'}; {asked}"
    yield "\nQUESTIONS A WEEK"
    yield from (f"  {one.week}  {one.asked:>6}  {one.declined:>6} declined" for one in overview.weeks)
    yield "\nWHAT IS ASKED ABOUT"
    yield from (f"  {one.asked:>6}  {one.declined:>6} declined  {one.title}" for one in overview.topics)
    yield "\nWHAT THEY KNOW, the weakest first"
    yield from (f"  {one.title}\n    {one.sentence}" for one in (*overview.known_topics, *overview.known_groups))
    yield "\nWHO IS THERE"
    yield from (f"  {count:>6}  {presence}" for presence, count in overview.presence.items())
    first = [one for one in overview.learners if one.why][:_FIRST]
    yield f"\nWHO NEEDS SOMEBODY FIRST ({len(first)} of {len(overview.learners)}; all of them with --json)"
    yield from (f"  {one.member.name}  {one.member.group}  {'; '.join(one.why)}" for one in first)
