"""The Progress tab: how a learner stands, and what to do next."""

from collections.abc import Mapping
from random import randrange
from typing import Any

import gradio as gr

from cpom_tutor.practice.sittings.room import PracticeRoom
from cpom_tutor.protocols import Records
from cpom_tutor.ui import render_progress
from cpom_tutor.ui.course import CourseTab, Shelf
from cpom_tutor.ui.events import clickable, data_of, on
from cpom_tutor.ui.practice import PracticeTab, settle, shown
from cpom_tutor.ui.practice_desk import PracticeDesk
from cpom_tutor.ui.practice_form import zone
from cpom_tutor.ui.spoken import spoken
from cpom_tutor.ui.take_away import PATH
from cpom_tutor.ui.visitors import learner_of

_SHEETS = 1_000_000
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


class Board:
    """What happens on the Progress tab, without Gradio."""

    def __init__(self, room: PracticeRoom, records: Records) -> None:
        self.room, self.records = room, records

    @spoken
    def view(self, cookies: Mapping[str, str], offset: str) -> str:
        """How the learner stands now."""
        learner = learner_of(cookies, self.records)
        progress = self.room.progress(learner, zone(offset))
        return render_progress.progress_view(progress, files=PATH, sheet=randrange(_SHEETS))


def progress_tab(
    tab: gr.Tab, tabs: gr.Tabs, board: Board, desk: PracticeDesk, practice: PracticeTab, shelf: Shelf, course: CourseTab
) -> None:
    """Lays out the tab inside the current Blocks and connects it."""
    offset = gr.Textbox(visible=False, label="Minutes from UTC")
    view = clickable(name="board")

    def look(minutes: str, request: gr.Request) -> str:
        return board.view(request.cookies, minutes)

    def start(click: gr.EventData, request: gr.Request) -> tuple[object, ...]:
        return (*shown(desk.start(request.cookies, data_of(click))), gr.Tabs(selected="practice"))

    def resume(click: gr.EventData, request: gr.Request) -> tuple[object, ...]:
        return (*shown(desk.resume(request.cookies, data_of(click))), gr.Tabs(selected="practice"))

    def read(click: gr.EventData) -> tuple[object, ...]:
        return shelf.opened("", data_of(click).get("address", "")), gr.Tabs(selected="course")

    tab.select(look, offset, view, js="() => window.cpomPractice.offset()", **_QUIET)
    then = settle(practice)
    gr.on([on(view, "start")], start, None, [*practice.parts, tabs], **_QUIET).then(**then)
    gr.on([on(view, "resume")], resume, None, [*practice.parts, tabs], **_QUIET).then(**then)
    show: dict[str, Any] = {"fn": None, "js": "() => window.cpomTutor.showMark('text')"}
    gr.on([on(view, "browse")], read, None, [course.text, tabs], **_QUIET).then(**show, **_QUIET)
