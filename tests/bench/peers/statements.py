"""What a page shows, in SQL that a competent analyst would write over the raw tables.

Each statement has a file in peers/sql/, for DuckDB and SQLite alike. Filters are plain WHERE
clauses with parameters. The tiles' small curves and the notes below them are left out: what
the app shows beyond these results counts against the app.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from queries.filters import Filters

HERE = Path(__file__).parent
# Column of each filter, and what a row without a value is called.
OF_CODES = {
    "folder": "folder",
    "group": "group_name",
    "prefix": "prefix",
    "batch": "batch",
    "type": "redemption_type",
    "item": "item_code",
}
OF_TRANSACTIONS = {
    "campaign": "coalesce(campaign_id, campaign_name)",
    "site": "site_ref",
    "group": "group_name",
}
# The filters of codes that choose redemptions too, without a look at the code.
SHARED = ("folder", "group", "prefix", "batch")

DUCKDB = {
    "begins": "starts_with(code, {})",
    "day": "time::date",
    "week": "date_trunc('week', time)",
    "weekday": "isodow(time)",
    "hour": "hour(time)",
}
SQLITE = {
    "begins": "code >= {0} and code < {0} || '~'",
    "day": "date(time)",
    "week": "date(time, 'weekday 0', '-6 days')",
    "weekday": "strftime('%u', time)",
    "hour": "substr(time, 12, 2)",
}


class Statement(NamedTuple):
    """A statement with its parameters; `name` is that of its file."""

    name: str
    sql: str
    parameters: dict[str, Any]


class PageStatements:
    """The statements of each page with these filters, in the dialect of an engine."""

    def __init__(self, dialect: Mapping[str, str], chosen: Filters) -> None:
        self.dialect = dialect
        self.chosen = chosen

    def overview(self) -> Iterator[Statement]:
        yield from self._sidebar()
        yield from self._tiles()
        yield self._over_time()
        for name in ("uptake_by_group", "by_site", "weekday_hour", "status"):
            yield self._statement(name)

    def codes(self) -> Iterator[Statement]:
        yield from self._sidebar()
        yield from self._tiles()
        yield self._statement("status")
        yield from self.codes_rows("start_date desc", 0)

    def codes_rows(self, sort: str, offset: int) -> Iterator[Statement]:
        is_of_file = sort.split()[0] not in ("status", "scans", "first_redeemed")
        name = "codes_page" if is_of_file else "codes_page_by_use"
        yield self._statement(name, {"sort": sort}, offset=offset)

    def codes_with(self, text: str) -> Iterator[Statement]:
        yield self._statement("codes_with_text", search=text)

    def transactions(self) -> Iterator[Statement]:
        yield from self._sidebar()
        yield from self._tiles()
        yield self._over_time()
        for name in ("site", "group", "campaign"):
            yield self._statement("cancellations", {"column": OF_TRANSACTIONS[name]})
        yield self._statement("transactions_page")

    def chart(self, name: str, *, period: str = "", by: str = "") -> Statement:
        """A chart of a notebook, of each day or week, or by a filter's column."""
        places = {"period": self.dialect[period]} if period else {}
        return self._statement(name, places | ({"column": OF_TRANSACTIONS[by]} if by else {}))

    def _sidebar(self) -> Iterator[Statement]:
        """Each filter's options, under all the others."""
        for kind, names in (("codes", OF_CODES), ("transactions", ("campaign", "site"))):
            for name in names:
                column = (OF_CODES if kind == "codes" else OF_TRANSACTIONS)[name]
                others = PageStatements(self.dialect, self.chosen.with_(name, None))
                yield others._statement(f"options_of_{kind}", {"column": column})

    def _tiles(self) -> Iterator[Statement]:
        before = self.chosen.previous(date.today())
        if before:
            yield from PageStatements(self.dialect, before)._tiles_alone()
        yield from self._tiles_alone()

    def _tiles_alone(self) -> Iterator[Statement]:
        of_period = ("live",) if self.chosen.from_ else ()
        for name in ("issued", *of_period, "outstanding", "redemptions", "redeemed_codes"):
            yield self._statement(name)

    def _over_time(self) -> Statement:
        short = self.chosen.folder or self.chosen.prefix or self.chosen.batch or self.chosen.from_
        return self._statement("over_time", {"period": self.dialect["day" if short else "week"]})

    def _statement(
        self, name: str, more: Mapping[str, str] | None = None, **values: object
    ) -> Statement:
        of_codes, of_transactions = self._clauses()
        places = {
            "codes": " and ".join(of_codes) or "true",
            "transactions": " and ".join(of_transactions) or "true",
            **self.dialect,
            **(more or {}),
        }
        sql = text(name).format(**places)
        given = self._parameters() | values
        return Statement(name, sql, {k: v for k, v in given.items() if f"${k}" in sql})

    def _clauses(self) -> tuple[list[str], list[str]]:
        """The conditions on codes, and those on redemptions."""
        of_codes = [self._any_of(name) for name in SHARED if self.chosen.texts(name)]
        of_transactions = list(of_codes)
        if self.chosen.site:
            of_transactions.append(self._any_of("site"))
        if self.chosen.from_:
            of_transactions.append("time >= $from_day")
        if self.chosen.to:
            of_transactions.append("time < $until_day")
        return of_codes, of_transactions

    def _any_of(self, name: str) -> str:
        marks = [f"${name}_{number}" for number in range(len(self.chosen.texts(name)))]
        if name == "prefix":
            return "(" + " or ".join(self.dialect["begins"].format(mark) for mark in marks) + ")"
        column = (OF_CODES | OF_TRANSACTIONS)[name]
        return f"{column} in ({', '.join(marks)})"

    def _parameters(self) -> dict[str, Any]:
        end = _midnight(self.chosen.to + timedelta(days=1)) if self.chosen.to else None
        asof = _midnight(self.chosen.asof) if self.chosen.asof else datetime.now()
        if end and not self.chosen.asof:
            asof = min(asof, end - timedelta(microseconds=1))
        lists = {
            f"{name}_{number}": value
            for name in (*SHARED, "site")
            for number, value in enumerate(self.chosen.texts(name))
        }
        soon = {f"in_{days}_days": asof + timedelta(days=days) for days in (7, 14, 30)}
        period: dict[str, Any] = {}
        if self.chosen.from_:
            period["from_day"] = _midnight(self.chosen.from_)
        if end:
            period["until_day"] = end
        return lists | soon | period | {"asof": asof}


def tiles_of(
    statements: Sequence[Statement], rows: Sequence[list[tuple[Any, ...]]]
) -> dict[str, str]:
    """The tiles as the app shows them, from the rows of a page's statements."""
    # The numbers of the previous period come first; those of the chosen one replace them.
    rows_of = {statement.name: found[0] for statement, found in zip(statements, rows, strict=True)
            if found}  # fmt: skip
    issued, redeemed = rows_of["issued"][0], rows_of["redeemed_codes"][0]
    redemptions, net, cancelled = rows_of["redemptions"][:3]
    return {
        "Codes issued": f"{issued:,}",
        "Redeemed codes": f"{redeemed:,}",
        "Redemption rate": rate(redeemed, rows_of.get("live", rows_of["issued"])[0]),
        "Net redemptions": f"{net:,}",
        "Cancelled": f"{cancelled:,}",
        "Cancellation rate": rate(cancelled, redemptions),
        "Outstanding": f"{rows_of['outstanding'][0]:,}",
    }


def rate(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "–"


@cache
def text(name: str) -> str:
    return (HERE / "sql" / f"{name}.sql").read_text("utf-8")


def _midnight(value: date) -> datetime:
    return datetime.combine(value, time())
