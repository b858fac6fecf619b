"""Streams of steps that can be stopped at any moment, even in the middle of a slow step.

Gradio can cancel a running event too, but only once its current step ends; until then the page takes no
other question and does not say why. So the steps are made by a thread, which a stop leaves behind.
"""

import threading
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from queue import SimpleQueue

from cpom_tutor.protocols import Step

_WAIT_SECONDS = 2.0


class Stopped(Exception):
    """The learner stopped the stream."""


@dataclass(eq=False, slots=True)
class _Running:
    made: SimpleQueue[Step | Exception | None] = field(default_factory=SimpleQueue)
    stopped: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)


class Streams:
    """The streams under way, by the page that they belong to."""

    def __init__(self) -> None:
        self._running: dict[str, _Running] = {}

    def run(self, page: str, steps: Iterator[Step]) -> Iterator[Step]:
        """The same steps, until `stop(page)`.

        Raises:
            Stopped: as soon as the stream is stopped.
        """
        running = self._running[page] = _Running()
        threading.Thread(target=_make, args=(steps, running), name="answer", daemon=True).start()
        try:
            while True:
                made = running.made.get()
                if running.stopped.is_set():
                    raise Stopped
                if made is None:
                    return
                if isinstance(made, Exception):
                    raise made
                yield made
        finally:
            running.stopped.set()
            running.ended.set()
            if self._running.get(page) is running:
                del self._running[page]

    def stop(self, page: str) -> None:
        """Stops the page's stream, if there is one, and waits until it has shown its last."""
        running = self._running.get(page)
        if running:
            running.stopped.set()
            running.made.put(None)
            running.ended.wait(_WAIT_SECONDS)


def _make(steps: Iterator[Step], running: _Running) -> None:
    try:
        for step in steps:
            running.made.put(step)
            if running.stopped.is_set():
                return
        running.made.put(None)
    except Exception as error:  # noqa: BLE001  (raised again where the steps are read)
        running.made.put(error)
    finally:
        # Whoever is asked outside, such as a language model, is let go at once.
        if isinstance(steps, Generator):
            steps.close()
