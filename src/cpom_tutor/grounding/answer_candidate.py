"""A passage that may answer, with the cosines that a search has computed anyway."""

from collections.abc import Sequence
from dataclasses import dataclass

from cpom_tutor.protocols import Vectors


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that may answer, as the scorer sees it. Cosines are -1 to 1.

    Attributes:
        sentences: its sentences, in reading order; at least one.
        cosines: the question's cosine with each sentence.
        cosine: the question's cosine with the whole passage.
        heading: what the passage stands under ("Forecasting"), or nothing.
        heading_cosine: the question's cosine with the heading; 0 without one.
        heading_to_passage: the heading's cosine with the passage; 0 without one.
        heading_to_sentences: the heading's cosine with each sentence; empty without one.

    Raises:
        ValueError: there is no sentence, or not one cosine for each.
    """

    sentences: tuple[str, ...]
    cosines: tuple[float, ...]
    cosine: float
    heading: str = ""
    heading_cosine: float = 0.0
    heading_to_passage: float = 0.0
    heading_to_sentences: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if not self.sentences or len(self.sentences) != len(self.cosines):
            raise ValueError("a candidate has at least one sentence, and one cosine for each")
        if self.heading_to_sentences and len(self.heading_to_sentences) != len(self.sentences):
            raise ValueError("the heading has one cosine with each sentence, or none")

    @classmethod
    def from_vectors(
        cls, sentences: Sequence[str], question: Vectors, passage: Vectors, sentence_vectors: Vectors,
        heading: str = "", heading_vector: Vectors | None = None,
    ) -> "Candidate":  # fmt: skip
        """A candidate from unit vectors that an index or an embedder has.

        Args:
            sentences: the passage's sentences.
            question, passage, heading_vector: shape (dimension,).
            sentence_vectors: shape (len(sentences), dimension).
            heading: what the passage stands under.
        """
        cosines = tuple(map(float, sentence_vectors @ question))
        if not heading or heading_vector is None:
            return cls(tuple(sentences), cosines, float(passage @ question))
        return cls(
            tuple(sentences), cosines, float(passage @ question), heading, float(heading_vector @ question),
            float(heading_vector @ passage), tuple(map(float, sentence_vectors @ heading_vector)),
        )  # fmt: skip

    def without_heading(self) -> "Candidate":
        """The same passage as if it stood under nothing."""
        return Candidate(self.sentences, self.cosines, self.cosine)
