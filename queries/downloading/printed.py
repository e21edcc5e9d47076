"""The rows of a query that a command prints: a way out of the store as any other."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from queries.comparison import Comparison
from queries.downloading.receipts import QUERY, History
from queries.downloading.redaction import Redaction
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
    compared: Comparison | None = None,
) -> list[by_name.Row]:
    """The rows of a query, recorded before they leave. Raises NotRun, TooMany, OSError.

    The entry has the SHA-256 of the rows as JSON, whatever form they are printed in.
    """
    begin_snapshot(cursor)
    rows = by_name.rows(cursor, name, filters, texts, compared)
    given = {parameter: list(values) for parameter, values in texts.items()}
    redaction = history.redaction(cursor)
    facts = {
        "columns": list(rows[0]) if rows else [],
        "parameters": {**redaction.values(given), **_second(redaction, compared)},
    }
    kind = f"{QUERY}{name}"
    receipt_id = history.begin(cursor, kind, "json", filters, asked_at, TO, facts, who=who)
    content = json.dumps(rows, ensure_ascii=False).encode("utf-8", "surrogatepass")
    digest = hashlib.sha256(content).hexdigest()
    history.end(receipt_id, {"rows": len(rows), "bytes": len(content), "sha256": digest})
    return rows


def _second(redaction: Redaction, compared: Comparison | None) -> dict[str, object]:
    """What an entry says of a comparison: the texts of its parameters, without codes."""
    texts: dict[str, list[str]] = {}
    if compared:
        shown = redaction.filters(compared.choice).filters
        for name, text in replace(compared, choice=shown).to_query():
            texts.setdefault(name, []).append(text)
    return dict(texts)


def not_recorded(reason: str) -> str:
    """What a command says where the entry cannot be written: then it prints nothing."""
    return f"The query cannot be written into the history of downloads: {reason}."
