"""The README keeps up with the commands, the settings and the tree."""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cpom_tutor.cli import build_parser
from cpom_tutor.config import PREFIX

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")
TREE = README.split("## Where things are")[1]


def subcommands(parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from action.choices.items()


@pytest.mark.parametrize(("name", "command"), list(subcommands(build_parser())))
def test_the_readme_names_every_command_and_option(name: str, command: argparse.ArgumentParser) -> None:
    assert f"`cpom-tutor {name}" in README
    options = {option for action in command._actions for option in action.option_strings if option.startswith("--")}
    assert {option for option in options - {"--help"} if option not in README} == set()


def test_the_readme_names_every_setting() -> None:
    code = (ROOT / "src/cpom_tutor/config.py").read_text("utf-8")
    settings = re.findall(r'read\("([A-Z_]+)"\)', code)
    assert len(settings) >= 7
    assert [name for name in settings if f"`{PREFIX}{name}`" not in README] == []


def modules() -> list[str]:
    found = [path for folder in ("ingest", "src/cpom_tutor", "evals") for path in (ROOT / folder).rglob("*.py")]
    hidden = {"__init__.py", "__main__.py"}
    return sorted({path.name for path in found if path.name not in hidden and "migrations" not in path.parts})


@pytest.mark.parametrize("module", modules())
def test_the_tree_has_every_module(module: str) -> None:
    in_a_row = {"records", "suites"}
    parents = {path.parent.name for path in ROOT.rglob(module) if ".venv" not in path.parts}
    assert module in TREE or (parents & in_a_row and module.removesuffix(".py") in TREE)


def test_every_link_of_the_readme_leads_somewhere() -> None:
    targets = [target for target in re.findall(r"\]\(([^)]+)\)", README) if not target.startswith("http")]
    assert targets
    assert [target for target in targets if not (ROOT / target).exists()] == []
