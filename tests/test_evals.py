"""The instruments: intervals, the verifier of citations, the bank of questions, and the tutor that is asked."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from cpom_tutor.config import Settings
from cpom_tutor.generation.chat_model.prompting import prompt_hash
from cpom_tutor.library import Library
from evals import runs, statistics, verify_citations
from evals import suites as suites_module
from evals.__main__ import main, settings_for, written_by
from evals.bank import conversations, single_questions
from evals.cases import CORPUS

LIBRARY = Library("X", "A course", (), ())
SCRIPT = CORPUS.parent / "evals" / "verify_citations.py"
QUOTE = "The system itself becomes the rate-limiting step to patient care."
SECTION = """---
course: X
section: "2.1"
---

Before the first heading.

## 2.1.1 First

One paragraph. Two sentences.

A lead-in:

- Alpha: the first.
- Beta: the second.

::: analogy A box

Inside the box.

:::

## 2.1.2 Second

| Name | What |
|---|---|
| Row one | a, b |
| Row two | c, d |

### A heading without a number

Term
: what it is

After it.
"""


# --- statistics ----------------------------------------------------------------------------------------------


def test_the_mean_and_its_interval_are_those_of_the_textbook() -> None:
    estimate = statistics.mean([1.0] * 50 + [0.0] * 50)
    assert estimate.value == 0.5
    # Normal approximation: 0.5 ± 1.96 * sqrt(0.25 / 100)
    assert (estimate.low, estimate.high) == pytest.approx((0.402, 0.598), abs=0.01)
    assert estimate.count == 100


def test_questions_about_one_passage_count_as_one_when_they_agree() -> None:
    values = [1.0] * 50 + [0.0] * 50
    alone = statistics.mean(values)
    clustered = statistics.mean(values, [place // 10 for place in range(100)])
    assert clustered.value == alone.value
    assert clustered.high - clustered.low > 2.5 * (alone.high - alone.low)


def test_all_right_is_not_certain() -> None:
    estimate = statistics.mean([1.0] * 20)
    assert (estimate.value, estimate.high) == (1.0, 1.0)
    assert estimate.low == pytest.approx(0.839, abs=0.001)  # Wilson, 20 of 20


def test_all_right_about_one_passage_is_hardly_anything() -> None:
    assert statistics.mean([1.0] * 20, ["same"] * 20).low < 0.25


def test_wilsons_interval_is_that_of_the_textbook() -> None:
    assert statistics.wilson(0.8, 50) == pytest.approx((0.670, 0.888), abs=0.001)


def test_a_ratio_ignores_what_does_not_count() -> None:
    estimate = statistics.ratio([1, 0, 0, 1], [1, 0, 1, 1])
    assert estimate.value == pytest.approx(2 / 3)
    assert estimate.count == 3


def test_a_quantile_lies_in_its_interval() -> None:
    estimate = statistics.quantile([float(value) for value in range(1, 101)], 0.5)
    assert estimate.value == pytest.approx(50.5)
    assert estimate.low < 50.5 < estimate.high


def test_nothing_has_no_mean() -> None:
    with pytest.raises(ValueError, match="nothing to count"):
        statistics.mean([])
    with pytest.raises(ValueError, match="nothing to count"):
        statistics.quantile([], 0.5)


def test_the_same_cases_give_the_same_interval() -> None:
    values = [0.0, 1.0, 1.0, 0.0, 1.0]
    assert statistics.mean(values) == statistics.mean(values)


def test_a_change_is_of_the_means_over_what_counts_in_each() -> None:
    change = statistics.change([1.0, 1.0, None], [0.0, 1.0, 1.0])
    assert change.value == pytest.approx(2 / 3 - 1)
    assert change.count == 3


def test_a_change_is_as_sure_as_its_cases_agree() -> None:
    before = [1.0] * 40
    few = statistics.change(before, [0.0] + [1.0] * 39)
    many = statistics.change(before, [0.0] * 8 + [1.0] * 32)
    assert [few.value, many.value] == pytest.approx([-1 / 40, -8 / 40])
    assert few.high == 0.0  # some draws miss the one case
    assert many.high < 0.0


def test_a_change_of_one_passage_is_not_sure_however_many_questions_ask_about_it() -> None:
    clusters = ["same"] * 8 + [f"other {place}" for place in range(32)]
    assert statistics.change([1.0] * 40, [0.0] * 8 + [1.0] * 32, clusters).high == 0.0


def test_any_statistic_has_the_interval_of_its_draws() -> None:
    values = [1.0] * 50 + [0.0] * 50
    estimate = statistics.of_draws(lambda drawn: drawn @ values / drawn.sum(axis=1), range(100))
    assert estimate.value == 0.5
    assert (estimate.low, estimate.high) == pytest.approx((0.402, 0.598), abs=0.015)


# --- the verifier --------------------------------------------------------------------------------------------


def test_blocks_have_the_addresses_that_the_corpus_documents() -> None:
    assert verify_citations.blocks_of(SECTION) == {
        "2.1 ¶1": "Before the first heading.",
        "2.1.1 ¶1": "One paragraph. Two sentences.",
        "2.1.1 ¶2": "A lead-in:",
        "2.1.1 ¶3": "Alpha: the first.\n- Beta: the second.",
        "2.1.1 ¶3.1": "Alpha: the first.",
        "2.1.1 ¶3.2": "Beta: the second.",
        "2.1.1 ¶4": "Inside the box.",
        "2.1.2 ¶1": "Row one | a, b |\n| Row two | c, d",
        "2.1.2 ¶1.r1": "Row one | a, b",
        "2.1.2 ¶1.r2": "Row two | c, d",
        "2.1.2 ¶2": "Term\n: what it is",
        "2.1.2 ¶3": "After it.",
    }


def reply(**changes: Any) -> dict[str, Any]:
    """A right reply, with its citation changed."""
    text = verify_citations.read_blocks(CORPUS)["1.1.1 ¶2"]
    start = text.index(QUOTE)
    citation = {"passage_id": "p", "address": "CPOM §1.1.1 ¶2", "quote": QUOTE, "start": start, "end": len(text)}
    claim = {"text": QUOTE, "role": "fact", "citations": [citation | changes]}
    return {"id": "1", "kind": "answer", "claims": [claim], "retrieved": [{"passage_id": "p", "text": text}]}


def verify(tmp_path: Path, *replies: object) -> subprocess.CompletedProcess[str]:
    """Runs the script as a person would, in a Python that cannot see the tutor."""
    path = tmp_path / "replies.jsonl"
    path.write_text("\n".join(json.dumps(each) for each in replies), encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-I", "-S", str(SCRIPT), str(path), str(CORPUS)],
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip


def test_a_right_citation_passes_in_a_python_without_the_tutor(tmp_path: Path) -> None:
    done = verify(tmp_path, reply())
    assert (done.returncode, done.stderr) == (0, "")
    assert "citations      1, right 1 (100.00 %)" in done.stdout


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param({"quote": QUOTE.replace("rate-limiting", "critical")}, "not verbatim", id="a changed word"),
        pytest.param({"quote": QUOTE.lower()}, "not verbatim", id="changed case"),
        pytest.param({"quote": ""}, "empty", id="nothing quoted"),
        pytest.param({"start": 0, "end": len(QUOTE)}, "the file has", id="wrong offsets"),
        pytest.param({"address": "CPOM §1.1.1 ¶1"}, "not verbatim", id="another paragraph's address"),
        pytest.param({"address": "CPOM §9.9 ¶1"}, "nothing stands there", id="an invented address"),
        pytest.param({"address": "page 3"}, "not an address", id="no address"),
    ],
)
def test_a_planted_defect_is_caught(tmp_path: Path, changes: dict[str, object], words: str) -> None:
    done = verify(tmp_path, reply(), reply(**changes))
    assert done.returncode == 1
    assert words in done.stdout
    assert "citations      2, right 1 (50.00 %)" in done.stdout


def test_a_quote_that_the_retrieved_text_does_not_have_is_caught(tmp_path: Path) -> None:
    wrong = reply()
    wrong["retrieved"][0]["text"] = "Something else."
    done = verify(tmp_path, wrong)
    assert done.returncode == 1
    assert "retrieved" in done.stdout


def test_a_fact_without_a_citation_is_caught(tmp_path: Path) -> None:
    wrong = reply()
    wrong["claims"].append({"text": "The exam has 120 questions.", "role": "fact", "citations": []})
    done = verify(tmp_path, wrong)
    assert done.returncode == 1
    assert "no citation for: The exam has 120 questions." in done.stdout


def test_a_lead_needs_no_citation(tmp_path: Path) -> None:
    right = reply()
    right["claims"].insert(0, {"text": "Yes.", "role": "lead", "citations": []})
    assert verify(tmp_path, right).returncode == 0


def test_an_error_in_place_of_a_reply_is_caught(tmp_path: Path) -> None:
    assert verify(tmp_path, reply(), {"id": "2", "error": "The index is damaged."}).returncode == 1


def test_replies_without_any_citation_prove_nothing(tmp_path: Path) -> None:
    assert verify(tmp_path, {"id": "1", "kind": "abstention", "claims": []}).returncode == 1


def test_what_is_no_file_of_replies_is_refused_in_a_sentence(tmp_path: Path) -> None:
    done = verify(tmp_path, "text")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1


def test_the_verifier_imports_nothing_of_the_tutor() -> None:
    assert "cpom_tutor" not in SCRIPT.read_text(encoding="utf-8").replace("cpom-tutor", "")


# --- the bank and the tutor that is asked --------------------------------------------------------------------


def test_no_sealed_question_is_asked_where_a_failure_would_show_it() -> None:
    sealed = {question for each in conversations() if each.sealed for question in each.questions}
    shown = len(sealed & set(single_questions(LIBRARY, 10_000)))
    assert (len(sealed) > 100, shown) == (True, 0)


def test_the_bank_makes_enough_replies_and_no_conversation_twice() -> None:
    bank = conversations()
    assert len({each.id for each in bank}) == len(bank)
    assert sum(len(each.questions) for each in bank) >= 500


def test_every_suite_has_a_module_with_a_measure() -> None:
    assert all(callable(suites_module.suite_named(name)) for name in suites_module.NAMES)


class Counting:
    """Answers with what it was told so far, and counts."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def ask(self, question: str, history: Sequence[object]) -> object:
        self.asked.append(question)
        return (*history, question)


def test_each_question_is_asked_once_for_all_suites(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tutor = Counting()
    opened = SimpleNamespace(tutor=tutor, retriever=SimpleNamespace(warm_up=lambda: None), warm_up=lambda: None)
    wishes: list[bool] = []

    def open_application(_: Settings, *, approved: bool) -> SimpleNamespace:
        wishes.append(approved)
        return opened

    monkeypatch.setattr(runs, "open_application", open_application)
    run = runs.Run(Settings(tmp_path), tmp_path)
    first, second = run.ask("a", "b"), run.ask("a", "b")
    assert first is second
    assert run.ask("b") != first  # alone, it is another question
    assert tutor.asked == ["a", "b", "b"]
    assert wishes == [False], "what an instructor approved on this machine is not measured"


def test_a_model_is_measured_only_where_there_is_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.delenv("CPOM_TUTOR_MODEL", raising=False)
    assert main(["refusals", "--generator", "chat_model", "--report", str(tmp_path)]) == 2
    assert "set CPOM_TUTOR_MODEL, or type: --generator extractive" in capsys.readouterr().err


def test_without_a_generator_a_configured_model_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CPOM_TUTOR_MODEL", "openai:tiny")
    assert settings_for("extractive").model is None
    assert settings_for("chat_model").model == "openai:tiny"
    assert written_by("chat_model") == f"openai:tiny, prompt {prompt_hash()}"
    assert written_by("extractive") == "extractive"
