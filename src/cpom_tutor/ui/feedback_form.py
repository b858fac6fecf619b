"""What a learner filled in about an answer -> Feedback. All of it came from a browser: nothing is believed."""

from collections.abc import Mapping
from datetime import datetime

from cpom_tutor.errors import BadInput
from cpom_tutor.reviews import Complaint, Feedback

LONGEST_WORDS = 1_000
"""Characters."""

UP, DOWN = "up", "down"


def reason_field(complaint: Complaint) -> str:
    """The name of the complaint's box in the form; each has its own, because a form is sent as one value a name."""
    return "reason-" + complaint.value.replace(" ", "-")


def feedback_of(data: Mapping[str, str], given_at: datetime) -> Feedback:
    """The learner's word on a turn.

    Args:
        data: what the form held.
        given_at: timezone-aware time.

    Raises:
        BadInput: no thumb was chosen, or the words are too long.
    """
    thumb = data.get("thumb", "")
    if thumb not in (UP, DOWN):
        raise BadInput("Choose first whether it helped, then press Send.")
    # A browser ends the lines of a form in two characters, and counts them as one.
    words = data.get("words", "").replace("\r\n", "\n").strip()
    if len(words) > LONGEST_WORDS:
        raise BadInput(f"That is {len(words):,} characters long; please say it in at most {LONGEST_WORDS:,}.")
    ticked = tuple(one for one in Complaint if reason_field(one) in data) if thumb == DOWN else ()
    return Feedback(thumb == UP, ticked, words, given_at)
