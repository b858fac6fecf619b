"""What only one kind of item has to hold: a gap, pairs, an order.

Matching and ordering after Haladyna and Rodriguez, "Developing and validating test items" (2013), chapters 5 and 7;
completion after Haladyna, Downing and Rodriguez (2002), rule 9's caution on gaps that more than one word fills.
"""

import re

from cpom_tutor.items import AcceptedKey, ItemKind, OrderKey, PairsKey, QuizItem
from cpom_tutor.language import STOPWORDS, content_stems, tokens
from cpom_tutor.library import Library
from cpom_tutor.practice.validators.evidence import ESTABLISHED, gap_evidence
from cpom_tutor.practice.validators.vocabulary import size_of, vocabulary
from cpom_tutor.practice.validators.wording import (
    GAP,
    bare,
    covered,
    is_sentence,
    key_text,
    shared,
    stands_in,
    stems,
    surroundings,
)  # fmt: skip

CONTEXT = 6
"""Content words that a cloze sentence has besides the gap, at least."""
LONGEST_ANSWER = 5
PROMPTS = range(3, 7)
STEPS = range(3, 8)
_BEFORE_MEMBER = re.compile(r"(?:[,;/]|\band|\bor)\s*[“(]?\s*$", re.IGNORECASE)
_AFTER_MEMBER = re.compile(r"^[”)]?\s*(?:[,;/](?! (?:who|which|where|when|but)\b)|and\b|or\b)", re.IGNORECASE)
_LAST_MEMBER = re.compile(r"(?:,|\w) (?:and|or)\s*[“(]?\s*$", re.IGNORECASE)
_NEIGHBOURS = 2
_HINT = re.compile(r"\b(?:beginning|starting) with “(\w)”")


def gap_fault(item: QuizItem, library: Library) -> str:
    """A cloze has one gap in a cited sentence with enough around it, and one thing fills it."""
    if item.kind is not ItemKind.CLOZE:
        return f"a {item.kind} item has a gap" if GAP in item.stem and item.kind is not ItemKind.MCQ else ""
    found = gap_evidence(item)
    if found is None:
        return "the gap filled in is no cited sentence of the course"
    _, left, right = found
    answer = key_text(item)
    words = tokens(answer)
    if not 1 <= len(words) <= LONGEST_ANSWER or all(word in STOPWORDS for word in words):
        return f"“{answer}” is no term to ask for"
    unfit = _unfit(answer, f"{left}{answer}{right}", item.stem, library)
    if unfit:
        return unfit
    rest = item.stem.replace(GAP, " ")
    repeated = [accepted for accepted in _accepted(item) if stands_in(accepted, rest)] or shared(answer, rest)
    if repeated:
        return f"the stem has the answer: {', '.join(sorted(repeated))}"
    around = stems(f"{left} {right}") - stems(answer)
    if len(around) < CONTEXT:
        return f"only {len(around)} content words around the gap"
    if _is_member(left, right):
        return "the gap is one of an enumeration: others fill it as well"
    other = _other_filler(left, right, answer, item, library)
    return f"“{other}” fills the gap elsewhere in the course" if other else ""


def _unfit(answer: str, sentence: str, item_stem: str, library: Library) -> str:
    """Why the gap is not worth asking, or its hint fits something else of the course as well."""
    known = vocabulary(library)
    if not is_sentence(sentence):
        return "what has the gap is no whole sentence"
    if answer.lower() not in known.terms and answer not in known.abbreviations:
        return f"“{answer}” is no term of the course"
    if answer in known.abbreviations and f"({answer}" in sentence:
        return f"the words before “{answer}” spell it out"
    hint = _HINT.search(item_stem)
    if not hint or hint[1].lower() != answer[0].lower() or any(
        str(count) not in item_stem for count in size_of(answer)[1]
    ):  # fmt: skip
        return "there is no hint of its length and first letter"
    other = known.also_fits(answer)
    return f"“{other}” has the hint's length and first letter too" if other else ""


def _accepted(item: QuizItem) -> tuple[str, ...]:
    return item.key.texts if isinstance(item.key, AcceptedKey) else ()


def _is_member(left: str, right: str) -> bool:
    """Whether the gap stands for a whole member of an enumeration of three or more."""
    if not _BEFORE_MEMBER.search(left):
        return False
    last = _LAST_MEMBER.search(left) and "," in left
    return bool(_AFTER_MEMBER.match(right) or (last and re.match(r"^[”)]?[.,;:]", right)))


def _other_filler(left: str, right: str, answer: str, item: QuizItem, library: Library) -> str:
    """What stands elsewhere in the section between the gap's neighbouring words; empty if nothing else does."""
    before, after = bare(left).split()[-_NEIGHBOURS:], bare(right).split()[:_NEIGHBOURS]
    if len(before) < _NEIGHBOURS or len(after) < _NEIGHBOURS or not content_stems(" ".join((*before, *after))):
        return ""
    section = library.section_of(library.passage(item.citations[0].passage_id))
    text = bare(section.text)
    left, right = (re.escape(" ".join(words)) for words in (before, after))
    between = re.compile(rf" {left} ((?:\S+ ){{1,{LONGEST_ANSWER}}}?){right} ")
    hint = _HINT.search(item.stem)
    fillers = {found[1].strip() for found in between.finditer(text)} - {bare(answer)}
    return next((filler for filler in sorted(fillers) if not hint or filler.startswith(hint[1].lower())), "")


def pairs_fault(item: QuizItem, library: Library) -> str:
    """Matching: each prompt has one option of its own, decided by the course, and no word that gives it away."""
    if item.kind is not ItemKind.MATCHING:
        return "only a matching item has prompts" if item.prompts else ""
    pairs = item.key.pairs if isinstance(item.key, PairsKey) else ()
    rights = [right for _, right in pairs]
    if len(item.prompts) not in PROMPTS or sorted(left for left, _ in pairs) != list(range(len(item.prompts))):
        return f"{len(item.prompts)} prompts with {len(pairs)} pairs"
    if len(set(rights)) < len(rights) or not all(0 <= right < len(item.options) for right in rights):
        return "two prompts have one option"
    explained = {each.citation.passage_id for each in item.rationales}
    if not explained.issuperset(each.passage_id for each in item.citations):
        return "it cites what no pair stands on"
    for left, right in pairs:
        fault = _pair_fault(item, left, right, library)
        if fault:
            return fault
    return ""


def _pair_fault(item: QuizItem, left: int, right: int, library: Library) -> str:
    prompt, option = item.prompts[left], item.options[right]
    others = [other for place, other in enumerate(item.options) if place != right]
    told = [word for word in shared(prompt, option) if not any(shared(word, other) for other in others)]
    if told:
        return f"“{told[0]}” stands in “{prompt}” and in its own option alone"
    passage = library.passage(item.rationales[right].citation.passage_id)
    evidence = surroundings(passage, library)
    if min(covered(prompt, evidence), covered(option, evidence)) < ESTABLISHED:
        return f"the cited passage does not join “{prompt}” and “{option}”"
    also = [other for other in others if stands_in(other, passage.text)]
    return f"“{also[0]}” is said of “{prompt}” too" if also else ""


def order_fault(item: QuizItem, _: Library) -> str:
    """Ordering: the cited words have every step, one after the other."""
    if item.kind is not ItemKind.ORDERING or not isinstance(item.key, OrderKey):
        return ""
    if len(item.options) not in STEPS:
        return f"{len(item.options)} steps"
    for citation in item.citations:
        text = f" {bare(citation.quote)} "
        places = [text.find(f" {bare(item.options[place])} ") for place in item.key.indices]
        if min(places) >= 0 and places == sorted(set(places)):
            return ""
    return "no cited sentence has the steps in this order"
