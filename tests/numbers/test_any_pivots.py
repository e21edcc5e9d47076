"""Pivot tables match the model in plain Python and agree with tiles and charts, for any rows."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.store.database import Store
from queries.filters import Filters
from tests.support.effort import examples, rounds
from tests.support.model import TIMES, File, Model, moment
from tests.support.model_pivot import (
    COUNTS,
    MEASURES,
    OF_CODES,
    OF_REDEMPTIONS,
    Pivot,
    cells,
    is_offered,
)
from tests.support.queries import query_rows
from tests.support.stores import import_file, temporary_store
from tests.support.strategies import CHOICES, FILES, SLOW

pytestmark = pytest.mark.slow

LATEST = max(time for text in TIMES if (time := moment(text)))  # of all redemptions
DIMENSIONS = (*OF_CODES, *OF_REDEMPTIONS, "none")
SOME_DAY = st.none() | st.none() | st.dates(date(2015, 12, 28), date(2016, 2, 20))
FILTERS = st.builds(
    lambda filters, first, last: filters.with_("from", first).with_("to", last),
    st.sampled_from(CHOICES),
    SOME_DAY,
    SOME_DAY,
)
PIVOTS = st.builds(
    Pivot,
    FILTERS,
    st.integers(0, 100).map(lambda half_days: LATEST + timedelta(half_days / 2)),
    st.sampled_from(DIMENSIONS),
    st.sampled_from(DIMENSIONS),
    st.sampled_from(MEASURES),
    st.integers(1, 60),
    st.booleans(),
)
# The measures that a tile has, and which.
TILES = {
    "codes": "codes_issued",
    "live": "codes_live",
    "redeemed": "redeemed_codes",
    "rate": "live_rate",
    "net": "net",
    "redemptions": "redemptions",
    "cancelled": "cancelled",
    "cancellation_rate": "cancellation_rate",
    "units": "units_given",
}


def table_of(db: duckdb.DuckDBPyConnection, pivot: Pivot) -> list[dict[str, Any]]:
    values = pivot.parameters() | {"most": 1_000_000}
    return query_rows(db, "pivot_table", pivot.filters, pivot.now, **values)


def assert_matches(store: Store, model: Model, pivot: Pivot) -> None:
    with store.cursor() as db:
        if not is_offered(pivot):
            with pytest.raises(duckdb.Error, match=r"Codes are issued|no mean per day"):
                table_of(db, pivot)
            return
        found = table_of(db, pivot)
        only_cells = query_rows(db, "pivot", pivot.filters, pivot.now, **pivot.parameters())
    wanted = cells(model, pivot)
    assert {(r["row"], r["column"]): (approx(r["value"]), r["left_out"]) for r in found} == wanted
    assert {(r["row"], r["column"]): approx(r["value"]) for r in only_cells} == {
        key: value for key, (value, _) in wanted.items() if None not in key
    }


def approx(value: float | None) -> Any:  # noqa: ANN401 - pytest's own type
    return None if value is None else pytest.approx(value)


@settings(SLOW, max_examples=examples(rounds(12, torture=1_000)))
@given(st.lists(FILES, min_size=1, max_size=5), st.lists(PIVOTS, min_size=1, max_size=8))
def test_pivots_of_any_imports_match_the_model_in_plain_python(
    files: list[File], several: list[Pivot]
) -> None:
    model = Model()
    with temporary_store() as store:
        for file in files:
            import_file(store, file)
            model.apply(file.kind, file.rows, file.scope)
        for pivot in several:
            assert_matches(store, model, pivot)


@settings(SLOW, max_examples=examples(rounds(6, torture=400)))
@given(st.lists(FILES, min_size=1, max_size=5), FILTERS, st.sampled_from(OF_CODES))
def test_totals_of_pivots_are_the_numbers_of_the_tiles(
    files: list[File], filters: Filters, by: str
) -> None:
    with temporary_store() as store:
        for file in files:
            import_file(store, file)
        with store.cursor() as db:
            (tiles,) = query_rows(db, "numbers", filters, LATEST)
            for measure, tile in TILES.items():
                found = table_of(db, Pivot(filters, LATEST, by, "none", measure))
                (total,) = (row["value"] for row in found if row["level"] == 3)
                assert total == tiles[tile], measure
                if measure in ("codes", "redeemed", "live", *COUNTS):
                    assert sum(row["value"] for row in found if row["level"] == 0) == total
            (usual,) = query_rows(db, "time_to_redeem", filters, LATEST)
            found = table_of(db, Pivot(filters, LATEST, by, "none", "median"))
            assert [(r["value"], r["whole"], r["left_out"]) for r in found if r["level"] == 3] == [
                (usual["median"], usual["codes"], usual["before_start"])
            ]


@settings(SLOW, max_examples=examples(rounds(6, torture=400)))
@given(st.lists(FILES, min_size=1, max_size=5), FILTERS, st.integers(1, 60))
def test_pivots_have_the_numbers_of_the_charts(
    files: list[File], filters: Filters, days: int
) -> None:
    with temporary_store() as store:
        for file in files:
            import_file(store, file)
        with store.cursor() as db:

            def chart(name: str, key: str, value: str, **values: object) -> dict[Any, Any]:
                found = query_rows(db, name, filters, LATEST, **values)
                return {str(row[key]): row[value] for row in found if row[value]}

            def pivot(rows: str, measure: str) -> dict[Any, Any]:
                values = Pivot(filters, LATEST, rows, "none", measure, days).parameters()
                found = query_rows(db, "pivot", filters, LATEST, **values)
                return {row["row"]: row["value"] for row in found if row["value"]}

            sites = pivot("site", "net")
            beside = sites.pop("(known only from code files)", None)
            assert sites | ({"None": beside} if beside else {}) == chart("by_site", "site", "net")
            for by in ("group", "campaign"):
                assert pivot(by, "cancelled") == chart("cancellations", "name", "cancelled", by=by)
            assert pivot("status", "codes") == chart("status", "status", "codes")
            for measure in ("live", "redeemed"):
                column = f"{'codes_' if measure == 'live' else ''}{measure}"
                column += "_codes" if measure == "redeemed" else ""
                assert pivot("group", measure) == chart("uptake_by_group", "group_name", column)
            for grain in ("day", "week", "month"):
                periods = chart("over_time", "period", "net", grain=grain)
                length = 7 if grain == "month" else 10
                assert pivot(grain, "net") == {p[:length]: net for p, net in periods.items()}
            hours: dict[str, float] = defaultdict(float)
            for row in query_rows(db, "weekday_hour", filters, LATEST):
                hours[f"{row['hour']:02}"] += row["net"]
            assert pivot("hour", "net") == {hour: net for hour, net in hours.items() if net}
            for by in ("batch", "group", "folder", "month"):
                rates = chart("rate_within_days", "name", "rate", by=by, days=days)
                assert pivot("start" if by == "month" else by, "within") == rates
