"""Marking a response: by the key where there is one, point by point where it is free text."""

import re
from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz.distance import DamerauLevenshtein

from cpom_tutor.attempts import Grading, Marking, PointVerdict, Response
from cpom_tutor.errors import BadInput
from cpom_tutor.items import AcceptedKey, ChoiceKey, ItemKind, Key, OrderKey, PairsKey, QuizItem, RubricPoint
from cpom_tutor.language import stem
from cpom_tutor.practice_protocols import Grader

PASS_SHORT = 0.6
"""Share of a short answer's points from which on it counts as right."""
_TYPO_FROM = 6
"""Letters of a word in which one slip of the finger is forgiven."""
_WORD = re.compile(r"[a-z0-9]+")
_IGNORED = frozenset("a an the of and".split())


def mark_by_key(item: QuizItem, response: Response) -> Marking:
    """Marks a response to anything but a short item.

    Raises:
        BadInput: the response is not of the item's kind, or out of range.
    """
    key: Key = item.key
    if isinstance(key, ChoiceKey):
        return _all_or_nothing(_index_of(item, response) == key.index)
    if isinstance(key, OrderKey):
        return _mark_order(item, key, response)
    if isinstance(key, PairsKey):
        return _mark_pairs(item, key, response)
    return _all_or_nothing(accepts(key, _text_of(item, response)))


def accepts(key: AcceptedKey, text: str) -> bool:
    """Whether the text is one of the accepted ones: case, number, articles and one slip in a long word aside."""
    given = _words(text)
    return bool(given) and any(_same(given, _words(accepted)) for accepted in key.texts)


def mark_points(question: str, rubric: Sequence[RubricPoint], answer: str, grader: Grader) -> Grading:
    """Marks free text by a rubric; the score counts each point by its weight.

    Raises:
        BadInput: there is no rubric point.
    """
    reference = list(dict.fromkeys(point.citation.quote for point in rubric))
    grading = grader.grade(question, reference, [point.criterion for point in rubric], answer)
    whole = sum(point.points for point in rubric)
    pairs = zip(rubric, grading.points, strict=True)
    met = sum(point.points for point, mark in pairs if mark.verdict is PointVerdict.MET)
    return replace(grading, score=met / whole)


def mark_short(item: QuizItem, response: Response, grader: Grader) -> Marking:
    """Marks a short item by its rubric."""
    grading = mark_points(item.stem, item.rubric, _text_of(item, response), grader)
    return Marking(grading.score, grading.score >= PASS_SHORT, grading)


def _all_or_nothing(right: bool) -> Marking:
    return Marking(float(right), right)


def _part(right: int, of: int) -> Marking:
    return Marking(right / of, right == of)


def _index_of(item: QuizItem, response: Response) -> int:
    if response.index is None or not 0 <= response.index < len(item.options):
        raise _unfit(item, f"one of its {len(item.options)} options")
    return response.index


def _text_of(item: QuizItem, response: Response) -> str:
    if response.text is None:
        raise _unfit(item, "words")
    return response.text


def _mark_order(item: QuizItem, key: OrderKey, response: Response) -> Marking:
    """Part marks for each neighbouring pair in the right order: one misplaced step does not spoil the rest."""
    given = response.order
    if given is None or sorted(given) != list(range(len(item.options))):
        raise _unfit(item, "all its steps, each once")
    place = {option: position for position, option in enumerate(given)}
    steps = list(zip(key.indices, key.indices[1:], strict=False))
    return _part(sum(place[second] - place[first] == 1 for first, second in steps), len(steps))


def _mark_pairs(item: QuizItem, key: PairsKey, response: Response) -> Marking:
    given = dict(response.pairs or ())
    fits = all(0 <= one < len(item.prompts) and 0 <= other < len(item.options) for one, other in given.items())
    if response.pairs is None or not fits or len(given) != len(response.pairs):
        raise _unfit(item, "at most one of its options for each line")
    return _part(sum(given.get(prompt) == option for prompt, option in key.pairs), len(key.pairs))


def _unfit(item: QuizItem, wanted: str) -> BadInput:
    names = {ItemKind.MCQ: "multiple-choice", ItemKind.CLOZE: "cloze", ItemKind.SHORT: "short-answer"}
    return BadInput(f"That does not answer this {names.get(item.kind, item.kind.value)} question; give {wanted}.")


def _words(text: str) -> list[str]:
    lower = text.lower().replace("’", "").replace("'", "")
    return [word for word in _WORD.findall(lower) if word not in _IGNORED]


def _same(given: Sequence[str], wanted: Sequence[str]) -> bool:
    if "".join(given) == "".join(wanted):
        return True
    return len(given) == len(wanted) and all(map(_same_word, given, wanted))


def _same_word(given: str, wanted: str) -> bool:
    if stem(given) == stem(wanted):
        return True
    if len(wanted) < _TYPO_FROM or any(character.isdigit() for character in given + wanted):
        return False
    return DamerauLevenshtein.distance(given, wanted) <= 1
