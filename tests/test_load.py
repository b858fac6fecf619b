"""A class of fifty at once: nobody fails, nothing is lost, nothing is mixed up.

The whole five minutes: python -m evals load
"""

import shutil
from pathlib import Path

import pytest

from cpom_tutor.config import Settings
from cpom_tutor.library import Library
from cpom_tutor.records import open_records
from evals.bank import single_questions
from evals.load import enrol, faults, study

PEOPLE, SECONDS = 50, 15.0


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_fifty_learners_who_ask_without_a_pause_get_and_keep_their_own(
    index_home: Path, library: Library, tmp_path: Path
) -> None:
    settings = Settings(Path(shutil.copytree(index_home, tmp_path / "home")))
    learners = enrol(settings, single_questions(library, 500), PEOPLE)
    study(settings, learners, SECONDS, pause=0.0)
    assert [error for learner in learners for error in learner.errors] == []
    assert all(learner.taken for learner in learners)
    assert faults(settings, learners) == []
    _a_fault_would_be_seen(settings, learners[0].learner, learners[1].learner)
    assert len(faults(settings, learners)) == 2


def _a_fault_would_be_seen(settings: Settings, one: str, other: str) -> None:
    """Puts somebody's turn into another's conversation."""
    records = open_records(settings)
    (turn, *_) = records.turns(one, records.conversations(one)[0].id)
    records.add_turn(other, records.conversations(other)[0].id, turn)
    records.delete_conversation(one, records.conversations(one)[-1].id)
    records.close()
