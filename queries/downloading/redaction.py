"""Keeps whole codes out of receipts: a prefix that is a code is replaced by its SHA-256."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from queries.engine.execute import Cursor
from queries.engine.totals import run
from queries.filters import Filters

WHOLE_CODE = "(a whole code)"


def without_codes(cursor: Cursor, filters: Filters, now: datetime) -> tuple[Filters, list[str]]:
    """The filters without typed prefixes that are whole codes, and the SHA-256 of each."""
    typed = filters.prefix or ()
    codes = _whole_codes(cursor, typed, now)
    if not codes:
        return filters, []
    shown = tuple(WHOLE_CODE if value in codes else value for value in typed)
    return filters.with_("prefix", shown), sorted(_hash(value) for value in codes)


def imports_without_codes(cursor: Cursor, now: datetime) -> list[dict[str, Any]]:
    """The imports in force, one dictionary per import, with the hash of a prefix that is a code."""
    frame = run(cursor, "state_imports", Filters(), now).astype(object)
    rows = frame.where(frame.notna(), None).to_dict("records")
    codes = _whole_codes(cursor, {row["prefix"] for row in rows} - {None}, now)
    return [
        {str(name): value for name, value in row.items()}
        | ({"prefix": _hash(row["prefix"])} if row["prefix"] in codes else {})
        for row in rows
    ]


def filters_for(code: str, filters: Filters, hashes: list[str]) -> Filters:
    """Redacted filters, with the hidden prefixes that `code` begins with put back."""
    if not hashes:
        return filters
    prefixes = (code[:length] for length in range(1, len(code) + 1))
    typed = [text for text in prefixes if _hash(text) in hashes]
    shown = [value for value in filters.prefix or () if value != WHOLE_CODE]
    # The hashes themselves, for imports whose prefix is hidden too.
    return filters.with_("prefix", (*shown, *typed, *hashes))


def _whole_codes(cursor: Cursor, texts: Iterable[str], now: datetime) -> frozenset[str]:
    """Those of the texts that are codes of the store."""
    listed = list(texts)
    if not listed:
        return frozenset()
    return frozenset(run(cursor, "whole_codes", Filters(), now, texts=listed)["code"])


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
