"""Cards whose item is gone: kept, never asked, and said so."""

from collections.abc import Container, Iterable
from dataclasses import replace

from cpom_tutor.attempts import Card
from cpom_tutor.library import Library

CHANGED = "The text it stood on has changed."
LEFT = "The text it stood on has left the course."
WITHDRAWN = "The question has been withdrawn; the text it stood on is still there."


def retire(cards: Iterable[Card], items: Container[str], library: Library) -> tuple[Card, ...]:
    """The cards, each retired or asked as its item is among the valid ones now.

    Args:
        cards: a learner's.
        items: ids of the valid items of the index in use. An item that comes back brings its card back.
        library: the course as it is now.
    """
    return tuple(replace(card, retired="" if card.item.id in items else _reason(card, library)) for card in cards)


def _reason(card: Card, library: Library) -> str:
    gone = [cited.passage_id for cited in card.item.citations if cited.passage_id not in library]
    if not gone:
        return WITHDRAWN
    return CHANGED if all(library.retired.get(passage) for passage in gone) else LEFT
