"""The Study tab: the conversation on the left, the course's text on the right."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import gradio as gr

from cpom_tutor.ui.events import clickable, data_of, on, page_of, updates
from cpom_tutor.ui.render_course import PANEL
from cpom_tutor.ui.study_desk import NEW, Screen, StudyDesk

_LIVE = '<div aria-live="polite" aria-relevant="additions text">${value}</div>'


@dataclass(frozen=True, slots=True)
class StudyTab:
    """The components that another tab reaches."""

    typed: gr.Textbox
    log: gr.HTML
    live: gr.HTML


def study_tab(page: gr.Blocks, desk: StudyDesk) -> StudyTab:
    """Lays out the tab inside the current Blocks and connects it."""
    # The browser keeps the conversation's id, so that it outlives a restart of the server.
    conversation = gr.Textbox(visible=False, label="Conversation")
    with gr.Row(elem_id="study"):
        with gr.Column(elem_id="chat", scale=3, min_width=280):
            gr.HTML('<h2 class="hidden">Study</h2>', apply_default_css=False)
            history = clickable(name="history")
            log = clickable(name="log")
            live = clickable(name="live", template=_LIVE)
            with gr.Row(elem_id="composer"):
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
            panel = clickable(name="panel", template=PANEL)

    def shown(screen: Screen) -> tuple[object, ...]:
        return updates(screen.conversation, screen.typed, screen.log, screen.live, screen.history)

    def ask(text: str, current: str, click: gr.EventData, request: gr.Request) -> Iterator[tuple[object, ...]]:
        question = data_of(click).get("question", text)
        for screen in desk.ask(request.cookies, page_of(request), current, question):
            yield shown(screen)

    def stop_asking(request: gr.Request) -> None:
        desk.stop(request.cookies, page_of(request))

    def open_page(current: str, request: gr.Request) -> tuple[object, ...]:
        return shown(desk.open(request.cookies, current))

    def resume(click: gr.EventData, request: gr.Request) -> tuple[object, ...]:
        desk.stop(request.cookies, page_of(request))
        return shown(desk.open(request.cookies, data_of(click).get("conversation", NEW)))

    def remove(current: str, click: gr.EventData, request: gr.Request) -> tuple[object, ...]:
        desk.stop(request.cookies, page_of(request))
        return shown(desk.delete(request.cookies, current, data_of(click).get("conversation", "")))

    def cite(current: str, click: gr.EventData, request: gr.Request) -> str:
        return desk.cite(request.cookies, current, data_of(click))

    def read(click: gr.EventData) -> str:
        return desk.read(data_of(click))

    parts = [conversation, typed, log, live, history]
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    remember: dict[str, Any] = {"fn": None, "inputs": conversation, "js": "(id) => window.cpomTutor.remember(id)"}

    # One event for all ways to ask, so that a second question waits for the first.
    asking = [typed.submit, send.click, on(log, "ask"), on(live, "ask")]
    again = [on(history, "resume"), on(history, "fresh")]
    gr.on(asking, ask, [typed, conversation], parts, **quiet).then(**remember, **quiet)
    stop.click(stop_asking, None, None, **quiet)
    gr.on(again, resume, None, parts, **quiet).then(**remember, **quiet)
    gr.on([on(history, "remove")], remove, conversation, parts, **quiet).then(**remember, **quiet)
    show: dict[str, Any] = {"fn": None, "js": "() => window.cpomTutor.showMark('panel')"}
    gr.on([on(log, "cite"), on(live, "cite")], cite, conversation, panel, **quiet).then(**show, **quiet)
    gr.on([on(log, "read"), on(live, "read")], read, None, panel, **quiet).then(**show, **quiet)
    page.load(open_page, conversation, parts, js="() => window.cpomTutor.recall()", **quiet).then(**remember, **quiet)
    page.load(desk.first_section, None, panel, **quiet)
    return StudyTab(typed, log, live)
