"""What the page Exposure says: when outstanding codes expire, and what will come of them."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import httpx
import pandas as pd
import pytest

from data.store.database import Store
from pages.charts import exposure, exposure_backtest, last_stretch
from pages.charts.outlook import outlook, reading
from tests.support.rows import Code, Transaction
from tests.support.server import Server, elements, serving, tiles
from tests.support.vouchers import Vouchers

ENOUGH = (5, 500, 50, 100.0, 0.1, 0.02)  # batches, their codes, redeemed, size, share, spread
TRIED = ["group_name", "days_left", "batch", "outstanding", "redeemed"]
NONE = (0, 0, 0, None, None, None)


def rows(*several: tuple[Any, ...]) -> pd.DataFrame:
    """Group, reach, day, days left, codes and the past; as exposure.sql returns them."""
    columns = ["group_name", "reach", "expires", "days_left", "codes"]
    past = ["batches", "past_codes", "past_redeemed", "size", "share", "spread"]
    frame = pd.DataFrame(several, columns=[*columns, *past])
    numbers = {name: frame[name].astype(float) for name in ("days_left", "size", "share", "spread")}
    return frame.assign(lifetime=42.0, expires=pd.to_datetime(frame["expires"]), **numbers)


SOON = ("Email", "soon", "2016-03-08", 7, 200, *ENOUGH)
NEVER = ("Email", "never", None, None, 3, *NONE)
LATER = ("SMS", "later", None, None, 40, *NONE)
NEW = ("SMS", "soon", "2016-03-08", 7, 100, 2, 100, 3, 50.0, 0.03, 0.01)
AT_ONCE = ("SMS", "soon", "2016-03-01", 0, 9, *NONE)


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (rows(), "None of these codes could be redeemed at that moment."),
        (rows(NEVER), "3 outstanding codes: 3 never expire."),
        (rows(LATER, NEVER),
         "43 outstanding codes: 40 expire in more than 90 days and 3 never expire."),
        (rows(SOON),
         "200 outstanding codes, to expire within 90 days. About 20 (12–28) of these are likely to "
         "be redeemed before they expire, as far as past batches tell; the range aims to hold in "
         "80% of cases."),
        (rows(AT_ONCE, SOON, LATER, NEVER),
         "252 outstanding codes: 209 expire within 90 days, 40 later and 3 never expire. About 20 "
         "(12–28) of those within 90 days are likely to be redeemed before they expire, as far as "
         "past batches tell; the range aims to hold in 80% of cases."),
        (rows(NEW),
         "100 outstanding codes, to expire within 90 days. Not enough history to say how many will "
         "be redeemed: it takes 5 past batches of the group that ran about as long and whose codes "
         "were outstanding as many days before they expired, and SMS has 2."),
        (rows(SOON, NEW),
         "300 outstanding codes, to expire within 90 days. About 20 (12–28) of 200 of them are "
         "likely to be redeemed before they expire, as far as past batches tell; the range aims to "
         "hold in 80% of cases. Of the other 100 there is too little history: it takes 5 past "
         "batches of the group that ran about as long and whose codes were outstanding as many "
         "days before they expired, and SMS has 2."),
    ],
)  # fmt: skip
def test_the_reading_says_when_codes_expire_and_how_many_will_come(
    found: pd.DataFrame, sentence: str
) -> None:
    assert reading(found) == sentence


def test_the_table_and_the_bars_hold_all_outstanding_codes() -> None:
    found = rows(AT_ONCE, SOON, NEW, LATER, NEVER)
    table = exposure.table(found)
    assert table["Outstanding"].sum() == outlook(found).outstanding == 352
    assert list(table["When"]) == ["within 90 days"] * 3 + ["later", "never"]
    likely = [None if pd.isna(value) else int(value) for value in table["Likely"]]
    assert likely == [0, 20, None, None, None]
    figure = exposure.figure(found)
    assert figure is not None
    bars = {trace.name: list(trace.y) for trace in figure.data if trace.type == "bar"}
    assert bars == {
        "Likely to be redeemed": [0, 20],
        "Likely to expire unused": [9, 180],
        "Not enough history": [0, 100],
    }


def test_without_past_batches_the_history_and_the_backtest_say_so() -> None:
    history = pd.DataFrame(
        columns=["group_name", "lifetime", "days_left", "batches", "past_codes", "past_redeemed",
                 "share", "spread"]
    )  # fmt: skip
    assert last_stretch.reading(history).startswith("No group has a past batch")
    assert last_stretch.figure(history) is None
    tried = pd.DataFrame(columns=[*TRIED, "lifetime", "is_own"])
    assert exposure_backtest.reading(tried).startswith("Not enough history to try it")
    assert exposure_backtest.table(tried).empty
    assert exposure_backtest.batches_table(tried).empty


def test_a_range_that_holds_too_seldom_is_called_a_rough_one() -> None:
    shares = [1, 99] * 6
    tried = pd.DataFrame(
        [("Email", 14, str(n), 100, share) for n, share in enumerate(shares)],
        columns=TRIED,
    ).assign(lifetime=42, is_own=True)
    assert exposure_backtest.reading(tried) == (
        "The range held in 12 of 12 cases (100.0%, aim 80%): 14 days before the expiry 12 of 12."
    )
    odd = tried.assign(redeemed=[10, 11, 10, 11, 60, 61, 10, 11, 62, 63, 10, 11])
    assert "rough" not in exposure_backtest.reading(odd)


def test_a_batch_is_tried_among_those_that_ran_about_as_long() -> None:
    tried = pd.DataFrame(
        [("Email", 14, f"{days} {n}", 100, redeemed + n, days, True)
         for days, redeemed in ((42, 10), (182, 60)) for n in range(6)],
        columns=[*TRIED, "lifetime", "is_own"],
    )  # fmt: skip
    judged = exposure_backtest.cases(tried)
    assert judged["likely"].between(10, 15).tolist() == [True] * 6 + [False] * 6
    others = tried.assign(is_own=tried["lifetime"] == 42)  # which tell, and are not tried
    assert len(exposure_backtest.cases(others)) == 6


def test_the_history_has_one_line_for_lifetimes_alike() -> None:
    history = pd.DataFrame(
        [("Email", days, 14, *ENOUGH[:3], 0.1, 0.02) for days in (28.0, 30.0, 42.0, float("nan"))],
        columns=["group_name", "lifetime", "days_left", "batches", "past_codes", "past_redeemed",
                 "share", "spread"],
    )  # fmt: skip
    figure = last_stretch.figure(history)
    assert figure is not None
    names = [trace.name.replace("\N{NO-BREAK SPACE}", " ") for trace in figure.data]
    assert names == ["Email, 28 days", "Email, 42 days", "Email, no start"]
    assert last_stretch.reading(history).startswith("Email, 28 days: of the codes outstanding")


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app over a new batch and six past ones, a tenth of which came in the last week."""
    folder = tmp_path_factory.mktemp("chain")
    with closing(Store(folder / "vouchers.duckdb")) as store:
        vouchers = Vouchers(store, folder)
        for batch in range(6):
            codes = [Code(f"B{batch}C{n}", expiry="01/02/2016 00:00") for n in range(40)]
            vouchers.load(*codes, batch=str(batch))
        vouchers.load(
            *(
                Transaction(f"T{batch}{n}", f"B{batch}C{n}", time="30/01/2016 12:00")
                for batch in range(6)
                for n in range(4)
            )
        )
        new = [Code(f"N{n}", expiry="08/02/2016 00:00") for n in range(100)]
        vouchers.load(*new, Code("N100", expiry=""), batch="new")
    with serving(store.path, folder / "server.log", VOUCHERS_SAMPLE="0") as running:
        yield running


def test_the_page_says_what_is_still_to_come(chain: Server) -> None:
    page = chain.page("exposure", [("asof", "2016-02-01")])
    shown = tiles(page)
    assert shown["Outstanding"] == "101"
    ends = ("Expire within 90 days", "Expire later", "Never expire", "Still to come")
    assert [shown[label] for label in ends] == ["100", "0", "1", "10"]
    captions = " ".join(e["props"]["body"] for e in elements(page, "caption"))
    assert "About 10 (" in captions
    assert "The range held in 18 of 18 cases" in captions
    assert "As of 1 Feb 2016" in captions
    assert page["query_params"] == {"asof": ["2016-02-01"]}


def test_a_bar_narrows_to_the_codes_that_expire_that_day(chain: Server) -> None:
    page = chain.page("exposure", [("asof", "2016-02-01")], {"narrow_exposure": "8 Feb 2016"})
    assert page["query_params"] == {
        "asof": ["2016-02-01"],
        "expiry_from": ["2016-02-08"],
        "expiry_to": ["2016-02-08"],
    }
    assert tiles(page)["Outstanding"] == "100"


def test_where_no_code_is_outstanding_the_page_says_what_to_do(chain: Server) -> None:
    page = chain.page("exposure", [("batch", "1"), ("asof", "2016-02-01")])
    (info,) = elements(page, "info")
    assert "None of these codes could be redeemed as of 1 Feb 2016" in info["props"]["body"]


@pytest.mark.parametrize(
    "key", ["exposure", "last_stretch", "exposure_backtest", "exposure_backtest_batches"]
)
def test_each_table_is_a_file(chain: Server, key: str) -> None:
    file = httpx.get(f"{chain.url}/export/tables/{key}.csv?asof=2016-02-01")
    assert file.status_code == 200
    assert len(file.text.splitlines()) > 1
