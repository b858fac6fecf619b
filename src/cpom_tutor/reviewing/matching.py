"""Whether two questions ask the same. A wrong yes is worse than a wrong no: whatever is left over decides against."""

from functools import cache
from importlib.resources import files

from cpom_tutor.grounding.lexicon import are_opposites
from cpom_tutor.grounding.opposites import opposite_count
from cpom_tutor.language import stem
from cpom_tutor.reviewing.wording import SEVERAL, Wording

OPTIONAL = frozenset(stem(word) for word in ("main", "primary", "principal", "key"))
"""Words whose absence asks for nothing else: "the main duties" are the duties."""

_FEW = 2  # words that carry a question
_TURNS = frozenset("get gets got getting for from with out off up".split())


def difference(one: Wording, other: Wording) -> str:
    """Why the two do not ask the same, in a few words for the log and for tests; empty where they do.

    Args:
        one, other: the questions.
    """
    for what, mine, theirs in (
        ("asked", one.aspect, other.aspect),
        ("manner", one.manner, other.manner),
        ("numbers", one.numbers, other.numbers),
    ):
        if mine != theirs:
            return f"{what}: {mine or 'none'} / {theirs or 'none'}"
    if one.aspect == SEVERAL:
        return "several things are asked"
    if one.sought and other.sought and one.sought != other.sought:
        return f"sought: {one.sought} / {other.sought}"
    if not one.words or not other.words:
        return "nothing is said"
    small, its_small = _small_words(one), _small_words(other)
    if small != its_small:
        return f"small words: {', '.join(sorted(small ^ its_small))}"
    mine, theirs = one.words - other.words, other.words - one.words
    if opposite_count(mine, theirs) or any(are_opposites(word, against) for word in mine for against in theirs):
        return "opposites"
    left = _left_over(mine, theirs) | _left_over(theirs, mine)
    if left:
        return f"words: {', '.join(sorted(left))}"
    denied, its_denied = set(one.denied), set(other.denied)
    if len(one.denied) != len(other.denied) or _left_over(denied, its_denied) or _left_over(its_denied, denied):
        return f"denied: {', '.join(one.denied) or 'nothing'} / {', '.join(other.denied) or 'nothing'}"
    turned = _turned_round(one, other)
    return f"turned round: {turned}" if turned else ""


def _small_words(question: Wording) -> frozenset[str]:
    """The small words that tell: where few others do, "what does it do" and "what do I do for it" differ by them."""
    count = len(question.words)
    if count == 1:
        return question.frame
    return question.frame & _TURNS if count <= _FEW else frozenset()


def _left_over(words: set[str] | frozenset[str], others: set[str] | frozenset[str]) -> set[str]:
    """The words that none of the others stands for."""
    return {
        word
        for word in words
        if word not in OPTIONAL and word not in others and not any(_alike(word, other) for other in others)
    }


def _alike(one: str, other: str) -> bool:
    """Whether one stands for the other. WordNet is not asked: it takes "dose" for "drug", "qualify" for "certify"."""
    return one == other or other in _groups().get(one, frozenset())


def _turned_round(one: Wording, other: Wording) -> str:
    """What changes sides: what stands before a verb or preposition in one question, and after it in the other."""
    turned = {(right, between, left) for left, between, right in other.ties} & one.ties
    if turned:
        return " ".join(min(turned))
    if one.aspect == "compare":
        return ""
    mine = tuple(next((its for its in other.order if _alike(word, its)), word) for word in one.order)
    if one.aspect == "whether" and mine != other.order and _is_rotation(mine, other.order):
        return f"{mine[0]} and {other.order[0]}"
    passive = bool(one.done_by) != bool(other.done_by)
    verb = (one.done_by or other.done_by or ("", ""))[0]
    for place, word in enumerate(mine):
        at_verb = _alike(verb, word)
        if word not in other.order or (passive and not at_verb):
            continue
        there = other.order.index(word)
        here_sides = set(mine[:place]), set(mine[place + 1 :])
        its_sides = set(other.order[:there]), set(other.order[there + 1 :])
        # In a passive question who does it stands on the other side, so there the same order is the turned one.
        if all(here_sides) and here_sides == (its_sides if passive else its_sides[::-1]):
            return word
    return ""


def _is_rotation(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether the second is the first with its beginning moved to its end: "is A part of B?", "is B part of A?"."""
    return len(one) == len(other) and any(one[place:] + one[:place] == other for place in range(1, len(one)))


@cache
def _groups() -> dict[str, frozenset[str]]:
    """For each stem, the stems of its group in `same_words.txt`."""
    found: dict[str, frozenset[str]] = {}
    for line in files("cpom_tutor.reviewing").joinpath("same_words.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            group = frozenset(stem(word) for word in line.split())
            for each in group:
                found[each] = found.get(each, frozenset()) | group
    return found
