"""The routes of charts' tables: the whole table of what is chosen, with a receipt."""

import hashlib
from datetime import datetime
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from data import owner
from data.store.audit import NotRecorded
from data.store.errors import StoreUnavailable
from pages.people.current import person_of
from pages.routes.clients import in_thread
from pages.routes.file_responses import WrittenFile, headers_of
from pages.routes.parameters import filters_of, parameters
from pages.routes.refusals import not_written
from pages.routes.ways_out import WayOut
from pages.tables.table_files import TableFile, parameters_of, table_file, table_files
from pages.text.addresses import receipt_url
from queries.downloading.formats import FORMATS, Failed
from queries.downloading.names import file_name
from queries.downloading.receipts import TABLE, history_of
from queries.downloading.write import write_table
from queries.engine.execute import begin_snapshot
from queries.engine.totals import run
from queries.filters import PARAMETERS, Filters
from queries.text import few

MOST_NAMED = 10  # tables in a message


class WrittenTable(NamedTuple):
    """The file of a table, and the receipt that was begun for it, unless only its head is sent."""

    content: bytes
    rows: int
    receipt_id: str | None
    name: str


async def download_table(request: Request) -> Response:
    """GET /export/tables/over_time.csv?grain=day and its like."""
    key, form = request.path_params["key"], request.path_params["form"]
    given = {name for name, _ in request.query_params.multi_items()} - set(PARAMETERS)
    texts, _ = parameters(request, given)
    file = table_file(key, texts) if form in FORMATS else None
    if file is None:
        return _unknown(key, form)
    _, pairs = parameters(request, parameters_of(file))
    return await respond_with_table(request, file, form, pairs)


async def respond_with_table(
    request: Request, file: TableFile, form: str, pairs: list[tuple[str, str]]
) -> Response:
    """The file of a table of what the pairs of an address choose, or a sentence why not."""
    filters, problems = filters_of(request, pairs)
    if problems:
        return PlainTextResponse(problems[0], 400)
    try:
        has_receipt = request.method != "HEAD"
        who = person_of(request.scope).name
        written = await in_thread(lambda: _write(file, form, filters, who if has_receipt else None))
        way_out = WayOut(who, written.receipt_id) if written.receipt_id else None
        if way_out:
            await way_out.begin()
    except StoreUnavailable as error:
        return PlainTextResponse(str(error), 503)
    except (Failed, OSError, NotRecorded) as error:
        return not_written(error)
    return _response(form, written, way_out)


def _write(file: TableFile, form: str, filters: Filters, who: str | None) -> WrittenTable:
    """Write the table and begin its receipt, both of one snapshot of the data.

    `who` is the person that the receipt names; None: it is a request for the headers alone.
    """
    asked_at = datetime.now()
    store = owner.store()
    history = history_of(store.path)
    with store.cursor() as cursor:
        begin_snapshot(cursor)
        table = file.table(run(cursor, file.query, filters, None, **file.values))
        content = write_table(table, form)
        redaction = history.redaction(cursor)
        shown = redaction.filters(filters)
        name = file_name(file.key, shown.filters, asked_at.date(), form)
        columns: object = list(table.columns)
        if field := getattr(file, "names_in_header", ""):  # of the data: one may be a code
            columns = redaction.values({field: columns})[field]
        of_table = {"columns": columns, "parameters": dict(file.values)}
        kind = f"{TABLE}{file.key}"
        receipt_id = (
            history.begin(cursor, kind, form, filters, asked_at, name, of_table, shown, None, who)
            if who is not None
            else None
        )
    return WrittenTable(content, len(table), receipt_id, name)


def _response(form: str, written: WrittenTable, way_out: WayOut | None) -> Response:
    digest = hashlib.sha256(written.content).hexdigest()
    headers = {**headers_of(written.name, f'"{digest[:32]}"'), "Accept-Ranges": "none"}
    if not way_out:
        return Response(headers=headers, media_type=FORMATS[form].media_type)
    headers["X-Receipt"] = receipt_url(written.receipt_id or "")
    outcome = {"rows": written.rows, "bytes": len(written.content), "sha256": digest}
    return WrittenFile(written.content, outcome, way_out, headers, FORMATS[form].media_type)


def _unknown(key: str, form: str) -> Response:
    same = [file for file in table_files() if file.key == key]
    if not same or form not in FORMATS:
        return PlainTextResponse("There is no such table.", 404)
    several = [" and ".join(f"{n}={v}" for n, v in parameters_of(file).items()) for file in same]
    return PlainTextResponse(f"Say which table: {', '.join(few(several, MOST_NAMED))}.", 400)


ROUTES = [Route("/export/tables/{key}.{form}", download_table, methods=["GET"])]
