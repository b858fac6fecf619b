"""Everyday words -> the course's words, from the course's glossary."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from cpom_tutor.course import GlossaryEntry

_SHORTEST_PLURAL = 4  # letters: "ADCs" has a singular, "EHRs" too; "CSS" has not


@dataclass(frozen=True, slots=True)
class Match:
    """A glossary entry found in a question, and the words that matched."""

    entry: GlossaryEntry
    words: str


class Glossary:
    """Finds glossary entries in a text, longest alias first, each stretch of text used once."""

    def __init__(self, entries: Iterable[GlossaryEntry]) -> None:
        self._entries: dict[str, GlossaryEntry] = {}
        for entry in entries:
            for alias in entry.aliases:
                self._entries.setdefault(alias.lower(), entry)
        for alias, entry in list(self._entries.items()):
            if len(alias) > _SHORTEST_PLURAL and alias.endswith("s") and not alias.endswith("ss"):
                self._entries.setdefault(alias.removesuffix("s"), entry)
        longest_first = sorted(self._entries, key=lambda alias: (-len(alias), alias))
        alternatives = "|".join(re.escape(alias) for alias in longest_first)
        self._pattern = re.compile(rf"(?<![\w-])(?:{alternatives})(?:s|['’]s)?(?![\w-])", re.IGNORECASE)

    def find(self, text: str) -> tuple[Match, ...]:
        """The entries that `text` uses, in order of appearance."""
        if not self._entries:
            return ()
        found: dict[str, Match] = {}
        for match in self._pattern.finditer(text):
            words = match.group().lower()
            for alias in (words, words.removesuffix("s"), words.removesuffix("'s"), words.removesuffix("’s")):
                if alias in self._entries:
                    found.setdefault(self._entries[alias].term, Match(self._entries[alias], match.group()))
                    break
        return tuple(found.values())

    def expand(self, text: str) -> str:
        """The course's words for the everyday words of `text` (or their meaning), without repetition."""
        words: dict[str, None] = {}
        for match in self.find(text):
            for term in match.entry.course_terms or (match.entry.means,):
                if term.lower() not in text.lower():
                    words.setdefault(term)
        return " ".join(words)

    def lookup(self, alias: str) -> GlossaryEntry | None:
        """The entry of this very word or abbreviation (a plural s is forgiven)."""
        lower = alias.strip().lower()
        return self._entries.get(lower) or self._entries.get(lower.removesuffix("s"))
