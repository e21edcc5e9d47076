"""What charts show beside their bars: ticks, whiskers, marks of few, and what is left apart."""

import math

import pandas as pd
import pytest

from pages.charts import by_site, cancellations, over_time, over_time_reading, status
from queries.chance import wilson


def cancelled(*rows: tuple[str | None, int, int]) -> pd.DataFrame:
    """Name (None: known only from codes files), cancelled, redemptions; as cancellations.sql."""
    found = pd.DataFrame(rows, columns=["name", "cancelled", "redemptions"])
    found = found.assign(from_codes_file=found["name"].isna())
    rates = [wilson(part, of) for _, part, of in rows]
    return found.join(pd.DataFrame(rates, columns=["cancellation_rate", "low", "high"]))


def sites(*rows: tuple[str | None, int, int]) -> pd.DataFrame:
    """Name (None: known only from codes files), cancelled, redemptions; as by_site.sql."""
    found = cancelled(*rows).rename(columns={"name": "site"})
    found["net"] = found["redemptions"] - found["cancelled"]
    return found.assign(share=found["net"] / found[~found["from_codes_file"]]["net"].sum())


def periods(first: str, count: int, grain: str) -> pd.DataFrame:
    """Periods with 10 net redemptions each; as over_time.sql."""
    starts = {"hour": "h", "day": "D", "week": "W-MON", "month": "MS", "year": "YS"}
    found = pd.DataFrame({"period": pd.date_range(first, periods=count, freq=starts[grain])})
    found = found.assign(net=10, cancelled=0, whole=True)
    return found.assign(cancellation_rate=0.0, low=0.0, high=wilson(0, 10).high)


@pytest.mark.parametrize(
    ("first", "count", "grain", "labels"),
    [
        ("2017-08-14", 3, "week", ["14 Aug<br>2017", "21 Aug", "28 Aug"]),
        ("2017-12-18", 4, "week", ["18 Dec<br>2017", "25 Dec", "1 Jan<br>2018", "8 Jan"]),
        ("2017-05-16", 2, "day", ["16 May<br>2017", "17 May"]),
        ("2017-12-01", 3, "month", ["Dec<br>2017", "Jan<br>2018", "Feb"]),
        ("2016-01-01", 2, "year", ["2016<br>", "2017"]),
        ("2017-05-16 22:00", 3, "hour", ["22:00<br>16 May 2017", "23:00", "00:00<br>17 May 2017"]),
    ],
)
def test_a_tick_is_the_day_before_the_month_with_the_year_where_it_changes(
    first: str, count: int, grain: str, labels: list[str]
) -> None:
    found = periods(first, count, grain)
    for draw in (over_time.figure, over_time.rate_figure):
        axis = draw(found, grain).layout.xaxis
        assert list(axis.tickvals) == list(found["period"])
        assert list(axis.ticktext) == [label.removesuffix("<br>") for label in labels]


@pytest.mark.parametrize(
    ("first", "count", "grain"),
    [("2016-01-06", 60, "day"), ("2016-01-04", 71, "week"), ("2015-03-01", 40, "month"),
     ("1990-01-01", 34, "year"), ("2016-01-06 05:00", 72, "hour")],
)  # fmt: skip
def test_of_many_periods_some_have_ticks_that_fit_a_phone(
    first: str, count: int, grain: str
) -> None:
    found = periods(first, count, grain)
    ticks = list(over_time.figure(found, grain).layout.xaxis.tickvals)
    assert 3 <= len(ticks) <= 8
    assert set(ticks) <= set(found["period"])
    if grain in ("day", "week"):
        assert {tick.weekday() for tick in ticks} == {0}
    if grain == "month":
        assert {tick.month for tick in ticks} <= {1, 7}
    if grain == "hour":
        assert {tick.hour for tick in ticks} <= {0, 12}


def test_a_sentence_has_the_year_where_the_chart_has_several() -> None:
    found = periods("2017-12-18", 3, "week")
    found.loc[2, "net"] = 30
    assert "the most (30) in the week from 1 Jan 2018," in over_time_reading.reading(found, "week")
    found = periods("2018-01-01", 2, "week").assign(net=[30, 1])
    assert "the most (30) in the week from 1 Jan," in over_time_reading.reading(found, "week")


def test_a_bar_that_a_period_covers_in_part_is_pale_and_the_reading_says_so() -> None:
    found = periods("2017-08-14", 2, "week").assign(whole=[True, False])
    assert list(over_time.figure(found, "week").data[0].marker.opacity) == [1.0, 0.55]
    assert over_time_reading.reading(found, "week").endswith(
        " Pale bars: the period covers only part of them."
    )


def test_a_rate_of_few_is_hollow_without_a_whisker_and_an_empty_period_is_a_gap() -> None:
    found = periods("2016-01-01", 3, "day").assign(net=[30, 0, 2], cancelled=[10, 0, 1])
    rates = [wilson(10, 40), wilson(0, 0), wilson(1, 3)]
    found[["cancellation_rate", "low", "high"]] = rates
    points = over_time.rate_figure(found, "day").data[0]
    assert list(points.marker.symbol) == ["diamond", "diamond-open", "diamond-open"]
    assert points.y[0] == 0.25
    assert math.isnan(points.y[1])
    assert not points.connectgaps
    assert points.error_y.array[0] == pytest.approx(wilson(10, 40).high - 0.25)
    assert points.error_y.arrayminus[0] == pytest.approx(0.25 - wilson(10, 40).low)
    assert math.isnan(points.error_y.array[2])
    assert points.text[0] == "25.0% (14.2–40.2): 10 of 40"
    assert points.text[2] == "33.3% (6.1–79.2): 1 of 3 · few"


def test_bars_of_rates_have_whiskers_and_those_of_few_are_pale() -> None:
    figure = cancellations.figure(cancelled(("A", 10, 40), ("B", 1, 3)), "site")
    assert figure is not None
    bars, numbers = figure.data  # from the bottom up
    assert list(bars.marker.opacity) == [0.35, 1.0]
    assert bars.error_x.array[1] == pytest.approx(wilson(10, 40).high - 0.25)
    assert math.isnan(bars.error_x.array[0])
    assert list(bars.text) == ["33.3% · 1 of 3 cancelled (few)", "25.0% · 10 of 40 cancelled"]
    assert [text.strip() for text in numbers.text] == ["33.3% · 1 of 3", "25.0% · 10 of 40"]


def test_axes_of_rates_have_one_decimal_and_no_tick_twice() -> None:
    for rows in ([("A", 1, 2000), ("B", 2, 2000)], [("A", 10, 40), ("B", 30, 40)]):
        figure = cancellations.figure(cancelled(*rows), "site")
        assert figure is not None
        assert figure.layout.xaxis.tickformat == ".1%"
        assert figure.layout.xaxis.dtick == (0.001 if rows[0][2] == 2000 else None)


def test_one_group_needs_no_bar_chart() -> None:
    found = cancelled(("Email", 10, 40))
    assert cancellations.figure(found, "group") is None
    assert cancellations.reading(found, "group") == "Email: 25.0% of 40 redemptions cancelled."
    table = cancellations.table(found, "Group")
    assert table.astype(object).where(table.notna(), None).to_dict("list") == {
        "Group": ["Email"],
        "Cancellation rate": [0.25],
        "Low": [pytest.approx(wilson(10, 40).low)],
        "High": [pytest.approx(wilson(10, 40).high)],
        "Cancelled": [10],
        "Redemptions": [40],
        "Note": [None],
    }


def names_of(ticktext: tuple[str, ...]) -> list[str]:
    """The names beside the bars, from the top down."""
    return [name.replace("\u00a0", " ") for name in ticktext][::-1]


MANY = [(f"S{number}", 1, 101 - number) for number in range(30)]
APART = [("(no site)", 0, 400), (None, 0, 1204)]


def test_sites_beyond_the_twentieth_are_a_sentence_and_no_bar() -> None:
    found = sites(*MANY, *APART)
    figure = by_site.figure(found)
    assert names_of(figure.layout.yaxis.ticktext) == [
        *(f"S{number}" for number in range(20)),
        "(no site)",
    ]
    assert by_site.reading(found) == (
        "S0 leads 30 sites with 100 net redemptions (3.4%), within what chance does (the next: "
        "99). 10 other sites: 755 net, 10 cancelled. 13.4% of these redemptions have no site. "
        "1,204 redemptions known only from code files have no site and are not shown here."
    )
    bars = sum(int(x) for bar in figure.data for x in bar.x)
    assert bars + 400 + 755 + 10 + 1204 == found["redemptions"].sum()


def test_a_bar_of_no_site_never_dwarfs_those_of_sites() -> None:
    net, cancelled_ = by_site.figure(sites(("S1", 10, 50), ("(no site)", 10, 60))).data
    assert (list(net.x), list(cancelled_.x)) == ([0, 40], [0, 10])
    assert list(cancelled_.text) == ["50 net · 16.7% cancelled", "20.0% cancelled"]
    net, cancelled_ = by_site.figure(sites(("S1", 10, 50), ("(no site)", 1, 10))).data
    assert (list(net.x), list(cancelled_.x)) == ([9, 40], [1, 10])
    assert list(cancelled_.text) == ["10.0% cancelled (few)", "20.0% cancelled"]
    net, _ = by_site.figure(sites(("(no site)", 10, 60))).data
    assert list(net.x) == [50]


def test_what_has_no_site_chooses_nothing_where_the_filter_would_choose_more() -> None:
    for frame, clicks in (
        (sites(*MANY[:2], *APART), [None, ["S1"], ["S0"]]),
        (sites(*MANY[:2], APART[0]), [["(no site)"], ["S1"], ["S0"]]),
    ):
        assert list(by_site.figure(frame).data[0].customdata) == clicks
        figure = cancellations.figure(frame.rename(columns={"site": "name"}), "site")
        assert figure is not None
        assert figure.data[0].customdata[0] == clicks[0]


def test_tables_of_sites_have_all_sites_and_what_is_counted_beside_them() -> None:
    table = by_site.table(sites(*MANY, *APART))
    assert list(table["Site"][-2:]) == ["(no site)", "(known only from code files)"]
    assert len(table) == 32
    assert table["Redemptions"].sum() == sum(row[2] for row in (*MANY, *APART))
    notes = by_site.table(sites(("A", 1, 30), ("B", 1, 19)))["Note"]
    assert list(notes.fillna("–")) == ["–", "few"]


def test_where_all_redemptions_are_known_only_from_code_files_only_that_is_said() -> None:
    frame = sites((None, 0, 1))
    sentence = "1 redemption known only from code files has no site and is not shown here."
    assert by_site.reading(frame) == sentence
    assert by_site.figure(frame).layout.yaxis.ticktext == ()
    assert cancellations.reading(frame.rename(columns={"site": "name"}), "site") == sentence


@pytest.mark.parametrize(
    ("rows", "said"), [([("A", 1, 95), ("(no site)", 0, 5)], False),
                       ([("A", 1, 94), ("(no site)", 0, 6)], True)]
)  # fmt: skip
def test_more_than_a_twentieth_without_a_site_is_worth_saying(
    rows: list[tuple[str | None, int, int]], said: bool
) -> None:
    assert ("6.0% of these redemptions have no site." in by_site.reading(sites(*rows))) == said


def statuses(*rows: tuple[str, int, int]) -> pd.DataFrame:
    """Status, codes, redeemed codes among them; as status.sql."""
    found = pd.DataFrame(rows, columns=["status", "codes", "redeemed_codes"])
    return found.assign(share=found["codes"] / found["codes"].sum())


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([], "No codes match these filters."),
        (
            [("expired", 5797, 0), ("redeemed", 792, 792)],
            "88.0% expired unused (5,797 of 6,589).",
        ),
        ([("redeemed", 30, 30), ("active", 10, 0)], "75.0% were redeemed (30 of 40)."),
        ([("active", 7, 0)], "100.0% can still be redeemed (7 of 7)."),
        (
            [("active", 7, 0), ("cancelled", 5, 0), ("deleted", 2, 0)],
            "14 codes: 7 active, 5 cancelled only and 2 deleted.",
        ),
        ([("active", 30, 0), ("expired", 30, 0)], "60 codes: 30 active and 30 expired."),
        (
            [("deleted", 600, 412), ("redeemed", 400, 400)],
            "60.0% were deleted (600 of 1,000). 412 redeemed codes were deleted later and count "
            "as Deleted here.",
        ),
        (
            [("active", 60, 0), ("deleted", 20, 1)],
            "75.0% can still be redeemed (60 of 80). 1 redeemed code was deleted later and counts "
            "as Deleted here.",
        ),
    ],
)
def test_the_reading_of_statuses_says_what_became_of_most_codes(
    rows: list[tuple[str, int, int]], sentence: str
) -> None:
    assert status.reading(statuses(*rows)) == sentence
