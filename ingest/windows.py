"""What is embedded for a passage and for a sentence.

A model reads only so many tokens; a longer passage gets one vector a window, and windows end where sentences
do, so that nothing of a passage is left unread. The words around a passage (its headings, the paragraph that
introduces its list) go in front, because an item alone rarely says what it is an item of.
"""

from itertools import pairwise

from cpom_tutor.course import Passage
from cpom_tutor.library import Library
from cpom_tutor.protocols import Embedder

_CONTEXT_SHARE = 0.35
"""Of the model's tokens; what stands around a passage must not crowd out the passage."""


def passage_windows(library: Library, passage: Passage, embedder: Embedder) -> tuple[str, ...]:
    """The texts to embed for a passage, in order; together they hold all of its words.

    Args:
        library: for the lead-in.
        passage: no container.
        embedder: whose tokens are counted; each text is at most `max_tokens` long.
    """
    context = _context(library, passage, embedder)
    whole = f"{context}\n{passage.text}"
    if embedder.count_tokens(whole) <= embedder.max_tokens:
        return (whole,)
    windows: list[str] = []
    parts = [part for piece in _sentence_pieces(passage) for part in _fitting(piece, context, embedder)]
    current = ""
    for part in parts:
        longer = f"{current} {part}".strip()
        if current and embedder.count_tokens(f"{context}\n{longer}") > embedder.max_tokens:
            windows.append(current)
            longer = part
        current = longer
    return tuple(f"{context}\n{window}" for window in (*windows, current))


def sentence_text(passage: Passage, number: int) -> str:
    """The text to embed for a passage's sentence: with the name of what it is about in front."""
    words = passage.sentences[number].of(passage.text)
    return f"{passage.name}: {words}" if passage.name else words


def _context(library: Library, passage: Passage, embedder: Embedder) -> str:
    lead_in = library.lead_in(passage) if passage.parent else None
    parts = [passage.heading, lead_in.sentence_texts[-1] if lead_in else ""]
    kept = [part for part in parts if part]
    room = int(embedder.max_tokens * _CONTEXT_SHARE)
    while kept and embedder.count_tokens("\n".join(kept)) > room:
        kept.pop(0)
    return "\n".join(kept)


def _sentence_pieces(passage: Passage) -> list[str]:
    """The passage cut where its sentences start: labels and marks between them are not lost."""
    edges = [0, *(span.start for span in passage.sentences[1:]), len(passage.text)]
    return [passage.text[left:right].strip() for left, right in pairwise(edges)]


def _fitting(text: str, context: str, embedder: Embedder) -> list[str]:
    """The text, halved between words until each part fits behind the context."""
    words = text.split()
    if len(words) < 2 or embedder.count_tokens(f"{context}\n{text}") <= embedder.max_tokens:
        return [text]
    middle = len(words) // 2
    return [part for half in (words[:middle], words[middle:]) for part in _fitting(" ".join(half), context, embedder)]
