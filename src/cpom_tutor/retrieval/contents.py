"""What an index version holds besides vectors: the course's text and structure, as JSON documents.

The documents are all that is needed at run time; the corpus folder is not. Passages are kept as offsets, so
their words are always a slice of the section's text.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from cpom_tutor.course import Address, GlossaryEntry, Kind, Passage, Section, Span
from cpom_tutor.errors import IndexDamaged, IndexMismatch
from cpom_tutor.library import Library
from cpom_tutor.retrieval.kept import read_case_study, read_exam_shape, read_situation
from cpom_tutor.teaching import Probe

FORMAT = "3"
"""Of passages, of what is embedded and of these documents. Raise it when a corpus would give others."""

MANIFEST = "manifest"


def fingerprint_of(corpus_digest: str, embedder: str) -> str:
    """Names what an index version was made from; equal for equal corpus, format and embedder."""
    return hashlib.sha256(f"{corpus_digest}\n{FORMAT}\n{embedder}".encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Manifest:
    """An index version's description of itself.

    Attributes:
        format: of the documents and passages.
        embedder: name of the embedder of all vectors.
        dimension: length of a vector.
        corpus: digest of the corpus.
        fingerprint: of all of these.
        made_at: ISO time.
        passage_vectors, sentence_vectors, probe_vectors: how many of each.
        code, title: of the course.
        sections: numbers in reading order.
        windows: how many vectors a passage has, by its id, where it is more than one.
        digests: hash of each other document, by its id.
    """

    format: str
    embedder: str
    dimension: int
    corpus: str
    fingerprint: str
    made_at: str
    passage_vectors: int
    sentence_vectors: int
    probe_vectors: int
    code: str
    title: str
    sections: tuple[str, ...]
    windows: Mapping[str, int]
    digests: Mapping[str, str]

    def to_json(self) -> str:
        """The manifest's document."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, document: str) -> "Manifest":
        """Reads a manifest's document.

        Raises:
            IndexMismatch: it was written in another format.
        """
        found: dict[str, Any] = json.loads(document)
        if found.get("format") != FORMAT:
            raise IndexMismatch(
                f"The index has the passage format {found.get('format')}, this version reads {FORMAT}; "
                "run: python -m ingest"
            )
        return cls(**{**found, "sections": tuple(found["sections"])})


def library_documents(library: Library) -> dict[str, str]:
    """The documents of a library, by id; `read_library` is the inverse."""
    documents = {
        "glossary": _dump([asdict(entry) for entry in library.glossary]),
        "retired": _dump(dict(library.retired)),
        "probes": _dump([_probe_record(probe) for probe in library.probes]),
        "situations": _dump([asdict(situation) for situation in library.situations]),
        "case_studies": _dump([asdict(case_study) for case_study in library.case_studies]),
        "exam_shape": _dump(asdict(library.exam_shape) if library.exam_shape else None),
    }
    for section in library.sections:
        passages = [_record(passage) for passage in library.passages if library.section_of(passage) is section]
        documents[f"section:{section.number}"] = _dump(asdict(section))
        documents[f"passages:{section.number}"] = _dump(passages)
    return documents


def digest_of(document: str) -> str:
    """A short hash of a document's words."""
    return hashlib.sha256(document.encode()).hexdigest()[:16]


def read_library(manifest: Manifest, documents: Mapping[str, str]) -> Library:
    """The library that `library_documents` wrote.

    Raises:
        IndexDamaged: a document is missing or not what was written.
    """
    for name, digest in manifest.digests.items():
        if name not in documents or digest_of(documents[name]) != digest:
            raise IndexDamaged(f"The index lost its part “{name}”; run: python -m ingest --rebuild")
    sections: list[Section] = []
    passages: list[Passage] = []
    for number in manifest.sections:
        section = Section(**json.loads(documents[f"section:{number}"]))
        sections.append(section)
        records = json.loads(documents[f"passages:{number}"])
        passages.extend(_passage(record, section.text) for record in records)
    return Library(
        code=manifest.code,
        title=manifest.title,
        sections=tuple(sections),
        passages=tuple(passages),
        glossary=tuple(_entry(record) for record in json.loads(documents["glossary"])),
        fingerprint=manifest.fingerprint,
        retired=json.loads(documents["retired"]),
        probes=tuple(_probe(record) for record in json.loads(documents["probes"])),
        situations=tuple(read_situation(record) for record in json.loads(documents["situations"])),
        case_studies=tuple(read_case_study(record) for record in json.loads(documents["case_studies"])),
        exam_shape=read_exam_shape(json.loads(documents["exam_shape"])),
    )


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _entry(record: Mapping[str, Any]) -> GlossaryEntry:
    return GlossaryEntry(
        term=record["term"],
        means=record["means"],
        course_terms=tuple(record["course_terms"]),
        also=tuple(record["also"]),
        kind=record["kind"],
    )


def _probe_record(probe: Probe) -> dict[str, Any]:
    answers = [[passage, *_pair(span)] for passage, span in probe.answers]
    return {**asdict(probe), "answers": answers}


def _probe(record: Mapping[str, Any]) -> Probe:
    answers = tuple((passage, Span(start, end)) for passage, start, end in record["answers"])
    return Probe(**{**record, "answers": answers})


def _record(passage: Passage) -> dict[str, Any]:
    address = passage.address
    return {
        "id": passage.id,
        "address": [address.course, address.section, address.block, address.part, address.piece],
        "kind": passage.kind.value,
        "headings": passage.heading_path,
        "span": [passage.start, passage.end],
        "order": passage.order,
        "sentences": [_pair(span) for span in passage.sentences],
        "label": _pair(passage.label) if passage.label else None,
        "counterpart": _pair(passage.counterpart) if passage.counterpart else None,
        "cells": [_pair(span) for span in passage.cells],
        "columns": passage.columns,
        "parent": passage.parent,
        "lead_in": passage.lead_in,
    }


def _passage(record: Mapping[str, Any], text: str) -> Passage:
    start, end = record["span"]
    course, section, block, part, piece = record["address"]
    return Passage(
        id=record["id"],
        address=Address(course, section, block, part, piece),
        kind=Kind(record["kind"]),
        heading_path=tuple(record["headings"]),
        text=text[start:end],
        start=start,
        end=end,
        order=record["order"],
        sentences=tuple(Span(*pair) for pair in record["sentences"]),
        label=Span(*record["label"]) if record["label"] else None,
        counterpart=Span(*record["counterpart"]) if record["counterpart"] else None,
        cells=tuple(Span(*pair) for pair in record["cells"]),
        columns=tuple(record["columns"]),
        parent=record["parent"],
        lead_in=record["lead_in"],
    )


def _pair(span: Span) -> list[int]:
    return [span.start, span.end]
