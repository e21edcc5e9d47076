"""A notebook that a command runs: a way out of the store as any other, with a receipt."""

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from queries.downloading.printed import TO
from queries.downloading.receipts import QUERY, History
from queries.engine import by_name
from queries.engine.execute import Cursor
from queries.notebooks.as_json import as_json
from queries.notebooks.choice import choice_of_notebook
from queries.notebooks.document import Document
from queries.notebooks.meaning import meanings
from queries.notebooks.result import Run
from queries.notebooks.run import run
from queries.notebooks.sql import Sql

JSON = "json"
FROZEN = ("html", "xlsx", "md", "ipynb")
FORMS = (JSON, *FROZEN)
NOT_FROZEN = "A notebook is written as JSON only, so far: say --format json."
NAME = "notebook"
ANY_CODE = "code"  # stands in a receipt for the columns of SQL, whose names somebody has typed

Pairs = Sequence[tuple[str, str]]


class NotFrozen(Exception):
    """The run cannot be written in that form; the text is a sentence."""


Freeze = Callable[[Run, str, str], bytes]  # a run, one of FROZEN and the receipt's ID


class Printed(NamedTuple):
    """What leaves, with a sentence per cell that has failed and per alert that has fired."""

    content: bytes
    failed: list[str]
    alerts: list[str]


def facts_of(document: Document, overrides: Pairs) -> dict[str, object]:
    """What the audit log may say of a run: names of ours, not values, which may be codes."""
    filters = choice_of_notebook(document.filter, overrides).filters
    return {
        "query": NAME,
        "filters": sorted({name for name, _ in filters.to_query()}),
        "cells": cells_of(document),
    }


def has_sql(document: Document) -> bool:
    """Whether a notebook has a cell of SQL."""
    return any(cell.kind == "sql" for cell in document.cells)


def printed_run(
    cursor: Cursor,
    history: History,
    document: Document,
    overrides: Pairs,
    form: str,
    ran_at: datetime,
    who: str,
    *,
    to: str = TO,
    sql_cells: Sql | None = None,
    freeze: Freeze | None = None,
) -> Printed:
    """Run a notebook and write it in one of FORMS; recorded before it leaves.

    `to` is the name of the file; `freeze` writes what is not JSON. Raises StateChanged, TooMany,
    NotFrozen, OSError.
    """
    if form != JSON and freeze is None:
        raise NotFrozen(NOT_FROZEN)
    done = run(document, cursor, ran_at, overrides=overrides, sql_cells=sql_cells)
    filters = choice_of_notebook(document.filter, overrides).filters
    redaction = history.redaction(cursor)
    name = to if to == TO else redaction.file_name(to)
    facts = facts_of_receipt(document, done)
    receipt = history.begin(cursor, f"{QUERY}{NAME}", form, filters, ran_at, name, facts, who=who)
    content = _content(done, overrides, form, receipt, freeze)
    outcome = {
        "rows": sum(0 if one.frame is None else len(one.frame) for one in done.results),
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    history.end(receipt, outcome)
    failed = [f"{one.meaning.name}: {one.error}" for one in done.results if not one.is_ok]
    alerts = [sentence for one in done.results for sentence in one.fired]
    return Printed(content, failed, alerts)


def _content(done: Run, overrides: Pairs, form: str, receipt: str, freeze: Freeze | None) -> bytes:
    if form == JSON or freeze is None:
        results = as_json(done, list(overrides), receipt)
        return json.dumps(results, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return freeze(done, form, receipt)


def facts_of_receipt(document: Document, done: Run) -> dict[str, object]:
    """What a receipt says of the results that leave, beside the filters of the notebook."""
    return {"columns": columns_of(done), "parameters": {"cells": cells_of(document)}}


def cells_of(document: Document) -> list[str]:
    """The kinds of the cells, and the queries that they run: of these only those that are ours."""
    known = set(by_name.names())
    return [one.query if one.query in known else one.cell.kind for one in meanings(document)]


def columns_of(done: Run) -> list[str]:
    """The columns of the results, each once: by them a search for a leak judges the receipt."""
    columns: dict[str, None] = {}
    for one in done.results:
        if one.frame is not None:
            is_sql = one.meaning.cell.kind == "sql"
            columns |= dict.fromkeys([ANY_CODE] if is_sql else map(str, one.frame.columns))
    return list(columns)
