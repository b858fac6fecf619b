"""The command line: `chat`, `ask`, `check`, `grade`, `cite`, and the commands of `cli_practice`, `cli_export`,
`cli_review`, `cli_class`, `cli_users`, `cli_mcp` and `cli_doctor`.

Exit codes: 0 done, 1 a check fell short, 2 bad use or bad input (one sentence on standard error that ends with
what to type next). JSON goes to standard output alone; everything else to standard error.
"""

import argparse
import io
import json
import os
import sys
from collections.abc import Sequence
from typing import NoReturn, TextIO

from cpom_tutor.citing import cited_text, cited_to_json, find_passages
from cpom_tutor.cli_class import add_class_command
from cpom_tutor.cli_doctor import add_doctor_command
from cpom_tutor.cli_export import add_export_command
from cpom_tutor.cli_mcp import add_mcp_command
from cpom_tutor.cli_practice import add_practice_commands
from cpom_tutor.cli_review import add_review_command
from cpom_tutor.cli_users import add_users_command
from cpom_tutor.config import load_settings
from cpom_tutor.errors import BadInput, TutorError
from cpom_tutor.interchange import turn_to_json
from cpom_tutor.lines import answer_lines, check_lines, grade_lines
from cpom_tutor.turn_text import turn_text

DONE, FELL_SHORT, BAD_USE, INTERRUPTED = 0, 1, 2, 130


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence, and what to type next."""

    def error(self, message: str) -> NoReturn:
        raise BadInput(f"{message[:1].upper()}{message[1:]}; type: {self.prog} --help")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command; returns its exit code."""
    _speak_utf8()
    try:
        given = build_parser().parse_args(arguments)
        return int(given.run(given))
    except TutorError as error:
        print(error, file=sys.stderr)
        return BAD_USE
    except MemoryError:
        print("There is not enough memory; close other programs and type the command again.", file=sys.stderr)
        return BAD_USE
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader has gone (`| head`); nothing is left to say, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


def _speak_utf8() -> None:
    """The course and the JSON are UTF-8 whatever the terminal's locale; bytes that are not become marks."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


def build_parser() -> argparse.ArgumentParser:
    """All commands with their options; `--help` and the README are checked against it."""
    parser = _Parser(prog="cpom-tutor", description="A study assistant for the CPOM course: cited, checked answers.")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    chat = commands.add_parser("chat", help="open the app in the browser")
    chat.add_argument("--host", default="127.0.0.1", help="address to listen at (default: this machine only)")
    chat.add_argument("--port", type=int, default=7860, help="port tried first (default: 7860)")
    chat.add_argument("--insecure", action="store_true", help="allow other machines, although there are no accounts")
    chat.add_argument("--no-browser", action="store_true", help="do not open the browser")
    chat.set_defaults(run=_chat)

    ask = commands.add_parser("ask", help="one cited answer in the terminal")
    ask.add_argument("question", nargs="*", help="the question, in your own words")
    form = ask.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print the reply as one line of JSON")
    form.add_argument("--jsonl", action="store_true", help="read questions from standard input, one JSON object a line")
    ask.set_defaults(run=_ask)

    check = commands.add_parser(
        "check",
        help="does the evidence support the claim?",
        description='Reads one JSON object a line, {"id", "claim", "evidence": ["passage", ...]}, writes one a line: '
        '{"id", "label": "supported|refuted|not_enough_info", "score", "reason"}. Score is the probability of support.',
    )
    check.add_argument("--jsonl", action="store_true", help="read claims from standard input, one JSON object a line")
    check.set_defaults(run=_check)

    grade = commands.add_parser(
        "grade",
        help="marks free text against rubric points",
        description='Reads one JSON object a line, {"id", "question", "reference": ["passage", ...], "rubric": '
        '["point", ...], "answer"}, writes one a line: {"id", "points": [{"point", "met", "contradicted", "score", '
        '"evidence"}], "score", "feedback"}. The score of a point is the probability that the answer makes it; the '
        "whole score is the share of points met.",
    )
    grade.add_argument("--jsonl", action="store_true", help="read answers from standard input, one JSON object a line")
    grade.set_defaults(run=_grade)

    cite = commands.add_parser("cite", help="print the passage at an address, or say how it changed")
    cite.add_argument("place", nargs="+", help='an address such as "CPOM §1.1.2 ¶7", or a passage id')
    cite.add_argument("--json", action="store_true", help="print the passages as JSON")
    cite.set_defaults(run=_cite)

    add_practice_commands(commands, print, _say)
    add_export_command(commands, _say)
    add_review_command(commands, print, _say)
    add_class_command(commands, print)
    add_users_command(commands, print, _say)
    add_mcp_command(commands, _say)
    add_doctor_command(commands, print)
    return parser


def _chat(given: argparse.Namespace) -> int:
    # Imported here: gradio takes seconds, and the other commands do without it.
    from cpom_tutor.ui.app import serve
    from cpom_tutor.wiring import open_application

    settings = load_settings()
    application = open_application(settings)
    serve(
        application.tutor,
        application.records,
        application.retriever,
        application.room,
        accounts=application.records,
        reviews=application.records,
        classes=application.records,
        checker=application.tutor.checker,
        say=_say,
        wake=application.warm_up,
        host=given.host,
        port=given.port,
        insecure=given.insecure,
        public=settings.public_url or "",
        leaves=application.leaves,
        open_browser=not given.no_browser,
    )
    return DONE


def _ask(given: argparse.Namespace) -> int:
    question = " ".join(given.question).strip()
    if not question and not given.jsonl:
        raise BadInput('There is no question; type, for example: cpom-tutor ask "What is a CSC?"')
    if question and given.jsonl:
        raise BadInput("--jsonl reads its questions from standard input; leave the question out.")
    from cpom_tutor.wiring import open_application

    application = open_application(load_settings())
    if given.jsonl:
        for line in answer_lines(application.tutor, sys.stdin, _say):
            _print_json(line)
    else:
        turn = application.tutor.ask(question)
        if given.json:
            _print_json(turn_to_json(turn))
        else:
            print(turn_text(turn))
    fault = application.records_at_hand.fault
    if fault:
        _say(f"Answers that instructors approved were left out. {fault}")
    return DONE


def _check(given: argparse.Namespace) -> int:
    if not given.jsonl:
        raise BadInput("check reads claims from standard input; type: cpom-tutor check --jsonl < claims.jsonl")
    from cpom_tutor.wiring import open_checker

    for line in check_lines(open_checker(load_settings()), sys.stdin, _say):
        _print_json(line)
    return DONE


def _grade(given: argparse.Namespace) -> int:
    if not given.jsonl:
        raise BadInput("grade reads answers from standard input; type: cpom-tutor grade --jsonl < answers.jsonl")
    from cpom_tutor.wiring import open_grader

    for line in grade_lines(open_grader(load_settings()), sys.stdin, _say):
        _print_json(line)
    return DONE


def _cite(given: argparse.Namespace) -> int:
    from cpom_tutor.wiring import open_library

    library = open_library(load_settings())
    passages, changed = find_passages(library, " ".join(given.place))
    if changed:
        _say(changed)
    if given.json:
        _print_json(cited_to_json(passages, changed))
    else:
        print(cited_text(passages))
    return DONE


def _print_json(value: object, stream: TextIO | None = None) -> None:
    print(json.dumps(value, ensure_ascii=False), file=stream or sys.stdout, flush=True)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
