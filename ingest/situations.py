"""situations/*.yaml: workplace stories in which something of the course is to be recognised.

A file is a list of families. A family's options are things that the course sets side by side, or that a teacher does
by excerpts of it; each of its situations shows one of them, and names the words of the course that decide.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cpom_tutor.course import Kind, Passage, Span
from cpom_tutor.teaching import Choice, Place, Situation
from ingest.entries import fields_of, list_of, place_of, places_of, read_entries, text_of, texts_of
from ingest.refusal import Refusal

FOLDER = "situations"
LEAST_OTHERS = 2
_SHAPE = "a list of families, each with “asks:”, “options:” and “situations:”"
_GIST = 200
"""Characters of a labelled passage that say what it is, if a sentence does not end there."""


def read_situations(
    root: Path, passages: Sequence[Passage], refused: list[tuple[str, str]]
) -> tuple[Situation, ...]:  # fmt: skip
    """Every situation of the folder, in file order; one that is told twice with one question is kept once.

    Args:
        root: the corpus folder; `situations/` may be missing.
        passages: of the course; every excerpt is of one of them.
        refused: (file, reason) of what cannot be used is appended.
    """
    course = _Course(passages)
    found: dict[tuple[str, str], Situation] = {}
    for situation in read_entries(root / FOLDER, _SHAPE, lambda entry: _family(entry, course), refused):
        found.setdefault((situation.text.lower(), situation.asks), situation)
    return tuple(found.values())


@dataclass(frozen=True)
class _Course:
    passages: Sequence[Passage]

    def choices(self, options: Iterable[tuple[str, str]]) -> dict[str, Choice]:
        """The choice that each (name, excerpt or label) means.

        A label may stand in several lists; the one that more of the family's options stand in is meant.
        """
        candidates = {name: self._candidates(words) for name, words in options}
        known = {passage.id: passage for passage in self.passages}
        together = Counter(
            group for places in candidates.values() for group in {_group(known[passage]) for passage, _ in places}
        )
        return {
            name: Choice(name, max(places, key=lambda place: together[_group(known[place[0]])]))
            for name, places in candidates.items()
        }

    def decided(self, excerpt: str, key: Choice) -> Place:
        """Where the deciding words stand: with the key, if they stand in several places."""
        known = {passage.id: passage for passage in self.passages}
        group = _group(known[key.place[0]])
        places = list(places_of(excerpt, self.passages)) or [place_of(excerpt, (), "“decided_by:”")]
        return max(places, key=lambda each: (each[0] == key.place[0], _group(known[each[0]]) == group))

    def _candidates(self, words: str) -> list[Place]:
        labelled = [
            (passage.id, gist)
            for passage in self.passages
            if not passage.kind.is_container and (gist := _gist(passage, words))
        ]
        return labelled or list(places_of(words, self.passages)) or [place_of(words, (), "an option")]


def _group(passage: Passage) -> object:
    return passage.parent or passage.heading_path


def _gist(passage: Passage, label: str) -> Span | None:
    """The words of a passage that say what its label is, where it has this one."""
    if not passage.sentences or label not in (passage.name, passage.name.partition(" (")[0], passage.counterpart_name):
        return None
    if passage.kind is Kind.PAIR and label == passage.counterpart_name:
        return passage.sentences[-1]
    first = passage.sentences[0]
    inside = [span for span in passage.sentences if span.end - first.start <= _GIST]
    return Span(first.start, inside[-1].end if inside else first.end)


def _family(entry: object, course: _Course) -> Iterator[Situation | Refusal]:
    fields = fields_of(entry, ("asks", "options", "situations"))
    asks = text_of(fields, "asks")
    choices = course.choices(_options(fields))
    for position, each in enumerate(list_of(fields, "situations"), start=1):
        try:
            yield from _situations(each, asks, choices, course.decided)
        except Refusal as reason:
            yield Refusal(f"situation {position} {reason}")


def _options(family: Mapping[str, object]) -> list[tuple[str, str]]:
    """The name of each option, and the words of the course that it is looked up by."""
    found: list[tuple[str, str]] = []
    for option in list_of(family, "options"):
        if isinstance(option, str):
            found.append((option.strip(), option.strip()))
        else:
            named = fields_of(option, ("name", "by"))
            found.append((text_of(named, "name"), text_of(named, "by")))
    if len({name for name, _ in found}) < len(found):
        raise Refusal("has two options of one name; name each differently")
    return found


def _situations(
    entry: object, asks: str, choices: Mapping[str, Choice], decided: Callable[[str, Choice], Place]
) -> Iterator[Situation]:
    fields = fields_of(entry, ("shows", "decided_by", "texts"), ("not",))
    shows, left_out = text_of(fields, "shows"), texts_of(fields, "not")
    for name in (shows, *left_out):
        if name not in choices:
            raise Refusal(f"names “{name}”, which is none of the family's options; write it as it stands there")
    others = tuple(choice for name, choice in choices.items() if name not in (shows, *left_out))
    if shows in left_out or len(others) < LEAST_OTHERS:
        raise Refusal(f"leaves fewer than {LEAST_OTHERS} options besides “{shows}”; take one out of “not:”")
    place = decided(text_of(fields, "decided_by"), choices[shows])
    for text in texts_of(fields, "texts"):
        yield Situation(" ".join(text.split()), asks, choices[shows], others, place)
