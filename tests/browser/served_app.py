"""Serves the real app for the browser tests: served_app.py HOME PORT [--pause S] [--hold FILE] [--leaves TEXT]."""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from cpom_tutor.answers import Turn
from cpom_tutor.config import Settings
from cpom_tutor.protocols import Step, Stepper
from cpom_tutor.ui.app import serve
from cpom_tutor.wiring import open_application


class Unhurried:
    """The real tutor with a pause before each step, and all of it behind a gate."""

    def __init__(self, tutor: Stepper, pause: float, hold: Path | None) -> None:
        self.tutor, self.pause, self.hold = tutor, pause, hold

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Turn:
        return self.tutor.ask(question, history)

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Step]:
        self.wait()
        for step in self.tutor.stream(question, history):
            time.sleep(self.pause)
            yield step

    def wait(self) -> None:
        while self.hold and not self.hold.exists():
            time.sleep(0.05)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("home", type=Path)
    parser.add_argument("port", type=int)
    parser.add_argument("--pause", type=float, default=0)
    parser.add_argument("--hold", type=Path, help="nothing is loaded or answered until this file exists")
    parser.add_argument("--leaves", default="", help="what leaves the machine for a language model")
    given = parser.parse_args()
    application = open_application(Settings(given.home))
    tutor = Unhurried(application.tutor, given.pause, given.hold)

    def wake() -> None:
        tutor.wait()
        application.retriever.search("warm up")

    def say(line: str) -> None:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()

    serve(
        tutor,
        application.records,
        application.retriever,
        application.room,
        accounts=application.records,
        reviews=application.records,
        classes=application.records,
        checker=application.tutor.checker,
        say=say,
        wake=wake,
        leaves=given.leaves,
        port=given.port,
        open_browser=False,
    )


if __name__ == "__main__":
    main()
