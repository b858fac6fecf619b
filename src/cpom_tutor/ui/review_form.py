"""What the Review screen's forms are filled in with, read with care: anybody can send anything."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from cpom_tutor.course import Citation, Passage, Span
from cpom_tutor.errors import BadInput
from cpom_tutor.library import Library
from cpom_tutor.reviewing.correcting import LONGEST_PICK, MOST_PICKS, Pick, pickable
from cpom_tutor.reviews import Judgement

Data = Mapping[str, str]

PAGE = 50
"""Lines of the inbox on one page."""

AUTHOR = "Instructor"
"""Who judges, where no name was typed."""

LEAN = "lean."
"""Starts the name of the tick at each passage that a sentence of one's own may lean on."""

LONGEST_COMMENT = 4_000
LONGEST_QUESTION = 2_000
_LONGEST_NAME = 80
_LONGEST_SEARCH = 200
_LATEST = 10_000_000  # lines


class Show(StrEnum):
    """What the inbox lists: turns, or the approved answers themselves."""

    OPEN = "open"
    ABSTENTIONS = "abstentions"
    REVIEWED = "reviewed"
    APPROVED = "approved"


@dataclass(frozen=True, slots=True)
class Look:
    """What the inbox shows, and where one is in it.

    Attributes:
        show: which turns.
        search: words of the question.
        first: place of the first line of the page, from 0.
        at: place of the line that is open, from 0.
    """

    show: Show = Show.OPEN
    search: str = ""
    first: int = 0
    at: int = 0

    @property
    def reviewed(self) -> bool:
        """What the records are asked for."""
        return self.show is Show.REVIEWED

    @property
    def reply_kind(self) -> str:
        """What the records are asked for."""
        return "abstention" if self.show is Show.ABSTENTIONS else ""


def look_of(data: Data) -> Look:
    """What the form says, or what comes nearest to it."""
    show = data.get("show", "")
    return Look(
        Show(show) if show in set(Show) else Show.OPEN,
        data.get("search", "").strip()[:_LONGEST_SEARCH],
        number(data, "first"),
        number(data, "at"),
    )


def number(data: Data, name: str) -> int:
    """A whole number from 0; 0 for anything else."""
    value = data.get(name, "")
    return min(int(value), _LATEST) if value.isascii() and value.isdigit() and len(value) < 12 else 0


def judgement_of(data: Data) -> Judgement:
    """The verdict that was clicked.

    Raises:
        BadInput: there is no such verdict.
    """
    named = data.get("judgement", "")
    if named not in set(Judgement):
        raise BadInput("There is no such verdict; click one of the six.")
    return Judgement(named)


def words_of(data: Data, name: str, longest: int) -> str:
    """What was typed.

    Raises:
        BadInput: it is too long.
    """
    words = data.get(name, "").strip()
    if len(words) > longest:
        raise BadInput(f"That is {len(words):,} characters long; please put it in at most {longest:,}.")
    return words


def author_of(data: Data) -> str:
    """The reviewer's name, on one line."""
    return " ".join(data.get("author", "").split())[:_LONGEST_NAME] or AUTHOR


def _cited(passage: Passage, span: Span) -> Citation:
    return Citation(passage.id, str(passage.address), span.of(passage.text), span.start, span.end)


def picks_of(data: Data, library: Library) -> tuple[Pick, ...]:
    """The sentences of the correction so far; what no longer stands in the course is left out.

    Raises:
        BadInput: the form is broken, or holds too many sentences.
    """
    try:
        read = [_pick(entry, library) for entry in json.loads(data.get("picks", "") or "[]")]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise BadInput("The correction could not be read; start it again from the inbox.") from None
    if len(read) > MOST_PICKS:
        raise BadInput(f"A correction has at most {MOST_PICKS} sentences; take some of them out.")
    return tuple(pick for pick in read if pick.citations)


def _pick(entry: Mapping[str, object], library: Library) -> Pick:
    text, at = entry["text"], entry["at"]
    if not isinstance(text, str) or not isinstance(at, list) or len(text) > LONGEST_PICK * 2:
        raise TypeError
    places = [(str(name), Span(int(start), int(end))) for name, start, end in at]
    return Pick(
        text,
        tuple(
            _cited(library.passage(name), span)
            for name, span in places
            if name in library and 0 <= span.start < span.end <= len(library.passage(name).text)
        ),
    )


def written(picks: Sequence[Pick]) -> str:
    """The same sentences as the form keeps them."""
    return json.dumps(
        [{"text": pick.text, "at": [[one.passage_id, one.start, one.end] for one in pick.citations]} for pick in picks],
        ensure_ascii=False,
    )


def sentence_of_course(data: Data, library: Library) -> Pick:
    """The sentence of a passage that was clicked.

    Raises:
        NotFound: there is no such passage.
        BadInput: it has no such sentence.
    """
    passage = library.passage(data.get("passage", ""))
    sentences = pickable(passage)
    place = number(data, "sentence")
    if place >= len(sentences):
        raise BadInput(f"{passage.address} has no such sentence any more; open the line again.")
    return sentences[place]


def sentence_of_ones_own(data: Data, library: Library) -> Pick:
    """The sentence that was typed, with the passages that were ticked.

    Raises:
        BadInput: there are no words, too many, or no passage that they lean on.
    """
    text = " ".join(words_of(data, "own", LONGEST_PICK).split())
    if not text:
        raise BadInput("There is no sentence yet; type it first.")
    ticked = [name.removeprefix(LEAN) for name in data if name.startswith(LEAN)]
    passages = [library.passage(one) for one in ticked if one in library]
    if not passages:
        raise BadInput("Your sentence leans on no passage yet; tick those that say it, then add it again.")
    return Pick(text, tuple(_cited(one, _said(one)) for one in passages))


def _said(passage: Passage) -> Span:
    """All that the passage says: its sentences, or the whole of it where it has none."""
    if not passage.sentences:
        return Span(0, len(passage.text))
    return Span(passage.sentences[0].start, passage.sentences[-1].end)
