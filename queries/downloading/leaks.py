"""Which downloads held a code: their filters, run again over what the store held then."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from queries.downloading.keys import Key
from queries.downloading.likeness import stored_names
from queries.downloading.receipts import (
    CHANGES,
    CHECKED,
    QUERY,
    SINCE,
    TABLE,
    Receipt,
    filters_of,
)
from queries.downloading.redaction import FORMERLY_HIDDEN, HIDDEN, covered
from queries.engine.execute import Cursor
from queries.engine.totals import run
from queries.fields import base_of
from queries.filters import Filters

KEY_GONE = "the key that hides codes in their receipts is gone, or another one"
FOUND = "what a check found depends on more than the rows of its file, and is not replayed"
PRINTED = "what a command has printed cannot be made again"
BROUGHT = "which codes were in a list that somebody brought is not kept"
GONE = "which codes were gone then depends on files that were compared, and is not replayed"
# What depends on which codes were gone. A code that was gone then is taken for held by the files of
# the other headings: one file too many is named rather than one too few.
BY_PRESENCE = {CHANGES: ("gone", "back"), SINCE: ("gone", "changed otherwise")}
# Columns that hold codes, of files and of the queries of a command.
OF_CODES = {"code", "text", "search", "value", "prefix", "detail", "lines"}


def unknowable(receipt: Receipt, key: Key | None) -> str | None:
    """Why it cannot be known whether a file held a code, whichever it is; None where it can."""
    if receipt.get("hidden") and receipt.get("key") != (key and key.id):
        return KEY_GONE
    if receipt["what"].startswith(QUERY) and _has_codes(receipt):
        return PRINTED
    if (
        receipt["what"] in BY_PRESENCE
        and receipt["parameters"]["change"] in BY_PRESENCE[receipt["what"]]
    ):
        return GONE
    if receipt["what"] == CHECKED:
        return BROUGHT
    if receipt["what"].startswith(TABLE):
        return FOUND if _has_codes(receipt) else None
    return BROUGHT if receipt["what"] != CHANGES and filters_of(receipt).list_ else None


def held(
    cursor: Cursor, receipts: Iterable[Receipt], code: str, key: Key | None = None
) -> list[Receipt]:
    """Those of the receipts whose file held the code.

    `cursor` reads a store with what was known of the code at the time of these receipts, of
    which none is unknowable().
    """
    return [receipt for receipt in receipts if _is_held(cursor, receipt, code, key)]


def _is_held(cursor: Cursor, receipt: Receipt, code: str, key: Key | None) -> bool:
    what = receipt["what"]
    if what.startswith((TABLE, QUERY)):
        return False  # one with codes is unknowable()
    if receipt.get("masked"):
        return False  # nor has a file in which they are masked
    # Earlier versions judged a status by the clock.
    then = datetime.fromisoformat(receipt.get("data_until") or receipt["asked_at"])
    if what == CHANGES:
        values = receipt["parameters"]
        return bool(run(cursor, "held_changes", Filters(), then, code=code, **values)["held"][0])
    shown = filters_of(receipt)
    filters = _with_codes(cursor, shown, receipt, code, key)
    name = f"held_{what.removesuffix('_more')}"
    values = receipt["parameters"] if what == SINCE else {}
    return bool(run(cursor, name, filters, then, code=code, **values)["held"][0])


def _with_codes(
    cursor: Cursor, filters: Filters, receipt: Receipt, code: str, key: Key | None
) -> Filters:
    """Redacted filters, with the hidden values put back that the rows of `code` may have."""
    begun = [code[:length] for length in range(1, len(code) + 1)]
    if hashes := receipt.get("whole_codes", []):  # of the first versions
        typed = [text for text in begun if _sha256(text) in hashes]
        # The hashes themselves, for imports whose prefix is hidden too.
        filters = _put_back(filters, "prefix", [*typed, *hashes])
    hidden = receipt.get("hidden", {})
    if not hidden or key is None:
        return filters
    names = stored_names(cursor, None)
    for field, digests in hidden.items():
        texts = [name for of_field, name in names if of_field == base_of(field)]
        texts += begun if base_of(field) == "prefix" else []
        typed = [text for text in texts if key.digest(text) in digests]
        filters = _put_back(filters, field, [*typed, *map(covered, digests)])
    return filters


def _put_back(filters: Filters, field: str, texts: Iterable[str]) -> Filters:
    shown = [text for text in filters.texts(field) if text not in (HIDDEN, FORMERLY_HIDDEN)]
    return filters.with_(field, tuple(dict.fromkeys((*shown, *texts))))


def _has_codes(receipt: Receipt) -> bool:
    return any(str(column).lower() in OF_CODES for column in receipt["columns"])


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
