"""A column adds up to a tile where it has the tile's number, and that is no accident."""

from decimal import Decimal

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queries.notebooks.adds_up import TILES, adds_up, totals_of, totals_sql
from tests.support.queries import filters_of
from tests.support.rows import Code, Transaction
from tests.support.sql_cells import rows_of_sql, sql_of
from tests.support.vouchers import Vouchers

NUMBERS = {
    "codes_issued": 40_000,
    "redeemed_codes": 17_002,
    "net": 19_435,
    "cancelled": 1_204,
    "outstanding": 12_345,
    "redemptions": 20_639,
}


def sentences(column: str, *values: object, **numbers: int) -> list[str]:
    """What is said of one column with these values, all of them there."""
    rows = pd.DataFrame({column: list(values)})
    tiles = pd.DataFrame([{**NUMBERS, **numbers}])
    return adds_up(totals_of(rows, len(rows)), tiles)


def test_a_column_of_net_redemptions_adds_up_to_its_tile() -> None:
    assert sentences("redemptions", 19_000, 435) == [
        "redemptions adds up to Net redemptions, 19,435."
    ]


def test_each_column_is_looked_at_by_itself() -> None:
    rows = pd.DataFrame({"grp": ["a", "b"], "net": [19_000, 435], "cancelled": [1_200, 4]})
    assert adds_up(totals_of(rows, 2), pd.DataFrame([NUMBERS])) == [
        "net adds up to Net redemptions, 19,435.",
        "cancelled adds up to Cancelled, 1,204.",
    ]


@pytest.mark.parametrize(
    ("column", "total", "label"),
    [
        ("codes", 40_000, "Codes issued"),
        ("codes", 12_345, "Outstanding"),
        ("codes", 17_002, "Redeemed codes"),
        ("Redeemed_Codes", 17_002, "Redeemed codes"),
        ("redeemed", 19_435, "Net redemptions"),
        ("cancelledRedemptions", 1_204, "Cancelled"),
        ("active codes", 12_345, "Outstanding"),
        ("n", 19_435, "Net redemptions"),
        ("count_star()", 40_000, "Codes issued"),
    ],
)
def test_names_say_which_tile_they_mean(column: str, total: int, label: str) -> None:
    assert sentences(column, total) == [f"{column} adds up to {label}, {total:,}."]


@pytest.mark.parametrize(
    ("column", "total"),
    [
        ("cancelled", 19_435),
        ("outstanding_codes", 40_000),
        ("net", 1_204),
        ("codes", 19_435),
        ("net_cancelled", 1_204),
        ("codes_live", 40_000),
    ],
)
def test_a_name_that_means_another_tile_makes_the_same_number_an_accident(
    column: str, total: int
) -> None:
    assert sentences(column, total) == []


def test_of_two_tiles_with_one_number_the_name_decides() -> None:
    assert sentences("net", 500, redeemed_codes=500, net=500) == [
        "net adds up to Net redemptions, 500."
    ]
    assert sentences("redeemed_codes", 500, redeemed_codes=500, net=500) == [
        "redeemed_codes adds up to Redeemed codes, 500."
    ]


@pytest.mark.parametrize("column", ["n", "total", "redeemed", "x"])
def test_where_the_name_does_not_decide_nothing_is_said(column: str) -> None:
    assert sentences(column, 5_000, redeemed_codes=5_000, net=5_000) == []


def test_a_small_number_under_any_name_is_no_proof() -> None:
    assert sentences("bananas", 7, cancelled=7) == []
    assert sentences("n", 999, cancelled=999) == []
    assert sentences("n", 1_000, cancelled=1_000) == ["n adds up to Cancelled, 1,000."]
    assert sentences("cancelled", 7, cancelled=7) == ["cancelled adds up to Cancelled, 7."]


def test_nothing_adds_up_to_nothing() -> None:
    assert sentences("cancelled", 0, 0, cancelled=0) == []
    assert sentences("cancelled", cancelled=0) == []
    assert sentences("cancelled", None, cancelled=0) == []
    assert sentences("net", 5, -5, net=0) == []


@pytest.mark.parametrize(
    "column",
    [*("year", "code_id", "net_rate", "share", "cumulative_net", "weekday", "avg_net"),
     *("Redemption rate", "median_days", "hour", "batch", "running_total", "siteRef")],
)  # fmt: skip
def test_years_ids_rates_averages_and_sums_so_far_have_no_total(column: str) -> None:
    assert sentences(column, 19_000, 435) == []


@pytest.mark.parametrize(
    "values",
    [
        (19_434.5, 0.5),
        ("19435",),
        (True,) * 3,
        (float("inf"),),
        (19_435, "x"),
        ([19_435],),
        (2**53 + 2, -(2**53) - 2, 19_435),
    ],
)
def test_only_whole_numbers_have_a_total(values: tuple[object, ...]) -> None:
    assert sentences("net", *values, net=3 if values[0] is True else 19_435) == []


def test_whole_numbers_of_any_type_are_added_and_missing_ones_left_out() -> None:
    for values in (
        (Decimal(19_000), Decimal(435)),
        (np.int64(19_000), np.int16(435)),
        (19_000.0, float("nan"), 435.0),
        (19_000, None, 435),
    ):
        assert sentences("net", *values) == ["net adds up to Net redemptions, 19,435."]


def test_a_part_of_the_rows_has_no_total() -> None:
    rows = pd.DataFrame({"net": [19_000, 435]})
    assert totals_of(rows, 2) == {"net": 19_435}
    assert totals_of(rows, 3) == {}
    assert adds_up(totals_of(rows, 1_001), pd.DataFrame([NUMBERS])) == []


def test_the_totals_of_all_rows_are_a_query_of_the_cell() -> None:
    columns = [
        ("day", "DATE"), ("net", "BIGINT"), ('the "codes"', "HUGEINT"), ("year", "BIGINT"),
        ("rate", "DOUBLE"), ("name", "VARCHAR"), ("is_net", "BOOLEAN"), ("lists", "BIGINT[]"),
        ("given", "DECIMAL(18,3)"),
    ]  # fmt: skip
    sql = totals_sql("by_day", columns)
    assert sql == (
        "select\n"
        '    sum("net") as "net",\n'
        '    sum("the ""codes""") as "the ""codes""",\n'
        '    sum("given") as "given"\n'
        'from "by_day"\n'
    )
    assert totals_sql("by_day", [("name", "VARCHAR"), ("year", "BIGINT")]) == ""


def test_the_totals_by_sql_are_those_of_all_rows() -> None:
    with duckdb.connect() as db:
        db.execute("create table by_day as select i as net, i // 2 as codes from range(5000) t(i)")
        row = db.execute(totals_sql("by_day", [("net", "BIGINT"), ("codes", "BIGINT")])).df()
        rows = db.execute("from by_day").df()
    assert totals_of(row, 1) == totals_of(rows, 5_000) == {"net": 12_497_500, "codes": 6_247_500}


def test_a_chart_shown_as_sql_adds_up_to_the_tiles(vouchers: Vouchers) -> None:
    vouchers.load(*[Code(f"C{n}") for n in range(3)])
    vouchers.load(Transaction(1, "C1"), Transaction(2, "C1"), Transaction(3, "C2", cancelled="Yes"))
    with vouchers.store.cursor() as db:
        rows = pd.DataFrame(rows_of_sql(db, sql_of("chart", "uptake_by_group"), filters_of("")))
    numbers = pd.DataFrame(vouchers.query("numbers"))
    assert adds_up(totals_of(rows, len(rows)), numbers) == [
        "codes_issued adds up to Codes issued, 3.",
        "redeemed_codes adds up to Redeemed codes, 1.",
        "net adds up to Net redemptions, 2.",
        "cancelled adds up to Cancelled, 1.",
    ]


@settings(deadline=None)
@given(
    st.lists(st.integers(-5, 2_000), max_size=6),
    st.fixed_dictionaries(dict.fromkeys(TILES, st.integers(0, 2_000))),
    st.sampled_from(["net", "codes", "n", "redeemed", "anything", "cancelled_codes"]),
)
def test_whatever_is_said_is_true_and_said_once(
    values: list[int], tiles: dict[str, int], column: str
) -> None:
    rows = pd.DataFrame({column: pd.Series(values, dtype="int64")})
    said = adds_up(totals_of(rows, len(rows)), pd.DataFrame([tiles]))
    same = {label for name, label in TILES.items() if tiles[name] == sum(values)}
    assert len(said) <= 1
    for sentence in said:
        start, end = f"{column} adds up to ", f", {sum(values):,}."
        assert sentence.startswith(start)
        assert sentence.endswith(end)
        assert sentence.removeprefix(start).removesuffix(end) in same
        assert sum(values) > 0
