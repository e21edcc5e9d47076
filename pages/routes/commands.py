"""The command routes: what the command line hands over to the running app."""

import asyncio
import base64
import secrets
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from data import audited, handover, owner
from data.importing.exported import proposed_for
from data.importing.scope import Scope
from data.store import audit
from data.store.audit import Event
from data.store.copying import NotCopied
from data.store.errors import Refused, StoreUnavailable
from data.store.priority import behind_pages
from data.store.reasons import why
from data.store.settings import store_path
from pages.cells.freezing import freezing
from pages.people.person import THIS_COMPUTER
from pages.routes.command_values import (
    Check,
    NotValues,
    is_encoding,
    is_form_of_a_notebook,
    is_lists_of_texts,
    is_moment_or_none,
    is_pairs,
    is_pairs_or_none,
    is_path,
    is_paths,
    is_scope,
    is_text,
    is_text_or_none,
    is_yes_or_no,
    moment_of,
    values_of,
)
from pages.routes.sql_of_commands import sql_cells_of
from queries.checking.listing import NotAList
from queries.checking.printed import facts_of, printed_verdicts
from queries.checking.reading import read
from queries.comparison import Comparison
from queries.downloading.formats import Failed
from queries.downloading.printed import not_recorded, printed_rows
from queries.downloading.receipts import TooMany, history_of
from queries.engine import by_name
from queries.filters import Filters
from queries.notebooks.choice import choice_of
from queries.notebooks.document import read as read_notebook
from queries.notebooks.printed import NotFrozen, printed_run
from queries.notebooks.printed import facts_of as notebook_facts
from queries.notebooks.run import StateChanged

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
    """POST to a route of COMMANDS. 403 without the password, 400 or 413 for other values."""
    if not is_allowed(request.headers):
        return PlainTextResponse("This is for the command line only.", 403)
    name = request.url.path.rpartition("/")[2]
    try:
        values = await values_of(request, VALUES[name])
        result = await asyncio.to_thread(COMMANDS[name], values)
    except NotValues as error:
        return PlainTextResponse(str(error), error.status)
    except (StoreUnavailable, Refused) as error:
        result = {"refused": str(error)}
    return JSONResponse(result, headers={"Cache-Control": "no-store"})


def _import(parameters: dict[str, Any]) -> dict[str, Any]:
    store, who = owner.store(), _who(parameters)
    try:
        if parameters["clear_sample"]:
            audited.clear_sample(store, who)
        path, scope = Path(parameters["path"]), Scope(**parameters["scope"])
        result = behind_pages(
            lambda: audited.import_file(
                store,
                path,
                scope,
                who,
                name=parameters.get("name"),
                encoding=parameters["encoding"],
                exported_at=moment_of(parameters.get("exported_at")),
            )
        )
    except (Refused, StoreUnavailable):
        raise
    except Exception as error:
        # Not its words: the engine's may quote a code.
        return {"refused": f"the import could not be finished: {why(error)}."}
    return {"imported": asdict(result)}


def _propose_exported_at(parameters: dict[str, Any]) -> dict[str, Any]:
    paths = [Path(path) for path in parameters["paths"]]
    moment = proposed_for(owner.store(), paths, parameters["encoding"], datetime.now())
    return {"exported_at": moment.isoformat()}


def _backup(parameters: dict[str, Any]) -> dict[str, Any]:
    try:
        store, path, who = owner.store(), Path(parameters["path"]), _who(parameters)
        behind_pages(lambda: audited.backup(store, path, who))
    except NotCopied as error:
        return {"refused": str(error)}
    return {}


def _query(parameters: dict[str, Any]) -> dict[str, Any]:
    filters, problems = Filters.from_query((name, value) for name, value in parameters["filters"])
    pairs = [(name, value) for name, value in parameters.get("compared") or []]
    compared, of_second = Comparison.from_query(pairs)
    if problems := problems + of_second:
        return {"refused": problems[0]}
    asked_at = datetime.now()
    name, values = parameters["name"], parameters["values"]
    try:
        store, who = owner.store(), _who(parameters)
        facts = by_name.facts(name, filters, values, compared)
        audit.record(store.path, Event.QUERY_RUN, who, **facts)
        with store.cursor() as cursor:
            history = history_of(store.path)
            rows = printed_rows(cursor, history, name, filters, asked_at, values, who, compared)
            return {"rows": rows}
    except (by_name.NotRun, TooMany) as error:
        return {"refused": str(error)}
    except OSError as error:
        return {"refused": not_recorded(why(error, store_path().parent))}


def _check_list(parameters: dict[str, Any]) -> dict[str, Any]:
    filters, problems = Filters.from_query((name, value) for name, value in parameters["filters"])
    if problems:
        return {"refused": problems[0]}
    asked_at = datetime.now()
    try:
        store, who = owner.store(), _who(parameters)
        listed = read(Path(parameters["path"]).read_bytes(), parameters.get("column"))
        audit.record(store.path, Event.LIST_CHECKED, who, **facts_of(listed, filters))
        with store.cursor() as cursor:
            history = history_of(store.path)
            return {"rows": printed_verdicts(cursor, history, listed, filters, asked_at, who)}
    except (NotAList, TooMany) as error:
        return {"refused": str(error)}
    except OSError as error:
        return {"refused": f"The list cannot be read, or its check be written down: {why(error)}."}


def _notebook(parameters: dict[str, Any]) -> dict[str, Any]:
    overrides = [(name, value) for name, value in parameters["overrides"]]
    if problems := choice_of(overrides).problems:
        return {"refused": problems[0]}
    ran_at, document = datetime.now(), read_notebook(parameters["text"])
    form, to = parameters["format"], parameters["to"]
    try:
        store, who = owner.store(), _who(parameters)
        audit.record(store.path, Event.QUERY_RUN, who, **notebook_facts(document, overrides))
        with sql_cells_of(store, document) as sql_cells, store.cursor() as cursor:
            history = history_of(store.path)
            freeze = freezing(cursor, THIS_COMPUTER, overrides)
            printed = printed_run(
                cursor,
                history,
                document,
                overrides,
                form,
                ran_at,
                who,
                to=to,
                sql_cells=sql_cells,
                freeze=freeze,
            )
    except (Failed, NotCopied, NotFrozen, StateChanged, TooMany) as error:
        return {"refused": str(error)}
    except OSError as error:
        return {"refused": not_recorded(why(error, store_path().parent))}
    content = base64.b64encode(printed.content).decode()
    return {"content": content, "failed": printed.failed, "alerts": printed.alerts}


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
    "propose_exported_at": _propose_exported_at,
    "clear_sample": _clear_sample,
    "backup": _backup,
    "query": _query,
    "check_list": _check_list,
    "notebook": _notebook,
    "hello": _hello,
}
VALUES: dict[str, dict[str, Check]] = {
    "import": {
        "path": is_path,
        "name": is_text_or_none,
        "encoding": is_encoding,
        "scope": is_scope,
        "clear_sample": is_yes_or_no,
        "exported_at": is_moment_or_none,
    },
    "propose_exported_at": {"paths": is_paths, "encoding": is_encoding},
    "clear_sample": {},
    "backup": {"path": is_path},
    "query": {
        "name": is_text,
        "filters": is_pairs,
        "values": is_lists_of_texts,
        "compared": is_pairs_or_none,
    },
    "check_list": {"path": is_path, "column": is_text_or_none, "filters": is_pairs},
    "notebook": {
        "text": is_text,
        "overrides": is_pairs,
        "format": is_form_of_a_notebook,
        "to": is_text,
    },
    "hello": {},
}
ROUTES = [Route(f"/control/{name}", command, methods=["POST"]) for name in COMMANDS]
