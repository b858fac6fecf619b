"""The Course tab: browse and search the text itself, and ask about any block of it."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from cpom_tutor.course import Address, Passage
from cpom_tutor.errors import BadInput
from cpom_tutor.library import Library
from cpom_tutor.protocols import Retriever
from cpom_tutor.ui import render, render_course
from cpom_tutor.ui.cited import find
from cpom_tutor.ui.events import clickable, data_of, on, updates
from cpom_tutor.ui.spoken import sentence_of, spoken
from cpom_tutor.ui.study import StudyTab
from cpom_tutor.ui.text import Mark

_RESULTS = 8
_ALIKE = 0.35  # cosine from which a passage without a common word is still a find
_LONGEST_QUERY = 500


class Shelf:
    """What happens on the Course tab, without Gradio."""

    def __init__(self, retriever: Retriever) -> None:
        self.retriever = retriever

    @property
    def library(self) -> Library:
        """The text of the index version in use."""
        return self.retriever.library

    @spoken
    def contents(self) -> str:
        """The outline of the course."""
        return render_course.outline(self.library)

    @spoken
    def opened(self, passage_id: str, address: str = "") -> str:
        """The section of a passage, opened there; without an id or an address, the first section."""
        if not passage_id and not address:
            return self._section(self.library.passages[0], pointed=False)
        return self._section(find(self.library, passage_id, address), pointed=True)

    def looked_up(self, query: str | None) -> tuple[str, str | None]:
        """What a search found, and the section to show (None: the one that is shown).

        An address leads straight to its passage; anything else is searched for.
        """
        query = (query or "").strip()[:_LONGEST_QUERY]
        try:
            passage = self._at(query)
            if passage:
                return "", self._section(passage, pointed=True)
            hits = [
                hit for hit in self.retriever.search(query, _RESULTS) if hit.lexical > 0 or hit.similarity >= _ALIKE
            ]
            return render_course.results(query, hits) if query else "", None
        except Exception as error:  # noqa: BLE001  (logged; a learner never sees a stack trace)
            return render.alert(sentence_of(error)), None

    def question(self, passage_id: str) -> str | None:
        """A question about a passage, to start from; None where the passage is gone."""
        known = passage_id in self.library
        return render_course.question_about(self.library.passage(passage_id)) if known else None

    def _at(self, query: str) -> Passage | None:
        try:
            address = Address.parse(query, self.library.code)
        except BadInput:
            return None
        return self.library.at(address)[0]

    def _section(self, passage: Passage, *, pointed: bool) -> str:
        return render_course.section_view(
            self.library,
            self.library.section_of(passage),
            [Mark(passage.start, passage.end, strong=False, target=True)] if pointed else [],
            prefix="course",
            pointed=passage.id if pointed else "",
            actions=True,
        )


@dataclass(frozen=True, slots=True)
class CourseTab:
    """The tab's component that other tabs fill.

    Attributes:
        text: the section that is open.
    """

    text: gr.HTML


def course_tab(page: gr.Blocks, tabs: gr.Tabs, shelf: Shelf, study: StudyTab) -> CourseTab:
    """Lays out the tab inside the current Blocks and connects it, and "Ask about this" on both tabs."""
    with gr.Row(elem_id="course"):
        with gr.Column(elem_id="finder", scale=2, min_width=260):
            gr.HTML('<h2 class="hidden">Course</h2>', apply_default_css=False)
            query = gr.Textbox(
                label="Search the course",
                placeholder="words, or an address such as 1.1.2 ¶7",
                lines=1,
                max_lines=1,
                elem_id="query",
            )
            found = clickable(name="found")
            contents = clickable(name="contents")
        with gr.Column(elem_id="reader", scale=5, min_width=280):
            text = clickable(name="text", template='<div role="group" aria-label="Course text">${value}</div>')

    def look_up(words: str) -> tuple[object, ...]:
        return updates(*shelf.looked_up(words))

    def browse(click: gr.EventData) -> str:
        return shelf.opened(data_of(click).get("passage", ""))

    def ask_about(click: gr.EventData) -> tuple[object, ...]:
        question = shelf.question(data_of(click).get("passage", ""))
        return (*updates(question), gr.Tabs(selected="study"))

    def open_course() -> tuple[str, str]:
        return shelf.contents(), shelf.opened("")

    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    show: dict[str, Any] = {"fn": None, "js": "() => window.cpomTutor.showMark('text')"}
    focus: dict[str, Any] = {"fn": None, "js": "() => window.cpomTutor.write()"}
    results: dict[str, Any] = {"fn": None, "js": "() => window.cpomTutor.showFound()"}
    query.submit(look_up, query, [found, text], **quiet).then(**results, **quiet)
    gr.on([on(found, "browse"), on(contents, "browse")], browse, None, text, **quiet).then(**show, **quiet)
    about = [on(part, "about") for part in (text, study.log, study.live)]
    gr.on(about, ask_about, None, [study.typed, tabs], **quiet).then(**focus, **quiet)
    page.load(open_course, None, [contents, text], **quiet)
    return CourseTab(text)
