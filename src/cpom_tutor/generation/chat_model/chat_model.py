"""Implements `Explainer` with a language model."""

import time
from collections.abc import Generator as Steps
from contextlib import closing

from cpom_tutor.answers import Claim, Intent, Pointer, Role
from cpom_tutor.errors import ModelUnavailable
from cpom_tutor.explainer_protocols import Explanation
from cpom_tutor.generation.chat_model.calling import Budget, pieces
from cpom_tutor.generation.chat_model.opening import LanguageModel
from cpom_tutor.generation.chat_model.prompting import prompt_for, prompt_hash
from cpom_tutor.generation.chat_model.reading import SentenceReader, Written
from cpom_tutor.library import Library
from cpom_tutor.own_words import example_line
from cpom_tutor.protocols import Question

TRIAL = [("system", "Answer with one word."), ("user", "Are you there?")]
_TRIAL_TOKENS = 64
REST_SECONDS = 30.0
GIVEN = 14
"""Passages that a usual question sends."""
_CHARACTERS_A_TOKEN = 4  # of English, roughly, whatever the model
_USUAL = "Why is being a good clinician not enough to run a pharmacy?"


class ChatModel:
    """Explains with a language model.

    Args:
        model: the model.
        budget: what one answer may cost.
        rest: for so many seconds a model that did not answer is not asked again, so that a class does not wait for
            it question by question.
    """

    def __init__(self, model: LanguageModel, budget: Budget, *, rest: float = REST_SECONDS) -> None:
        self.model, self.budget, self.rest = model, budget, rest
        self._rests_until, self._fault = 0.0, ""

    @property
    def name(self) -> str:
        """What is recorded with the turn."""
        return self.model.name

    @property
    def prompt_hash(self) -> str:
        """Names the wording of the prompts."""
        return prompt_hash()

    def explain(self, asked: Explanation) -> Steps[Claim | None, None, None]:
        """See `Explainer`."""
        if time.monotonic() < self._rests_until:
            raise ModelUnavailable(self._fault)
        prompt = prompt_for(asked)
        reader = SentenceReader(prompt.keys)
        messages = [("system", prompt.system), ("user", prompt.user)]
        with closing(self._pieces(messages)) as written:
            for piece in written:
                if piece is None:
                    yield None
                    continue
                for sentence in reader.read(piece):
                    yield _claim(sentence)
        for sentence in reader.end():
            yield _claim(sentence)

    def _pieces(self, messages: list[tuple[str, str]]) -> Steps[str | None, None, None]:
        """What the model writes; one that does not even begin is left alone for a while."""
        begun = False
        try:
            with closing(pieces(self.model, messages, self.budget)) as written:
                for piece in written:
                    begun = begun or piece is not None
                    yield piece
        except ModelUnavailable as error:
            if not begun:
                self._rests_until, self._fault = time.monotonic() + self.rest, str(error)
            raise

    def tried(self, library: Library) -> str:
        """Asks the model for one word; returns who answers, what a question costs, and what leaves this machine.

        Raises:
            ModelUnavailable: it does not answer.
        """
        trial = Budget(self.budget.seconds, min(self.budget.tokens, _TRIAL_TOKENS))
        for _ in pieces(self.model, TRIAL, trial):
            pass
        return (
            f"{self.model.name} at {self.model.host} answers; a question costs about {tokens_a_question(library):,} "
            f"tokens in and at most {self.budget.tokens:,} out; {self.model.leaves or 'nothing leaves this machine.'}"
        )


def tokens_a_question(library: Library) -> int:
    """How many tokens a usual question sends: the prompts and as many passages as are given, of their usual length."""
    passages = [passage for passage in library.passages if not passage.kind.is_container]
    usual = sorted(passages, key=lambda passage: len(passage.text))[len(passages) // 3 :][:GIVEN]
    prompt = prompt_for(Explanation(Question(_USUAL, _USUAL, Intent.ASK), tuple(usual)))
    return 100 * round((len(prompt.system) + len(prompt.user)) / _CHARACTERS_A_TOKEN / 100)


def _claim(sentence: Written) -> Claim:
    if sentence.own:
        return Claim(example_line(sentence.text), Role.OWN, form=sentence.form)
    return Claim(sentence.text, Role.FACT, tuple(Pointer(each) for each in sentence.named), sentence.form)
