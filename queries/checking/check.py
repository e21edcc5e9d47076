"""Compares a list of codes with the chosen ones: a verdict per line, and the near misses."""

import string
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from queries.checking.listing import Listing
from queries.checking.numbers import numbers
from queries.engine.execute import Cursor
from queries.engine.prefixes import looked_up
from queries.engine.registered import as_table, registered
from queries.engine.totals import read_data_until, within_batches
from queries.filters import FIELDS, Filters

UNKNOWN = "unknown"
VERDICTS = (
    *("redeemed", "not redeemed", "cancelled only", "expired", "scheduled", "deleted"),
    UNKNOWN,
)
# What scripts rely on; what difference a near miss has, and where a doubled code stands first.
COLUMNS = (
    *("line", "code", "verdict", "group_name", "redeemed_at", "site", "near_miss", "doubled"),
    *("difference", "first_line"),
)
MOST_TRIED = 5_000  # unknown codes of which each letter is tried: each has about 900 neighbours
LONGEST_TRIED = 64  # characters
MOST_LETTERS = 100
SHORT = 1_000  # lines of a list whose codes are looked for in few batches
PLAIN_LETTERS = string.ascii_uppercase + string.digits
NEAR = pa.schema([("code", pa.string()), ("near_miss", pa.string()), ("difference", pa.string())])

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Checked:
    """The verdicts on a list: `rows` has one row per line.

    Of `untried` unknown codes no other letter was tried.
    """

    rows: pa.Table
    untried: int

    def counts(self) -> dict[str, int]:
        """How many lines have each verdict, also those that none has."""
        counted = pc.value_counts(self.rows["verdict"]).to_pylist()
        by_verdict = {row["values"]: row["counts"] for row in counted}
        return {verdict: by_verdict.get(verdict, 0) for verdict in VERDICTS}

    def near_misses(self) -> int:
        """How many lines have one."""
        return int(pc.count(self.rows["near_miss"]).as_py())

    def doubled(self) -> int:
        """How many lines have a code that stands on an earlier one."""
        return int(pc.sum(self.rows["doubled"]).as_py())

    def of(self, verdict: str | None) -> pa.Table:
        """The rows with a verdict, in the order of the list; None: all."""
        if verdict is None:
            return self.rows
        return self.rows.filter(pc.equal(self.rows["verdict"], verdict))


def check(
    cursor: Cursor,
    listed: Listing,
    filters: Filters,
    data_until: datetime | None = None,
    progress: Progress = lambda share, doing: None,
) -> Checked:
    """The verdict on each line, as of the filters' moment, by the codes that they choose.

    Filters of redemptions choose no code, and are left out. In a transaction of the cursor, all is
    of one state of the data. `progress` gets the share that is done, and what is done next.
    """
    until = data_until or read_data_until(cursor)
    values = _values(cursor, filters, until)
    with registered(cursor, {"list_lines": listed.lines}):
        progress(0.1, "Looking the codes up")
        found = as_table(cursor, "list_found", **_near(cursor, listed, filters, until))
        with registered(cursor, {"list_found": found}):
            unknown = as_table(cursor, "list_unknown_codes")
            near, untried = _near_misses(cursor, unknown, values, progress)
            progress(0.9, "Putting the lines together")
            with registered(cursor, {"list_near": near}):
                return Checked(as_table(cursor, "list_verdicts"), untried)


def _values(cursor: Cursor, filters: Filters, until: datetime) -> dict[str, Any]:
    """The parameters of the queries: what is chosen of the codes, and as of when."""
    moment = filters.as_of(until)
    if filters.rest_of() == "redemptions":  # of which all codes are
        filters = filters.with_("rest", None)
    for field in FIELDS:
        if field.chooses == "redemptions":
            filters = filters.with_(field.name, None)
    chosen = looked_up(cursor, filters).parameters(until)
    return {"filters": {**chosen, "asof": moment}, "asof": moment}


def _near(cursor: Cursor, listed: Listing, filters: Filters, until: datetime) -> dict[str, Any]:
    """The same, narrowed to the batches that may hold the codes of a short list."""
    if listed.codes <= SHORT:
        batches = as_table(cursor, "list_batches")["batch"].to_pylist()
        filters = within_batches(filters, batches)
    return _values(cursor, filters, until)


def _near_misses(
    cursor: Cursor, unknown: pa.Table, values: dict[str, Any], progress: Progress
) -> tuple[pa.Table, int]:
    """The near misses of the unknown codes, and of how many codes no letter was tried."""
    found = [NEAR.empty_table()]

    def look(query: str, share: float, doing: str, **tables: pa.Table) -> None:
        nonlocal unknown
        if not all(table.num_rows for table in tables.values()):
            return
        progress(share, doing)
        with registered(cursor, tables):
            near = as_table(cursor, query, **values).cast(NEAR)
        found.append(near)
        is_left = pc.invert(pc.is_in(unknown["code"], near["code"].combine_chunks()))
        unknown = unknown.filter(is_left)

    look("near_looks", 0.4, "Looking for codes that look the same", list_unknown=unknown)
    as_numbers = numbers(unknown["code"].to_pylist())
    look("near_numbers", 0.6, "Looking for what a spreadsheet has changed", list_numbers=as_numbers)
    tried = unknown.filter(pc.less_equal(pc.utf8_length(unknown["code"]), LONGEST_TRIED))
    tried, before = tried.slice(0, MOST_TRIED), unknown.num_rows
    letters = pa.table({"letter": _letters(tried["code"].to_pylist())})
    look("near_letters", 0.7, "Trying other letters", list_unknown=tried, list_letters=letters)
    return pa.concat_tables(found), before - tried.num_rows


def _letters(codes: Iterable[str]) -> list[str]:
    """The letters that a code may have: the plain ones, and those of the list."""
    letters = dict.fromkeys(PLAIN_LETTERS)
    for code in codes:
        letters |= dict.fromkeys(code)
    return list(letters)[:MOST_LETTERS]
