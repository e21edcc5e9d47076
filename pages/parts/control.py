"""The control routes: what the command line hands over to the running app."""

import asyncio
import secrets
from dataclasses import asdict
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from data import handover, owner
from data.backup import NotCopied, backup
from data.importing.pipeline import load
from data.importing.scope import Scope
from data.replay.undo import clear_sample
from data.store.errors import Refused

_password = secrets.token_hex()  # nobody's, until the app is announced


def open_to(password: str) -> None:
    """Let in whoever knows the password of the day."""
    global _password
    _password = password


async def control(request: Request) -> Response:
    """POST /control/import and /control/backup: the command line hands its work over."""
    said = request.headers.get(handover.HEADER, "")
    if not secrets.compare_digest(said.encode(), _password.encode()):
        return PlainTextResponse("This is for the command line only.", 403)
    task = TASKS[Path(request.url.path).stem]
    answer = await asyncio.to_thread(task, await request.json())
    return JSONResponse(answer, headers={"Cache-Control": "no-store"})


def _import(question: dict[str, Any]) -> dict[str, Any]:
    store = owner.store()
    try:
        if question["clear_sample"]:
            clear_sample(store)
        path, scope = Path(question["path"]), Scope(**question["scope"])
        imported = load(store, path, scope, encoding=question["encoding"])
    except Refused as error:
        return {"refused": str(error)}
    except Exception as error:  # the engine's words may quote a code
        return {"refused": f"the import could not be finished ({type(error).__name__})."}
    return {"imported": asdict(imported)}


def _backup(question: dict[str, Any]) -> dict[str, Any]:
    try:
        backup(owner.store(), Path(question["path"]))
    except NotCopied as error:
        return {"refused": str(error)}
    return {}


TASKS = {"import": _import, "backup": _backup}
ROUTES = [Route(f"/control/{task}", control, methods=["POST"]) for task in TASKS]
