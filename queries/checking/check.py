"""Compares a list of codes with the chosen ones: a verdict per line, and the near misses."""

import string
from collections.abc import Callable, Iterable, Sequence
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
SHORT = 1_000  # lines of a list whose codes are looked for in the batches that may hold them
FEW_UNKNOWN = 200  # unknown codes whose near misses are looked for so
FEW = 300  # such batches: texts of codes take longer to read than the names of so many
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

    @property
    def different(self) -> pa.Table:
        """One row per different code: its first line."""
        return self.rows.filter(pc.invert(self.rows["doubled"]))

    def counts(self) -> dict[str, int]:
        """How many different codes have each verdict, also those that none has."""
        counted = pc.value_counts(self.different["verdict"]).to_pylist()
        by_verdict = {row["values"]: row["counts"] for row in counted}
        return {verdict: by_verdict.get(verdict, 0) for verdict in VERDICTS}

    def near_misses(self) -> int:
        """How many different codes have one."""
        return int(pc.count(self.different["near_miss"]).as_py())

    def doubled(self) -> int:
        """How many lines have a code that stands on an earlier one."""
        return int(pc.sum(self.rows["doubled"]).as_py())

    def of(self, verdict: str | None) -> pa.Table:
        """The rows with a verdict, in the order of the list; None: all."""
        if verdict is None:
            return self.rows
        return self.rows.filter(pc.equal(self.rows["verdict"], verdict))

    def of_doubled(self) -> pa.Table:
        """All the rows of each code that stands more than once, the first one too."""
        first_lines = self.rows.filter(self.rows["doubled"])["first_line"].combine_chunks()
        return self.rows.filter(pc.is_in(self.rows["first_line"], first_lines))


@dataclass(frozen=True)
class Choice:
    """Among which codes a list is looked up, and as of when."""

    filters: Filters  # of codes
    moment: datetime
    data_until: datetime

    def values(self, batches: Sequence[str] | None) -> dict[str, Any]:
        """The parameters of the queries, of codes in these batches; None: in all."""
        filters = self.filters
        if batches is not None:
            filters = within_batches(filters, batches, FEW)
        chosen = filters.parameters(self.data_until)
        return {"filters": {**chosen, "asof": self.moment}, "asof": self.moment}


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
    choice = Choice(_of_codes(cursor, filters), filters.as_of(until), until)
    with registered(cursor, {"list_lines": listed.lines}):
        progress(0.1, "Looking the codes up")
        is_short = listed.codes <= SHORT
        near = choice.values(_batches(cursor, "list_batches") if is_short else None)
        stored = as_table(cursor, "list_stored", **near)
        with registered(cursor, {"list_stored": stored}):
            found = as_table(cursor, "list_found", **near)
        with registered(cursor, {"list_found": found}):
            unknown = as_table(cursor, "list_unknown_codes")
            near_misses, untried = _near_misses(cursor, unknown, choice, progress)
            progress(0.9, "Putting the lines together")
            with registered(cursor, {"list_near": near_misses}):
                return Checked(as_table(cursor, "list_verdicts"), untried)


def _of_codes(cursor: Cursor, filters: Filters) -> Filters:
    """The filters without those of redemptions."""
    if filters.rest_of() == "redemptions":  # of which all codes are
        filters = filters.with_("rest", None)
    for field in FIELDS:
        if field.chooses == "redemptions":
            filters = filters.with_(field.name, None)
    return looked_up(cursor, filters)


def _batches(cursor: Cursor, query: str) -> list[str]:
    batches: list[str] = as_table(cursor, query)["batch"].to_pylist()
    return batches


def _near_misses(
    cursor: Cursor, unknown: pa.Table, choice: Choice, progress: Progress
) -> tuple[pa.Table, int]:
    """The near misses of the unknown codes, and of how many codes no letter was tried."""
    found = [NEAR.empty_table()]

    def look(query: str, share: float, doing: str, **tables: pa.Table) -> None:
        nonlocal unknown
        if not all(table.num_rows for table in tables.values()):
            return
        progress(share, doing)
        with registered(cursor, tables):
            are_few = unknown.num_rows <= FEW_UNKNOWN
            batches = _batches(cursor, f"{query}_batches") if are_few else None
            near = as_table(cursor, query, **choice.values(batches)).cast(NEAR)
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
