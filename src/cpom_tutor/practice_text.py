"""Questions, exams and scenarios as plain text for the terminal: first what is asked, then the key with reasons."""

import textwrap
from collections.abc import Sequence

from cpom_tutor.items import AcceptedKey, ChoiceKey, Exam, OrderKey, PairsKey, QuizItem, Rationale, Scenario, letter
from cpom_tutor.language import quoted

WIDTH = 96


def quiz_text(items: Sequence[QuizItem]) -> str:
    """All questions, then the key."""
    asked = [_asked(number, item) for number, item in enumerate(items, start=1)]
    keys = [_key(number, item) for number, item in enumerate(items, start=1)]
    return "\n\n".join([*asked, "KEY", *keys])


def exam_text(exam: Exam) -> str:
    """The exam's shape, its questions, then the key."""
    groups = [
        f"  {f'Case: {group.title}' if group.situation else group.title}: {len(group.item_ids)}"
        for group in exam.blueprint
    ]
    head = f"Mock exam: {len(exam.items)} questions, {exam.minutes} minutes (seed {exam.seed}).\n" + "\n".join(groups)
    return f"{head}\n\n{quiz_text(exam.items)}"


def scenario_text(scenario: Scenario) -> str:
    """The situation, its decisions and last question, then the key, the rubric and a model answer."""
    parts = [scenario.title.upper(), _wrap(scenario.role), _wrap(scenario.situation)]
    keys = []
    for number, decision in enumerate(scenario.decisions, start=1):
        parts.append(f"{_wrap(decision.prompt, f'{number}. ')}\n{_lettered(decision.options)}")
        reasons = "\n".join(_reason(place, why) for place, why in enumerate(decision.feedback))
        keys.append(f"{number}. {letter(decision.best)}\n{reasons}")
    parts += [_wrap(scenario.question), "KEY", *keys]
    rubric = "\n".join(_wrap(f"{point.criterion} ({point.points})", "   - ") for point in scenario.rubric)
    answer = _wrap(" ".join(sentence.text for sentence in scenario.model_answer))
    return "\n\n".join([*parts, f"A good answer says:\n{rubric}", f"For example:\n{answer}"])


def _asked(number: int, item: QuizItem) -> str:
    blocks = item.stem.split("\n\n")
    stem = "\n\n".join([_wrap(blocks[0], f"{number}. "), *(_wrap(block, "   ") for block in blocks[1:])])
    prompts = "\n".join(_wrap(prompt, f"   {place}) ") for place, prompt in enumerate(item.prompts, start=1))
    options = _lettered(item.options)
    return "\n".join(part for part in (stem, prompts, options) if part)


def _lettered(options: Sequence[str]) -> str:
    return "\n".join(_wrap(option, f"   {letter(place)}. ") for place, option in enumerate(options))


def _key(number: int, item: QuizItem) -> str:
    lines = [f"{number}. {_key_words(item)}  ({item.level.value}; {item.topic})"]
    if isinstance(item.key, ChoiceKey):
        lines += [_reason(place, why) for place, why in enumerate(item.rationales)]
    else:
        lines += [_wrap(point.criterion, "   - ") for point in item.rubric]
        quotes = dict.fromkeys((citation.quote, citation.address) for citation in item.citations)
        lines += [_wrap(f"{quoted(quote)} ({address})", "   ") for quote, address in quotes]
    return "\n".join(lines)


def _key_words(item: QuizItem) -> str:
    key = item.key
    if isinstance(key, ChoiceKey):
        return letter(key.index)
    if isinstance(key, AcceptedKey):
        return "for example:" if item.rubric else " / ".join(key.texts)
    if isinstance(key, OrderKey):
        return " ".join(letter(index) for index in key.indices)
    assert isinstance(key, PairsKey)
    return " ".join(f"{prompt + 1}{letter(option)}" for prompt, option in key.pairs)


def _reason(place: int, why: Rationale) -> str:
    return _wrap(why.line, f"   {letter(place)}. ")


def _wrap(text: str, first: str = "") -> str:
    return textwrap.fill(
        text, WIDTH, initial_indent=first, subsequent_indent=" " * len(first), break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip
