"""python -m evals.train_grading: fits what marks free text to `cases/graded_training.jsonl`; writes `practice/marking.json`.

None of its answers, questions or rubrics is among the cases that the suite `grading` measures with."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cpom_tutor.items import PointVerdict
from cpom_tutor.practice.marking_sheet import Sheets
from cpom_tutor.practice.marking_weights import FILE, LIMIT
from cpom_tutor.retrieval.embedder import SentenceTransformerEmbedder
from evals.graded_cases import TRAINING, load_graded

Numbers = NDArray[np.float64]


def collect():
    sheets = Sheets(lambda embedder: embedder) if False else None
