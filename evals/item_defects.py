"""Broken items made out of valid ones, a defect for each rule of item writing: what the validators must catch.

Each defect is deterministic, and gives nothing for an item that has no hold for it.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from cpom_tutor.course import Citation
from cpom_tutor.items import ChoiceKey, ItemKind, Level, QuizItem, Rationale
from cpom_tutor.language import STOPWORDS, tokens
from cpom_tutor.library import Library
from cpom_tutor.practice.validators.stories import CASE, SITUATION
from cpom_tutor.practice.validators.wording import GAP, distractors, key_text, lead_in, shared
from evals import kind_defects
from evals.kind_defects import one_word_other, with_option

Mutate = Callable[[QuizItem, Sequence[QuizItem], Library], QuizItem | None]
_FAR = 7
"""How far down the list the item stands whose words are borrowed."""


@dataclass(frozen=True, slots=True)
class Planted:
    """A valid item with one defect."""

    defect: str
    item: QuizItem
    original: QuizItem


def plant(items: Sequence[QuizItem], library: Library) -> Iterator[Planted]:
    """Every defect in every item that can have it."""
    for defect, mutate in DEFECTS.items():
        for item in items:
            broken = mutate(item, items, library)
            if broken is not None and broken != item:
                yield Planted(defect, broken, item)


def _choice(item: QuizItem) -> int | None:
    return item.key.index if item.kind is ItemKind.MCQ and isinstance(item.key, ChoiceKey) else None


def _wrong(item: QuizItem) -> int | None:
    """The place of the first distractor."""
    key = _choice(item)
    return None if key is None else int(key == 0)


def _on_wrong(change: Callable[[str], str]) -> Mutate:
    """Changes the first distractor."""

    def mutate(item: QuizItem, _: Sequence[QuizItem], __: Library) -> QuizItem | None:
        place = _wrong(item)
        return None if place is None else with_option(item, place, change(item.options[place]))

    return mutate


def _other_case(text: str) -> str:
    """A small first letter for a capital one, or the other way; an acronym as it is."""
    return text[0].swapcase() + text[1:] if text[1:2].islower() else text


def _on_key(change: Callable[[str], str]) -> Mutate:
    """Changes the right option."""

    def mutate(item: QuizItem, _: Sequence[QuizItem], __: Library) -> QuizItem | None:
        place = _choice(item)
        return None if place is None else with_option(item, place, change(item.options[place]))

    return mutate


def _on_lead_in(change: Callable[[str], str]) -> Mutate:
    """Changes the question of a multiple-choice item."""

    def mutate(item: QuizItem, _: Sequence[QuizItem], __: Library) -> QuizItem | None:
        asked = lead_in(item.stem)
        return replace(item, stem=item.stem.replace(asked, change(asked))) if _choice(item) is not None else None

    return mutate


def _on_kind(kind: ItemKind, change: Callable[[QuizItem], QuizItem | None]) -> Mutate:
    return lambda item, _items, _library: change(item) if item.kind is kind else None


def _in_no_case(mutate: Mutate) -> Mutate:
    """Not where options are ways to decide, in whole sentences: a common word there is no defect."""
    return lambda item, items, library: None if item.origin == CASE else mutate(item, items, library)


def _other_key(item: QuizItem, _: Sequence[QuizItem], __: Library) -> QuizItem | None:
    place = _wrong(item)
    return None if place is None else replace(item, key=ChoiceKey(place))


def _key_of_none(item: QuizItem, _: Sequence[QuizItem], __: Library) -> QuizItem | None:
    return None if _choice(item) is None else replace(item, key=ChoiceKey(len(item.options)))


def _two_options(item: QuizItem, _: Sequence[QuizItem], __: Library) -> QuizItem | None:
    key, wrong = _choice(item), _wrong(item)
    if key is None or wrong is None:
        return None
    kept = sorted((key, wrong))
    return replace(
        item, options=tuple(item.options[place] for place in kept),
        rationales=tuple(item.rationales[place] for place in kept), key=ChoiceKey(kept.index(key)),
    )  # fmt: skip


def _key_twice(item: QuizItem, _: Sequence[QuizItem], __: Library) -> QuizItem | None:
    place = _wrong(item)
    return None if place is None else with_option(item, place, f"{key_text(item)} ")


def _foreign_citation(item: QuizItem, items: Sequence[QuizItem], _: Library) -> QuizItem | None:
    """Cites what another item stands on, at the key too; of a case's own words only a reader can tell."""
    other = _borrowed(item, items)
    return None if other is None or item.origin == CASE else replace(item, citations=other.citations)


def _foreign_rationale(item: QuizItem, items: Sequence[QuizItem], _: Library) -> QuizItem | None:
    other, place = _borrowed(item, items), _wrong(item)
    if other is None or place is None or item.level is Level.APPLICATION:
        return None
    return _with_reason(item, place, replace(item.rationales[place], citation=other.citations[0]))


def _borrowed(item: QuizItem, items: Sequence[QuizItem]) -> QuizItem | None:
    """Another item of another subsection."""
    start = items.index(item) + _FAR
    return next((other for other in [*items[start:], *items[:start]] if other.topic != item.topic), None)


def _on_citation(change: Callable[[Citation], Citation]) -> Mutate:
    return lambda item, _items, _library: replace(
        item, citations=(change(item.citations[0]), *item.citations[1:])
    )  # fmt: skip


def _bare_reason(item: QuizItem, _: Sequence[QuizItem], __: Library) -> QuizItem | None:
    """A reason cut down to the words of its option, where its quotation has them."""
    place = _wrong(item)
    if place is None or item.origin == CASE:
        return None
    cited = item.rationales[place].citation
    found = re.search(re.escape(item.options[place]), cited.quote, re.IGNORECASE)
    if found is None or len(found.group()) == len(cited.quote):
        return None
    start = cited.start + found.start()
    short = replace(cited, quote=found.group(), start=start, end=start + len(found.group()))
    return _with_reason(item, place, replace(item.rationales[place], citation=short))


def _own_reason(item: QuizItem, _: Sequence[QuizItem], __: Library) -> QuizItem | None:
    """The key's own sentence given for a distractor, as if it said something else."""
    key, place = _choice(item), _wrong(item)
    if key is None or place is None or item.level is Level.RECALL or item.origin == CASE:
        return None
    told = Rationale("The course says something else of it:", item.rationales[key].citation)
    return _with_reason(item, place, told)


def _with_reason(item: QuizItem, place: int, told: Rationale) -> QuizItem:
    return replace(item, rationales=(*item.rationales[:place], told, *item.rationales[place + 1 :]))


def _unbound(item: QuizItem, _: Sequence[QuizItem], __: Library) -> QuizItem | None:
    """Only the deciding words are cited, and not the label that has the key's name."""
    first, *rest = item.citations
    name = {word.lower() for word in key_text(item).split()}
    tied = rest and _choice(item) is not None and not name & {word.lower() for word in first.quote.split()}
    return replace(item, citations=(first,)) if tied else None


def _by_place(item: QuizItem, _: Sequence[QuizItem], __: Library) -> QuizItem | None:
    """A gap told by where its word stands in a title."""
    if _choice(item) is None or GAP not in item.stem:
        return None
    return replace(item, stem=f"It is said of the second word of the title. {item.stem}")


def _clang(item: QuizItem, _: Sequence[QuizItem], __: Library) -> QuizItem | None:
    """A word of the key, which no distractor has, put before the question."""
    if _choice(item) is None:
        return None
    words = [word for word in re.findall(r"[A-Za-z]{4,}", key_text(item)) if word.lower() not in STOPWORDS]
    alone = [word for word in words if not any(shared(word, option) for option in distractors(item))]
    asked = lead_in(item.stem)
    return replace(item, stem=item.stem.replace(asked, f"On {alone[0].lower()}: {asked}")) if alone else None


def _parent(item: QuizItem, _: Sequence[QuizItem], __: Library) -> QuizItem | None:
    """The key without its first word, as a distractor with the key's reason."""
    key, place = _choice(item), _wrong(item)
    words = key_text(item).split()
    if key is None or place is None or len(words) < 2 or not set(tokens(" ".join(words[1:]))) - STOPWORDS:
        return None
    shorter = " ".join(words[1:])
    shorter = shorter[0].upper() + shorter[1:] if words[0][0].isupper() else shorter
    changed = with_option(item, place, shorter)
    reason = (*item.rationales[:place], item.rationales[key], *item.rationales[place + 1 :])
    return replace(changed, rationales=reason)


def _lifted(item: QuizItem, _: Sequence[QuizItem], library: Library) -> QuizItem | None:
    """A story with a run of the course's words."""
    if item.origin != SITUATION:
        return None
    run = " ".join(library.passage(item.citations[0].passage_id).text.split("|")[-1].split()[:8])
    return replace(item, stem=item.stem.replace("\n\n", f" She calls it {run}.\n\n", 1))


def _named(item: QuizItem, _: Sequence[QuizItem], __: Library) -> QuizItem | None:
    """A story with the name of a distractor."""
    place = _wrong(item)
    if item.origin != SITUATION or place is None:
        return None
    return replace(item, stem=item.stem.replace("\n\n", f" They speak of {item.options[place].lower()}.\n\n", 1))


def _drawn_out(item: QuizItem, _: Sequence[QuizItem], __: Library) -> QuizItem | None:
    if item.origin != SITUATION:
        return None
    story, _gap, asked = item.stem.rpartition("\n\n")
    return replace(item, stem="\n\n".join([story] * 4 + [asked]))


def _bare_recall(item: QuizItem, _: Sequence[QuizItem], __: Library) -> QuizItem | None:
    """Recall labelled application."""
    return replace(item, level=Level.APPLICATION) if item.level is Level.RECALL else None


DEFECTS: Mapping[str, Mutate] = {
    "wrong option keyed": _other_key,
    "key that is no option": _key_of_none,
    "two options": _two_options,
    "key stands twice": _key_twice,
    "all of the above": _on_wrong(lambda _: "All of the above"),
    "none of these": _on_wrong(lambda _: "None of these"),
    "full stop at one option": _on_wrong(lambda text: f"{text.rstrip('.')}{'' if text.endswith('.') else '.'}"),
    "small letter at one option": _on_wrong(_other_case),
    "absolute in an option": _on_wrong(lambda text: f"{text.rstrip('.')} at all times, always"),
    "vague frequency in an option": _in_no_case(_on_wrong(lambda text: f"Usually {text}")),
    "key the longest": _on_key(lambda text: f"{text.rstrip('.')} and {text.lower().rstrip('.')}, in all that it means"),
    "word of the key in the stem": _in_no_case(_clang),
    "negative stem": _on_lead_in(lambda asked: f"{asked.rstrip('?')}, and which is not?"),
    "unfocused lead-in": _on_lead_in(lambda _: "Which of these is true?"),
    "statement for a lead-in": _on_lead_in(lambda asked: f"{asked.rstrip('?')}."),
    "altered quote": _on_citation(one_word_other),
    "quote out of place": _on_citation(lambda cited: replace(cited, start=cited.start + 3, end=cited.end + 3)),
    "unknown passage": _on_citation(lambda cited: replace(cited, passage_id="0.0-0")),
    "nothing cited": lambda item, _items, _library: replace(item, citations=()),
    "another item's citation": _foreign_citation,
    "rationale missing": lambda item, _items, _library: replace(item, rationales=item.rationales[1:]),
    "rationale empty": lambda item, _items, _library: replace(
        item, rationales=(replace(item.rationales[0], text=""), *item.rationales[1:])
    ),
    "rationale about something else": _foreign_rationale,
    "reason that repeats its option": _bare_reason,
    "key's sentence called another": _own_reason,
    "key's name not cited": _unbound,
    "word told by its place": _by_place,
    "parent of the key as distractor": _parent,
    "story in the course's words": _lifted,
    "story with an option's name": _named,
    "story four times as long": _drawn_out,
    "recall labelled application": _bare_recall,
    "another answer to the gap": _on_kind(ItemKind.CLOZE, kind_defects.other_answer),
    "answer beside the gap": _on_kind(ItemKind.CLOZE, kind_defects.told_answer),
    "second gap": _on_kind(ItemKind.CLOZE, kind_defects.second_gap),
    "gap without context": _on_kind(ItemKind.CLOZE, kind_defects.short_sentence),
    "gap without a hint": _on_kind(ItemKind.CLOZE, kind_defects.no_hint),
    "gap for a small word": _on_kind(ItemKind.CLOZE, kind_defects.plain_word),
    "pairs swapped": _on_kind(ItemKind.MATCHING, kind_defects.swapped_pairs),
    "one option for two prompts": _on_kind(ItemKind.MATCHING, kind_defects.one_option_for_two),
    "pair told by a shared word": _on_kind(ItemKind.MATCHING, kind_defects.telling_pair),
    "order turned round": _on_kind(ItemKind.ORDERING, kind_defects.other_order),
    "no rubric": _on_kind(ItemKind.SHORT, kind_defects.no_rubric),
    "question without a number": _on_kind(ItemKind.SHORT, kind_defects.uncounted),
    "rubric point left out": _on_kind(ItemKind.SHORT, kind_defects.left_out),
    "rubric told by the stem": _on_kind(ItemKind.SHORT, kind_defects.told_point),
    "rubric misquoted": _on_kind(ItemKind.SHORT, kind_defects.misquoted_point),
}
