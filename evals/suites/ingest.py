"""How long does ingest take: at first, unchanged, and after one sentence changed?"""

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from cpom_tutor.config import Settings
from evals.cases import CORPUS
from evals.report import Figure, Result, Target
from evals.runs import Run
from ingest.pipeline import ingest
from ingest.report import IngestReport

UNCHANGED_SECONDS = 2.0
TIMES = 5
SENTENCE = "Operational excellence is not the enemy of clinical excellence; it is the essential catalyst for it."
CHANGED = "Operational excellence is no enemy of clinical excellence; it is the very catalyst for it."


def measure(run: Run) -> Result:
    """Times each in a folder of its own; imports are done before the clock starts."""
    with tempfile.TemporaryDirectory() as name:
        corpus = Path(name) / "corpus"
        shutil.copytree(CORPUS, corpus)
        settings = replace(run.settings, home=Path(name) / "home", chroma_url=None)
        return _measured(corpus, settings)


def _measured(corpus: Path, settings: Settings) -> Result:
    import sentence_transformers  # noqa: F401 - imported before the clock starts

    def again() -> IngestReport:
        return ingest(corpus, settings)

    first = again()
    unchanged = [again() for _ in range(TIMES)]
    section = next(path for path in corpus.glob("*/*.md") if SENTENCE in path.read_text(encoding="utf-8"))
    section.write_text(section.read_text(encoding="utf-8").replace(SENTENCE, CHANGED), encoding="utf-8")
    changed = again()
    slowest = max(report.seconds for report in unchanged)
    most = max(report.embedded for report in unchanged)
    return Result(
        "ingest",
        "Time of python -m ingest after its imports, in a new data folder.",
        (
            *_figures("first ingest", first),
            Figure("unchanged, slowest", slowest, TIMES, unit="s", target=Target(UNCHANGED_SECONDS, at_most=True)),
            Figure("unchanged, texts embedded", most, TIMES, target=Target(0, at_most=True)),
            *_figures("one sentence changed", changed),
            Figure("one sentence changed, passages replaced", changed.added, 1, target=Target(1, at_most=True)),
        ),
        notes=("The first ingest and the changed one load the model.",),
    )


def _figures(name: str, report: IngestReport) -> tuple[Figure, Figure]:
    return (
        Figure(name, report.seconds, 1, unit="s"),
        Figure(f"{name}, texts embedded", report.embedded, 1),
    )
