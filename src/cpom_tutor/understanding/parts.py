"""Several questions in one: "what is it and why does it matter", "who runs it? and how long does it take?"."""

import re

MOST = 3
"""Parts; a longer message is a story, and is answered as one."""
_ASKING = r"(?:what|which|who|whom|whose|why|y|how|where|when)(?:['’]?s|['’]?re)?"
_HELPING = r"(?:is|are|was|were|do|does|did|can|could|will|would|should|has|have|am)"
_FILLER = r"(?:and|n|&|also|plus|but|so|then|ok|okay|hey|hi|pls|please|um|or)"
_BREAK = re.compile(
    rf"(?<=[?!.;])\s+(?=(?:{_FILLER}\W+)*(?:{_ASKING}|{_HELPING})\b)"
    rf"|\s*,?\s+(?:and|n|&|plus|also)\s+(?={_ASKING}\s+\w+\s+\w+)"
    rf"|,\s+(?={_ASKING}\s+\w+\s+\w+)"
    rf"|\s*,?\s+(?:and|n|&|plus|also)\s+(?={_HELPING}\s+(?:it|they|i|we|you|there)\b)",
    re.IGNORECASE,
)
_INTERROGATIVE = re.compile(
    rf"^\W*(?:{_FILLER}\W+)*(?:{_ASKING}|{_HELPING}|explain|define|describe|list|name|tell)\b", re.I
)
_REPORTED = re.compile(r"\b(?:know|tell|say|says|ask|asked|wonder\w*|sure|explain|see|matter|understand)\s*,?$", re.I)
_INDIRECT = re.compile(
    rf"^\W*(?:{_FILLER}\W+)*{_HELPING}\b.*\b(?:know|say|tell|explain|mention|cover|see)\s+(?:\w+\s+)?{_ASKING}\b", re.I
)
_INVERTED = re.compile(rf"^\W*(?:{_ASKING}\s+(?:\w+\s+)?)?{_HELPING}\b", re.I)
_FEWEST = 3  # words of a part


def parts_of(text: str) -> tuple[str, ...]:
    """The questions that a message asks, in order; one where it asks one.

    A part is cut only where a new question starts, and only if each side asks: "know what, and how" is one question.
    """
    found: list[str] = []
    start = 0
    for match in _BREAK.finditer(text):
        before, after = text[start : match.start()], text[match.end() :]
        told = _REPORTED.search(before) or (_INDIRECT.search(before) and not _INVERTED.search(after))
        if _asks(before) and _asks(after) and not told:
            found.append(before.strip(" ,"))
            start = match.end()
    found.append(text[start:].strip())
    return tuple(found) if 1 < len(found) <= MOST else (text,)


def _asks(text: str) -> bool:
    return len(text.split()) >= _FEWEST and (bool(_INTERROGATIVE.match(text)) or text.rstrip().endswith("?"))
