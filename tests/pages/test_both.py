"""Charts of a comparison: A and B on one scale, told apart without colour, with what differs."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest

from pages.charts import by_site, over_time, uptake_by_group, weekday_hour
from pages.charts.both_plots import on_one_scale
from pages.charts.both_reading import Counted, differs_most, totals_apart
from pages.charts.both_table import both_tables
from pages.charts.drawn import told_of
from pages.charts.narrowing import labels_of_marks
from pages.charts.redemption_curves import redemption_curves
from pages.charts.sides import Sides
from pages.frame.comparing import LONGEST_NAME
from pages.text.escape import shortened
from queries.chance import wilson

SMS, EMAIL = "SMS", "Email"


def sides(a: pd.DataFrame, b: pd.DataFrame, *, same_period: bool = True) -> Sides:
    return Sides(a, b, "first", "second", same_period, same_length=True)


def rates_of(found: pd.DataFrame, part: str, whole: pd.Series, name: str) -> pd.DataFrame:
    rates = [wilson(*counts) for counts in zip(found[part], whole, strict=True)]
    return found.join(pd.DataFrame(rates, columns=[name, "low", "high"], dtype=float))


def groups(*rows: tuple[str, int, int]) -> pd.DataFrame:
    """Name, codes issued, redeemed codes; as uptake_by_group.sql returns them."""
    found = pd.DataFrame(rows, columns=["group_name", "codes_issued", "redeemed_codes"])
    found = rates_of(found, "redeemed_codes", found["codes_issued"], "redemption_rate")
    return found.assign(
        net=found["redeemed_codes"],
        cancelled=0,
        codes_live=found["codes_issued"],
        live_rate=found["redemption_rate"],
    )


def sites(*rows: tuple[str, int, int]) -> pd.DataFrame:
    """Name, net and cancelled redemptions; as by_site.sql returns them."""
    found = pd.DataFrame(rows, columns=["site", "net", "cancelled"])
    found = found.assign(from_codes_file=False, redemptions=found["net"] + found["cancelled"])
    found["cancellation_rate"] = found["cancelled"] / found["redemptions"]
    return found.assign(share=found["net"] / found["net"].sum())


def weeks(first: str, *net: int, whole: bool = True) -> pd.DataFrame:
    """Net redemptions by week, one of them cancelled; as over_time.sql returns them."""
    found = pd.DataFrame(
        {"period": pd.date_range(first, periods=len(net), freq="7D"), "net": net}
    ).assign(cancelled=1, whole=whole)
    return rates_of(found, "cancelled", found["net"] + 1, "cancellation_rate")


def of_side(figure: go.Figure, side: str) -> list[Any]:
    """The traces of a side."""
    return [trace for trace in figure.data if side in trace.name]


def in_legend(figure: go.Figure) -> list[str]:
    return [trace.name for trace in figure.data if trace.showlegend]


def rates_by_group() -> go.Figure:
    a, b = groups((SMS, 100, 50), ("(no group)", 50, 5)), groups((EMAIL, 80, 8), (SMS, 90, 9))
    figure = uptake_by_group.uptake_by_group(in_period=False).both.figure
    assert figure
    shown = figure(sides(a, b))
    assert shown is not None
    return shown


def test_of_each_row_b_stands_below_a_and_what_only_b_has_comes_before_what_has_no_name() -> None:
    figure = rates_by_group()
    assert [text.replace("\u00a0", " ") for text in figure.layout.yaxis.ticktext] == [
        *("(no group)", EMAIL, SMS)
    ]
    (a, *_), (b, *_) = of_side(figure, "first"), of_side(figure, "second")
    assert dict(zip(a.hovertext, a.y, strict=True))[SMS] == 2.19
    assert dict(zip(b.hovertext, b.y, strict=True)) == {SMS: 1.81, EMAIL: 0.81}


def test_both_sides_are_in_the_legend_once_and_told_apart_without_colour() -> None:
    figure = rates_by_group()
    assert in_legend(figure) == ["first", "second"]
    assert [trace.marker.symbol for trace in figure.data if trace.mode == "markers"] == [
        *("circle", "circle-open", "diamond-open", "diamond-open")
    ]


def test_a_click_on_b_chooses_nothing() -> None:
    assert list(labels_of_marks(rates_by_group())) == [SMS, "(no group)"]


def test_names_that_a_shows_are_shown_of_b_too_though_b_has_others_in_front() -> None:
    many = sites(*((f"S{number:02}", 100 - number, 0) for number in range(30)))
    figure = by_site.figure_of_both(sides(sites(("S29", 5, 1)), many))
    assert figure is not None
    (net, _) = of_side(figure, "second")
    assert dict(zip(net.hovertext, net.x, strict=True))["S29"] == 71
    assert len(figure.layout.yaxis.ticktext) == 20


@pytest.mark.parametrize("swapped", [False, True])
def test_rows_have_one_scale_that_fits_both(swapped: bool) -> None:
    a, b = sites(("S1", 10, 0)), sites(("S1", 1000, 0))
    figure = by_site.figure_of_both(sides(b, a) if swapped else sides(a, b))
    assert figure is not None
    assert figure.layout.xaxis.range[1] >= 1000
    assert figure.layout.xaxis.dtick is None


def test_bars_of_b_are_dotted_or_hatched_the_other_way() -> None:
    figure = by_site.figure_of_both(sides(sites(("S1", 10, 1)), sites(("S1", 12, 2))))
    assert figure is not None
    assert [bar.marker.pattern.shape for bar in figure.data] == [None, "/", ".", "\\"]
    assert in_legend(figure) == [
        *("Net · first", "Cancelled · first", "Net · second", "Cancelled · second")
    ]


def test_a_single_name_has_a_figure_in_a_comparison() -> None:
    one, other = groups((SMS, 100, 50)), groups((EMAIL, 100, 20))
    chart = uptake_by_group.uptake_by_group(in_period=False)
    assert chart.figure(one) is None
    assert chart.both.figure is not None
    assert chart.both.figure(sides(one, other)) is not None


def bars(a: pd.DataFrame, b: pd.DataFrame, *, same_period: bool) -> go.Figure:
    return over_time.figure_of_both(sides(a, b, same_period=same_period), "week", shows_rate=False)


def test_periods_of_b_stand_beside_those_of_a_as_far_from_the_first_one() -> None:
    a, b = weeks("2016-04-04", 5, 6), weeks("2016-01-04", 7, 8, 9)
    net_a, _, net_b, cancelled_b = bars(a, b, same_period=False).data
    assert [day.date().isoformat() for day in pd.to_datetime(net_b.x)] == [
        *("2016-04-04", "2016-04-11", "2016-04-18")
    ]
    assert list(net_b.y) == [7, 8, 9]
    # Without a base of its own Plotly would stack it on those of A.
    assert list(net_b.base) == [0, 0, 0]
    assert list(cancelled_b.base) == [7, 8, 9]
    assert (net_a.offset, net_b.offset) == (-net_a.width, 0)
    # The hover has the date of B itself, and a click on it chooses nothing.
    assert [list(row) for row in net_b.customdata] == [
        *([None, f"week from {day} Jan 2016"] for day in (4, 11, 18))
    ]


def test_of_the_same_time_each_period_stands_beside_itself() -> None:
    a, b = weeks("2016-01-11", 5), weeks("2016-01-04", 7, 8)
    net_b = bars(a, b, same_period=True).data[2]
    assert [day.day for day in pd.to_datetime(net_b.x)] == [4, 11]


def test_a_year_before_in_weeks_has_monday_under_monday() -> None:
    a, b = weeks("2016-04-04", 5, 6), weeks("2015-04-06", 7, 8)  # 364 days before
    net_b = bars(a, b, same_period=False).data[2]
    assert {day.weekday() for day in pd.to_datetime(net_b.x)} == {0}


def test_periods_of_which_only_a_part_is_covered_are_pale_on_both_sides() -> None:
    a, b = weeks("2016-04-04", 5), weeks("2016-01-04", 7, whole=False)
    opacity = [list(bar.marker.opacity) for bar in bars(a, b, same_period=False).data]
    assert opacity == [[1], [1], [0.55], [0.55]]


def test_the_line_of_b_is_dashed() -> None:
    both = sides(weeks("2016-01-04", 50, 60), weeks("2016-01-04", 70, 80))
    a, b = over_time.figure_of_both(both, "week", shows_rate=True).data
    assert (a.line.dash, b.line.dash) == ("solid", "dash")
    assert set(b.marker.symbol) == {"diamond-open"}


def heat(*cells: tuple[int, int, int]) -> pd.DataFrame:
    return pd.DataFrame(cells, columns=["weekday", "hour", "net"]).assign(cancelled=0)


def test_two_heatmaps_have_the_same_range_of_colours() -> None:
    a, b = (weekday_hour.figure(heat((1, 12, net))) for net in (30, 400))
    first, second = on_one_scale(a, b)
    assert (first.data[0].zmin, first.data[0].zmax) == (0, 400)
    assert (second.data[0].zmin, second.data[0].zmax) == (0, 400)


def curve(name: str, *redeemed: int) -> pd.DataFrame:
    rows = [(name, age, 100, count, count / 100) for age, count in enumerate(redeemed, 1)]
    return pd.DataFrame(rows, columns=["name", "age_days", "codes", "redeemed", "rate"])


def test_two_figures_have_the_same_axes_and_the_same_line_for_the_same_name() -> None:
    chart = redemption_curves("batch")
    a = pd.concat([curve("1", 10, 20), curve("2", 5, 6)], ignore_index=True)
    b = pd.concat([curve("2", 30, 40, 50), curve("3", 1)], ignore_index=True)
    first, second = on_one_scale(chart.figure(a), chart.figure(b))
    assert first.layout.yaxis.range == second.layout.yaxis.range
    assert first.layout.xaxis.range == second.layout.xaxis.range
    assert second.layout.yaxis.range[1] > 0.5
    looks = {
        (side, line.name): (line.line.color, line.line.dash)
        for side, figure in ((0, first), (1, second))
        for line in figure.data
    }
    assert looks[1, "2"] == looks[0, "2"]
    assert looks[1, "3"] != looks[1, "2"]
    assert labels_of_marks(second) == {}


def test_the_figures_that_others_use_stay_as_they_are() -> None:
    found = weeks("2016-01-04", 5)
    before = go.Figure.to_dict(over_time.figure(found, "week"))  # not what Figure keeps
    bars(found, weeks("2015-01-05", 7), same_period=False)
    assert go.Figure.to_dict(over_time.figure(found, "week")) == before


def test_a_table_has_the_columns_of_both_and_their_difference() -> None:
    a = pd.DataFrame(
        {"Group": ["A", "B"], "Codes": [5, 3], "Rate": [0.5, None], "Note": ["x", "y"]}
    )
    b = pd.DataFrame({"Group": ["C", "A"], "Codes": [1, 7], "Rate": [0.1, 0.2], "Note": [None] * 2})
    both = both_tables(a, b)
    assert list(both.columns) == [
        *("Group", "Codes A", "Codes B", "Codes A − B"),
        *("Rate A", "Rate B", "Rate A − B", "Note A", "Note B"),
    ]
    assert list(both["Group"]) == ["A", "B", "C"]
    # What has no row on a side was counted there 0 times; a rate of nothing is none.
    assert both["Codes B"].tolist() == [7, 0, 1]
    assert both["Codes A − B"].tolist() == [-2, 3, -1]
    assert both["Rate B"].isna().tolist() == [False, True, False]
    assert both["Codes A"].dtype.kind == "i"
    assert both["Rate A − B"][0] == pytest.approx(0.3)


def test_a_choice_without_a_row_is_set_beside_one_that_has_some() -> None:
    some = pd.DataFrame({"Site": ["Site001"], "Cancellation rate": [0.5], "Cancelled": [3]})
    nothing = some[:0].astype("str")
    for a, b, row, apart in (
        (nothing, some, [None, 0.5, 0, 3], -3),
        (some, nothing, [0.5, None, 3, 0], 3),
    ):
        both = both_tables(a, b)
        of_sides = [
            "Cancellation rate A", "Cancellation rate B", "Cancelled A", "Cancelled B",
        ]  # fmt: skip
        found = both[of_sides].astype(object).where(both[of_sides].notna(), None)
        assert found.to_numpy().tolist() == [row]
        assert both["Cancellation rate A − B"].isna().all()
        assert both["Cancelled A − B"].tolist() == [apart]


def test_a_table_over_time_has_the_dates_of_both() -> None:
    chart = over_time.over_time("", "", "week", shows_rate=False)
    assert chart.both.table
    both = sides(weeks("2016-04-04", 5), weeks("2016-01-04", 7, 8), same_period=False)
    table = chart.both.table(both)
    assert [f"{day:%d %b}" for day in table["Period from"]] == ["04 Apr", "11 Apr"]
    assert [f"{day:%d %b}" for day in table["Period from B"]] == ["04 Jan", "11 Jan"]
    assert table["Net redemptions A − B"].tolist()[0] == -2


RATE = Counted("Redeemed codes", "Codes issued", "groups", "redeemed")


@pytest.mark.parametrize(
    ("a", "b", "sentence"),
    [
        (
            groups((SMS, 1000, 300), (EMAIL, 1000, 100)),
            groups((SMS, 1000, 200), (EMAIL, 1000, 105)),
            "Differs most: SMS, 30.0% redeemed against 20.0%, +10.0 points (+6.2 to +13.7), beyond "
            "what chance does among 2 groups.",
        ),
        (
            groups((SMS, 100, 30), (EMAIL, 100, 10)),
            groups((SMS, 100, 29), (EMAIL, 100, 13)),
            "Differs most: Email, 10.0% redeemed against 13.0%, −3.0 points (−12.2 to +6.1), "
            "within what chance does among 2 groups.",
        ),
        (
            groups((SMS, 100, 30)),
            groups((SMS, 100, 10), ("(no group)", 500, 500)),
            "In both: SMS, 30.0% redeemed against 10.0%, +20.0 points (+9.0 to +30.6), beyond what "
            "chance does.",
        ),
        (
            groups((SMS, 100, 30)),
            groups((EMAIL, 100, 10)),
            "30.0% (21.9–39.6) redeemed against 10.0% (5.5–17.4): +20.0 points (+9.0 to +30.6), "
            "beyond what chance does.",
        ),
        (
            groups((SMS, 10, 3), (EMAIL, 90, 27)),
            groups((SMS, 100, 10)),
            "None of the groups has enough in both to compare them; all together, 30.0% "
            "(21.9–39.6) redeemed against 10.0% (5.5–17.4): +20.0 points (+9.0 to +30.6), beyond "
            "what chance does.",
        ),
        (
            groups((SMS, 100, 30)),
            groups((EMAIL, 0, 0)),
            "There is nothing to compare on one of the two sides.",
        ),
    ],
)
def test_the_reading_names_what_differs_most_and_whether_by_chance(
    a: pd.DataFrame, b: pd.DataFrame, sentence: str
) -> None:
    assert differs_most(uptake_by_group.table(a), uptake_by_group.table(b), RATE) == sentence


def test_shares_are_compared_where_there_is_no_rate() -> None:
    both = sides(sites(("S1", 300, 0), ("S2", 700, 0)), sites(("S1", 40, 0), ("S2", 60, 0)))
    assert by_site.apart_of_both(both).startswith(
        "Differs most: S1, 30.0% of the net redemptions against 40.0%"
    )


def test_shares_of_other_names_are_not_compared() -> None:
    both = sides(sites(("S1", 300, 0)), sites(("S2", 40, 0)))
    assert by_site.apart_of_both(both) == "The two sides have none of the sites in common."


def test_a_reading_that_begins_with_the_name_of_its_side_has_it_once() -> None:
    assert told_of("Email", "Email: 21.6%.") == "Email: 21.6%."
    assert told_of("Email", "Emails: 21.6%.") == "Email: Emails: 21.6%."
    assert told_of("May: 7", "May: 7: 21.6%.") == "May: 7: 21.6%."
    long = "a group of so many words that no chart has room for them"
    assert told_of(shortened(long, LONGEST_NAME), f"{long}: 1.0%.") == f"{long}: 1.0%."


@pytest.mark.parametrize(
    ("counts", "same_length", "sentence"),
    [
        ((1200, 1000), True, "1,200 net redemptions against 1,000: 1.20 times as many "
         "(1.10–1.31), beyond what chance does."),
        ((102, 100), True, "102 net redemptions against 100: 1.02 times as many "
         "(0.77–1.36), within what chance does."),
        ((102, 100), False, "102 net redemptions against 100, of another length of time."),
        ((102, 0), True, "102 net redemptions against 0."),
    ],
)  # fmt: skip
def test_counts_are_compared_where_both_are_of_as_long_a_time(
    counts: tuple[int, int], same_length: bool, sentence: str
) -> None:
    assert totals_apart(*counts, "net redemption", same_length=same_length) == sentence
