"""Checks citations against the course's files, and trusts nothing else: no module of the tutor is imported.

    python evals/verify_citations.py replies.jsonl corpus/

Reads the lines that `cpom-tutor ask --jsonl` wrote. A citation is right when its quote stands verbatim in the very
block of the section file that its address names, at the offsets that it gives, and where the reply also lists the
passage among `retrieved`, in that text too. Every factual claim needs a citation. Exit code 0: all are right, 1: some
are not, 2: bad use.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

_SHOWN = 20  # defects listed; the rest are counted
_ADDRESS = re.compile(r"\S+ §(?P<section>[\d.]+) ¶(?P<block>\d+)(?:\.(?P<part>r?\d+))?(?P<piece>[a-z])?")
_HEADING = re.compile(r"#{2,}\s+(?P<number>\d+(?:\.\d+)+)\s")

Json = Mapping[str, Any]
Blocks = dict[str, str]
"""Address without the course's code, such as `1.1.2 ¶8.3` -> the text that stands there."""


@dataclass
class Tally:
    """What was found.

    Attributes:
        replies, answers, facts, citations: how many there are.
        uncited: facts without a citation.
        right: citations that pass every check.
        defects: what is wrong, one sentence each.
    """

    replies: int = 0
    answers: int = 0
    facts: int = 0
    uncited: int = 0
    citations: int = 0
    right: int = 0
    defects: list[str] = field(default_factory=list)


def blocks_of(text: str) -> Blocks:
    """Every block, item and row of a section file by its address, read from the Markdown alone."""
    found: Blocks = {}
    declared = re.search(r'^section:\s*"?([\d.]+)', text, re.MULTILINE)
    section, number, start = (declared[1] if declared else ""), 0, 0
    for kind, run in groupby(_lines(text), key=lambda line: line.kind):
        lines = list(run)
        if kind == "heading":
            numbered = _HEADING.match(lines[-1].words)
            if numbered:
                section, number = numbered["number"], 0
        elif kind == "paragraph":
            for line in lines:
                number, start = number + 1, line.start
                found[f"{section} ¶{number}"] = line.words
        elif kind == "definition":
            found[f"{section} ¶{number}"] = text[start : lines[-1].start + len(lines[-1].words)]
        elif kind in ("item", "row"):
            number += 1
            mark, parts = ("r", lines[2:]) if kind == "row" else ("", lines)  # a table starts with its head and a rule
            spans = [(line.start + 2, line.start + len(line.words) - 2 * (kind == "row")) for line in parts]
            for part, (first, last) in enumerate(spans, 1):
                found[f"{section} ¶{number}.{mark}{part}"] = text[first:last]
            found[f"{section} ¶{number}"] = text[spans[0][0] : spans[-1][1]] if spans else ""
    return found


@dataclass(frozen=True)
class _Line:
    start: int
    words: str
    kind: str


def _lines(text: str) -> Iterator[_Line]:
    """The lines after the front matter, and where each starts in the file."""
    fences = 0
    position = 0
    for line in text.splitlines(keepends=True):
        words = line.rstrip("\n")
        if fences < 2:
            fences += words == "---"
        else:
            yield _Line(position, words, _kind_of(words))
        position += len(line)


def _kind_of(words: str) -> str:
    if not words.strip() or words.startswith(":::"):
        return "nothing"
    starts = {"#": "heading", ": ": "definition", "- ": "item", "|": "row"}
    return next((kind for start, kind in starts.items() if words.startswith(start)), "paragraph")


def verify(replies: Iterator[Json], blocks: Blocks) -> Tally:
    """Checks every claim of every reply."""
    tally = Tally()
    for reply in replies:
        tally.replies += 1
        tally.answers += reply.get("kind") == "answer"
        if "error" in reply:
            tally.defects.append(f"{reply.get('id')}: no reply but an error: {reply['error']}")
        retrieved = {passage["passage_id"]: passage["text"] for passage in reply.get("retrieved", ())}
        for claim in reply.get("claims", ()):
            citations = claim.get("citations", ())
            if claim.get("role", "fact") == "fact":
                tally.facts += 1
                if not citations:
                    tally.uncited += 1
                    tally.defects.append(f"{reply.get('id')}: no citation for: {claim.get('text')}")
            for citation in citations:
                tally.citations += 1
                wrong = defect_of(citation, blocks, retrieved)
                if wrong:
                    tally.defects.append(f"{reply.get('id')}: {citation.get('address')}: {wrong}")
                else:
                    tally.right += 1
    return tally


def defect_of(citation: Json, blocks: Blocks, retrieved: Mapping[str, str]) -> str:
    """What is wrong with a citation, or an empty string."""
    quote, start, end = citation["quote"], citation["start"], citation["end"]
    if not quote.strip():
        return "the quote is empty"
    address = _ADDRESS.fullmatch(citation["address"])
    if not address:
        return "not an address"
    place = f"{address['section']} ¶{address['block']}" + (f".{address['part']}" if address["part"] else "")
    if place not in blocks:
        return "nothing stands there"
    text = blocks[place]
    if quote not in text:
        return f"not verbatim: “{quote}”"
    # A piece of a long paragraph has offsets of its own; its text, where it is listed, decides.
    if not address["piece"] and text[start:end] != quote:
        return f"the file has “{text[start:end]}” at {start} to {end}, not “{quote}”"
    listed = retrieved.get(citation["passage_id"])
    if listed is not None and (listed not in text or listed[start:end] != quote):
        return "not at its offsets in the text under “retrieved”"
    return ""


def read_blocks(corpus: Path) -> Blocks:
    """The blocks of all section files of a corpus folder."""
    found: Blocks = {}
    for path in sorted(corpus.glob("*/*.md")):
        found |= blocks_of(path.read_text(encoding="utf-8"))
    return found


def read_replies(path: Path) -> Iterator[Json]:
    """The replies of a file, one a line."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if not line.strip():
                continue
            reply = json.loads(line)
            if not isinstance(reply, dict):
                raise ValueError("a line is not a JSON object")
            yield reply


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the check; returns the exit code."""
    parser = argparse.ArgumentParser(description="Checks every citation of a file of replies against the corpus.")
    parser.add_argument("replies", type=Path, help="the output of: cpom-tutor ask --jsonl")
    parser.add_argument("corpus", type=Path, help="the corpus folder")
    given = parser.parse_args(arguments)
    try:
        blocks = read_blocks(given.corpus)
        if not blocks:
            raise ValueError(f"{given.corpus} holds no section files (*/*.md)")
        tally = verify(read_replies(given.replies), blocks)
    except (OSError, ValueError, KeyError, TypeError) as error:
        sys.stderr.write(f"The replies cannot be checked ({error}); type: verify_citations.py replies.jsonl corpus/\n")
        return 2
    share = tally.right / tally.citations if tally.citations else 0.0
    lines = [
        f"replies        {tally.replies} (answers {tally.answers})",
        f"fact claims    {tally.facts}, without a citation {tally.uncited}",
        f"citations      {tally.citations}, right {tally.right} ({100 * share:.2f} %)",
        *(f"wrong          {defect}" for defect in tally.defects[:_SHOWN]),
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0 if tally.citations and not tally.defects else 1


if __name__ == "__main__":
    sys.exit(main())
