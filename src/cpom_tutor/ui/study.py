"""The Study tab: the conversation on the left, the course's text on the right."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import gradio as gr

from cpom_tutor.ui.events import clickable, data_of, on, page_of, updates
from cpom_tutor.ui.render import leaving
from cpom_tutor.ui.render_course import panel_frame
from cpom_tutor.ui.study_desk import NEW, Screen, StudyDesk

_LIVE = '<div aria-live="polite" aria-relevant="additions text">${value}</div>'
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


@dataclass(frozen=True, slots=True)
class StudyTab:
    """The tab's components.

    Attributes:
        conversation: id of the conversation in use; the browser keeps it, so that it outlives a restart.
        history: the list of conversations.
        log: earlier turns.
        live: the latest turn.
        typed: the question box.
        send, stop: its buttons.
        panel: the course's text.
    """

    conversation: gr.Textbox
    history: gr.HTML
    log: gr.HTML
    live: gr.HTML
    typed: gr.Textbox
    send: gr.Button
    stop: gr.Button
    panel: gr.HTML


def study_tab(page: gr.Blocks, desk: StudyDesk, leaves: str = "") -> StudyTab:
    """Lays out the tab inside the current Blocks and connects it; `leaves` says what leaves the machine, if it does."""
    tab = _lay_out(leaves)
    _connect(page, tab, _Handlers(desk))
    return tab


def _lay_out(leaves: str) -> StudyTab:
    conversation = gr.Textbox(visible=False, label="Conversation")
    with gr.Row(elem_id="study"):
        with gr.Column(elem_id="chat", scale=3, min_width=280):
            gr.HTML('<h2 class="hidden">Study</h2>', apply_default_css=False)
            history, log = clickable(name="history"), clickable(name="log")
            live = clickable(name="live", template=_LIVE)
            with gr.Row(elem_id="composer"):
                if leaves:
                    gr.HTML(leaving(leaves), apply_default_css=False, elem_id="leaves")
                typed = gr.Textbox(
                    label="Your question",
                    placeholder="Ask about the course…",
                    lines=1,
                    max_lines=6,
                    max_length=20_000,
                    elem_id="question",
                    scale=1,
                )
                send = gr.Button("Ask", variant="primary", elem_id="send", scale=0, min_width=84)
                stop = gr.Button("Stop", variant="stop", elem_id="stop", scale=0, min_width=84)
        with gr.Column(elem_id="sheet", scale=2, min_width=280):
            panel = clickable(name="panel", template=panel_frame("panel-title", "Back to the answer"))
    return StudyTab(conversation, history, log, live, typed, send, stop, panel)


class _Handlers:
    """What Gradio calls. Each is an HTTP endpoint that anybody can call with anything, so each takes the
    learner from the request's cookie, and nothing that it is sent is believed."""

    def __init__(self, desk: StudyDesk) -> None:
        self.desk = desk

    def ask(self, text: str, current: str, click: gr.EventData, request: gr.Request) -> Iterator[tuple[object, ...]]:
        """A question from the box, or from the clicked button."""
        question = data_of(click).get("question", text)
        for screen in self.desk.ask(request.cookies, page_of(request), current, question):
            yield _shown(screen)

    def stop(self, request: gr.Request) -> None:
        """The answer under way shows itself as stopped."""
        self.desk.stop(request.cookies, page_of(request))

    def open(self, current: str, request: gr.Request) -> tuple[object, ...]:
        """The page as it is opened."""
        return _shown(self.desk.open(request.cookies, current))

    def resume(self, click: gr.EventData, request: gr.Request) -> tuple[object, ...]:
        """Another conversation, or a new one."""
        self.desk.stop(request.cookies, page_of(request))
        return _shown(self.desk.open(request.cookies, data_of(click).get("conversation", NEW)))

    def remove(self, current: str, click: gr.EventData, request: gr.Request) -> tuple[object, ...]:
        """Deletes a conversation."""
        self.desk.stop(request.cookies, page_of(request))
        return _shown(self.desk.delete(request.cookies, current, data_of(click).get("conversation", "")))

    def opine(self, current: str, click: gr.EventData, request: gr.Request) -> tuple[object, ...]:
        """What the learner says of an answer."""
        return _shown(self.desk.opine(request.cookies, current, data_of(click)))

    def find(self, current: str, click: gr.EventData, request: gr.Request) -> str:
        """Searches the conversations."""
        return self.desk.history.find(request.cookies, current, data_of(click))

    def rename(self, current: str, click: gr.EventData, request: gr.Request) -> str:
        """Gives a conversation another title."""
        return self.desk.history.rename(request.cookies, current, data_of(click))

    def forget(self, request: gr.Request) -> tuple[object, ...]:
        """Deletes all that is the learner's."""
        self.desk.stop(request.cookies, page_of(request))
        return _shown(self.desk.forget(request.cookies))

    def cite(self, current: str, click: gr.EventData, request: gr.Request) -> str:
        """The panel at a citation."""
        return self.desk.cite(request.cookies, current, data_of(click))

    def read(self, click: gr.EventData) -> str:
        """The panel at a passage."""
        return self.desk.read(data_of(click))


def _shown(screen: Screen) -> tuple[object, ...]:
    return updates(screen.conversation, screen.typed, screen.log, screen.live, screen.history)


def _connect(page: gr.Blocks, tab: StudyTab, do: _Handlers) -> None:
    current, log, live, history = tab.conversation, tab.log, tab.live, tab.history
    parts = [current, tab.typed, log, live, history]
    remember: dict[str, Any] = {**_QUIET, "fn": None, "inputs": current, "js": "(id) => window.cpomTutor.remember(id)"}
    show: dict[str, Any] = {**_QUIET, "fn": None, "js": "() => window.cpomTutor.showMark('panel')"}
    # One event for all ways to ask, so that a second question waits for the first.
    asking = [tab.typed.submit, tab.send.click, on(log, "ask"), on(live, "ask")]
    again = [on(history, "resume"), on(history, "fresh")]
    gr.on(asking, do.ask, [tab.typed, current], parts, **_QUIET).then(**remember)
    tab.stop.click(do.stop, js="() => window.cpomTutor.unstick()", **_QUIET)
    gr.on(again, do.resume, None, parts, **_QUIET).then(**remember)
    gr.on([on(history, "remove")], do.remove, current, parts, **_QUIET).then(**remember)
    gr.on([on(history, "forget")], do.forget, None, parts, **_QUIET).then(**remember)
    gr.on([on(history, "find")], do.find, current, history, **_QUIET)
    settle: dict[str, Any] = {**_QUIET, "fn": None, "js": "() => window.cpomTutor.settle()"}
    gr.on([on(history, "rename")], do.rename, current, history, **_QUIET).then(**settle)
    gr.on([on(log, "opine"), on(live, "opine")], do.opine, current, parts, **_QUIET).then(**settle)
    gr.on([on(log, "cite"), on(live, "cite")], do.cite, current, tab.panel, **_QUIET).then(**show)
    gr.on([on(log, "read"), on(live, "read")], do.read, None, tab.panel, **_QUIET).then(**show)
    page.load(do.open, current, parts, js="() => window.cpomTutor.recall()", **_QUIET).then(**remember)
    page.load(do.desk.first_section, None, tab.panel, **_QUIET)
