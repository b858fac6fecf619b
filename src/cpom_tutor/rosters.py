"""A class list as schools hand it out: Moodle's, Canvas's, or a spreadsheet's CSV -> who is to have an account."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cpom_tutor.accounts import Role, shown_name, sign_in_name
from cpom_tutor.errors import BadInput

LARGEST = 5_000_000
"""Bytes of a list; some fifty thousand people."""

_MOST_TOLD = 20
_SEPARATORS = ",;\t"
# Earlier ones win. A heading is compared without case, spaces and marks.
_NAMES = (
    "signinname username login loginid sisloginid userlogin user account benutzername anmeldename".split(),
    "email emailaddress mail mailaddress emailadresse".split(),
)
_SHOWN = "shownas displayname fullname studentname student name vollstandigername anzeigename".split()
_FIRST, _LAST = "firstname givenname vorname".split(), "lastname surname familyname nachname".split()
_GROUP = "group groups class course section sectionname cohort group1 cohort1 gruppe gruppen klasse kurs".split()
_ROLE = "role roles rolle".split()
_ROLES = {
    "": Role.LEARNER, "learner": Role.LEARNER, "student": Role.LEARNER,
    "instructor": Role.INSTRUCTOR, "teacher": Role.INSTRUCTOR, "maintainer": Role.MAINTAINER,
}  # fmt: skip
# Rows that Canvas writes into its grade book: the points of each column, and a student who is none.
_NOBODY = {"pointspossible", "studenttest", "teststudent"}
_NOT_UTF_8 = "is not in UTF-8; in Excel save it as “CSV UTF-8”, elsewhere export it with that encoding."


@dataclass(frozen=True, slots=True)
class RosterLine:
    """Somebody on the list.

    Attributes:
        number: the line of the file, from 1.
        name: what they will sign in by.
        shown_as: the name that others read; may be empty.
        group: their class; None where the list has no such column.
        role: what they may do.
    """

    number: int
    name: str
    shown_as: str
    group: str | None
    role: Role


def read_roster(content: bytes, called: str) -> tuple[RosterLine, ...]:
    """Everybody on a list, in its order.

    Args:
        content: of the file: CSV with commas, semicolons or tabs, UTF-8 with or without its mark, headings first.
        called: the file, for what is said of it.

    Raises:
        BadInput: it cannot be read; or lines of it cannot be, each named with its number, one a line.
    """
    rows = _rows(_text(content, called), called)
    columns = _Columns.of(next(rows, (0, []))[1], called)
    found: list[RosterLine] = []
    faults: list[str] = []
    first_at: dict[str, int] = {}
    for number, cells in rows:
        if _nobody(cells):
            continue
        try:
            line = columns.line(number, cells)
            if line.name in first_at:
                raise BadInput(f"“{line.name}” stands on line {first_at[line.name]} already; take one of them out.")
            first_at[line.name] = number
            found.append(line)
        except BadInput as error:
            faults.append(f"line {number}: {error}")
    if faults:
        raise BadInput(_told(faults, called))
    if not found:
        raise BadInput(f"{called} names nobody; give a list with a heading and one line a person.")
    return tuple(found)


def _told(faults: Sequence[str], called: str) -> str:
    more = [f"... and {len(faults) - _MOST_TOLD} more lines"] if len(faults) > _MOST_TOLD else []
    lines = [f"{called} has lines that cannot be taken, so nobody was added:", *faults[:_MOST_TOLD], *more]
    return "\n".join([*lines, "Mend them and type the command again."])


def _text(content: bytes, called: str) -> str:
    if len(content) > LARGEST:
        raise BadInput(f"{called} is larger than {LARGEST // 1_000_000} MB; give a class list alone.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(f"{called} {_NOT_UTF_8}") from None
    if "\0" in text:
        raise BadInput(f"{called} {_NOT_UTF_8}")
    return text


def _rows(text: str, called: str) -> Iterator[tuple[int, list[str]]]:
    """Rows that say something, with the number of the line on which each starts."""
    skipped = 0
    head, _, rest = text.partition("\n")
    separator = max(_SEPARATORS, key=head.count)
    if re.fullmatch(r"sep=[,;\t]\r?", head):  # Excel's own first line
        text, separator, skipped = rest, head[4], 1
    table = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    start = skipped + 1
    try:
        for cells in table:
            if any(cell.strip() for cell in cells):
                yield start, cells
            start = skipped + table.line_num + 1
    except csv.Error as error:
        raise BadInput(f"{called} is no CSV from line {start} on ({error}); look for a quotation mark there.") from None


def _nobody(cells: Sequence[str]) -> bool:
    return _plain(cells[0]) in _NOBODY


def _plain(heading: str) -> str:
    return re.sub(r"[\W_]", "", heading.casefold()).replace("ä", "a")


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where in a row stands what."""

    names: tuple[int, ...]
    shown: tuple[int, ...]
    whole: tuple[int, int] | None
    group: int | None
    role: int | None

    @classmethod
    def of(cls, headings: Sequence[str], called: str) -> "_Columns":
        """Raises BadInput where nothing says what they sign in by."""
        places: dict[str, int] = {}
        for place, heading in enumerate(headings):
            places.setdefault(_plain(heading), place)
        names = [places[one] for kind in _NAMES for one in kind if one in places]
        shown = [places[one] for one in _SHOWN if one in places]
        if not names and "name" in places:
            names, shown = [places["name"]], [place for place in shown if place != places["name"]]
        if not names:
            seen = ", ".join(heading.strip() for heading in headings[:8] if heading.strip())
            raise BadInput(
                f"{called} has no column to sign in by (its first line is: {seen[:120] or 'empty'}); "
                "head one with “username” or “email”."
            )
        first, last = _first(places, _FIRST), _first(places, _LAST)
        whole = None if first is None or last is None else (first, last)
        return cls(tuple(names), tuple(shown), whole, _first(places, _GROUP), _first(places, _ROLE))

    def line(self, number: int, cells: Sequence[str]) -> RosterLine:
        """Raises BadInput for a row that is no person."""
        name = next((cell for cell in (_cell(cells, place) for place in self.names) if cell), "")
        if not name:
            raise BadInput("there is no name to sign in by; fill in that cell, or take the line out.")
        whole = " ".join(_cell(cells, place) for place in self.whole).strip() if self.whole else ""
        shown = next((cell for cell in (_cell(cells, place) for place in self.shown) if cell), "")
        group = None if self.group is None else shown_name(_cell(cells, self.group))
        role = "" if self.role is None else _cell(cells, self.role)
        if role.casefold() not in _ROLES:
            raise BadInput(f"“{shown_name(role)}” is no role; write learner, instructor or maintainer.")
        return RosterLine(number, sign_in_name(name), shown_name(whole or shown), group, _ROLES[role.casefold()])


def _first(places: Mapping[str, int], headings: Sequence[str]) -> int | None:
    return next((places[one] for one in headings if one in places), None)


def _cell(cells: Sequence[str], place: int) -> str:
    return cells[place].strip() if place < len(cells) else ""
