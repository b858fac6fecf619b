"""`cpom-tutor users`, as the person who runs the tutor types it."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cpom_tutor.accounts import Role
from cpom_tutor.cli import main
from cpom_tutor.config import Settings
from cpom_tutor.errors import NotAllowed
from cpom_tutor.records.store import open_records

PASSWORD = "correct horse"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CPOM_TUTOR_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def users(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> "Users":
    return Users(monkeypatch, capsys)


class Users:
    """Types a command with something on standard input."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.monkeypatch, self.capsys = monkeypatch, capsys

    def __call__(self, *arguments: str, typed: str = "") -> tuple[int, str, str]:
        self.monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        try:
            code = main(["users", *arguments])
        except SystemExit as stopped:
            code = int(stopped.code or 0)
        out, err = self.capsys.readouterr()
        return code, out, err


def may_sign_in(home: Path, name: str, password: str) -> bool:
    records = open_records(Settings(home))
    try:
        return bool(records.sign_in(name, password, datetime.now(UTC)))
    except NotAllowed:
        return False
    finally:
        records.close()


def test_an_account_with_the_password_on_standard_input(users: Users, home: Path) -> None:
    code, out, err = users("add", "Ada", "--role", "instructor", "--group", "Autumn", typed=f"{PASSWORD}\n")
    assert (code, out) == (0, "")
    assert "ada may sign in as instructor." in err
    assert "first account" in err
    assert may_sign_in(home, "ada", PASSWORD)
    assert "first account" not in users("add", "bob", typed=f"{PASSWORD}\n")[2]


@pytest.mark.parametrize("more", [(), ("--generate",)])
def test_a_password_is_made_up_and_printed_alone(users: Users, home: Path, more: tuple[str, ...]) -> None:
    code, out, err = users("add", "ada", *more)
    assert code == 0
    assert may_sign_in(home, "ada", out.strip())
    assert "to be changed" in err


def test_the_list_tells_no_password(users: Users) -> None:
    made = users("add", "ada", "--shown-as", "Ada Lovelace", "--json")[1]
    users("add", "bob", "--role", "maintainer", typed=f"{PASSWORD}\n")
    _, out, _ = users("list", "--json")
    ada, bob = json.loads(out)
    assert (ada["name"], ada["role"], ada["shown_as"], ada["temporary_password"]) == (
        "ada", "learner", "Ada Lovelace", True,
    )  # fmt: skip
    assert (bob["name"], bob["role"], bob["disabled"], bob["temporary_password"]) == ("bob", "maintainer", False, False)
    told = users("list")[1]
    assert "Ada Lovelace" in told
    assert "first password not changed yet" in told
    assert json.loads(made)["password"] not in out + told


def test_an_empty_list_says_what_to_type(users: Users) -> None:
    code, out, err = users("list")
    assert (code, out) == (0, "")
    assert "cpom-tutor users add NAME --role maintainer" in err
    assert users("list", "--json")[1] == "[]\n"


def test_another_password(users: Users, home: Path) -> None:
    users("add", "ada", typed=f"{PASSWORD}\n")
    assert "signed out everywhere" in users("passwd", "ada", typed="battery staple\n")[2]
    assert not may_sign_in(home, "ada", PASSWORD)
    assert may_sign_in(home, "ada", "battery staple")


def test_somebody_is_kept_out_and_let_in_again(users: Users, home: Path) -> None:
    users("add", "ada", typed=f"{PASSWORD}\n")
    assert users("disable", "ada")[0] == 0
    assert not may_sign_in(home, "ada", PASSWORD)
    assert "cpom-tutor users enable ada" in users("passwd", "ADA", typed=f"{PASSWORD}\n")[2]
    assert "disabled" in users("list")[1]
    assert users("enable", "ada")[0] == 0
    assert may_sign_in(home, "ada", PASSWORD)


def test_somebody_moves_to_another_class(users: Users) -> None:
    users("add", "ada", "--group", "Autumn", typed=f"{PASSWORD}\n")
    users("group", "ada", "Spring")
    assert json.loads(users("list", "--json")[1])[0]["group"] == "Spring"


def test_an_account_is_deleted_by_somebody_who_is_sure(users: Users) -> None:
    users("add", "ada", typed=f"{PASSWORD}\n")
    code, _, err = users("delete", "ada")
    assert code == 2
    assert "add --yes" in err
    assert users("delete", "ada", "--yes")[0] == 0
    assert users("list", "--json")[1] == "[]\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", "a b"), "cannot be a sign-in name;"),
        (("add", "ada", "--role", "king"), "learner"),
        (("passwd", "nobody"), "cpom-tutor users list"),
        (("disable", "nobody"), "cpom-tutor users list"),
        (("enable", "nobody"), "cpom-tutor users list"),
        (("group", "nobody", "x"), "cpom-tutor users list"),
        (("delete", "nobody", "--yes"), "cpom-tutor users list"),
        (("add",), "NAME"),
        ((), "PART"),
    ],
)
def test_bad_use_is_a_sentence_with_the_next_step(users: Users, arguments: tuple[str, ...], said: str) -> None:
    code, out, err = users(*arguments, typed=f"{PASSWORD}\n")
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err


def test_a_short_password_makes_no_account(users: Users) -> None:
    code, _, err = users("add", "ada", typed="short\n")
    assert code == 2
    assert "8 to 200 characters;" in err
    assert users("list", "--json")[1] == "[]\n"


def test_every_role_can_be_given(users: Users) -> None:
    for role in Role:
        assert users("add", f"a-{role}", "--role", role)[0] == 0
