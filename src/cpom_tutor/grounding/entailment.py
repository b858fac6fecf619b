"""A cross-encoder as the judge of what no rule decides: a model that reads claim and evidence together.

None comes with the tutor. One that was trained for natural language inference, with the three labels entailment,
neutral and contradiction in any order, is named by `CPOM_TUTOR_CHECKER=cross-encoder:NAME-OR-FOLDER`.
"""

import logging
import os
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cpom_tutor.answers import Label, Verdict
from cpom_tutor.errors import CheckerUnavailable
from cpom_tutor.grounding.alignment import near_evidence
from cpom_tutor.hub import first_line, reachable
from cpom_tutor.language import plain

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

SUPPORTED_FROM = 0.5
"""Probability of entailment from which on a claim is supported."""
_LABELS = {"entail": Label.SUPPORTED, "neutral": Label.NOT_ENOUGH_INFO, "contradict": Label.REFUTED}
_REMEDY = (
    "set CPOM_TUTOR_CHECKER to cross-encoder: and the name or folder of a model for natural language inference, "
    "or unset it for the rules alone."
)


class Entailment:
    """Implements the rule checker's `Weigher` with a cross-encoder, loaded at the first claim. Safe between threads.

    Args:
        name: a folder with a model, or a hub name.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._model: CrossEncoder | None = None
        self._order: tuple[Label, ...] = ()
        self._lock = threading.RLock()

    @property
    def labels(self) -> tuple[Label, ...]:
        """What the model's outputs mean, in its own order. Loads the model.

        Raises:
            CheckerUnavailable: it cannot be loaded, or is not made for this.
        """
        self._loaded()
        return self._order

    def judge(self, claim: str, evidence: Sequence[str]) -> Verdict:
        """Whether the evidence entails the claim, contradicts it, or does neither.

        Raises:
            CheckerUnavailable: the model cannot be loaded, or is not made for this.
        """
        model = self._loaded()
        with self._lock:
            logits = np.asarray(model.predict([(near_evidence(claim, evidence), plain(claim))]), dtype=np.float64)[0]
        chances = np.exp(logits - logits.max())
        chance = dict(zip(self._order, (chances / chances.sum()).tolist(), strict=True))
        score = chance[Label.SUPPORTED]
        if score >= SUPPORTED_FROM:
            return Verdict(Label.SUPPORTED, score, f"The model reads the claim out of the evidence ({score:.0%} sure).")
        against = chance[Label.REFUTED]
        if against >= SUPPORTED_FROM:
            return Verdict(Label.REFUTED, score, f"The model reads the opposite in the evidence ({against:.0%} sure).")
        return Verdict(Label.NOT_ENOUGH_INFO, score, "The model does not read the claim out of the evidence.")

    def _loaded(self) -> "CrossEncoder":
        with self._lock:
            if self._model is None:
                model = _open(self.name)
                self._order = label_order(_labels_of(model), self.name)
                self._model = model
            return self._model


def _labels_of(model: "CrossEncoder") -> dict[int, str]:
    """The names of its outputs; a configuration read from JSON may have numbers as text."""
    labels = getattr(model.config, "id2label", None) or {}
    return {int(number): str(label) for number, label in labels.items()}


def label_order(labels: Mapping[int, str], name: str) -> tuple[Label, ...]:
    """What each output means, from the model's own configuration.

    Raises:
        CheckerUnavailable: the labels are not entailment, neutral and contradiction.
    """
    found = [
        next((label for begins, label in _LABELS.items() if labels[number].lower().startswith(begins)), None)
        for number in sorted(labels)
    ]
    order = tuple(label for label in found if label is not None)
    if len(found) != len(_LABELS) or set(order) != set(_LABELS.values()):
        told = ", ".join(f"“{labels[number]}”" for number in sorted(labels)) or "none"
        raise CheckerUnavailable(
            f"The labels of “{name}” are {told}, not entailment, neutral and contradiction; {_REMEDY}"
        )
    return order


def _open(name: str) -> "CrossEncoder":
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    folder = Path(name).expanduser()
    if name.startswith(("/", "~", ".")) and not folder.is_dir():
        raise CheckerUnavailable(f"There is no folder {folder}; {_REMEDY}")
    given = str(folder.resolve()) if folder.is_dir() else name
    try:
        return _cross_encoder(given, local=True)
    except Exception as error:  # noqa: BLE001 - whatever stops it, the next thing to try is the hub
        not_here = error
    if folder.is_dir():
        why = f"The folder {folder} holds no usable cross-encoder ({first_line(not_here)})"
        raise CheckerUnavailable(f"{why}; {_REMEDY}") from not_here
    from huggingface_hub import constants

    if constants.HF_HUB_OFFLINE or not reachable(constants.ENDPOINT):
        why = "HF_HUB_OFFLINE is set" if constants.HF_HUB_OFFLINE else f"{constants.ENDPOINT} cannot be reached"
        missing = f"The model “{name}” is neither a folder nor on this machine, and {why}"
        raise CheckerUnavailable(f"{missing}; {_REMEDY}") from not_here
    try:
        return _cross_encoder(given, local=False)
    except Exception as error:
        raise CheckerUnavailable(f"The model “{name}” cannot be loaded ({first_line(error)}); {_REMEDY}") from error


def _cross_encoder(name: str, *, local: bool) -> "CrossEncoder":
    from sentence_transformers import CrossEncoder
    from torch.nn import Identity
    from transformers.utils import logging as transformers_logging

    # What stops it is said in one sentence of our own.
    transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    logging.getLogger("sentence_transformers").setLevel(logging.ERROR)
    model: CrossEncoder = CrossEncoder(name, device="cpu", local_files_only=local, activation_fn=Identity())
    return model
