"""The Overview as a competent user of Streamlit and pandas would write it.

All rows are in memory, cached for everybody: texts as categories, each redemption beside
the row of its code, what the redemptions say of each code worked out once. The charts are
those of the app, so that the same marks are drawn.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.charts import by_site as site_chart
from pages.charts import over_time as time_chart
from pages.charts import status as status_chart
from pages.charts import uptake_by_group as uptake_chart
from pages.charts import weekday_hour as hour_chart

CODE_FILTERS = {
    "folder": "folder",
    "group": "group_name",
    "prefix": "prefix",
    "batch": "batch",
    "type": "redemption_type",
    "item": "item_code",
}
REDEMPTION_FILTERS = {"campaign": "campaign_id", "site": "site_ref"}
FILTERS = CODE_FILTERS | REDEMPTION_FILTERS
SHARED = ("folder", "group", "prefix", "batch")
TEXTS = [*FILTERS.values(), "campaign_name"]
DAY = pd.Timedelta(days=1)
INSTANT = pd.Timedelta(microseconds=1)

Choice = tuple[tuple[str, tuple[str, ...]], ...]
Mask = np.ndarray | slice


class Data(NamedTuple):
    codes: pd.DataFrame
    redemptions: pd.DataFrame


class Results(NamedTuple):
    """What the page shows."""

    options: dict[str, pd.Series]
    numbers: dict[str, int]
    groups: pd.DataFrame
    periods: pd.DataFrame
    grain: str
    sites: pd.DataFrame
    hours: pd.DataFrame
    statuses: pd.DataFrame


@st.cache_resource(show_spinner="Loading the vouchers …")
def data() -> Data:
    """Both tables, with what every view needs worked out once."""
    folder = Path(os.environ["PEER_DATA"])
    codes = pd.read_parquet(
        folder / "codes.parquet",
        columns=["code", "start_date", "expiry_date", *CODE_FILTERS.values()],
        read_dictionary=TEXTS,
    )
    redemptions = pd.read_parquet(
        folder / "transactions.parquet",
        columns=["time", "code", "cancelled", "code_deleted", "group_name", "folder", "prefix",
                 "batch", *REDEMPTION_FILTERS.values()],
        read_dictionary=TEXTS,
    )  # fmt: skip
    rows = pd.DataFrame({"code": codes["code"], "row": np.arange(len(codes), dtype="int32")})
    known = redemptions[["code"]].merge(rows, how="left", on="code")["row"]
    redemptions["row"] = known.fillna(-1).astype("int32")
    redemptions["day"] = redemptions["time"].dt.normalize()
    redemptions["weekday"] = (redemptions["time"].dt.weekday + 1).astype("int8")
    redemptions["hour"] = redemptions["time"].dt.hour.astype("int8")
    for name, mask in (
        ("deleted", redemptions["code_deleted"]),
        ("redeemed", ~redemptions["cancelled"]),
        ("cancelled", redemptions["cancelled"]),
    ):
        of_codes = redemptions[mask & (redemptions["row"] >= 0)]
        codes[f"first_{name}"] = of_codes.groupby("row")["time"].min().reindex(codes.index)
    return Data(codes, redemptions.drop(columns=["code_deleted"]))


@st.cache_data(max_entries=500, show_spinner=False)
def results(choice: Choice, first: str, last: str, asof: pd.Timestamp) -> Results:
    """Everything that the page shows for these filters."""
    codes, redemptions = data()
    chosen = dict(choice)
    of_codes = {name: masked(codes, name, chosen) for name in SHARED if name in chosen}
    of_redemptions = {name: masked(redemptions, name, chosen)
                      for name in (*SHARED, "site") if name in chosen}  # fmt: skip
    if first:
        of_redemptions["from"] = (redemptions["time"] >= pd.Timestamp(first)).to_numpy()
    if last:
        of_redemptions["to"] = (redemptions["time"] < pd.Timestamp(last) + DAY).to_numpy()
    options = {
        name: counted(codes[column], both(of_codes, name)) for name, column in CODE_FILTERS.items()
    } | {
        name: counted(redemptions[column], both(of_redemptions, name))
        for name, column in REDEMPTION_FILTERS.items()
    }
    shown = codes[["group_name", "start_date", "expiry_date", "first_deleted", "first_redeemed",
                   "first_cancelled"]][both(of_codes)]  # fmt: skip
    used = redemptions[both(of_redemptions)]
    if last:
        asof = min(asof, pd.Timestamp(last) + DAY - INSTANT)
    status = statuses(shown, asof)
    live = live_codes(shown, used, first, last) if first else len(shown)
    periods, grain = over_time(used)
    return Results(
        options,
        numbers(len(shown), live, used, status),
        by_group(shown, used),
        periods,
        grain,
        by_site(used),
        used[~used["cancelled"]].groupby(["weekday", "hour"]).size().rename("net").reset_index(),
        of_status(status),
    )


def live_codes(codes: pd.DataFrame, used: pd.DataFrame, first: str, last: str) -> int:
    """How many codes could be redeemed in the period by their dates, or were."""
    by_dates = ~(codes["start_date"] >= pd.Timestamp(last) + DAY) & ~(
        codes["expiry_date"] <= pd.Timestamp(first)
    )
    return int((by_dates | codes.index.isin(redeemed(used)["row"])).sum())


def masked(frame: pd.DataFrame, name: str, chosen: dict[str, tuple[str, ...]]) -> np.ndarray:
    if name == "prefix":
        return frame["code"].str.startswith(chosen[name]).to_numpy()
    return frame[FILTERS[name]].isin(chosen[name]).to_numpy()


def both(masks: dict[str, np.ndarray], without: str = "") -> Mask:
    """The rows that all filters leave, or all but one."""
    left = [mask for name, mask in masks.items() if name != without]
    return np.logical_and.reduce(left) if left else slice(None)


def counted(column: pd.Series, mask: Mask) -> pd.Series:
    counts = column[mask].value_counts(dropna=False)
    return counts[counts > 0]


def statuses(codes: pd.DataFrame, asof: pd.Timestamp) -> np.ndarray:
    return np.select(
        [
            codes["first_deleted"] <= asof,
            codes["first_redeemed"] <= asof,
            codes["first_cancelled"] <= asof,
            codes["expiry_date"] <= asof,
            codes["start_date"] > asof,
        ],
        [1, 2, 3, 4, 5],
        0,
    ).astype("int8")


STATUSES = ("active", "deleted", "redeemed", "cancelled", "expired", "scheduled")


def of_status(status: np.ndarray) -> pd.DataFrame:
    codes = np.bincount(status, minlength=len(STATUSES))
    found = pd.DataFrame({"status": STATUSES, "codes": codes, "share": codes / max(1, codes.sum())})
    return found[found["codes"] > 0].sort_values("codes", ascending=False)


def numbers(issued: int, live: int, used: pd.DataFrame, status: np.ndarray) -> dict[str, int]:
    cancelled = int(used["cancelled"].sum())
    return {
        "issued": issued,
        "live": live,
        "redeemed": redeemed(used)["row"].nunique(),
        "net": len(used) - cancelled,
        "cancelled": cancelled,
        "outstanding": int((status == 0).sum()),
    }


def redeemed(used: pd.DataFrame) -> pd.DataFrame:
    return used.loc[~used["cancelled"] & (used["row"] >= 0), ["group_name", "row"]]


def net_and_cancelled(used: pd.DataFrame, by: str) -> pd.DataFrame:
    counts = used.groupby([by, "cancelled"], observed=True, dropna=False).size().unstack()
    found = counts.reindex(columns=[False, True]).fillna(0).astype(int)
    return found.set_axis(["net", "cancelled"], axis="columns")


def by_group(codes: pd.DataFrame, used: pd.DataFrame) -> pd.DataFrame:
    found = net_and_cancelled(used, "group_name")
    found["codes_issued"] = codes["group_name"].value_counts()
    found["redeemed_codes"] = redeemed(used).groupby("group_name", observed=True)["row"].nunique()
    found = found.fillna(0).astype(int)
    found["redemption_rate"] = found["redeemed_codes"] / found["codes_issued"]
    return (
        found.rename_axis("group_name")
        .reset_index()
        .sort_values("redemption_rate", ascending=False)
    )


def by_site(used: pd.DataFrame) -> pd.DataFrame:
    found = net_and_cancelled(used, "site_ref").rename_axis("site").reset_index()
    found["site"] = found["site"].astype(object).fillna("(no site)")
    found["redemptions"] = found["net"] + found["cancelled"]
    found["share"] = found["net"] / max(1, found["net"].sum())
    found["cancellation_rate"] = found["cancelled"] / found["redemptions"]
    found["from_codes_file"] = False
    return found.sort_values("net", ascending=False)


def over_time(used: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    days = net_and_cancelled(used, "day")
    grain, step = ("day", "D") if len(days) <= 60 else ("week", "W-MON")
    if len(days) > 500:
        grain, step = "month", "MS"
    periods = days.resample(step, closed="left", label="left").sum().rename_axis("period")
    return periods.reset_index().assign(whole=True), grain


def chosen_now() -> Choice:
    """The filters out of the address, put into their widgets."""
    values_of = {name: tuple(st.query_params.get_all(name)) for name in FILTERS}
    for name, values in values_of.items():
        st.session_state[name] = list(values)
    return tuple((name, values) for name, values in values_of.items() if values)


def labels(shown: dict[str, str]) -> Callable[[str], str]:
    return lambda value: shown.get(value, value)


def widgets(options: dict[str, pd.Series]) -> None:
    for name, counts in options.items():
        shown = {str(value): f"{value} ({count:,})" for value, count in counts.items()}
        st.sidebar.multiselect(
            name.capitalize(),
            list(dict.fromkeys([*shown, *st.session_state[name]])),
            format_func=labels(shown),
            key=name,
        )


def rate(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "–"


def tiles(numbers: dict[str, int]) -> None:
    shown = {
        "Codes issued": f"{numbers['issued']:,}",
        "Redeemed codes": f"{numbers['redeemed']:,}",
        "Redemption rate": rate(numbers["redeemed"], numbers["live"]),
        "Net redemptions": f"{numbers['net']:,}",
        "Cancelled": f"{numbers['cancelled']:,}",
        "Cancellation rate": rate(numbers["cancelled"], numbers["net"] + numbers["cancelled"]),
        "Outstanding": f"{numbers['outstanding']:,}",
    }
    for place, (label, value) in zip(st.columns(len(shown)), shown.items(), strict=True):
        place.metric(label, value, border=True)


def draw(place: DeltaGenerator, figure: go.Figure | None, key: str) -> None:
    """The chart, where there is one: of a single group the app draws none."""
    if figure is not None:
        place.plotly_chart(figure, key=key)


st.set_page_config(page_title="Vouchers", layout="wide")
st.title("Overview")
url = st.query_params
asof = pd.Timestamp(url["asof"]) if "asof" in url else pd.Timestamp.now().floor("min")
found = results(chosen_now(), url.get("from", ""), url.get("to", ""), asof)
widgets(found.options)
tiles(found.numbers)
left, right = st.columns(2)
draw(left, uptake_chart.figure(found.groups), "uptake_by_group")
draw(right, time_chart.figure(found.periods, found.grain), "over_time")
draw(left, site_chart.figure(found.sites), "by_site")
draw(right, hour_chart.figure(found.hours), "weekday_hour")
draw(right, status_chart.figure(found.statuses), "status")
