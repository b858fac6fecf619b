"""What each turn is counted under: who asked, in which week, about which part of the course, and what came of it."""

from collections import Counter

from sqlalchemy import Connection, insert

from cpom_tutor.answers import Abstention, Answer, Conversation, Reason, Turn
from cpom_tutor.classes import Outcome, week_of
from cpom_tutor.course import Address
from cpom_tutor.errors import BadInput
from cpom_tutor.records.models import AskedRow

# Declined whatever the course says: the nearest passage is not what was asked about.
_BESIDE_THE_COURSE = {Reason.CLINICAL, Reason.OFF_TOPIC, Reason.INSTRUCTION}


def count(connection: Connection, learner: str, turn_id: str, turn: Turn) -> None:
    """Counts a turn that was just stored."""
    entry = {
        "turn_id": turn_id,
        "learner_id": learner,
        "asked_at": turn.asked_at,
        "week": week_of(turn.asked_at),
        "outcome": outcome_of(turn).value,
        "topic": topic_of(turn),
    }
    connection.execute(insert(AskedRow).values(**entry))


def outcome_of(turn: Turn) -> Outcome:
    """What came of a turn."""
    if turn.practice or isinstance(turn.reply, Conversation):
        return Outcome.NOTHING_ASKED
    return Outcome.DECLINED if isinstance(turn.reply, Abstention) else Outcome.ANSWERED


def topic_of(turn: Turn) -> str:
    """The subsection that the answer cites most, or else that of the nearest passage; empty where there is none."""
    if outcome_of(turn) is Outcome.NOTHING_ASKED:
        return ""
    reply = turn.reply
    if isinstance(reply, Abstention) and reply.reason in _BESIDE_THE_COURSE:
        return ""
    cited = [one.address for claim in reply.claims for one in claim.citations] if isinstance(reply, Answer) else []
    # Of two that are cited as often, the one that is cited first.
    topics = Counter(topic for topic in map(_subsection, cited) if topic).most_common(1)
    if topics:
        return topics[0][0]
    return _subsection(str(turn.retrieved[0].passage.address)) if turn.retrieved else ""


def _subsection(address: str) -> str:
    try:
        parsed = Address.parse(address)
    except BadInput:
        return ""
    return str(Address(parsed.course, parsed.section))
