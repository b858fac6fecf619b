"""Settings: a flag wins over the environment, the environment over the default."""

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from cpom_tutor.config import (
    DEFAULT_EMBEDDER,
    DEFAULT_MOST_UNSUPPORTED,
    checkout_folder,
    default_home,
    load_settings,
)
from cpom_tutor.errors import BadInput


def test_an_empty_environment_gives_the_defaults() -> None:
    settings = load_settings({})
    assert settings.home == default_home()
    assert settings.embedder == DEFAULT_EMBEDDER
    assert settings.checker == "rules"
    assert (settings.chroma_url, settings.database_url, settings.model) == (None, None, None)
    assert settings.most_unsupported == DEFAULT_MOST_UNSUPPORTED


def test_each_setting_is_read_from_its_variable(tmp_path: Path) -> None:
    settings = load_settings(
        {
            "CPOM_TUTOR_HOME": str(tmp_path),
            "CPOM_TUTOR_CHROMA_URL": "http://chroma:8000",
            "CPOM_TUTOR_DATABASE_URL": "postgresql://db/tutor",
            "CPOM_TUTOR_EMBEDDER": "my-embedder",
            "CPOM_TUTOR_MODEL": "my-model",
            "CPOM_TUTOR_CHECKER": "my-checker",
            "CPOM_TUTOR_BENCHMARKS": str(tmp_path / "data"),
            "CPOM_TUTOR_MOST_UNSUPPORTED": "0.015",
            "HOME": "/elsewhere",
        }
    )
    assert settings.home == tmp_path
    assert settings.chroma_url == "http://chroma:8000"
    assert settings.database_url == "postgresql://db/tutor"
    assert settings.embedder == "my-embedder"
    assert settings.model == "my-model"
    assert settings.checker == "my-checker"
    assert settings.benchmarks == tmp_path / "data"
    assert settings.most_unsupported == 0.015


@pytest.mark.parametrize(("text", "share"), [("0", 0), ("1", 1), ("2%", 0.02), ("0.5%", 0.005), (" 0.1 ", 0.1)])
def test_a_share_is_a_number_or_a_percentage(text: str, share: float) -> None:
    assert load_settings({"CPOM_TUTOR_MOST_UNSUPPORTED": text}).most_unsupported == pytest.approx(share)


@pytest.mark.parametrize("text", ["few", "-0.1", "1.01", "101%", "%", "nan", "inf", "0,02"])
def test_a_share_that_is_none_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(BadInput, match=r"CPOM_TUTOR_MOST_UNSUPPORTED is “.*”; set it to a share such as 0\.02"):
        load_settings({"CPOM_TUTOR_MOST_UNSUPPORTED": text})


def test_a_flag_wins_over_the_environment(tmp_path: Path) -> None:
    environment = {
        "CPOM_TUTOR_HOME": "/from/environment",
        "CPOM_TUTOR_CHROMA_URL": "http://environment",
        "CPOM_TUTOR_EMBEDDER": "from-environment",
    }
    settings = load_settings(environment, home=tmp_path, chroma_url="http://flag", embedder="from-flag")
    assert (settings.home, settings.chroma_url, settings.embedder) == (tmp_path, "http://flag", "from-flag")


def test_the_process_environment_is_used_where_none_is_given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CPOM_TUTOR_HOME", str(tmp_path))
    assert load_settings().home == tmp_path
    monkeypatch.delenv("CPOM_TUTOR_HOME")
    assert load_settings().home == default_home()


@pytest.mark.parametrize("blank", ["", "   ", "\t"])
def test_a_blank_variable_counts_as_unset(blank: str) -> None:
    environment = {
        f"CPOM_TUTOR_{name}": blank
        for name in ("HOME", "CHROMA_URL", "DATABASE_URL", "EMBEDDER", "MODEL", "CHECKER", "MOST_UNSUPPORTED")
    }
    assert load_settings(environment) == load_settings({})


def test_a_tilde_in_a_folder_is_the_users_home() -> None:
    settings = load_settings({"CPOM_TUTOR_HOME": "~/tutor", "CPOM_TUTOR_BENCHMARKS": "~/data"})
    assert settings.home == Path.home() / "tutor"
    assert settings.benchmarks == Path.home() / "data"


def test_everything_is_kept_under_the_one_home(tmp_path: Path) -> None:
    settings = load_settings({}, home=tmp_path)
    assert settings.index_folder.is_relative_to(tmp_path)
    assert settings.records_url == f"sqlite:///{tmp_path / 'records.sqlite'}"


def test_a_database_url_replaces_the_file_under_home(tmp_path: Path) -> None:
    settings = load_settings({"CPOM_TUTOR_DATABASE_URL": "postgresql://db/tutor"}, home=tmp_path)
    assert settings.records_url == "postgresql://db/tutor"


def test_a_checkout_keeps_its_data_inside_itself() -> None:
    checkout = checkout_folder()
    assert checkout is not None
    assert default_home() == checkout / ".cpom-tutor"


def test_settings_cannot_be_changed_after_reading() -> None:
    settings = load_settings({})
    with pytest.raises(FrozenInstanceError):
        settings.checker = "none"  # type: ignore[misc]
