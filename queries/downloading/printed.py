"""The rows of a query that a command prints: a way out of the store as any other."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from queries.downloading.receipts import QUERY, History
from queries.engine import by_name
from queries.engine.execute import Cursor, begin_snapshot
from queries.filters import Filters

TO = "standard output"


def printed_rows(
    cursor: Cursor,
    history: History,
    name: str,
    filters: Filters,
    asked_at: datetime,
    texts: Mapping[str, Sequence[str]],
    who: str,
) -> list[by_name.Row]:
    """The rows of a query, recorded before they leave. Raises NotRun, TooMany, OSError.

    The entry has the SHA-256 of the rows as JSON, whatever form they are printed in.
    """
    begin_snapshot(cursor)
    rows = by_name.rows(cursor, name, filters, texts)
    given = {parameter: list(values) for parameter, values in texts.items()}
    facts = {
        "columns": list(rows[0]) if rows else [],
        "parameters": history.redaction(cursor).values(given),
    }
    kind = f"{QUERY}{name}"
    receipt_id = history.begin(cursor, kind, "json", filters, asked_at, TO, facts, who=who)
    content = json.dumps(rows, ensure_ascii=False).encode("utf-8", "surrogatepass")
    digest = hashlib.sha256(content).hexdigest()
    history.end(receipt_id, {"rows": len(rows), "bytes": len(content), "sha256": digest})
    return rows


def not_recorded(reason: str) -> str:
    """What a command says where the entry cannot be written: then it prints nothing."""
    return f"The query cannot be written into the history of downloads: {reason}."
