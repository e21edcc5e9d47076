"""Show as SQL: the new cell has the numbers of the chart, the tiles or the pivot it is made of."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import partial
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queries.access import EVERYTHING, Access
from queries.filters import Filters
from queries.notebooks.as_sql import as_sql, why_not
from queries.notebooks.document import new_cell
from queries.notebooks.keys import keys_of
from queries.notebooks.sql_of_pivots import DIMENSIONS, MEASURES
from queries.notebooks.sql_text import FOLDER
from tests.support.effort import examples, rounds
from tests.support.model import File
from tests.support.model_pivot import Pivot, is_offered
from tests.support.queries import query_rows
from tests.support.rows import Code, Transaction
from tests.support.sql_cells import COHORTS, GRAINS, every_sql, meaning_of, rows_of_sql, sql_of
from tests.support.stores import import_file, temporary_store
from tests.support.strategies import CHOICES, FILES, SLOW
from tests.support.vouchers import Vouchers

Rows = list[dict[str, Any]]
KNOWN_ONLY = "(known only from code files)"


@pytest.fixture
def weeks(vouchers: Vouchers) -> Vouchers:
    """Six codes in two folders; eight redemptions, one cancelled, and one known from the codes."""
    vouchers.load(
        Code("C1", "Email"),
        Code("C2", "SMS", start="05/01/2016 00:00"),
        Code("C3", "Email", redeemed="06/01/2016 10:00"),
        folder="January",
        batch="1",
    )
    vouchers.load(
        *[Code(f"C{n}", "SMS", start="01/02/2016 00:00", quantity="2") for n in (4, 5, 6)],
        folder="February",
    )
    vouchers.load(
        Transaction(1, "C1", time="08/01/2016 09:10"),
        Transaction(2, "C1", time="09/01/2016 09:20", site="Site002"),
        Transaction(3, "C2", "SMS", time="09/01/2016 19:00", campaign="7", campaign_name="Spring"),
        Transaction(4, "C4", "SMS", time="03/02/2016 12:00", site=""),
        Transaction(5, "C5", "SMS", time="09/02/2016 12:00", cancelled="Yes"),
        Transaction(6, "XX", "SMS", time="10/02/2016 12:00"),
    )
    return vouchers


def sql_rows(vouchers: Vouchers, sql: str, access: Access = EVERYTHING) -> Rows:
    with vouchers.store.cursor() as db:
        return rows_of_sql(db, sql, Filters(), access)


def tuples(rows: Rows, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[column] for column in columns) for row in rows]


def test_a_chart_over_time_becomes_a_query_of_two_counts_and_a_rate(weeks: Vouchers) -> None:
    found = sql_rows(weeks, sql_of("chart", "over_time", grain="month"))
    assert tuples(found, "period", "net", "cancelled") == [
        (datetime(2016, 1, 1), 4, 0),
        (datetime(2016, 2, 1), 2, 1),
    ]
    assert found[1]["cancellation_rate"] == pytest.approx(1 / 3)


def test_a_redemption_that_only_the_codes_file_has_counts_as_in_the_charts(
    weeks: Vouchers,
) -> None:
    found = sql_rows(weeks, sql_of("chart", "by_site"))
    assert tuples(found, "site", "net", "cancelled") == [
        ("Site001", 3, 1),
        ("Site002", 1, 0),
        ("(no site)", 1, 0),
        (KNOWN_ONLY, 1, 0),
    ]
    assert [row["share"] for row in found] == [0.6, 0.2, 0.2, None]


def test_a_split_has_the_names_with_the_most_and_all_others_together(weeks: Vouchers) -> None:
    sql = sql_of("chart", "over_time_split", grain="year", by="site", most=1)
    assert sorted(tuples(sql_rows(weeks, sql), "name", "net")) == [
        ("(all others)", 1),
        (KNOWN_ONLY, 1),
        ("(no site)", 1),
        ("Site001", 3),
    ]


def test_the_numbers_of_the_tiles_are_one_row(weeks: Vouchers) -> None:
    (row,) = sql_rows(weeks, sql_of("numbers", "week"))
    wanted = {"codes_issued": 6, "redeemed_codes": 4, "net": 6, "cancelled": 1, "outstanding": 1}
    assert {name: row[name] for name in wanted} == wanted
    assert (row["redemption_rate"], row["cancellation_rate"]) == (4 / 6, 1 / 7)


def test_a_pivot_has_a_column_for_each_of_its_names(weeks: Vouchers) -> None:
    sql = sql_of("pivot", "p", rows="folder", columns="campaign", measure="net")
    assert tuples(sql_rows(weeks, sql), "folder", "campaign", "net") == [
        ("(no folder)", "(no campaign)", 1),
        ("February", "(no campaign)", 1),
        ("January", "(no campaign)", 3),
        ("January", "7", 1),
    ]
    units = sql_of("pivot", "p", rows="type", measure="units")
    assert tuples(sql_rows(weeks, units), "redemption_type", "units_given") == [
        ("(unknown code)", 0),
        ("Item", 6),
    ]


def test_a_code_counts_at_each_site_where_it_was_redeemed(weeks: Vouchers) -> None:
    sql = sql_of("pivot", "p", rows="site", measure="redeemed")
    assert tuples(sql_rows(weeks, sql), "site", "redeemed_codes") == [
        (KNOWN_ONLY, 1),
        ("(no site)", 1),
        ("Site001", 2),
        ("Site002", 1),
    ]


def test_masked_codes_are_counted_as_whole_ones(vouchers: Vouchers) -> None:
    vouchers.load(*[Code(f"SECRET{n}") for n in range(4)])
    vouchers.load(*[Transaction(n, f"SECRET{n}") for n in range(3)])
    sql = sql_of("numbers", "n")
    (row,) = sql_rows(vouchers, sql, access=Access(masked=True))
    assert (row["codes_issued"], row["redeemed_codes"]) == (4, 3)
    (shown,) = sql_rows(
        vouchers, "select distinct code from chosen_codes", access=Access(masked=True)
    )
    assert "SECRET" not in shown["code"]


def test_who_sees_one_group_has_its_numbers_alone(weeks: Vouchers) -> None:
    (row,) = sql_rows(weeks, sql_of("numbers", "n"), access=Access(groups=("Email",)))
    assert (row["codes_issued"], row["net"]) == (2, 3)


def test_the_new_cell_is_drawn_as_the_old_one_and_keeps_its_keys() -> None:
    sql = sql_of(
        "chart",
        "over_time",
        filter="group=SMS&from=2016-01-04",
        title="One\\n  line",
        grain="week",
        show="rate",
        alert="[net < 5, 'cancelled > 2']",
    )
    keys = keys_of(new_cell("sql", "over_time", sql))
    assert keys.texts == {
        "title": "One\\n line",
        "filter": "group=SMS&from=2016-01-04",
        "alert": ["net < 5", "cancelled > 2"],
        "chart": "line",
        "x": "period",
        "y": "cancellation_rate",
    }


def test_a_title_of_several_lines_stays_a_comment() -> None:
    meaning = meaning_of("chart", "status", title='"a\\nselect 1\\u2028drop"')
    sql = as_sql(meaning)
    assert sql is not None
    assert sql.splitlines()[0] == "-- title: a select 1 drop"


@pytest.mark.parametrize(
    ("kind", "name", "keys", "reason"),
    [
        ("sql", "a", {}, "SQL already"),
        ("control", "a", {"value": "x"}, "no query"),
        ("chart", "bounceback", {}, "parent"),
        ("chart", "trend", {}, "no SQL for it"),
        ("chart", "over_time", {"grain": "decade"}, "grain is hour"),
        ("chart", "over_time", {"grain": "day') --"}, "grain is hour"),
        ("chart", "rate_within_days", {"days": "1 or 1"}, "days is a whole number"),
        ("chart", "rate_within_days", {"days": "²"}, "days is a whole number"),
        ("pivot", "p", {"per_day": "yes"}, "mean per day"),
        ("pivot", "p", {"rows": "site", "measure": "codes"}, "issued to no site"),
        ("pivot", "p", {"rows": "code"}, "rows is group"),
    ],
)
def test_what_has_no_sql_says_why(kind: str, name: str, keys: dict[str, str], reason: str) -> None:
    meaning = meaning_of(kind, name, **keys)
    assert as_sql(meaning) is None
    assert reason in why_not(meaning)


def test_a_comparison_has_no_sql() -> None:
    meaning = meaning_of("compare", "c", filter="group=SMS&b.group=Email")
    assert as_sql(meaning) is None
    assert "of two" in why_not(meaning)


def test_all_of_it_is_written_in_the_houses_style() -> None:
    for sql in every_sql():
        too_wide = [line for line in sql.splitlines() if len(line) > 80]
        askew = [line for line in sql.splitlines() if (len(line) - len(line.lstrip())) % 4]
        assert (too_wide, askew) == ([], []), sql
        assert not set("{}\t;") & set(sql)
        assert sql.endswith("\n")
        assert "\n\n\n" not in sql


def test_all_of_it_runs_and_has_the_columns_that_its_chart_names(weeks: Vouchers) -> None:
    for sql in every_sql():
        keys = keys_of(new_cell("sql", "a", sql)).texts
        found = sql_rows(weeks, sql)
        assert {str(keys[key]) for key in ("x", "y", "colour") if key in keys} <= set(found[0])


def test_each_text_is_of_something() -> None:
    used = " ".join(path.read_text("utf-8") for path in FOLDER.parent.glob("sql_of_*.py"))
    names = {path.stem for path in FOLDER.glob("*.txt")} - {"names"}
    assert {name for name in names if f'"{name}"' not in used} == set()


SOME_DAY = st.none() | st.none() | st.dates(date(2015, 12, 28), date(2016, 2, 20))
FILTERS = st.builds(
    lambda filters, first, last: filters.with_("from", first).with_("to", last),
    st.sampled_from(CHOICES),
    SOME_DAY,
    SOME_DAY,
)
SEVERAL_FILES = st.lists(FILES, min_size=1, max_size=5)


def keyed(rows: Rows, keys: tuple[str, ...], columns: Iterable[str]) -> dict[Any, Any]:
    """The numbers of rows by their names; rates as what is nearly the same."""
    names = list(columns)
    return {
        tuple(row[key] for key in keys): {name: pytest.approx(row[name]) for name in names}
        for row in rows
    }


def same(
    db: duckdb.DuckDBPyConnection, filters: Filters, chart: str, *keys: str, **values: object
) -> None:
    """Assert that the SQL of a chart has the rows and the numbers of its query."""
    wanted = query_rows(db, chart, filters, None, **values)
    found = rows_of_sql(db, sql_of("chart", chart, **values), filters)
    columns = set(found[0] if found else ()) & set(wanted[0] if wanted else ()) - set(keys)
    for row in wanted:
        if row.get("from_codes_file"):
            row |= {name: KNOWN_ONLY for name in ("site", "name") if name in row}
    if chart.startswith("over_time"):
        wanted = [row for row in wanted if row["net"] + row["cancelled"]]
    if chart == "over_time_split":
        for row in wanted:
            row["name"] = row["name"] or "(all others)"
    assert keyed(found, keys, columns) == keyed(wanted, keys, columns), (chart, values)


@pytest.mark.slow
@settings(SLOW, max_examples=examples(rounds(12, torture=600)))
@given(SEVERAL_FILES, FILTERS, st.integers(1, 60))
def test_the_sql_of_a_chart_has_its_numbers_for_any_rows_and_filters(
    files: list[File], filters: Filters, days: int
) -> None:
    with temporary_store() as store:
        for file in files:
            import_file(store, file)
        with store.cursor() as db:
            check = partial(same, db, filters)
            for grain in GRAINS:
                check("over_time", "period", grain=grain)
            for by in (*COHORTS, "site"):
                check("over_time_split", "name", "period", grain="week", by=by, most=1)
            check("uptake_by_group", "group_name")
            check("status", "status")
            check("by_site", "site")
            check("weekday_hour", "weekday", "hour")
            check("time_to_redeem")
            for by in ("site", "group", "campaign"):
                check("cancellations", "name", by=by)
            for by in COHORTS:
                check("rate_within_days", "name", by=by, days=days)
            (wanted,) = query_rows(db, "numbers", filters, None)
            (found,) = rows_of_sql(db, sql_of("numbers", "n"), filters)
            assert found == {name: wanted[name] for name in found}


@pytest.mark.slow
@settings(SLOW, max_examples=examples(rounds(8, torture=300)))
@given(SEVERAL_FILES, FILTERS, st.sampled_from(COHORTS))
def test_the_sql_of_curves_has_each_of_their_days(
    files: list[File], filters: Filters, by: str
) -> None:
    with temporary_store() as store:
        for file in files:
            import_file(store, file)
        with store.cursor() as db:
            wanted = query_rows(
                db, "redemption_curve", filters, None, by=by, most=2, every_day=True
            )
            found = rows_of_sql(db, sql_of("chart", "redemption_curve", by=by, most=2), filters)
            assert found == wanted


@pytest.mark.slow
@settings(SLOW, max_examples=examples(rounds(20, torture=1_000)))
@given(
    SEVERAL_FILES,
    FILTERS,
    st.sampled_from([*DIMENSIONS, "none"]),
    st.sampled_from([*DIMENSIONS, "none"]),
    st.integers(1, 60),
)
def test_the_sql_of_a_pivot_has_its_cells_for_any_rows_and_filters(
    files: list[File], filters: Filters, rows: str, columns: str, days: int
) -> None:
    with temporary_store() as store:
        for file in files:
            import_file(store, file)
        with store.cursor() as db:
            for measure in MEASURES:
                pivot = Pivot(filters, datetime(2016, 6, 1), rows, columns, measure, days)
                if is_offered(pivot) and rows != columns:
                    assert_same_cells(db, pivot)


def assert_same_cells(db: duckdb.DuckDBPyConnection, pivot: Pivot) -> None:
    """Assert that the SQL of a pivot has the values of its cells."""
    values = pivot.parameters()
    wanted = {
        (row["row"], row["column"]): pytest.approx(row["value"])
        for row in query_rows(db, "pivot", pivot.filters, None, **values)
    }
    found = rows_of_sql(
        db,
        sql_of("pivot", "p", **values),
        pivot.filters,
    )
    names = [(name, DIMENSIONS.get(name)) for name in (pivot.rows, pivot.columns)]
    cells = {
        tuple(as_text(name, row[column]) if column else "" for name, column in names): row[
            MEASURES[pivot.measure].column
        ]
        for row in found
    }
    if names == [("none", None)] * 2 and not wanted:
        return  # SQL without a group has one row, also of nothing
    assert cells == wanted, pivot


def as_text(dimension: str, value: object) -> str:
    """A name as the query pivot has it."""
    if dimension == "hour":
        return f"{value:02}"
    return str(value)[:7] if dimension == "month" else str(value)
