"""The chart over time with a line per name: its lines, its sentence, its table."""

import pandas as pd
import pytest

from pages.charts import over_time_split
from pages.charts.over_time_split_reading import rate_reading, reading
from queries.chance import wilson

# A line's name (None: several gathered), for how many names, and its net and cancelled
# redemptions by week.
Line = tuple[str | None, int, list[int], list[int]]


def weeks(*lines: Line, beside: int = 0, whole: bool = True) -> pd.DataFrame:
    """Weeks from 4 Jan 2016 on; as over_time_split.sql returns them."""
    rows = [
        (name, names, pd.Timestamp("2016-01-04") + pd.Timedelta(weeks=week), net, cancelled)
        for name, names, *counts in lines
        for week, (net, cancelled) in enumerate(zip(*counts, strict=True))
    ]
    found = pd.DataFrame(rows, columns=["name", "names", "period", "net", "cancelled"])
    found = found.assign(from_codes_file=False, whole=whole)
    if beside:
        known_only = found[:1].assign(name=None, net=beside, cancelled=0, from_codes_file=True)
        found = pd.concat([found, known_only], ignore_index=True)
    rates = [wilson(c, n + c) for n, c in zip(found["net"], found["cancelled"], strict=True)]
    return found.join(
        pd.DataFrame(rates, columns=["cancellation_rate", "low", "high"], dtype=float)
    )


A: Line = ("A", 1, [60, 0], [2, 0])
B: Line = ("B", 1, [20, 10], [2, 18])
REST: Line = (None, 5, [10, 5], [0, 0])
NOTHING: Line = ("(no site)", 1, [5, 5], [0, 0])


def test_each_line_has_its_own_marks_dashes_or_colour_and_hollow_points_where_not_whole() -> None:
    names = [str(number) for number in range(8)]
    found = weeks(*((name, 1, [19, 8], [0, 0]) for name in names), REST, NOTHING, whole=False)
    lines = over_time_split.figure(found, "site", "week").data
    assert [line.name for line in lines] == [*names, "5\u00a0other\u00a0sites", "(no\u00a0site)"]
    symbols = [line.marker.symbol for line in lines]
    assert len(set(symbols)) == 10
    assert all(symbol.endswith("-open") for symbol in symbols)
    assert len({(line.line.color, line.line.dash) for line in lines}) == 10


def test_a_click_chooses_a_name_but_not_what_is_gathered_or_counted_beside() -> None:
    lines = over_time_split.figure(weeks(A, REST, NOTHING), "site", "week").data
    clicked = [None if line.customdata is None else list(line.customdata[0]) for line in lines]
    assert clicked == [["A", "A"], None, ["(no site)", "(no site)"]]
    # The filter “(no site)” also chooses those known only from codes files.
    lines = over_time_split.figure(weeks(A, NOTHING, beside=3), "site", "week").data
    assert [line.customdata is None for line in lines] == [False, True]


def test_what_would_dwarf_the_names_is_said_and_not_drawn() -> None:
    rest: Line = (None, 90, [500, 600], [1, 2])
    found = weeks(A, B, rest)
    assert [line.name for line in over_time_split.figure(found, "site", "week").data] == ["A", "B"]
    sentence = "90 other sites together: 1,100 net, not drawn: their line would dwarf the rest."
    assert sentence in reading(found, "site")
    # Rates of many are no higher than those of few.
    assert len(over_time_split.rate_figure(found, "site", "week").data) == 3


def test_months_of_start_are_in_their_own_order() -> None:
    found = weeks(("2016-02", 1, [9], [0]), ("2015-12", 1, [5], [0]), ("(no start)", 1, [1], [0]))
    lines = over_time_split.figure(found, "month", "week").data
    assert [line.name for line in lines] == ["Dec\u00a02015", "Feb\u00a02016", "(no\u00a0start)"]
    assert lines[2].customdata is None


def test_of_few_redemptions_a_rate_is_hollow() -> None:
    (line,) = over_time_split.rate_figure(weeks(B), "site", "week").data
    assert line.marker.symbol == "circle"
    (line,) = over_time_split.rate_figure(weeks(A), "site", "week").data
    assert [symbol.endswith("-open") for symbol in line.marker.symbol] == [False, True]


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (weeks(), "No redemptions match these filters."),
        (weeks(A), "A: 60 net redemptions (100.0%)."),
        (weeks(("A", 1, [0], [3])), "Every redemption here was cancelled."),
        (
            weeks(A, B),
            "The most of 2 sites: A with 60 net redemptions (66.7%), beyond what chance does "
            "(the next: 30).",
        ),
        (
            weeks(A, B, REST, NOTHING),
            "The most of 7 sites: A with 60 net redemptions (52.2%), beyond what chance does "
            "(the next: 30). 5 other sites together: 15 net. (no site): 7.3% of these redemptions.",
        ),
        (
            weeks(("A", 1, [6, 0], [0, 0]), ("B", 1, [2, 0], [0, 0])),
            "Fewer than 20 net redemptions in each of 2 sites, too few to say which leads.",
        ),
        (weeks(NOTHING), "10 net redemptions, none with a site."),
        (
            weeks(A, beside=3, whole=False),
            "A: 60 net redemptions (100.0%). 3 redemptions known only from code files have no "
            "site and are not shown here. Hollow points: the period covers only part of them.",
        ),
    ],
)
def test_the_reading_names_the_strongest_and_says_what_is_gathered(
    found: pd.DataFrame, sentence: str
) -> None:
    assert reading(found, "site") == sentence


def test_the_reading_of_rates_names_the_highest_and_whether_by_chance() -> None:
    assert rate_reading(weeks(A, B, REST), "site") == (
        "17.3% of 127 redemptions were cancelled. The highest rate of the sites, over all "
        "periods: B with 40.0% (27.6–53.8) of 50 redemptions, beyond what chance does. "
        "Hollow points: fewer than 20 redemptions."
    )
    assert "None of these redemptions was cancelled." in rate_reading(weeks(REST), "site")


def test_the_table_has_every_line_and_period_under_the_names_of_the_screen() -> None:
    table = over_time_split.table(weeks(A, REST, beside=3), "site")
    assert list(table["Site"]) == [
        *("A", "A", "5 other sites", "5 other sites", "(known only from code files)")
    ]
    assert list(table["Net redemptions"]) == [60, 0, 10, 5, 3]
