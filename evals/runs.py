"""What the suites share: the tutor that is measured, and where they may write."""

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

from cpom_tutor.answers import Turn
from cpom_tutor.config import Settings
from cpom_tutor.wiring import Application, open_application
from evals.cases import CORPUS
from evals.report import Result
from evals.tutorial import TutorialPipeline

AT_MOST_UNSUPPORTED = 0.02


@dataclass
class Run:
    """One call of `python -m evals`: one tutor, which is asked each thing once for all suites.

    Attributes:
        settings: where the index is.
        folder: where reports are written.
        at_most_unsupported: the share of answers that the operating point may give where the course gives none.
        turns: what was asked so far and what was said to it: the questions of a conversation -> its last turn.
    """

    settings: Settings
    folder: Path
    at_most_unsupported: float = AT_MOST_UNSUPPORTED
    turns: dict[tuple[str, ...], Turn] = field(default_factory=dict, init=False)

    def application(self) -> Application:
        """The tutor that is measured; the embedder is loaded.

        Raises:
            TutorError: the index cannot be used.
        """
        return self._application

    def ask(self, *questions: str) -> Turn:
        """The last turn of a conversation of these questions; asked only where it was not asked before.

        Raises:
            TutorError: the index cannot be used.
        """
        history: list[Turn] = []
        for end in range(1, len(questions) + 1):
            asked = questions[:end]
            if asked not in self.turns:
                self.turns[asked] = self._application.tutor.ask(asked[-1], history)
            history.append(self.turns[asked])
        return history[-1]

    @cached_property
    def tutorial(self) -> TutorialPipeline:
        """LangChain's tutorial pipeline, with the tutor's embedder."""
        return TutorialPipeline(sorted((CORPUS / "source").glob("*.txt")), self.settings.embedder)

    @cached_property
    def _application(self) -> Application:
        # What an instructor here approved is not the tutor's own, and would make two machines differ.
        application = open_application(self.settings, approved=False)
        application.retriever.warm_up()
        application.warm_up()
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
