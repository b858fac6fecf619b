"""What stands at an address or has an id, for `cite`: found, as JSON and as text."""

from collections.abc import Sequence
from typing import Any

from cpom_tutor.course import Address, Passage
from cpom_tutor.errors import NotFound
from cpom_tutor.library import Library


def find_passages(library: Library, place: str) -> tuple[tuple[Passage, ...], str]:
    """The passages at an address or with an id, and a sentence if the text has changed since the id was made.

    Raises:
        BadInput: it is neither an address nor an id.
        NotFound: nothing stands there.
    """
    if place in library:
        return (library.passage(place),), ""
    if place in library.retired:
        successor = library.retired[place]
        if successor and successor in library:
            return (
                library.passage(successor),
            ), f"The text of {place} has changed since; this is what stands there now."
        raise NotFound(
            f"The text of {place} has been removed from the course; type an address, such as {library.code} §1.1.1 ¶1"
        )
    return library.at(Address.parse(place, library.code)), ""


def cited_to_json(passages: Sequence[Passage], changed: str) -> dict[str, Any]:
    """The JSON of `cite`.

    Args:
        passages: what was found.
        changed: the sentence of `find_passages`.
    """
    return {"changed": changed or None, "passages": [_passage_to_json(passage) for passage in passages]}


def cited_text(passages: Sequence[Passage]) -> str:
    """Each passage under its address and headings."""
    return "\n\n".join(
        f"{passage.address}  ({' › '.join(passage.heading_path)})\n{passage.text}" for passage in passages
    )


def _passage_to_json(passage: Passage) -> dict[str, Any]:
    return {
        "passage_id": passage.id,
        "address": str(passage.address),
        "kind": passage.kind.value,
        "heading_path": list(passage.heading_path),
        "text": passage.text,
    }
