"""The app: one page with its tabs, and the server that shows it."""

import os
import threading
import webbrowser
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from socket import socket

# Gradio reads this once, when it is imported: nothing is reported to anybody.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

import gradio as gr
import uvicorn
from fastapi import FastAPI

from cpom_tutor.practice.sittings.room import PracticeRoom
from cpom_tutor.protocols import Records, Retriever, Stepper
from cpom_tutor.review_protocols import ReviewRecords
from cpom_tutor.ui import theme
from cpom_tutor.ui.course import Shelf, course_tab
from cpom_tutor.ui.doors import address_of, allowed_names, bound_socket
from cpom_tutor.ui.own_data import add_own_data
from cpom_tutor.ui.practice import practice_tab
from cpom_tutor.ui.practice_desk import PracticeDesk
from cpom_tutor.ui.progress import Board, progress_tab
from cpom_tutor.ui.spoken import sentence_of
from cpom_tutor.ui.study import study_tab
from cpom_tutor.ui.study_desk import StudyDesk
from cpom_tutor.ui.take_away import add_downloads
from cpom_tutor.ui.visitors import LOOPBACK, Visitors

PORT = 7860
"""Where the app is tried first."""

_AT_ONCE = 16
_WAITING = 200
_GOODBYE_SECONDS = 1
_FIRST_PAGE_SECONDS = 1


def build_app(
    tutor: Stepper,
    records: Records,
    retriever: Retriever,
    room: PracticeRoom,
    *,
    reviews: ReviewRecords,
    wake: Callable[[], None] | None = None,
    hosts: frozenset[str] | None = LOOPBACK,
) -> FastAPI:
    """The app, ready for any ASGI server.

    Args:
        tutor: answers.
        records: learners and their conversations.
        retriever: searches, and holds the course's text.
        room: practice.
        reviews: what learners and instructors say of turns.
        wake: loads what is slow to load; it runs in the background once the server is up.
        hosts: names under which the page may be asked for; None for any.
    """
    awake = threading.Event()
    desk = StudyDesk(tutor, records, retriever, awake, reviews, room)
    page = _page(desk, Shelf(retriever), PracticeDesk(room, records, retriever), Board(room, records))

    @asynccontextmanager
    async def waking(_: FastAPI) -> AsyncIterator[None]:
        _wake_up(wake, awake)
        yield

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=waking)
    app.add_middleware(Visitors, records=records, hosts=hosts)
    add_own_data(app, records)
    add_downloads(app, records, room.practice, lambda: retriever.library)
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        show_error=False,
        app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
        favicon_path=str(theme.STATIC / "favicon.svg"),
        theme=theme.theme(),
        head=theme.head(),
    )
    return app


def _page(desk: StudyDesk, shelf: Shelf, practising: PracticeDesk, board: Board) -> gr.Blocks:
    page = gr.Blocks(title="CPOM tutor", analytics_enabled=False, fill_width=True)
    with page:
        gr.HTML(
            theme.MASTHEAD,
            apply_default_css=False,
            elem_id="masthead",
            js_on_load="window.cpomTutor.applyTheme();",
        )
        with gr.Tabs(elem_id="tabs") as tabs:
            with gr.Tab("Study", id="study", render_children=True):
                study = study_tab(page, desk)
            with gr.Tab("Practice", id="practice", render_children=True) as practice_place:
                practice = practice_tab(page, practice_place, practising)
            progress_place = gr.Tab("Progress", id="progress", render_children=True)
            with gr.Tab("Course", id="course", render_children=True):
                course = course_tab(page, tabs, shelf, study)
            with progress_place:
                progress_tab(progress_place, tabs, board, practising, practice, shelf, course)
    page.queue(default_concurrency_limit=_AT_ONCE, max_size=_WAITING, api_open=False)
    return page


def _wake_up(wake: Callable[[], None] | None, awake: threading.Event) -> None:
    def work() -> None:
        try:
            if wake:
                wake()
        except Exception as error:  # noqa: BLE001  (logged; the first question meets the error again and says it)
            sentence_of(error)
        finally:
            awake.set()

    # The first page goes first: loading a model would take the interpreter from it.
    timer = threading.Timer(_FIRST_PAGE_SECONDS if wake else 0, work)
    timer.daemon = True
    timer.start()


def serve(
    tutor: Stepper,
    records: Records,
    retriever: Retriever,
    room: PracticeRoom,
    *,
    reviews: ReviewRecords,
    say: Callable[[str], None],
    wake: Callable[[], None] | None = None,
    host: str = "127.0.0.1",
    port: int = PORT,
    insecure: bool = False,
    open_browser: bool = True,
) -> None:
    """Serves the app until Ctrl-C.

    Args:
        tutor, records, retriever, room, reviews, wake: see `build_app`.
        say: shows the person at the terminal one line.
        host: the address to listen at.
        port: tried first; the next free one is taken if it is busy. 0 takes any.
        insecure: allow addresses that other machines can reach, although there are no passwords.
        open_browser: open the page in the default browser.

    Raises:
        BadInput: the host is not this machine's own and `insecure` was not given, or cannot be used.
    """
    names = allowed_names(host, insecure=insecure)
    app = build_app(tutor, records, retriever, room, reviews=reviews, wake=wake, hosts=names)
    door = bound_socket(host, port)
    taken = door.getsockname()[1]
    if port not in (0, taken):
        say(f"Port {port} is taken; using {taken}.")
    address = address_of(host, taken)

    def ready() -> None:
        say(f"The tutor is ready at {address} (Ctrl-C stops it).")
        if open_browser:
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    _Server(app, ready).run_until_stopped(door)
    say("Stopped.")


class _Server(uvicorn.Server):
    """Says when it is ready, and takes Ctrl-C as the ordinary end."""

    def __init__(self, app: FastAPI, ready: Callable[[], None]) -> None:
        # Only faults are logged; a page that is still open at the end is not one.
        super().__init__(uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=_GOODBYE_SECONDS))
        self.ready = ready

    async def startup(self, sockets: list[socket] | None = None) -> None:
        """Starts to answer, then says so."""
        await super().startup(sockets)
        self.ready()

    def run_until_stopped(self, door: socket) -> None:
        """Returns after Ctrl-C."""
        with suppress(KeyboardInterrupt):
            self.run([door])
