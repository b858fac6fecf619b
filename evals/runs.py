"""What the suites share: the tutor that is measured, and where they may write."""

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

from cpom_tutor.config import Settings
from cpom_tutor.wiring import Application, open_application
from evals.report import Result


@dataclass(frozen=True, slots=True)
class Run:
    """One call of `python -m evals`.

    Attributes:
        settings: where the index is.
        folder: where reports are written.
    """

    settings: Settings
    folder: Path

    def application(self) -> Application:
        """A tutor of its own: nothing is remembered from another suite, and the embedder is loaded.

        Raises:
            TutorError: the index cannot be used.
        """
        application = open_application(self.settings)
        application.retriever.warm_up()
        return application


class Suite(Protocol):
    """Measures one thing."""

    def __call__(self, run: Run) -> Result:
        """The figures.

        Raises:
            BadCase: a case cannot be used.
            TutorError: the index cannot be used.
        """


def machine() -> str:
    """The processor, its cores, the system and how busy it is, on one line."""
    model = platform.processor() or platform.machine()
    processors = Path("/proc/cpuinfo")
    if processors.is_file():
        names = [line for line in processors.read_text(encoding="utf-8").splitlines() if line.startswith("model name")]
        model = names[0].split(":", 1)[1].strip() if names else model
    system = f"{platform.system()}, Python {platform.python_version()}"
    return f"{model}, {os.cpu_count()} cores, {system}, load average at the start {os.getloadavg()[0]:.1f}"


def versions(packages: Sequence[str] = ("torch", "sentence-transformers", "chromadb", "gradio")) -> str:
    """The versions that speed and quality depend on, on one line."""
    return ", ".join(f"{package} {version(package)}" for package in packages)
