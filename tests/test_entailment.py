"""A cross-encoder by setting: it judges what no rule decides, and its own configuration says what its outputs mean."""

import json
from pathlib import Path

import pytest

from cpom_tutor.answers import Label
from cpom_tutor.cli import main
from cpom_tutor.config import Settings
from cpom_tutor.errors import BadInput, CheckerUnavailable
from cpom_tutor.grounding.entailment import Entailment, label_order
from cpom_tutor.testing import make_tiny_cross_encoder
from cpom_tutor.wiring import examine, open_checker

NLI = ("contradiction", "entailment", "neutral")
ROLES = "Both roles are essential, and they work in synergy."
SAID_OTHERWISE = "Neither of the two can be left out."


def made(tmp_path: Path, always: str, labels: tuple[str, ...] = NLI) -> str:
    return str(make_tiny_cross_encoder(tmp_path / "model", labels, always))


def settings(tmp_path: Path, model: str) -> Settings:
    return Settings(tmp_path / "home", checker=f"cross-encoder:{model}")


@pytest.mark.parametrize("labels", [NLI, ("ENTAILMENT", "NEUTRAL", "CONTRADICTION")])
@pytest.mark.parametrize(
    ("always", "label"),
    [("entailment", Label.SUPPORTED), ("neutral", Label.NOT_ENOUGH_INFO), ("contradiction", Label.REFUTED)],
)
def test_the_models_own_labels_say_what_it_found(
    tmp_path: Path, labels: tuple[str, ...], always: str, label: Label
) -> None:
    name = next(each for each in labels if each.lower() == always)
    verdict = Entailment(made(tmp_path, name, labels)).judge(SAID_OTHERWISE, [ROLES])
    assert verdict.label is label
    assert (verdict.score > 0.9) is (label is Label.SUPPORTED)
    assert verdict.reason.endswith(".")


def test_the_model_decides_what_no_rule_does_and_a_rule_stands_against_it(tmp_path: Path) -> None:
    checker = open_checker(settings(tmp_path, made(tmp_path, "entailment")))
    assert checker.check(SAID_OTHERWISE, [ROLES]).label is Label.SUPPORTED
    assert checker.check("Both roles are not essential.", [ROLES]).label is Label.REFUTED
    assert checker.check("All 12 roles are essential.", [ROLES]).label is not Label.SUPPORTED


def test_a_quote_is_supported_whatever_the_model_says(tmp_path: Path) -> None:
    checker = open_checker(settings(tmp_path, made(tmp_path, "contradiction")))
    assert checker.check(ROLES, [ROLES]).label is Label.SUPPORTED
    assert checker.check(SAID_OTHERWISE, [ROLES]).label is Label.REFUTED


@pytest.mark.parametrize("labels", [{0: "LABEL_0", 1: "LABEL_1"}, {0: "entailment", 1: "neutral", 2: "neutral"}, {}])
def test_a_model_made_for_something_else_is_refused_by_its_labels(labels: dict[int, str]) -> None:
    with pytest.raises(CheckerUnavailable, match="not entailment, neutral and contradiction; set CPOM_TUTOR_CHECKER"):
        label_order(labels, "some-model")


def test_a_folder_without_a_model_is_said_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CheckerUnavailable, match=r"holds no usable cross-encoder .* set CPOM_TUTOR_CHECKER"):
        Entailment(str(tmp_path)).judge(SAID_OTHERWISE, [ROLES])


def test_a_folder_that_is_not_there_is_not_looked_for_on_the_hub(tmp_path: Path) -> None:
    with pytest.raises(CheckerUnavailable, match=r"There is no folder .*nowhere; set CPOM_TUTOR_CHECKER"):
        Entailment(str(tmp_path / "nowhere")).judge(SAID_OTHERWISE, [ROLES])


def test_a_hub_name_without_a_network_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(CheckerUnavailable, match="neither a folder nor on this machine, and HF_HUB_OFFLINE is set"):
        Entailment("nobody/no-such-model").judge(SAID_OTHERWISE, [ROLES])


@pytest.mark.parametrize("name", ["astrology", "cross-encoder:", "cross-encoder"])
def test_a_checker_that_does_not_exist_is_refused_before_anything_is_loaded(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput, match="CPOM_TUTOR_CHECKER names"):
        open_checker(Settings(tmp_path, checker=name))


def test_the_doctor_loads_the_model_and_names_its_labels(tmp_path: Path) -> None:
    (found,) = [each for each in examine(settings(tmp_path, made(tmp_path, "neutral"))) if each.name == "checker"]
    assert found.ok
    assert "its labels: refuted, supported, not_enough_info" in found.finding
    (missing,) = [each for each in examine(settings(tmp_path, str(tmp_path))) if each.name == "checker"]
    assert missing.ok is False
    assert "CPOM_TUTOR_CHECKER" in missing.finding


def test_check_is_its_face(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("CPOM_TUTOR_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CPOM_TUTOR_CHECKER", f"cross-encoder:{made(tmp_path, 'entailment')}")
    lines = tmp_path / "claims.jsonl"
    lines.write_text(json.dumps({"id": "1", "claim": SAID_OTHERWISE, "evidence": [ROLES]}) + "\n", "utf-8")
    with lines.open(encoding="utf-8") as stream:
        monkeypatch.setattr("sys.stdin", stream)
        assert main(["check", "--jsonl"]) == 0
    assert '"label": "supported"' in capsys.readouterr().out
