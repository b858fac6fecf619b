"""Searching the real course with the real embedder."""

import statistics
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from cpom_tutor.course import Address
from cpom_tutor.library import Library
from cpom_tutor.protocols import Retriever
from cpom_tutor.retrieval.embedder import SentenceTransformerEmbedder
from cpom_tutor.retrieval.fusion import fuse
from cpom_tutor.retrieval.lexical import LexicalIndex, words_of
from cpom_tutor.retrieval.retriever import CourseRetriever

# Asked as learners ask; the address is of a passage that answers.
QUESTIONS = [
    ("what is a csc", "1.1.2 8.4"),
    ("kitchen version of GPO contracts?", "1.1.1 9.2"),
    ("which domain has carousels?", "1.1.2 12.r4"),
    ("where would variance analysis fall?", "1.1.2 12.r2"),
    ("once I pass am I set for life?", "1.1.2 4.3"),
    ("is the exam just memorization", "1.1.2 4.2"),
    ("my stewardship program is stuck in IT", "1.1.1 2"),
    ("CPOM vs BCPS", "1.1.2 5"),
    ("is management just bossing people around", "1.1.2 16"),
    ("great resignation", "1.1.1 4.4"),
    ("my team resists the new EHR", "1.1.2 15.2"),
    ("keep drugs affordable", "1.1.3 10"),
    ("do patients even know what a cpom is", "1.1.3 8"),
    ("return on investment", "1.1.3 5"),
    ("cooking for 500 people", "1.1.1 7"),
]


def test_the_retriever_keeps_the_protocol(retriever: CourseRetriever) -> None:
    promised: Retriever = retriever
    assert promised.library.code == "CPOM"


@pytest.mark.parametrize(("question", "address"), QUESTIONS)
def test_the_passage_that_answers_is_among_the_first_five(
    retriever: CourseRetriever, library: Library, question: str, address: str
) -> None:
    (wanted,) = library.at(Address.parse(address))
    assert wanted.id in [hit.passage.id for hit in retriever.search(question, 5)]


def test_most_passages_that_answer_come_first(retriever: CourseRetriever, library: Library) -> None:
    first = [
        retriever.search(question, 1)[0].passage == library.at(Address.parse(address))[0]
        for question, address in QUESTIONS
    ]
    assert statistics.mean(first) >= 0.7


def test_hits_are_ordered_passages_with_all_their_sentences(retriever: CourseRetriever) -> None:
    hits = retriever.search("what pressures led to it", 100)
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert len({hit.passage.id for hit in hits}) == len(hits)
    for hit in hits:
        assert not hit.passage.kind.is_container
        assert {found.span for found in hit.sentences} == set(hit.passage.sentences)
        similarities = [found.similarity for found in hit.sentences]
        assert similarities == sorted(similarities, reverse=True)
        assert 1.0001 >= hit.similarity >= similarities[0] >= -1
        assert hit.lexical >= 0


def test_a_sentence_of_the_course_finds_itself(retriever: CourseRetriever, library: Library) -> None:
    for passage in library.passages[::7]:
        if passage.sentences and not passage.name:
            hit = retriever.search(passage.sentence_texts[0], 1)[0]
            assert hit.passage == passage
            assert hit.similarity > 0.99


def test_the_courses_words_for_everyday_words_find_more(retriever: CourseRetriever, library: Library) -> None:
    (wanted,) = library.at(Address.parse("1.1.2 12.r5"))

    def rank(expansion: str) -> int:
        hits = retriever.search("tjc readiness", 100, expansion=expansion)
        return [hit.passage for hit in hits].index(wanted)

    assert rank("Joint Commission") == 0
    assert rank("Joint Commission") <= rank("")


@pytest.mark.parametrize("query", ["", "   ", "\n"])
def test_nothing_asked_is_nothing_found(retriever: CourseRetriever, query: str) -> None:
    assert retriever.search(query) == ()


@pytest.mark.parametrize("query", ["?!", "the of and", "zzzz qqqq", "𝔘𝔫𝔦", "x" * 20_000, "\x00", "'; DROP"])
def test_odd_queries_never_raise(retriever: CourseRetriever, query: str) -> None:
    assert len(retriever.search(query, 3)) <= 3


def test_a_limit_is_kept(retriever: CourseRetriever) -> None:
    assert [len(retriever.search("pharmacy", limit)) for limit in (-1, 0, 1, 7)] == [0, 0, 1, 7]


def test_twenty_searches_at_once_find_what_one_finds(retriever: CourseRetriever) -> None:
    queries = [question for question, _ in QUESTIONS] * 4

    def ids(query: str) -> list[str]:
        return [hit.passage.id for hit in retriever.search(query)]

    with ThreadPoolExecutor(20) as threads:
        together = list(threads.map(ids, queries))
    assert together == [ids(query) for query in queries]


def test_a_search_takes_milliseconds_besides_the_embedding(
    retriever: CourseRetriever, embedder: SentenceTransformerEmbedder
) -> None:
    times = []
    for question, _ in QUESTIONS * 3:
        embedder.embed([question])
        began = time.perf_counter()
        retriever.search(question)
        times.append(time.perf_counter() - began)
    assert statistics.median(times) < 0.05  # 3 ms on an idle machine


def test_words_are_stemmed_folded_and_freed_of_function_words() -> None:
    assert words_of("What are the hospital’s organisations?") == words_of("hospital organizations")
    assert words_of("CSCs and GPOs, ADCs") == words_of("csc gpo adc")
    assert words_of("programme behaviour centre") == words_of("program behavior center")
    assert words_of("USP <797>") == ["usp", "797"]
    assert words_of("Café") == words_of("cafe")


def test_bm25_is_zero_where_no_word_is_shared(library: Library) -> None:
    passages = [passage for passage in library.passages if not passage.kind.is_container]
    lexical = LexicalIndex(library, passages)
    assert lexical.scores("zebra").max() == 0
    assert lexical.scores("").shape == (len(passages),)
    best = passages[int(lexical.scores("carousels").argmax())]
    assert "carousels" in best.text
    assert LexicalIndex(library, []).scores("x").shape == (0,)


def test_fusion_adds_z_scores_and_ignores_evidence_that_says_nothing() -> None:
    dense = np.array([0.1, 0.2, 0.9], dtype=np.float32)
    lexical = np.array([5.0, 5.0, 5.0], dtype=np.float32)
    fused = fuse(dense, lexical, 0.6)
    assert fused.argmax() == 2
    assert fused == pytest.approx(0.6 * (dense - dense.mean()) / dense.std(), abs=1e-5)
