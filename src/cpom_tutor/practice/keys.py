"""An item's key in words and letters, as people write them: B; 1 – C; "procured, then stored"."""

from cpom_tutor.items import AcceptedKey, ChoiceKey, OrderKey, QuizItem, letter


def key_letters(item: QuizItem) -> str:
    """The key by letters, `B`, `C, A, B` or `1-B, 2-A`; empty where the answer is written out."""
    key = item.key
    if isinstance(key, ChoiceKey):
        return letter(key.index)
    if isinstance(key, OrderKey):
        return ", ".join(letter(place) for place in key.indices)
    if isinstance(key, AcceptedKey):
        return ""
    return ", ".join(f"{prompt + 1}-{letter(option)}" for prompt, option in sorted(key.pairs))


def answers(item: QuizItem) -> tuple[str, ...]:
    """The key in the item's own words.

    One text for multiple choice; the wording of the course and then what is as good for cloze and short; the options
    in their order for ordering; one `prompt – option` a prompt for matching.
    """
    key = item.key
    if isinstance(key, ChoiceKey):
        return (item.options[key.index],)
    if isinstance(key, OrderKey):
        return tuple(item.options[place] for place in key.indices)
    if isinstance(key, AcceptedKey):
        return key.texts
    return tuple(f"{item.prompts[prompt]} – {item.options[option]}" for prompt, option in sorted(key.pairs))


def option_name(item: QuizItem, place: int) -> str:
    """What the rationale at `place` is about: its option's letter, or nothing where it is about all of the item."""
    return letter(place) if item.options else ""
