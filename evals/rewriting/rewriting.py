"""A question that leans on the conversation, made whole, for any text: "did he tour?" becomes "did Ice tour?".

Every pronoun, "the album", "anything else?" and missing argument is a slot; everything mentioned lately is a
candidate for it; a linear scorer picks one, or leaves the slot alone. (Elgohary et al., "Can You Unpack That?
Learning to Rewrite Questions-in-Context", EMNLP 2019, sets the task.)
"""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import resources

from evals.rewriting.antecedents import Option, options
from evals.rewriting.ellipsis import unfolded
from evals.rewriting.mentions import Part
from evals.rewriting.setting import Setting
from evals.rewriting.slots import Slot, slots_in

_LONGEST_HISTORY = 24  # texts

Choices = list[tuple[Slot, list[Option]]]


def rewrite(question: str, history: Sequence[str]) -> str:
    """The question made whole, or unchanged where it leans on nothing.

    Args:
        question: as asked.
        history: earlier questions and answers in turn, oldest first; it may open with one or two headings that say
            what the conversation is about.
    """
    if not history:
        return question
    whole, ways = choices(question, history)
    weighed = weights()
    return fill(whole, [(slot, best(found, weighed.get(slot.lean, {}))) for slot, found in ways])


def choices(question: str, history: Sequence[str]) -> tuple[str, Choices]:
    """The question with what the last one supplies, and its slots with the ways to fill each."""
    kept = [*history[:2], *history[max(2, len(history) - _LONGEST_HISTORY) :]]
    setting = Setting.of(question, kept)
    asked = next((said.text for said in setting.talk if said.part is Part.QUESTION and said.age == 1), "")
    whole = unfolded(question, asked)
    if whole != question:
        setting = Setting.of(whole, kept)
    setting.slots = slots_in(whole, setting.partial_names)
    return whole, [(slot, options(slot, setting)) for slot in setting.slots]


def fill(question: str, chosen: Sequence[tuple[Slot, Option]]) -> str:
    """The question with each slot filled."""
    front = ""
    end = len(question)
    out = []
    for slot, option in sorted(chosen, key=lambda pair: pair[0].start, reverse=True):
        if option.front:
            front = option.text
            continue
        text = option.text
        if slot.start == slot.end:
            text = f" {text}" if text else ""
        elif not question[: slot.start].strip():
            text = text[:1].upper() + text[1:]
        out += [question[slot.end : end], text]
        end = slot.start
    out.append(question[:end])
    whole = "".join(reversed(out))
    return f"{front} {whole[:1].lower() + whole[1:] if _starts_with_small_word(whole) else whole}" if front else whole


def best(found: Sequence[Option], weighed: Mapping[str, float]) -> Option:
    """The option with the highest sum of weights; the first of equals."""
    return max(found, key=lambda option: sum(weighed.get(feature, 0.0) for feature in option.features))


@lru_cache(maxsize=1)
def weights() -> Mapping[str, Mapping[str, float]]:
    """The fitted weights of the features, by the way that a slot leans."""
    text = resources.files("evals.rewriting").joinpath("rewriting_weights.json").read_text(encoding="utf-8")
    found: dict[str, dict[str, float]] = json.loads(text)["weights"]
    return found


def _starts_with_small_word(text: str) -> bool:
    first = text.split(" ", 1)[0]
    return first[:1].isupper() and first[1:].islower() and first.lower() in _OPENERS


_OPENERS = frozenset(
    "what who where when why how which did do does was were is are has have had can could would any anything are in".split()
)
