"""Practice to take away: the files that the Progress screen offers, for learners that are known here only."""

from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from starlette.responses import PlainTextResponse

from cpom_tutor.errors import BadInput, NotFound, TutorError
from cpom_tutor.library import Library
from cpom_tutor.practice.export.export import ExportedFile, ExportForm, export, to_export
from cpom_tutor.practice_protocols import Practice
from cpom_tutor.protocols import Records
from cpom_tutor.ui.spoken import sentence_of
from cpom_tutor.ui.visitors import learner_of

PATH = "/take-away"

_KEY = "key"


def add_downloads(app: FastAPI, records: Records, practice: Practice, library: Callable[[], Library]) -> None:
    """Adds the addresses of the files to the app.

    Args:
        app: before Gradio is mounted on it.
        records: knows the learners.
        practice: gives the questions.
        library: gives the course as the index has it now.
    """

    @app.get(PATH + "/{form}")
    def download(form: str, request: Request) -> Response:
        try:
            learner_of(request.cookies, records)
            return _sent(_file(form, request.query_params.get("sheet", ""), practice, library()))
        except NotFound as error:
            return PlainTextResponse(str(error), status_code=404)
        except BadInput as error:
            return PlainTextResponse(str(error), status_code=400)
        except TutorError as error:
            return PlainTextResponse(str(error), status_code=503)
        except Exception as error:  # noqa: BLE001  (logged; a learner never sees a stack trace)
            return PlainTextResponse(sentence_of(error), status_code=500)


def _file(form: str, sheet: str, practice: Practice, library: Library) -> ExportedFile:
    if form not in (*ExportForm, _KEY):
        raise NotFound("There is no such file; choose one on the Progress screen.")
    made = ExportForm.SHEET if form == _KEY else ExportForm(form)
    # A sheet and its key are asked for one after the other: the same number draws the same questions.
    numbered = made is ExportForm.SHEET and sheet.isascii() and sheet.isdigit() and len(sheet) < 10
    items = to_export(made, practice, seed=int(sheet) if numbered else 0)
    if not items:
        raise NotFound("The course carries no question yet, so there is nothing to take away.")
    files = export(made, items, code=library.code, title=library.title, made_at=datetime.now(UTC))
    return files[1 if form == _KEY else 0]


def _sent(file: ExportedFile) -> Response:
    name = f"attachment; filename*=UTF-8''{quote(file.name)}"
    return Response(file.content, media_type=file.media_type, headers={"content-disposition": name})
