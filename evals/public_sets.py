"""Where public data is: read from a folder beside the checkout, never copied into it."""

from pathlib import Path

from cpom_tutor.config import Settings, checkout_folder
from evals.report import Result


def public_file(settings: Settings, name: str) -> Path | None:
    """A file of the public sets, such as `wice/claim_dev.jsonl`; None where it is not there.

    The folder is CPOM_TUTOR_BENCHMARKS, or `shared/benchmarks` beside the repository.
    """
    checkout = checkout_folder()
    folders = [settings.benchmarks, checkout and checkout.parent / "shared" / "benchmarks"]
    return next((folder / name for folder in folders if folder and (folder / name).is_file()), None)


def skipped(suite: str, title: str, name: str) -> Result:
    """What a suite says whose data is not there."""
    note = f"skipped: not found: {name} (set CPOM_TUTOR_BENCHMARKS to the folder of the public sets)"
    return Result(suite, title, (), notes=(note,))
