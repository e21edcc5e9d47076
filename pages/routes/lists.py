"""The route of the verdicts on a list that somebody has brought, as a file with a receipt."""

import hashlib
from datetime import datetime
from typing import NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from data import owner
from data.store.audit import NotRecorded
from data.store.errors import StoreUnavailable
from pages.checking.as_filter import without_itself
from pages.checking.files import table
from pages.people.current import person_of, without
from pages.people.lists import KeptList, lists
from pages.people.person import Right
from pages.routes.clients import in_thread
from pages.routes.file_responses import WrittenFile, headers_of
from pages.routes.parameters import filters_of, parameters
from pages.routes.refusals import not_written
from pages.routes.turns import Limit, Turns
from pages.routes.ways_out import WayOut
from pages.text.addresses import receipt_url
from queries.checking.check import check
from queries.checking.listing import NotAList
from queries.downloading.formats import FORMATS, Failed
from queries.downloading.names import file_name
from queries.downloading.receipts import CHECKED, history_of
from queries.downloading.write import write_table
from queries.engine.execute import begin_snapshot
from queries.filters import Filters

GONE = "There is no such list any more: bring it again on the page Check a list."
NEEDED = (Right.DOWNLOAD_ROWS, Right.FIND_CODES, Right.SEE_CODES)
TURNS = Turns(check=Limit(per_person=1, in_all=2))


class WrittenVerdicts(NamedTuple):
    """The file, and the receipt that was begun for it."""

    content: bytes
    rows: int
    receipt_id: str
    name: str


async def download_list(request: Request) -> Response:
    """GET /export/lists/<key>.csv and its like, with the filters of a page."""
    key, form = request.path_params["key"], request.path_params["form"]
    somebody = person_of(request.scope)
    for right in NEEDED:
        if not somebody.may(right):
            raise HTTPException(403, without(somebody, right))
    kept = lists.of(somebody, key)
    if kept is None or form not in FORMATS:
        return PlainTextResponse(GONE, 404)
    _, pairs = parameters(request, ())
    filters, problems = filters_of(request, pairs)
    if problems:
        return PlainTextResponse(problems[0], 400)
    if request.method == "HEAD":
        return Response(media_type=FORMATS[form].media_type)
    turn = await TURNS.turn(somebody.id, "check")
    filters = without_itself(filters, kept)
    try:
        written = await in_thread(lambda: _write(kept, form, filters, somebody.name))
        way_out = WayOut(somebody.name, written.receipt_id)
        await way_out.begin()
    except StoreUnavailable as error:
        return PlainTextResponse(str(error), 503)
    except NotAList as error:
        return PlainTextResponse(str(error), 400)
    except (Failed, OSError, NotRecorded) as error:
        return not_written(error)
    finally:
        turn.release()
    return _response(form, written, way_out)


def _write(kept: KeptList, form: str, filters: Filters, who: str) -> WrittenVerdicts:
    """Check the list, write the verdicts and begin the receipt, all of one snapshot of the data.

    The receipt has how many lines the list has, and none of its codes.
    """
    asked_at, listed = datetime.now(), kept.listed()
    store = owner.store()
    history = history_of(store.path)
    with store.cursor() as cursor:
        begin_snapshot(cursor)
        verdicts = table(check(cursor, listed, filters))
        content = write_table(verdicts, form)
        shown = history.redaction(cursor).filters(filters)
        name = file_name("checked_list", shown.filters, asked_at.date(), form)
        facts = {"columns": list(verdicts.columns), "parameters": {"lines": listed.codes}}
        receipt_id = history.begin(
            cursor, CHECKED, form, filters, asked_at, name, facts, shown, None, who
        )
    return WrittenVerdicts(content, len(verdicts), receipt_id, name)


def _response(form: str, written: WrittenVerdicts, way_out: WayOut) -> Response:
    digest = hashlib.sha256(written.content).hexdigest()
    headers = {**headers_of(written.name, f'"{digest[:32]}"'), "Accept-Ranges": "none"}
    headers["X-Receipt"] = receipt_url(written.receipt_id)
    outcome = {"rows": written.rows, "bytes": len(written.content), "sha256": digest}
    return WrittenFile(written.content, outcome, way_out, headers, FORMATS[form].media_type)


ROUTES = [Route("/export/lists/{key}.{form}", download_list, methods=["GET"])]
