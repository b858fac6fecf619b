"""Tables that a spreadsheet opens without running anything in them."""

import csv
import io
from collections.abc import Iterable, Sequence

# A spreadsheet runs a cell that starts like this.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_bytes(rows: Iterable[Sequence[str]]) -> bytes:
    """CSV in UTF-8 with the mark by which Excel knows it; every line ends as RFC 4180 says.

    What a spreadsheet would compute gets an apostrophe in front, which it does not show.
    """
    written = io.StringIO(newline="")
    table = csv.writer(written)
    for row in rows:
        table.writerow([_harmless(cell) for cell in row])
    # What people paste may hold half a surrogate pair.
    return written.getvalue().encode("utf-8-sig", "replace")


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
