"""Receipts of downloads and their history: which filters, of which data, with which outcome.

The history is a file beside the store: one line of JSON per start and per end of a download,
and one or several per state digest of the data that downloads were of, with the imports in
force. Lines are only ever added, none is longer than LONGEST_LINE, and no code is ever in them.
"""

import hashlib
import json
import os
import secrets
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl, urlencode

from queries.access import Access
from queries.downloading.formats import Failed
from queries.downloading.history_index import Index, index_of
from queries.downloading.keys import Key, key_for, key_path, known_key
from queries.downloading.redaction import Redaction, Shown
from queries.engine.execute import Cursor
from queries.engine.totals import read_data_until, run
from queries.filters import PARAMETERS, Filters
from queries.version import version

_lock = threading.Lock()
TABLE = "table "  # and the table's key: the "what" of a receipt for a table
QUERY = "query "  # and its name: of one for what a command has printed
CHANGES = "changes"
SINCE = "since"
CHECKED = "checked list"  # the "what" of the verdicts on a list that somebody brought
PAGES = {
    "codes": "/codes",
    "codes_more": "/codes",
    "transactions": "/transactions",
    CHANGES: "/imports",
    SINCE: "/since",
    f"{TABLE}since": "/since",
    CHECKED: "/check_list",
}
NOTHING: Mapping[str, str] = MappingProxyType({})
LONGEST_LINE = 128 * 1024  # bytes
FEWER = (None, 100, 10, 1)  # values of a filter that the words of a long line name
TOO_MANY = "These filters choose too many values for a receipt: choose fewer."

Receipt = dict[str, Any]


class TooMany(Failed):
    """The filters do not fit into a line of the history."""


@dataclass(frozen=True)
class History:
    """The file with the history."""

    path: Path

    @property
    def _index(self) -> Index:
        return index_of(self.path)

    def key(self) -> Key | None:
        """The key under which receipts hide codes, once one had to be hidden."""
        return known_key(key_path(self.path))

    def redaction(self, cursor: Cursor) -> Redaction:
        """What hides codes in receipts and file names, by the rows that the cursor sees."""
        return Redaction(cursor, lambda: key_for(key_path(self.path)))

    def begin(
        self,
        cursor: Cursor,
        kind: str,
        form: str,
        filters: Filters,
        asked_at: datetime,
        name: str,
        table: Mapping[str, object] | None = None,
        shown: Shown | None = None,
        words: str | None = None,
        who: str = "",
        view: Mapping[str, str] = NOTHING,
    ) -> str:
        """Record that a download begins. Returns the receipt's ID. Raises TooMany, OSError.

        `cursor` should be in a transaction, so that the state digest is that of the file's rows.
        `asked_at` is the time by the clock. `table` has the columns and the parameters of what is
        no file of rows, without codes.
        `shown` is what redaction() made of the filters, `words` what is said in their place.
        `who` is the name of the person, as the audit log has it. `view` is what the address of
        the page has beside the filters, without codes.
        """
        state = run(cursor, "state", Filters()).iloc[0]
        receipt_id = secrets.token_hex(8)
        shown = shown or self.redaction(cursor).filters(filters)
        query = urlencode([*shown.filters.to_query(), *view.items(), ("receipt", receipt_id)])
        receipt = {
            "receipt": receipt_id,
            "version": version(),
            **({"who": who} if who else {}),
            "asked_at": asked_at.isoformat(timespec="seconds"),
            "data_until": read_data_until(cursor).isoformat(),
            "what": kind,
            "format": form,
            **(table or {"columns": columns(cursor, kind)}),
            "file": name,
            "filters": "",
            "url": f"{page_of(kind)}?{query}",
            "imports": int(state["imports"]),
            "last_import": None if state["imports"] == 0 else int(state["last_import"]),
            "state": state["digest"],
            **_seen(filters.access),
            **({"hidden": shown.hidden, "key": shown.key} if shown.hidden else {}),
        }
        line = _fitting(receipt, shown.filters, words)
        of_state = b"".join(self._new_state(cursor, state["digest"]))
        with _lock:
            self._append(of_state + line)
        return receipt_id

    def end(self, receipt_id: str, outcome: Mapping[str, object]) -> None:
        """Record what came of a download: its rows, bytes and SHA-256 where it was sent whole."""
        with _lock:
            self._append(_line({"receipt": receipt_id, **outcome}))

    def count(self) -> int:
        """How many receipts there are."""
        return self._index.count()

    def receipts(self, most: int | None = None) -> list[Receipt]:
        """The receipts, the latest first; those of downloads that broke off have no SHA-256.

        `most` limits how many. Each has the imports that it `rests_on`; receipts of the first
        versions lack them.
        """
        return self._index.receipts(most)

    def receipt(self, receipt_id: str) -> Receipt | None:
        """The receipt with this ID, if there is one."""
        return self._index.receipt(receipt_id)

    def continues(self, receipt_id: str) -> bool:
        """Whether the download before of the same view was of the same data, if there was one.

        If not, this one is noted as a restart: a client that does not take it may ask again, and
        still has the first bytes of an older file.
        """
        this, before = self.receipt(receipt_id), self._index.before(receipt_id)
        if this is None or before is None or before.get("state") == this["state"]:
            return True
        self.end(receipt_id, {"restarts": True})
        return False

    def _new_state(self, cursor: Cursor, state: str) -> Iterator[bytes]:
        """The lines with the imports of a state, unless the history has them."""
        key = self.key()
        if self._index.has_state(state, key.id if key else None):
            return
        imports, hidden_by = self.redaction(cursor).imports()
        parts = _parts(imports)
        for number, part in enumerate(parts, 1):
            place = {"part": number, "parts": len(parts)} if len(parts) > 1 else {}
            yield _line({"state": state, "key": hidden_by, **place, "imports": part})

    def _append(self, lines: bytes) -> None:
        flags = os.O_CREAT | os.O_RDWR | os.O_APPEND | getattr(os, "O_BINARY", 0)
        with open(os.open(self.path, flags, 0o600), "r+b", buffering=0) as file:  # noqa: PTH123
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - 1))
            is_torn = file.read(1) not in (b"", b"\n")
            rest = memoryview(b"\n" * is_torn + lines)
            while rest:  # an almost full disk takes a part, and fails on the next one
                rest = rest[file.write(rest) or 0 :]


def _fitting(receipt: Receipt, filters: Filters, words: str | None) -> bytes:
    """The line of a receipt, whose words name fewer values where it would be too long."""
    for most in FEWER:
        line = _line({**receipt, "filters": words or filters.in_words(most)})
        if len(line) <= LONGEST_LINE:
            return line
    raise TooMany(TOO_MANY)


def _parts(imports: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """The imports in lists of which each fits into a line, at least one list."""
    parts: list[list[dict[str, Any]]] = [[]]
    room = most = LONGEST_LINE - 1024  # for what stands around them
    for row in imports:
        size = len(_line(row)) + 1
        if size > room and parts[-1]:
            parts.append([])
            room = most
        parts[-1].append(row)
        room -= size
    return parts


def _seen(access: Access) -> dict[str, Any]:
    """What the person sees who downloads, where that is not all."""
    limits = {"groups": access.groups, "folders": access.folders}
    masked = {"masked": True} if access.masked else {}
    return ({"access": limits} if access.is_limited else {}) | masked


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


def columns(cursor: Cursor, kind: str) -> list[str]:
    """The columns of a file, in their order."""
    return list(run(cursor, "file_columns", Filters(), kind=kind)["column_name"])


def filters_of(receipt: Receipt) -> Filters:
    """The filters in a receipt's address, with the access of who downloaded."""
    pairs = parse_qsl(receipt["url"].partition("?")[2])
    filters, _ = Filters.from_query(pair for pair in pairs if pair[0] in PARAMETERS)
    return replace(filters, access=access_of(receipt))


def access_of(receipt: Receipt) -> Access:
    """What the person saw who downloaded."""
    seen = receipt.get("access") or {}
    groups, folders = seen.get("groups"), seen.get("folders")
    return Access(
        None if groups is None else tuple(groups),
        None if folders is None else tuple(folders),
        bool(receipt.get("masked")),
    )


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


def _line(entry: Mapping[str, Any]) -> bytes:
    return (json.dumps(entry, ensure_ascii=False) + "\n").encode()
