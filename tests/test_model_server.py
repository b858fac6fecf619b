"""The plumbing against somebody else's OpenAI-compatible server: `transformers serve` with a tiny random model."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from cpom_tutor.answers import Answer
from cpom_tutor.config import Settings
from cpom_tutor.generation.chat_model.calling import Budget, pieces
from cpom_tutor.generation.chat_model.opening import open_model
from cpom_tutor.testing_model import make_tiny_chat_model
from cpom_tutor.wiring import open_application

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
SECONDS = 180
"""Until the server is there: it imports PyTorch."""


@pytest.fixture(scope="module")
def settings(index_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A server with a model that writes nonsense, on this machine and off the network."""
    folder = make_tiny_chat_model(tmp_path_factory.mktemp("models") / "tiny-chat")
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    command = [str(Path(sys.executable).with_name("transformers")), "serve", str(folder), "--device", "cpu"]
    server = subprocess.Popen(
        [*command, "--host", "127.0.0.1", "--port", str(port)],
        env={**os.environ, "HF_HUB_OFFLINE": "1"}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait_for(f"http://127.0.0.1:{port}/health", server)
        yield Settings(
            index_home, model=str(folder), model_url=f"http://127.0.0.1:{port}/v1", model_tokens=40, model_seconds=120
        )
    finally:
        server.terminate()
        server.wait(30)


def _wait_for(url: str, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        assert server.poll() is None, "the server has ended"
        try:
            with urlopen(url, timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.5)
    pytest.fail(f"The server was not there after {SECONDS} seconds")


def test_what_a_real_server_streams_arrives_in_pieces(settings: Settings) -> None:
    found = [piece for piece in pieces(open_model(settings), [("user", "hello")], Budget(120, 40)) if piece]
    assert len(found) > 1


def test_a_reader_that_leaves_early_leaves_the_server_in_order(settings: Settings) -> None:
    model = open_model(settings)
    with closing(pieces(model, [("user", "hello")], Budget(120, 40))) as reading:
        next(piece for piece in reading if piece)
    assert any(pieces(model, [("user", "hello")], Budget(120, 40)))


def test_a_model_that_writes_nonsense_leaves_the_courses_own_answer(settings: Settings) -> None:
    turn = open_application(settings).tutor.ask("What is a CSC?")
    assert isinstance(turn.reply, Answer)
    assert turn.fallback.startswith("The language model wrote nothing that the course supports;")
