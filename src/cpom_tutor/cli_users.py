"""The maintainer's commands for accounts: `users add|import|list|passwd|disable|enable|group|delete`."""

import argparse
import json
import sys
from collections.abc import Callable
from contextlib import closing
from getpass import getpass
from typing import TypeVar

from cpom_tutor.account_protocols import Accounts
from cpom_tutor.accounts import Account, Role, checked_password, new_password, sign_in_name
from cpom_tutor.cli_roster import add_import_part
from cpom_tutor.config import load_settings
from cpom_tutor.errors import BadInput

_Parser = TypeVar("_Parser", bound=argparse.ArgumentParser)
Print = Callable[[str], None]

_DONE = 0
_ASKED_FOR = "A password is asked for; without a terminal it is the first line of standard input, or is made up."


def add_users_command(commands: "argparse._SubParsersAction[_Parser]", out: Print, say: Print) -> None:
    """Adds `users` with its parts.

    Args:
        commands: where to.
        out: prints to standard output.
        say: prints to standard error.
    """
    users = commands.add_parser("users", help="accounts, for a server: add, list, passwd, disable ...")
    parts = users.add_subparsers(title="parts", metavar="PART", required=True)

    added = _part(parts, "add", "a new account", _add, out, say, description=_ASKED_FOR)
    added.add_argument("--role", choices=[role.value for role in Role], default=Role.LEARNER, help="default: learner")
    added.add_argument("--group", default="", metavar="CLASS", help="the class that they belong to")
    added.add_argument("--shown-as", default="", metavar="NAME", help="the name that others read (default: the same)")
    made_up = "make a password up and print it; it is to be changed at the first sign-in"
    added.add_argument("--generate", action="store_true", help=made_up)
    added.add_argument("--json", action="store_true", help="print the account as JSON")

    add_import_part(parts, out, say)

    listed = parts.add_parser("list", help="all accounts")
    listed.add_argument("--json", action="store_true", help="print JSON")
    listed.set_defaults(run=lambda given: _list(given, out, say))

    changed = _part(parts, "passwd", "another password; ends every sign-in", _passwd, out, say, description=_ASKED_FOR)
    changed.add_argument("--generate", action="store_true", help=made_up)
    _part(parts, "disable", "keeps somebody out, deleting nothing", _disable, out, say)
    _part(parts, "enable", "lets somebody in again", _enable, out, say)
    moved = _part(parts, "group", "moves somebody to another class", _group, out, say)
    moved.add_argument("group", metavar="CLASS", help="its name; an empty one for none")
    gone = _part(parts, "delete", "deletes an account with all that its learner asked and practised", _delete, out, say)
    gone.add_argument("--yes", action="store_true", help="do not ask")


def _part(
    parts: "argparse._SubParsersAction[_Parser]",
    name: str,
    does: str,
    run: Callable[[Accounts, argparse.Namespace, Print, Print], None],
    out: Print,
    say: Print,
    description: str | None = None,
) -> _Parser:
    """A part that takes an account's name."""

    def work(given: argparse.Namespace) -> int:
        # Imported here: a database's parts take a moment, and `--help` does without them.
        from cpom_tutor.wiring import open_accounts

        with closing(open_accounts(load_settings())) as accounts:
            run(accounts, given, out, say)
        return _DONE

    parser = parts.add_parser(name, help=does, description=description)
    parser.add_argument("name", metavar="NAME", help="what they type to sign in")
    parser.set_defaults(run=work)
    return parser


def _add(accounts: Accounts, given: argparse.Namespace, out: Print, say: Print) -> None:
    first = not accounts.has_accounts()
    password, made_up = _password(given, sign_in_name(given.name))
    account = accounts.add_account(
        given.name, password, role=Role(given.role), shown_as=given.shown_as, group=given.group, temporary=made_up
    )
    if given.json:
        out(json.dumps(account_to_json(account) | ({"password": password} if made_up else {}), ensure_ascii=False))
    elif made_up:
        out(password)
    say(f"{account.name} may sign in as {account.role.value}." + (_TO_HAND_OUT if made_up else ""))
    if first:
        say(
            "It is the first account: from now on everybody must sign in, and what was studied in this browser "
            "before stays in the database but is not shown."
        )


_TO_HAND_OUT = " The password on standard output is for the first time, and is then to be changed."


def _list(given: argparse.Namespace, out: Print, say: Print) -> int:
    from cpom_tutor.wiring import open_accounts

    with closing(open_accounts(load_settings())) as records:
        found = records.accounts()
    if given.json:
        out(json.dumps([account_to_json(account) for account in found], ensure_ascii=False))
    elif found:
        out("\n".join(map(_line, found)))
    else:
        say("There are no accounts yet; make one with: cpom-tutor users add NAME --role maintainer")
    return _DONE


def _passwd(accounts: Accounts, given: argparse.Namespace, out: Print, say: Print) -> None:
    account = accounts.account(given.name)
    password, made_up = _password(given, account.name)
    accounts.set_password(account.name, password, temporary=made_up)
    if made_up:
        out(password)
    say(f"{account.name} has another password and is signed out everywhere." + (_TO_HAND_OUT if made_up else ""))
    if account.disabled:
        say(f"{account.name} is disabled all the same; let them in with: cpom-tutor users enable {account.name}")


def _disable(accounts: Accounts, given: argparse.Namespace, _: Print, say: Print) -> None:
    name = accounts.account(given.name).name
    accounts.set_disabled(name, True)
    say(f"{name} is signed out and cannot sign in; undo it with: cpom-tutor users enable {name}")


def _enable(accounts: Accounts, given: argparse.Namespace, _: Print, say: Print) -> None:
    name = accounts.account(given.name).name
    accounts.set_disabled(name, False)
    say(f"{name} may sign in.")


def _group(accounts: Accounts, given: argparse.Namespace, _: Print, say: Print) -> None:
    accounts.set_group(given.name, given.group)
    say(f"{given.name} belongs to {given.group}." if given.group.strip() else f"{given.name} belongs to no class.")


def _delete(accounts: Accounts, given: argparse.Namespace, _: Print, say: Print) -> None:
    account = accounts.account(given.name)
    if not given.yes:
        if not sys.stdin.isatty():
            raise BadInput(f"This deletes all that {account.name} asked and practised; if you are sure, add --yes")
        say(f"This deletes {account.name} with all that they asked and practised. Type the name again to go on:")
        if input().strip().casefold() != account.name:
            raise BadInput("That is another name, so nothing was deleted; type the command again.")
    accounts.delete_account(account.name)
    say(f"{account.name} is deleted.")


def _password(given: argparse.Namespace, name: str) -> tuple[str, bool]:
    """The password for a name, and whether it was made up."""
    if given.generate:
        return new_password(), True
    if sys.stdin.isatty():
        password = checked_password(getpass("New password: "), name)
        if getpass("The same again: ") != password:
            raise BadInput("The two passwords differ, so nothing was changed; type the command again.")
        return password, False
    line = sys.stdin.readline().rstrip("\r\n")
    return (checked_password(line, name), False) if line else (new_password(), True)


def account_to_json(account: Account) -> dict[str, object]:
    """What `users list --json` tells of an account."""
    return {
        "name": account.name,
        "role": account.role.value,
        "group": account.group,
        "shown_as": account.shown_as,
        "disabled": account.disabled,
        "temporary_password": account.temporary,
        "created_at": account.created_at.isoformat(),
        "last_seen": account.last_seen.isoformat() if account.last_seen else None,
    }


def _line(account: Account) -> str:
    named = account.shown_as if account.shown_as != account.name else ""
    notes = ["disabled"] * account.disabled + ["first password not changed yet"] * account.temporary
    seen = f"seen {account.last_seen:%Y-%m-%d}" if account.last_seen else "never signed in"
    who = (f"{account.name:<24}", f"{account.role.value:<11}", f"{account.group:<16}", f"{seen:<15}")
    parts = (*who, named, *notes)
    return "  ".join(part for part in parts if part).rstrip()
