"""Receipts of downloads, and their history: what was asked, of which data, what came of it.

The history is a file beside the store, one line of JSON per beginning and per end of a
download. Lines are only ever added, and no code is ever in them.
"""

import contextlib
import hashlib
import json
import re
import secrets
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import duckdb

from queries.filters import Filters
from queries.run import run, sql

_lock = threading.Lock()
PAGES = {"codes": "/codes", "codes_more": "/codes", "transactions": "/transactions"}


def columns(kind: str) -> list[str]:
    """The columns of a file, in their order."""
    return re.findall(r'as "([^"]+)"', sql(f"table_{kind}"))


@dataclass(frozen=True)
class History:
    """The file with the history."""

    path: Path

    def begin(
        self,
        db: duckdb.DuckDBPyConnection,
        kind: str,
        form: str,
        filters: Filters,
        now: datetime,
        name: str,
    ) -> str:
        """Write down that a download begins; returns the receipt's ID."""
        state = run(db, "state", filters, now).iloc[0]
        receipt_id = secrets.token_hex(8)
        filters, hidden = _without_codes(db, filters, now)
        query = urlencode(filters.to_query())
        self._add(
            {
                "receipt": receipt_id,
                "asked_at": now.isoformat(timespec="seconds"),
                "what": kind,
                "format": form,
                "columns": columns(kind),
                "file": name,
                "filters": filters.in_words(),
                "url": PAGES[kind] + (f"?{query}" if query else ""),
                "imports": int(state["imports"]),
                "last_import": None if state["imports"] == 0 else int(state["last_import"]),
                "state": state["digest"],
                **({"whole_codes": hidden} if hidden else {}),
            }
        )
        return receipt_id

    def end(self, receipt_id: str, outcome: dict[str, object]) -> None:
        """Write down that the download went out whole."""
        self._add({"receipt": receipt_id, **outcome})

    def receipts(self) -> list[dict[str, Any]]:
        """All receipts, the latest first; those of downloads that broke off have no SHA-256."""
        if not self.path.exists():
            return []
        found: dict[str, dict[str, Any]] = {}
        for line in self.path.read_text("utf-8").split("\n"):
            with contextlib.suppress(ValueError):  # a line that a crash has torn
                said = json.loads(line)
                found.setdefault(said["receipt"], {}).update(said)
        return list(reversed(found.values()))

    def receipt(self, receipt_id: str) -> dict[str, Any] | None:
        """One of them."""
        return next((r for r in self.receipts() if r["receipt"] == receipt_id), None)

    def _add(self, said: dict[str, Any]) -> None:
        line = json.dumps(said, ensure_ascii=False) + "\n"
        with _lock, self.path.open("a+b") as file:
            file.seek(-1, 2) if file.tell() else None
            is_torn = file.read(1) not in (b"", b"\n")
            file.write(b"\n" * is_torn + line.encode())


def _without_codes(
    db: duckdb.DuckDBPyConnection, filters: Filters, now: datetime
) -> tuple[Filters, list[str]]:
    """The filters without a typed beginning that is a whole code, and the hashes of those."""
    typed = filters.prefix or ()
    everything = {"last_import": 2**31 - 1}
    whole = [
        value
        for value in typed
        if any(
            run(db, name, Filters(), now, code=value, **everything)["held"][0]
            for name in ("held_codes", "held_transactions")
        )
    ]
    if not whole:
        return filters, []
    kept = tuple("(a whole code)" if value in whole else value for value in typed)
    return filters.with_("prefix", kept), [
        hashlib.sha256(value.encode()).hexdigest() for value in whole
    ]


def history_of(store: Path) -> History:
    """The history that lies beside a store."""
    resolved = store.resolve()
    return History(resolved.with_name(resolved.stem + ".downloads.jsonl"))


def verify(file: Path, receipt: dict[str, Any]) -> str | None:
    """Whether a file is whole and unaltered; returns what is wrong, or None."""
    if "sha256" not in receipt:
        return "the receipt is of a download that broke off."
    size = file.stat().st_size
    if size != receipt["bytes"]:
        return f"the file has {size:,} bytes, the receipt says {receipt['bytes']:,}."
    with file.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    return None if digest == receipt["sha256"] else "the file has been altered."


def held(
    db: duckdb.DuckDBPyConnection, receipts: Iterable[dict[str, Any]], code: str
) -> list[dict[str, Any]]:
    """Which downloads held a code: their filters, asked again of the imports of then."""
    found = []
    for receipt in receipts:
        then = datetime.fromisoformat(receipt["asked_at"])
        query = receipt["url"].partition("?")[2]
        filters, _ = Filters.from_query(parse_qsl(query))
        if hashlib.sha256(code.encode()).hexdigest() in receipt.get("whole_codes", []):
            filters = filters.with_("prefix", (code,))
        kind = receipt["what"].removesuffix("_more")
        values = {"code": code, "last_import": receipt["last_import"] or 0}
        if run(db, f"held_{kind}", filters, then, **values)["held"][0]:
            found.append(receipt)
    return found
