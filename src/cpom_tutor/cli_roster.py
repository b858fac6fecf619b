"""`users import`: a whole class from a list."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from cpom_tutor.account_protocols import Accounts
from cpom_tutor.accounts import Account, Enrolment, new_password
from cpom_tutor.config import load_settings
from cpom_tutor.errors import BadInput
from cpom_tutor.rosters import RosterLine, read_roster
from cpom_tutor.spreadsheet import csv_bytes

_Parser = TypeVar("_Parser", bound=argparse.ArgumentParser)
Print = Callable[[str], None]

_DONE = 0
_STANDARD_INPUT = Path("-")
_DESCRIPTION = (
    "Takes CSV in UTF-8 with headings, as Moodle, Canvas and spreadsheets write it: username or email; if you like, "
    "full name (or first and last name), group (or section, class), role. People who have an account already are moved "
    "to the class that the list names, and nothing else of them changes. If one line cannot be taken, nobody is added."
)


def add_import_part(parts: "argparse._SubParsersAction[_Parser]", out: Print, say: Print) -> None:
    """Adds the part to `users`.

    Args:
        parts: where to.
        out: prints to standard output.
        say: prints to standard error.
    """
    taken = parts.add_parser("import", help="a whole class from a CSV list", description=_DESCRIPTION)
    taken.add_argument("file", type=Path, metavar="FILE", help="the list; - for standard input")
    taken.add_argument("--group", default="", metavar="CLASS", help="of those for whom the list names none")
    taken.add_argument("--check", action="store_true", help="say what would be done, and do nothing")
    where = "a new file for the names and first passwords, readable by you alone (default: standard output)"
    taken.add_argument("--passwords", type=Path, metavar="FILE", help=where)
    taken.set_defaults(run=lambda given: _import(given, out, say))


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a list asks for: who is new, who changes class (name -> class), and how many are there as they should be."""

    new: tuple[Enrolment, ...]
    moved: dict[str, str]
    unchanged: int
    disabled: int


def _import(given: argparse.Namespace, out: Print, say: Print) -> int:
    # Imported here: a database's parts take a moment, and `--help` does without them.
    from cpom_tutor.wiring import open_accounts

    called = "The list" if given.file == _STANDARD_INPUT else given.file.name
    lines = read_roster(_content(given.file), called)
    with closing(open_accounts(load_settings())) as accounts:
        before = accounts.accounts()
        plan = _plan(lines, before, given.group)
        if given.check:
            say(f"{_told(plan, 'would be made')} Nothing was done.")
            return _DONE
        _enrol(accounts, plan, given.passwords, out)
        reviewed = any(account.role.reviews for account in accounts.accounts())
    say(_told(plan, "made") + (_handed_out(given.passwords) if plan.new else ""))
    if plan.new and not before:
        say("They are the first accounts: from now on everybody must sign in.")
    if not reviewed:
        say("Nobody can review yet; make an account for yourself with: cpom-tutor users add NAME --role maintainer")
    return _DONE


def _content(file: Path) -> bytes:
    try:
        # By this name, somebody may hand over a list that the tutor's own user could not open.
        return sys.stdin.buffer.read() if file == _STANDARD_INPUT else file.read_bytes()
    except OSError as error:
        why = (error.strerror or type(error).__name__).lower()
        raise BadInput(f"{file} cannot be read ({why}); give the path of a CSV file.") from None


def _plan(lines: Sequence[RosterLine], before: Sequence[Account], group: str) -> _Plan:
    there = {account.name: account for account in before}
    wanted = {line.name: line.group or group for line in lines}
    known = [there[name] for name in wanted if name in there]
    # An empty cell says nothing of the class that somebody is in.
    moved = {one.name: wanted[one.name] for one in known if wanted[one.name] not in ("", one.group)}
    new = tuple(
        Enrolment(line.name, new_password(), line.role, line.shown_as, wanted[line.name])
        for line in lines
        if line.name not in there
    )
    return _Plan(new, moved, len(known) - len(moved), sum(one.disabled for one in known))


def _enrol(accounts: Accounts, plan: _Plan, file: Path | None, out: Print) -> None:
    table = [("name", "password", "shown as", "group")]
    content = csv_bytes(table + [(one.name, one.password, one.shown_as, one.group) for one in plan.new])
    if not plan.new or file is None:
        accounts.enrol(plan.new, plan.moved)
        if plan.new:
            out(content.decode("utf-8-sig").replace("\r\n", "\n").rstrip())
        return
    # The passwords are on the disk before anybody has one: nothing can fail after that and lose them.
    _write(file, content)
    try:
        accounts.enrol(plan.new, plan.moved)
    except BaseException:
        file.unlink()
        raise


def _write(file: Path, content: bytes) -> None:
    """A new file that nobody else can read."""
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
    except FileExistsError:
        raise BadInput(f"{file} is there already and is not overwritten; name another one with --passwords.") from None
    except OSError as error:
        why = (error.strerror or type(error).__name__).lower()
        raise BadInput(f"{file} cannot be written ({why}); name another one with --passwords.") from None


def _told(plan: _Plan, made: str) -> str:
    groups = sorted({one.group for one in plan.new if one.group})
    shown = ", ".join(groups[:5]) + (f" and {len(groups) - 5} more" if len(groups) > 5 else "")
    where = f" in {shown}" if groups else ""
    moved = f", {_counted(len(plan.moved), 'person', 'people')} moved to another class" if plan.moved else ""
    shut = f"; {plan.disabled} of those on the list cannot sign in (users enable NAME)" if plan.disabled else ""
    new = _counted(len(plan.new), "account", "accounts")
    return f"{new} {made}{where}{moved}, {plan.unchanged} left as they were{shut}."


def _handed_out(file: Path | None) -> str:
    where = f"in {file}" if file else "on standard output"
    return f" Their first passwords are {where}, and are to be changed at the first sign-in."


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
