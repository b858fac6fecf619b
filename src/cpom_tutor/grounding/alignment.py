"""What is laid side by side: the content words of two texts, and of long evidence the sentences near to the claim."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cpom_tutor.grounding.sentences import split_sentences
from cpom_tutor.language import STOPWORDS, content_stems, plain, stem
from cpom_tutor.protocols import Reading

NEAR = 8
"""So many sentences of long evidence are compared: those with most of the claim's words."""
LONG = 170
"""Words of evidence from which on only the near sentences are read (the model reads some 250 tokens)."""
LISTED = re.compile(r"[^,;:.!?()—]+(?:, [^,;:.!?()—]+)*,? (?:and|or|as well as) [^,;:.!?()—]+")
ITEM_END = re.compile(r"(?P<item>.+?)(?:, (?:and |or |as well as )?| and | or | as well as |,$)")
_PIECES = frozenset("isn aren wasn weren don doesn didn won wouldn couldn shouldn hasn haven hadn ll ve re".split())


@dataclass(frozen=True, slots=True)
class Word:
    """A content word: its stem, itself, its place among the words that were read, and where it starts."""

    stem: str
    text: str
    place: int
    start: int


def near_evidence(claim: str, evidence: Sequence[str]) -> str:
    """The evidence as one text; of long evidence the sentences that share most with the claim, in their order."""
    pieces = [plain(piece) for piece in evidence if piece.strip()]
    text = " ".join(pieces)
    if text.count(" ") < LONG:
        return text
    sentences = [span.of(piece) for piece in pieces for span in split_sentences(piece)]
    wanted = set(content_stems(claim))
    shared = [
        len(wanted & set(content_stems(sentence))) / (len(content_stems(sentence)) + 8) ** 0.5 for sentence in sentences
    ]
    best = sorted(range(len(sentences)), key=lambda place: -shared[place])[:NEAR]
    kept: list[int] = []
    length = 0
    for place in best:
        size = sentences[place].count(" ") + 1
        if not kept or length + size <= LONG:
            kept.append(place)
            length += size
    return " ".join(sentences[place] for place in sorted(kept))


def content_words(text: str, reading: Reading) -> tuple[Word, ...]:
    """The content words of a text that the model read."""
    found = []
    for place, span in enumerate(reading.spans):
        word = span.of(text).lower()
        if word not in STOPWORDS and word not in _PIECES and (len(word) > 1 or word.isdigit()) and word != "one":
            found.append(Word(stem(word), span.of(text), place, span.start))
    return tuple(found)


def listed_together(text: str, start: int, end: int) -> bool:
    """Whether two places of a text, in order, are in one plain list."""
    return any(found.start() <= start and end < found.end() for found in LISTED.finditer(text)) and not re.search(
        r"\b(?:to|for|of|by|from|who|that)\b", text[start:end]
    )
