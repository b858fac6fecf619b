"""The form of an item: its key, its options and its lead-in.

After Haladyna, Downing and Rodriguez, "A review of multiple-choice item-writing guidelines for classroom assessment"
(2002; the numbers below are theirs), and the NBME's item-writing guide ("Constructing written test questions").
"""

import re
from collections.abc import Sequence

from cpom_tutor.items import AcceptedKey, ChoiceKey, ItemKind, OrderKey, PairsKey, QuizItem
from cpom_tutor.library import Library
from cpom_tutor.practice.validators.stories import is_case
from cpom_tutor.practice.validators.wording import lead_in, stems, unquoted, word_stems

OPTIONS = range(3, 6)
_KEYS = {
    ItemKind.MCQ: ChoiceKey, ItemKind.CLOZE: AcceptedKey, ItemKind.SHORT: AcceptedKey,
    ItemKind.MATCHING: PairsKey, ItemKind.ORDERING: OrderKey,
}  # fmt: skip
NEGATIVE = re.compile(
    r"\b(?:not|n[o’']t|except|(?<!at )least|never|cannot|\w+n[’']t|incorrect|false|untrue|unlike|other than)\b",
    re.IGNORECASE,
)
_SHOUTED = re.compile(r"\b(?:NOT|EXCEPT|LEAST|NEVER)\b")
CATCH_ALL = re.compile(
    r"^(?:all|none|neither|both|any|either|more than one)\b(?: (?:of|the|these|those|them|above|options|choices))*[.]?$"
    r"|\bof the above\b|^(?:both |only )?[A-E](?:,? (?:and|&|or) [A-E])+[.]?$|^(?:I )?(?:do not|don’t|don't) know[.]?$",
    re.IGNORECASE,
)
_ASKS = re.compile(r"\b(?:what|which|who|whom|whose|when|where|why|how)\b", re.IGNORECASE)
_TELLS = re.compile(r"^(?:explain|describe|name|list|give|say|tell|outline|summari[sz]e|state)\b", re.IGNORECASE)
_UNFOCUSED = re.compile(
    r"\b(?:which|what)\b(?:\W+(?:one|of|these|the|following|below)\b)*\W+(?:statements?|options?|answers?|claims?)\b"
    r".*\b(?:true|correct|right|accurate|best)\b",
    re.IGNORECASE,
)
_EMPTY = frozenset("true correct right best follow statement option answer cours question choos accur appli".split())
_CLAIMS = frozenset("true correct accur follow statement option".split())
_LEAST_FOCUS = 2
_MARKUP = re.compile(r"!?\[[^\]]*\]\(|https?://|</?[a-zA-Z]")
_NEUTRAL = re.compile(r"^\W*(?:\w*\d\w*|[A-Z][A-Za-z]*[A-Z]\w*)")
_DETERMINERS = frozenset("the a an its their your his her our this these each".split())
_PREPOSITIONS = frozenset("by for with through in from at on of into as".split())
_PRONOUNS = frozenset("it she he they you we".split())
_SMALL = frozenset("a an the and or of to for in on by with from as at & vs".split())
_PHRASE = 4


def key_fault(item: QuizItem, _: Library) -> str:
    """One key, of the form that the item's kind has (HDR 18: one right answer)."""
    key = item.key
    if not isinstance(key, _KEYS[item.kind]):
        return f"the key of a {item.kind} item has another form"
    if isinstance(key, ChoiceKey):
        return "" if 0 <= key.index < len(item.options) else "the key is none of the options"
    if isinstance(key, AcceptedKey):
        texts = [text.strip().lower() for text in key.texts]
        return "" if texts and all(texts) and len(set(texts)) == len(texts) else "no accepted answer, or one twice"
    if isinstance(key, OrderKey):
        whole = sorted(key.indices) == list(range(len(item.options)))
        return "" if whole else "the order does not have each option once"
    return ""


def number_fault(item: QuizItem, _: Library) -> str:
    """Three to five options, no two the same (HDR 17; three plausible ones are enough: Rodriguez, 2005)."""
    if item.kind in (ItemKind.CLOZE, ItemKind.SHORT):
        return "it has options" if item.options else ""
    if item.kind is ItemKind.MCQ and len(item.options) not in OPTIONS:
        return f"{len(item.options)} options"
    for texts in (item.options, item.prompts):
        forms = [word_stems(text) or text for text in texts]
        for place, form in enumerate(forms):
            if form in forms[:place]:
                return f"“{texts[place]}” stands twice"
    return ""


def family_fault(item: QuizItem, _: Library) -> str:
    """Options of one kind and one grammatical form (HDR 22 and 23: homogeneous in content and structure)."""
    for texts in (item.options, item.prompts):
        odd = len(texts) > 1 and odd_form(texts)
        if odd:
            return odd
    return ""


def odd_form(options: Sequence[str]) -> str:
    """What tells one of the options from the others by its form alone; empty where nothing does."""
    ends = odd_ends(options)
    if ends:
        return ends
    named = {_is_name(option) for option in options} - {None}
    if len(named) > 1:
        return "some options are names and some are not"
    phrases = all(len(option.split()) >= _PHRASE and option[-1] not in ".?!" for option in options)
    if named == {False} and phrases:
        openers = {_opener(option) for option in options}
        if len(openers) > 1:
            return f"the options open differently: {', '.join(sorted(openers))}"
    return ""


def odd_ends(options: Sequence[str]) -> str:
    """Whether some options start with a capital, or end with a full stop, and some do not."""
    if len({option.rstrip(' ”"’)')[-1:] in ".?!" for option in options}) > 1:
        return "some options end with a full stop and some do not"
    opened = {letter.isupper() for option in options if (letter := _first_letter(option))}
    if len(opened) > 1:
        return "some options start with a capital and some do not"
    return ""


def _first_letter(option: str) -> str:
    """The first letter, unless it is that of an acronym or a number's."""
    return "" if _NEUTRAL.match(option) else next((each for each in option if each.isalpha()), "")


def _is_name(option: str) -> bool | None:
    """Whether every word that counts is capitalised; None for a single word, which may be either."""
    words = [word for word in re.findall(r"[A-Za-z][\w’'-]*", option) if word.lower() not in _SMALL]
    if len(words) < 2:
        return None
    return all(word[0].isupper() for word in words)


def _opener(option: str) -> str:
    words = re.findall(r"[\w’'-]+", option.lower())
    first, second = words[0], words[1]
    if first in _PRONOUNS:
        return "pronoun"
    if first in _PREPOSITIONS:
        return "preposition"
    if first == "to":
        return "infinitive"
    if first.endswith("ing") and len(first) > 5:
        return "gerund"
    return "verb" if second in _DETERMINERS and first not in _DETERMINERS | {"both", "all"} else "noun"


def negative_fault(item: QuizItem, _: Library) -> str:
    """No negative stem (HDR 14: word the stem positively)."""
    shouted = _SHOUTED.search(unquoted(item.stem))
    asked = None if item.kind in (ItemKind.CLOZE, ItemKind.SHORT) else NEGATIVE.search(unquoted(lead_in(item.stem)))
    found = shouted or asked
    return f"the stem asks for what is not so (“{found.group()}”)" if found else ""


def catch_all_fault(item: QuizItem, _: Library) -> str:
    """No “all of the above”, “none of the above” or the like (HDR 25; NBME)."""
    found = [option for option in item.options if CATCH_ALL.search(option.strip())]
    return f"“{found[0]}” is no answer of its own" if found else ""


def lead_in_fault(item: QuizItem, _: Library) -> str:
    """The lead-in asks one thing and can be answered with the options covered (HDR 11 and 12; NBME's cover test)."""
    asked = lead_in(item.stem)
    if _MARKUP.search(item.stem):
        return "the stem has a link, an image or a tag"
    if item.kind is ItemKind.CLOZE:
        return ""
    if len(stems(item.stem) - _EMPTY) < _LEAST_FOCUS:
        return "the stem does not say what it asks about"
    if item.kind in (ItemKind.MATCHING, ItemKind.ORDERING) or (item.kind is ItemKind.SHORT and _TELLS.search(asked)):
        return ""
    if not asked.rstrip('”"’)').endswith("?") or not _ASKS.search(asked):
        return "the stem does not end with a question"
    # "What do you answer?" is focused by the case before it.
    unfocused = stems(asked) & _CLAIMS if is_case(item) else _UNFOCUSED.search(asked) or stems(asked) <= _EMPTY
    if item.kind is ItemKind.MCQ and unfocused:
        return "it cannot be answered with the options covered"
    return ""
