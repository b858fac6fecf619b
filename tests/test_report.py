"""The reports of the measurements, the comparison with a baseline, and the command."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest

import evals.__main__ as evals_main
from cpom_tutor.answers import Abstention, Intent, Reason, Turn
from cpom_tutor.errors import TutorError
from cpom_tutor.library import Library
from evals import suites as suites_module
from evals.__main__ import main
from evals.bank import conversations
from evals.junit import to_junit
from evals.page import to_html
from evals.report import (
    Curve,
    Failure,
    Figure,
    Result,
    Target,
    figures_by_kind,
    figures_of,
    to_markdown,
    to_terminal,
)
from evals.runs import Run
from evals.scores import Scores, Subject
from evals.talk_cases import load_conversations

SUBJECTS = tuple(
    Subject(f"r{place}", "sealed" if place % 2 else "tune", "list" if place < 10 else "fact", "1.1", f"passage {place}")
    for place in range(40)
)
RESULT = Result(
    "fake", "What it is.",
    (Figure("share", 0.5, 4, unit="%", low=0.25, high=0.75, target=Target(0.9)), Figure("time", 12.0, 4, unit="ms")),
    failures=(Failure("r1", "the tune question", "went wrong", "what was said"),),
    subjects=SUBJECTS,
    scores=(Scores("share", {each.id: 1.0 for each in SUBJECTS}),
            Scores("mistakes", {each.id: 0.0 for each in SUBJECTS}, higher_is_better=False),
            Scores("length", {each.id: 10.0 for each in SUBJECTS}, higher_is_better=None)),
)  # fmt: skip


def rescored(measure: str, value: float, count: int) -> Result:
    """The result with another value of one measure for so many cases."""
    scores = [
        replace(each, values={**each.values, **{f"r{place}": value for place in range(count)}})
        if each.measure == measure
        else each
        for each in RESULT.scores
    ]
    return replace(RESULT, scores=tuple(scores))


# --- figures -------------------------------------------------------------------------------------------------


def test_a_target_is_met_from_the_right_side() -> None:
    assert Target(0.85).met_by(0.85)
    assert not Target(0.85).met_by(0.84)
    assert Target(2, at_most=True).met_by(1.9)
    assert not Target(2, at_most=True).met_by(2.1)


def test_scores_make_a_figure_of_all_and_of_each_half_with_no_target_for_the_tune_half() -> None:
    scores = Scores("share", {each.id: float(each.split == "tune") for each in SUBJECTS})
    figures = figures_of(scores, SUBJECTS, target=Target(0.9))
    assert [(each.split, each.value, each.count, each.met) for each in figures] == [
        ("all", 0.5, 40, False), ("tune", 1.0, 20, None), ("sealed", 0.0, 20, False),
    ]  # fmt: skip


def test_a_baseline_is_shown_for_all_cases_only() -> None:
    scores = Scores("share", {each.id: 1.0 for each in SUBJECTS})
    assert [each.split for each in figures_of(scores, SUBJECTS, system="another")] == ["all"]


def test_a_case_without_a_score_does_not_count() -> None:
    scores = Scores("share", {"r0": 1.0, "r11": 0.0})
    assert [(each.measure, each.count) for each in figures_by_kind(scores, SUBJECTS)] == [
        ("share, list", 1), ("share, fact", 1),
    ]  # fmt: skip


# --- table, page, JUnit --------------------------------------------------------------------------------------


def test_a_table_shows_interval_count_target_and_verdict() -> None:
    row = to_terminal(RESULT).splitlines()[2]
    assert row.split() == "share cpom-tutor all 50.0 % 25.0 % to 75.0 % 4 ≥ 90.0 % NO".split()


def test_failures_are_shown_only_when_asked_for() -> None:
    assert "tune question" not in to_terminal(RESULT)
    assert "tune question" in to_terminal(RESULT, failures=True)
    assert "failures" not in RESULT.to_json()
    assert RESULT.to_json(failures=True)["failures"][0]["id"] == "r1"


def test_the_markdown_page_names_date_machine_and_command() -> None:
    page = to_markdown([RESULT], "1 May 2030", "a machine", "a version")
    assert "1 May 2030. a machine. a version." in page
    assert "`python -m evals all --write docs/measurements.md`" in page
    assert "| share | cpom-tutor | all | 50.0 % | 25.0 % to 75.0 % | 4 | ≥ 90.0 % | NO |" in page


def test_junit_has_a_case_a_target_and_keeps_errors_apart_from_failures() -> None:
    reached = replace(RESULT, suite="good", figures=(Figure("share", 0.95, 4, target=Target(0.9)),))
    crashed = Result("bad", "", (), error="The index is damaged.")
    root = ElementTree.fromstring(to_junit([RESULT, reached, crashed]))
    counts = [(each.get("name"), each.get("tests"), each.get("failures"), each.get("errors")) for each in root]
    assert counts == [("fake", "1", "1", "0"), ("good", "1", "0", "0"), ("bad", "1", "0", "1")]
    failure, error = root.find("testsuite/testcase/failure"), root.find("testsuite/testcase/error")
    assert failure is not None
    assert "50.0 %" in str(failure.get("message"))
    assert error is not None
    assert error.get("message") == "The index is damaged."


def test_the_page_shows_figures_plots_and_worst_cases_and_loads_nothing() -> None:
    curve = Curve("Risk of a mistake", "coverage", "risk", ((0.5, 0.0), (1.0, 0.25)))
    page = to_html([replace(RESULT, curves=(curve,))], "1 May 2030", "a machine", "a version")
    for shown in ("by kind", "by subsection", "Risk of a mistake", "the tune question", "what was said", "≥ 90.0 %"):
        assert shown in page
    assert 'points="255.0,250.0 465.0,190.0 "' in page  # (0.5, 0) and (1, 0.25) of 420 by 240 pixels
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page
    assert "src=" not in page
    assert "href=" not in page


def test_everything_on_the_page_is_escaped() -> None:
    bad = "<script>alert(1)</script>"
    result = Result(
        bad, bad, (Figure(bad, 0.5, 4, bad, target=Target(1.0)),), (bad,), (Failure(bad, bad, bad, bad),), (bad,),
        (Subject("r1", "tune", bad, bad, bad),), (Scores(bad, {"r1": 1.0}),), (Curve(bad, bad, bad, ()),), bad,
    )  # fmt: skip
    page = to_html([result], bad, bad, bad)
    assert "<script" not in page
    assert page.count("&lt;script&gt;") >= 15
    ElementTree.fromstring(to_junit([result]))


# --- the command ---------------------------------------------------------------------------------------------

Command = Callable[..., int]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    """The command with one suite, which has this result."""

    def run(result: Result, *arguments: str) -> int:
        monkeypatch.setattr(evals_main, "suite_named", lambda _name: lambda _run: result)
        return main(["latency", "--report", str(tmp_path), *arguments])

    return run


def test_a_missed_target_is_exit_code_1_and_every_report_is_written(
    command: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.md"
    assert command(RESULT, "--json", "--write", str(page)) == 1
    printed = json.loads(capsys.readouterr().out)
    assert printed["suites"][0]["fell_short"] is True
    assert json.loads((tmp_path / "evals.json").read_text(encoding="utf-8")) == printed
    assert "## fake" in page.read_text(encoding="utf-8")
    assert "the tune question" in (tmp_path / "evals.html").read_text(encoding="utf-8")
    assert ElementTree.parse(tmp_path / "evals.xml").getroot().tag == "testsuites"


def test_a_suite_that_cannot_be_run_is_exit_code_2_and_the_others_are_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_run: Run) -> Result:
        raise TutorError("The index is damaged.")

    monkeypatch.setattr(evals_main, "suite_named", lambda name: broken if name == "ingest" else lambda _run: RESULT)
    assert main(["ingest", "latency", "--report", str(tmp_path)]) == 2
    out = capsys.readouterr().out
    assert "could not be run: The index is damaged." in out
    assert "fake: What it is." in out


@pytest.mark.parametrize(
    ("measure", "value", "count", "code"),
    [
        pytest.param("share", 0.0, 8, 1, id="a real drop"),
        pytest.param("mistakes", 1.0, 8, 1, id="a real rise of what should be low"),
        pytest.param("share", 0.0, 1, 0, id="one case proves nothing"),
        pytest.param("length", 99.0, 40, 0, id="a length is neither good nor bad"),
        pytest.param("share", 1.0, 40, 0, id="the same"),
    ],
)
def test_only_a_real_drop_against_the_baseline_is_exit_code_1(
    command: Command, tmp_path: Path, measure: str, value: float, count: int, code: int
) -> None:
    baseline = tmp_path / "baseline.json"
    command(RESULT, "--baseline", str(baseline))
    assert command(rescored(measure, value, count), "--against", str(baseline)) == code
    failures = ElementTree.parse(tmp_path / "evals.xml").findall("testsuite[@name='against']/testcase/failure")
    assert len(failures) == code


def test_a_rise_is_no_drop(command: Command, tmp_path: Path) -> None:
    baseline = tmp_path / "baseline.json"
    command(rescored("share", 0.0, 8), "--baseline", str(baseline))
    assert command(RESULT, "--against", str(baseline)) == 0


def test_a_drop_is_named_with_its_tune_cases_and_never_its_sealed_ones(
    command: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    baseline = tmp_path / "baseline.json"
    command(RESULT, "--baseline", str(baseline))
    command(rescored("share", 0.0, 8), "--against", str(baseline))
    line = next(line for line in capsys.readouterr().out.splitlines() if line.strip().startswith("DROP"))
    assert line.startswith("  DROP  fake: share  -0.200")
    assert line.endswith("worse: r0 r2 r4 r6")


@pytest.mark.parametrize("content", [None, "{", "[]", "{}", '{"suites": [{"suite": "fake"}]}'])
def test_a_baseline_that_is_none_is_refused_in_a_sentence(
    command: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None
) -> None:
    path = tmp_path / "baseline.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    assert command(RESULT, "--against", str(path)) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "python -m evals --baseline FILE" in said


def test_the_suites_of_a_minute_are_the_default_and_their_time_has_a_target(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[str] = []

    def suite(name: str) -> Callable[[Run], Result]:
        asked.append(name)
        return lambda _run: RESULT

    monkeypatch.setattr(evals_main, "suite_named", suite)
    main(["--report", str(tmp_path), "--json"])
    assert tuple(asked) == suites_module.DEFAULT
    assert json.loads(capsys.readouterr().out)["suites"][-1]["figures"][0]["target"] == {"value": 60.0, "at_most": True}
    asked.clear()
    main(["all", "--report", str(tmp_path)])
    assert tuple(asked) == suites_module.NAMES


def test_an_unknown_suite_is_refused_with_the_names_to_type(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["retreival"]) == 2
    assert capsys.readouterr().err.strip().endswith(" ".join(suites_module.NAMES))


@pytest.mark.parametrize("arguments", [["--jsn"], ["operating-point", "--at-most-unsupported", "2"]])
def test_a_wrong_option_is_refused_in_a_sentence(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert said.strip().endswith("python -m evals --help")


def test_renewing_the_page_keeps_what_was_written_by_hand(command: Command, tmp_path: Path) -> None:
    page = tmp_path / "measurements.md"
    page.write_text("# Old\n\n## Taken by hand\n\n| a | b |\n", "utf-8")
    command(RESULT, "--write", str(page))
    written = page.read_text(encoding="utf-8")
    assert "# Old" not in written
    assert written.endswith("\n## Taken by hand\n\n| a | b |\n")


# --- sealed cases --------------------------------------------------------------------------------------------


class Echo:
    """A tutor that does everything wrong and says the question again."""

    checker = None

    def ask(self, question: str, _history: Sequence[Turn] = ()) -> Turn:
        reply = Abstention(Reason.UNVERIFIED, f"You asked: {question}")
        return Turn(question, question, Intent.ASK, reply, (), "echo", "f", datetime.now(UTC), 1.0)


class NoTutorial:
    """Finds nothing."""

    def search(self, questions: Sequence[str], _limit: int) -> dict[str, list[str]]:
        return {question: [] for question in questions}


def test_no_report_has_a_sealed_question(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened = SimpleNamespace(
        tutor=Echo(), retriever=SimpleNamespace(library=library, warm_up=lambda: None), warm_up=lambda: None
    )
    monkeypatch.setattr("evals.runs.open_application", lambda _settings, **_: opened)
    monkeypatch.setattr(Run, "tutorial", NoTutorial())
    names = ("answers", "refusals", "conversations", "premises", "operating-point")
    files = {"--report": tmp_path, "--write": tmp_path / "page.md", "--baseline": tmp_path / "baseline.json"}
    options = [text for option, path in files.items() for text in (option, str(path))]
    assert main([*names, "--failures", *options]) == 1
    reports = [capsys.readouterr().out, *(path.read_text("utf-8") for path in tmp_path.iterdir())]
    asked: dict[bool, set[str]] = {True: set(), False: set()}
    for each in conversations():
        asked[each.sealed].update(each.questions)
    for talk in load_conversations():
        asked[talk.split == "sealed"].update(turn.whole for turn in talk.turns)
    page = (tmp_path / "evals.html").read_text("utf-8")
    assert sum(question in page for question in asked[False]) > 20  # they would be seen
    # "And in short?" is asked in many conversations, of both halves.
    open_words = "\n".join(asked[False])
    sealed = {question for question in asked[True] if question not in open_words}
    assert len(sealed) > 300
    leaked = sum(question in report for question in sealed for report in reports)
    assert leaked == 0
