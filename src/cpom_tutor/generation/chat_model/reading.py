"""What a language model writes, read sentence by sentence as it comes.

Models are asked for one sentence a line with its keys in square brackets. What they write is read tolerantly: marks
before or after the full stop or at the start of a line; several sentences that share a mark; Markdown; JSON with prose
around it or cut off. Tolerance costs nothing here: whatever is read goes to the gate.
"""

import json
import re
from collections.abc import Generator as Sentences
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from cpom_tutor.answers import Form
from cpom_tutor.generation.chat_model.marks import Marks, begins_with_mark, by_leading_marks, without_marks
from cpom_tutor.grounding.sentences import split_sentences

_NOT_ANSWERED = re.compile(r"\W*not[ _]answered\b", re.IGNORECASE)
_JSON = re.compile(r"\{\s*(?:\"|\Z)|\[\s*\{")
_OBJECT = re.compile(r"\{[^{}]*\}")
_TEXTS = ("text", "sentence", "claim", "content", "statement", "answer")
_THINKING = re.compile(r"\s*<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL)
_BULLET = re.compile(r"\s*(?:[-*+•]|\d{1,2}[.)])\s+")
_FRAME = re.compile(r"\s*(?:#{1,6}\s|```)")
_OWN = re.compile(r"\W*(?:example|analogy|picture)\W*:\W*(?P<words>.+)", re.IGNORECASE)
_EMPHASIS = re.compile(r"\*+|(?<!\w)_+|_+(?!\w)|`+|^\s*>\s*")
_VERDICT = re.compile(r"(?:yes|no)\s*[,:;.!—–-]+\s*", re.IGNORECASE)
_ATTRIBUTED = re.compile(
    r"(?:according to the (?:course|text|passages?)"
    r"|the (?:course|text|passages?) (?:says?|states?|explains?|notes?) that),?\s+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence that a model wrote.

    Attributes:
        text: without marks and emphasis; what else is odd in it is left for the gate to refuse.
        named: ids of the passages that it names; one that does not exist as it was typed.
        form: how it was laid out.
        own: it is marked as an example of the model's own.
    """

    text: str
    named: tuple[str, ...]
    form: Form = Form.RUN_ON
    own: bool = False


class SentenceReader:
    """Pieces of text in, sentences out, each as soon as it is whole.

    Args:
        keys: key -> passage id, in the order in which the model saw them.
    """

    def __init__(self, keys: Mapping[str, str]) -> None:
        self._marks = Marks(keys)
        self._rest = ""
        self._json = False
        self._form = Form.RUN_ON  # of the next sentence
        self._listing = False

    def read(self, piece: str) -> Iterator[Written]:
        """The sentences that the piece completes."""
        self._rest += piece
        yield from self._read(ended=False)

    def end(self) -> Iterator[Written]:
        """What is left when the model has ended."""
        yield from self._read(ended=True)

    def _read(self, *, ended: bool) -> Iterator[Written]:
        if self._rest.lstrip().startswith("<think"):
            said = _THINKING.sub("", self._rest, count=1)
            if not said and not ended:
                return
            self._rest = said
        found = None if self._json else _JSON.search(self._rest)
        if found:
            yield from self._lines(self._rest[: found.start()], ended=True)
            self._rest, self._json = self._rest[found.start() :], True
        if self._json:
            yield from self._objects()
        else:
            self._rest = yield from self._lines(self._rest, ended=ended)

    def _objects(self) -> Iterator[Written]:
        """The innermost objects that are whole; one that is cut off says nothing that could be trusted."""
        end = 0
        for found in _OBJECT.finditer(self._rest):
            end = found.end()
            try:
                record = json.loads(found.group())
            except json.JSONDecodeError:
                continue
            text = next((record[name] for name in _TEXTS if isinstance(record.get(name), str)), "")
            beside = " ".join(json.dumps(value) for name, value in record.items() if name not in _TEXTS)
            named = self._marks.named(re.sub(r"[\[\]\",]", " ", beside))
            for written in self._sentences(text)[0]:
                yield replace(written, named=written.named or named)
        self._rest = self._rest[end:]

    def _lines(self, text: str, *, ended: bool) -> Sentences[Written, None, str]:
        """Whole lines, and of the last line the sentences that are whole; returns what is left."""
        *lines, rest = text.split("\n")
        for line in lines:
            yield from self._sentences(line)[0]
            if not line.strip():
                self._form = Form.PARAGRAPH
        found, used = self._sentences(rest, ended=ended)
        yield from found
        return rest[used:]

    def _sentences(self, line: str, *, ended: bool = True) -> tuple[list[Written], int]:
        """The sentences of a line that are whole, and how much of it they are.

        A sentence without a mark has the mark of the next one in its line.
        """
        if _FRAME.match(line):
            return [], len(line) if ended else 0
        marked = self._marks.placed(line)
        bullet = _BULLET.match(marked.text)
        text = marked.text[bullet.end() :] if bullet else marked.text
        if begins_with_mark(text):
            found = [
                self._written(words[span.start : span.end], marked.named_in(mark), bool(bullet))
                for mark, words in by_leading_marks(text) for span in split_sentences(words)
            ] if ended else []  # fmt: skip
            return [one for one in found if one], len(line) if ended else 0
        spans = split_sentences(marked.text)
        waiting: list[str] = []
        told: list[Written | None] = []
        used = 0
        for span in spans if ended else spans[:-1]:
            waiting.append(span.of(marked.text))
            named = marked.named_in(waiting[-1])
            if named:
                told += [self._written(without_marks(each), named, bool(bullet)) for each in waiting]
                waiting, used = [], marked.written_at(span.end)
        if ended:
            told += [self._written(each, (), bool(bullet)) for each in waiting]
            used = len(line)
        return [one for one in told if one], used

    def _written(self, text: str, named: tuple[str, ...], in_list: bool) -> Written | None:
        """The sentence without emphasis; None for what only leads in, and for a model that does not answer."""
        own = _OWN.match(text)
        words = " ".join(_EMPHASIS.sub("", own["words"] if own else text).split())
        words = _ATTRIBUTED.sub("", _VERDICT.sub("", words, count=1), count=1)
        says_nothing = not named and not own and words.endswith(":")
        if says_nothing or _NOT_ANSWERED.match(words) or not any(character.isalnum() for character in words):
            return None
        form = Form.ITEM if in_list else Form.PARAGRAPH if self._listing else self._form
        self._listing, self._form = in_list, Form.RUN_ON
        return Written(words[0].upper() + words[1:], () if own else named, form, bool(own))
