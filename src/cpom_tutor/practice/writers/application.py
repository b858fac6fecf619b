"""From a workplace story to the thing of the course that it shows: items at the level of application."""

import hashlib
from collections.abc import Iterator, Sequence

from cpom_tutor.course import Citation
from cpom_tutor.items import Level, QuizItem
from cpom_tutor.library import Library
from cpom_tutor.practice.making import Option, cite, single_best
from cpom_tutor.practice.validators.cues import LONGEST_KEY
from cpom_tutor.practice.validators.stories import SITUATION
from cpom_tutor.teaching import Choice, Place, Situation

_OTHERS = 4


def write(library: Library) -> Iterator[QuizItem]:
    """One candidate a story, in the order in which teachers keep them; the key comes first."""
    for situation in library.situations:
        yield _item(situation, library)


def _item(situation: Situation, library: Library) -> QuizItem:
    decided = _cite(situation.decided_by, library)
    key = Option(situation.shows.name, "This is what the story shows, and the course says it in these words:", decided)
    others = [
        Option(choice.name, f"Of “{choice.name}” the course says something else:", _cite(choice.place, library))
        for choice in _drawn(situation)
    ]
    passage = library.passage(decided.passage_id)
    stem = f"{situation.text}\n\n{situation.asks}"
    return single_best(stem, [key, *others], [decided], passage, SITUATION, Level.APPLICATION)


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
