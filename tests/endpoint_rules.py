"""Who may use each address and each handler of the app, and what Ada's secrets it gives to whom.

A new address or handler has no place in `ui/allowed.py` or here, and `tests/test_endpoints.py` fails until it has: that
is where one says who it is for.
"""

from dataclasses import dataclass
from enum import Enum


class Who(Enum):
    """Who an address or a handler is for."""

    EVERYBODY = "everybody who may come in: it holds nothing of anybody"
    OWNER = "each learner, who gets their own and nobody else's"
    REVIEWERS = "instructors, maintainers, and the person at the machine where there are no accounts"
    DOOR = "whoever is not signed in yet"


@dataclass(frozen=True, slots=True)
class Rule:
    """What is designed.

    Attributes:
        who: whom it is for.
        shows: secrets of Ada's, by name in `Ada`, that those whom it is for must see: without them a test that finds
            none would not mean anything.
        refuses: what everybody else is told who names what is Ada's.
    """

    who: Who
    shows: tuple[str, ...] = ()
    refuses: str = ""


_TALK = "You have no such conversation"
_SITTING = "You have no such practice session"

ADDRESSES = {
    "GET /": Rule(Who.EVERYBODY),
    "HEAD /": Rule(Who.EVERYBODY),
    "GET /assets/{path:path}": Rule(Who.EVERYBODY),
    "GET /static/{path:path}": Rule(Who.EVERYBODY),
    "GET /favicon.ico": Rule(Who.EVERYBODY),
    "GET /theme.css": Rule(Who.EVERYBODY),
    "GET /gradio_api/app_id": Rule(Who.EVERYBODY),
    "GET /sign-in": Rule(Who.DOOR),
    "POST /sign-in": Rule(Who.DOOR),
    "POST /sign-out": Rule(Who.OWNER),
    "GET /account": Rule(Who.OWNER, ("name", "shown_as")),
    "POST /account/password": Rule(Who.OWNER, ("name",)),
    "POST /account/name": Rule(Who.OWNER, ("name",)),
    "POST /account/delete": Rule(Who.OWNER, ("name",)),
    "GET /my-data": Rule(Who.OWNER, ("question", "title", "feedback", "draft")),
    "GET /take-away/{form}": Rule(Who.EVERYBODY),
    "GET /class.csv": Rule(Who.REVIEWERS),
    # What is asked and answered there is each handler's, below.
    "POST /gradio_api/queue/join": Rule(Who.EVERYBODY),
    "GET /gradio_api/queue/data": Rule(Who.EVERYBODY),
}
"""By method and address, as the app declares it. All others that the app and Gradio bring are not there for anybody."""

HANDLERS = {
    "masthead.signed": Rule(Who.OWNER),
    "study.ask": Rule(Who.OWNER, ("question", "feedback"), refuses=_TALK),
    "study.stop": Rule(Who.OWNER),
    "study.resume": Rule(Who.OWNER, ("question", "title")),
    "study.remove": Rule(Who.OWNER, refuses=_TALK),
    "study.forget": Rule(Who.OWNER),
    "study.find": Rule(Who.OWNER, ("title",)),
    "study.rename": Rule(Who.OWNER, refuses=_TALK),
    "study.opine": Rule(Who.OWNER, ("question",), refuses=_TALK),
    "study.cite": Rule(Who.OWNER, refuses=_TALK),
    "study.read": Rule(Who.EVERYBODY),
    "study.open": Rule(Who.OWNER, ("question", "title", "feedback")),
    "study_desk.first_section": Rule(Who.EVERYBODY),
    "practice.start": Rule(Who.OWNER),
    "practice.again": Rule(Who.OWNER, refuses=_SITTING),
    "practice.resume": Rule(Who.OWNER, ("draft",), refuses=_SITTING),
    "practice.drop": Rule(Who.OWNER, refuses=_SITTING),
    "practice.leave": Rule(Who.OWNER),
    "practice.step": Rule(Who.OWNER, ("draft",), refuses=_SITTING),
    "practice.pick": Rule(Who.OWNER, refuses=_SITTING),
    "practice.proof": Rule(Who.OWNER, refuses=_SITTING),
    "practice.open": Rule(Who.OWNER, ("draft",)),
    "practice.refresh": Rule(Who.OWNER),
    "course.look_up": Rule(Who.EVERYBODY),
    "course.browse": Rule(Who.EVERYBODY),
    "course.ask_about": Rule(Who.EVERYBODY),
    "course.open_course": Rule(Who.EVERYBODY),
    "review.handle": Rule(Who.REVIEWERS),
    "review.look_again": Rule(Who.REVIEWERS),
    "review.offer": Rule(Who.REVIEWERS),
    "class_tab.look": Rule(Who.REVIEWERS),
    "class_tab.refreshed": Rule(Who.REVIEWERS),
    "class_tab.open_case": Rule(Who.REVIEWERS, ("question",)),
    "class_tab.offer": Rule(Who.REVIEWERS),
    "progress.look": Rule(Who.OWNER),
    "progress.start": Rule(Who.OWNER),
    "progress.resume": Rule(Who.OWNER, ("draft",), refuses=_SITTING),
    "progress.read": Rule(Who.EVERYBODY),
}
"""By module and function. An event that only the browser answers has none, and gives nothing on the server."""
