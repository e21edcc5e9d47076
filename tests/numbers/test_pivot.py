"""Pivot tables: what each measure means by each kind of dimension, and totals that are right."""

from datetime import datetime
from typing import Any

import duckdb
import pytest

from tests.support.queries import NOW
from tests.support.rows import Code, Transaction
from tests.support.vouchers import Vouchers

Cells = dict[tuple[str | None, str | None], float | None]


def table(
    vouchers: Vouchers,
    rows: str,
    columns: str,
    measure: str,
    query: str = "",
    now: datetime = NOW,
    **values: object,
) -> list[dict[str, Any]]:
    wanted = {"rows": rows, "columns": columns, "measure": measure}
    given = {"days": 28, "per_day": "no", "most": 5_000} | values
    return vouchers.query("pivot_table", query, now, **wanted, **given)


def pivot(
    vouchers: Vouchers,
    rows: str,
    columns: str,
    measure: str,
    query: str = "",
    now: datetime = NOW,
    **values: object,
) -> Cells:
    """The values of cells and totals; None in the place of a name stands for all."""
    found = table(vouchers, rows, columns, measure, query, now, **values)
    return {(row["row"], row["column"]): row["value"] for row in found}


@pytest.fixture
def chain(vouchers: Vouchers) -> Vouchers:
    """Four codes of two groups. A1 is used on two Mondays and a Tuesday, at two sites."""
    vouchers.load(Code("A1"), Code("A2"), batch="7", folder="May", prefix="A")
    vouchers.load(Code("B1", "SMS", type="Discount"), Code("B2", "SMS", start="", quantity=""))
    vouchers.load(
        Transaction("T1", "A1", time="04/01/2016 12:00", campaign="C1"),
        Transaction("T2", "A1", time="05/01/2016 13:00", campaign="C1"),
        Transaction("T3", "A1", time="11/01/2016 12:30", campaign="C1", site="Site002"),
        Transaction("T4", "A2", time="11/01/2016 12:00", cancelled="Yes"),
        Transaction("T5", "B1", "SMS", time="01/02/2016 12:00", site=""),
        Transaction("T6", "B2", "SMS", time="02/02/2016 12:00"),
        Transaction("T7", "ghost", "", time="02/02/2016 12:00"),
    )
    return vouchers


def test_net_redemptions_by_two_dimensions_with_their_totals(chain: Vouchers) -> None:
    assert pivot(chain, "site", "group", "net") == {
        ("Site001", "Email"): 2, ("Site001", "SMS"): 1, ("Site001", "(no group)"): 1,
        ("Site002", "Email"): 1, ("(no site)", "SMS"): 1,
        ("Site001", None): 4, ("Site002", None): 1, ("(no site)", None): 1,
        (None, "Email"): 3, (None, "SMS"): 2, (None, "(no group)"): 1, (None, None): 6,
    }  # fmt: skip


def test_a_code_redeemed_twice_counts_once_in_each_cell_and_once_in_each_total(
    chain: Vouchers,
) -> None:
    assert pivot(chain, "weekday", "site", "redeemed") == {
        ("1", "Site001"): 1, ("1", "Site002"): 1, ("1", "(no site)"): 1, ("1", None): 2,
        ("2", "Site001"): 2, ("2", None): 2,
        (None, "Site001"): 2, (None, "Site002"): 1, (None, "(no site)"): 1, (None, None): 3,
    }  # fmt: skip


def test_a_rate_in_a_total_is_of_all_its_codes_and_not_the_mean_of_its_cells(
    vouchers: Vouchers,
) -> None:
    vouchers.load(*(Code(f"A{n}") for n in range(9)), Code("A9", redeemed="02/01/2016 12:00"))
    vouchers.load(Code("B1", "SMS", redeemed="02/01/2016 12:00"))
    assert pivot(vouchers, "group", "none", "rate") == {
        ("Email", ""): 0.1, ("SMS", ""): 1.0, ("Email", None): 0.1, ("SMS", None): 1.0,
        (None, ""): 2 / 11, (None, None): 2 / 11,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("by", "found"),
    [
        ("group", {"Email": 3, "SMS": 2, "(no group)": 1}),
        ("folder", {"May": 3, "(no folder)": 3}),
        ("batch", {"7": 3, "(no batch)": 3}),
        ("prefix", {"A": 3, "(no prefix)": 2, "(unknown code)": 1}),
        ("type", {"Item": 4, "Discount": 1, "(unknown code)": 1}),
        ("item", {"10000056168": 5, "(unknown code)": 1}),
        ("start", {"2016-01": 4, "(no start)": 1, "(unknown code)": 1}),
        ("status", {"redeemed": 5, "cancelled": 0, "(unknown code)": 1}),
        ("site", {"Site001": 4, "Site002": 1, "(no site)": 1}),
        ("campaign", {"C1": 3, "(no campaign)": 3}),
        ("weekday", {"1": 3, "2": 3}),
        ("hour", {"12": 5, "13": 1}),
        ("day", {"2016-01-04": 1, "2016-01-05": 1, "2016-01-11": 1, "2016-02-01": 1,
                 "2016-02-02": 2}),
        ("week", {"2016-01-04": 2, "2016-01-11": 1, "2016-02-01": 3}),
        ("month", {"2016-01": 3, "2016-02": 3}),
        ("none", {"": 6}),
    ],
)  # fmt: skip
def test_net_redemptions_by_every_dimension(
    chain: Vouchers, by: str, found: dict[str, int]
) -> None:
    cells = pivot(chain, by, "none", "net")
    assert {row: value for (row, column), value in cells.items() if row is not None and column is
            not None} == found  # fmt: skip
    assert cells[None, None] == 6


@pytest.mark.parametrize(
    ("measure", "email", "sms", "total"),
    [
        ("codes", 2, 2, 4),
        ("live", 2, 2, 4),
        ("redeemed", 1, 2, 3),
        ("rate", 0.5, 1.0, 0.75),
        ("within", 0.5, 0.0, 1 / 3),  # B1 came after 31 days, B2 has no start
        ("median", 3.5, 31.5, 17.5),
        ("net", 3, 2, 6),
        ("redemptions", 4, 2, 7),
        ("cancelled", 1, 0, 1),
        ("cancellation_rate", 0.25, 0.0, 1 / 7),
        ("units", 3, 0, 3),
    ],
)
def test_every_measure_by_group(
    chain: Vouchers, measure: str, email: float, sms: float, total: float
) -> None:
    cells = pivot(chain, "group", "none", measure)
    assert (cells["Email", ""], cells["SMS", ""]) == (email, sms)
    assert cells[None, None] == pytest.approx(total)


def test_a_period_makes_rates_of_codes_live_in_it_and_leaves_the_codes_issued(
    vouchers: Vouchers,
) -> None:
    vouchers.load(
        Code("A1", expiry="15/01/2016 00:00"),
        Code("A2"),
        Code("A3", "SMS", expiry="10/01/2016 00:00"),
    )
    vouchers.load(
        Transaction("T1", "A1", time="08/01/2016 12:00"),
        Transaction("T2", "A2", time="02/02/2016 12:00"),
        Transaction("T3", "A3", "SMS", time="03/02/2016 12:00"),  # after it has expired
    )
    february = "from=2016-02-01&to=2016-02-29"
    for measure, email, sms in (
        ("codes", 2, 1),
        ("live", 1, 1),
        ("redeemed", 1, 1),
        ("rate", 1, 1),
    ):
        cells = pivot(vouchers, "group", "start", measure, february)
        assert (cells["Email", "2016-01"], cells["SMS", "2016-01"]) == (email, sms), measure
    assert pivot(vouchers, "group", "batch", "live", february)[None, None] == 2


def test_the_number_of_what_a_value_leaves_out_is_said_for_each_total(chain: Vouchers) -> None:
    def left_out(measure: str, now: datetime = NOW) -> dict[str | None, int]:
        return {
            row["row"]: row["left_out"]
            for row in table(chain, "group", "none", measure, now=now)
            if row["column"] is None
        }

    assert left_out("units") == {"Email": 0, "SMS": 1, "(no group)": 1, None: 2}
    young = left_out("within", datetime(2016, 1, 20))
    assert young == {"Email": 2, "SMS": 1, None: 3}


def test_a_redemption_before_its_codes_start_is_left_out_of_the_median(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1", start="10/01/2016 00:00", redeemed="08/01/2016 00:00"), Code("A2"))
    vouchers.load(Transaction("T1", "A2", time="02/01/2016 12:00"))
    (total,) = (row for row in table(vouchers, "group", "none", "median") if row["level"] == 3)
    assert (total["value"], total["whole"], total["left_out"]) == (1.5, 1, 1)


def test_a_redemption_known_only_from_a_codes_file_has_a_row_of_its_own_by_site(
    vouchers: Vouchers,
) -> None:
    vouchers.load(Code("A1", redeemed="02/01/2016 12:00"), Code("A2"))
    vouchers.load(Transaction("T1", "A2", site=""))
    found = [row["row"] for row in table(vouchers, "site", "none", "net") if row["level"] == 0]
    assert found == ["(known only from code files)", "(no site)"]


@pytest.mark.parametrize("measure", ["codes", "live", "rate", "within", "median"])
@pytest.mark.parametrize("by", ["site", "campaign", "hour", "month"])
def test_codes_have_no_site_and_no_day(vouchers: Vouchers, measure: str, by: str) -> None:
    with pytest.raises(duckdb.Error, match="Codes are issued to no site"):
        pivot(vouchers, "group", by, measure)


@pytest.mark.parametrize(
    ("rows", "measure", "per_day", "words"),
    [
        ("luck", "net", "no", "no such rows"),
        ("group", "luck", "no", "no such measure"),
        ("group", "redeemed", "yes", "no mean per day"),
    ],
)
def test_what_is_not_offered_is_an_error(
    chain: Vouchers, rows: str, measure: str, per_day: str, words: str
) -> None:
    with pytest.raises(duckdb.Error, match=words):
        pivot(chain, rows, "none", measure, per_day=per_day)


def test_a_mean_per_weekday_is_over_all_such_days_of_the_period(chain: Vouchers) -> None:
    # From Monday 4 to Sunday 17 January there are two of each day.
    query = "from=2016-01-04&to=2016-01-17&site!=Site002"
    cells = pivot(chain, "weekday", "none", "redemptions", query, per_day="yes")
    assert (cells["1", ""], cells["2", ""], cells[None, None]) == (1.0, 0.5, 3 / 14)


def test_a_mean_per_day_begins_with_the_first_redemption_and_ends_with_the_data(
    chain: Vouchers,
) -> None:
    until = datetime(2016, 2, 3, 12, 0)  # a Wednesday; 31 days after Monday 4 January
    cells = pivot(chain, "group", "month", "net", per_day="yes", now=until)
    assert cells["Email", "2016-01"] == 3 / 28
    assert cells["SMS", "2016-02"] == 2 / 3
    assert cells[None, None] == 6 / 31
    further = pivot(chain, "group", "month", "net", "to=2016-03-31", per_day="yes", now=until)
    assert further == cells  # days after the end of the data do not count


def test_the_day_on_which_the_data_end_before_noon_is_no_day_of_a_mean(chain: Vouchers) -> None:
    until = datetime(2016, 2, 2, 11, 59)
    cells = pivot(chain, "group", "month", "net", per_day="yes", now=until)
    assert cells["SMS", "2016-02"] == 2 / 1  # of 1 February, with the redemptions of the 2nd
    assert cells[None, None] == 6 / 29
    assert pivot(chain, "day", "none", "net", per_day="yes", now=until)["2016-02-02", ""] is None
    ended = pivot(chain, "group", "none", "net", "to=2016-02-01", per_day="yes", now=until)
    assert ended[None, None] == 4 / 29


@pytest.mark.parametrize(
    ("query", "per_day", "is_left_out"),
    [
        ("", "yes", True),
        ("", "no", False),
        ("from=2016-02-02", "yes", True),
        ("to=2016-02-02", "yes", True),
        ("to=2016-02-01", "yes", False),
        ("from=2016-02-03", "yes", False),
    ],
)
def test_a_day_that_is_left_out_is_one_of_the_period(
    chain: Vouchers, query: str, per_day: str, is_left_out: bool
) -> None:
    until = datetime(2016, 2, 2, 11, 59)
    *_, total = table(chain, "group", "none", "net", query, until, per_day=per_day)
    assert total["early_end"] == (until if is_left_out else None)


def test_a_mean_per_day_of_an_hour_is_over_all_days(chain: Vouchers) -> None:
    query = "from=2016-01-04&to=2016-01-13"
    cells = pivot(chain, "hour", "weekday", "net", query, per_day="yes")
    assert (cells["12", "1"], cells["12", None], cells[None, "2"]) == (1.0, 0.2, 0.5)


def test_larger_totals_come_first_times_in_their_order_and_what_has_no_name_last(
    chain: Vouchers,
) -> None:
    found = table(chain, "group", "month", "net")
    rows = dict.fromkeys(row["row"] for row in found if row["level"] == 0)
    assert list(rows) == ["Email", "SMS", "(no group)"]
    places = {row["column"]: row["column_place"] for row in found if row["level"] == 0}
    assert places == {"2016-01": 1, "2016-02": 2}


def test_rates_of_few_codes_come_after_the_others(vouchers: Vouchers) -> None:
    vouchers.load(*(Code(f"A{n}") for n in range(20)))
    vouchers.load(Code("B1", "SMS", redeemed="02/01/2016 12:00"))
    found = table(vouchers, "group", "none", "rate")
    assert [row["row"] for row in found if row["level"] == 1] == ["Email", "SMS"]


def test_a_table_shows_as_many_rows_and_columns_as_it_may_and_says_how_many_there_are(
    vouchers: Vouchers,
) -> None:
    vouchers.load(*(Code(f"A{n}", f"G{n:03}", item=str(n % 60)) for n in range(300)))
    found = table(vouchers, "group", "item", "codes", most=5_000)
    assert (found[0]["all_rows"], found[0]["all_columns"]) == (300, 60)
    assert {row["row_place"] for row in found if row["level"] == 1} == set(range(1, 101))
    assert {row["column_place"] for row in found if row["level"] == 2} == set(range(1, 51))
    assert next(row["value"] for row in found if row["level"] == 3) == 300
    whole = table(vouchers, "group", "item", "codes", most=10**9)
    assert sum(row["level"] == 0 for row in whole) == 300


def test_the_query_for_scripts_has_the_cells_alone(chain: Vouchers) -> None:
    found = chain.query("pivot", rows="type", columns="none", measure="net", days=28, per_day="no")
    assert found == [
        {"row": "Discount", "column": "", "value": 1.0},
        {"row": "Item", "column": "", "value": 4.0},
        {"row": "(unknown code)", "column": "", "value": 1.0},
    ]
