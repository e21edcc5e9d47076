"""Receipts of downloads and their history: which filters, of which data, with which outcome.

The history is a file beside the store: one line of JSON per start and per end of a download,
and one per state digest of the data that downloads were of, with the imports in force. Lines
are only ever added, and no code is ever in them.
"""

import contextlib
import hashlib
import json
import secrets
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import dropwhile
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from queries.downloading.redaction import imports_without_codes, without_codes
from queries.engine.execute import Cursor
from queries.engine.totals import run
from queries.filters import PARAMETERS, Filters
from queries.version import version

_lock = threading.Lock()
TABLE = "table "  # and the table's key: the "what" of a receipt for a table
PAGES = {"codes": "/codes", "codes_more": "/codes", "transactions": "/transactions"}

Receipt = dict[str, Any]


@dataclass(frozen=True)
class History:
    """The file with the history."""

    path: Path

    def begin(
        self,
        cursor: Cursor,
        kind: str,
        form: str,
        filters: Filters,
        now: datetime,
        name: str,
        table: dict[str, object] | None = None,
        who: str = "",
    ) -> str:
        """Record that a download begins. Returns the receipt's ID.

        `cursor` should be in a transaction, so that the state digest is that of the file's rows.
        `table` has the columns and the parameters of a chart's table, which hold no codes.
        `who` is the name of the person, as the audit log has it.
        """
        state = run(cursor, "state", filters, now).iloc[0]
        receipt_id = secrets.token_hex(8)
        filters, hidden = without_codes(cursor, filters, now)
        receipt = {
            "receipt": receipt_id,
            "version": version(),
            **({"who": who} if who else {}),
            "asked_at": now.isoformat(timespec="seconds"),
            "what": kind,
            "format": form,
            **(table or {"columns": columns(cursor, kind, now)}),
            "file": name,
            "filters": filters.in_words(),
            "url": f"{page_of(kind)}?{urlencode([*filters.to_query(), ('receipt', receipt_id)])}",
            "imports": int(state["imports"]),
            "last_import": None if state["imports"] == 0 else int(state["last_import"]),
            "state": state["digest"],
            **({"whole_codes": hidden} if hidden else {}),
        }
        with _lock:
            if not self._has_state(state["digest"]):
                imports = imports_without_codes(cursor, now)
                self._append({"state": state["digest"], "imports": imports})
            self._append(receipt)
        return receipt_id

    def end(self, receipt_id: str, outcome: dict[str, object]) -> None:
        """Record what came of a download: its rows, bytes and SHA-256 where it was sent whole."""
        with _lock:
            self._append({"receipt": receipt_id, **outcome})

    def receipts(self) -> list[Receipt]:
        """All receipts, the latest first; those of downloads that broke off have no SHA-256.

        Each has the imports that it `rests_on`; receipts of the first versions lack them.
        """
        receipts: dict[str, Receipt] = {}
        states: dict[str, list[dict[str, Any]]] = {}
        for entry in self._entries():
            if "receipt" in entry:
                receipts.setdefault(entry["receipt"], {}).update(entry)
            elif "state" in entry:
                states[entry["state"]] = entry["imports"]
        for receipt in receipts.values():
            if receipt.get("state") in states:
                receipt["rests_on"] = states[receipt["state"]]
        return list(reversed(receipts.values()))

    def receipt(self, receipt_id: str) -> Receipt | None:
        """The receipt with this ID, if there is one."""
        return next((r for r in self.receipts() if r["receipt"] == receipt_id), None)

    def continues(self, receipt_id: str) -> bool:
        """Whether the download before of the same view was of the same data, if there was one.

        If not, this one is noted as a restart: a client that does not take it may ask again, and
        still has the first bytes of an older file.
        """
        this, *others = dropwhile(lambda r: r["receipt"] != receipt_id, self.receipts())
        begun = (r for r in others if "restarts" not in r)
        before = next((r for r in begun if _view(r) == _view(this)), this)
        if before.get("state") == this["state"]:
            return True
        self.end(receipt_id, {"restarts": True})
        return False

    def _entries(self) -> Iterator[dict[str, Any]]:
        for line in self._lines():
            with contextlib.suppress(ValueError):  # a line that a crash has torn
                yield json.loads(line)

    def _has_state(self, state: str) -> bool:
        """Whether the imports of a state digest are recorded, in a line that is whole."""
        begins, ends = _line({"state": state})[:-2].encode(), b"]}\n"
        return any(line.startswith(begins) and line.endswith(ends) for line in self._lines())

    def _lines(self) -> Iterator[bytes]:
        if self.path.exists():
            with self.path.open("rb") as lines:
                yield from lines

    def _append(self, entry: dict[str, Any]) -> None:
        with self.path.open("a+b") as file:
            file.seek(-1, 2) if file.tell() else None
            is_torn = file.read(1) not in (b"", b"\n")
            file.write(b"\n" * is_torn + _line(entry).encode())


def _view(receipt: Receipt) -> tuple[object, ...]:
    """What a download shows, whoever began it."""
    url = receipt["url"].partition("receipt=")[0]
    return receipt["what"], receipt["format"], url, receipt.get("whole_codes")


def history_of(store: Path) -> History:
    """The history that lies beside a store."""
    resolved = store.resolve()
    return History(resolved.with_name(_base_name(resolved) + ".downloads.jsonl"))


def _base_name(store: Path) -> str:
    """The same as base_name() in data/store/originals.py, which says why."""
    has_own = store.with_name(f"{store.name}.originals").exists()
    has_old = store.with_name(f"{store.stem}.originals").exists()
    is_shared = store.with_name(f"{store.stem}.duckdb").exists()
    is_old = has_old and not has_own and not is_shared
    return store.stem if store.suffix == ".duckdb" or is_old else store.name


def page_of(kind: str) -> str:
    """The path of the page that shows what a download of this kind holds."""
    return PAGES.get(kind, "/batches" if kind == f"{TABLE}batches" else "/")


def columns(cursor: Cursor, kind: str, now: datetime) -> list[str]:
    """The columns of a file, in their order."""
    return list(run(cursor, "file_columns", Filters(), now, kind=kind)["column_name"])


def filters_of(receipt: Receipt) -> Filters:
    """The filters in a receipt's address."""
    pairs = parse_qsl(receipt["url"].partition("?")[2])
    filters, _ = Filters.from_query(pair for pair in pairs if pair[0] in PARAMETERS)
    return filters


def verify(file: Path, receipt: Receipt) -> str | None:
    """What is wrong with a file by its receipt; None where it is whole and unaltered."""
    if "sha256" not in receipt:
        return "the receipt is of a download that broke off."
    size = file.stat().st_size
    if size != receipt["bytes"]:
        return f"the file has {size:,} bytes, the receipt says {receipt['bytes']:,}."
    with file.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    return None if digest == receipt["sha256"] else "the file has been altered."


def _line(entry: dict[str, Any]) -> str:
    return json.dumps(entry, ensure_ascii=False) + "\n"
