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

from cpom_tutor.account_protocols import Accounts
from cpom_tutor.class_protocols import ClassRecords
from cpom_tutor.practice.sittings.room import PracticeRoom
from cpom_tutor.protocols import GroundingChecker, Records, Retriever, Stepper
from cpom_tutor.review_protocols import ReviewRecords
from cpom_tutor.ui import theme
from cpom_tutor.ui.account_pages import add_account_pages
from cpom_tutor.ui.class_desk import ClassDesk
from cpom_tutor.ui.class_tab import add_class_tables, class_tab
from cpom_tutor.ui.course import Shelf, course_tab
from cpom_tutor.ui.doors import address_of, bound_socket, entrance, warning
from cpom_tutor.ui.masthead import masthead
from cpom_tutor.ui.own_data import add_own_data
from cpom_tutor.ui.practice import practice_tab
from cpom_tutor.ui.practice_desk import PracticeDesk
from cpom_tutor.ui.progress import Board, progress_tab
from cpom_tutor.ui.review import review_tab
from cpom_tutor.ui.review_desk import ReviewDesk
from cpom_tutor.ui.reviewers import Reviewers
from cpom_tutor.ui.spoken import sentence_of
from cpom_tutor.ui.study import study_tab
from cpom_tutor.ui.study_desk import StudyDesk
from cpom_tutor.ui.take_away import add_downloads
from cpom_tutor.ui.visitors import Entrance, Visitors

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
    accounts: Accounts,
    reviews: ReviewRecords,
    classes: ClassRecords,
    checker: GroundingChecker,
    wake: Callable[[], None] | None = None,
    entrance: Entrance | None = None,
    leaves: str = "",
) -> FastAPI:
    """The app, ready for any ASGI server.

    Args:
        tutor: answers.
        records: learners and their conversations.
        retriever: searches, and holds the course's text.
        room: practice.
        accounts: who may sign in.
        reviews: what learners and instructors say of turns.
        classes: what is counted of a class.
        checker: judges the sentences of a correction.
        wake: loads what is slow to load; it runs in the background once the server is up.
        entrance: who may come in, and how; this machine alone by default.
        leaves: what leaves the machine for a language model, one sentence, which learners read before they ask.
    """
    awake = threading.Event()
    desk = StudyDesk(tutor, records, retriever, awake, reviews, room)
    practising, board = PracticeDesk(room, records, retriever), Board(room, records)
    entrance = entrance or Entrance()
    reviewers = Reviewers(records, entrance)
    reviewing = ReviewDesk(reviews, retriever, reviewers)
    counting = ClassDesk(classes, lambda: retriever.library, reviewers)
    page = _page(desk, Shelf(retriever), practising, board, reviewing, counting, checker, leaves)

    @asynccontextmanager
    async def waking(_: FastAPI) -> AsyncIterator[None]:
        _wake_up(wake, awake)
        yield

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=waking)
    app.add_middleware(Visitors, records=records, entrance=entrance)
    add_account_pages(app, accounts, entrance)
    add_own_data(app, records)
    add_downloads(app, records, room.practice, lambda: retriever.library)
    add_class_tables(app, counting)
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


def _page(
    desk: StudyDesk,
    shelf: Shelf,
    practising: PracticeDesk,
    board: Board,
    reviewing: ReviewDesk,
    counting: ClassDesk,
    checker: GroundingChecker,
    leaves: str,
) -> gr.Blocks:
    page = gr.Blocks(title="CPOM tutor", analytics_enabled=False, fill_width=True)
    with page:
        masthead(page, desk.records)
        with gr.Tabs(elem_id="tabs") as tabs:
            with gr.Tab("Study", id="study", render_children=True):
                study = study_tab(page, desk, leaves)
            with gr.Tab("Practice", id="practice", render_children=True) as practice_place:
                practice = practice_tab(page, practice_place, practising)
            progress_place = gr.Tab("Progress", id="progress", render_children=True)
            with gr.Tab("Course", id="course", render_children=True):
                course = course_tab(page, tabs, shelf, study)
            with gr.Tab("Review", id="review-tab", render_children=True, visible=False) as review_place:
                review = review_tab(page, review_place, reviewing, checker)
            with gr.Tab("Class", id="class-tab", render_children=True, visible=False) as class_place:
                class_tab(page, class_place, tabs, counting, reviewing, review)
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
    accounts: Accounts,
    reviews: ReviewRecords,
    classes: ClassRecords,
    checker: GroundingChecker,
    say: Callable[[str], None],
    wake: Callable[[], None] | None = None,
    host: str = "127.0.0.1",
    port: int = PORT,
    insecure: bool = False,
    public: str = "",
    leaves: str = "",
    open_browser: bool = True,
) -> None:
    """Serves the app until Ctrl-C.

    Args:
        tutor, records, retriever, room, accounts, reviews, classes, checker, wake: see `build_app`.
        say: shows the person at the terminal one line.
        host: the address to listen at.
        port: tried first; the next free one is taken if it is busy. 0 takes any.
        insecure: allow addresses that other machines can reach, although there are no accounts.
        public: the address that others type, where a proxy stands before the tutor.
        leaves: see `build_app`; the person at the terminal reads it too.
        open_browser: open the page in the default browser.

    Raises:
        BadInput: the host is not this machine's own, and there are no accounts and `insecure` was not given; or it
            cannot be used.
    """
    way_in = entrance(host, insecure=insecure, accounts=accounts.has_accounts(), public=public)
    app = build_app(
        tutor, records, retriever, room,
        accounts=accounts, reviews=reviews, classes=classes, checker=checker, wake=wake, entrance=way_in,
        leaves=leaves,
    )  # fmt: skip
    door = bound_socket(host, port, exactly=bool(public))
    taken = door.getsockname()[1]
    if port not in (0, taken):
        say(f"Port {port} is taken; using {taken}.")
    address = address_of(host, taken)

    def ready() -> None:
        say(f"The tutor is ready at {public or address} (Ctrl-C stops it).")
        if open_browser:
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    for line in filter(None, (warning(host, way_in), leaves)):
        say(line)
    _Server(app, ready).run_until_stopped(door)
    say("Stopped.")


class _Server(uvicorn.Server):
    """Says when it is ready, and takes Ctrl-C as the ordinary end."""

    def __init__(self, app: FastAPI, ready: Callable[[], None]) -> None:
        # Only faults are logged; a page that is still open at the end is not one.
        super().__init__(
            uvicorn.Config(
                app,
                log_level="critical",
                timeout_graceful_shutdown=_GOODBYE_SECONDS,
                proxy_headers=False,  # what a proxy tells is believed in one place, `account_pages.place_of`
                ws="none",
                server_header=False,
            )
        )
        self.ready = ready

    async def startup(self, sockets: list[socket] | None = None) -> None:
        """Starts to answer, then says so."""
        await super().startup(sockets)
        self.ready()

    def run_until_stopped(self, door: socket) -> None:
        """Returns after Ctrl-C."""
        with suppress(KeyboardInterrupt):
            self.run([door])
