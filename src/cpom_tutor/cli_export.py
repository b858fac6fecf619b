"""The command that takes practice away: `export anki|csv|sheet`."""

import argparse
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from cpom_tutor.cli_practice import one_of, seed
from cpom_tutor.config import load_settings
from cpom_tutor.errors import BadInput
from cpom_tutor.items import ItemKind, Level
from cpom_tutor.practice.export.export import A_SHEET, ExportedFile, ExportForm, export, to_export

_Parser = TypeVar("_Parser", bound=argparse.ArgumentParser)

_DONE, _FELL_SHORT = 0, 1


def add_export_command(commands: "argparse._SubParsersAction[_Parser]", say: Callable[[str], None]) -> None:
    """Adds `export`.

    Args:
        commands: where to.
        say: prints to standard error.
    """
    parser = commands.add_parser("export", help="practice to take away: an Anki deck, a table, a printable sheet")
    parser.add_argument(
        "form",
        choices=[form.value for form in ExportForm],
        metavar="FORM",
        help="anki, csv or sheet (with its key apart)",
    )
    parser.add_argument("--topic", default="", metavar="ADDRESS", help="only what stands there, such as 1.1.2")
    parser.add_argument(
        "--count", type=int, metavar="N", help=f"how many (default: one for each fact; sheet: {A_SHEET})"
    )
    parser.add_argument("--kind", action="append", default=[], metavar="KIND", help=f"only {', '.join(ItemKind)}")
    parser.add_argument("--level", metavar="LEVEL", help=f"only {' or '.join(Level)}")
    parser.add_argument("--seed", type=seed, default=0, metavar="S", help="another seed draws others (default: 0)")
    parser.add_argument("--output", type=Path, metavar="FILE", help="where to (default: a name in the current folder)")
    parser.set_defaults(run=lambda given: _export(given, say))


def _export(given: argparse.Namespace, say: Callable[[str], None]) -> int:
    # Imported here: the index's parts take a second, and `--help` does without them.
    from cpom_tutor.wiring import open_library, open_practice

    form = ExportForm(given.form)
    kinds = [one_of(ItemKind, name, "--kind") for several in given.kind for name in several.split(",")]
    level = one_of(Level, given.level, "--level") if given.level else None
    settings = load_settings()
    items = to_export(
        form, open_practice(settings), seed=given.seed, count=given.count, topic=given.topic, kinds=kinds, level=level
    )
    if not items:
        say("There is no such question, so nothing was written; leave out --topic, --kind or --level.")
        return _FELL_SHORT
    library = open_library(settings)
    files = export(form, items, code=library.code, title=library.title, made_at=datetime.now(UTC))
    written = [_written(file, path) for file, path in zip(files, _paths(files, given.output), strict=True)]
    if given.count is not None and len(items) < given.count:
        say(_fewer(form, len(items)))
    say(f"{len(items)} question{'s' if len(items) != 1 else ''} written to {' and '.join(map(str, written))}")
    return _DONE


def _fewer(form: ExportForm, count: int) -> str:
    if form is ExportForm.SHEET:
        return f"These are all {count} such questions that can stand on one sheet; another --seed draws others."
    return f"The course has {count} such facts to ask for, with a question each; these are all."


def _paths(files: tuple[ExportedFile, ...], output: Path | None) -> list[Path]:
    """Where each file goes: under its own name, or as `output` says, the second with `-key` before its ending.

    Raises:
        BadInput: `output` is a folder, or its ending belongs to another kind of file.
    """
    if output is None:
        return [Path(file.name) for file in files]
    if output.is_dir():
        raise BadInput(f"{output} is a folder; give a file with --output {output / files[0].name}")
    ending = Path(files[0].name).suffix
    if not output.suffix:
        output = output.with_name(f"{output.name}{ending}")
    if output.suffix.lower() != ending:
        raise BadInput(
            f"This is written as {ending}, and not as {output.suffix}; give --output {output.with_suffix(ending)}"
        )
    return [output, output.with_name(f"{output.stem}-key{output.suffix}")][: len(files)]


def _written(file: ExportedFile, path: Path) -> Path:
    try:
        path.write_bytes(file.content)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise BadInput(f"{path} cannot be written ({reason}); give another place with --output FILE.") from error
    return path
