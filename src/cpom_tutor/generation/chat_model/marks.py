"""The keys that a model wrote beside its sentences, in whatever form: `[k47]`, `[k47, m02]`, `[1,2]`, `【k47】`."""

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass

_BRACKETS = re.compile(r"\s?(?:[\[【〔](?P<square>[^\[\]【】〔〕\n]{1,80})[\]】〕]|\((?P<round>[^()\n]{1,40})\))")
_TOKEN = re.compile(r"[A-Za-z]?\d+")
_BESIDES = re.compile(
    r"†\w*|\b(?:passages?|sources?|keys?|refs?|references?|citations?|see|and|in|from|id|no|nr)\b|[\W_]", re.IGNORECASE
)
_PLACED = re.compile(r"\s*\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Marked:
    """A text whose marks are numbered.

    Attributes:
        text: with ` [n]` for each mark, n from 0.
        named: for each mark, the passages that it names.
        starts, shifts: where `text` stops agreeing with what was written, and by how many characters from there on.
    """

    text: str
    named: tuple[tuple[str, ...], ...]
    starts: tuple[int, ...]
    shifts: tuple[int, ...]

    def written_at(self, place: int) -> int:
        """Where a place in `text` is in what was written."""
        after = bisect_right(self.starts, place)
        return place + (self.shifts[after - 1] if after else 0)

    def named_in(self, text: str) -> tuple[str, ...]:
        """The passages named by the marks in a piece of `text`, each once."""
        found = [each for mark in _PLACED.findall(text) for each in self.named[int(mark)]]
        return tuple(dict.fromkeys(found))


class Marks:
    """Knows marks by their keys.

    Args:
        keys: key -> passage id, in the order in which the model saw them.
    """

    def __init__(self, keys: Mapping[str, str]) -> None:
        self._keys = {key.lower(): passage_id for key, passage_id in keys.items()}
        self._ordered = tuple(keys.values())

    def placed(self, written: str) -> Marked:
        """The text with its marks numbered."""
        parts: list[str] = []
        named: list[tuple[str, ...]] = []
        starts: list[int] = []
        shifts: list[int] = []
        done = length = 0
        for found in _BRACKETS.finditer(written):
            ids = self.named(found["square"] or "") if found["square"] else self._in_round(found["round"] or "")
            if not ids:
                continue
            before = written[done : found.start()]
            # Marks side by side stay together, so that no sentence ends between them.
            kept = f"[{len(named)}]" if named and not before.strip() else f"{before} [{len(named)}]"
            parts.append(kept)
            length += len(kept)
            done = found.end()
            named.append(ids)
            starts.append(length)
            shifts.append(done - length)
        return Marked("".join(parts) + written[done:], tuple(named), tuple(starts), tuple(shifts))

    def named(self, inside: str) -> tuple[str, ...]:
        """The passages that a bracket names; one that does not exist as it was typed; empty for other brackets."""
        if _BESIDES.sub("", _TOKEN.sub("", inside)):
            return ()
        return tuple(dict.fromkeys(self._passage(token.lower()) for token in _TOKEN.findall(inside)))

    def _in_round(self, inside: str) -> tuple[str, ...]:
        """Round brackets hold numbers and remarks too, so they are marks only where each token is a key."""
        tokens = [token.lower() for token in _TOKEN.findall(inside)]
        return self.named(inside) if tokens and all(token in self._keys for token in tokens) else ()

    def _passage(self, token: str) -> str:
        if token in self._keys:
            return self._keys[token]
        if token.isdigit() and 1 <= int(token) <= len(self._ordered):
            return self._ordered[int(token) - 1]
        return token


def without_marks(text: str) -> str:
    """A piece of `Marked.text` without its marks."""
    return _PLACED.sub("", text)


def begins_with_mark(text: str) -> bool:
    """Whether the marks stand before what they belong to."""
    return bool(_PLACED.match(text))


def by_leading_marks(text: str) -> list[tuple[str, str]]:
    """(marks, the words after them), for a text whose marks stand in front."""
    pieces = re.split(r"((?:\s*\[\d+\])+)", text)
    return [(mark, words) for mark, words in zip(pieces[1::2], pieces[2::2], strict=True) if words.strip()]
