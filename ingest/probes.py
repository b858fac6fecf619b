"""probes/*.yaml: learners' questions, kept with the course so that a question like one of them finds its answer.

The idea is doc2query's (Nogueira, Yang, Lin and Cho, "Document Expansion by Query Prediction", 2019): a passage is
also found by the questions that it answers. Here people write and review them, and those that the course does not
answer stand beside them. What cannot be used is left out and named, as with sections.
"""

from collections.abc import Sequence
from pathlib import Path

from cpom_tutor.answers import Reason
from cpom_tutor.course import Passage
from cpom_tutor.teaching import Probe
from ingest.entries import place_of, read_entries, texts_of
from ingest.refusal import Refusal

FOLDER = "probes"
_FIELDS = frozenset({"answers", "questions", "gap", "near", "reason", "premise"})
_PREMISES = {"": None, "true": True, "wrong": False}


def read_probes(root: Path, passages: Sequence[Passage], refused: list[tuple[str, str]]) -> tuple[Probe, ...]:
    """Every probe of the folder, in file order; a question that is asked twice is kept once.

    Args:
        root: the corpus folder; `probes/` may be missing.
        passages: of the course; an answer is an excerpt of one of them.
        refused: (file, reason) of what cannot be used is appended.
    """
    shape = "a list of entries, each with “answers:” (or “gap:”) and “questions:”"
    found: dict[str, Probe] = {}
    for probe in read_entries(root / FOLDER, shape, lambda entry: _probes(entry, passages), refused):
        found.setdefault(probe.question.lower(), probe)
    return tuple(found.values())


def _probes(entry: object, passages: Sequence[Passage]) -> list[Probe]:
    if not isinstance(entry, dict) or not set(entry) <= _FIELDS:
        raise Refusal(f"must have the fields {', '.join(sorted(_FIELDS))} only; see README.md of the corpus")
    gap = entry.get("gap", "")
    if not isinstance(gap, str) or bool(gap) == ("answers" in entry):
        raise Refusal("needs either “answers:” or “gap:” with what the course does not say")
    excerpts = texts_of(entry, "near" if gap else "answers")
    questions = texts_of(entry, "questions")
    if not questions or not (excerpts or gap):
        raise Refusal("has no questions, or no answers; add at least one of each")
    reason, premise = entry.get("reason", Reason.NOT_IN_COURSE if gap else ""), str(entry.get("premise", "")).lower()
    if reason not in (tuple(Reason) if gap else ("",)):
        raise Refusal(f"has the reason {reason!r}; give a gap one of {', '.join(Reason)}, and an answer none")
    if premise not in _PREMISES or (premise and gap):
        raise Refusal("has a “premise:” that is neither “true” nor “wrong”, or has it on a gap")
    answers = tuple(place_of(excerpt, passages, "an answer") for excerpt in excerpts)
    return [Probe(" ".join(question.split()), answers, gap, str(reason), _PREMISES[premise]) for question in questions]
