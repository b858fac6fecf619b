"""Killing an ingest at any moment leaves the last good index in service."""

import os
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO

import pytest

from cpom_tutor.config import Settings
from cpom_tutor.retrieval.embedder import SentenceTransformerEmbedder
from cpom_tutor.retrieval.places import FolderPlace
from cpom_tutor.retrieval.retriever import open_index
from ingest.load import load_corpus
from ingest.pipeline import ingest

KILLS = 20

# Imports everything once and then forks a writer for each line, so that a kill meets the rebuild itself.
# It answers with the writer's exit status and the seconds it was given.
WRITERS = """
import os, signal, sys, time
from pathlib import Path
import sentence_transformers
import pytest

from cpom_tutor.config import Settings
from ingest.pipeline import ingest
settings = Settings(Path(sys.argv[1]), embedder=sys.argv[2])
for line in sys.stdin:
    folder, seconds = line.rstrip("\\n").split("\\t")
    began = time.monotonic()
    writer = os.fork()
    if not writer:
        ingest(Path(folder), settings, rebuild=True)
        os._exit(0)
    if seconds:
        time.sleep(float(seconds))
        os.kill(writer, signal.SIGKILL)
    print(os.waitpid(writer, 0)[1], time.monotonic() - began, flush=True)
"""


@pytest.mark.slow
def test_killing_a_rebuild_at_any_moment_leaves_a_good_index_in_service(
    lean_corpus: Path, tmp_path: Path, tiny_embedder: str
) -> None:
    first, edited = (shutil.copytree(lean_corpus, tmp_path / name) for name in ("first", "edited"))
    for folder, ending in ((first, ""), (edited, "One more sentence.\n")):
        file = folder / "cpom" / "1.1-overview.md"
        # The first subsection is enough, and is built in a fraction of the time.
        text = file.read_text(encoding="utf-8").split("## 1.1.2")[0]
        file.write_text(text + ending, encoding="utf-8")
    corpora = (first, edited)
    expected = [len(load_corpus(folder).library().passages) for folder in corpora]
    settings = Settings(tmp_path / "home", embedder=tiny_embedder)
    embedder = SentenceTransformerEmbedder(tiny_embedder)
    ingest(first, settings, embedder=embedder)

    with subprocess.Popen(
        [sys.executable, "-c", WRITERS, str(settings.home), tiny_embedder],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        cwd=Path(__file__).parents[1], env={**os.environ, "OMP_NUM_THREADS": "1"},
    ) as writers:  # fmt: skip
        assert writers.stdin
        assert writers.stdout
        whole = [rebuild(writers.stdin, writers.stdout, first) for _ in range(2)]
        assert [status for status, _ in whole] == [0, 0]
        duration = min(seconds for _, seconds in whole)
        chance = random.Random(797)
        killed = 0
        for number in range(KILLS):
            moment = duration * chance.random()
            status, _ = rebuild(writers.stdin, writers.stdout, corpora[number % 2], moment)
            if status == signal.SIGKILL:
                killed += 1
            else:  # it was done by then: the machine has become faster
                duration = min(duration, moment)
            opened = open_index(settings, embedder)
            assert len(opened.library.passages) in expected
            assert opened.search("pharmacy operations", 3)
        writers.stdin.close()
    assert killed >= KILLS // 2

    # The next writer takes the lock of the dead, finishes, and clears up what they left.
    assert ingest(edited, settings, rebuild=True).built
    assert len(open_index(settings).library.passages) == expected[1]
    assert len(FolderPlace(settings.index_folder).versions()) == 2


def rebuild(lines: IO[str], replies: IO[str], folder: Path, kill_after: float | None = None) -> tuple[int, float]:
    """Exit status and seconds of a rebuild that is killed after so many seconds, or left alone."""
    lines.write(f"{folder}\t{'' if kill_after is None else kill_after}\n")
    lines.flush()
    status, seconds = replies.readline().split()
    return int(status), float(seconds)
