"""case_studies/*.yaml: situations with linked decisions, each option tied to the words of the course that judge it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from cpom_tutor.course import Passage
from cpom_tutor.teaching import CaseDecision, CaseOption, CasePoint, CaseStudy, Place
from ingest.entries import Made, fields_of, list_of, place_of, read_entries, text_of
from ingest.refusal import Refusal

FOLDER = "case_studies"
DECISIONS = OPTIONS = (3, 4)
_FIELDS = ("title", "role", "situation", "decisions", "question", "rubric", "model_answer")
_SHAPE = f"a list of case studies, each with {', '.join(f'“{field}:”' for field in _FIELDS)}"


def read_case_studies(
    root: Path, passages: Sequence[Passage], refused: list[tuple[str, str]]
) -> tuple[CaseStudy, ...]:  # fmt: skip
    """Every case study of the folder, in file order; the second of one title is refused.

    Args:
        root: the corpus folder; `case_studies/` may be missing.
        passages: of the course; every principle is an excerpt of one of them.
        refused: (file, reason) of what cannot be used is appended.
    """
    titles: set[str] = set()

    def read(entry: object) -> Iterator[CaseStudy]:
        found = _case_study(entry, passages)
        if found.title.lower() in titles:
            raise Refusal(f"has the title “{found.title}”, which another has too; give it one of its own")
        titles.add(found.title.lower())
        yield found

    return tuple(read_entries(root / FOLDER, _SHAPE, read, refused))


def _case_study(entry: object, passages: Sequence[Passage]) -> CaseStudy:
    fields = fields_of(entry, _FIELDS)
    decisions = list_of(fields, "decisions")
    if len(decisions) not in DECISIONS:
        raise Refusal(f"has {len(decisions)} decision(s); give it {DECISIONS[0]} or {DECISIONS[1]}")
    return CaseStudy(
        title=text_of(fields, "title"),
        role=text_of(fields, "role"),
        situation=text_of(fields, "situation"),
        decisions=tuple(_numbered("decision", _decision, decisions, passages)),
        question=text_of(fields, "question"),
        rubric=tuple(_numbered("rubric point", _point, list_of(fields, "rubric"), passages)),
        model_answer=tuple(_numbered("model answer sentence", _sentence, list_of(fields, "model_answer"), passages)),
    )


def _numbered(
    what: str, read: Callable[[object, Sequence[Passage]], Made], entries: Sequence[object], passages: Sequence[Passage]
) -> Iterator[Made]:
    """Reads each entry; a refusal says which one it is about."""
    for position, entry in enumerate(entries, start=1):
        try:
            yield read(entry, passages)
        except Refusal as reason:
            raise Refusal(f"{what} {position} {reason}") from None


def _decision(entry: object, passages: Sequence[Passage]) -> CaseDecision:
    fields = fields_of(entry, ("prompt", "options"))
    options = tuple(_numbered("option", _option, list_of(fields, "options"), passages))
    if len(options) not in OPTIONS:
        raise Refusal(f"has {len(options)} option(s); give it {OPTIONS[0]} or {OPTIONS[1]}")
    if sum(option.best for option in options) != 1:
        raise Refusal("needs exactly one option with “best: true”")
    return CaseDecision(text_of(fields, "prompt"), options)


def _option(entry: object, passages: Sequence[Passage]) -> CaseOption:
    fields = fields_of(entry, ("text", "consequence", "principle"), ("best",))
    best = fields.get("best", False)
    if not isinstance(best, bool):
        raise Refusal("has a “best:” that is neither true nor false")
    return CaseOption(text_of(fields, "text"), text_of(fields, "consequence"), _principle(fields, passages), best)


def _point(entry: object, passages: Sequence[Passage]) -> CasePoint:
    fields = fields_of(entry, ("text", "principle"), ("points",))
    points = fields.get("points", 1)
    if isinstance(points, bool) or not isinstance(points, int) or points < 1:
        raise Refusal(f"has {points!r} as “points:”; write a whole number from 1")
    return CasePoint(text_of(fields, "text"), _principle(fields, passages), points)


def _sentence(entry: object, passages: Sequence[Passage]) -> CasePoint:
    fields = fields_of(entry, ("text", "principle"))
    return CasePoint(text_of(fields, "text"), _principle(fields, passages))


def _principle(entry: Mapping[str, object], passages: Sequence[Passage]) -> Place:
    return place_of(text_of(entry, "principle"), passages, "a “principle:”")
