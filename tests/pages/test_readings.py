"""The sentence beside each chart, also where there is little to tell."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from pages.charts import (
    by_site,
    cancellations,
    over_time,
    over_time_reading,
    rate_within_days,
    redemption_curves,
    uptake_by_group,
    weekday_hour,
)
from pages.charts.changes import change_of
from queries.chance import wilson


def groups(*rows: tuple[str, int, int, int]) -> pd.DataFrame:
    """Name, codes issued, redeemed codes, net redemptions; as uptake_by_group.sql returns them.

    All codes are live.
    """
    found = pd.DataFrame(rows, columns=["group_name", "codes_issued", "redeemed_codes", "net"])
    found["redemption_rate"] = [wilson(row[2], row[1]).value for row in rows]
    return found.assign(codes_live=found["codes_issued"], live_rate=found["redemption_rate"])


def within(*rows: tuple[str, int, int, int]) -> pd.DataFrame:
    """Name, codes, redeemed codes, codes too young; as rate_within_days.sql returns them."""
    found = pd.DataFrame(rows, columns=["name", "codes", "redeemed", "too_young"])
    rates = [wilson(row[2], row[1]) for row in rows]
    return found.join(pd.DataFrame(rates, columns=["rate", "low", "high"], dtype=float))


def curves(*cohorts: tuple[str, int, dict[int, int]]) -> pd.DataFrame:
    """Name, codes, and redeemed codes by age; as redemption_curve.sql returns them."""
    rows = [
        (name, age, codes, redeemed, redeemed / codes)
        for name, codes, ages in cohorts
        for age, redeemed in ages.items()
    ]
    return pd.DataFrame(rows, columns=["name", "age_days", "codes", "redeemed", "rate"])


def sites(*rows: tuple[str, int]) -> pd.DataFrame:
    """Name, net redemptions; as by_site.sql returns them."""
    found = pd.DataFrame(rows, columns=["site", "net"]).assign(from_codes_file=False)
    return found.assign(redemptions=found["net"], share=found["net"] / found["net"].sum())


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (groups(), "No codes match these filters."),
        (groups(("Email", 0, 0, 2)), "No codes match these filters."),
        (groups(("Email", 4, 0, 0)), "None of these codes was redeemed within what is chosen."),
        (
            groups(("Email", 400, 100, 200)),
            "Email: 25.0% (21.0–29.5), 100 of 400 codes redeemed. 200 net redemptions.",
        ),
        (
            groups(("SMS", 400, 200, 300), ("Email", 1200, 300, 400)),
            "Highest of 2 groups: SMS with 50.0% (45.1–54.9) of 400 codes redeemed; "
            "the others together 25.0% (22.6–27.5).",
        ),
        (
            groups(("SMS", 100, 28, 300), ("Email", 1200, 300, 400)),
            "Highest of 2 groups, but within what chance does: SMS with 28.0% (20.1–37.5) of "
            "100 codes redeemed; the others together 25.0% (22.6–27.5).",
        ),
        (
            groups(("Till", 19, 19, 19), ("SMS", 400, 200, 300), ("Email", 1200, 300, 400)),
            "Highest of the groups with 20 codes or more: SMS with 50.0% (45.1–54.9) of 400 "
            "codes redeemed; the others together 26.2% (23.8–28.7).",
        ),
        (
            groups(("SMS", 4, 2, 3), ("Email", 2, 1, 1)),
            "None of 2 groups has 20 codes or more, too few to name the best one.",
        ),
        (
            groups(("SMS", 40, 20, 3), ("Email", 20, 10, 1), ("Till", 30, 10, 1)),
            "Highest of 3 groups: SMS and Email with 50.0% each of codes redeemed.",
        ),
        (
            groups(("(no group)", 100, 90, 90), ("SMS", 400, 200, 300), ("Email", 1200, 300, 400)),
            "Highest of 2 groups: SMS with 50.0% (45.1–54.9) of 400 codes redeemed; the others "
            "together 25.0% (22.6–27.5). Without a group: 5.9% of the codes.",
        ),
    ],
)
def test_the_reading_of_groups_names_the_best_and_says_whether_chance_does_the_same(
    found: pd.DataFrame, sentence: str
) -> None:
    assert uptake_by_group.reading(found) == sentence


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (sites(), "No redemptions match these filters."),
        (
            sites(("A", 0), ("B", 0)).assign(redemptions=2, cancelled=2),
            "Every redemption here was cancelled.",
        ),
        (sites(("A", 1)), "A: 1 net redemption (100.0%)."),
        (sites(("(no site)", 9)), "9 net redemptions, none with a site."),
        (
            sites(("A", 19), ("B", 1)),
            "20 net redemptions at 2 sites: fewer than 20 at each, too few to say which leads.",
        ),
        (
            sites(("A", 60), ("B", 20)),
            "A leads 2 sites with 60 net redemptions (75.0%), beyond what chance does (the next: "
            "20).",
        ),
        (
            sites(("A", 30), ("B", 20)),
            "A leads 2 sites with 30 net redemptions (60.0%), within what chance does (the next: "
            "20).",
        ),
        (
            sites(("A", 60), ("B", 36), ("(no site)", 4)),
            "A leads 2 sites with 60 net redemptions (60.0%), beyond what chance does (the next: "
            "36).",
        ),
        (sites(("A", 25), ("B", 25)), "A and B lead with 25 net redemptions each (50.0%)."),
        (
            sites(("A", 30), ("B", 30), ("C", 30), ("D", 30)),
            "4 sites lead with 30 net redemptions each (25.0%).",
        ),
    ],
)
def test_the_reading_of_sites_names_the_strongest_or_those_that_share_the_place(
    found: pd.DataFrame, sentence: str
) -> None:
    assert by_site.reading(found) == sentence


def with_rates(found: pd.DataFrame) -> pd.DataFrame:
    """Adds the rate of `cancelled` in `redemptions` with its interval, as rates.sql computes it."""
    rates = [wilson(*row) for row in zip(found["cancelled"], found["redemptions"], strict=True)]
    columns = ["cancellation_rate", "low", "high"]
    return found.join(pd.DataFrame(rates, columns=columns, index=found.index, dtype=float))


def cancelled(*rows: tuple[str, int, int]) -> pd.DataFrame:
    """Name, cancelled, redemptions; as cancellations.sql returns them."""
    found = pd.DataFrame(rows, columns=["name", "cancelled", "redemptions"])
    return with_rates(found.assign(from_codes_file=False))


def days(*rows: tuple[int, int], first: str = "2016-01-01") -> pd.DataFrame:
    """Net, cancelled of each day; as over_time.sql returns them."""
    found = pd.DataFrame(rows, columns=["net", "cancelled"]).assign(whole=True)
    found["period"] = pd.date_range(first, periods=len(rows))
    found["redemptions"] = found["net"] + found["cancelled"]
    return with_rates(found).drop(columns="redemptions")


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (cancelled(), "No redemptions match these filters."),
        (cancelled(("A", 0, 5)), "None of these redemptions was cancelled."),
        (cancelled(("A", 1, 4)), "A: 25.0% of 4 redemptions cancelled."),
        (
            cancelled(("A", 5, 50), ("B", 4, 20)),
            "The highest cancellation rate of the sites: B with 20.0% (8.1–41.6) of 20 "
            "redemptions, within what chance does.",
        ),
        (
            cancelled(("A", 25, 50), ("B", 4, 60)),
            "The highest cancellation rate of the sites: A with 50.0% (36.6–63.4) of 50 "
            "redemptions, beyond what chance does.",
        ),
        (
            cancelled(("A", 25, 50), ("B", 4, 60), ("C", 2, 2)),
            "The highest cancellation rate of the sites with at least 20 redemptions: A with 50.0% "
            "(36.6–63.4) of 50 redemptions, beyond what chance does among 2 sites. Pale bars: "
            "fewer than 20 redemptions.",
        ),
        (
            cancelled(("A", 5, 20), ("B", 200, 1000), *((name, 60, 1000) for name in "CDEF")),
            "The highest cancellation rate of the sites: A with 25.0% (11.2–46.9) of 20 "
            "redemptions, within what chance does among 6 sites. Beyond it: B with 20.0% "
            "(17.6–22.6) of 1,000 redemptions.",
        ),
        (
            cancelled(("A", 30, 60), ("(no site)", 40, 60)),
            "A: 50.0% (37.7–62.3) of 60 redemptions cancelled. 50.0% of these redemptions have no "
            "site.",
        ),
        (
            cancelled(("A", 2, 40), ("B", 2, 2)),
            "9.5% of 42 redemptions cancelled; fewer than two sites have the 20 redemptions that "
            "it takes to compare them. Pale bars: fewer than 20 redemptions.",
        ),
        (
            cancelled(("A", 1, 2), ("B", 0, 30), ("C", 0, 20)),
            "None was cancelled of the sites with at least 20 redemptions; see those with fewer "
            "below. Pale bars: fewer than 20 redemptions.",
        ),
    ],
)
def test_the_reading_of_cancellations_says_among_which_the_rate_is_the_highest(
    found: pd.DataFrame, sentence: str
) -> None:
    assert cancellations.reading(found, "site") == sentence


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (days((0, 0)), "No redemptions match these filters."),
        (days((7, 0), (1, 0)), "None of these redemptions was cancelled."),
        (
            days((3, 1), (10, 30), (90, 10)),
            "28.5% of 144 redemptions were cancelled. The highest rate of the days with at least "
            "20 redemptions was on Sat 2 Jan: 75.0% (59.8–85.8) of 40, beyond what chance does "
            "among 2 days. Hollow points: fewer than 20 redemptions.",
        ),
        (
            days((17, 3), (95, 5)),
            "6.7% of 120 redemptions were cancelled. The highest rate of the days was on Fri 1 "
            "Jan: 15.0% (5.2–36.0) of 20, within what chance does.",
        ),
        (
            days((1, 1), (25, 0), (20, 0)),
            "2.1% of 47 redemptions were cancelled, none of them of the days with at least 20 "
            "redemptions. Hollow points: fewer than 20 redemptions.",
        ),
        (
            days((3, 1), (10, 30)),
            "70.5% of 44 redemptions were cancelled; fewer than two days have the 20 redemptions "
            "that it takes to compare them. Hollow points: fewer than 20 redemptions.",
        ),
        (days((1, 3)), "75.0% of 4 redemptions were cancelled, all on Fri 1 Jan."),
    ],
)
def test_the_reading_of_the_rate_over_time_says_among_which_periods_it_is_the_highest(
    found: pd.DataFrame, sentence: str
) -> None:
    assert over_time_reading.rate_reading(found, "day") == sentence


def test_the_highest_cancellation_rate_of_enough_redemptions_is_on_top() -> None:
    figure = cancellations.figure(cancelled(("A", 10, 100), ("B", 8, 40), ("C", 5, 10)), "site")
    assert names_of(figure) == ["B", "A", "C"]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([], "No redemptions match these filters."),
        ([(1, 9, 0, 3)], "Every redemption here was cancelled."),
        ([(1, 9, 2, 3)], "2 net redemptions, on Mon from 09:00 to 09:59."),
        (
            [(1, 9, 2, 3), (7, 23, 1, 0)],
            "3 net redemptions: fewer than 20 in each hour of the week, too few to say which is "
            "busiest.",
        ),
        (
            [(1, 9, 20, 3), (7, 23, 19, 0)],
            "Busiest: Mon from 09:00 to 09:59 with 20 net redemptions, within what chance does "
            "(the next: 19).",
        ),
        (
            [(1, 9, 20, 3), (7, 23, 60, 0)],
            "Busiest: Sun from 23:00 to 23:59 with 60 net redemptions, beyond what chance does "
            "(the next: 20).",
        ),
    ],
)
def test_the_reading_of_the_week_tells_no_redemption_from_cancelled_ones(
    rows: list[tuple[int, int, int, int]], sentence: str
) -> None:
    found = pd.DataFrame(rows, columns=["weekday", "hour", "net", "cancelled"])
    assert weekday_hour.reading(found) == sentence


@pytest.mark.parametrize(
    ("net", "cancelled", "sentence"),
    [
        (0, 0, "No redemptions match these filters."),
        (
            0,
            4,
            "Every redemption here was cancelled. There are 4, shown when they were redeemed.",
        ),
        (
            3,
            0,
            "3 net redemptions on Fri 1 Jan; 0 cancelled, shown when they were redeemed.",
        ),
    ],
)
def test_the_reading_over_time_tells_no_redemption_from_cancelled_ones(
    net: int, cancelled: int, sentence: str
) -> None:
    assert over_time_reading.reading(days((net, cancelled)), "day") == sentence


def test_an_hour_without_net_redemptions_is_an_empty_field() -> None:
    rows = {"weekday": [1, 2, 3], "hour": [9, 9, 9], "net": [5, 1, 0], "cancelled": [0, 0, 3]}
    heatmap = weekday_hour.figure(pd.DataFrame(rows)).data[0]
    assert (heatmap.zmin, heatmap.zmax) == (0, 5)
    assert [row[9] for row in heatmap.z[:2]] == [5, 1]
    assert np.isnan(heatmap.z).sum() == 7 * 24 - 2
    empty = weekday_hour.figure(pd.DataFrame(rows)[2:].copy()).data[0]
    assert (np.isnan(empty.z).all(), empty.zmax) == (True, 1)


TIES = cancelled(("S1", 20, 40), ("S2", 20, 40), ("(no site)", 40, 40))


def test_what_has_no_name_is_the_last_of_the_cancellation_rates() -> None:
    assert names_of(cancellations.figure(TIES, "site"))[-1] == "(no\u00a0site)"


def test_no_reading_names_one_of_several_that_share_a_place_or_what_has_no_name() -> None:
    assert cancellations.reading(TIES, "site") == (
        "2 sites share the highest cancellation rate of the sites: 50.0%. 33.3% of these "
        "redemptions have no site."
    )
    week = pd.DataFrame({"weekday": [1, 2], "hour": [9, 9], "net": [30, 30], "cancelled": [0, 0]})
    assert weekday_hour.reading(week) == (
        "Busiest: 2 hours of the week with 30 net redemptions each."
    )
    found = sites(("S1", 50), ("S2", 10), ("(no site)", 90))
    assert by_site.reading(found).startswith("S1 leads 2 sites with 50 net redemptions")
    assert by_site.reading(found).endswith("). 60.0% of these redemptions have no site.")
    twice = over_time_reading.reading(days((22, 0), (22, 0), (1, 0)), "day")
    assert "the most (22) in each of 2 days;" in twice


def names_of(figure: go.Figure | None) -> list[str]:
    """The names beside the bars, from the top down."""
    assert figure is not None
    return [str(name) for name in figure.layout.yaxis.ticktext][::-1]


def test_a_chart_has_room_for_twenty_groups_and_its_reading_says_so() -> None:
    found = groups(*((f"G{number}", 1000, 999 - number, 7) for number in range(400)))
    figure = uptake_by_group.figure(found)
    assert figure is not None
    assert names_of(figure) == [f"G{number}" for number in range(20)]
    sentence = uptake_by_group.reading(found)
    assert sentence.startswith("Highest of 400 groups: G0 with 99.9%")
    assert sentence.endswith("The chart shows the first 20 of 400 groups, the table all of them.")
    assert "shows" not in uptake_by_group.reading(found[:20].copy())


def test_the_chart_of_cancellations_shows_the_name_that_its_reading_tells() -> None:
    rows = [(f"Site{number}", 6, 60) for number in range(25)] + [("Site900", 5, 21)]
    found = cancelled(*rows)
    assert names_of(cancellations.figure(found, "site"))[0] == "Site900"
    sentence = cancellations.reading(found, "site")
    assert sentence.startswith("The highest cancellation rate of the sites: Site900 with 23.8%")
    assert "of 21 redemptions, within what chance does among 26 sites." in sentence
    assert sentence.endswith("The chart shows the first 20 of 26 sites, the table all of them.")


@pytest.mark.parametrize(
    ("grain", "label"), [("month", "Jan 2016"), ("hour", "Fri 1 Jan 2016, 00:00")]
)
def test_a_single_period_is_named_by_itself(grain: str, label: str) -> None:
    found = days((2, 1))
    for draw in (over_time.figure, over_time.rate_figure):
        assert list(draw(found, grain).layout.xaxis.ticktext) == [label]


@pytest.mark.parametrize(
    ("now", "before", "change"),
    [(4999, 5000, 0), (5000, 5000, 0), (4900, 5000, "-2.0%"), (3, 2, "+50.0%"), (3, 0, None)],
)
def test_a_change_that_rounds_to_nothing_is_none(
    now: int, before: int, change: str | int | None
) -> None:
    numbers = pd.DataFrame({"net": [now, before]})
    assert change_of("Net redemptions", numbers.iloc[0], numbers.iloc[1]) == change


def test_a_reading_of_rates_without_a_code_old_enough_says_so() -> None:
    assert rate_within_days.reading(within(), "batch", 28) == (
        "No code with a start matches these filters."
    )
    assert rate_within_days.reading(within(("7", 0, 0, 5)), "batch", 28) == (
        "Too early to compare: none of these codes started 28 days ago."
    )


@pytest.mark.parametrize(
    ("found", "by", "sentence"),
    [
        (
            (("7", 400, 100, 0), ("8", 0, 0, 90)),
            "batch",
            "7: 25.0% (21.0–29.5), 100 of 400 codes redeemed within 28 days of their start. "
            "Left out: 90 codes too young for it.",
        ),
        (
            (("7", 400, 200, 0), ("8", 400, 100, 0), ("9", 19, 19, 0), ("(no batch)", 10, 9, 1)),
            "batch",
            "Highest of the batches with 20 codes or more: 7 with 50.0% (45.1–54.9) of 400 codes "
            "redeemed within 28 days of their start; the others together 28.4% (24.3–32.9). "
            "Left out: 1 code too young for it.",
        ),
        (
            (("2017-08", 400, 100, 0), ("2017-09", 400, 96, 0)),
            "month",
            "Highest of 2 months of start, but within what chance does: Aug 2017 with 25.0% "
            "(21.0–29.5) of 400 codes redeemed within 28 days of their start; the others together "
            "24.0% (20.1–28.4).",
        ),
        (
            (("7", 400, 0, 0), ("8", 400, 0, 0)),
            "batch",
            "No code of 2 batches was redeemed within 28 days of their start.",
        ),
    ],
)
def test_the_reading_of_rates_within_days_names_the_best_of_those_that_can_be_compared(
    found: tuple[tuple[str, int, int, int], ...], by: str, sentence: str
) -> None:
    assert rate_within_days.reading(within(*found), by, 28) == sentence


def test_the_reading_of_groups_in_a_period_is_of_the_codes_that_were_live_in_it() -> None:
    found = groups(("SMS", 400, 200, 300), ("Email", 1200, 300, 400)).assign(codes_live=[250, 600])
    assert uptake_by_group.reading(found, uptake_by_group.LIVE) == (
        "Highest of 2 groups: SMS with 80.0% (74.6–84.5) of 250 live codes redeemed; the others "
        "together 50.0% (46.0–54.0)."
    )


def test_one_of_many_that_is_highest_by_chance_is_said_to_be() -> None:
    # Alone its interval would lie above that of the others; among 40 one such is no wonder.
    found = groups(("G0", 400, 65, 65), *((f"G{n}", 400, 45, 45) for n in range(1, 40)))
    assert uptake_by_group.reading(found).startswith(
        "Highest of 40 groups, but within what chance does: G0 with 16.2%"
    )
    two = groups(("G0", 400, 65, 65), ("G1", 15600, 1755, 1755))
    assert uptake_by_group.reading(two).startswith("Highest of 2 groups: G0 with 16.2%")


def test_what_has_few_codes_or_no_name_stands_below_the_other_rates() -> None:
    found = within(("(no batch)", 90, 90, 0), ("9", 19, 19, 0), ("7", 400, 200, 0),
                   ("8", 400, 100, 0), ("10", 0, 0, 4))  # fmt: skip
    figure = rate_within_days.figure(found, "batch")
    assert figure is not None
    assert names_of(figure) == ["7", "8", "9", "(no\u00a0batch)"]


def test_one_rate_needs_no_chart() -> None:
    assert rate_within_days.figure(within(("7", 4, 2, 0), ("8", 0, 0, 4)), "batch") is None
    assert uptake_by_group.figure(groups(("Email", 4, 2, 2))) is None


def test_the_reading_of_curves_compares_at_an_age_that_two_of_them_have_reached() -> None:
    found = curves(
        ("7", 400, {1: 10, 20: 100, 300: 200}), ("8", 400, {1: 10, 30: 40}), ("9", 50, {1: 1, 5: 2})
    )
    assert redemption_curves.reading(found, "batch") == (
        "Highest of 2 batches: 7 with 25.0% (21.0–29.5) of 400 codes redeemed within 28 days of "
        "their start; the others together 2.5% (1.4–4.5). 2 of 3 batches are observed so long."
    )
    assert redemption_curves.reading(curves(), "batch").startswith("No cohort is observed yet")
    assert redemption_curves.reading(curves(("2016-01", 400, {1: 1, 9: 100})), "month") == (
        "Jan 2016: 25.0% (21.0–29.5), 100 of 400 codes redeemed within 9 days of their start."
    )


def test_the_table_of_curves_has_no_rate_for_an_age_that_is_not_observed() -> None:
    found = curves(("7", 400, {1: 10, 20: 100, 90: 200}), ("9", 50, {1: 1, 7: 2}))
    rows = redemption_curves.table(found, "batch").astype(object)
    assert rows.where(rows.notna(), None).to_numpy().tolist() == [
        ["7", 400, 0.025, 0.025, 0.25, 0.5, 90, 200, 0.5],
        ["9", 50, 0.04, None, None, None, 7, 2, 0.04],
    ]


def test_of_many_curves_the_chart_draws_those_with_the_most_codes_and_says_so() -> None:
    found = curves(*((f"G{number}", 1000 - number, {1: 1, 30: 30}) for number in range(12)))
    figure = redemption_curves.figure(found, "group")
    assert figure is not None
    assert [line.name for line in figure.data] == [f"G{number}" for number in range(8)]
    assert redemption_curves.reading(found, "group").endswith(
        "The lines are 8 of 12 groups, those with the most codes."
    )
    assert len(redemption_curves.table(found, "group")) == 12
