"""Who says what the course answers in words of their own: explaining on one page."""

from collections.abc import Generator as Steps
from dataclasses import dataclass
from typing import Protocol

from cpom_tutor.answers import Claim, Turn
from cpom_tutor.course import Passage
from cpom_tutor.protocols import Question


@dataclass(frozen=True, slots=True)
class Explanation:
    """What an explainer is asked for.

    Attributes:
        question: what the learner means.
        passages: all that it may lean on.
        whole: ids of passages that belong together in the answer, such as the items of a list; none may be left out.
        heart: ids of passages that the answer stands on above all.
        earlier: the last turns of the conversation, oldest first.
    """

    question: Question
    passages: tuple[Passage, ...]
    whole: tuple[str, ...] = ()
    heart: tuple[str, ...] = ()
    earlier: tuple[Turn, ...] = ()


class Explainer(Protocol):
    """Says what the course answers in words of its own, as a language model does. It may be wrong, late or gone."""

    @property
    def name(self) -> str:
        """What is recorded with the turn."""

    def explain(self, asked: Explanation) -> Steps[Claim | None, None, None]:
        """The sentences as they are written, each with the passages that it names; None while nothing comes.

        Closing it stops the writing.

        Raises:
            ModelUnavailable: it gave no answer, or broke off; what came before stands.
        """
