"""Which downloads held a code: their filters, run again over what the store held then."""

from collections.abc import Iterable
from datetime import datetime

from queries.downloading.receipts import TABLE, Receipt, filters_of
from queries.downloading.redaction import filters_for
from queries.engine.execute import Cursor
from queries.engine.totals import run


def held(cursor: Cursor, receipts: Iterable[Receipt], code: str) -> list[Receipt]:
    """Those of the receipts whose file held the code.

    `cursor` reads a store with what was known of the code at the time of these receipts.
    """
    return [receipt for receipt in receipts if _is_held(cursor, receipt, code)]


def _is_held(cursor: Cursor, receipt: Receipt, code: str) -> bool:
    if receipt["what"].startswith(TABLE):
        return False  # a chart's table has no codes
    then = datetime.fromisoformat(receipt["asked_at"])
    kind = receipt["what"].removesuffix("_more")
    filters = filters_for(code, filters_of(receipt), receipt.get("whole_codes", []))
    return bool(run(cursor, f"held_{kind}", filters, then, code=code)["held"][0])
