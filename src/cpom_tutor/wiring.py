"""The only place that chooses implementations."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from cpom_tutor.config import Settings, load_settings
from cpom_tutor.errors import BadInput, TutorError
from cpom_tutor.generation.extractive.generator import ExtractiveGenerator
from cpom_tutor.grounding.rules import RuleChecker
from cpom_tutor.protocols import GroundingChecker, Records
from cpom_tutor.records import open_records
from cpom_tutor.retrieval.retriever import CourseRetriever, open_index
from cpom_tutor.tutor import Tutor
from cpom_tutor.understanding.understander import CourseUnderstander

CHECKERS: dict[str, Callable[[], GroundingChecker]] = {"rules": RuleChecker}


@dataclass
class Application:
    """The parts of a running tutor. Each is opened when first used, so that `ask` needs no database.

    Attributes:
        settings: what it was opened with.
        retriever: the open index.
        tutor: who answers.
    """

    settings: Settings
    retriever: CourseRetriever
    tutor: Tutor
    _warming: threading.Thread | None = field(default=None, repr=False)

    @cached_property
    def records(self) -> Records:
        """The database, opened (and made, and migrated) at first use.

        Raises:
            RecordsUnavailable: it cannot be used.
        """
        return open_records(self.settings)

    def warm_up(self) -> None:
        """Loads the embedder in the background, so that the page is ready before it."""
        if self._warming is None:
            self._warming = threading.Thread(target=self._load_embedder, name="warm-up", daemon=True)
            self._warming.start()

    def _load_embedder(self) -> None:
        try:
            self.tutor.ask("What is this course about?")
        except TutorError:
            # The first question will raise the same, where somebody can read it.
            return


def open_application(settings: Settings | None = None) -> Application:
    """Opens the index and puts the tutor together.

    Raises:
        IndexMissing, IndexDamaged, IndexMismatch: the index cannot be used; says what to type.
        BadInput: a setting names something that does not exist.
    """
    settings = settings or load_settings()
    if settings.checker not in CHECKERS:
        known = ", ".join(sorted(CHECKERS))
        raise BadInput(
            f"CPOM_TUTOR_CHECKER names “{settings.checker}”, which does not exist; set it to one of: {known}"
        )
    if settings.model:
        raise BadInput(
            f"CPOM_TUTOR_MODEL is set to “{settings.model}”, and this version answers without a language model only; "
            "unset CPOM_TUTOR_MODEL."
        )
    retriever = open_index(settings)
    tutor = Tutor(
        understander=CourseUnderstander(lambda: retriever.library),
        retriever=retriever,
        generator=ExtractiveGenerator(),
        checker=CHECKERS[settings.checker](),
    )
    return Application(settings, retriever, tutor)
