"""The instruments: intervals, the verifier of citations, reports, and the command."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import evals.__main__ as evals_main
from cpom_tutor.answers import Answer, CheckedClaim, Form, Intent, Label, Role, Turn, Verdict
from cpom_tutor.course import Address, Citation, Kind, Library, Passage
from evals import statistics, verify_citations
from evals import suites as suites_module
from evals.__main__ import main
from evals.bank import conversations, single_questions
from evals.cases import CORPUS, QuestionCase
from evals.report import Failure, Figure, Result, Target, to_markdown, to_terminal
from evals.suites.refusals import cites
from evals.suites.retrieval import Outcome, outcome

LIBRARY = Library("X", "A course", (), ())
TEXT = "One is here. The other is there."
PASSAGE = Passage("1.1-a", Address("X", "1.1", 1), Kind.PARAGRAPH, (), TEXT, 0, len(TEXT), 0)
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


# --- outcomes ------------------------------------------------------------------------------------------------


def case(*evidence: tuple[str, ...]) -> QuestionCase:
    return QuestionCase("r1", "q", "tune", "fact", evidence, (("one",),), ())


def test_a_set_is_found_where_its_last_excerpt_is() -> None:
    assert outcome(case(("b", "c")), ["a", "b", "c"]) == Outcome(3, 3)


def test_the_nearest_of_several_sets_counts() -> None:
    assert outcome(case(("c",), ("b",)), ["a", "b", "c"]).rank == 2


def test_half_a_set_is_not_found() -> None:
    assert outcome(case(("a", "missing")), ["a", "b"]).rank == 0


def test_what_comes_sixth_is_not_found() -> None:
    assert outcome(case(("f",)), list("abcdef")) == Outcome(0, 5)


def test_line_breaks_do_not_hide_a_sentence() -> None:
    assert outcome(case(("one two",)), ["x one\n  two y"]).rank == 1


def turn(*quotes: str) -> Turn:
    """A reply that cites these words of the one passage."""
    citations = tuple(
        Citation(PASSAGE.id, "X §1.1 ¶1", quote, PASSAGE.text.index(quote), PASSAGE.text.index(quote) + len(quote))
        for quote in quotes
    )
    verdict = Verdict(Label.SUPPORTED, 1.0, "")
    answer = Answer((CheckedClaim("A claim.", Role.FACT, Form.RUN_ON, "", citations, verdict),))
    return Turn("q", "q", Intent.ASK, answer, (), "extractive", "f", datetime.now(UTC), 1.0)


@pytest.mark.parametrize(
    ("quotes", "evidence", "cited"),
    [
        pytest.param(("One is here.",), ("One is here.",), True, id="the sentence"),
        pytest.param(("One is here. The other is there.",), ("The other is there.",), True, id="more than it"),
        pytest.param(("The other", "is there."), ("The other is there.",), True, id="its two halves"),
        pytest.param(("The",), ("The other is there.",), False, id="a word of it"),
        pytest.param(("One is here.",), ("One is here.", "The other is there."), False, id="half of the set"),
        pytest.param(("One is here.",), ("Elsewhere.",), False, id="another sentence"),
    ],
)
def test_a_set_is_cited_only_as_a_whole(quotes: tuple[str, ...], evidence: tuple[str, ...], cited: bool) -> None:
    library = Library("X", "A course", (), (PASSAGE,))
    assert cites(turn(*quotes), case(evidence), library) is cited


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


# --- reports and the command ---------------------------------------------------------------------------------

RESULT = Result(
    "fake", "What it is.",
    (Figure("share", 0.5, 4, unit="%", low=0.25, high=0.75, target=Target(0.9)), Figure("time", 12.0, 4, unit="ms")),
    failures=(Failure("r1", "the tune question", "went wrong"),),
)  # fmt: skip


def test_a_target_is_met_from_the_right_side() -> None:
    assert Target(0.85).met_by(0.85)
    assert not Target(0.85).met_by(0.84)
    assert Target(2, at_most=True).met_by(1.9)
    assert not Target(2, at_most=True).met_by(2.1)


def test_a_table_shows_interval_count_target_and_verdict() -> None:
    row = to_terminal(RESULT).splitlines()[2]
    assert row.split() == "share cpom-tutor all 50.0 % 25.0 % to 75.0 % 4 ≥ 90.0 % NO".split()


def test_failures_are_shown_only_when_asked_for() -> None:
    assert "tune question" not in to_terminal(RESULT)
    assert "tune question" in to_terminal(RESULT, failures=True)
    assert "failures" not in RESULT.to_json()
    assert RESULT.to_json(failures=True)["failures"][0]["id"] == "r1"


def test_the_page_names_date_machine_and_command() -> None:
    page = to_markdown([RESULT], "1 May 2030", "a machine", "a version")
    assert "1 May 2030. a machine. a version." in page
    assert "`python -m evals fake`" in page
    assert "| share | cpom-tutor | all | 50.0 % | 25.0 % to 75.0 % | 4 | ≥ 90.0 % | NO |" in page


@pytest.fixture
def fake_suite(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evals.__main__.suite_named", lambda _name: lambda _run: RESULT)


@pytest.mark.usefixtures("fake_suite")
def test_a_missed_target_is_exit_code_1_and_the_figures_are_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.md"
    assert main(["latency", "--json", "--report", str(tmp_path), "--write", str(page)]) == 1
    printed = json.loads(capsys.readouterr().out)
    assert printed["suites"][0]["fell_short"] is True
    assert json.loads((tmp_path / "evals.json").read_text(encoding="utf-8")) == printed
    assert "## fake" in page.read_text(encoding="utf-8")


def test_an_unknown_suite_is_refused_with_the_names_to_type(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["retreival"]) == 2
    assert capsys.readouterr().err.strip().endswith(" ".join(suites_module.NAMES))


def test_a_misspelt_option_is_refused_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--jsn"])
    assert stopped.value.code == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert said.strip().endswith("python -m evals --help")


def test_no_sealed_question_is_asked_where_a_failure_would_show_it() -> None:
    sealed = {question for each in conversations(LIBRARY) if each.sealed for question in each.questions}
    shown = len(sealed & set(single_questions(LIBRARY, 10_000)))
    assert (len(sealed) > 100, shown) == (True, 0)


def test_the_bank_makes_enough_replies_and_no_conversation_twice() -> None:
    bank = conversations(LIBRARY)
    assert len({each.id for each in bank}) == len(bank)
    assert sum(len(each.questions) for each in bank) >= 200  # the course's own names make the rest


def test_every_suite_has_a_module_with_a_measure() -> None:
    assert all(callable(suites_module.suite_named(name)) for name in suites_module.NAMES)


def test_renewing_the_page_keeps_what_was_written_by_hand(tmp_path: Path) -> None:
    page = tmp_path / "measurements.md"
    page.write_text("# Old\n\n## Taken by hand\n\n| a | b |\n", "utf-8")
    assert evals_main._kept(page) == "\n## Taken by hand\n\n| a | b |\n"
    assert evals_main._kept(tmp_path / "none.md") == ""
