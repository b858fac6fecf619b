"""The real app in a process of its own, and browsers that talk to it as the page's own script does."""

import http.client
import json
import os
import secrets
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from cpom_tutor.config import PREFIX, Settings
from cpom_tutor.errors import TutorError

COOKIE = "cpom_tutor_learner"
START_SECONDS = 180.0
ANSWER_SECONDS = 120.0
_LOOK_SECONDS = 0.05


class NotServed(TutorError):
    """The app does not start or does not answer; says what it printed last."""


@contextmanager
def data_folder(settings: Settings) -> Iterator[Settings]:
    """Settings with a data folder of their own that is gone afterwards: no learner's history is touched."""
    with tempfile.TemporaryDirectory() as name:
        yield replace(settings, home=Path(name), chroma_url=None, database_url=None)


def environment_of(settings: Settings) -> dict[str, str]:
    """The environment that makes another process use these settings."""
    given = {"HOME": str(settings.home), "EMBEDDER": settings.embedder, "CHECKER": settings.checker}
    optional = {"DATABASE_URL": settings.database_url, "CHROMA_URL": settings.chroma_url, "MODEL": settings.model}
    optional |= {"PUBLIC_URL": settings.public_url}
    given |= {name: value for name, value in optional.items() if value}
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return kept | {PREFIX + name: value for name, value in given.items()}


@dataclass(frozen=True, slots=True)
class App:
    """A running app.

    Attributes:
        url: its address.
        pid: of its process.
    """

    url: str
    pid: int


@contextmanager
def served(settings: Settings) -> Iterator[str]:
    """The address of a running app; see `running`.

    Raises:
        NotServed: the page does not answer within three minutes.
    """
    with running(settings) as app:
        yield app.url


@contextmanager
def running(settings: Settings) -> Iterator[App]:
    """`cpom-tutor chat` in a process, once the page answers; it is ended afterwards.

    Raises:
        NotServed: the page does not answer within three minutes.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "cpom_tutor", "chat", "--no-browser", "--port", str(port)]
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        process = subprocess.Popen(command, env=environment_of(settings), stdout=said, stderr=said)
        try:
            url = f"http://127.0.0.1:{port}"
            until = time.monotonic() + START_SECONDS
            while not _answers(url):
                if process.poll() is not None or time.monotonic() > until:
                    said.seek(0)
                    last = (said.read().strip().splitlines() or ["it printed nothing"])[-1]
                    raise NotServed(f"The app did not start: {last}; try it by hand: cpom-tutor chat")
                time.sleep(_LOOK_SECONDS)
            yield App(url, process.pid)
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _answers(url: str) -> bool:
    try:
        with _opener().open(url, timeout=5) as page:
            return bool(page.status == http.client.OK)
    except OSError:
        return False


def _opener(*handlers: urllib.request.BaseHandler) -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(urllib.request.ProxyHandler({}), *handlers)


class Browser:
    """One learner's browser: its cookie, its page, its conversation.

    Args:
        url: of the app.
        name: of the account to sign in with, if any.
        password: of that account.
        certificate: to trust, where the page comes by TLS.

    Attributes:
        cookies: that it keeps.
        arriving: seconds from the first to the last event of the latest reply; next to none if a proxy holds them back.

    Raises:
        NotServed: the page is not as expected, or nobody is let in so.
    """

    def __init__(self, url: str, name: str = "", password: str = "", certificate: Path | None = None) -> None:
        self._url = url
        self._session = secrets.token_hex(8)
        self.cookies, self.arriving = CookieJar(), 0.0
        trusted = ssl.create_default_context(cafile=certificate)
        self._open = _opener(
            urllib.request.HTTPCookieProcessor(self.cookies), urllib.request.HTTPSHandler(context=trusted)
        ).open
        self._conversation = "new"
        if name:
            self._sign_in(name, password)
        config = self._config()
        self._typed = next(part["id"] for part in config["components"] if part["props"].get("elem_id") == "question")
        live = next(part["id"] for part in config["components"] if part["props"].get("elem_id") == "live")
        asking = next(each for each in config["dependencies"] if [self._typed, "submit"] in map(list, each["targets"]))
        self._event = asking["id"]
        self._places = asking["outputs"].index(asking["inputs"][1]), asking["outputs"].index(live)

    @property
    def learner(self) -> str:
        """The learner that the app gave this browser."""
        return next(str(cookie.value) for cookie in self.cookies if cookie.name == COOKIE)

    def _config(self) -> Any:
        """What the page says of its parts and events."""
        try:
            with self._open(self._url + "/", timeout=ANSWER_SECONDS) as page:
                _, _, words = page.read().decode().partition("window.gradio_config = ")
            return json.JSONDecoder().raw_decode(words)[0]
        except (OSError, ValueError) as error:
            raise NotServed(f"The page cannot be read: {error}; try it by hand: cpom-tutor chat") from error

    def _sign_in(self, name: str, password: str) -> None:
        form = urlencode({"name": name, "password": password}).encode()
        try:
            with self._open(self._posted("/sign-in", form), timeout=ANSWER_SECONDS) as page:
                page.read()
        except OSError as error:
            raise NotServed(f"“{name}” cannot sign in: {error}") from error

    def _posted(self, path: str, body: bytes, **headers: str) -> urllib.request.Request:
        return urllib.request.Request(self._url + path, body, {"origin": self._url, **headers})

    def start_afresh(self) -> None:
        """The next question begins a conversation of its own."""
        self._conversation = "new"

    def ask(self, question: str) -> str:
        """Types a question and waits for the whole reply.

        Returns:
            The HTML of the finished turn.

        Raises:
            NotServed: there was an error, or no reply within two minutes.
        """
        live = self.shown(question)
        if 'role="alert"' in live or "<article" not in live:
            raise NotServed(f"The app answered “{question}” with an error: {live}")
        return live

    def shown(self, question: str) -> str:
        """Types a question and waits for all that is shown of it, be it an error.

        Returns:
            The HTML.

        Raises:
            NotServed: nothing came within two minutes.
        """
        joined = {
            "data": [question, self._conversation], "fn_index": self._event, "session_hash": self._session,
            "event_data": None, "trigger_id": self._typed,
        }  # fmt: skip
        body = json.dumps(joined).encode()
        request = self._posted("/gradio_api/queue/join", body, **{"content-type": "application/json"})
        try:
            with self._open(request, timeout=ANSWER_SECONDS) as reply:
                event = json.load(reply)["event_id"]
            outputs = self._finished(event)
        except (OSError, http.client.HTTPException) as error:
            raise NotServed(f"The app did not answer “{question}”: {error}") from error
        conversation, live = (_value(outputs[place]) for place in self._places)
        self._conversation = conversation or self._conversation
        if not live:
            raise NotServed(f"The app showed nothing for “{question}”")
        return live

    def _finished(self, event: str) -> Sequence[object]:
        """The outputs of the event once it is complete."""
        stream = self._open(f"{self._url}/gradio_api/queue/data?session_hash={self._session}", timeout=ANSWER_SECONDS)
        with stream:
            began = 0.0
            for line in stream:
                message = json.loads(line[5:]) if line.startswith(b"data:") else {}
                began = began or time.perf_counter()
                self.arriving = time.perf_counter() - began
                if message.get("event_id") == event and message.get("msg") == "process_completed":
                    if not message["success"]:
                        raise NotServed(f"The app failed: {message['output'].get('error')}")
                    outputs: Sequence[object] = message["output"]["data"]
                    return outputs
        raise NotServed("The app closed the stream before the reply was complete")


def _value(output: object) -> str | None:
    if isinstance(output, Mapping):
        output = output.get("value")
    return output if isinstance(output, str) else None
