"""From a workplace story to the thing of the course that it shows: items at the level of application."""

import hashlib
from collections.abc import Iterator, Sequence

from cpom_tutor.course import Citation, Passage
from cpom_tutor.items import Level, QuizItem
from cpom_tutor.language import quoted
from cpom_tutor.library import Library
from cpom_tutor.practice.making import Option, cite, cite_around, label_citations, single_best
from cpom_tutor.practice.validators.cues import LONGEST_KEY
from cpom_tutor.practice.validators.stories import SITUATION
from cpom_tutor.practice.validators.wording import shared, stems
from cpom_tutor.teaching import Choice, Place, Situation

_OTHERS = 4


def write(library: Library) -> Iterator[QuizItem]:
    """One candidate a story, in the order in which teachers keep them; the key comes first."""
    for situation in library.situations:
        yield _item(situation, library)


def _item(situation: Situation, library: Library) -> QuizItem:
    decided = _cite(situation.decided_by, library)
    passage = library.passage(decided.passage_id)
    sentence = cite_around(passage, situation.decided_by[1])
    key = Option(situation.shows.name, "This is what the story shows. The course says:", sentence)
    others = [_other(choice, sentence, library) for choice in _drawn(situation)]
    stem = f"{situation.text}\n\n{situation.asks}"
    bound = _binding(situation, passage, library)
    return single_best(stem, [key, *others], [decided], passage, SITUATION, Level.APPLICATION, bound)


def _other(choice: Choice, key: Citation, library: Library) -> Option:
    """A wrong option with the whole sentence that says what it is; it may be the key's own."""
    name, (passage, span) = quoted(choice.name), choice.place
    cited = cite_around(library.passage(passage), span)
    if cited == key:
        return Option(choice.name, f"{name} is named in the same place, and would make another story:", cited)
    return Option(choice.name, f"{name} would make another story. Of it the course says:", cited)


def _binding(situation: Situation, passage: Passage, library: Library) -> tuple[Citation, ...]:
    """What ties the deciding words to the key's name, where they do not have it: a label, or the name's own words."""
    name, words = situation.shows.name, situation.decided_by[1].of(passage.text)
    if not stems(name) - shared(name, words):
        return ()
    if passage.label and shared(name, passage.name):
        return label_citations(passage)
    own = _cite(situation.shows.place, library)
    return () if own.quote in words else (own,)


def _drawn(situation: Situation) -> Sequence[Choice]:
    """Four of the other options at most: drawn by the story's words; the longest where the key would outgrow them."""
    if len(situation.others) <= _OTHERS:
        return situation.others
    by_chance = sorted(situation.others, key=lambda choice: _hash(situation.text + choice.name))[:_OTHERS]
    mean = sum(len(choice.name) for choice in by_chance) / _OTHERS
    if len(situation.shows.name) <= LONGEST_KEY * mean:
        return by_chance
    return sorted(situation.others, key=lambda choice: -len(choice.name))[:_OTHERS]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _cite(place: Place, library: Library) -> Citation:
    passage, span = place
    return cite(library.passage(passage), span)
