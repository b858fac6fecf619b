"""JSON lines in, JSON lines out: one reply for each line that is not blank, in order, as each is done."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NoReturn

from cpom_tutor.answers import Turn
from cpom_tutor.attempts import PointVerdict
from cpom_tutor.errors import BadInput, TutorError
from cpom_tutor.interchange import turn_to_json
from cpom_tutor.practice_protocols import Grader
from cpom_tutor.protocols import GroundingChecker, Stepper

Json = dict[str, Any]

_ASK = '{"question": "What is a CSC?"}'
_CHECK = '{"claim": "Both roles are essential.", "evidence": ["Both roles are essential, and they work in synergy."]}'

_GRADE = (
    '{"question": "What is a CSC?", "reference": ["Centralized hubs ..."], "rubric": ["It is a hub."], '
    '"answer": "One site for all."}'
)


def answer_lines(tutor: Stepper, lines: Iterable[str], say: Callable[[str], None] = lambda _: None) -> Iterator[Json]:
    """The replies of `ask --jsonl`.

    Lines with the same `conversation` are one conversation. A bad line yields `{"id", "error"}`; the rest go on.

    Args:
        tutor: who answers.
        lines: as they are read.
        say: told of faults of ours, and at the end which lines were bad.
    """
    conversations: dict[str, list[Turn]] = {}

    def reply(asked: Json, number: int) -> Json:
        question, conversation = asked.get("question"), asked.get("conversation")
        if not isinstance(question, str):
            raise BadInput(f"Line {number} has no question; write one like {_ASK}")
        history = conversations.setdefault(str(conversation), []) if conversation is not None else []
        turn = tutor.ask(question, tuple(history))
        history.append(turn)
        return turn_to_json(turn, id=asked.get("id"), conversation=conversation)

    return _replies(lines, _ASK, reply, say)


def check_lines(
    checker: GroundingChecker, lines: Iterable[str], say: Callable[[str], None] = lambda _: None
) -> Iterator[Json]:
    """The verdicts of `check --jsonl`. A bad line yields `{"id", "error"}`; the rest go on.

    Args:
        checker: who judges.
        lines: as they are read.
        say: told of faults of ours, and at the end which lines were bad.
    """

    def reply(asked: Json, number: int) -> Json:
        claim, evidence = asked.get("claim"), asked.get("evidence")
        if not isinstance(claim, str):
            raise BadInput(f"Line {number} has no claim; write one like {_CHECK}")
        if not isinstance(evidence, list) or not all(isinstance(piece, str) for piece in evidence):
            raise BadInput(f"Line {number} has no list of passages as evidence; write one like {_CHECK}")
        verdict = checker.check(claim, evidence)
        return {
            "id": asked.get("id"),
            "label": verdict.label.value,
            "score": round(verdict.score, 4),
            "reason": verdict.reason,
        }

    return _replies(lines, _CHECK, reply, say)


def grade_lines(grader: Grader, lines: Iterable[str], say: Callable[[str], None] = lambda _: None) -> Iterator[Json]:
    """The marks of `grade --jsonl`. A bad line yields `{"id", "error"}`; the rest go on.

    Args:
        grader: who marks.
        lines: as they are read.
        say: told of faults of ours, and at the end which lines were bad.
    """

    def reply(asked: Json, number: int) -> Json:
        answer = asked.get("answer")
        if not isinstance(answer, str):
            raise BadInput(f"Line {number} has no answer; write one like {_GRADE}")
        question = asked.get("question", "")
        if not isinstance(question, str):
            raise BadInput(f"Line {number} has a question that is no text; write one like {_GRADE}")
        reference, rubric = (_texts(asked.get(name, []), name, number) for name in ("reference", "rubric"))
        if not rubric:
            raise BadInput(f"Line {number} has no rubric to mark by; write one like {_GRADE}")
        marked = grader.grade(question, reference, rubric, answer)
        return {
            "id": asked.get("id"),
            "points": [
                {
                    "point": mark.point,
                    "met": mark.verdict is PointVerdict.MET,
                    "contradicted": mark.verdict is PointVerdict.CONTRADICTED,
                    "score": round(mark.score, 4),
                    "evidence": mark.evidence,
                }
                for mark in marked.points
            ],
            "score": round(marked.score, 4),
            "feedback": marked.feedback,
        }

    return _replies(lines, _GRADE, reply, say)


def _texts(value: object, name: str, number: int) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise BadInput(f"Line {number} has no list of texts as {name}; write one like {_GRADE}")
    return value


def _replies(
    lines: Iterable[str], example: str, reply: Callable[[Json, int], Json], say: Callable[[str], None]
) -> Iterator[Json]:
    bad: list[int] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        id: Any = None
        try:
            asked = json.loads(line.lstrip("\ufeff"), parse_constant=_no_such_number)
            if not isinstance(asked, dict):
                raise BadInput(f"Line {number} is not a JSON object; write one like {example}")
            id = asked.get("id")
            yield reply(asked, number)
        except json.JSONDecodeError as error:
            bad.append(number)
            yield {"id": id, "error": f"Line {number} is not JSON ({error.msg}); write one object a line."}
        except TutorError as error:
            bad.append(number)
            yield {"id": id, "error": str(error)}
        except Exception as error:  # noqa: BLE001 - a fault of ours in one line must not cost the lines after it
            say(f"Line {number}: {type(error).__name__}: {error}")
            yield {"id": id, "error": "Something went wrong on the tutor's side; the other lines go on."}
    if bad:
        named = f"Line {bad[0]} is" if len(bad) == 1 else f"Lines {', '.join(map(str, bad))} are"
        say(f"{named} answered with an error; mend what it says and send that again.")


def _no_such_number(name: str) -> NoReturn:
    raise BadInput(f"{name} is no JSON number; leave it out.")
