"""Errors as one sentence on the screen."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from cpom_tutor.errors import TutorError
from cpom_tutor.ui.render import alert

UNEXPECTED = "Something went wrong on the tutor’s side, and nothing was lost; try again in a moment."

_P = ParamSpec("_P")

logger = logging.getLogger(__name__)


def sentence_of(error: Exception) -> str:
    """What a person is told of an error; one that nobody foresaw is logged, with its trace, for the maintainer."""
    if isinstance(error, TutorError):
        return str(error)
    logger.error("A screen failed", exc_info=error)
    return UNEXPECTED


def spoken(method: Callable[_P, str]) -> Callable[_P, str]:
    """Makes a method that returns HTML return an alert instead of raising."""

    @wraps(method)
    def safe(*args: _P.args, **named: _P.kwargs) -> str:
        try:
            return method(*args, **named)
        except Exception as error:  # noqa: BLE001  (logged; a learner never sees a stack trace)
            return alert(sentence_of(error))

    return safe
