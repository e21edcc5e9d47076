"""The verdicts on a list that a command prints: a way out of the store as any other."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from queries.checking.check import COLUMNS, Checked, check
from queries.checking.listing import Listing
from queries.downloading.printed import TO
from queries.downloading.receipts import QUERY, History
from queries.engine.execute import Cursor, begin_snapshot
from queries.filters import Filters

NAME = "check_list"

Row = dict[str, Any]


def facts_of(listed: Listing, filters: Filters) -> dict[str, object]:
    """What the audit log may say of it: how many lines, and the filters' names."""
    names = sorted({parameter for parameter, _ in filters.to_query()})
    return {"query": NAME, "filters": names, "lines": listed.codes}


def printed_verdicts(
    cursor: Cursor,
    history: History,
    listed: Listing,
    filters: Filters,
    asked_at: datetime,
    who: str,
) -> list[Row]:
    """The verdicts on a list, recorded before they leave. Raises TooMany, OSError.

    One row per line with a code, times in ISO form. The entry has the SHA-256 of the rows as JSON.
    """
    begin_snapshot(cursor)
    rows = rows_of(check(cursor, listed, filters))
    facts = {"columns": list(COLUMNS), "parameters": {"lines": listed.codes}}
    kind = f"{QUERY}{NAME}"
    receipt_id = history.begin(cursor, kind, "json", filters, asked_at, TO, facts, who=who)
    content = json.dumps(rows, ensure_ascii=False).encode("utf-8", "surrogatepass")
    digest = hashlib.sha256(content).hexdigest()
    history.end(receipt_id, {"rows": len(rows), "bytes": len(content), "sha256": digest})
    return rows


def rows_of(checked: Checked) -> list[Row]:
    """One dictionary per line, of what JSON can hold."""
    columns: list[Sequence[Any]] = [checked.rows[name].to_pylist() for name in COLUMNS]
    times = COLUMNS.index("redeemed_at")
    columns[times] = [time and time.isoformat(timespec="seconds") for time in columns[times]]
    return [dict(zip(COLUMNS, cells, strict=True)) for cells in zip(*columns, strict=True)]
