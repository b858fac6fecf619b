"""The story of an application item: a role, a setting and a problem in words that do not give the key away.

The NBME guide: test application with a vignette, and ask to recognise the principle, not the textbook's phrase.
Haladyna, Downing and Rodriguez (2002), rule 4: "use novel material to test higher level learning; paraphrase".
"""

from cpom_tutor.items import ItemKind, Level, QuizItem
from cpom_tutor.library import Library
from cpom_tutor.practice.validators.wording import lead_in, runs, runs_of, shared, stems
from cpom_tutor.teaching import Situation

SHORTEST, LONGEST = 25, 110
"""Words of a story."""
RUN = 3
"""Content words in a row that a story may not share with the course."""
CASE = "case study"
SITUATION = "situation"
"""Origins of application items."""


def is_case(item: QuizItem) -> bool:
    """Whether its options are ways to decide in a case, in a teacher's own words."""
    return item.origin == CASE


def situation_of(item: QuizItem, library: Library) -> Situation | None:
    """The situation that the item was made from, if it was made from one."""
    if item.origin != SITUATION:
        return None
    return next(
        (each for each in library.situations if item.stem.startswith(each.text) and item.stem.endswith(each.asks)), None
    )


def story_of(item: QuizItem) -> str:
    """The stem without its question."""
    return item.stem.removesuffix(lead_in(item.stem)).strip()


def story_fault(item: QuizItem, library: Library) -> str:
    """An application item tells a story of its own: long enough, short enough, and not in the course's words."""
    if item.level is not Level.APPLICATION:
        return ""
    if item.origin not in (SITUATION, CASE) or item.kind not in (ItemKind.MCQ, ItemKind.SHORT):
        return "it is labelled application and has no story"
    if is_case(item):
        return ""
    story = story_of(item)
    length = len(story.split())
    if not SHORTEST <= length <= LONGEST:
        return f"the story has {length} words"
    if situation_of(item, library) is None:
        return "its story is not kept with the course"
    course = runs(tuple(section.text for section in library.sections), RUN)
    lifted = next((run for run in runs_of(story, RUN) if run in course), None)
    return f"the story has the course's words: {' '.join(lifted)}" if lifted else ""


def named_fault(item: QuizItem, _: Library) -> str:
    """No word of an option's name, nor a close form of it, stands in the story: it would be matched, not recognised."""
    if item.level is not Level.APPLICATION or is_case(item):
        return ""
    story = story_of(item)
    for option in item.options:
        repeated = shared(option, story)
        if repeated:
            return f"the story has a word of “{option}”: {', '.join(sorted(repeated))}"
    return "the options have no words" if item.options and not any(map(stems, item.options)) else ""
