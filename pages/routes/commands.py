"""The command routes: what the command line hands over to the running app."""

import asyncio
import secrets
from dataclasses import asdict
from pathlib import Path
from typing import Any

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from data import audited, handover, owner
from data.importing.scope import Scope
from data.store import audit
from data.store.audit import Event
from data.store.copying import NotCopied
from data.store.errors import Refused, StoreUnavailable
from data.store.reasons import why
from queries.engine import by_name
from queries.engine.totals import this_minute
from queries.filters import Filters

_password = secrets.token_hex()  # nobody knows it: no request passes before allow()


def allow(password: str) -> None:
    """Accept requests with this password from now on."""
    global _password
    _password = password


def is_allowed(headers: Headers) -> bool:
    """Whether a request knows the password of the commands."""
    password = headers.get(handover.HEADER, "")
    return secrets.compare_digest(password.encode(), _password.encode())


async def command(request: Request) -> Response:
    """POST to a route of COMMANDS. 403 without the password."""
    if not is_allowed(request.headers):
        return PlainTextResponse("This is for the command line only.", 403)
    run = COMMANDS[Path(request.url.path).stem]
    try:
        result = await asyncio.to_thread(run, await request.json())
    except (StoreUnavailable, Refused) as error:
        result = {"refused": str(error)}
    return JSONResponse(result, headers={"Cache-Control": "no-store"})


def _import(parameters: dict[str, Any]) -> dict[str, Any]:
    store, who = owner.store(), _who(parameters)
    try:
        if parameters["clear_sample"]:
            audited.clear_sample(store, who)
        path, scope = Path(parameters["path"]), Scope(**parameters["scope"])
        result = audited.import_file(
            store, path, scope, who, name=parameters.get("name"), encoding=parameters["encoding"]
        )
    except (Refused, StoreUnavailable):
        raise
    except Exception as error:
        # Not its words: the engine's may quote a code.
        return {"refused": f"the import could not be finished: {why(error)}."}
    return {"imported": asdict(result)}


def _backup(parameters: dict[str, Any]) -> dict[str, Any]:
    try:
        audited.backup(owner.store(), Path(parameters["path"]), _who(parameters))
    except NotCopied as error:
        return {"refused": str(error)}
    return {}


def _query(parameters: dict[str, Any]) -> dict[str, Any]:
    filters, _ = Filters.from_query((name, value) for name, value in parameters["filters"])
    now = this_minute()
    name, values = parameters["name"], parameters["values"]
    try:
        facts = by_name.facts(name, filters, values)
        audit.record(owner.store().path, Event.ASKED, _who(parameters), **facts)
        with owner.store().cursor() as cursor:
            return {"rows": by_name.rows(cursor, name, filters, now, values)}
    except by_name.NotRun as error:
        return {"refused": str(error)}


def _clear_sample(parameters: dict[str, Any]) -> dict[str, Any]:
    audited.clear_sample(owner.store(), _who(parameters))
    return {}


def _hello(_: dict[str, Any]) -> dict[str, Any]:
    """The app of this password is there."""
    return {}


def _who(parameters: dict[str, Any]) -> str:
    """Who runs the command, by its own word: whoever knows the password may do everything."""
    return str(parameters.get("who") or "a command")


COMMANDS = {
    "import": _import,
    "clear_sample": _clear_sample,
    "backup": _backup,
    "query": _query,
    "hello": _hello,
}
ROUTES = [Route(f"/control/{name}", command, methods=["POST"]) for name in COMMANDS]
