"""Broken items made out of valid ones of one kind: gaps, pairs, orders, rubrics."""

import re
from dataclasses import replace

from cpom_tutor.course import Citation
from cpom_tutor.items import AcceptedKey, OrderKey, PairsKey, QuizItem
from cpom_tutor.practice.validators.wording import GAP, key_text


def with_option(item: QuizItem, place: int, text: str) -> QuizItem:
    return replace(item, options=(*item.options[:place], text, *item.options[place + 1 :]))


def one_word_other(citation: Citation) -> Citation:
    """The longest word of the quote, read backwards."""
    word = max(re.findall(r"\w+", citation.quote), key=len)
    return replace(citation, quote=citation.quote.replace(word, word[::-1], 1))


def swapped_pairs(item: QuizItem) -> QuizItem | None:
    if not isinstance(item.key, PairsKey):
        return None
    (left, right), (left_two, right_two), *rest = item.key.pairs
    return replace(item, key=PairsKey(((left, right_two), (left_two, right), *rest)))


def one_option_for_two(item: QuizItem) -> QuizItem | None:
    if not isinstance(item.key, PairsKey):
        return None
    (left, right), (left_two, _), *rest = item.key.pairs
    return replace(item, key=PairsKey(((left, right), (left_two, right), *rest)))


def telling_pair(item: QuizItem) -> QuizItem | None:
    """A name of letters in one prompt and in its own option."""
    if not isinstance(item.key, PairsKey):
        return None
    left, right = item.key.pairs[0]
    prompts = tuple(f"{text} (Zebra)" if place == left else text for place, text in enumerate(item.prompts))
    return with_option(replace(item, prompts=prompts), right, f"{item.options[right]} (Zebra)")


def other_order(item: QuizItem) -> QuizItem | None:
    return replace(item, key=OrderKey(item.key.indices[::-1])) if isinstance(item.key, OrderKey) else None


def other_answer(item: QuizItem) -> QuizItem | None:
    return replace(item, key=AcceptedKey(("supervision",)))


def told_answer(item: QuizItem) -> QuizItem | None:
    return replace(item, stem=f"On {key_text(item)}: {item.stem}")


def second_gap(item: QuizItem) -> QuizItem | None:
    word = max(re.findall(r"[A-Za-z]+", item.stem), key=len)
    return replace(item, stem=item.stem.replace(word, GAP, 1))


def short_sentence(item: QuizItem) -> QuizItem | None:
    """Only the words next to the gap are left."""
    start = item.stem.index(GAP)
    left = " ".join(item.stem[:start].split()[-2:])
    right = " ".join(item.stem[start + len(GAP) :].split()[:2])
    quote = f"{left} {key_text(item)} {right}"
    found = item.citations[0].quote.find(quote)
    if found < 0:
        return None
    first = item.citations[0]
    start = first.start + found
    cited = replace(first, quote=quote, start=start, end=start + len(quote))
    return replace(item, stem=f"Which word fits “{left} {GAP} {right}”?", citations=(cited,))


def no_rubric(item: QuizItem) -> QuizItem | None:
    return replace(item, rubric=())


def told_point(item: QuizItem) -> QuizItem | None:
    return replace(item, stem=f"Given that {item.rubric[0].criterion}: {item.stem}")


def misquoted_point(item: QuizItem) -> QuizItem | None:
    first, *rest = item.rubric
    return replace(item, rubric=(replace(first, citation=one_word_other(first.citation)), *rest))


def uncounted(item: QuizItem) -> QuizItem | None:
    """The stem no longer says how many points are wanted."""
    return replace(item, stem=re.sub(r"\b(?:two|three|four|five|six|seven) ", "", item.stem))


def left_out(item: QuizItem) -> QuizItem | None:
    """A point less than the stem asks for."""
    return replace(item, rubric=item.rubric[:-1], citations=tuple(point.citation for point in item.rubric[:-1]))


def no_hint(item: QuizItem) -> QuizItem | None:
    return replace(item, stem=re.sub(r"^Which .+? completes", "Which words complete", item.stem))


def plain_word(item: QuizItem) -> QuizItem | None:
    """The gap at the longest other word, which is no term unless a name is."""
    quote = item.citations[0].quote
    words = [word for word in re.findall(r"(?<![\w-])[a-z]{5,}(?![\w-])", quote) if word not in key_text(item).split()]
    if not words:
        return None
    word = max(words, key=len)
    stem = item.stem.replace(GAP, key_text(item))
    hint = f"Which word, of {len(word)} letters and beginning with “{word[0]}”, completes"
    stem = re.sub(r"^Which .+? completes", hint, stem)
    head, _, tail = stem.rpartition(word)
    return replace(item, stem=f"{head}{GAP}{tail}", key=AcceptedKey((word,)))
