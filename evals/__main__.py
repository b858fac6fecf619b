"""python -m evals [SUITE ...] [--json] [--report DIR] [--failures] [--write FILE]"""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

from cpom_tutor.config import load_settings
from cpom_tutor.errors import TutorError
from evals.cases import BadCase
from evals.report import to_markdown, to_terminal
from evals.runs import Run, machine, versions
from evals.suites import NAMES, PUBLIC, suite_named

REPORTS = Path(__file__).parent / "reports"
BY_HAND = "\n## Taken by hand\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the suites; returns the exit code: 0 done, 1 a target was missed, 2 bad use or bad input."""
    given = _parser().parse_args(arguments)
    chosen = [each for name in given.suites or NAMES for each in (PUBLIC if name == "public" else (name,))]
    unknown = [name for name in chosen if name not in (*NAMES, *PUBLIC)]
    if unknown:
        _say(f"There is no suite “{unknown[0]}”; type public, {', '.join(PUBLIC)}, or some of: {' '.join(NAMES)}")
        return 2
    results = []
    try:
        given.report.mkdir(parents=True, exist_ok=True)
        run, where = Run(load_settings(), given.report), machine()
        for name in dict.fromkeys(chosen):
            _say(f"Measuring {name} ...")
            results.append(suite_named(name)(run))
            if not given.json:
                print(to_terminal(results[-1], failures=given.failures), end="\n\n", flush=True)
        record = {
            "date": datetime.now(UTC).isoformat(timespec="seconds"), "machine": where, "versions": versions(),
            "suites": [result.to_json(failures=given.failures) for result in results],
        }  # fmt: skip
        text = json.dumps(record, ensure_ascii=False, indent=1)
        (given.report / "evals.json").write_text(text + "\n", encoding="utf-8")
        if given.json:
            print(text)
        if given.write:
            page = to_markdown(results, datetime.now(UTC).strftime("%-d %B %Y"), where, versions())
            given.write.write_text(page + _kept(given.write), encoding="utf-8")
    except (BadCase, TutorError) as error:
        _say(str(error))
        return 2
    except OSError as error:
        _say(f"{error.filename} cannot be written ({error.strerror}); name another with --report or --write")
        return 2
    except KeyboardInterrupt:
        _say("Stopped.")
        return 130
    short = [result.suite for result in results if result.fell_short]
    if short:
        _say(f"Fell short of a target: {', '.join(short)}")
    return 1 if short else 0


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{message[:1].upper()}{message[1:]}; type: {self.prog} --help\n")


def _kept(page: Path) -> str:
    """The section of the page that is written by hand, which renewing the page keeps."""
    old = page.read_text(encoding="utf-8") if page.is_file() else ""
    return old[old.index(BY_HAND) :] if BY_HAND in old else ""


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m evals", description="Measures the tutor on its cases; no network and no key are needed."
    )
    parser.add_argument(
        "suites",
        nargs="*",
        metavar="SUITE",
        help=f"by default: {' '.join(NAMES)}; by name: {' '.join(PUBLIC)}, or both as public",
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    parser.add_argument(
        "--report", type=Path, default=REPORTS, metavar="DIR",
        help="where evals.json, replies and transcripts are written (default: evals/reports)",
    )  # fmt: skip
    parser.add_argument("--failures", action="store_true", help="list the cases of the tune split that came out wrong")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the results as a Markdown page")
    return parser


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
