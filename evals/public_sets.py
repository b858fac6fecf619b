"""Where public data is: read from a folder beside the checkout, never copied into it."""

from pathlib import Path

from cpom_tutor.config import Settings
from evals.report import Result


def public_file(settings: Settings, name: str) -> Path | None:
    """A file or folder of the public sets, such as `wice/claim_dev.jsonl`; None where it is not there.

    The sets are in the folder that CPOM_TUTOR_BENCHMARKS names, or in `shared/benchmarks` beside the repository.
    """
    found = settings.benchmarks / name if settings.benchmarks else None
    return found if found and found.exists() else None


def skipped(suite: str, title: str, name: str) -> Result:
    """What a suite says whose data is not there."""
    note = f"skipped: not found: {name} (set CPOM_TUTOR_BENCHMARKS to the folder of the public sets)"
    return Result(suite, title, (), notes=(note,))
