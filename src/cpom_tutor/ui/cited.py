"""The course's text opened at a citation, or the plain word that it has changed since."""

from collections.abc import Iterable

from cpom_tutor.course import Address, Citation, Passage
from cpom_tutor.errors import TutorError
from cpom_tutor.library import Library
from cpom_tutor.ui.render_answer import standing
from cpom_tutor.ui.render_course import changed_note, section_view
from cpom_tutor.ui.text import Mark


def find(library: Library, passage_id: str, address: str = "") -> Passage:
    """A passage by id, by the successor of a retired id, or by address.

    Raises:
        NotFound: none of them leads to a passage.
        BadInput: the address is not one.
    """
    current = passage_id if passage_id in library else library.retired.get(passage_id, "")
    if current in library:
        return library.passage(current)
    if address:
        return library.at(Address.parse(address, library.code))[0]
    return library.passage(passage_id)


def opened_at(
    aimed: Citation, strong: Iterable[Citation], others: Iterable[Citation], library: Library, *, prefix: str
) -> str:
    """The section of a citation, opened at its words.

    Args:
        aimed: what to scroll to.
        strong: citations to mark strongly, `aimed` among them.
        others: citations to mark lightly.
        library: the text of today.
        prefix: starts every element's id, because two screens may show the same section.
    """
    now, note = standing(aimed, library), ""
    if now:
        pointed = library.passage(now.passage_id)
    else:
        try:
            pointed = find(library, aimed.passage_id, aimed.address)
        except TutorError:
            return changed_note(aimed.address, aimed.quote)
        note = changed_note(aimed.address, aimed.quote, moved=str(pointed.address))
    section = library.section_of(pointed)
    weighed = [(standing(one, library), True) for one in strong] + [(standing(one, library), False) for one in others]
    marks = [
        Mark(*_stretch(one, library), strong=heavy, target=one == now)
        for one, heavy in weighed
        if one and library.section_of(library.passage(one.passage_id)) is section
    ]
    return note + section_view(library, section, marks, prefix=prefix, pointed=pointed.id)


def opened_passage(passage: Passage, library: Library, *, prefix: str) -> str:
    """The section of a passage, opened there."""
    marks = [Mark(passage.start, passage.end, strong=False, target=True)]
    return section_view(library, library.section_of(passage), marks, prefix=prefix, pointed=passage.id)


def _stretch(citation: Citation, library: Library) -> tuple[int, int]:
    start = library.passage(citation.passage_id).start
    return start + citation.start, start + citation.end
