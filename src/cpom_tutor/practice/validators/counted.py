"""Short questions: bounded, counted, and about one list only."""

import re

from cpom_tutor.course import Passage
from cpom_tutor.items import ItemKind, QuizItem
from cpom_tutor.library import Library
from cpom_tutor.practice.validators.wording import quotes, unquoted

COUNTS = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine"}
_ASKED = re.compile(rf"\b(?:{'|'.join(COUNTS.values())})\b", re.IGNORECASE)
_THINGS = re.compile(r"\b[a-z]{3,}s\b")


def counted_fault(item: QuizItem, library: Library) -> str:
    """A short question says how many points it wants, and no other list of as many fits its words.

    Haladyna and Rodriguez (2013), chapter 10: a constructed response is marked fairly where the task is bounded.
    """
    if item.kind is not ItemKind.SHORT:
        return ""
    asked = _ASKED.findall(unquoted(item.stem))
    if COUNTS.get(len(item.rubric), "none") not in map(str.lower, asked):
        return f"the stem does not say that it wants {len(item.rubric)} points"
    about = [library.passage(point.citation.passage_id) for point in item.rubric]
    names = {heading for passage in about for heading in (passage.heading, passage.name) if heading}
    if any(quote in name for quote in quotes(item.stem) for name in names):
        return ""
    other = _other_list(item, about, library)
    return f"it may ask for the list that begins with “{other.text[:40]}” as well" if other else ""


def _other_list(item: QuizItem, about: list[Passage], library: Library) -> Passage | None:
    """Another list with as many parts, introduced by the noun that the stem counts."""
    counted = _ASKED.split(unquoted(item.stem), maxsplit=1)[1]
    nouns = {match.group() for match in _THINGS.finditer(counted.split(" does the course")[0])}
    own = {passage.parent for passage in about}
    for container in library.containers():
        parts = library.children(container.id)
        introduction = library.lead_in(container)
        told = introduction.text.split(". ")[-1].lower() if introduction else ""
        if container.id not in own and len(parts) == len(about) and nouns & set(_THINGS.findall(told)):
            return container
    return None
