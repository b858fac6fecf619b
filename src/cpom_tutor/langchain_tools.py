"""The tutor in LangChain: its passages as a retriever, its checked answers as a runnable. Needs langchain-core."""

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda
from pydantic import Field, SkipValidation

from cpom_tutor.config import Settings
from cpom_tutor.interchange import turn_to_json
from cpom_tutor.protocols import Hit, Retriever, Stepper, Understander
from cpom_tutor.wiring import open_application


class CourseDocuments(BaseRetriever):
    """Finds passages of the course as the tutor does: typos mended, everyday words turned into the course's.

    A document's metadata is `passage_id`, `address`, `heading_path`, `kind`, `score` and `index` (the fingerprint of
    the index version). Passages are found for every question, the ones that the tutor would decline too.

    Attributes:
        understander: reads the question.
        course: finds the passages.
        limit: how many at most.
    """

    understander: SkipValidation[Understander] = Field(exclude=True)
    course: SkipValidation[Retriever] = Field(exclude=True)
    limit: int = Field(default=6, ge=1)

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:  # noqa: ARG002 - the name is LangChain's
        meant = self.understander.understand(query, ())
        hits = self.course.search(meant.query or meant.resolved, self.limit, expansion=meant.expansion)
        index = self.course.library.fingerprint
        return [_document(hit, index) for hit in hits]


def open_retriever(settings: Settings | None = None, *, limit: int = 6) -> CourseDocuments:
    """The passages of the current index version as a LangChain retriever.

    Args:
        settings: those of the environment where there are none.
        limit: how many documents at most.

    Raises:
        IndexMissing, IndexDamaged, IndexMismatch: the index cannot be used; says what to type.
        BadInput: a setting names something that does not exist.
    """
    tutor = open_application(settings).tutor
    return CourseDocuments(understander=tutor.understander, course=tutor.retriever, limit=limit)


def open_runnable(settings: Settings | None = None) -> Runnable[str, dict[str, Any]]:
    """The tutor as a LangChain runnable: a question in, the JSON of `ask` out. Questions stand alone.

    Args:
        settings: those of the environment where there are none.

    Raises:
        IndexMissing, IndexDamaged, IndexMismatch: the index cannot be used; says what to type.
        BadInput: a setting names something that does not exist.
    """
    return as_runnable(open_application(settings).tutor)


def as_runnable(tutor: Stepper) -> Runnable[str, dict[str, Any]]:
    """A tutor as a runnable; what it raises (TutorError) is raised by `invoke`."""

    def answer(question: str) -> dict[str, Any]:
        return turn_to_json(tutor.ask(question))

    return RunnableLambda(answer, name="cpom-tutor")


def _document(hit: Hit, index: str) -> Document:
    passage = hit.passage
    return Document(
        id=passage.id,
        page_content=passage.text,
        metadata={
            "passage_id": passage.id,
            "address": str(passage.address),
            "heading_path": list(passage.heading_path),
            "kind": passage.kind.value,
            "score": round(hit.score, 4),
            "index": index,
        },
    )
