"""The routes of notebooks: frozen in any form, all rows of a cell, and a notebook's own file."""

import hashlib
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

import pandas as pd
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from data import owner
from data.store.audit import NotRecorded
from data.store.copying import NotCopied
from data.store.errors import StoreUnavailable
from data.store.notebook_text import GONE, NotSaved
from pages.cells.freezing import frozen_notebook
from pages.cells.shown import NO_RIGHT
from pages.people.all_notebooks import notebooks
from pages.people.current import person_of
from pages.people.person import Person
from pages.routes.clients import in_thread
from pages.routes.file_responses import NOT_KEPT, WrittenFile, headers_of
from pages.routes.parameters import parameters
from pages.routes.refusals import not_written
from pages.routes.sql_of_commands import sql_cells_of
from pages.routes.turns import Limit, Turns
from pages.routes.ways_out import WayOut
from pages.text.addresses import receipt_url
from queries.downloading.formats import FORMATS, Failed
from queries.downloading.receipts import QUERY, history_of
from queries.downloading.write import write_table
from queries.engine.execute import Cursor
from queries.notebooks.choice import choice_of, choice_of_notebook
from queries.notebooks.document import Cell, Document, read
from queries.notebooks.freezing.shown import Shown
from queries.notebooks.freezing.write import FORMS
from queries.notebooks.meaning import Meaning
from queries.notebooks.needed import needed
from queries.notebooks.printed import NAME, facts_of_receipt
from queries.notebooks.result import Run
from queries.notebooks.run import StateChanged, run
from queries.notebooks.sandboxed import Sandboxed
from queries.notebooks.sql import Earlier, NoSql, Sql, SqlText
from queries.notebooks.watched import Watched

TURNS = Turns(notebook=Limit(per_person=1, in_all=2))
NO_FORM = f"A notebook is frozen as {', '.join(FORMS)}."
NO_CELL = "This notebook has no such cell, or it has no file of that form."
MOST_ROWS = 1_000_000  # of an SQL cell, as of a sheet of Excel


class NotShown(Exception):
    """A cell has no rows for the person; the text is a sentence."""


class Begun(NamedTuple):
    """The receipt that was begun for a file, and the file's name."""

    receipt_id: str
    name: str


class Written(NamedTuple):
    """A file, how many rows it has, and its receipt."""

    content: bytes
    rows: int
    begun: Begun


class Wanted(NamedTuple):
    """What an address asks for: whose notebook, with which filters in place of its own."""

    person: Person
    name: str
    document: Document
    overrides: list[tuple[str, str]]


async def download_notebook(request: Request) -> Response:
    """GET /export/notebooks/Monday%20report.html?from=2016-01-04 and its like."""
    form = request.path_params["form"]
    if form not in FORMS:
        return PlainTextResponse(NO_FORM, 404)
    wanted = await in_thread(lambda: _wanted(request))
    return await _respond(request, wanted, FORMS[form].media_type, lambda: _freeze(wanted, form))


async def download_cell(request: Request) -> Response:
    """GET /export/notebooks/Monday%20report/by_day.csv and its like: all rows of a cell."""
    cell, form = request.path_params["cell"], request.path_params["form"]
    wanted = await in_thread(lambda: _wanted(request))
    if (cell, form) == ("notebook", "md"):
        return _source(wanted)
    found = wanted.document.named(cell)
    if found is None or form not in FORMATS:
        return PlainTextResponse(NO_CELL, 404)
    return await _respond(
        request, wanted, FORMATS[form].media_type, lambda: _write_cell(wanted, found, form)
    )


def _wanted(request: Request) -> Wanted:
    """The notebook of an address, if the person may read it. Raises HTTPException."""
    person, name = person_of(request.scope), request.path_params["name"]
    _, overrides = parameters(request, ())
    if problems := choice_of(overrides).problems:
        raise HTTPException(400, problems[0])
    try:
        text = notebooks.text(person, name).text
    except NotSaved as error:
        raise HTTPException(404 if str(error) == GONE else 503, str(error)) from None
    return Wanted(person, name, read(text), overrides)


def _source(wanted: Wanted) -> Response:
    """The notebook's own file, which has no results in it and needs no receipt."""
    headers = {**headers_of(f"{wanted.name}.md", '"notebook"'), **NOT_KEPT}
    content = wanted.document.text().encode("utf-8", "surrogatepass")
    return Response(content, headers=headers, media_type="text/markdown")


async def _respond(
    request: Request, wanted: Wanted, media_type: str, write: Callable[[], Written]
) -> Response:
    """The file that `write` writes, recorded before it leaves, or a sentence why not."""
    if request.method == "HEAD":
        return Response(media_type=media_type)
    turn = await TURNS.turn(wanted.person.id, "notebook")
    try:
        written = await in_thread(write)
        way_out = WayOut(wanted.person.name, written.begun.receipt_id)
        await way_out.begin()
    except (StoreUnavailable, NotCopied) as error:
        return PlainTextResponse(str(error), 503)
    except StateChanged as error:
        return PlainTextResponse(str(error), 409)
    except NotShown as error:
        return PlainTextResponse(str(error), 403 if str(error) == NO_RIGHT else 400)
    except (Failed, OSError, NotRecorded) as error:
        return not_written(error)
    finally:
        turn.release()
    digest = hashlib.sha256(written.content).hexdigest()
    headers = headers_of(written.begun.name, f'"{digest[:32]}"')
    headers |= {"Accept-Ranges": "none", "X-Receipt": receipt_url(written.begun.receipt_id)}
    outcome = {"rows": written.rows, "bytes": len(written.content), "sha256": digest}
    return WrittenFile(written.content, outcome, way_out, headers, media_type)


def _freeze(wanted: Wanted, form: str) -> Written:
    """Run a notebook and freeze it, all of one state of the data."""
    asked_at, store = datetime.now(), owner.store()
    with sql_cells_of(store, wanted.document) as sql_cells, store.cursor() as cursor:
        done = _run(wanted, cursor, asked_at, sql_cells)
        frozen = frozen_notebook(done, cursor, wanted.person, "", wanted.overrides)
        begun = _begin(wanted, cursor, frozen.run, form, asked_at, f"{wanted.name}.{form}")
        content = FORMS[form].write(replace(frozen, receipt=begun.receipt_id))
    rows = sum(len(cell.table) for cell in frozen.shown if cell.table is not None)
    return Written(content, rows, begun)


def _write_cell(wanted: Wanted, cell: Cell, form: str) -> Written:
    """Run one cell of a notebook and those that it may read, and write all its rows.

    Raises NotShown.
    """
    asked_at, store = datetime.now(), owner.store()
    sandbox = sql_cells_of(store, wanted.document) if cell.kind == "sql" else nullcontext(None)
    with sandbox as sql_cells, store.cursor() as cursor:
        watched = Watched(sql_cells, cell.name) if sql_cells else None
        done = _run(wanted, cursor, asked_at, watched, lambda one: one.name == cell.name)
        result = next(one for one in done.results if one.meaning.name == cell.name)
        of_cell = replace(done, results=(result,))
        (shown,) = frozen_notebook(of_cell, cursor, wanted.person, "", wanted.overrides).shown
        table = _table(shown)
        if watched and watched.found and sql_cells:
            table = _whole(sql_cells, watched.found)
        name = f"{wanted.name} {cell.name}.{form}"
        begun = _begin(wanted, cursor, of_cell, form, asked_at, name)
    return Written(write_table(table, form), len(table), begun)


def _run(
    wanted: Wanted,
    cursor: Cursor,
    asked_at: datetime,
    sql_cells: Sql | None,
    is_wanted: Callable[[Meaning], bool] = lambda _: True,
) -> Run:
    """The results of the notebook's cells, or of some and those that they may read."""
    return run(
        wanted.document,
        cursor,
        asked_at,
        overrides=wanted.overrides,
        access=wanted.person.access,
        sql_cells=sql_cells,
        cells=lambda found: needed(found, is_wanted),
    )


def _table(cell: Shown) -> pd.DataFrame:
    """The rows of a cell. Raises NotShown."""
    if cell.error or cell.table is None:
        raise NotShown(cell.error or NO_CELL)
    return cell.table


def _whole(sql_cells: Sandboxed, found: tuple[SqlText, Sequence[Earlier]]) -> pd.DataFrame:
    """All rows of an SQL cell. Raises NotShown."""
    try:
        return sql_cells.whole(*found, MOST_ROWS)
    except NoSql as error:
        raise NotShown(str(error)) from None


def _begin(
    wanted: Wanted, cursor: Cursor, done: Run, form: str, asked_at: datetime, name: str
) -> Begun:
    """Begin the receipt of a file. Raises TooMany, OSError."""
    history = history_of(owner.store().path)
    redaction = history.redaction(cursor)
    filters = choice_of_notebook(wanted.document.filter, wanted.overrides).filters
    filters = replace(filters, access=wanted.person.access)
    facts = facts_of_receipt(wanted.document, done)
    safe, who = redaction.file_name(name), wanted.person.name
    kind = f"{QUERY}{NAME}"
    receipt_id = history.begin(cursor, kind, form, filters, asked_at, safe, facts, who=who)
    return Begun(receipt_id, safe)


ROUTES = [
    Route("/export/notebooks/{name}/{cell}.{form}", download_cell, methods=["GET"]),
    Route("/export/notebooks/{name}.{form}", download_notebook, methods=["GET"]),
]
