"""Retrieval from plain text: the published measures, and passages of a tiny document."""

import csv
import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from cpom_tutor.config import Settings
from cpom_tutor.course import Address, Kind, Passage
from cpom_tutor.library import Library
from cpom_tutor.retrieval.embedder import SentenceTransformerEmbedder
from cpom_tutor.retrieval.lexical import LexicalIndex, words_of
from evals.excerpts import Chunk, Question, load, precision_omega, score
from evals.long_text import LongText, Passages, _bm25, _scale, sentences_of
from evals.runs import Run
from evals.splitters import Splitters
from evals.suites import chunking

ASKED = Question("Where?", "a", ((10, 30), (50, 60)))

TOPICS = {
    "bees": "Bees dance to show the others where flowers are. The angle of the dance gives the direction. ",
    "bread": "Bread rises because yeast makes gas from sugar. Salt slows the yeast down. ",
    "tides": "The moon pulls the sea, and so the tide comes in. Spring tides come with the full moon. ",
    "glass": "Glass is made of molten sand. It cools too fast for crystals to form. ",
}


# --- the measures, by hand -----------------------------------------------------------------------------------


def test_recall_precision_and_iou_count_characters() -> None:
    # 10 of the 20 characters of one excerpt, all 10 of the other; 20 + 20 retrieved.
    found = score(ASKED, [Chunk("a", 20, 40), Chunk("a", 45, 65)])
    assert found.recall == pytest.approx(20 / 30)
    assert found.precision == pytest.approx(20 / 40)
    assert found.iou == pytest.approx(20 / (40 + 10))
    assert found.characters == 40


def test_what_overlaps_is_found_once_and_read_twice() -> None:
    found = score(ASKED, [Chunk("a", 10, 30), Chunk("a", 20, 40)])
    assert found.recall == pytest.approx(20 / 30)
    assert found.precision == pytest.approx(20 / 40)
    assert found.iou == pytest.approx(20 / (40 + 10))


def test_another_document_is_read_for_nothing() -> None:
    found = score(ASKED, [Chunk("b", 10, 30)])
    assert (found.recall, found.precision, found.iou, found.characters) == (0.0, 0.0, 0.0, 20)


def test_nothing_retrieved_is_nothing_found() -> None:
    found = score(ASKED, [])
    assert (found.recall, found.precision, found.iou, found.characters) == (0.0, 0.0, 0.0, 0)


def test_precision_omega_is_that_of_every_chunk_that_holds_an_excerpt() -> None:
    chunks = [Chunk("a", start, start + 20) for start in range(0, 100, 20)] + [Chunk("b", 0, 100)]
    # 0-20, 20-40 and 40-60 hold the 30 characters, and 60-80 touches them.
    assert precision_omega(ASKED, chunks) == pytest.approx(30 / 80)


def test_precision_omega_counts_what_no_chunk_holds_against_them() -> None:
    assert precision_omega(ASKED, [Chunk("a", 10, 30)]) == pytest.approx(20 / 30)
    assert precision_omega(ASKED, []) == 0.0


# --- passages ------------------------------------------------------------------------------------------------


def test_a_long_sentence_is_cut_between_words() -> None:
    text = "word " * 300
    parts = list(sentences_of(text))
    assert len(parts) > 1
    assert all(end - start <= 400 for start, end in parts)
    assert " ".join(text[start:end] for start, end in parts).split() == text.split()


def test_passages_are_whole_sentences_of_one_document_in_order(embedder: SentenceTransformerEmbedder) -> None:
    documents = {"one": TOPICS["bees"] + TOPICS["bread"], "two": TOPICS["tides"]}
    text = LongText(documents, embedder)
    chunks = Passages(text, 100).chunks
    assert all(chunk.length <= 100 for chunk in chunks)
    borders = {(each.document, each.start) for each in text.sentences}
    assert {(chunk.document, chunk.start) for chunk in chunks} <= borders
    joined = {
        name: " ".join(source[chunk.start : chunk.end] for chunk in chunks if chunk.document == name)
        for name, source in documents.items()
    }
    assert joined == {name: source.strip() for name, source in documents.items()}


def test_bm25_of_a_stretch_is_that_of_the_tutor_s_index(embedder: SentenceTransformerEmbedder) -> None:
    text = LongText(TOPICS, embedder)
    places = np.arange(len(text.sentences))
    passages = [
        Passage(str(place), Address("X", "1.1", 1), Kind.PARAGRAPH, (), words, 0, len(words), place)
        for place, each in enumerate(text.sentences)
        for words in [TOPICS[each.document][each.start : each.end]]
    ]
    question = "When does the moon make the tide come in?"
    expected = LexicalIndex(Library("X", "A course", (), ()), passages).scores(question)
    assert _bm25(text, words_of(question), _scale(text, places, places + 1)) == pytest.approx(expected, rel=1e-3)


def test_a_tiny_document_is_searched(embedder: SentenceTransformerEmbedder) -> None:
    document = "\n\n".join(TOPICS.values())
    passages = Passages(LongText({"notes": document}, embedder), 120)
    best, *others = passages.search("What makes dough rise?", 2)
    assert "yeast makes gas" in document[best.start : best.end]
    assert len(others) == 1


def test_the_usual_chunks_hold_their_text() -> None:
    documents = {"notes": "\n\n".join(TOPICS.values()) * 5}
    splitters = Splitters(documents)
    tokens, recursive = splitters.by_tokens(40, 20), splitters.recursive(40, 0)
    assert tokens[0].start == 0
    assert tokens[-1].end == len(documents["notes"].rstrip())
    assert all(later.start < earlier.end for earlier, later in pairwise(tokens))
    assert all(later.start >= earlier.end for earlier, later in pairwise(recursive))


# --- the suite -----------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A benchmark of one document and three questions; a fourth is about a document that is not there."""
    (tmp_path / "chunking").mkdir()
    document = "\r\n\r\n".join(TOPICS.values())
    with (tmp_path / "chunking" / "notes.md").open("w", newline="", encoding="utf-8") as file:
        file.write(document)
    asked = {
        "What makes bread rise?": "yeast makes gas from sugar",
        "What does the moon do to the sea?": "The moon pulls the sea",
        "What is glass made of?": "molten sand",
    }
    with (tmp_path / "chunking" / "questions.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["question", "references", "corpus_id"])
        for question, words in asked.items():
            start = document.index(words)
            reference = {"content": words, "start_index": start, "end_index": start + len(words)}
            writer.writerow([question, json.dumps([reference]), "notes"])
        writer.writerow(["Elsewhere?", json.dumps([{"content": "x", "start_index": 0, "end_index": 1}]), "gone"])
    return tmp_path


def test_offsets_hold_and_documents_that_are_not_there_are_left_out(folder: Path) -> None:
    documents, questions = load(folder / "chunking")
    assert len(questions) == 3
    start, end = questions[0].excerpts[0]
    assert documents["notes"][start:end] == "yeast makes gas from sugar"


def test_the_suite_measures_whatever_stands_there(
    folder: Path, embedder: SentenceTransformerEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunking, "SentenceTransformerEmbedder", lambda _: embedder)
    result = chunking.measure(Run(Settings(folder, benchmarks=folder), folder))
    recalls = {
        figure.system: figure.value
        for figure in result.figures
        if figure.measure == "recall at 5" and figure.split == "all"
    }
    assert recalls[chunking.FULL] == recalls[chunking.PRECISE] == recalls["recursive 200/0, dense"] == 1.0
    assert {figure.split for figure in result.figures} == {"all", "notes"}


def test_without_the_data_the_suite_says_so(tmp_path: Path) -> None:
    result = chunking.measure(Run(Settings(tmp_path, benchmarks=tmp_path), tmp_path))
    assert not result.figures
    assert result.notes[0].startswith("skipped: not found")


def test_what_is_cut_off_is_the_end() -> None:
    found = [Chunk("a", 0, 10), Chunk("a", 20, 30), Chunk("a", 40, 50)]
    assert chunking.cut_off(found, 15) == [Chunk("a", 0, 10), Chunk("a", 20, 25)]
