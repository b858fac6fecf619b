"""What happens on the Class screen, without Gradio: a look at a class, and tables of it to take away."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from starlette.requests import HTTPConnection

from cpom_tutor.class_protocols import ClassRecords
from cpom_tutor.classes import ClassLook
from cpom_tutor.errors import NotAllowed, NotFound
from cpom_tutor.library import Library
from cpom_tutor.practice.progress.class_overview import ClassOverview, LearnerStanding, class_overview, topic_title
from cpom_tutor.practice.topics import subsection_titles
from cpom_tutor.spreadsheet import csv_bytes
from cpom_tutor.ui import render_class
from cpom_tutor.ui.class_form import class_look
from cpom_tutor.ui.render import alert
from cpom_tutor.ui.reviewers import Reviewers
from cpom_tutor.ui.spoken import sentence_of

PATH = "/class.csv"

_LEARNERS = (
    "learner", "class", "state", "last_active", "questions", "declined", "practised", "right", "facts", "known", "low",
    "high",
)  # fmt: skip
_NO_TOPIC = "none"


class ClassDesk:
    """The Class screen; it holds nothing of anybody.

    Every method takes the request, and does nothing for anybody but a reviewer, whatever was sent.

    Args:
        records: count.
        library: gives the course as the index has it now.
        reviewers: who may look.
        now: the time.
    """

    def __init__(
        self,
        records: ClassRecords,
        library: Callable[[], Library],
        reviewers: Reviewers,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.records, self.library, self.reviewers, self.now = records, library, reviewers, now

    def view(self, request: HTTPConnection | None, data: Mapping[str, str]) -> str:
        """The screen, with the latest questions about a part where one was clicked; a sentence for anybody else."""
        try:
            self.reviewers.admit(request)
            return self._shown(class_look(data), data.get("topic", ""))
        except NotAllowed as error:
            return alert(str(error))
        except Exception as error:  # noqa: BLE001  (logged; nobody sees a stack trace)
            return alert(sentence_of(error))

    def table(self, request: HTTPConnection, data: Mapping[str, str]) -> bytes:
        """A table for a spreadsheet: `learners`, or `topics` by week.

        Raises:
            NotAllowed: for everybody but a reviewer.
            NotFound: there is no such table.
            RecordsUnavailable: the database cannot be read.
        """
        self.reviewers.admit(request)
        look, of = class_look(data), data.get("of", "learners")
        if of not in ("learners", "topics"):
            raise NotFound("There is no such table; take one from the Class screen.")
        overview, _ = self._overview(look)
        rows = learner_rows(overview.learners) if of == "learners" else topic_rows(overview)
        return csv_bytes(rows)

    def _shown(self, look: ClassLook, chosen: str) -> str:
        overview, titles = self._overview(look)
        if not chosen:
            return render_class.class_view(overview, self.now(), file=PATH)
        topic = "" if chosen == _NO_TOPIC else chosen
        return render_class.class_view(
            overview,
            self.now(),
            file=PATH,
            topic=topic_title(topic, titles),
            examples=self.records.examples(look, topic, self.now()),
        )

    def _overview(self, look: ClassLook) -> tuple[ClassOverview, Mapping[str, str]]:
        titles, now = subsection_titles(self.library()), self.now()
        return class_overview(self.records.class_record(look, now), look, titles, now), titles


def learner_rows(learners: Sequence[LearnerStanding]) -> Iterator[Sequence[str]]:
    """One row a learner, under the names that the screen shows."""
    yield _LEARNERS
    for one in learners:
        member, known = one.member, one.known
        active = member.last_active.isoformat(timespec="minutes") if member.last_active else ""
        counts = map(str, (member.asked, member.declined, member.attempts, member.right, known.facts))
        shares = (f"{share:.2f}" if known.enough else "" for share in (known.share, known.low, known.high))
        yield (member.name, member.group, one.presence.value, active, *counts, *shares)


def topic_rows(overview: ClassOverview) -> Iterator[Sequence[str]]:
    """One row a part of the course, with a column for each week."""
    yield ("topic", "title", "questions", "declined", *(one.week.isoformat() for one in overview.weeks))
    for one in overview.topics:
        yield (one.topic, one.title, str(one.asked), str(one.declined), *map(str, one.weeks))
