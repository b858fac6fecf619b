"""The Practice tab: choose, answer one thing at a time, see the course's words that decide."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from cpom_tutor.ui.events import clickable, data_of, on, updates
from cpom_tutor.ui.practice_desk import PracticeDesk, PracticeScreen
from cpom_tutor.ui.render_course import panel_frame

_LIVE = '<div aria-live="assertive">${value}</div>'
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


@dataclass(frozen=True, slots=True)
class PracticeTab:
    """The tab's components.

    Attributes:
        session: id of the session in use; the browser keeps it, so that it outlives a refresh.
        offset: how far the learner's clock is from UTC, in minutes.
        notice: what went wrong.
        stage: the choice, a question, or how it went.
        proof: the course's text beside it.
    """

    session: gr.Textbox
    offset: gr.Textbox
    notice: gr.HTML
    stage: gr.HTML
    proof: gr.HTML

    @property
    def parts(self) -> list[Any]:
        """What a `PracticeScreen` fills."""
        return [self.session, self.stage, self.notice, self.proof]


def practice_tab(page: gr.Blocks, tab: gr.Tab, desk: PracticeDesk) -> PracticeTab:
    """Lays out the tab inside the current Blocks and connects it."""
    parts = _lay_out()
    _connect(page, tab, parts, _Handlers(desk))
    return parts


def _lay_out() -> PracticeTab:
    session = gr.Textbox(visible=False, label="Session")
    offset = gr.Textbox(visible=False, label="Minutes from UTC")
    with gr.Row(elem_id="practice"):
        with gr.Column(elem_id="stage-column", scale=3, min_width=280):
            notice = clickable(name="notice", template=_LIVE)
            stage = clickable(name="stage")
        with gr.Column(elem_id="proof-sheet", scale=2, min_width=280):
            proof = clickable(name="proof", template=panel_frame("proof-title", "Back to the question"))
    return PracticeTab(session, offset, notice, stage, proof)


class _Handlers:
    """What Gradio calls. Each is an HTTP endpoint that anybody can call with anything, so each takes the
    learner from the request's cookie, and nothing that it is sent is believed."""

    def __init__(self, desk: PracticeDesk) -> None:
        self.desk = desk

    def open(self, session: str, offset: str, request: gr.Request) -> tuple[object, ...]:
        """The page as it is opened."""
        return shown(self.desk.open(request.cookies, session, offset))

    def refresh(self, session: str, offset: str, request: gr.Request) -> tuple[object, ...]:
        """The tab as it is looked at again: the choice may have changed, a session under way has not."""
        return shown(PracticeScreen() if session else self.desk.open(request.cookies, "", offset))

    def start(self, click: gr.EventData, request: gr.Request) -> tuple[object, ...]:
        """Begins what was chosen."""
        return shown(self.desk.start(request.cookies, data_of(click)))

    def again(self, click: gr.EventData, request: gr.Request) -> tuple[object, ...]:
        """Begins with what went wrong."""
        return shown(self.desk.again(request.cookies, data_of(click)))

    def resume(self, click: gr.EventData, request: gr.Request) -> tuple[object, ...]:
        """Takes up a session."""
        return shown(self.desk.resume(request.cookies, data_of(click)))

    def drop(self, click: gr.EventData, request: gr.Request) -> tuple[object, ...]:
        """Ends a session."""
        return shown(self.desk.drop(request.cookies, data_of(click)))

    def leave(self, click: gr.EventData, request: gr.Request) -> tuple[object, ...]:
        """Back to the choice."""
        return shown(self.desk.leave(request.cookies, data_of(click)))

    def step(self, click: gr.EventData, request: gr.Request) -> tuple[object, ...]:
        """One step in the session."""
        return shown(self.desk.step(request.cookies, data_of(click)))

    def pick(self, click: gr.EventData, request: gr.Request) -> tuple[object, ...]:
        """Keeps a choice or a draft."""
        return shown(self.desk.pick(request.cookies, data_of(click)))

    def proof(self, click: gr.EventData, request: gr.Request) -> str:
        """The course's text at a citation."""
        return self.desk.proof(request.cookies, data_of(click))


def shown(screen: PracticeScreen) -> tuple[object, ...]:
    """A screen as Gradio's outputs."""
    return updates(screen.session, screen.stage, screen.notice, screen.proof)


def settle(tab: PracticeTab) -> dict[str, Any]:
    """What the page does after each step: it remembers the session, and goes to what is new."""
    return {**_QUIET, "fn": None, "inputs": tab.session, "js": "(id) => window.cpomPractice.settle(id)"}


def _connect(page: gr.Blocks, tab: gr.Tab, parts: PracticeTab, do: _Handlers) -> None:
    stage, session, filled = parts.stage, parts.session, parts.parts
    then = settle(parts)
    steps: list[tuple[str, Callable[..., Any]]] = [
        ("start", do.start), ("again", do.again), ("resume", do.resume), ("drop", do.drop), ("leave", do.leave),
    ]  # fmt: skip
    for event, handler in steps:
        gr.on([on(stage, event)], handler, None, filled, **_QUIET).then(**then)
    # Every step names its position, so that a quick one is never dropped, and a double one does nothing.
    gr.on([on(stage, "go")], do.step, None, filled, trigger_mode="multiple", **_QUIET).then(**then)
    # The last of several quick choices counts, and it waits for the one that is being kept.
    gr.on([on(stage, "pick")], do.pick, None, filled, trigger_mode="always_last", **_QUIET)
    opening = [on(stage, "proof"), on(stage, "read"), on(parts.proof, "read")]
    mark: dict[str, Any] = {"fn": None, "js": "() => window.cpomTutor.showMark('proof')"}
    gr.on(opening, do.proof, None, parts.proof, **_QUIET).then(**mark, **_QUIET)
    recall = "() => window.cpomPractice.recall()"
    page.load(do.open, [session, parts.offset], filled, js=recall, **_QUIET).then(**then)
    # A refresh of the page selects the tab before the session has come from the server: the browser knows it already.
    tab.select(do.refresh, [session, parts.offset], filled, js=recall, **_QUIET)
