"""Things of one kind that the course sets side by side, and what to call them in a question.

Found by structure alone: lists, tables, analogies, and headings of one form with labelled paragraphs below.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cpom_tutor.course import Passage
from cpom_tutor.library import Library
from cpom_tutor.series import Series, series_of

# Nouns that a text uses for the things of a list, whatever it is about.
_KINDS = (
    "advantages aims areas attributes aspects barriers benefits capabilities categories causes challenges "
    "characteristics competencies components consequences criteria dimensions domains drivers duties elements "
    "examples expectations factors features forces foundations functions goals groups levels methods models "
    "objectives obstacles options outcomes parts phases pillars pitfalls points practices principles priorities "
    "problems processes qualities reasons requirements responsibilities risks roles rules sources stages "
    "standards steps strategies strengths skills systems tasks tenets threats tools traits trends types values ways"
).split()
_KIND = re.compile(rf"“?\b(?P<noun>{'|'.join(_KINDS)})\b”?", re.IGNORECASE)
_BREAK = frozenset("of in to the a an by from with and or is are cultivate develop include has have".split())
_OWNER = frozenset("her his its their our your".split())
_AFTER = re.compile(
    r"^ (?:of|that|reshaping|covered within|behind|for|facing|driving|needed|required|in) [^,;:.?!]+?"
    r"(?=[,;:.?!]| (?:include|are|is|have|has)\b|$)"
)
_SUBJECT = re.compile(r"^(The(?: [A-Z][\w-]+)+) (?=[a-z])")
_QUESTION = re.compile(r"^What (?:does|do) (?P<what>.+?) (?:entail|involve|include|comprise|require|cover)\?$")
_THIS = re.compile(r"\bthis (?=certification|program|course|credential|curriculum|title)")
_FOR_WHOM = re.compile(r"^For (?P<whom>(?:the )?[\w &-]+)$")
_BENEFIT = re.compile(r"\b(benefit|value|advantage)s?\b", re.IGNORECASE)
_ACRONYM = re.compile(r"\s*\([A-Z][A-Za-z0-9&-]*\)$")
_ARTICLE = re.compile(r"^(?:The|An?) (?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Family:
    """Things of one kind.

    Attributes:
        phrase: what they are together, as a question says it: "the powerful forces reshaping modern healthcare".
        members: the passages that say what each is, in order.
        series: where the course sets them side by side; of merged series, the first.
    """

    phrase: str
    members: tuple[Passage, ...]
    series: Series


def families(library: Library) -> Iterator[Family]:
    """All families of two members or more, in reading order."""
    whom: dict[tuple[str, ...], list[Series]] = {}
    for series in series_of(library):
        path = series.members[0].heading_path
        if series.container is None and _FOR_WHOM.match(path[-1]) and len(path) > 1:
            whom.setdefault(path[:-1], []).append(series)
            continue
        yield Family(_phrase(series, library), series.members, series)
    for path, several in whom.items():
        noun = "benefits" if _BENEFIT.search(path[-1]) else "points"
        members = tuple(member for series in several for member in series.members)
        yield Family(f"the {noun} of {_certification(library)}", members, several[0])


def addressees(library: Library) -> dict[str, str]:
    """For a passage under a heading of the form “For the Patient”: whom it is about ("the patient"), by its id."""
    found = {}
    for passage in library.passages:
        match = _FOR_WHOM.match(passage.heading)
        if match and passage.label:
            found[passage.id] = _lower_words(match["whom"])
    return found


def full_name_of(passage: Passage) -> str:
    """A member's name without an acronym in brackets."""
    return _ACRONYM.sub("", passage.name)


def name_of(passage: Passage) -> str:
    """A member's name as an option: without its article and without an acronym in brackets."""
    return _ARTICLE.sub("", full_name_of(passage))


def self_contained(text: str, library: Library) -> str:
    """The words with "this program" and the like named, so that they can be read alone."""
    return _THIS.sub(f"the {library.code} ", text)


def kind_of(phrase: str) -> str:
    """The noun that a family's things are called by, in lower case; empty where none is known."""
    found = _KIND.search(phrase)
    return found["noun"].lower() if found else ""


def analogy_of(series: Series) -> str:
    """The name of an analogy's box: what stands after its colon, or all of it."""
    heading = series.members[0].heading
    return heading.split(": ", 1)[-1]


def _phrase(series: Series, library: Library) -> str:
    if series.introduction is None:
        return f"the points that the course makes under “{series.members[0].heading}”"
    sentences = series.introduction.sentence_texts or (series.introduction.text,)
    return self_contained(_from_lead_in(sentences[-1], series), library)


def _from_lead_in(sentence: str, series: Series) -> str:
    question = _QUESTION.match(sentence)
    if question:
        return f"the parts of {question['what']}"
    kinds = list(_KIND.finditer(sentence))
    if not kinds:
        column = series.members[0].columns[0] if series.members[0].columns else ""
        return (
            f"the {_plural(column.lower())} in the course’s table"
            if column
            else f"the points of “{series.members[0].heading}”"
        )
    found = kinds[-1]
    words, owner = _modifiers(sentence[: found.start()])
    noun = sentence[found.start() : found.end()]
    after = _AFTER.match(sentence[found.end() :].rstrip(":"))
    subject = _SUBJECT.match(sentence)
    if owner and subject:
        whose = subject[1][0].lower() + subject[1][1:]
        return f"{whose}’s {' '.join([*words, noun])}"
    return f"the {' '.join([*words, noun])}{after.group() if after else ''}"


def _modifiers(before: str) -> tuple[list[str], bool]:
    """The adjectives right before a noun, and whether a possessive pronoun stands before them."""
    kept: list[str] = []
    for word in reversed(before.split()):
        bare = word.lower().strip("“”,")
        if bare in _OWNER:
            return kept, True
        if bare in _BREAK or word.endswith((",", ";", ":")) or len(kept) == 3:
            break
        kept.insert(0, word)
    return [kept[0].lower(), *kept[1:]] if kept and kept[0][0].isupper() and kept[0] != kept[0].upper() else kept, False


def _plural(noun: str) -> str:
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return noun if noun.endswith("s") else f"{noun}s"


def _certification(library: Library) -> str:
    return f"the {library.code}"


def _lower_words(words: str) -> str:
    return " ".join(word if word.isupper() else word.lower() for word in words.split())
