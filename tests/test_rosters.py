"""Class lists as Moodle, Canvas and spreadsheets write them, and as they go wrong."""

import pytest

from cpom_tutor.accounts import Role
from cpom_tutor.errors import BadInput
from cpom_tutor.rosters import LARGEST, RosterLine, read_roster

MOODLE = (
    '\ufeff"First name","Last name","Email address",Groups\r\n'
    'Ada,Lovelace,Ada@Example.org,Autumn\r\n'
    '"Jean ""Jo""",O\'Neill,jo@example.org,""\r\n'
)  # fmt: skip
CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Quiz 1 (12)\n"
    "    Points Possible,,,,,10\n"
    '"Lovelace, Ada",7,u7,ada,Autumn,9\n'
    '"Student, Test",8,,f00ba4,Autumn,\n'
)
EXCEL = (
    "sep=;\r\nAnmeldename;Name;Gruppe;Rolle\r\nada;Ada Lovelace;Herbst;\r\n;;;\r\n"
    "müller;Jürgen Müller;Herbst;Instructor\r\n"
)
OURS = "name\tshown as\tclass\nada\tAda L.\tAutumn\n"


def read(text: str) -> tuple[RosterLine, ...]:
    return read_roster(text.encode(), "class.csv")


def refused(content: str | bytes) -> str:
    with pytest.raises(BadInput) as caught:
        read_roster(content if isinstance(content, bytes) else content.encode(), "class.csv")
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (MOODLE, [(2, "ada@example.org", "Ada Lovelace", "Autumn"), (3, "jo@example.org", "Jean \"Jo\" O'Neill", "")]),
        (CANVAS, [(3, "ada", "Lovelace, Ada", "Autumn")]),
        (EXCEL, [(3, "ada", "Ada Lovelace", "Herbst"), (5, "müller", "Jürgen Müller", "Herbst")]),
        (OURS, [(2, "ada", "Ada L.", "Autumn")]),
        ("Email\nada@example.org", [(2, "ada@example.org", "", None)]),
        ("Username,E-mail\n,ada@example.org", [(2, "ada@example.org", "", None)]),
        ('login,full name\nada,"Ada\nLovelace"\nbob,Bob', [(2, "ada", "Ada Lovelace", None), (4, "bob", "Bob", None)]),
    ],
)  # fmt: skip
def test_what_schools_hand_out_is_read(text: str, wanted: list[tuple[int, str, str, str | None]]) -> None:
    assert [(line.number, line.name, line.shown_as, line.group) for line in read(text)] == wanted


@pytest.mark.parametrize(
    ("words", "role"),
    [("", Role.LEARNER), ("Student", Role.LEARNER), ("teacher", Role.INSTRUCTOR), ("MAINTAINER", Role.MAINTAINER)],
)
def test_roles_are_read_whatever_their_case(words: str, role: Role) -> None:
    assert read(f"username,role\nada,{words}")[0].role is role


def test_every_bad_line_is_told_with_its_number_in_one_go() -> None:
    told = refused("username,role,group\nada,learner,A\n,learner,A\nADA,learner,B\na b,learner,A\nbob,king,A\n")
    lines = told.splitlines()
    assert "nobody was added" in lines[0]
    assert [line.split(":")[0] for line in lines[1:-1]] == ["line 3", "line 4", "line 5", "line 6"]
    assert "no name to sign in by" in lines[1]
    assert "“ada” stands on line 2 already" in lines[2]
    assert "“a b” cannot be a sign-in name" in lines[3]
    assert "“king” is no role" in lines[4]
    assert lines[-1] == "Mend them and type the command again."


def test_a_hundred_bad_lines_are_counted_rather_than_told() -> None:
    told = refused("username\n" + "a b\n" * 100)
    assert "and 80 more lines" in told
    assert len(told.splitlines()) == 23


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("username,shown as\nada,Zoë".encode("latin-1"), "is not in UTF-8; in Excel save it as"),
        ("username\nada".encode("utf-16"), "is not in UTF-8;"),
        ("username\nada".encode("utf-16-le"), "is not in UTF-8;"),
        ("", "no column to sign in by"),
        ("surname,grade\nLovelace,A", "(its first line is: surname, grade)"),
        ("username,email\n", "names nobody;"),
        ("\n\n \n", "no column to sign in by"),
        ('username,name\nada,"Ada\nbob,Bob', "is no CSV from line 2 on"),
        ('username,name\nada,"Ada" Lovelace\n', "is no CSV from line 2 on"),
        (b"username\n" + b"a" * LARGEST, "larger than 5 MB;"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "is not in UTF-8;"),
    ],
)
def test_what_is_no_list_is_refused_in_one_sentence(content: str | bytes, said: str) -> None:
    told = refused(content)
    assert said in told
    assert "\n" not in told
