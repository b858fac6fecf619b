"""Entries that teachers keep beside the course: lists in YAML files, each tied to the course by excerpts of it.

What cannot be used is left out and named by file and entry; the rest goes in.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from cpom_tutor.course import Passage, Span
from cpom_tutor.teaching import Place
from ingest.course_files import read_yaml
from ingest.refusal import Refusal

Made = TypeVar("Made")


def read_entries(
    folder: Path, shape: str, read: Callable[[object], Iterable[Made | Refusal]], refused: list[tuple[str, str]]
) -> Iterator[Made]:
    """What `read` makes of each entry of the YAML files of a folder, in file order.

    Args:
        folder: a folder of the corpus, which may be missing.
        shape: what a file must be, for the reader ("a list of entries, each with ...").
        read: gives the values of one entry, and a refusal for each part of it that cannot be used; it raises one
            where the entry as a whole cannot.
        refused: (file, reason) of what cannot be used is appended.
    """
    root = folder.parent
    for path in sorted(folder.glob("*.yaml")):
        name = path.relative_to(root).as_posix()
        try:
            entries = read_yaml(root, path)
            if not isinstance(entries, list):
                raise Refusal(f"it must be {shape}")
        except Refusal as reason:
            refused.append((name, str(reason)))
            continue
        for position, entry in enumerate(entries, start=1):
            try:
                for found in read(entry):
                    if isinstance(found, Refusal):
                        refused.append((name, f"entry {position} {found}"))
                    else:
                        yield found
            except Refusal as reason:
                refused.append((name, f"entry {position} {reason}"))


def fields_of(entry: object, needed: Iterable[str], optional: Iterable[str] = ()) -> dict[str, object]:
    """The entry, if it has all fields that are needed and no others than these and the optional ones.

    Raises:
        Refusal: it has not.
    """
    needed = sorted(needed)
    every = sorted({*needed, *optional})
    if not isinstance(entry, dict) or not set(entry) <= set(every):
        raise Refusal(f"must have the fields {', '.join(every)} only; see README.md of the corpus")
    missing = [field for field in needed if entry.get(field) in (None, "", [])]
    if missing:
        raise Refusal(f"lacks {', '.join(f'“{field}:”' for field in missing)}; see README.md of the corpus")
    return entry


def text_of(entry: Mapping[str, object], field: str) -> str:
    """A field's text on one line.

    Raises:
        Refusal: it is no text.
    """
    found = entry[field]
    if not isinstance(found, str) or not found.strip():
        raise Refusal(f"needs a text as “{field}:”; put quotes around it if it is a number or has a colon")
    return " ".join(found.split())


def list_of(entry: Mapping[str, object], field: str) -> list[object]:
    """A field's list.

    Raises:
        Refusal: it is no list.
    """
    found = entry.get(field) or []
    if not isinstance(found, list):
        raise Refusal(f"needs a list as “{field}:”; start each of its lines with “- ”")
    return found


def texts_of(entry: Mapping[str, object], field: str) -> list[str]:
    """A field's list of texts, as they are written.

    Raises:
        Refusal: it is none.
    """
    found = entry.get(field) or []
    if not isinstance(found, list) or not all(isinstance(each, str) and each.strip() for each in found):
        raise Refusal(f"needs a list of texts as “{field}:”; put quotes around a text with a colon")
    return found


def places_of(excerpt: str, passages: Iterable[Passage]) -> Iterator[Place]:
    """Every passage that an excerpt stands in, and where in it; whole lists and tables do not count."""
    for passage in passages:
        start = -1 if passage.kind.is_container else passage.text.find(excerpt)
        if start >= 0:
            yield passage.id, Span(start, start + len(excerpt))


def place_of(excerpt: str, passages: Iterable[Passage], what: str) -> Place:
    """The first passage that an excerpt stands in, and where in it.

    Raises:
        Refusal: it stands in none; `what` says what it was to be ("an answer").
    """
    for place in places_of(excerpt, passages):
        return place
    raise Refusal(f"has {what} that stands in no passage, word for word: “{excerpt}”")
