"""One small module a suite; the names are what `python -m evals` takes."""

from importlib import import_module

from evals.runs import Suite

NAMES = ("retrieval", "refusals", "checker", "wice", "latency", "citations", "crowd", "ingest", "startup", "kinds")


def suite_named(name: str) -> Suite:
    """The suite's `measure` function, imported only now: most of them bring heavy packages."""
    found: Suite = import_module(f"evals.suites.{name}").measure
    return found
