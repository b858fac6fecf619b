"""The checks that every item passes before it is shown, in the order in which they are made."""

from collections.abc import Callable
from dataclasses import dataclass

from cpom_tutor.items import Dropped, QuizItem
from cpom_tutor.library import Library
from cpom_tutor.practice.validators import counted, cues, evidence, form, kinds, stories

Fault = Callable[[QuizItem, Library], str]


@dataclass(frozen=True, slots=True)
class Check:
    """One rule of item writing.

    Attributes:
        name: for the report.
        meaning: what it asks for, in one line.
        fault: what is wrong with an item by this rule; empty where nothing is. It may rely on the checks before it.
    """

    name: str
    meaning: str
    fault: Fault


CHECKS: tuple[Check, ...] = (
    Check("one key", "there is one key, of the form that the kind has", form.key_fault),
    Check("three to five options", "three to five options, no two the same", form.number_fault),
    Check("one form", "options of one kind and one grammatical form", form.family_fault),
    Check("positive stem", "the stem does not ask for what is not so", form.negative_fault),
    Check("no catch-all", "no “all of the above”, “none of the above” or the like", form.catch_all_fault),
    Check("focused question", "the lead-in can be answered with the options covered", form.lead_in_fault),
    Check("no cue words", "no absolutes or vague frequencies in the options", cues.cue_word_fault),
    Check("key not longest", "the key is at most 1.3 times the mean distractor", cues.length_fault),
    Check("no repeated word", "no word of the stem stands in the key alone", cues.repetition_fault),
    Check("not told by place", "the stem does not tell the key by its place in a title", cues.place_fault),
    Check("verbatim", "every citation stands in the course, word for word and at its address", evidence.verbatim_fault),
    Check("rationales", "every option has a rationale with a citation of its own", evidence.rationale_fault),
    Check(
        "reasons",
        "each rationale's quotation says more than its option, and its own words are true",
        evidence.reason_fault,
    ),
    Check("established", "the cited passages alone establish the key", evidence.established_fault),
    Check("one right", "no distractor is also true for the stem", evidence.one_right_fault),
    Check("determined gap", "one thing fills the gap, and the rest does not tell it", kinds.gap_fault),
    Check("determined pairs", "each prompt has one option, and no shared word gives it away", kinds.pairs_fault),
    Check("determined order", "the cited words have the steps in this order", kinds.order_fault),
    Check("cited rubric", "each rubric point stands on what it cites", evidence.points_fault),
    Check("counted points", "a short question says how many points it wants, of one list only", counted.counted_fault),
    Check("own story", "a story of its own, not in the course's words", stories.story_fault),
    Check("unnamed", "the story has no word of an option's name", stories.named_fault),
)


def refusal(item: QuizItem, library: Library) -> Dropped | None:
    """The first check that the item fails; None where it may be shown."""
    for check in CHECKS:
        fault = check.fault(item, library)
        if fault:
            return Dropped(item, check.name, fault)
    return None
