"""Writes every kind of record, as fast as it can, until it is killed: python busy_writer.py HOME URL LEARNER.

Prints “kind name” of each as soon as it is acknowledged. An empty URL means SQLite in the home folder.
"""

import os
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from cpom_tutor.accounts import Role as AccountRole
from cpom_tutor.answers import Answer, CheckedClaim, Form, Intent, Label, Role, Turn, Verdict
from cpom_tutor.attempts import Attempt, Card, Response, Session, SessionKind
from cpom_tutor.config import Settings
from cpom_tutor.course import Citation
from cpom_tutor.records import SqlRecords, open_records
from cpom_tutor.reviews import CanonicalAnswer, Complaint, Feedback, Judgement, Review
from cpom_tutor.testing import make_item

PASSWORD = "correct horse"
ANSWER = Answer((
    CheckedClaim(
        "It gathers services. " * 40, Role.FACT, Form.PARAGRAPH, "",
        (Citation("1.1-a", "CPOM §1.1 ¶1", "gathers", 3, 10),), Verdict(Label.SUPPORTED, 1.0, "It stands there."),
    ),
))  # fmt: skip
Names = Iterator[tuple[str, str]]


def turns(records: SqlRecords, learner: str) -> Names:
    """Turns, and what learners and instructors say of them."""
    conversation = records.start_conversation(learner)
    for number in count():
        now, words = datetime.now(UTC), f"question {number}"
        told = Turn(words, words, Intent.ASK, ANSWER, (), "extractive", "i", now, 1.0, confidence=0.9)
        turn_id = records.add_turn(learner, conversation, told)
        yield "turn", turn_id
        records.give_feedback(learner, conversation, number, Feedback(False, (Complaint.INCOMPLETE,), words, now))
        yield "feedback", turn_id
        records.add_review(turn_id, Review(Judgement.CORRECT, words, "ito", now))
        yield "review", turn_id
        records.approve(CanonicalAnswer(turn_id, words, ANSWER, "ito", now, turn_id))
        yield "approved", turn_id


def practice(records: SqlRecords, learner: str) -> Names:
    """A long sitting, answer by answer."""
    items, name = tuple(make_item(number) for number in range(200)), learner[:16]
    session = records.save_session(learner, Session(name, SessionKind.QUESTIONS, 1, datetime.now(UTC), items))
    for number, item in enumerate(items):
        now = datetime.now(UTC)
        tried = Attempt(item.id, item.fact, item.kind, item.level, item.topic, 1.0, True, now, name)
        answered = replace(session, responses=(*session.responses, (number, Response(index=0))))
        session = records.save_session(learner, answered, [tried], [Card(item, now, "{}")])
        yield "attempt", item.id


def accounts(records: SqlRecords, learner: str) -> Names:
    """Accounts."""
    for number in count():
        name = f"{learner[:8].lower()}.{number}"
        records.add_account(name, PASSWORD, role=AccountRole.LEARNER)
        yield "account", name


def sign_ins(records: SqlRecords, learner: str) -> Names:
    """Sign-ins of one account."""
    name = f"{learner[:8].lower()}.in"
    records.add_account(name, PASSWORD, role=AccountRole.LEARNER)
    while True:
        yield "sign-in", records.sign_in(name, PASSWORD, datetime.now(UTC))


def main() -> None:
    """Writes all kinds at once, each in a thread of its own."""
    home, url, learner = sys.argv[1:]
    records = open_records(Settings(Path(home), database_url=url or None))
    telling = threading.Lock()

    def write(kind: Callable[[SqlRecords, str], Names]) -> None:
        try:
            for named in kind(records, learner):
                with telling:
                    sys.stdout.write(" ".join(named) + "\n")
                    sys.stdout.flush()
        except Exception:  # noqa: BLE001 - whoever reads must not wait for a kind that has ended
            traceback.print_exc()
            os._exit(1)

    for kind in (turns, practice, accounts, sign_ins):
        threading.Thread(target=write, args=(kind,)).start()


if __name__ == "__main__":
    main()
