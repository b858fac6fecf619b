"""All that is kept of a learner as a file, for that learner only."""

import json

from fastapi import FastAPI, Request, Response
from starlette.responses import PlainTextResponse

from cpom_tutor.errors import NotAllowed, NotFound, TutorError
from cpom_tutor.protocols import Records
from cpom_tutor.ui.spoken import sentence_of
from cpom_tutor.ui.visitors import learner_of

PATH = "/my-data"

_SENT = {"content-disposition": 'attachment; filename="cpom-my-data.json"', "cache-control": "no-store"}


def add_own_data(app: FastAPI, records: Records) -> None:
    """Adds the file's address to the app, before Gradio is mounted on it."""

    @app.get(PATH)
    def own_data(request: Request) -> Response:
        try:
            kept = records.own_data(learner_of(request.cookies, records))
            content = json.dumps(kept, ensure_ascii=False, indent=2)
            # Half a surrogate pair that somebody pasted is no UTF-8.
            return Response(content.encode("utf-8", "replace"), media_type="application/json", headers=_SENT)
        except NotFound as error:
            return PlainTextResponse(str(error), status_code=404)
        except NotAllowed as error:
            return PlainTextResponse(str(error), status_code=401)
        except TutorError as error:
            return PlainTextResponse(str(error), status_code=503)
        except Exception as error:  # noqa: BLE001  (logged; a learner never sees a stack trace)
            return PlainTextResponse(sentence_of(error), status_code=500)
