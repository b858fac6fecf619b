"""`cpom-tutor check --jsonl`, through the command itself."""

import io
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from cpom_tutor import wiring
from cpom_tutor.answers import Verdict
from cpom_tutor.cli import BAD_USE, DONE, main
from cpom_tutor.config import Settings
from cpom_tutor.errors import BadInput
from cpom_tutor.grounding.rules import RuleChecker
from cpom_tutor.lines import check_lines
from cpom_tutor.retrieval.embedder import SentenceTransformerEmbedder

ROLES = "Both roles are essential, and they work in synergy."
LINES = (
    {"id": "1", "claim": "Both roles are essential.", "evidence": [ROLES], "colour": "red"},
    {"id": "2", "claim": "Both roles are not essential.", "evidence": [ROLES]},
    {"id": {"any": "json"}, "claim": "Penguins live in the south.", "evidence": [ROLES]},
    {"id": "4", "evidence": [ROLES]},
    {"id": "5", "claim": ROLES, "evidence": ROLES},
    {"id": "6", "claim": ROLES, "evidence": []},
    {"claim": ROLES, "evidence": ["It is a start.", ROLES]},
)


@pytest.fixture
def replies(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], embedder: SentenceTransformerEmbedder
) -> list[dict[str, object]]:
    text = "\n".join(["\ufeff" + json.dumps(LINES[0]), "not JSON", "", *map(json.dumps, LINES[1:]), "[1]"])
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    monkeypatch.setattr(wiring, "SentenceTransformerEmbedder", lambda _: embedder)
    assert main(["check", "--jsonl"]) == DONE
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_each_line_gets_its_verdict_in_order_and_a_bad_line_does_not_stop_the_rest(
    replies: list[dict[str, object]],
) -> None:
    assert [reply["id"] for reply in replies] == ["1", None, "2", {"any": "json"}, "4", "5", "6", None, None]
    labels = [reply.get("label") for reply in replies]
    assert labels == [
        "supported", None, "refuted", "not_enough_info", None, None, "not_enough_info", "supported", None,
    ]  # fmt: skip
    for reply in replies:
        wanted = {"id", "label", "score", "reason"} if "label" in reply else {"id", "error"}
        assert set(reply) == wanted
    scores = [reply["score"] for reply in replies if "score" in reply]
    assert all(isinstance(score, float) and 0.0 <= score <= 1.0 for score in scores)


def test_a_bad_line_is_told_what_is_wrong_with_it(replies: list[dict[str, object]]) -> None:
    errors = [str(reply["error"]) for reply in replies if "error" in reply]
    for error, wanted in zip(errors, ("Line 2", "no claim", "list of passages", "Line 10"), strict=True):
        assert wanted in error


def test_without_jsonl_it_says_what_to_type(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == BAD_USE
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "cpom-tutor check --jsonl" in printed.err


def test_help_says_what_goes_in_and_what_comes_out(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["check", "--help"])
    assert stopped.value.code == 0
    printed = capsys.readouterr().out
    assert all(word in printed for word in ("--jsonl", "evidence", "not_enough_info", "score"))


def test_a_checker_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="oracle"):
        wiring.open_checker(Settings(tmp_path, checker="oracle"))


class Broken:
    """A checker with a fault for one claim."""

    def check(self, claim: str, evidence: Sequence[str]) -> Verdict:
        if claim == "boom":
            raise ZeroDivisionError(claim)
        return RuleChecker().check(claim, evidence)


def test_a_fault_of_ours_is_told_and_costs_one_line_only() -> None:
    told: list[str] = []
    lines = [json.dumps({"id": claim, "claim": claim, "evidence": [ROLES]}) for claim in ("boom", ROLES)]
    first, second = check_lines(Broken(), lines, told.append)
    assert "error" in first
    assert second["label"] == "supported"
    assert "ZeroDivisionError" in told[0]
