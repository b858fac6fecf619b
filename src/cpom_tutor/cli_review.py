"""The instructor's commands: `review list|show|export`."""

import argparse
import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from cpom_tutor.config import load_settings
from cpom_tutor.errors import BadInput
from cpom_tutor.interchange_reviews import case_to_json, line_to_json
from cpom_tutor.reviews import Case, InboxLine
from cpom_tutor.turn_text import turn_text

if TYPE_CHECKING:
    from cpom_tutor.reviewing.export import ReviewExport

_Parser = TypeVar("_Parser", bound=argparse.ArgumentParser)
Print = Callable[[str], None]

_DONE = 0
_KINDS = ("answer", "abstention", "conversation")
_RULE = "-" * 40


def add_review_command(commands: "argparse._SubParsersAction[_Parser]", out: Print, say: Print) -> None:
    """Adds `review` with its three parts.

    Args:
        commands: where to.
        out: prints to standard output.
        say: prints to standard error.
    """
    review = commands.add_parser("review", help="the instructor's inbox: list, show, export")
    parts = review.add_subparsers(title="parts", metavar="PART", required=True)

    listed = parts.add_parser("list", help="turns by risk, the riskiest first")
    which = listed.add_mutually_exclusive_group()
    which.add_argument("--reviewed", action="store_true", help="those with a review (default: those without)")
    which.add_argument("--all", action="store_true", help="those with a review and those without")
    listed.add_argument("--kind", choices=_KINDS, metavar="KIND", default="", help=f"only {', '.join(_KINDS)}")
    listed.add_argument("--search", default="", metavar="WORDS", help="only questions with these words")
    listed.add_argument("--count", type=int, default=50, metavar="N", help="how many (default: 50)")
    listed.add_argument("--json", action="store_true", help="print JSON")
    listed.set_defaults(run=lambda given: _list(given, out, say))

    shown = parts.add_parser("show", help="one turn with all that was said of it")
    shown.add_argument("turn", metavar="TURN-ID", help="as `review list` prints it")
    shown.add_argument("--json", action="store_true", help="print JSON")
    shown.set_defaults(run=lambda given: _show(given, out))

    taken = parts.add_parser("export", help="cases to measure with, a table, and what the course does not answer")
    taken.add_argument("--to", type=Path, required=True, metavar="DIR", help="the folder for the three files")
    taken.add_argument("--json", action="store_true", help="print what was written as JSON")
    taken.set_defaults(run=lambda given: _export(given, out, say))


def _list(given: argparse.Namespace, out: Print, say: Print) -> int:
    if given.count < 1:
        raise BadInput(f"{given.count} turns cannot be listed; give 1 or more with --count")
    # Imported here: a database's parts take a moment, and `--help` does without them.
    from cpom_tutor.wiring import open_reviews

    with closing(open_reviews(load_settings())) as records:
        found = records.inbox(
            reviewed=None if given.all else given.reviewed,
            reply_kind=given.kind,
            search=given.search,
            limit=given.count,
        )
    if given.json:
        out(_one_line([line_to_json(line) for line in found]))
    elif found:
        out(_printable("\n\n".join(map(_line_text, found))))
    else:
        say("There is no such turn; widen it with --all, or leave out --kind or --search.")
    return _DONE


def _show(given: argparse.Namespace, out: Print) -> int:
    from cpom_tutor.wiring import open_reviews

    with closing(open_reviews(load_settings())) as records:
        case = records.case(given.turn)
    out(_one_line(case_to_json(case)) if given.json else _printable(_case_text(case)))
    return _DONE


def _export(given: argparse.Namespace, out: Print, say: Print) -> int:
    from cpom_tutor.wiring import export_reviews_of

    made = export_reviews_of(load_settings())
    written = [_written(given.to, name, content) for name, content in made.files.items()]
    if given.json:
        counts = {"cases": made.cases, "turns": made.turns, "gaps": made.gaps, "left_out": dict(made.left_out)}
        out(_one_line({"files": list(map(str, written)), **counts}))
    else:
        say(_told(made, written))
    return _DONE


def _told(made: "ReviewExport", written: list[Path]) -> str:
    names = ", ".join(map(str, written))
    lines = [f"{made.cases} cases, {made.turns} turns and {made.gaps} gaps of the course written to {names}"]
    lines += [f"no case, {count} times: {reason}" for reason, count in sorted(made.left_out.items())]
    return "\n".join(lines)


def _line_text(line: InboxLine) -> str:
    why = "; ".join(line.risk.why) or "no risk known"
    judged = f"\n      judged: {', '.join(line.judgements)}" if line.judgements else ""
    about = f"{line.asked_at:%Y-%m-%d %H:%M}  {line.learner}  {line.reply_kind}  {line.turn_id}"
    return f"{line.risk.score:.2f}  {' '.join(line.resolved_question.split())}\n      {about}\n      {why}{judged}"


def _case_text(case: Case) -> str:
    parts = [_line_text(case.line)]
    if case.before:
        asked = [f"{place}. {' '.join(turn.question.split())}" for place, turn in enumerate(case.before, start=1)]
        parts.append("Asked before in this conversation:\n" + "\n".join(asked))
    parts.append(f"{_RULE}\n{case.turn.question}\n\n{turn_text(case.turn)}\n{_RULE}")
    if case.feedback:
        thumb = "Thumbs up" if case.feedback.helpful else "Thumbs down"
        reasons = ", ".join(case.feedback.complaints)
        parts.append(thumb + (f": {reasons}" if reasons else "") + _said(case.feedback.words))
    parts += [
        f"{review.author}, {review.made_at:%Y-%m-%d}: {review.judgement}{_said(review.comment)}"
        for review in case.reviews
    ]
    for approved in case.canonical:
        state = f"retired: {approved.retired}" if approved.retired else "answers now"
        parts.append(f"Approved by {approved.author} for “{approved.question}” ({state})")
    return "\n\n".join(parts)


def _printable(text: str) -> str:
    """Without what would make a terminal do something: learners may type anything."""
    return "".join(each if each.isprintable() or each == "\n" else "\N{REPLACEMENT CHARACTER}" for each in text)


def _said(words: str) -> str:
    return f"\n“{' '.join(words.split())}”" if words.strip() else ""


def _written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise BadInput(f"{path} cannot be written ({reason}); give another folder with --to DIR.") from error
    return path


def _one_line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
