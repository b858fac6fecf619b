"""The Class tab, and its tables to take away. For reviewers alone."""

from collections.abc import Sequence
from typing import Any

import gradio as gr
from fastapi import FastAPI, Request, Response
from starlette.responses import PlainTextResponse

from cpom_tutor.errors import NotAllowed, NotFound, TutorError
from cpom_tutor.ui.class_desk import PATH, ClassDesk
from cpom_tutor.ui.events import clickable, data_of, on
from cpom_tutor.ui.review import shown
from cpom_tutor.ui.review_desk import ReviewDesk
from cpom_tutor.ui.spoken import sentence_of

_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
_SENT = {"content-disposition": 'attachment; filename="cpom-class.csv"', "cache-control": "no-store"}


def class_tab(
    page: gr.Blocks, tab: gr.Tab, tabs: gr.Tabs, desk: ClassDesk, reviewing: ReviewDesk, review: Sequence[gr.HTML]
) -> None:
    """Lays out the tab inside the current Blocks and connects it; it shows itself to reviewers only.

    Args:
        page, tab, tabs: where it stands.
        desk: what happens on it.
        reviewing: opens a question in the Review tab.
        review: the parts of the Review tab.
    """
    view = clickable(name="class-board")

    def look(click: gr.EventData, request: gr.Request) -> str:
        return desk.view(request.request, data_of(click))

    def refreshed(request: gr.Request) -> str:
        return desk.view(request.request, {})

    def open_case(click: gr.EventData, request: gr.Request) -> tuple[object, ...]:
        return (*shown(reviewing.open(request.request, data_of(click))), gr.Tabs(selected="review-tab"))

    def offer(request: gr.Request) -> object:
        return gr.update(visible=desk.reviewers.may(request.request))

    settled: dict[str, Any] = {**_QUIET, "fn": None}
    tab.select(refreshed, None, view, **_QUIET)
    gr.on([on(view, "look")], look, None, view, **_QUIET).then(js="() => window.cpomClass.settle()", **settled)
    gr.on([on(view, "case")], open_case, None, [*review, tabs], **_QUIET).then(
        js="() => window.cpomReview.settle()", **settled
    )
    page.load(offer, None, tab, **_QUIET)


def add_class_tables(app: FastAPI, desk: ClassDesk) -> None:
    """Adds the tables' address to the app, before Gradio is mounted on it."""

    @app.get(PATH)
    def table(request: Request) -> Response:
        try:
            return Response(desk.table(request, request.query_params), media_type="text/csv", headers=_SENT)
        except NotAllowed as error:
            return PlainTextResponse(str(error), status_code=403)
        except NotFound as error:
            return PlainTextResponse(str(error), status_code=404)
        except TutorError as error:
            return PlainTextResponse(str(error), status_code=503)
        except Exception as error:  # noqa: BLE001  (logged; nobody sees a stack trace)
            return PlainTextResponse(sentence_of(error), status_code=500)
