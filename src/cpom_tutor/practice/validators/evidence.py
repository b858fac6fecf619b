"""Whether the course decides the item: verbatim citations, a key that they establish, distractors that they do not."""

import re
from collections.abc import Iterator

from cpom_tutor.course import Citation, Passage
from cpom_tutor.items import AcceptedKey, ChoiceKey, ItemKind, Level, QuizItem
from cpom_tutor.language import content_stems
from cpom_tutor.library import Library
from cpom_tutor.practice.validators.stories import is_case, situation_of
from cpom_tutor.practice.validators.wording import (
    GAP,
    covered,
    distractors,
    key_text,
    quotes,
    runs_of,
    shared,
    stands_in,
    stems,
    surroundings,
    unquoted,
    word_stems,
)  # fmt: skip
from cpom_tutor.teaching import Situation

ESTABLISHED = 0.8
"""Share of the key's content words that its cited passages must have."""
OWN = 0.8
"""Share of a distractor's or rubric point's content words that the passage cited for it must have."""
TRUE_TOO, TRUE_TOO_FEW = 0.85, 0.6
"""Share of a text's content words, said of another thing, from which it may be true of that too. In “sterile
compounding” two words of three are the matter, side by side; in a sentence they are chance."""
_FEW = 5
CONTRAST = "contrast"
"""Origin of items whose key and distractors are sides of one sentence: the cited side itself must have the key."""
MORE = 2
"""Content words that a rationale's quotation has besides its option's."""
_ELSEWHERE = re.compile(r"\b(?:something else|other points|another (?:matter|thing))\b", re.IGNORECASE)
_MASK = re.compile(r"\[[^\]]*\]|…|\.\.\.|_{3,}")


def citations_of(item: QuizItem) -> Iterator[Citation]:
    """Every citation that a learner may see with the item."""
    yield from item.citations
    yield from (rationale.citation for rationale in item.rationales)
    yield from (point.citation for point in item.rubric)


def citation_fault(citation: Citation, library: Library) -> str:
    """Why a citation does not hold; empty where it does."""
    if citation.passage_id not in library:
        return f"the course has no passage {citation.passage_id}"
    passage = library.passage(citation.passage_id)
    if not citation.quote.strip() or passage.text[citation.start : citation.end] != citation.quote:
        return f"“{citation.quote}” does not stand at that place of {passage.address}"
    if citation.address != str(passage.address):
        return f"the passage stands at {passage.address}, not at {citation.address}"
    return ""


def verbatim_fault(item: QuizItem, library: Library) -> str:
    """Everything cited stands in the course word for word, where the citation says; the key has a citation."""
    if not item.citations:
        return "nothing of the course is cited for the key"
    return next((fault for each in citations_of(item) if (fault := citation_fault(each, library))), "")


def rationale_fault(item: QuizItem, library: Library) -> str:
    """A rationale with a citation for every option, which is about that option (HDR 29-31 want plausible, explained
    distractors; NBME: each wrong answer can be said to be wrong)."""
    wanted = len(item.options) or 1
    if len(item.rationales) != wanted:
        return f"{len(item.rationales)} rationale(s) for {wanted} option(s)"
    if any(len(stems(rationale.text)) < 1 for rationale in item.rationales):
        return "a rationale says nothing"
    if item.kind is not ItemKind.MCQ or item.level is Level.APPLICATION:
        return ""
    for option, rationale in zip(item.options, item.rationales, strict=True):
        passage = library.passage(rationale.citation.passage_id)
        if covered(option, surroundings(passage, library)) < OWN:
            return f"what is cited for “{option}” is not about it"
    return ""


def reason_fault(item: QuizItem, _: Library) -> str:
    """Each rationale shows words of the course that say more than the option, and tells of them what is so."""
    deciding = {(each.passage_id, each.start, each.end) for each in item.citations}
    key = item.key.index if isinstance(item.key, ChoiceKey) else -1
    if key >= 0:
        shown = item.rationales[key].citation
        deciding.add((shown.passage_id, shown.start, shown.end))
    for place, rationale in enumerate(item.rationales):
        cited = rationale.citation
        option = item.options[place] if item.options else ""
        if len(stems(cited.quote) - shared(cited.quote, option)) < MORE:
            return f"“{cited.quote}” gives no reason for “{option}”" if option else f"“{cited.quote}” gives no reason"
        if key >= 0 and place != key and _ELSEWHERE.search(rationale.text) and any(
            cited.passage_id == passage and cited.start < end and start < cited.end for passage, start, end in deciding
        ):  # fmt: skip
            return f"“{rationale.text}” is said of the key's own words"
    return ""


def established_fault(item: QuizItem, library: Library) -> str:
    """The key is established by its cited passages alone: its words or its name stand there, and what the stem quotes
    and names too (HDR 18; the course decides, not opinion: HDR 6)."""
    situation = situation_of(item, library)
    if situation:
        decided, place = library.passage(situation.decided_by[0]), library.passage(situation.shows.place[0])
        if situation.shows.name != key_text(item) or item.citations[0].passage_id != decided.id:
            return "the story shows another option"
        if not _tied(item, situation, decided, library):
            return "the cited words do not tie the deciding ones to the key"
        together = decided.address.section == place.address.section or stands_in(key_text(item), decided.text)
        return "" if together else "the deciding words belong to another part of the course than the key"
    if is_case(item):
        return "" if _is_best(key_text(item), library) else "the case study has another best option"
    passages = [library.passage(each.passage_id) for each in item.citations]
    evidence = [text for passage in passages for text in surroundings(passage, library)]
    if item.origin == CONTRAST and not any(stands_in(key_text(item), each.quote) for each in item.citations):
        return "the cited side of the contrast does not have the key"
    cited = [each.quote for each in item.citations] + [name for passage in passages for name in passage.heading_path]
    if isinstance(item.key, ChoiceKey) and covered(key_text(item), cited) < ESTABLISHED:
        return f"the cited words do not have those of “{key_text(item)}”"
    if item.level is Level.RECALL and item.kind is not ItemKind.CLOZE:
        return _foreign_stem(item, evidence)
    return ""


def _tied(item: QuizItem, situation: Situation, decided: Passage, library: Library) -> bool:
    """Whether what is cited has the key's name: in the words that decide, in their label, or in its own."""
    cited = [each.quote for each in item.citations]
    if not stems(key_text(item)) - shared(key_text(item), cited[0]):
        return True
    if decided.name and shared(key_text(item), decided.name):
        return decided.name in cited
    passage, span = situation.shows.place
    return any(span.of(library.passage(passage).text) in each for each in cited)


def _is_best(option: str, library: Library) -> bool:
    options = (each for case in library.case_studies for decision in case.decisions for each in decision.options)
    return any(each.best and each.text == option for each in options)


def _foreign_stem(item: QuizItem, evidence: list[str]) -> str:
    """What the stem quotes that the cited passages do not have."""
    for quote in quotes(item.stem):
        pieces = [piece for piece in _MASK.split(quote) if stems(piece)]
        for piece in pieces:
            if not any(stands_in(piece, text) for text in evidence):
                return f"the stem quotes “{piece.strip()}”, which the cited passages do not have"
    return ""


def one_right_fault(item: QuizItem, library: Library) -> str:
    """No distractor is also true for the stem, as far as the course's structure tells (HDR 18; NBME: "options that are
    not totally wrong")."""
    if item.kind is not ItemKind.MCQ:
        return ""
    deciding = [citation.quote for citation in item.citations]
    key = key_text(item)
    for option in distractors(item):
        if _same_thing(key, option, library):
            return f"“{option}” and the key may be the same thing"
        # In a story's deciding words a name of one word ("Pharmacy") is a word like any other.
        telling = item.level is Level.RECALL or len(stems(option)) > 1
        if telling and any(stands_in(option, quote) for quote in deciding):
            return f"“{option}” stands in the deciding words"
        about = [passage.text for passage in library.named(option)]
        if any(len(stems(quote)) > 1 and _says(text, quote) for quote in deciding for text in about):
            return f"the course says nearly the same of “{option}”"
        if item.level is Level.RECALL and _said_of_subject(option, item.stem, library):
            return f"the course says “{option}” of the stem's subject too"
    return ""


def _same_thing(key: str, option: str, library: Library) -> bool:
    """One is the other's parent by its words ("change management" and "management"), or its alias in the glossary."""
    one, other = word_stems(key), word_stems(option)
    if stems(key) and stems(option) and (one <= other or other <= one):
        return True
    return library.same_in_glossary(key, option)


def _says(text: str, words: str) -> bool:
    """Whether a text has so many of the words that they may be true of what it is about."""
    if not 2 < len(stems(words)) <= _FEW:
        return covered(words, [text]) >= TRUE_TOO
    together = set(runs_of(words, 2)) & set(runs_of(text, 2))
    return bool(together) and covered(words, [text]) >= TRUE_TOO_FEW


def _said_of_subject(option: str, item_stem: str, library: Library) -> bool:
    """Whether a passage whose label the stem names says the option as well."""
    if len(stems(option)) < 2:
        return False
    subjects = [passage for name in quotes(item_stem) for passage in library.named(name)]
    return any(_says(sentence, option) for passage in subjects for sentence in passage.sentence_texts)


def points_fault(item: QuizItem, library: Library) -> str:
    """A short item's rubric: each point stands on what it cites, is worth something, and is not told by the stem."""
    if item.kind is not ItemKind.SHORT:
        return "it has a rubric" if item.rubric else ""
    pointed = {point.citation.passage_id for point in item.rubric}
    if not pointed or not pointed.issuperset(citation.passage_id for citation in item.citations):
        return "it has no rubric, or cites what no point stands on"
    seen: set[frozenset[str]] = set()
    for point in item.rubric:
        passage = library.passage(point.citation.passage_id)
        if point.points < 1 or not stems(point.criterion) or stems(point.criterion) in seen:
            return f"the rubric point “{point.criterion}” is worth nothing, empty, or there twice"
        if covered(point.criterion, surroundings(passage, library)) < OWN:
            return f"what is cited for “{point.criterion}” is not about it"
        if covered(point.criterion, [item.stem]) >= ESTABLISHED:
            return f"the stem tells “{point.criterion}”"
        seen.add(stems(point.criterion))
    return ""


def gap_evidence(item: QuizItem) -> tuple[str, str, str] | None:
    """The cited quote that a cloze's gap stands in, and its words before and after the gap; None where none has it."""
    answer = key_text(item)
    if item.stem.count(GAP) != 1 or not isinstance(item.key, AcceptedKey):
        return None
    before, _, after = (_single(part) for part in item.stem.partition(GAP))
    for citation in item.citations:
        start = citation.quote.find(answer)
        while start >= 0:
            left, right = citation.quote[:start], citation.quote[start + len(answer) :]
            if before.endswith(_single(left)) and after.startswith(_single(right)):
                return citation.quote, left, right
            start = citation.quote.find(answer, start + 1)
    return None


def _single(text: str) -> str:
    """With single quotation marks: inside other ones the course's double ones are so written."""
    return text.replace("“", "‘").replace("”", "’")


def content_words(text: str) -> int:
    """How many different content words a text has."""
    return len(set(content_stems(unquoted(text)) + content_stems(" ".join(quotes(text)))))
