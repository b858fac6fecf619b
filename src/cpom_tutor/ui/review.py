"""The Review tab: the inbox, then one turn with its evidence, its verdict, and a correction. For reviewers alone."""

from collections.abc import Callable
from typing import Any

import gradio as gr
from starlette.requests import HTTPConnection

from cpom_tutor.protocols import GroundingChecker
from cpom_tutor.ui.correction_desk import CorrectionDesk
from cpom_tutor.ui.events import clickable, data_of, on, updates
from cpom_tutor.ui.review_desk import ReviewDesk, ReviewScreen
from cpom_tutor.ui.review_form import Data

_LIVE = '<div aria-live="assertive">${value}</div>'
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}

_Step = Callable[[HTTPConnection | None, Data], ReviewScreen]


def review_tab(page: gr.Blocks, tab: gr.Tab, desk: ReviewDesk, checker: GroundingChecker) -> list[gr.HTML]:
    """Lays out the tab inside the current Blocks and connects it; it shows itself to reviewers only.

    Returns its parts, as `shown` fills them.
    """
    with gr.Row(elem_id="review"):
        with gr.Column(elem_id="bench-column", min_width=280):
            notice = clickable(name="review-notice", template=_LIVE)
            bench = clickable(name="bench")
        with gr.Column(elem_id="evidence-column", min_width=280):
            evidence = clickable(name="evidence")
        with gr.Column(elem_id="draft-column", min_width=280):
            draft = clickable(name="draft")
    filled = [bench, evidence, draft, notice]
    correcting = CorrectionDesk(desk, checker)
    steps: list[tuple[gr.HTML, str, _Step]] = [
        (bench, "look", desk.inbox), (bench, "case", desk.open), (bench, "judge", desk.judge),
        (bench, "skip", desk.skip), (bench, "retire", desk.retire), (bench, "read", desk.read),
        (evidence, "seek", desk.seek), (bench, "correct", correcting.start), (evidence, "take", correcting.take),
        (draft, "say", correcting.say), (draft, "shift", correcting.shift), (draft, "approve", correcting.approve),
        (draft, "abandon", correcting.abandon),
    ]  # fmt: skip
    settle: dict[str, Any] = {**_QUIET, "fn": None, "js": "() => window.cpomReview.settle()"}
    for part, event, step in steps:
        gr.on([on(part, event)], _handler(step), None, filled, **_QUIET).then(**settle)
    tab.select(_refreshed(desk), bench, filled, **_QUIET).then(**settle)
    page.load(_offered(desk), None, tab, **_QUIET)
    return filled


def _handler(step: _Step) -> Callable[..., tuple[object, ...]]:
    """What Gradio calls: an endpoint that anybody can call with anything, so the desk asks who it is, each time."""

    def handle(click: gr.EventData, request: gr.Request) -> tuple[object, ...]:
        return shown(step(request.request, data_of(click)))

    return handle


def _refreshed(desk: ReviewDesk) -> Callable[..., tuple[object, ...]]:
    def look_again(bench: str, request: gr.Request) -> tuple[object, ...]:
        """The tab as it is looked at again: the inbox may have changed, a turn that is open has not."""
        busy = isinstance(bench, str) and 'class="case-open"' in bench and desk.reviewers.may(request.request)
        return shown(ReviewScreen() if busy else desk.inbox(request.request, {}))

    return look_again


def _offered(desk: ReviewDesk) -> Callable[..., object]:
    def offer(request: gr.Request) -> object:
        """Whether there is such a tab for whoever opens the page."""
        return gr.update(visible=desk.reviewers.may(request.request))

    return offer


def shown(screen: ReviewScreen) -> tuple[object, ...]:
    """What the parts of the tab become."""
    return updates(screen.bench, screen.evidence, screen.draft, screen.notice)
