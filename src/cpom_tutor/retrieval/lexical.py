"""BM25 over the course's words. Held in memory: Chroma's local modes have no lexical search.

Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), in the variant of
Lucene, by the bm25s library.
"""

import re
import unicodedata
from collections.abc import Sequence

import bm25s
import numpy as np
from numpy.typing import NDArray

from cpom_tutor.course import Passage
from cpom_tutor.language import stem
from cpom_tutor.library import Library

_K1 = 1.2
_B = 0.6
_WORD = re.compile(r"[a-z0-9]+")
_POSSESSIVE = re.compile(r"['’]s\b|['’]")
_STOP = frozenset(
    "a about an and are as at be been being but by can could did do does doing for from get gets had has have "
    "having he her his how i if in into is it its just like me my no nor not of on or our ours out she should "
    "so some such than that the their them then there these they this those to too us very was we were what "
    "when where which while who whom whose why will with would you your yours s t".split()
)


def words_of(text: str) -> list[str]:
    """Stems of the content words of `text`, in order; numbers are kept, function words are not."""
    plain = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    found = _WORD.findall(_POSSESSIVE.sub("", plain))
    return [stem(word) for word in found if word not in _STOP]


class LexicalIndex:
    """BM25 scores of a fixed list of passages. Safe to share between threads.

    Args:
        library: for the lead-in paragraphs.
        passages: what is scored, in the order of the scores.
    """

    def __init__(self, library: Library, passages: Sequence[Passage]) -> None:
        texts = [words_of(indexed_text(library, passage)) for passage in passages]
        self._size = len(texts)
        self._index: bm25s.BM25 | None = None
        if any(texts):
            self._index = bm25s.BM25(k1=_K1, b=_B, method="lucene")
            self._index.index(texts, show_progress=False)

    def scores(self, text: str) -> NDArray[np.float32]:
        """BM25 scores of all passages for `text`, shape (passages,), 0 where no word is shared."""
        words = words_of(text)
        if self._index is None or not words:
            return np.zeros(self._size, dtype=np.float32)
        return np.asarray(self._index.get_scores(words), dtype=np.float32)


def indexed_text(library: Library, passage: Passage) -> str:
    """What a passage is found by: its label again, the headings below the section's title, its lead-in.

    A list's item rarely repeats what the list is about; its lead-in says it.
    """
    lead_in = library.lead_in(passage) if passage.parent else None
    parts = [passage.name, passage.counterpart_name, *passage.heading_path[1:], *passage.columns]
    return "\n".join([*parts, lead_in.text if lead_in else "", passage.text])
