"""Questions with most of their words left out: "Why?", "What about 1999?", "Any other teams?"."""

import re

_BARE = re.compile(
    r"^\W*(?:but\s+|and\s+|so\s+)?(?P<word>why|how|when|where|with\s+whom)(?:\s+(?:so|come|not|exactly|was\s+that|is\s+that))?\W*$",
    re.IGNORECASE,
)
_WHETHER = re.compile(
    r"^\W*(?:and\s+|so\s+|but\s+)?(?P<verb>did|do|does|was|were|is|are|has|have|had|can|could|will|would)\s+(?P<rest>.+?)\W*$",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"^\W*(?:and\s+|so\s+|but\s+|ok\s+)?(?:what|how)\s+about\s+(?P<what>[^?]{2,50}?)\W*$|^\W*and\s+(?P<other>(?:in\s+)?[A-Z0-9][^?]{1,40}?)\s*\?*$",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_PERSON = re.compile(r"\b(?:he|she|they|it)\b", re.IGNORECASE)
_NAME = re.compile(r"(?<!^)(?<![.?!]\s)\b[A-Z][\w’'-]+(?:\s+[A-Z][\w’'-]+)*")
_ANY = re.compile(r"^\W*(?P<any>any(?:thing|one|body)?)\s+(?P<rest>.+)$", re.IGNORECASE)
_VERB = re.compile(r"\b(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|happen\w*)\b", re.IGNORECASE)


def unfolded(question: str, last: str) -> str:
    """The question with the words back that the last question supplies; unchanged where it has its own.

    Args:
        question: as asked.
        last: the question before it; empty if there is none.
    """
    bare = _BARE.match(question)
    whether = _WHETHER.match(last)
    if bare and whether and not bare["word"].lower().startswith("how"):
        return f"{bare['word'].capitalize()} {whether['verb'].lower()} {whether['rest']}?"
    about = _ABOUT.match(question)
    if about and last:
        return _with_another(last, (about["what"] or about["other"]).strip()) or question
    some = _ANY.match(question)
    if some and not _VERB.search(question):
        several = some["any"].lower() == "any" and re.match(r"(?:other\s+|more\s+)?\w+s\b", some["rest"])
        return f"{'Were' if several else 'Was'} there {some['any'].lower()} {some['rest']}"
    return question


def _with_another(last: str, what: str) -> str:
    """The last question about another year or another name; nothing where it has no place for it."""
    year = _YEAR.search(what)
    if year:
        return _YEAR.sub(year.group(), last, count=1) if _YEAR.search(last) else ""
    if not what[:1].isupper():
        return ""
    for pattern in (_NAME, _PERSON):
        if pattern.search(last):
            return pattern.sub(lambda _: what, last, count=1)
    return ""
