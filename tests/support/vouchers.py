"""A store that a test fills with rows, and the numbers that its queries give."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from data.importing.result import ImportResult
from data.importing.scope import Scope
from data.store.database import Store
from queries.filters import Filters
from tests.support.effort import QUICK
from tests.support.queries import NOW, filters_of, query_rows
from tests.support.rows import Code, Transaction, kind_of
from tests.support.stores import import_rows


def agreed_numbers(
    db: duckdb.DuckDBPyConnection, filters: Filters, now: datetime, grain: str = "day"
) -> dict[str, Any]:
    """The numbers of the tiles; asserts that every chart and every file adds up to them."""
    (tiles,) = query_rows(db, "numbers", filters, now)

    def adds_up(name: str, *columns: str, **values: object) -> None:
        bars = query_rows(db, name, filters, now, **values)
        sums = {column: sum(bar[column] for bar in bars) for column in columns}
        assert sums == {column: tiles[column] for column in columns}, (name, values)

    adds_up("over_time", "net", "cancelled", grain=grain)
    for by in ("group", "site", "month"):
        adds_up("over_time_split", "net", "cancelled", grain=grain, by=by, most=2)
    adds_up("uptake_by_group", "codes_issued", "codes_live", "redeemed_codes", "net", "cancelled")
    # The sites, and those known only from codes files, which are counted beside them.
    adds_up("by_site", "net", "cancelled", "redemptions")
    for kind in ("site", "group", "campaign"):
        adds_up("cancellations", "cancelled", "redemptions", by=kind)
    beside = [bar for bar in query_rows(db, "by_site", filters, now) if bar["from_codes_file"]]
    assert sum(bar["redemptions"] for bar in beside) == tiles["from_codes_files"]
    adds_up("weekday_hour", "net", "cancelled")
    statuses = {bar["status"]: bar["codes"] for bar in query_rows(db, "status", filters, now)}
    assert sum(statuses.values()) == tiles["codes_issued"]
    assert statuses.get("active", 0) == tiles["outstanding"]
    assert tiles["redemptions"] == tiles["net"] + tiles["cancelled"]
    (codes,) = query_rows(db, "export_codes_rows", filters, now)
    (transactions,) = query_rows(db, "export_transactions_rows", filters, now)
    assert codes["rows"] == tiles["codes_issued"]
    assert transactions["rows"] + transactions["without"] == tiles["redemptions"]
    assert transactions["without"] == tiles["from_codes_files"]
    return tiles


@dataclass
class Vouchers:
    """A store whose rows a test writes, and the results of its queries."""

    store: Store
    directory: Path

    def load(self, *rows: Code | Transaction, **scope: str) -> ImportResult:
        """Import the rows from a file that is named as their kind."""
        file = self.directory / f"{kind_of(rows)}.csv"
        return import_rows(self.store, file, *rows, scope=Scope(**scope))

    def query(
        self, name: str, query: str = "", now: datetime = NOW, **values: object
    ) -> list[dict[str, Any]]:
        """The rows of a query with the filters of a URL."""
        with self.store.cursor() as cursor:
            return query_rows(cursor, name, filters_of(query), now, **values)

    def expect(self, query: str = "", now: datetime = NOW, **wanted: object) -> None:
        """Assert that the tiles have these numbers, and that charts and files add up to them."""
        with self.store.cursor() as cursor:
            filters = filters_of(query)
            # Charts and files are eight more queries: `make quick` leaves them to `make test`.
            (tiles,) = (
                query_rows(cursor, "numbers", filters, now)
                if QUICK
                else [agreed_numbers(cursor, filters, now)]
            )
        assert {name: tiles[name] for name in wanted} == wanted

    def statuses(self, query: str = "", now: datetime = NOW) -> dict[str, str]:
        """The status of each chosen code."""
        rows = self.query(
            "codes_rows",
            query,
            now,
            search=None,
            whole=False,
            sort="code",
            descending=False,
            offset=0,
            of=50,
        )
        return {row["code"]: row["status"] for row in rows}

    def bars(
        self, grain: str, query: str = "", now: datetime = NOW
    ) -> dict[datetime, tuple[int, int]]:
        """Net and cancelled redemptions by the start of each period, oldest first."""
        rows = self.query("over_time", query, now, grain=grain)
        return {row["period"]: (row["net"], row["cancelled"]) for row in rows}
