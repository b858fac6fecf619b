"""CANARD: follow-up questions, what was said before, and a person's rewrite (Elgohary et al., EMNLP 2019).

Its licence is CC BY-SA 4.0. The data stay outside the repository, in `../shared/benchmarks` or the folder named by
CPOM_TUTOR_BENCHMARKS.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path

FILE = "canard/dev.json"
_PRONOUNS = re.compile(r"\b(?:he|she|they|it|him|them|her|his|its|their)\b", re.IGNORECASE)
_OWNERS = re.compile(r"\b(?:his|their|its|her)\b(?=\s+\w)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A question in its dialogue.

    Attributes:
        dialogue: which one.
        history: the titles of the article and the section, then questions and answers in turn.
        question: as asked.
        rewrite: as a person made it whole.
    """

    dialogue: str
    history: tuple[str, ...]
    question: str
    rewrite: str

    @property
    def topic(self) -> str:
        """The title of the article."""
        return self.history[0]


def follow_ups(path: Path) -> list[FollowUp]:
    """The development set, from its file."""
    return [
        FollowUp(entry["QuAC_dialog_id"], tuple(entry["History"]), entry["Question"], entry["Rewrite"])
        for entry in json.loads(path.read_text(encoding="utf-8"))
    ]


def with_topic(case: FollowUp) -> str:
    """The baseline: the title of the article for every personal pronoun."""
    owned = _OWNERS.sub(lambda _: f"{case.topic}'s", case.question)
    return _PRONOUNS.sub(lambda _: case.topic, owned)
