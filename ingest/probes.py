"""probes/*.yaml: learners' questions, kept with the course so that a question like one of them finds its answer.

The idea is doc2query's (Nogueira, Yang, Lin and Cho, "Document Expansion by Query Prediction", 2019): a passage is
also found by the questions that it answers. Here people write and review them, and those that the course does not
answer stand beside them. What cannot be used is left out and named, as with sections.
"""

from collections.abc import Sequence
from pathlib import Path

from cpom_tutor.answers import Reason
from cpom_tutor.course import Passage, Span
from cpom_tutor.teaching import Probe
from ingest.course_files import read_yaml
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
    found: dict[str, Probe] = {}
    for path in sorted((root / FOLDER).glob("*.yaml")):
        name = path.relative_to(root).as_posix()
        try:
            entries = read_yaml(root, path)
            if not isinstance(entries, list):
                raise Refusal("it must be a list of entries, each with “answers:” (or “gap:”) and “questions:”")
        except Refusal as reason:
            refused.append((name, str(reason)))
            continue
        for position, entry in enumerate(entries, start=1):
            try:
                for probe in _probes(entry, passages):
                    found.setdefault(probe.question.lower(), probe)
            except Refusal as reason:
                refused.append((name, f"entry {position} {reason}"))
    return tuple(found.values())


def _probes(entry: object, passages: Sequence[Passage]) -> list[Probe]:
    if not isinstance(entry, dict) or not set(entry) <= _FIELDS:
        raise Refusal(f"must have the fields {', '.join(sorted(_FIELDS))} only; see README.md of the corpus")
    gap = entry.get("gap", "")
    if not isinstance(gap, str) or bool(gap) == ("answers" in entry):
        raise Refusal("needs either “answers:” or “gap:” with what the course does not say")
    excerpts = _texts(entry, "near" if gap else "answers")
    questions = _texts(entry, "questions")
    if not questions or not (excerpts or gap):
        raise Refusal("has no questions, or no answers; add at least one of each")
    reason, premise = entry.get("reason", Reason.NOT_IN_COURSE if gap else ""), str(entry.get("premise", "")).lower()
    if reason not in (tuple(Reason) if gap else ("",)):
        raise Refusal(f"has the reason {reason!r}; give a gap one of {', '.join(Reason)}, and an answer none")
    if premise not in _PREMISES or (premise and gap):
        raise Refusal("has a “premise:” that is neither “true” nor “wrong”, or has it on a gap")
    answers = tuple(_place(excerpt, passages) for excerpt in excerpts)
    return [Probe(" ".join(question.split()), answers, gap, str(reason), _PREMISES[premise]) for question in questions]


def _texts(entry: dict[str, object], field: str) -> list[str]:
    found = entry.get(field) or []
    if not isinstance(found, list) or not all(isinstance(each, str) and each.strip() for each in found):
        raise Refusal(f"needs a list of texts as “{field}:”; put quotes around a text with a colon")
    return found


def _place(excerpt: str, passages: Sequence[Passage]) -> tuple[str, Span]:
    """The passage that an excerpt stands in, and where in it."""
    for passage in passages:
        start = -1 if passage.kind.is_container else passage.text.find(excerpt)
        if start >= 0:
            return passage.id, Span(start, start + len(excerpt))
    raise Refusal(f"has an answer that stands in no passage, word for word: “{excerpt}”")
