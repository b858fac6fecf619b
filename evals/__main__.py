"""python -m evals [SUITE ...] [--against FILE] [--baseline FILE] [--report DIR] ... (see --help)"""

import argparse
import json
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

from cpom_tutor.config import Settings, load_settings
from cpom_tutor.errors import BadInput, TutorError
from cpom_tutor.generation.chat_model.prompting import prompt_hash
from evals.against import BadBaseline, Change, compare, read_baseline, to_lines
from evals.cases import BadCase
from evals.junit import to_junit
from evals.page import to_html
from evals.report import Figure, Result, Target, to_markdown, to_terminal
from evals.runs import AT_MOST_UNSUPPORTED, Run, machine, versions
from evals.suites import DEFAULT, NAMES, PUBLIC, suite_named

REPORTS = Path(__file__).parent / "reports"
BY_HAND = "\n## Taken by hand\n"
ALL, PUBLIC_SETS = "all", "public"
EXTRACTIVE, CHAT_MODEL = "extractive", "chat_model"
MOST_SECONDS = 60.0
"""For the default suites, on two idle cores."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the suites and reports them.

    Returns:
        0 done; 1 a target was missed or, with --against, a measure really dropped; 2 bad use, or a suite could not
        be run.
    """
    began = time.perf_counter()
    given = _parser().parse_args(arguments)
    unknown = [name for name in given.suites if name not in (*NAMES, ALL, PUBLIC_SETS)]
    if unknown:
        _say(f"There is no suite “{unknown[0]}”; type {PUBLIC_SETS}, {ALL}, or one or more of: {' '.join(NAMES)}")
        return 2
    try:
        baseline = read_baseline(given.against) if given.against else None
        given.report.mkdir(parents=True, exist_ok=True)
        where = f"{machine()}; answers by {written_by(given.generator)}"
        results = _measured(given, began)
        changes = compare(results, baseline) if baseline else []
        _write(given, results, changes, where)
    except (BadCase, BadBaseline, TutorError) as error:
        _say(str(error))
        return 2
    except OSError as error:
        _say(
            f"{error.filename} cannot be written ({error.strerror}); name another with --report, --baseline or --write"
        )
        return 2
    except KeyboardInterrupt:
        _say("Stopped.")
        return 130
    if any(result.error for result in results):
        return 2
    if baseline:
        return 1 if any(change.real_drop for change in changes) else 0
    return 1 if any(result.fell_short for result in results) else 0


def _measured(given: argparse.Namespace, began: float) -> list[Result]:
    """Runs the suites one after the other, and prints each as soon as it is done."""
    run = Run(settings_for(given.generator), given.report, given.at_most_unsupported)
    results: list[Result] = []

    def add(result: Result) -> None:
        results.append(result)
        if not given.json:
            print(to_terminal(result, failures=given.failures), end="\n\n", flush=True)

    for name in _chosen(given.suites):
        _say(f"Measuring {name} ...")
        try:
            add(suite_named(name)(run))
        except TutorError as error:
            add(Result(name, "", (), error=str(error)))
    if not given.suites:
        add(_total(time.perf_counter() - began))
    return results


def settings_for(generator: str) -> Settings:
    """The settings with the generator that was asked for; without one, a model that is configured is left out.

    Raises:
        BadInput: there is no model to measure.
    """
    settings = load_settings()
    if generator == EXTRACTIVE:
        return replace(settings, model=None)
    if not settings.model:
        raise BadInput(
            f"There is no language model to measure; set CPOM_TUTOR_MODEL, or type: --generator {EXTRACTIVE}"
        )
    return settings


def written_by(generator: str) -> str:
    """Whose answers are measured, for the report."""
    if generator == EXTRACTIVE:
        return EXTRACTIVE
    return f"{load_settings().model}, prompt {prompt_hash()}"


def _total(seconds: float) -> Result:
    target = Target(MOST_SECONDS, at_most=True)
    return Result("run", "All suites above together, on two idle cores.", (
        Figure("time", seconds, 1, unit="s", target=target),
    ))  # fmt: skip


def _write(given: argparse.Namespace, results: Sequence[Result], changes: Sequence[Change], where: str) -> None:
    """Prints what is left to print, and writes the files."""
    now = datetime.now(UTC)
    day = now.strftime("%-d %B %Y")
    record = {
        "date": now.isoformat(timespec="seconds"), "machine": where, "generator": written_by(given.generator),
        "versions": versions(),
        "suites": [result.to_json(failures=given.failures) for result in results],
        "against": [change.to_json() for change in changes],
    }  # fmt: skip
    text = json.dumps(record, ensure_ascii=False, indent=1) + "\n"
    files = {
        given.report / "evals.json": text,
        given.report / "evals.xml": to_junit(results, changes),
        given.report / "evals.html": to_html(results, day, where, versions()),
    }
    if given.baseline:
        files[given.baseline] = text
    if given.write:
        files[given.write] = to_markdown(results, day, where, versions()) + _kept(given.write)
    for path, content in files.items():
        path.write_text(content, encoding="utf-8")
    if given.json:
        print(text, end="")
    elif given.against:
        print(f"Against {given.against}:", *to_lines(changes), sep="\n")
    short = [result.suite for result in results if result.fell_short]
    if short:
        _say(f"Fell short of a target: {', '.join(short)}")
    _say(f"Wrote {', '.join(map(str, files))}")


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{message[:1].upper()}{message[1:]}; type: {self.prog} --help\n")


def _kept(page: Path) -> str:
    """The section of the page that is written by hand, which renewing the page keeps."""
    old = page.read_text(encoding="utf-8") if page.is_file() else ""
    return old[old.index(BY_HAND) :] if BY_HAND in old else ""


def _share(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not a share from 0 to 1")
    return value


def _chosen(names: Sequence[str]) -> Iterable[str]:
    """The suites meant, each once."""
    if ALL in names:
        return NAMES
    meant = [each for name in names for each in (PUBLIC if name == PUBLIC_SETS else (name,))]
    return dict.fromkeys(meant) or DEFAULT


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m evals", description="Measures the tutor on its cases; no network and no key are needed."
    )
    parser.add_argument(
        "suites", nargs="*", metavar="SUITE",
        help=f"of: {' '.join(NAMES)}, {PUBLIC_SETS} (sets from elsewhere) or {ALL}; "
        f"by default those of a minute: {' '.join(DEFAULT)}",
    )  # fmt: skip
    parser.add_argument(
        "--generator", choices=(EXTRACTIVE, CHAT_MODEL), default=EXTRACTIVE,
        help=f"whose answers are measured: the offline tutor’s, or those of CPOM_TUTOR_MODEL (default: {EXTRACTIVE})",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    parser.add_argument(
        "--report", type=Path, default=REPORTS, metavar="DIR",
        help="where evals.json, evals.xml (JUnit), evals.html, replies and transcripts go (default: evals/reports)",
    )  # fmt: skip
    parser.add_argument("--failures", action="store_true", help="list the cases of the tune split that came out wrong")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the results as a Markdown page")
    parser.add_argument("--baseline", type=Path, metavar="FILE", help="write what --against compares with")
    parser.add_argument(
        "--against", type=Path, metavar="FILE",
        help="compare with a baseline, case by case; the exit code then says whether a measure really dropped",
    )  # fmt: skip
    parser.add_argument(
        "--at-most-unsupported", type=_share, default=AT_MOST_UNSUPPORTED, metavar="SHARE",
        help=f"for operating-point: of the answers, so many may be unsupported (default: {AT_MOST_UNSUPPORTED})",
    )  # fmt: skip
    return parser


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
