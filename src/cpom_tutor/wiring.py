"""The only place that chooses implementations."""

import importlib.metadata
import importlib.util
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property

from cpom_tutor.config import Settings, load_settings
from cpom_tutor.errors import BadInput, ModelUnavailable, TutorError
from cpom_tutor.generation.chat_model.calling import Budget
from cpom_tutor.generation.chat_model.chat_model import ChatModel
from cpom_tutor.generation.chat_model.opening import open_model
from cpom_tutor.generation.extractive.generator import ExtractiveGenerator
from cpom_tutor.grounding.entailment import Entailment
from cpom_tutor.grounding.rules import RuleChecker
from cpom_tutor.library import Library
from cpom_tutor.practice.chat.chat import PracticeChat
from cpom_tutor.practice.grading.grader import RubricGrader
from cpom_tutor.practice.practice import CoursePractice
from cpom_tutor.practice.sittings.room import PracticeRoom
from cpom_tutor.practice_protocols import Grader, Practice
from cpom_tutor.protocols import GroundingChecker, Reader
from cpom_tutor.records import SqlRecords, open_records
from cpom_tutor.records.opening import RecordsAtHand
from cpom_tutor.retrieval.embedder import SentenceTransformerEmbedder
from cpom_tutor.retrieval.retriever import CourseRetriever, open_index
from cpom_tutor.reviewing.canonical import ApprovedAnswers
from cpom_tutor.reviewing.export import ReviewExport, export_reviews
from cpom_tutor.tutor import Tutor
from cpom_tutor.understanding.understander import CourseUnderstander

RULES, CROSS_ENCODER = "rules", "cross-encoder:"
"""What a checker's setting is, or begins with."""


@dataclass
class Application:
    """The parts of a running tutor. Each is opened when first used, so that `ask` needs no database.

    Attributes:
        settings: what it was opened with.
        retriever: the open index.
        tutor: who answers.
        reader: the embedder that all of them share.
        practice: what is practised, of the index version in use; made at first use.
        records_at_hand: opens the database when it is asked for.
        leaves: what leaves this machine for a language model, one sentence; empty where nothing does.
    """

    settings: Settings
    retriever: CourseRetriever
    tutor: Tutor
    reader: Reader
    practice: Practice
    records_at_hand: RecordsAtHand
    leaves: str = ""

    @property
    def records(self) -> SqlRecords:
        """The database, opened (and made, and migrated) at first use.

        Raises:
            RecordsUnavailable: it cannot be used.
        """
        return self.records_at_hand.opened()

    @cached_property
    def room(self) -> PracticeRoom:
        """Where learners practise, and are remembered.

        Raises:
            RecordsUnavailable: the database cannot be used.
        """
        return PracticeRoom(self.practice, self.records, lambda: self.retriever.library)

    def warm_up(self) -> None:
        """Loads the embedder and all that a first question needs; returns when it is there.

        The page calls it from a thread of its own, after it is shown.
        """
        # A fault here is the same as the first question's, where somebody can read it.
        with suppress(TutorError):
            replace(self.tutor, explainer=None).ask("What is this course about?")


def open_application(settings: Settings | None = None, *, approved: bool = True) -> Application:
    """Opens the index and puts the tutor together.

    Args:
        settings: those of the environment where there are none.
        approved: answers that an instructor approved are given too.

    Raises:
        IndexMissing, IndexDamaged, IndexMismatch: the index cannot be used; says what to type.
        BadInput: a setting names something that does not exist.
    """
    settings = settings or load_settings()
    explainer = open_explainer(settings)
    embedder = SentenceTransformerEmbedder(settings.embedder)
    checker = open_checker(settings, embedder)
    retriever = open_index(settings, embedder)
    practice = CoursePractice(lambda: retriever.library, open_grader(settings, embedder))
    understander, records = CourseUnderstander(lambda: retriever.library), RecordsAtHand(settings)
    tutor = Tutor(
        understander=understander,
        retriever=retriever,
        generator=ExtractiveGenerator(settings.most_unsupported),
        checker=checker,
        examiner=PracticeChat(practice, retriever),
        canonical=ApprovedAnswers(records.if_there, understander, lambda: retriever.library, embedder)
        if approved
        else None,
        explainer=explainer,
    )
    leaves = explainer.model.leaves if explainer else ""
    return Application(settings, retriever, tutor, embedder, practice, records, leaves)


def open_explainer(settings: Settings) -> ChatModel | None:
    """The language model that the settings name, where they name one. Nothing is sent yet.

    Raises:
        BadInput: it cannot be opened; says what to type.
    """
    if not settings.model:
        return None
    return ChatModel(open_model(settings), Budget(settings.model_seconds, settings.model_tokens))


def open_checker(settings: Settings, reader: Reader | None = None) -> GroundingChecker:
    """The grounding checker; needs no index, and loads the embedder at the first claim that is no quote.

    Args:
        settings: names the checker and the embedder.
        reader: to share an embedder.

    Raises:
        BadInput: the setting names a checker that does not exist.
    """
    if settings.checker == RULES:
        reading = reader or SentenceTransformerEmbedder(settings.embedder)
        return RuleChecker(lambda: reading)
    return RuleChecker(weigher=_entailment(settings))


def _entailment(settings: Settings) -> Entailment:
    name = settings.checker.removeprefix(CROSS_ENCODER).strip()
    if not settings.checker.startswith(CROSS_ENCODER) or not name:
        raise BadInput(
            f"CPOM_TUTOR_CHECKER names “{settings.checker}”, which does not exist; set it to “{RULES}”, or to "
            f"“{CROSS_ENCODER}” and a model's name or folder."
        )
    return Entailment(name)


def open_grader(settings: Settings, reader: Reader | None = None) -> Grader:
    """Who marks free text; needs no index, and loads the embedder at the first answer.

    Args:
        settings: names the embedder.
        reader: to share an embedder.
    """
    reading = reader or SentenceTransformerEmbedder(settings.embedder)
    return RubricGrader(lambda: reading)


def open_practice(settings: Settings, reader: Reader | None = None) -> Practice:
    """Practice from the current index version, with no embedder loaded until free text is marked.

    Args:
        settings: names the index and the embedder.
        reader: to share an embedder.

    Raises:
        IndexMissing, IndexDamaged, IndexMismatch: the index cannot be used.
    """
    retriever, grader = open_index(settings), open_grader(settings, reader)
    return CoursePractice(lambda: retriever.library, grader)


def open_library(settings: Settings) -> Library:
    """The course text of the current index version, with no embedder loaded.

    Raises:
        IndexMissing, IndexDamaged, IndexMismatch: the index cannot be used.
    """
    return open_index(settings).library


def open_reviews(settings: Settings) -> SqlRecords:
    """What learners and instructors said of turns; needs no index.

    Raises:
        RecordsUnavailable: the database cannot be used.
    """
    return open_records(settings)


def open_accounts(settings: Settings) -> SqlRecords:
    """Who may sign in; needs no index.

    Raises:
        RecordsUnavailable: the database cannot be used.
    """
    return open_records(settings)


def open_classes(settings: Settings) -> SqlRecords:
    """What is counted of a class; needs no index.

    Raises:
        RecordsUnavailable: the database cannot be used.
    """
    return open_records(settings)


def export_reviews_of(settings: Settings) -> ReviewExport:
    """What instructors take out of the reviews, of the database and the current index version.

    Raises:
        IndexMissing, IndexDamaged, IndexMismatch: the index cannot be used.
        RecordsUnavailable: the database cannot be used.
    """
    library, embedder = open_library(settings), SentenceTransformerEmbedder(settings.embedder)
    with closing(open_records(settings)) as records:
        return export_reviews(records.cases(unanswered=True), library, embedder, datetime.now(UTC))


@dataclass(frozen=True, slots=True)
class Finding:
    """One part that `doctor` looked at.

    Attributes:
        name: the part.
        ok: True, False, or None for an optional part that is not there.
        finding: what was found, one line.
        remedy: what to type, where there is something to do.
    """

    name: str
    ok: bool | None
    finding: str
    remedy: str = ""


def examine(settings: Settings) -> tuple[Finding, ...]:
    """Looks at every part, for `doctor`; a fault of one does not stop the others."""
    return tuple(
        _examined(name, look, settings)
        for name, look in (
            ("index", _look_at_index),
            ("embedder", _look_at_embedder),
            ("database", _look_at_database),
            ("screens", _look_at_screens),
            ("checker", _look_at_checker),
            ("language model", _look_at_model),
        )
    )


def _examined(name: str, look: Callable[[Settings], Finding], settings: Settings) -> Finding:
    try:
        return look(settings)
    except TutorError as error:
        return Finding(name, False, str(error))


def _look_at_index(settings: Settings) -> Finding:
    library = open_library(settings)
    sections, passages = len(library.sections), len(library.passages)
    where = settings.chroma_url or settings.index_folder
    return Finding(
        "index", True, f"{sections} section(s), {passages} passages, version {library.fingerprint}, in {where}"
    )


def _look_at_embedder(settings: Settings) -> Finding:
    embedder = SentenceTransformerEmbedder(settings.embedder)
    length = embedder.embed(["pharmacy operations"]).shape[1]
    return Finding("embedder", True, f"{embedder.name}: {length} numbers a text, reads {embedder.max_tokens} tokens")


def _look_at_database(settings: Settings) -> Finding:
    with closing(open_records(settings)) as records:
        count = len(records.accounts())
    where = settings.database_url.split("@")[-1] if settings.database_url else settings.records_url
    accounts = f"{count} account(s)" if count else "no accounts: for this machine alone"
    return Finding("database", True, f"{where}; {accounts}")


def _look_at_screens(_: Settings) -> Finding:
    if importlib.util.find_spec("gradio") is None:
        return Finding("screens", False, "gradio is not installed.", "Type: pip install gradio")
    return Finding("screens", True, f"gradio {importlib.metadata.version('gradio')}; open them with: cpom-tutor chat")


def _look_at_checker(settings: Settings) -> Finding:
    if settings.checker == RULES:
        return Finding("checker", True, settings.checker)
    entailment = _entailment(settings)
    labels = ", ".join(label.value for label in entailment.labels)
    return Finding("checker", True, f"rules, and the model {entailment.name} (its labels: {labels})")


def _look_at_model(settings: Settings) -> Finding:
    explainer = open_explainer(settings)
    if not explainer:
        return Finding(
            "language model", None, "none is configured; answers are made from the course’s own sentences, offline."
        )
    try:
        return Finding("language model", True, explainer.tried(open_library(settings)))
    except ModelUnavailable as error:
        remedy = "Check CPOM_TUTOR_MODEL, CPOM_TUTOR_MODEL_URL and CPOM_TUTOR_MODEL_KEY; until then it answers without."
        return Finding("language model", False, f"{error}.", remedy)
