"""All that leaves a store for somebody: every query of the pages, and every file."""

from collections.abc import Iterator
from typing import Any

from data.store.database import Store
from queries.engine import by_name
from queries.engine.totals import run
from queries.filters import Filters
from tests.support.checks import CHECKS, THRESHOLDS
from tests.support.exports import export_file
from tests.support.queries import NOW, query_rows
from tests.support.read_back import Sheet, read_csv_file, read_parquet, read_sheets

Values = dict[str, object]
FIRST_ROWS: Values = {"descending": True, "offset": 0, "of": None}
ANYTHING: Values = {"search": None, "whole": False}
PIVOTS = [
    {"rows": rows, "columns": columns, "measure": measure, "days": 28, "per_day": "no"}
    for rows, columns, measure in (
        ("prefix", "month", "net"),
        ("prefix", "site", "cancellation_rate"),
        ("status", "start", "rate"),
        ("item", "prefix", "within"),
        ("campaign", "hour", "redeemed"),
        ("batch", "type", "median"),
    )
]
KNOWN = ("A1", "NOV26E7K2M8Q")  # codes of which somebody opens the page
NAMED = [(code, group) for code in KNOWN for group in ("SMS", "Email", "(no group)")]
SINCE: Values = {"since": None, "from_import": None}
HEADINGS = ("new codes", "newly redeemed", "newly cancelled", "changed dates", "gone",
            "changed otherwise")  # fmt: skip
# What the pages give each query beside the filters; a query that is not here takes nothing. A new
# query with parameters of its own fails the tests of access until it stands here.
CALLS: dict[str, list[Values]] = {
    "over_time": [{"grain": grain} for grain in ("hour", "month")],
    "over_time_split": [
        {"grain": "day", "by": by, "most": 2}
        for by in ("group", "folder", "batch", "site", "month")
    ],
    "cancellations": [{"by": by} for by in ("site", "group", "campaign")],
    "rate_within_days": [
        {"by": by, "days": days} for by in ("batch", "group", "folder", "month") for days in (1, 28)
    ],
    "too_young": [{"by": "batch", "days": 28}],
    "redemption_curve": [
        {"by": by, "most": 8, "every_day": by == "batch"}
        for by in ("batch", "group", "folder", "month")
    ],
    "batches": [{"offset": 0, "most": 50}],
    "pivot": PIVOTS,
    "pivot_totals": PIVOTS,
    "pivot_table": [{**values, "most": 5_000} for values in PIVOTS],
    "options_of_codes": [
        {"field": field, "search": search}
        for field, search in (("folder", None), ("group", "a"), ("prefix", None), ("item", "1"))
    ],
    "options_of_transactions": [{"field": name, "search": None} for name in ("site", "campaign")],
    "codes_found": [ANYTHING],
    "codes_rows": [
        {**ANYTHING, **FIRST_ROWS, "sort": sort} for sort in ("start_date", "code", "scans")
    ],
    "transactions_rows": [{**FIRST_ROWS, "sort": sort} for sort in ("time", "code")],
    "prefix_counts": [{"texts": ["A", "NOV26E", "ZZ", "(no prefix)"]}],
    "batches_around": [{"search": "A1"}],
    "code_days": [{"code": code} for code in KNOWN],
    "code_facts": [{"code": code, "group_name": group} for code, group in NAMED],
    "code_story": [
        {"code": code, "group_name": group, "most": 99, "stored": None} for code, group in NAMED
    ],
    "code_without_file": [{"code": code, "group_name": group} for code, group in NAMED],
    "code_groups": [
        {"code": code, "stored": stored} for code in KNOWN for stored in (None, True, False)
    ],
    "code_to_check": [
        {"code": code, "group_name": group, "stored": None, "minutes": 5} for code, group in NAMED
    ],
    "parent_to_check": [{"code": code} for code in KNOWN],
    "code_children": [{"code": code, "most": 50} for code in KNOWN],
    "since": [SINCE],
    "since_rows": [{**SINCE, "change": change, "offset": 0} for change in HEADINGS],
    "held_codes": [{"code": "A1"}],
    "held_transactions": [{"code": "A1"}],
    "compare_numbers": [{"b": Filters()}, {"b": Filters(group=("SMS",), rest=True)}],
    "to_check": [THRESHOLDS],
    "to_check_count": [{**THRESHOLDS, "check": check} for check in CHECKS],
    "to_check_rows": [
        {**THRESHOLDS, **FIRST_ROWS, "check": check, "sort": "code"} for check in CHECKS
    ],
    "file_columns": [{"kind": kind} for kind in ("codes", "codes_more", "transactions", "since")],
    "table_since": [{**SINCE, "change": change} for change in HEADINGS],
    "held_since": [{**SINCE, "change": change, "code": "A1"} for change in HEADINGS],
}
# Of the store's imports, and not of chosen rows: their calls, for imports 1 to 3.
CHANGES = ("new codes", "new transactions", "newly redeemed", "new dates", "changed", "gone")
OF_IMPORTS: dict[str, list[Values]] = {
    "imports": [{}],
    "data_until": [{}],
    "state": [{}],
    "state_imports": [{}],
    "imports_since": [SINCE],
    "since_monday": [{}],
    "import_warnings": [{"import_id": n} for n in (1, 2, 3)],
    "import_changes": [{"import_id": n} for n in (1, 2, 3)],
    "import_changes_rows": [
        {"import_id": n, "change": change, "offset": 0} for n in (1, 2, 3) for change in CHANGES
    ],
    "code_imports": [{"code": code, "group_name": group, "stored": None} for code, group in NAMED],
    "held_changes": [
        {"code": "A1", "import_id": n, "change": change} for n in (1, 2, 3) for change in CHANGES
    ],
}
FILES = [(kind, form) for kind in ("codes", "codes_more", "transactions") for form in
         ("csv", "xlsx", "parquet")]  # fmt: skip


def of_chosen_rows() -> Iterator[tuple[str, Values]]:
    """Every query that can be run by its name, but those of imports, with its parameters."""
    for name in by_name.names():
        if name not in OF_IMPORTS:
            yield from ((name, values) for values in CALLS.get(name, [{}]))


def of_imports() -> Iterator[tuple[str, Values]]:
    """Every query of the store's imports, with its parameters."""
    yield from ((name, values) for name, calls in OF_IMPORTS.items() for values in calls)


def cells(store: Store, filters: Filters) -> Iterator[tuple[object, Any]]:
    """Every value of every result of the queries, and where it stands."""
    with store.cursor() as db:
        for name, values in (*of_chosen_rows(), *of_imports()):
            frame = run(db, name, filters, NOW, **values)
            for column in frame.columns:
                for value in frame[column]:
                    yield (name, values, column), value


def file_cells(store: Store, filters: Filters, forms: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """Every value of every file, and in which one it stands."""
    for kind, form in FILES:
        if form in forms:
            for row in _sheet(store, kind, form, filters):
                yield from ((f"{kind}.{form}", value) for value in row)


def _sheet(store: Store, kind: str, form: str, filters: Filters) -> Sheet:
    file = export_file(store, kind, form, filters, NOW)
    try:
        if form == "csv":
            return read_csv_file(file)
        if form == "parquet":
            return read_parquet(file)
        return [row for sheet in read_sheets(file) for row in sheet]
    finally:
        file.unlink()


def rows_of(store: Store, name: str, filters: Filters, values: Values) -> list[dict[str, Any]]:
    """The rows of a query."""
    with store.cursor() as db:
        return query_rows(db, name, filters, NOW, **values)
