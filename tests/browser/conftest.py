"""A real Chromium in front of the real app."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, sync_playwright

from cpom_tutor.ui.visitors import COOKIE

ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
SECONDS = 30


@dataclass
class Server:
    """The app in a process of its own."""

    process: subprocess.Popen[str]
    home: Path
    address: str
    said: list[str]

    def stop(self) -> str:
        """Sends Ctrl-C; returns all that was printed after the address."""
        self.process.send_signal(signal.SIGINT)
        out, _ = self.process.communicate(timeout=SECONDS)
        return out


@pytest.fixture(scope="session")
def served(index_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    """Starts servers: `served(home=None, port=0, pause=0, hold=None, leaves="")`; by default on a copy of the index."""
    started: list[Server] = []

    def start(
        home: Path | None = None, port: int = 0, pause: float = 0, hold: Path | None = None, leaves: str = ""
    ) -> Server:
        if home is None:
            home = tmp_path_factory.mktemp("served") / "home"
            shutil.copytree(index_home, home)
        script = Path(__file__).with_name("served_app.py")
        command = [sys.executable, str(script), str(home), str(port), "--pause", str(pause), "--leaves", leaves]
        process = subprocess.Popen(
            command + (["--hold", str(hold)] if hold else []),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        assert process.stdout is not None
        said: list[str] = []
        for line in process.stdout:
            said.append(line)
            if "http://" in line:
                address = next(word for word in line.split() if word.startswith("http://"))
                started.append(Server(process, home, address, said))
                return started[-1]
        raise AssertionError("The app did not start:\n" + "".join(said))

    yield start
    for server in started:
        if server.process.poll() is None:
            server.process.terminate()
            server.process.communicate(timeout=SECONDS)
        if server.process.stdout:
            server.process.stdout.close()


@pytest.fixture(scope="session")
def app(served: Callable[..., Server]) -> Server:
    """One server for all tests that do not stop it."""
    return served()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser. One a module: its event loop runs in this thread until it is closed, and others need the thread."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        pytest.fail("There is no Chromium for the browser tests; type: sudo apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Visitor:
    """A person with a browser of their own, and what they do."""

    context: BrowserContext
    page: Page
    address: str
    requests: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    answers: list[bool] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def meet(self, dialog: Dialog) -> None:
        """Answers as `answers` says; a dialog that nobody expects is a fault: some text has run."""
        (self.asked if self.answers else self.faults).append(dialog.message)
        if self.answers and self.answers.pop(0):
            dialog.accept()
        else:
            dialog.dismiss()

    def open(self) -> None:
        """Opens the page, or opens it again, and waits until it can be used."""
        # The page learns the id of a new conversation a moment after the answer.
        self.page.wait_for_function(
            """() => !document.querySelector('#live .turn:is(.answer, .abstention, .talk)')
              || ![null, 'new'].includes(sessionStorage.getItem('cpom-conversation'))"""
        )
        self.page.goto(self.address)
        self.page.wait_for_selector(".welcome, #log .turn", state="attached")
        self.page.wait_for_selector("#panel .section", state="attached")

    def sign_in(self, name: str, password: str) -> None:
        """Comes to the door, and goes through it to the page."""
        self.page.goto(self.address)
        self.page.get_by_label("Name").fill(name)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_selector(".welcome, #log .turn", state="attached")
        self.page.wait_for_selector(".masthead .who")

    def ask(self, question: str) -> None:
        """Types a question and waits for the whole reply."""
        self.send(question)
        self.wait_for_reply(question)

    def send(self, question: str) -> None:
        """Types a question and presses Enter."""
        box = self.page.locator("#question textarea")
        box.fill(question)
        box.press("Enter")

    def wait_for_reply(self, question: str) -> None:
        """Waits until the newest turn is finished and is about the question."""
        self.page.wait_for_function(
            """(question) => {
              const turn = document.querySelector('#live .turn');
              return turn && !turn.matches('.pending') && turn.querySelector('.asked').textContent.includes(question);
            }""",
            arg=question,
        )

    @property
    def learner(self) -> str:
        """The id in the cookie."""
        cookies: list[Any] = list(self.context.cookies())
        return next(str(one["value"]) for one in cookies if one["name"] == COOKIE)

    def sideways(self) -> int:
        """By how many pixels the page is wider than the window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))

    def outside(self) -> set[str]:
        """Hosts other than the app's that were asked for anything."""
        own = urlsplit(self.address).netloc
        hosts = {urlsplit(url).netloc for url in self.requests if urlsplit(url).scheme not in ("data", "blob")}
        return hosts - {own}


Visit = Callable[..., Visitor]


@pytest.fixture
def visit(chromium: Browser, app: Server) -> Iterator[Visit]:
    """Opens the page as somebody new: `visit(server=app, phone=False, dark=False, account=None)`; an account is a name
    and its password."""
    visitors: list[Visitor] = []

    def start(
        server: Server = app, *, phone: bool = False, dark: bool = False, account: tuple[str, str] | None = None
    ) -> Visitor:
        context = chromium.new_context(
            viewport={"width": 380, "height": 800} if phone else {"width": 1440, "height": 900},
            color_scheme="dark" if dark else "light",
            has_touch=phone,
        )
        context.set_default_timeout(SECONDS * 1000)
        page = context.new_page()
        visitor = Visitor(context, page, server.address)
        page.on("request", lambda request: visitor.requests.append(request.url))
        page.on("pageerror", lambda error: visitor.faults.append(str(error)))
        page.on("dialog", lambda dialog: visitor.meet(dialog))
        visitors.append(visitor)
        if account:
            visitor.sign_in(*account)
        else:
            visitor.open()
        return visitor

    yield start
    for visitor in visitors:
        visitor.context.close()
        assert not visitor.faults
