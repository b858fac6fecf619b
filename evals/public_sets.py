"""Public data sets that are measured against. They stand outside the repository and are never copied into it."""

import os
from pathlib import Path

VARIABLE = "CPOM_TUTOR_BENCHMARKS"


def public_set(name: str) -> Path | None:
    """The folder of a data set: in the folder that CPOM_TUTOR_BENCHMARKS names, else in `../shared/benchmarks`.

    Returns:
        None where there is no such folder.
    """
    named = os.environ.get(VARIABLE)
    folder = Path(named) if named else Path(__file__).resolve().parents[2] / "shared" / "benchmarks"
    return folder / name if (folder / name).is_dir() else None


def skipped(name: str) -> str:
    """What a suite says instead of figures."""
    return f"skipped: not found: the folder {name} (in ../shared/benchmarks, or where {VARIABLE} says)"
