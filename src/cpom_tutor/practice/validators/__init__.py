"""What decides whether an item may be shown, alone and in a set. An item that fails is dropped, never repaired."""

from cpom_tutor.practice.validators.cases import SCENARIO_CHECKS, refusal_of_scenario
from cpom_tutor.practice.validators.checks import CHECKS, Check, refusal
from cpom_tutor.practice.validators.sets import clash, key_positions, positions_even, sentences_of

__all__ = [
    "CHECKS",
    "SCENARIO_CHECKS",
    "Check",
    "clash",
    "key_positions",
    "positions_even",
    "refusal",
    "refusal_of_scenario",
    "sentences_of",
]
