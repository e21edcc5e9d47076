"""Receipts of downloads, and their history: what was asked, of which data, what came of it.

The history is a file beside the store, one line of JSON per beginning and per end of a
download, and one per state of the data that a download was of: the imports in force. Lines
are only ever added, and no code is ever in them.
"""

import contextlib
import hashlib
import json
import re
import secrets
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import duckdb

from queries.filters import PARAMETERS, Filters
from queries.run import run, sql

_lock = threading.Lock()
WHOLE_CODE = "(a whole code)"
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
        """Write down that a download begins; returns the receipt's ID.

        `db` should be in a transaction, so that this is the state that the file will have.
        """
        state = run(db, "state", filters, now).iloc[0]
        receipt_id = secrets.token_hex(8)
        filters, hidden = _without_codes(db, filters, now)
        said = {
            "receipt": receipt_id,
            "asked_at": now.isoformat(timespec="seconds"),
            "what": kind,
            "format": form,
            "columns": columns(kind),
            "file": name,
            "filters": filters.in_words(),
            "url": f"{PAGES[kind]}?{urlencode([*filters.to_query(), ('receipt', receipt_id)])}",
            "imports": int(state["imports"]),
            "last_import": None if state["imports"] == 0 else int(state["last_import"]),
            "state": state["digest"],
            **({"whole_codes": hidden} if hidden else {}),
        }
        with _lock:
            if not self._knows(state["digest"]):
                self._add({"state": state["digest"], "imports": _imports(db, now)})
            self._add(said)
        return receipt_id

    def end(self, receipt_id: str, outcome: dict[str, object]) -> None:
        """Write down that the download went out whole."""
        with _lock:
            self._add({"receipt": receipt_id, **outcome})

    def receipts(self) -> list[dict[str, Any]]:
        """All receipts, the latest first; those of downloads that broke off have no SHA-256.

        Each has the imports that it `rests_on`, but for those of before states were written.
        """
        found: dict[str, dict[str, Any]] = {}
        states: dict[str, list[dict[str, Any]]] = {}
        for said in self._lines():
            if "receipt" in said:
                found.setdefault(said["receipt"], {}).update(said)
            elif "state" in said:
                states[said["state"]] = said["imports"]
        for receipt in found.values():
            if receipt.get("state") in states:
                receipt["rests_on"] = states[receipt["state"]]
        return list(reversed(found.values()))

    def receipt(self, receipt_id: str) -> dict[str, Any] | None:
        """One of them."""
        return next((r for r in self.receipts() if r["receipt"] == receipt_id), None)

    def _lines(self) -> Iterator[dict[str, Any]]:
        for line in self._raw():
            with contextlib.suppress(ValueError):  # a line that a crash has torn
                yield json.loads(line)

    def _knows(self, state: str) -> bool:
        """Whether the imports of a state are written down, in a line that is whole."""
        begins, ends = _line({"state": state})[:-2].encode(), b"]}\n"
        return any(line.startswith(begins) and line.endswith(ends) for line in self._raw())

    def _raw(self) -> Iterator[bytes]:
        if self.path.exists():
            with self.path.open("rb") as lines:
                yield from lines

    def _add(self, said: dict[str, Any]) -> None:
        with self.path.open("a+b") as file:
            file.seek(-1, 2) if file.tell() else None
            is_torn = file.read(1) not in (b"", b"\n")
            file.write(b"\n" * is_torn + _line(said).encode())


def _line(said: dict[str, Any]) -> str:
    return json.dumps(said, ensure_ascii=False) + "\n"


def _without_codes(
    db: duckdb.DuckDBPyConnection, filters: Filters, now: datetime
) -> tuple[Filters, list[str]]:
    """The filters without a typed beginning that is a whole code, and the hashes of those."""
    typed = filters.prefix or ()
    whole = _whole_codes(db, typed, now)
    if not whole:
        return filters, []
    kept = tuple(WHOLE_CODE if value in whole else value for value in typed)
    return filters.with_("prefix", kept), sorted(_hash(value) for value in whole)


def _imports(db: duckdb.DuckDBPyConnection, now: datetime) -> list[dict[str, Any]]:
    """The imports in force; a prefix that is a whole code is told by its hash only."""
    found = run(db, "state_imports", Filters(), now).astype(object)
    rows = found.where(found.notna(), None).to_dict("records")
    whole = _whole_codes(db, {row["prefix"] for row in rows} - {None}, now)
    return [
        {str(name): value for name, value in row.items()}
        | ({"prefix": _hash(row["prefix"])} if row["prefix"] in whole else {})
        for row in rows
    ]


def _whole_codes(
    db: duckdb.DuckDBPyConnection, texts: Iterable[str], now: datetime
) -> frozenset[str]:
    """Those of the texts that are codes of the store."""
    asked = list(texts)
    found = run(db, "whole_codes", Filters(), now, texts=asked)["code"] if asked else ()
    return frozenset(found)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


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
    """Which downloads held a code: their filters, asked again at the moment of then.

    `db` has what the store then held of the code.
    """
    return [receipt for receipt in receipts if _is_held(db, receipt, code)]


def _is_held(db: duckdb.DuckDBPyConnection, receipt: dict[str, Any], code: str) -> bool:
    then = datetime.fromisoformat(receipt["asked_at"])
    kind = receipt["what"].removesuffix("_more")
    found = run(db, f"held_{kind}", _asked(receipt, code), then, code=code)
    return bool(found["held"][0])


def _asked(receipt: dict[str, Any], code: str) -> Filters:
    """The filters of a receipt, with what was hidden of them as far as it concerns the code."""
    filters = filters_of(receipt)
    hidden = receipt.get("whole_codes", [])
    beginnings = (code[:length] for length in range(1, len(code) + 1))
    told = [text for text in beginnings if _hash(text) in hidden] if hidden else []
    kept = [value for value in filters.prefix or () if value != WHOLE_CODE]
    # The hashes themselves, for imports whose prefix is hidden too.
    return filters.with_("prefix", (*kept, *told, *hidden)) if hidden else filters


def filters_of(receipt: dict[str, Any]) -> Filters:
    """The filters that a receipt's address says."""
    pairs = parse_qsl(receipt["url"].partition("?")[2])
    filters, _ = Filters.from_query(pair for pair in pairs if pair[0] in PARAMETERS)
    return filters
