"""A class at work: many learners signed in at once, each asking for minutes, over HTTP, in the real app."""

import re
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from random import Random

from cpom_tutor.accounts import Role
from cpom_tutor.answers import Abstention, Answer, Reply, Turn
from cpom_tutor.config import Settings
from cpom_tutor.errors import TutorError
from cpom_tutor.practice.chat.telling import without_options
from cpom_tutor.records import SqlRecords, open_records
from evals.served import Browser, running

PASSWORD = "a long enough one"
_FIRST = "What is this course about?"


@dataclass
class Learner:
    """One of the class, and what happened to them.

    Attributes:
        name: they sign in by.
        learner: their id in the records.
        plan: what they ask, one conversation of it after the other.
        answered: the question and the HTML of each answer that they saw, in order, by conversation.
        taken: seconds of each question.
        errors: what they were told instead of an answer.
    """

    name: str
    learner: str
    plan: Sequence[str]
    answered: list[list[tuple[str, str]]] = field(default_factory=list)
    taken: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def enrol(settings: Settings, questions: Sequence[str], people: int) -> list[Learner]:
    """Makes their accounts; no two of them ask the same question.

    Raises:
        RecordsUnavailable: the database cannot be used.
    """
    with closing(open_records(settings)) as records:
        made = [records.add_account(f"learner{n}", PASSWORD, role=Role.LEARNER) for n in range(people)]
    return [Learner(each.name, each.learner, questions[n::people]) for n, each in enumerate(made)]


def study(settings: Settings, learners: Sequence[Learner], seconds: float, pause: float) -> float | None:
    """Serves the app and lets all of them ask until the time is over; what happens is noted with each.

    Args:
        settings: of the app.
        learners: who take part.
        seconds: for how long new questions are asked.
        pause: how long one reads an answer before the next question, on average.

    Returns:
        How many GB of memory the app took at most; None where the machine does not tell.

    Raises:
        NotServed: the app does not start, or somebody cannot sign in.
    """
    with running(settings) as app:
        browsers = [Browser(app.url, each.name, PASSWORD) for each in learners]
        learners[0].answered.append([(_FIRST, browsers[0].ask(_FIRST))])  # the search is warm, as it is in a class
        until = time.monotonic() + seconds
        together = threading.Barrier(len(learners))

        def work(learner: Learner, browser: Browser) -> None:
            together.wait()
            _ask(learner, browser, until, pause)

        with ThreadPoolExecutor(len(learners)) as pool:
            for done in [pool.submit(work, *pair) for pair in zip(learners, browsers, strict=True)]:
                done.result()
        return _most_memory(app.pid)


def _most_memory(pid: int) -> float | None:
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) / 1e6 for line in lines if line.startswith("VmHWM:")), None)


def _ask(learner: Learner, browser: Browser, until: float, pause: float) -> None:
    random = Random(learner.name)
    while time.monotonic() < until:
        browser.start_afresh()
        learner.answered.append([])
        for question in learner.plan:
            if time.monotonic() >= until:
                break
            began = time.perf_counter()
            try:
                learner.answered[-1].append((question, browser.ask(question)))
            except TutorError as error:
                learner.errors.append(str(error))
            learner.taken.append(time.perf_counter() - began)
            time.sleep(random.uniform(0.5, 1.5) * pause)


def faults(settings: Settings, learners: Sequence[Learner]) -> list[str]:
    """What is not in the records as its learner saw it: lost, out of order, in other words, or somebody else's.

    Raises:
        RecordsUnavailable: the database cannot be used.
    """
    with closing(open_records(settings)) as records:
        return [fault for learner in learners for fault in _faults_of(records, learner)]


def _faults_of(records: SqlRecords, learner: Learner) -> list[str]:
    listed = records.conversations(learner.learner, limit=None)
    kept = [records.turns(learner.learner, summary.id) for summary in reversed(listed)]
    seen = [conversation for conversation in learner.answered if conversation]
    asked = [[turn.question for turn in turns] for turns in kept]
    if asked != [[question for question, _ in conversation] for conversation in seen]:
        return [f"{learner.name}: the records hold other questions than were asked, or in another order"]
    return [
        f"{learner.name}: “{turn.question}” was shown otherwise than it is kept"
        for turns, conversation in zip(kept, seen, strict=True)
        for turn, (_, html) in zip(turns, conversation, strict=True)
        if not _shows(html, turn)
    ]


def _shows(html: str, turn: Turn) -> bool:
    """Whether the page had the question and every sentence of the kept answer."""
    shown = _letters(unescape(re.sub(r"<[^>]+>", "", html)))
    return all(_letters(words) in shown for words in (turn.question, *_sentences(turn.reply)))


def _sentences(reply: Reply) -> list[str]:
    reply = without_options(reply)  # which are buttons on the page
    if isinstance(reply, Answer):
        return [claim.text for claim in reply.claims]
    return [reply.message if isinstance(reply, Abstention) else reply.text]


def _letters(words: str) -> str:
    return re.sub(r"\W+", "", words)
