"""`cpom-tutor users import`, as somebody with a class list types it."""

import csv
import io
import stat
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cpom_tutor.accounts import Account
from cpom_tutor.cli import main
from cpom_tutor.config import Settings
from cpom_tutor.errors import NotAllowed
from cpom_tutor.records.passwords import hashed_made_up, outdated
from cpom_tutor.records.store import open_records

LIST = "username,full name,group\nada,Ada Lovelace,Autumn\nbob,=1+1,Autumn\n"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CPOM_TUTOR_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    file = tmp_path / "class.csv"
    file.write_text(LIST, encoding="utf-8")
    return file


@pytest.fixture
def users(capsys: pytest.CaptureFixture[str]) -> "Users":
    return Users(capsys)


class Users:
    """Types a command."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys

    def __call__(self, *arguments: object) -> tuple[int, str, str]:
        code = main(["users", *map(str, arguments)])
        out, err = self.capsys.readouterr()
        return code, out, err


def kept(home: Path) -> dict[str, Account]:
    records = open_records(Settings(home))
    found = {account.name: account for account in records.accounts()}
    records.close()
    return found


def table(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def test_a_class_is_enrolled_with_passwords_to_hand_out(users: Users, home: Path, roster: Path) -> None:
    code, out, err = users("import", roster)
    assert code == 0
    head, ada, bob = table(out)
    assert head == ["name", "password", "shown as", "group"]
    assert (ada[0], *ada[2:]) == ("ada", "Ada Lovelace", "Autumn")
    assert bob[2] == "'=1+1"  # no spreadsheet computes it
    assert ada[1] != bob[1]
    assert "2 accounts made in Autumn, 0 left as they were." in err
    assert "first accounts" in err
    assert "cpom-tutor users add NAME --role maintainer" in err
    records = open_records(Settings(home))
    assert records.sign_in("ada", ada[1], datetime.now(UTC))
    with pytest.raises(NotAllowed):
        records.sign_in("ada", bob[1], datetime.now(UTC))
    records.close()
    assert {account.temporary for account in kept(home).values()} == {True}


def test_the_first_sign_in_keeps_a_made_up_password_as_any_other(users: Users, home: Path, roster: Path) -> None:
    password = table(users("import", roster)[1])[1][1]
    assert outdated(hashed_made_up(password))
    records = open_records(Settings(home))
    records.sign_in("ada", password, datetime.now(UTC))
    with records._reading() as connection:
        found = connection.exec_driver_sql("SELECT password FROM accounts ORDER BY name").scalars().all()
    records.close()
    assert [outdated(one) for one in found] == [False, True]


def test_twice_is_as_good_as_once(users: Users, home: Path, roster: Path, tmp_path: Path) -> None:
    file = tmp_path / "passwords.csv"
    users("import", roster, "--passwords", file)
    before, handed_out = kept(home), file.read_bytes()
    code, out, err = users("import", roster, "--passwords", file)
    assert (code, out) == (0, "")
    assert "0 accounts made, 2 left as they were." in err
    assert kept(home) == before
    assert file.read_bytes() == handed_out


def test_people_who_are_there_change_their_class_and_nothing_else(users: Users, home: Path, roster: Path) -> None:
    users("import", roster)
    users("disable", "bob")
    roster.write_text("username,group,role\nADA,Spring,instructor\nbob,,\ncy,,\n", encoding="utf-8")
    code, out, err = users("import", roster, "--group", "Autumn")
    assert code == 0
    assert [row[0] for row in table(out)[1:]] == ["cy"]
    assert "1 account made in Autumn, 1 person moved to another class, 1 left as they were; 1 of those" in err
    found = kept(home)
    assert {name: account.group for name, account in found.items()} == {
        "ada": "Spring",
        "bob": "Autumn",
        "cy": "Autumn",
    }
    assert (found["ada"].role.value, found["ada"].shown_as) == ("learner", "Ada Lovelace")


def test_a_list_on_standard_input(users: Users, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(LIST.encode())))
    code, out, _ = users("import", "-")
    assert (code, len(table(out))) == (0, 3)
    assert set(kept(home)) == {"ada", "bob"}
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"grade\nA\n")))
    assert "The list has no column to sign in by" in users("import", "-")[2]


def test_a_dry_run_does_nothing(users: Users, home: Path, roster: Path, tmp_path: Path) -> None:
    code, out, err = users("import", roster, "--check", "--passwords", tmp_path / "new.csv")
    assert (code, out) == (0, "")
    assert "2 accounts would be made in Autumn, 0 left as they were. Nothing was done." in err
    assert not kept(home)
    assert not (tmp_path / "new.csv").exists()


def test_one_bad_line_keeps_everybody_out(users: Users, home: Path, roster: Path) -> None:
    roster.write_text(LIST + "ada,Another Ada,Autumn\n", encoding="utf-8")
    code, out, err = users("import", roster)
    assert (code, out) == (2, "")
    assert "line 4: “ada” stands on line 2 already" in err
    assert not kept(home)


def test_passwords_are_written_for_one_reader_and_never_over_a_file(
    users: Users, home: Path, roster: Path, tmp_path: Path
) -> None:
    file = tmp_path / "passwords.csv"
    code, out, err = users("import", roster, "--passwords", file)
    assert (code, out) == (0, "")
    assert str(file) in err
    assert file.read_bytes().startswith(b"\xef\xbb\xbfname,password,")
    if sys.platform != "win32":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_bytes()
    roster.write_text("username\ncy\n", encoding="utf-8")
    code, _, err = users("import", roster, "--passwords", file)
    assert code == 2
    assert "is not overwritten;" in err
    assert file.read_bytes() == before
    assert "cy" not in kept(home)


@pytest.mark.parametrize(("name", "said"), [("nowhere.csv", "cannot be read"), (".", "cannot be read")])
def test_a_file_that_cannot_be_read(users: Users, tmp_path: Path, name: str, said: str) -> None:
    code, _, err = users("import", tmp_path / name)
    assert code == 2
    assert said in err
    assert "Traceback" not in err


def test_a_folder_that_cannot_be_written_makes_nobody(users: Users, home: Path, roster: Path, tmp_path: Path) -> None:
    code, _, err = users("import", roster, "--passwords", tmp_path / "nowhere" / "passwords.csv")
    assert code == 2
    assert "cannot be written" in err
    assert not kept(home)


def test_three_hundred_people_are_enrolled_at_once(users: Users, home: Path, roster: Path) -> None:
    roster.write_text("username\n" + "\n".join(f"learner{number}" for number in range(300)), encoding="utf-8")
    assert len(table(users("import", roster, "--group", "Autumn")[1])) == 301
    assert len(kept(home)) == 300
