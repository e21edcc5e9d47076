"""Pivots as tables and sentences: their rows and columns, zeros, colours, leaders and chance."""

import io
import re
from datetime import datetime
from decimal import Decimal

import openpyxl  # type: ignore[import-untyped]
import pandas as pd
import pytest

from pages.charts.style import readable_on
from pages.pivoting.choice import Choice, choice_of, title_of
from pages.pivoting.dimensions import DIMENSIONS, without_gaps
from pages.pivoting.grid import file_table, grid
from pages.pivoting.heat import BLUE, DEEPEST, VERMILION, heated
from pages.pivoting.measures import MEASURES, definition_of, dimensions_of, usual_columns
from pages.pivoting.pivot_chart import pivot_chart
from pages.pivoting.reading import reading
from pages.pivoting.second_pivot import apart
from queries.downloading.formats import EXCEL_COLUMNS, Failed
from queries.downloading.write import write_table
from queries.engine.totals import run
from tests.support.queries import NOW, filters_of
from tests.support.rows import Code, Transaction
from tests.support.vouchers import Vouchers

BY_MONTH = Choice("group", "month", "net")


def frame_of(
    vouchers: Vouchers, choice: Choice, query: str = "", most: int = 5_000, now: datetime = NOW
) -> pd.DataFrame:
    with vouchers.store.cursor() as cursor:
        values = choice.values | {"most": most}
        return run(cursor, "pivot_table", filters_of(query), now, **values)


def redeemed(vouchers: Vouchers, group: str, day: str, times: int) -> None:
    """Load codes of a group, each redeemed on that day."""
    number = {"Email": 1, "SMS": 2}.get(group, 3) * 1000 + int(day[:2]) * 100
    codes = [f"X{number + n}" for n in range(times)]
    vouchers.load(*(Code(code, group) for code in codes))
    vouchers.load(*(Transaction(f"T-{c}", c, group, time=f"{day} 12:00") for c in codes))


def test_a_table_has_a_row_and_a_column_of_totals_and_zeros_for_months_without_any(
    vouchers: Vouchers,
) -> None:
    redeemed(vouchers, "Email", "04/01/2016", 2)
    redeemed(vouchers, "SMS", "05/03/2016", 3)
    table = grid(frame_of(vouchers, BY_MONTH), BY_MONTH)
    assert list(table.columns) == ["Group", "Jan 2016", "Feb 2016", "Mar 2016", "Total"]
    assert table.to_numpy().tolist() == [
        ["SMS", 0, 0, 3, 3], ["Email", 2, 0, 0, 2], ["Total", 2, 0, 3, 5],
    ]  # fmt: skip
    assert all(kind == "int64" for kind in table.dtypes[1:])


def test_a_table_without_columns_has_the_measure_alone(vouchers: Vouchers) -> None:
    redeemed(vouchers, "Email", "04/01/2016", 2)
    choice = Choice("weekday", "none", "net")
    table = grid(frame_of(vouchers, choice), choice)
    assert list(table.columns) == ["Weekday", "Net redemptions"]
    assert table["Weekday"].tolist() == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "Total"]
    assert table["Net redemptions"].tolist() == [2, 0, 0, 0, 0, 0, 0, 2]


def test_columns_whose_names_are_the_same_stay_apart(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1", "Total"), folder="Group")
    vouchers.load(Code("B1", "Email"), folder="Total")
    choice = Choice("group", "folder", "codes")
    table = grid(frame_of(vouchers, choice), choice)
    assert list(table.columns) == ["Group", "Group (2)", "Total", "Total (2)"]
    assert table["Group"].tolist() == ["Email", "Total", "Total"]


def test_a_rate_of_nothing_is_empty_and_not_zero(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1", type="Discount"), Code("B1", "SMS", redeemed="02/01/2016 12:00"))
    choice = Choice("group", "type", "rate")
    table = grid(frame_of(vouchers, choice), choice).set_index("Group")
    assert table.loc["SMS", "Item"] == 1.0
    assert table.loc["Email", "Discount"] == 0.0
    assert table["Discount"].isna().to_dict() == {"Email": False, "SMS": True, "Total": False}


def test_times_without_gaps_are_not_made_up_where_there_would_be_too_many() -> None:
    days = ["2016-01-30", "2016-02-02", "(no day)"]
    assert without_gaps(days, "day", 10) == [
        *("2016-01-30", "2016-01-31", "2016-02-01", "2016-02-02", "(no day)")
    ]
    assert without_gaps(days, "day", 3) == days
    assert without_gaps(["2016-01-04", "2016-01-18"], "week", 9)[1] == "2016-01-11"
    assert without_gaps(["2016-11", "2017-02", "(no start)"], "start", 9) == [
        *("2016-11", "2016-12", "2017-01", "2017-02", "(no start)")
    ]
    assert without_gaps(["b", "a"], "site", 9) == ["b", "a"]


def test_the_excel_file_has_numbers_as_numbers_rates_as_percent_and_means_with_decimals(
    vouchers: Vouchers,
) -> None:
    redeemed(vouchers, "Email", "04/01/2016", 1)
    formats = {}
    for name, choice in {
        "count": BY_MONTH,
        "rate": Choice("group", "start", "rate"),
        "mean": Choice("group", "month", "net", per_day=True),
        "days": Choice("group", "start", "median"),
    }.items():
        content = write_table(file_table(frame_of(vouchers, choice), choice), "xlsx")
        (sheet,) = openpyxl.load_workbook(io.BytesIO(content)).worksheets
        formats[name] = (sheet["B2"].number_format, sheet["B2"].value)
        assert [row[0].value for row in sheet.iter_rows()] == ["Group", "Email", "Total"]
    assert formats == {
        "count": ("General", 1), "rate": ("0.0%", 1), "mean": ("#,##0.00", 0.04),
        "days": ("#,##0.00", 3.5),
    }  # fmt: skip


def test_a_mean_in_a_file_has_two_decimals(vouchers: Vouchers) -> None:
    redeemed(vouchers, "Email", "04/01/2016", 1)
    choice = Choice("group", "none", "net", per_day=True)
    table = file_table(frame_of(vouchers, choice, "from=2016-01-04&to=2016-01-06"), choice)
    assert table.iloc[0].tolist() == ["Email", Decimal("0.33")]


def test_a_column_named_like_a_formula_runs_in_no_spreadsheet(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1"), folder="=1+1")
    choice = Choice("group", "folder", "codes")
    table = file_table(frame_of(vouchers, choice), choice)
    assert write_table(table, "csv").decode("utf-8-sig").startswith("Group,'=1+1,Total\n")


def test_a_table_that_is_too_wide_for_excel_is_refused_in_a_sentence() -> None:
    table = pd.DataFrame([range(EXCEL_COLUMNS + 1)]).rename(columns=str)
    with pytest.raises(Failed, match=r"at most 16,384 columns, and this table has 16,385\."):
        write_table(table, "xlsx")


@pytest.mark.parametrize("colour", [BLUE, VERMILION])
@pytest.mark.parametrize(
    ("text", "behind"), [("#101318", (255, 255, 255)), ("#FAFAFA", (18, 22, 28))]
)
def test_the_text_on_the_deepest_cell_can_be_read_in_both_schemes(
    colour: tuple[int, int, int], text: str, behind: tuple[int, int, int]
) -> None:
    mixed = [round(c * DEEPEST + b * (1 - DEEPEST)) for c, b in zip(colour, behind, strict=True)]
    mixed_hex = "#{:02X}{:02X}{:02X}".format(*mixed)
    assert readable_on(mixed_hex) == ("#000000" if text == "#101318" else "#FFFFFF")
    assert contrast(text, mixed_hex) >= 4.5


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_cells_are_coloured_and_totals_are_not(vouchers: Vouchers) -> None:
    redeemed(vouchers, "Email", "04/01/2016", 2)
    redeemed(vouchers, "SMS", "05/02/2016", 4)
    sent = heated(grid(frame_of(vouchers, BY_MONTH), BY_MONTH), BLUE, has_totals=True).to_html()
    assert re.findall(r"_(row\d_col\d) {\s*background-color: ([^;]+);", sent) == [
        ("row0_col2", "rgba(0, 114, 178, 0.500)"),
        ("row1_col1", "rgba(0, 114, 178, 0.250)"),
    ]


def test_the_sentence_names_the_highest_cell_and_whether_by_chance(vouchers: Vouchers) -> None:
    redeemed(vouchers, "Email", "04/01/2016", 60)
    redeemed(vouchers, "SMS", "05/02/2016", 25)
    assert reading(frame_of(vouchers, BY_MONTH), BY_MONTH) == (
        "In all 85 net redemptions. Highest: Email · Jan 2016 with 60, beyond what chance does "
        "(the next: 25)."
    )


def test_few_redemptions_are_no_leader(vouchers: Vouchers) -> None:
    redeemed(vouchers, "Email", "04/01/2016", 3)
    redeemed(vouchers, "SMS", "05/02/2016", 2)
    assert reading(frame_of(vouchers, BY_MONTH), BY_MONTH) == (
        "In all 5 net redemptions. Fewer than 20 in each cell, too few to say which is highest."
    )


def test_what_has_no_name_is_no_leader_and_is_said_where_it_is_much(vouchers: Vouchers) -> None:
    redeemed(vouchers, "Email", "04/01/2016", 30)
    redeemed(vouchers, "SMS", "05/01/2016", 22)
    codes = [Code(f"N{n}") for n in range(50)]
    vouchers.load(*codes)
    vouchers.load(*(Transaction(f"N{n}", c.code, site="") for n, c in enumerate(codes)))
    choice = Choice("site", "group", "net")
    assert reading(frame_of(vouchers, choice), choice) == (
        "In all 102 net redemptions. Highest: Site001 · Email with 30, within what chance does "
        "(the next: 22). 49.0% have no site."
    )


def test_a_highest_rate_is_compared_with_all_others_and_says_how_many(vouchers: Vouchers) -> None:
    for group, count in (("Email", 30), ("SMS", 2)):
        vouchers.load(
            *(
                Code(f"{group}{n}", group, redeemed="02/01/2016 12:00" if n < count else "")
                for n in range(60)
            )
        )
    choice = Choice("group", "none", "rate")
    assert reading(frame_of(vouchers, choice), choice) == (
        "In all 26.7%: 32 of 120 codes. Highest: Email with 50.0% (37.7–62.3) of 60 codes, beyond "
        "what chance does among 2 cells."
    )


def test_codes_too_young_and_units_of_unknown_quantity_are_said(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1", quantity="", redeemed="02/01/2016 12:00"), Code("B1", "SMS"))
    within = Choice("group", "none", "within")
    assert reading(frame_of(vouchers, within, now=datetime(2016, 1, 20)), within) == (
        "There is nothing to count here: no code started 28 days before the data end. "
        "Left out: 2 codes too young for it."
    )
    units = Choice("group", "none", "units")
    assert reading(frame_of(vouchers, units), units) == (
        "In all 0 units. Left out: 1 net redemption of unknown quantity."
    )


def test_means_and_medians_are_said_as_such(vouchers: Vouchers) -> None:
    redeemed(vouchers, "Email", "04/01/2016", 40)
    redeemed(vouchers, "SMS", "05/01/2016", 20)
    period = "from=2016-01-04&to=2016-01-05"
    mean = Choice("group", "none", "net", per_day=True)
    assert reading(frame_of(vouchers, mean, period), mean) == (
        "In all 30.00 per day: 60 net redemptions on 2 days. Highest: Email with 20.00 per day, "
        "beyond what chance does (the next: 10.00 per day)."
    )
    days = Choice("group", "none", "median")
    assert reading(frame_of(vouchers, days), days) == (
        "In all 3.5 days, of 60 redeemed codes. In the cells from 3.5 days to 4.5 days."
    )


def test_a_mean_says_which_day_is_none_of_it_and_leaves_its_cells_blank(
    vouchers: Vouchers,
) -> None:
    redeemed(vouchers, "Email", "04/01/2016", 3)
    redeemed(vouchers, "SMS", "05/01/2016", 1)
    until = datetime(2016, 1, 5, 6, 0)
    mean = Choice("group", "none", "net", per_day=True)
    frame = frame_of(vouchers, mean, now=until)
    assert reading(frame, mean).startswith(
        "In all 4.00 per day: 4 net redemptions on 1 day. 5 Jan is not counted as a day: the data "
        "end at 06:00."
    )
    assert "not counted" not in reading(frame_of(vouchers, mean), mean)
    one_day = frame_of(vouchers, mean, "from=2016-01-05", now=until)
    assert reading(one_day, mean) == (
        "There is nothing to count here: the period has no day that counts. "
        "5 Jan is not counted as a day: the data end at 06:00."
    )
    by_day = Choice("day", "group", "net", per_day=True)
    table = grid(frame_of(vouchers, by_day, now=until), by_day)
    assert table.astype(object).where(table.notna(), None).to_numpy().tolist() == [
        ["4 Jan 2016", 3, 0, 3], ["5 Jan 2016", None, None, None], ["Total", 3, 1, 4],
    ]  # fmt: skip
    assert apart(table, table, by_day).iloc[1, 1:].isna().all()
    assert "only where the data reach its noon" in definition_of("net")


def test_every_measure_reads_and_defines_itself_by_any_dimension(vouchers: Vouchers) -> None:
    redeemed(vouchers, "Email", "04/01/2016", 21)
    redeemed(vouchers, "SMS", "05/02/2016", 22)
    for measure in MEASURES:
        for by in dimensions_of(measure):
            choice = Choice(by, usual_columns(measure, by), measure)
            frame = frame_of(vouchers, choice)
            assert reading(frame, choice).endswith("."), choice
            assert len(grid(frame, choice)) > 1
        assert definition_of(measure).endswith("do not add up.")


def test_an_empty_choice_reads_as_such(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1"))
    for measure in MEASURES:
        choice = Choice("group", "none", measure)
        frame = frame_of(vouchers, choice, "group=nobody")
        assert not (frame["level"] == 0).any()
        assert reading(frame, choice).startswith(("In all 0 ", "There is nothing to count here"))
        assert len(file_table(frame, choice)) == 1


@pytest.mark.parametrize(
    ("texts", "is_one"),
    [
        ({}, True),
        ({"columns": "none"}, True),
        ({"per_day": "yes"}, True),
        ({"days": "366"}, True),
        ({"days": "0"}, False),
        ({"days": "028"}, False),
        ({"rows": "luck"}, False),
        ({"rows": "none"}, False),
        ({"columns": "site"}, False),  # the same as the rows
        ({"measure": "luck"}, False),
        ({"measure": "codes"}, False),  # codes have no site
        ({"measure": "redeemed", "per_day": "yes"}, False),
        ({"per_day": "perhaps"}, False),
        ({"most": "5"}, False),
    ],
)
def test_a_file_is_of_what_the_page_offers(texts: dict[str, str], is_one: bool) -> None:
    usual = {"rows": "site", "columns": "month", "measure": "net", "days": "28", "per_day": "no"}
    assert (choice_of(usual | texts) is not None) == is_one


def test_titles_are_of_the_measure_and_its_dimensions() -> None:
    assert title_of(BY_MONTH) == "Net redemptions by group and month"
    assert (
        title_of(Choice("week", "none", "net", per_day=True)) == "Net redemptions per day by week"
    )
    assert pivot_chart(Choice("start", "group", "within", 14)).title == (
        "Rate within 14 days by month of start and group"
    )
    assert len(DIMENSIONS) == 15


def test_two_pivots_are_compared_cell_by_cell_also_what_only_one_of_them_has(
    vouchers: Vouchers,
) -> None:
    redeemed(vouchers, "Email", "04/01/2016", 3)
    redeemed(vouchers, "SMS", "04/01/2016", 1)
    redeemed(vouchers, "SMS", "05/02/2016", 2)
    choice = Choice("group", "weekday", "net")
    a, b = (
        grid(frame_of(vouchers, choice, query), choice)
        for query in ("from=2016-01-01&to=2016-01-31", "from=2016-02-01&to=2016-02-29")
    )
    table = apart(a, b, choice)
    by_name = {row["Group"]: row for row in table.to_dict("records")}
    assert list(by_name) == ["Email", "SMS", "Total"]
    assert by_name["Email"]["Mon"] == 3  # of A alone
    assert by_name["SMS"]["Fri"] == -2  # of B alone
    assert [by_name[name]["Total"] for name in by_name] == [3, -1, 2]


def test_a_month_that_only_one_period_has_is_not_taken_for_a_difference(
    vouchers: Vouchers,
) -> None:
    redeemed(vouchers, "Email", "04/01/2016", 3)
    redeemed(vouchers, "SMS", "05/02/2016", 2)
    a, b = (
        grid(frame_of(vouchers, BY_MONTH, query), BY_MONTH)
        for query in ("from=2016-01-01&to=2016-01-31", "from=2016-02-01&to=2016-02-29")
    )
    assert apart(a, b, BY_MONTH).to_dict("records") == [
        {"Group": "Email", "Total": 3},
        {"Group": "SMS", "Total": -2},
        {"Group": "Total", "Total": 1},
    ]


def test_a_group_called_total_is_not_mixed_up_with_the_total(vouchers: Vouchers) -> None:
    redeemed(vouchers, "Total", "04/01/2016", 2)
    redeemed(vouchers, "Email", "04/01/2016", 1)
    choice = Choice("group", "none", "net")
    all_groups, email = (
        grid(frame_of(vouchers, choice, query), choice) for query in ("", "group=Email")
    )
    table = apart(all_groups, email, choice)
    assert table.to_numpy().tolist() == [["Total", 2], ["Email", 0], ["Total", 2]]
