"""Language models for tests: a real HTTP server that speaks OpenAI's protocol and writes what the test says, and a
tiny random model for a server of somebody else's."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

KEY = "sk-test-7f3a9c-do-not-show"
"""The key that tests give to the model's client; it must be found nowhere but in the request."""


@dataclass(frozen=True, slots=True)
class Scripted:
    """One reply of the server.

    Attributes:
        text: what the model writes.
        size: characters a piece.
        pause: seconds before each piece.
        status: of HTTP; anything but 200 has an error for its body, with the key in it, as careless servers do.
        headers: besides the usual ones.
        lost_after: hang up after so many pieces, in the middle of the answer; None ends it properly.
        garbled: what is sent for a body instead.
    """

    text: str = ""
    size: int = 24
    pause: float = 0.0
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    lost_after: int | None = None
    garbled: str = ""

    @property
    def pieces(self) -> tuple[str, ...]:
        """The text as it is sent."""
        return tuple(self.text[start : start + self.size] for start in range(0, len(self.text), self.size))


@dataclass(frozen=True, slots=True)
class Asked:
    """One request to the server.

    Attributes:
        model: the name that was asked for.
        messages: role and words.
        key: what stood in the header.
        body: all of it.
    """

    model: str
    messages: tuple[tuple[str, str], ...]
    key: str
    body: Mapping[str, Any]

    @property
    def text(self) -> str:
        """All that the model is told, prompts included."""
        return "\n".join(words for _, words in self.messages)


Script = Callable[[Asked], Scripted]


@dataclass
class ScriptedModel:
    """The server, while it runs.

    Attributes:
        url: for `CPOM_TUTOR_MODEL_URL`.
        script: what is answered; may be changed at any time.
        asked: all requests so far.
        hung_up: how many times the client closed the line before the answer had ended.
    """

    url: str
    script: Script
    asked: list[Asked] = field(default_factory=list)
    hung_up: int = 0

    def says(self, *replies: Scripted) -> None:
        """These one after the other, the last for good."""
        left = list(replies)
        self.script = lambda _: left.pop(0) if len(left) > 1 else left[0]


@contextmanager
def scripted_model(*replies: Scripted) -> Iterator[ScriptedModel]:
    """A server on this machine that gives these replies, the last for good."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    model = ScriptedModel(f"http://127.0.0.1:{server.server_address[1]}/v1", lambda _: Scripted())
    model.says(*(replies or (Scripted(),)))
    server.model = model  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield model
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        model: ScriptedModel = self.server.model  # type: ignore[attr-defined]
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        messages = tuple((each["role"], each["content"]) for each in body["messages"])
        key = (self.headers["Authorization"] or "").removeprefix("Bearer ")
        asked = Asked(body["model"], messages, key, body)
        model.asked.append(asked)
        reply = model.script(asked)
        try:
            if reply.status != 200:
                self._refuse(reply, key)
            else:
                self._write(reply, body["model"])
        except (BrokenPipeError, ConnectionResetError):
            model.hung_up += 1
        if reply.lost_after is not None:
            self.close_connection = True
            self.connection.close()

    def _refuse(self, reply: Scripted, key: str) -> None:
        message = f"Incorrect API key provided: {key}." if reply.status == 401 else f"No ({key})."
        content = json.dumps({"error": {"message": message, "type": "error", "code": None}}).encode()
        self._head(reply, "application/json", ("Content-Length", str(len(content))))
        self.wfile.write(content)

    def _write(self, reply: Scripted, name: str) -> None:
        self._head(reply, "text/event-stream", ("Transfer-Encoding", "chunked"))
        if reply.garbled:
            self._chunk(reply.garbled)
        for place, piece in enumerate(reply.pieces):
            if reply.lost_after is not None and place >= reply.lost_after:
                return
            time.sleep(reply.pause)
            self._event(name, {"content": piece}, None)
        if reply.lost_after is None:
            self._event(name, {}, "stop")
            self._chunk("data: [DONE]\n\n")
            self.wfile.write(b"0\r\n\r\n")

    def _head(self, reply: Scripted, kind: str, *headers: tuple[str, str]) -> None:
        self.send_response(reply.status)
        self.send_header("Content-Type", kind)
        for name, value in (*headers, *reply.headers):
            self.send_header(name, value)
        self.end_headers()

    def _event(self, name: str, delta: Mapping[str, str], finish: str | None) -> None:
        record = {
            "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 0, "model": name,
            "choices": [{"index": 0, "delta": {"role": "assistant", **delta}, "finish_reason": finish}],
        }  # fmt: skip
        self._chunk(f"data: {json.dumps(record)}\n\n")

    def _chunk(self, text: str) -> None:
        content = text.encode()
        self.wfile.write(f"{len(content):x}\r\n".encode() + content + b"\r\n")
        self.wfile.flush()

    def log_message(self, format: str, *arguments: object) -> None:
        """Says nothing."""


def make_tiny_chat_model(folder: Path, *, seed: int = 0) -> Path:
    """Makes a Llama of one random layer that reads bytes: what it writes means nothing, but it writes.

    Args:
        folder: where to write it; made if missing.
        seed: another seed gives another model.

    Returns:
        The folder, to be given to `transformers serve`.
    """
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    marks = ["<s>", "</s>", "<unk>"]
    pieces = {piece: number for number, piece in enumerate([*marks, *sorted(pre_tokenizers.ByteLevel.alphabet())])}
    tokenizer = Tokenizer(models.BPE(vocab=pieces, merges=[], unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    fast = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>", unk_token="<unk>", pad_token="</s>"
    )
    fast.chat_template = "{% for m in messages %}{{ m['role'] }}: {{ m['content'] }}\n{% endfor %}assistant:"
    fast.save_pretrained(folder)
    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=len(pieces), hidden_size=16, intermediate_size=32, num_hidden_layers=1, num_attention_heads=2,
        num_key_value_heads=2, max_position_embeddings=16_384, bos_token_id=0, eos_token_id=1, pad_token_id=1,
    )  # fmt: skip
    LlamaForCausalLM(config).save_pretrained(folder)
    return folder


def keyed(asked: Asked) -> Sequence[tuple[str, str]]:
    """The keys and texts of the passages that a model was given, as a model reads them."""
    lines = [line for line in asked.messages[-1][1].splitlines() if line.startswith("[") and "]" in line]
    return [(line[1 : line.index("]")], line[line.index("]") + 2 :].rpartition(" (from: ")[0]) for line in lines]
