"""The tiles say of which period they are, and whether a change is more than chance."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pandas as pd
import pytest

from pages.charts.changes import within_chance
from pages.charts.tile_curves import curve, in_words
from queries.engine.totals import run
from tests.support.queries import filters_of
from tests.support.rows import Code, Transaction
from tests.support.server import Server, elements, tiles
from tests.support.vouchers import Vouchers


def of(*amounts: int) -> pd.Series:
    """The numbers of a tile: cancelled, redemptions, redeemed and live codes."""
    cancelled, redemptions, redeemed, live = amounts
    return pd.Series(
        {
            "net": redemptions - cancelled,
            "cancelled": cancelled,
            "redemptions": redemptions,
            "redeemed_codes": redeemed,
            "redeemed_live": redeemed,
            "codes_live": live,
            "live_rate": redeemed / live if live else None,
            "cancellation_rate": cancelled / redemptions if redemptions else None,
        }
    )


@pytest.mark.parametrize(
    ("now", "before", "by_chance"),
    [
        # 3 of 100 against 1 of 100: Newcombe's interval goes from -2.7 to 7.5 points.
        ((3, 100, 50, 1000), (1, 100, 50, 1000),
         ["Cancellation rate", "Cancelled", "Net redemptions"]),
        # 30 of 100 against 10 of 100: from 8.9 to 30.5 points.
        ((30, 100, 50, 1000), (10, 100, 50, 1000), ["Net redemptions"]),
        ((0, 100, 200, 1000), (0, 400, 100, 1000), []),
        # What has not changed at all is not said to be chance.
        ((5, 100, 50, 1000), (5, 100, 50, 1000), []),
        ((0, 0, 0, 0), (0, 0, 0, 0), []),
    ],
)  # fmt: skip
def test_a_change_whose_interval_holds_none_is_within_what_chance_does(
    now: Sequence[int], before: Sequence[int], by_chance: list[str]
) -> None:
    labels = ("Cancellation rate", "Cancelled", "Net redemptions", "Redeemed codes",
              "Redemption rate", "Codes issued")  # fmt: skip
    assert [x for x in labels if within_chance(x, of(*now), of(*before))] == by_chance


def test_a_tiles_curve_is_dated_and_written_as_its_number_and_has_gaps(
    vouchers: Vouchers,
) -> None:
    vouchers.load(Code("A1"), Code("A2"))
    vouchers.load(
        Transaction(1, "A1", time="01/01/2016 12:00"),
        Transaction(2, "A2", time="03/01/2016 12:00", cancelled="Yes"),
    )
    with vouchers.store.cursor() as cursor:
        steps = run(cursor, "trend", filters_of("from=2016-01-01&to=2016-01-03"))
    (net,) = curve(steps, "Net redemptions").data
    assert list(net.y) == [1, 0, 0]
    assert net.text[0] == "1 Jan 2016: 1"
    (rate,) = curve(steps, "Cancellation rate").data
    assert [None if pd.isna(y) else y for y in rate.y] == [0, None, 1]
    assert rate.text[2] == "3 Jan 2016: 100.0%"
    assert curve(steps, "Net redemptions").layout.yaxis.range == (0, 1)
    assert "from 0 to 1" in in_words(steps, "Net redemptions")


def captions(page: dict[str, Any]) -> str:
    return " | ".join(e["props"].get("body", "") for e in elements(page, "caption"))


def test_each_tile_says_which_period_or_moment_it_is_of(
    start: Callable[..., Server], vouchers: Vouchers
) -> None:
    vouchers.load(Code("A1"), Code("A2", expiry="01/02/2016 00:00"))
    vouchers.load(Code("S1", "SMS"), Code("S2", "SMS", start="01/05/2016 00:00"))
    vouchers.load(Transaction(1, "A1", time="08/01/2016 12:00"))
    with vouchers.store.writing() as cursor:  # not the day of the test
        cursor.execute("update vouchers.imports set exported_at = timestamp '2016-01-08 12:00'")
    vouchers.store.close()
    server = start(vouchers.store.path)
    page = server.page(query=[("from", "2016-03-01"), ("to", "2016-03-31")])
    assert tiles(page)["Codes live"] == "2"
    said = captions(page)
    assert "Data until" in said
    assert "all time" in said
    assert "1–31 Mar 2016" in said
    assert "0 of 2 codes live, 1–31 Mar 2016" in said
    assert date.today().strftime("%Y") not in said
    (empty,) = elements(page, "info")
    assert empty["props"]["body"] == (
        "No redemptions match these filters in 1–31 Mar 2016. Your data end on 8 Jan 2016."
    )
    assert "last_days" in {button.get("key") for button in elements(page, "button")}
    compared = captions(server.page("batches", [("by", "group")]))
    assert "No curve: SMS." in compared
    assert "No curve: SMS and Email" not in compared
