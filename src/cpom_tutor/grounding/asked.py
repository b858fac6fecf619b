"""What a question asks for in general English (who, when, how many ...), and whether a sentence gives such a thing.

The answer's expected type, as in question answering since the TREC tracks (Li and Roth, "Learning Question
Classifiers", 2002); by patterns, not by a trained classifier. What this course's own subject asks for besides is in
`generation/extractive/expected.py`.
"""

import re
from functools import lru_cache

from cpom_tutor.language import STOPWORDS, tokens

FORMS = ("who", "when", "where", "why", "how", "what", "which", "how many", "how much", "other")
"""The ways of asking that the scorer tells apart."""

_FORM = re.compile(r"\b(?:how (?:many|much|long|often|old|far)|who(?:m|se)?|when|where|why|which|what|how)\b")
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_GIVEN = {
    "number": re.compile(
        r"\b(?:\d[\d,.]*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?"
        r"|millions?|billions?|half|third|quarter|several)\b",
        re.IGNORECASE,
    ),
    "date": re.compile(
        rf"\b(?:1\d\d\d|20\d\d|\d+(?:st|nd|rd|th)\s+century|century|decade|\d0s|{_MONTHS}|today|years? ago|since"
        r"|until|during|after|before|spring|summer|autumn|winter)\b",
        re.IGNORECASE,
    ),
    "time": re.compile(r"\b\w+[\s-]+(?:second|minute|hour|day|week|month|year|decade|centur)(?:s|ies|y|ly)?\b", re.I),
    "amount": re.compile(r"[$£€%]|\d|\b(?:percent|million|billion|dollars?)\b", re.IGNORECASE),
    "reason": re.compile(
        r"\b(?:because|due to|in order to|so that|since|therefore|thus|results?|resulted|causes?|caused|reasons?|led"
        r"|to [a-z]+|for)\b",
        re.IGNORECASE,
    ),
    "name": re.compile(r"\b[A-Z][\w'’-]+"),
}
_WANTED = {
    "who": "name", "whom": "name", "whose": "name", "when": "date", "where": "place", "why": "reason",
    "how many": "number", "how much": "amount", "how long": "time", "how often": "time", "how old": "number",
    "how far": "number",
}  # fmt: skip
_BY_NOUN = (
    (re.compile(r"\b(?:what|which) (?:year|date|day|month|century|decade|time)\b"), "date"),
    (re.compile(r"\b(?:percentage|percent|number of|population|amount)\b"), "number"),
    (re.compile(r"\b(?:what|which) (?:country|city|state|region|place|continent|location|town)\b"), "place"),
)
_DEFINING = re.compile(r"^\W*(?:what|who)(?:'s| is| are| was| were| does)\b|\bmeans?\b|\bmeaning\b|\bdefin")
_SHORT = 4  # content words of a question that asks what something is


@lru_cache(maxsize=8192)
def form(question: str) -> str:
    """One of `FORMS`: the first question word, wherever it stands ("at which point", "in what year")."""
    found = _FORM.search(" ".join(tokens(question)))
    if not found:
        return "other"
    asked = found.group()
    if asked in FORMS:
        return asked
    return "who" if asked.startswith("who") else "how"


@lru_cache(maxsize=8192)
def wanted(question: str) -> str:
    """The kind of thing asked for: name, place, date, time, number, amount, reason; empty where it is open."""
    low = " ".join(tokens(question))
    for pattern, kind in _BY_NOUN:
        if pattern.search(low):
            return kind
    found = _FORM.search(low)
    return _WANTED.get(found.group(), "") if found else ""


def candidates(question: str, text: str) -> int:
    """How many things of the wanted kind the text has that are not the question's own words; 0 if it is open."""
    kind = wanted(question)
    if not kind:
        return 0
    asked = frozenset(tokens(question))
    found = _GIVEN["name" if kind == "place" else kind].finditer(text)
    if kind == "place":  # the first word of a text is capitalised anyway
        return sum(1 for match in found if match.start() > 0 and _is_new_name(match.group(), asked))
    if kind == "name":
        return sum(1 for match in found if _is_new_name(match.group(), asked))
    return sum(1 for match in found if not asked.issuperset(tokens(match.group())) or match.group() in "$£€%")


def asks_for_definition(question: str, words: int) -> bool:
    """Whether it asks what something is or means; `words` is how many content words it has."""
    low = question.lower().replace("’", "'")
    found = _DEFINING.search(low)
    return bool(found) and (words <= _SHORT or "mean" in low or "defin" in low)


def _is_new_name(word: str, asked: frozenset[str]) -> bool:
    return word.lower() not in asked and word.lower() not in STOPWORDS
