"""One small module a suite; the names are what `python -m evals` takes."""

from importlib import import_module

from evals.runs import Suite

DEFAULT = ("retrieval", "answers", "refusals", "conversations", "premises", "citations", "checker", "gate", "latency")
"""What `python -m evals` measures without a name: in a minute."""
PUBLIC = ("canard", "chunking", "wice", "clapnq", "squad2")
"""Public sets, which stand outside the repository; skipped where they are not found."""
NAMES = (
    *DEFAULT,
    *PUBLIC,
    "practice",
    "grading",
    "canonical",
    "records",
    "crowd",
    "load",
    "ingest",
    "startup",
    "kinds",
    "explaining",
    "operating-point",
)


def suite_named(name: str) -> Suite:
    """The suite's `measure` function, imported only now: most of them bring heavy packages."""
    found: Suite = import_module(f"evals.suites.{name.replace('-', '_')}").measure
    return found
