"""Embedders read whole texts, load late, and say in a sentence why they cannot."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from cpom_tutor.config import DEFAULT_EMBEDDER
from cpom_tutor.errors import EmbedderUnavailable
from cpom_tutor.retrieval.embedder import SentenceTransformerEmbedder
from cpom_tutor.testing import make_tiny_embedder


@pytest.fixture(scope="module")
def embedder() -> SentenceTransformerEmbedder:
    """The real embedder as it is, without the memory that the other tests share."""
    return SentenceTransformerEmbedder()


def test_vectors_are_unit_float32_rows(embedder: SentenceTransformerEmbedder) -> None:
    vectors = embedder.embed(["what is a CSC", "the Executive Chef", "payroll"])
    assert vectors.shape == (3, embedder.dimension) == (3, 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert embedder.embed([]).shape == (0, 384)


def test_a_text_has_the_same_vector_alone_remembered_and_in_a_batch(
    embedder: SentenceTransformerEmbedder,
) -> None:
    alone = embedder.embed(["a question that is asked twice"])
    again = embedder.embed(["a question that is asked twice"])
    batch = embedder.embed(["a question that is asked twice", "x", "a much longer text " * 20])
    assert np.array_equal(alone, again)
    assert np.allclose(alone[0], batch[0], atol=1e-5)


def test_the_200th_token_is_read_although_the_tokenizer_file_stops_at_128(
    embedder: SentenceTransformerEmbedder,
) -> None:
    assert embedder.max_tokens == 256
    start = " ".join(["pharmacy"] * 198)
    assert embedder.count_tokens(f"{start} budget") == 201
    budget, chef, _ = embedder.embed([f"{start} budget", f"{start} chef", "other"])
    assert float(budget @ chef) < 0.9995


def test_tokens_are_counted_without_truncation(embedder: SentenceTransformerEmbedder) -> None:
    assert embedder.count_tokens("pharmacy " * 1000) == 1002


def test_many_threads_get_the_vectors_of_their_own_texts(embedder: SentenceTransformerEmbedder) -> None:
    texts = [f"question number {number} about {'long ' * (number % 7)}things" for number in range(40)]
    expected = embedder.embed(texts)
    with ThreadPoolExecutor(20) as threads:
        found = list(threads.map(lambda text: embedder.embed([text])[0], texts))
    assert np.allclose(np.stack(found), expected, atol=1e-5)


def test_a_folder_is_named_by_its_content(tmp_path: Path) -> None:
    one = make_tiny_embedder(tmp_path / "a" / "tiny")
    same = make_tiny_embedder(tmp_path / "b" / "tiny")
    other = make_tiny_embedder(tmp_path / "c" / "tiny", seed=1)
    names = [SentenceTransformerEmbedder(str(folder)).name for folder in (one, same, other)]
    assert names[0] == names[1] != names[2]
    assert names[0].startswith("tiny@")
    assert SentenceTransformerEmbedder(f"sentence-transformers/{DEFAULT_EMBEDDER}").name == DEFAULT_EMBEDDER


def test_a_folder_without_a_model_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(EmbedderUnavailable, match="no usable sentence-transformers model"):
        SentenceTransformerEmbedder(str(tmp_path)).warm_up()


def test_a_hub_name_without_a_network_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "ENDPOINT", "https://127.0.0.1:9")
    began = time.monotonic()
    with pytest.raises(EmbedderUnavailable, match=r"cannot be reached.*CPOM_TUTOR_EMBEDDER"):
        SentenceTransformerEmbedder("nobody/no-such-model").warm_up()
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(EmbedderUnavailable, match="HF_HUB_OFFLINE is set"):
        SentenceTransformerEmbedder("nobody/no-such-model").warm_up()
    assert time.monotonic() - began < 5


def test_loading_is_late_and_silent(tiny_embedder: str) -> None:
    program = (
        "import sys\n"
        "from cpom_tutor.retrieval.embedder import SentenceTransformerEmbedder\n"
        "embedder = SentenceTransformerEmbedder(sys.argv[1])\n"
        "assert embedder.name\n"
        "assert 'torch' not in sys.modules and 'sentence_transformers' not in sys.modules\n"
        "embedder.warm_up()\n"
        "embedder.count_tokens('word ' * 1000)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, tiny_embedder], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
