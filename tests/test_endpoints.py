"""Every address and every handler of the real app, asked by everybody who might ask.

Ada has secrets. Whoever else calls whatever there is, with Ada's ids in every field, finds none of them in any byte
of what comes back, and changes nothing of hers. What is designed stands in `endpoint_rules.py`; the app is asked what
it has, so that nothing new goes unasked. `pytest -rP tests/test_endpoints.py` prints how much was asked.
"""

import asyncio
import re
import secrets
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from fastapi import FastAPI
from starlette.routing import Mount
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from cpom_tutor.accounts import Role
from cpom_tutor.answers import Abstention, Answer, CheckedClaim, Form, Intent, Label, Reason, Turn, Verdict
from cpom_tutor.answers import Role as ClaimRole
from cpom_tutor.attempts import Response, SessionKind
from cpom_tutor.config import Settings
from cpom_tutor.course import Citation
from cpom_tutor.items import ItemKind
from cpom_tutor.library import Library
from cpom_tutor.practice.sittings.plans import Plan
from cpom_tutor.practice.sittings.room import PracticeRoom
from cpom_tutor.protocols import Step
from cpom_tutor.records.store import SqlRecords, open_records
from cpom_tutor.retrieval.embedder import SentenceTransformerEmbedder
from cpom_tutor.retrieval.retriever import CourseRetriever
from cpom_tutor.reviews import CanonicalAnswer, Complaint, Feedback
from cpom_tutor.testing import HandMadePractice, make_item, make_scenario
from cpom_tutor.ui.allowed import is_allowed
from cpom_tutor.ui.app import build_app
from cpom_tutor.ui.visitors import COOKIE, SIGN_IN_COOKIE
from cpom_tutor.wiring import open_checker
from tests.endpoint_rules import ADDRESSES, HANDLERS, Rule, Who

JOIN, EVENTS = "/gradio_api/queue/join", "/gradio_api/queue/data"
FROM, PATH = "x-test-from", "x-test-path"
HERE = "127.0.0.1"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Gossip:
    """A tutor that says all that it was told of the conversation so far."""

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Turn:
        raise NotImplementedError

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Step]:
        said = Abstention(Reason.NOT_IN_COURSE, " ".join(["I know of:", *(turn.question for turn in history)]))
        yield Step(turn=Turn(question, question, Intent.ASK, said, (), "gossip", "f", datetime.now(UTC), 1.0))


@dataclass(frozen=True)
class Ada:
    """What is Ada's, and nobody else's business."""

    learner: str
    conversation: str
    turn: str
    session: str
    canonical: str
    token: str = ""
    name: str = "ada.axolotl"
    shown_as: str = "Ada Umbrella"
    question: str = "Is Zanzibar a domain?"
    title: str = "Harbour plans"
    feedback: str = "a quokka is missing"
    draft: str = "half of a narwhal"
    answer: str = "an ocelot counts"

    def secrets_from(self, *, reviewer: bool) -> dict[str, str]:
        """What somebody else must not see; a reviewer reads questions, and what was said of the answers."""
        names = ["learner", "token", "name", "shown_as", "title", "draft", "answer"]
        names += [] if reviewer else ["question", "feedback"]
        return {name: getattr(self, name) for name in names if getattr(self, name)}


@dataclass(frozen=True)
class Caller:
    """Somebody with a browser, or without.

    Attributes:
        name: who.
        cookie: what their browser sends.
        account: whose sign-in that is.
        inside: they have come past the door.
        reviews: they may review.
        owner: they are Ada.
        waiting: what the door answers them, where they are not inside.
        address: of their machine.
        headers: that a proxy adds.
    """

    name: str
    cookie: str = ""
    account: str = ""
    inside: bool = True
    reviews: bool = False
    owner: bool = False
    waiting: int = 401
    address: str = HERE
    headers: Mapping[str, str] = field(default_factory=dict)


class Placed:
    """ASGI: lets a test say where a request comes from, and how its path is written."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            told = {name.decode(): value.decode() for name, value in scope["headers"]}
            written = str(told.get(PATH, scope["path"]))
            kept = [pair for pair in scope["headers"] if pair[0].decode() not in (FROM, PATH)]
            place = {"client": (told.get(FROM, HERE), 50_000), "path": unquote(written), "raw_path": written.encode()}
            scope = {**scope, **place, "headers": kept}
        await self.app(scope, receive, send)


@dataclass(frozen=True)
class Reply:
    """What came back: the status, and all of the text, with the headers."""

    status: int
    text: str


@dataclass(frozen=True)
class Handler:
    """An event that Gradio takes: its number, its name, what it is filled in with, and where it starts."""

    number: int
    name: str
    inputs: tuple[str, ...]
    trigger: int | None


class World:
    """The app with Ada in it, and everybody else."""

    def __init__(self, app: FastAPI, records: SqlRecords, room: PracticeRoom, library: Library) -> None:
        self.app, self.records, self.room, self.library = app, records, room, library
        self.client = TestClient(
            Placed(app), base_url=f"http://{HERE}:7860", raise_server_exceptions=False, follow_redirects=False
        )
        self.ada = Ada("", "", "", "", "")
        self.callers: dict[str, Caller] = {}

    def settle(self, learner: str, token: str = "") -> None:
        """Gives Ada what is hers, anew."""
        ada, records = self.ada, self.records
        conversation = records.start_conversation(learner)
        turn = records.add_turn(learner, conversation, self._answered(ada.question))
        records.rename_conversation(learner, conversation, ada.title)
        word = Feedback(False, (Complaint.INCOMPLETE,), ada.feedback, NOON)
        records.give_feedback(learner, conversation, 0, word)
        session = self.room.start(learner, Plan(SessionKind.QUESTIONS, kinds=(ItemKind.SHORT,), count=2), seed=1).id
        self.room.answer(learner, session, 0, Response(text=ada.answer))
        self.room.draft(learner, session, 1, ada.draft)
        self.room.move(learner, session, 1)
        canonical = secrets.token_urlsafe(8)
        reply = self._answered("What is it?").reply
        assert isinstance(reply, Answer)
        records.approve(CanonicalAnswer(canonical, f"What is {canonical}?", reply, "Carol", NOON, turn))
        self.ada = Ada(learner, conversation, turn, session, canonical, token)

    def _answered(self, question: str) -> Turn:
        passage = self.library.passages[0]
        span = passage.sentences[0]
        cited = Citation(passage.id, str(passage.address), span.of(passage.text), span.start, span.end)
        verdict = Verdict(Label.SUPPORTED, 1.0, "Verbatim.")
        claim = CheckedClaim(cited.quote, ClaimRole.FACT, Form.PARAGRAPH, "", (cited,), verdict)
        return Turn(question, question, Intent.ASK, Answer((claim,)), (), "gossip", "f", NOON, 1.0)

    def kept(self) -> object:
        """All that is Ada's, as it is kept."""
        accounts = [one for one in self.records.accounts() if one.learner == self.ada.learner]
        signed_in = self.records.signed_in(self.ada.token, datetime.now(UTC))
        return self.records.own_data(self.ada.learner), accounts, bool(signed_in)

    def send(self, caller: Caller, method: str, path: str, **more: Any) -> Reply:
        """One request as somebody makes it."""
        headers = {FROM: caller.address, **caller.headers, **({"cookie": caller.cookie} if caller.cookie else {})}
        got = self.client.request(method, path, headers=headers, **more)
        self.client.cookies.clear()
        return Reply(got.status_code, f"{got.headers}\n{got.text}")

    def join(self, caller: Caller, handler: Handler, page: str, ids: str) -> Reply:
        """Starts an event, with Ada's ids in every field."""
        event = {
            "session_hash": page,
            "fn_index": handler.number,
            "trigger_id": handler.trigger,
            "data": [self._filled(label, ids) for label in handler.inputs],
            "event_data": self._clicked(ids),
        }
        return self.send(caller, "POST", JOIN, json=event)

    def events(self, caller: Caller, page: str) -> Reply:
        """What came of the events of a page."""
        return self.send(caller, "GET", EVENTS, params={"session_hash": page})

    def call(self, caller: Caller, handler: Handler, ids: str) -> Reply:
        """An event, and what came of it."""
        page = secrets.token_hex(6)
        joined = self.join(caller, handler, page, ids)
        if joined.status != 200:
            return joined
        got = self.events(caller, page)
        return Reply(got.status, joined.text + got.text)

    def _filled(self, label: str, ids: str) -> str:
        known = {"Your question": "And then?", "Search the course": "domain", "Minutes from UTC": "60"}
        if label == "bench":
            return '<section class="case-open">' if ids == "session" else ""
        return known.get(label, str(getattr(self.ada, ids)))

    def _clicked(self, ids: str) -> dict[str, str]:
        ada, first = self.ada, self.library.passages[0]
        review = ids == "session"  # where a turn is named by its id; on the Study tab it is by its place
        return {
            "conversation": ada.conversation, "session": ada.session, "turn": ada.turn if review else "0",
            "canonical": ada.canonical, "learner": ada.learner, "account": ada.name, "name": ada.name,
            "mark": "1", "claim": "0", "among": "1", "thumb": "up", "words": "Mine now.", "title": "Mine now.",
            "search": "", "question": "And then?", "passage": first.id, "address": str(first.address), "cite": "0",
            "step": "answer" if review else "move", "pick": "draft", "position": "1", "at": "1", "text": "Mine now.",
            "kind_of": "questions", "count": "1", "offset": "60", "judgement": "correct", "comment": "",
            "query": "domain", "show": "all", "own": "It is so.", "line": "0", "by": "up",
        }  # fmt: skip

    def handlers(self) -> list[Handler]:
        """Every event that Gradio takes."""
        blocks = next(route.app for route in self.app.routes if isinstance(route, Mount)).get_blocks()  # type: ignore[attr-defined]
        return [
            Handler(
                number,
                f"{made.fn.__module__.rsplit('.', 1)[-1]}.{made.fn.__name__}" if made.fn else "",
                tuple(str(getattr(one, "label", None) or one.elem_id) for one in made.inputs),
                next((target for target, _ in made.targets if target is not None), None),
            )
            for number, made in blocks.fns.items()
        ]

    def addresses(self) -> list[str]:
        """Every address of the app and of what is mounted on it, with its method."""
        found = (
            f"{method} {route.path}" for route in _routes(self.app.routes) for method in sorted(route.methods or "*")
        )
        return list(dict.fromkeys(found))


def _routes(routes: Iterable[Any]) -> Iterator[Any]:
    for route in routes:
        inside = None if hasattr(route, "endpoint") else getattr(route, "original_router", getattr(route, "app", None))
        if inside is None:
            yield route
        else:
            yield from _routes(inside.routes)


def world_in(home: Path, retriever: CourseRetriever, embedder: SentenceTransformerEmbedder) -> World:
    records = open_records(Settings(home))
    items = [make_item(number, kind) for number, kind in enumerate([ItemKind.SHORT, ItemKind.SHORT, ItemKind.MCQ])]
    practice = HandMadePractice(items, [make_scenario()])
    room = PracticeRoom(practice, records, lambda: retriever.library)
    checker = open_checker(Settings(home), embedder)

    async def built() -> FastAPI:
        return build_app(
            Gossip(), records, retriever, room, accounts=records, reviews=records, classes=records, checker=checker
        )

    # In a thread of its own, with the event loop that Gradio looks for: tests before these may have left one.
    with ThreadPoolExecutor(1) as thread:
        app = thread.submit(asyncio.run, built()).result()
    return World(app, records, room, retriever.library)


@pytest.fixture(scope="module")
def class_world(
    tmp_path_factory: pytest.TempPathFactory, retriever: CourseRetriever, embedder: SentenceTransformerEmbedder
) -> Iterator[World]:
    """A class: everybody has an account."""
    world = world_in(tmp_path_factory.mktemp("class"), retriever, embedder)
    records = world.records

    def joined(name: str, role: Role = Role.LEARNER, *, temporary: bool = False) -> str:
        shown = world.ada.shown_as if name == world.ada.name else ""
        records.add_account(name, password_of(name), role=role, shown_as=shown, temporary=temporary)
        return f"{SIGN_IN_COOKIE}={records.sign_in(name, password_of(name), datetime.now(UTC))}"

    hers = joined(world.ada.name)
    ended, disabled = joined("eve"), joined("dan")
    records.sign_out(ended.partition("=")[2])
    records.set_disabled("dan", True)
    learner = records.account(world.ada.name).learner
    callers = [
        Caller("nobody", inside=False),
        Caller("an anonymous browser", f"{COOKIE}={records.add_learner()}", inside=False),
        Caller("Ada's learner as an anonymous browser", f"{COOKIE}={learner}", inside=False),
        Caller("somebody signed out", ended, inside=False),
        Caller("somebody disabled", disabled, inside=False),
        Caller("somebody with a password to change", joined("tim", temporary=True), "tim", inside=False, waiting=403),
        Caller("another learner", joined("bob"), "bob"),
        Caller("an instructor", joined("ivy", Role.INSTRUCTOR), "ivy", reviews=True),
        Caller("a maintainer", joined("max", Role.MAINTAINER), "max", reviews=True),
        Caller("Ada", hers, world.ada.name, owner=True),
    ]
    renewed(world, callers[-1])
    world.callers = {caller.name: caller for caller in callers}
    with world.client:
        yield world
    records.close()


@pytest.fixture(scope="module")
def machine_world(
    tmp_path_factory: pytest.TempPathFactory, retriever: CourseRetriever, embedder: SentenceTransformerEmbedder
) -> Iterator[World]:
    """One machine, and nobody has an account."""
    world = world_in(tmp_path_factory.mktemp("machine"), retriever, embedder)
    records = world.records
    world.settle(records.add_learner())
    other = f"{COOKIE}={records.add_learner()}"
    callers = [
        Caller("nobody", headers={"x-forwarded-for": "10.0.0.7"}),
        Caller("another browser through a proxy", other, headers={"x-forwarded-for": HERE}),
        Caller("another browser through a proxy that says so", other, headers={"via": "1.1 proxy"}),
        Caller("another browser from another machine", other, address="10.0.0.7"),
        Caller("the person at the machine", other, reviews=True),
        Caller("Ada", f"{COOKIE}={world.ada.learner}", owner=True, address="10.0.0.7"),
    ]
    world.callers = {caller.name: caller for caller in callers}
    with world.client:
        yield world
    records.close()


CLASS = [
    "nobody", "an anonymous browser", "Ada's learner as an anonymous browser", "somebody signed out",
    "somebody disabled", "somebody with a password to change", "another learner", "an instructor", "a maintainer",
    "Ada",
]  # fmt: skip
MACHINE = [
    "nobody", "another browser through a proxy", "another browser through a proxy that says so",
    "another browser from another machine", "the person at the machine", "Ada",
]  # fmt: skip


def renewed(world: World, caller: Caller) -> Caller:
    """The same person, signed in again where they have just signed out, and Ada with all that is hers."""
    records, now = world.records, datetime.now(UTC)
    name, _, value = caller.cookie.partition("=")
    if caller.account and not records.signed_in(value, now):
        value = records.sign_in(caller.account, password_of(caller.account), now)
    elif caller.inside and name == COOKIE and not records.has_learner(value):
        value = records.add_learner()
    if caller.owner and caller.account:
        records.delete_learner(records.account(caller.account).learner)
        world.settle(records.account(caller.account).learner, value)
    elif caller.owner:
        value = records.add_learner()
        world.settle(value)
    return replace(caller, cookie=f"{name}={value}" if name else "")


def password_of(name: str) -> str:
    """Each account's own."""
    return f"{name}: nine lives"


def leaks_of(world: World, caller: Caller, rule: Rule, reply: Reply) -> list[str]:
    """Which secrets of Ada's somebody else was given."""
    if caller.owner:
        return []
    reviewer = caller.reviews and rule.who is Who.REVIEWERS
    kept = world.ada.secrets_from(reviewer=reviewer)
    if rule.who is Who.DOOR:
        del kept["name"]  # the form keeps the name that was typed, whosever it is
    return [f"gave away Ada's {name}" for name, value in kept.items() if value in reply.text]


def asked(
    world: World, caller: Caller, rule: Rule, where: str, ask: Callable[[Caller], Reply]
) -> tuple[str, list[str]]:
    """Asks; what came back, and where that gave away or changed what is Ada's."""
    before = None if caller.owner else world.kept()
    reply = ask(caller)
    faults = leaks_of(world, caller, rule, reply)
    if not caller.owner and world.kept() != before:
        faults.append("changed what is Ada's")
    if reply.status >= 500:
        faults.append(f"failed with {reply.status}")
    return f"{reply.status} {reply.text}", [f"{caller.name}, {where}: {fault}" for fault in faults]


def withheld(caller: Caller, handler: Handler, text: str) -> str:
    """What is wrong with what somebody got of a handler that is not for them; empty where nothing is."""
    if not caller.inside:
        return "" if text.startswith(f"{caller.waiting} ") else f"came past the door: {text[:80]}"
    if not text.startswith("200 "):
        return f"was not answered: {text[:80]}"
    rule = HANDLERS[handler.name]
    if rule.who is Who.REVIEWERS and not caller.reviews:
        return "" if "Reviewing is for" in text or '"visible":false' in text else "may review"
    if caller.cookie and not caller.owner and rule.refuses not in text:
        return "was not refused"
    return ""


def faults_of_handlers(world: World, caller: Caller) -> list[str]:
    """Calls every handler, with Ada's ids of both kinds; says what was not as designed."""
    faults, seen = list[str](), dict[str, str]()
    for handler in world.handlers():
        for ids in ("conversation", "session"):
            caller = renewed(world, caller)
            where = f"{handler.name or 'script'} ({handler.number}) with the {ids}"
            rule = HANDLERS.get(handler.name, Rule(Who.EVERYBODY))
            text, found = asked(world, caller, rule, where, lambda one: world.call(one, handler, ids))  # noqa: B023
            seen[handler.name] = seen.get(handler.name, "") + text
            wrong = withheld(caller, handler, text) if handler.name else ""
            faults += [*found, *([f"{caller.name}, {where}: {wrong}"] if wrong else [])]
    return faults + [
        f"{name} does not show {caller.name} Ada's {one}"
        for name, rule in HANDLERS.items()
        for one in rule.shows
        if (caller.owner if rule.who is Who.OWNER else caller.reviews) and getattr(world.ada, one) not in seen[name]
    ]


def concrete(address: str, ada: Ada) -> str:
    """An address with something in each place that varies: Ada's, or a way out of the folder."""
    known = {
        "form": "csv", "path:path": "../../../records.sqlite", "path_or_url:path": "../../../records.sqlite",
        "session_hash": "adas-page", "event_id": "adas-event",
    }  # fmt: skip
    return re.sub(r"\{([^}]*)\}", lambda found: known.get(found[1], ada.session), address)


FILES = {"/assets/{path:path}": "/assets/../records.sqlite", "/static/{path:path}": "/static/../../../records.sqlite"}


def knocked(world: World, caller: Caller, address: str, event: Handler, page: str) -> Reply:
    """One request to an address, with Ada's ids and her password's neighbours in its form."""
    method, path = address.split(" ", 1)
    ada = world.ada
    form = {
        "user": ada.name, "name": ada.name, "account": ada.name, "learner": ada.learner, "sure": "DELETE", "shares": "",
        "password": "not Ada's password", "old": "not Ada's password", "new": "x" * 12, "again": "x" * 12,
        "conversation": ada.conversation, "session": ada.session, "session_hash": page,
    }  # fmt: skip
    more: dict[str, Any] = {"params": {name: form[name] for name in ("learner", "conversation", "session", "user")}}
    if path == EVENTS:
        more["params"] = {"session_hash": page}
    elif path.startswith("/gradio_api") and method == "POST":
        more["json"] = {**form, "data": [], "fn_index": event.number, "event_id": "adas-event"}
    elif method == "POST":
        more["data"] = form
    return world.send(caller, method, FILES.get(path, concrete(path, ada)), **more)


OWN_PASSWORD = ("/account", "/sign-out")
"""Where somebody with a password to change may go."""


def expected(caller: Caller, address: str, *, accounts: bool) -> set[int]:
    """The statuses that are designed."""
    rule, path = ADDRESSES.get(address), address.split(" ", 1)[1]
    if rule is None or path in FILES:  # a way out of the folder is none that the app uses
        return {404}
    if rule.who is Who.DOOR:
        wrong, known = {403, 429}, caller.account or not accounts
        return wrong if address.startswith("POST") else {303} if known else {200}
    if not caller.inside and not (caller.account and path.startswith(OWN_PASSWORD)):
        to_the_door = path == "/" or (address == "GET /account" and not caller.account)
        return {303} if to_the_door else {caller.waiting}
    if path in (JOIN, EVENTS):
        return {200} if caller.owner else {404}
    if path.startswith(OWN_PASSWORD):
        guessing = path in ("/account/password", "/account/delete")
        return {303} if not accounts else {403, 429} if guessing else {200, 303}
    if rule.who is Who.REVIEWERS:
        return {200} if caller.reviews else {403}
    known = caller.cookie or not path.startswith(("/my-data", "/take-away"))  # whose, where there is no cookie?
    return {200} if known else {404}


def faults_of_addresses(world: World, caller: Caller, *, accounts: bool) -> list[str]:
    """Knocks at every address; says what was not as designed."""
    faults = list[str]()
    event = next(one for one in world.handlers() if one.name == "study_desk.first_section")
    for address in world.addresses():
        caller = renewed(world, caller) if address in ADDRESSES else caller
        rule = ADDRESSES.get(address, Rule(Who.EVERYBODY))
        page = secrets.token_hex(6)
        if address.endswith((JOIN, EVENTS)):
            ada = caller if caller.owner else renewed(world, world.callers["Ada"])
            world.join(ada, event, page, "conversation")
        text, found = asked(world, caller, rule, address, lambda one: knocked(world, one, address, event, page))  # noqa: B023
        if int(text[:3]) not in expected(caller, address, accounts=accounts):
            found.append(f"{caller.name}, {address}: {text[:60]}")
        if caller.owner and accounts:
            hers = {one: getattr(world.ada, one) for one in rule.shows}
            found += [f"{address} does not show Ada her {one}" for one, value in hers.items() if value not in text]
        faults += found
    return faults


def reported(world: World, name: str) -> None:
    """Prints the part of the matrix that was gone through."""
    count = len(world.addresses()), len(world.handlers())
    sys.stdout.write(f"{count[0]} addresses and {count[1]} handlers as designed for {name}\n")


def test_whoever_adds_an_address_or_a_handler_says_who_it_is_for(class_world: World) -> None:
    used = {
        address
        for address in class_world.addresses()
        if is_allowed(*address.replace("{path:path}", "a.js").replace("{form}", "csv").split(" ", 1))
    } | {"GET /static/{path:path}"}
    assert used == set(ADDRESSES), "say in tests/endpoint_rules.py who may use each address"
    handlers = {one.name for one in class_world.handlers() if one.name}
    assert handlers == set(HANDLERS), "say in tests/endpoint_rules.py who may use each handler"


@pytest.mark.parametrize("name", CLASS)
def test_every_endpoint_gives_each_of_a_class_what_is_designed(class_world: World, name: str) -> None:
    caller = class_world.callers[name]
    assert not faults_of_addresses(class_world, caller, accounts=True)
    assert not faults_of_handlers(class_world, caller)
    reported(class_world, f"{name}, of a class")


@pytest.mark.parametrize("name", MACHINE)
def test_every_endpoint_gives_each_browser_of_one_machine_what_is_designed(machine_world: World, name: str) -> None:
    caller = machine_world.callers[name]
    assert not faults_of_addresses(machine_world, caller, accounts=False)
    assert not faults_of_handlers(machine_world, caller)
    reported(machine_world, f"{name}, of one machine without accounts")


@pytest.mark.parametrize("name", ["another learner", "an instructor", "somebody signed out", "nobody"])
def test_nobody_else_reads_the_events_of_an_open_page(class_world: World, name: str) -> None:
    world, page = class_world, secrets.token_hex(6)
    ada, other = renewed(world, world.callers["Ada"]), renewed(world, world.callers[name])
    opened = next(one for one in world.handlers() if one.name == "study.open")
    assert world.join(ada, opened, page, "conversation").status == 200
    refused = 404 if other.inside else 401
    assert world.events(other, page).status == refused
    assert world.join(other, opened, page, "conversation").status == refused
    assert world.ada.question in world.events(ada, page).text


def test_nobody_else_reads_the_events_of_an_open_page_of_one_machine(machine_world: World) -> None:
    world, page = machine_world, secrets.token_hex(6)
    ada = renewed(world, world.callers["Ada"])
    opened = next(one for one in world.handlers() if one.name == "study.open")
    assert world.join(ada, opened, page, "conversation").status == 200
    for name in MACHINE[:-1]:
        assert world.events(world.callers[name], page).status == 404
    assert world.ada.question in world.events(ada, page).text


OUT = [
    "/assets/../../../../records.sqlite", "/assets/%2e%2e/%2e%2e/records.sqlite", "/assets//etc/passwd",
    "/assets/..%2f..%2frecords.sqlite", "/static/../records.sqlite", "/gradio_api/file=/etc/passwd",
    "/gradio_api/file/etc/passwd", "/gradio_api/file=C:/x", "//my-data", "/%2fmy-data", "/my-data/", "/SIGN-IN",
    "/sign-in/../my-data", "/sign-in/", "/sign-in%00", "/;/my-data", "/take-away/../my-data", "/take-away/%2e%2e",
    "/account/", "/gradio_api/queue/join/", "//example.org/%2e%2e",
]  # fmt: skip


@pytest.mark.parametrize("path", OUT)
@pytest.mark.parametrize("name", ["nobody", "Ada"])
def test_no_way_of_writing_a_path_leads_anywhere_else(class_world: World, path: str, name: str) -> None:
    caller = renewed(class_world, class_world.callers[name])
    reply = class_world.send(replace(caller, headers={PATH: path}), "GET", "/")
    assert reply.status == 404 or (name == "nobody" and reply.status == 401)
    assert class_world.ada.question not in reply.text
    assert "location" not in reply.text
