"""python -m ingest [--corpus DIR] [--check] [--rebuild] [--json] [--quiet-when-unchanged]"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from cpom_tutor.config import checkout_folder, load_settings
from cpom_tutor.errors import TutorError


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; returns its exit code: 0 done, 1 something was refused, 2 bad use or bad input."""
    given = _parser().parse_args(arguments)
    # Imported here so that --help answers at once.
    from ingest.pipeline import ingest

    try:
        report = ingest(given.corpus, load_settings(), rebuild=given.rebuild, check_only=given.check, progress=_say)
    except TutorError as error:
        _say(str(error))
        return 2
    except KeyboardInterrupt:
        _say("Stopped; the index in service is as it was.")
        return 130
    for file, reason in report.refused:
        _say(f"Refused {file}: {reason}")
    if given.quiet_when_unchanged and not (report.built or report.refused):
        return 0
    print(json.dumps(report.to_json(), ensure_ascii=False) if given.json else report)
    return 1 if report.refused else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ingest", description="Brings the index in line with the corpus folder."
    )
    checkout = checkout_folder()
    parser.add_argument(
        "--corpus", type=Path, default=(checkout or Path()) / "corpus", metavar="DIR",
        help="the corpus folder (default: the checkout's corpus/)",
    )  # fmt: skip
    parser.add_argument("--check", action="store_true", help="read and compare only; write nothing")
    parser.add_argument("--rebuild", action="store_true", help="compute every vector again")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument(
        "--quiet-when-unchanged", action="store_true", help="print nothing where there was nothing to do"
    )
    return parser


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
