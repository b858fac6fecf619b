"""One small module a suite; the names are what `python -m evals` takes."""

from importlib import import_module

from evals.runs import Suite

NAMES = ("retrieval", "refusals", "latency", "citations", "crowd", "ingest", "startup", "kinds")
PUBLIC = ("clapnq", "squad2")
"""On public data, minutes of embedding each: run by name, or all of them as `public`."""


def suite_named(name: str) -> Suite:
    """The suite's `measure` function, imported only now: most of them bring heavy packages."""
    found: Suite = import_module(f"evals.suites.{name}").measure
    return found
