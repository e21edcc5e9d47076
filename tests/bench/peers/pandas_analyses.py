"""The analyses as a competent user of pandas would write them, over both tables in memory."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

TEXTS = ["group_name", "folder", "prefix", "batch", "site_ref", "campaign_id"]
KEY = ["group_name", "code"]


class Tables(NamedTuple):
    """One row per code; one row per redemption."""

    codes: pd.DataFrame
    redemptions: pd.DataFrame


def tables(folder: Path) -> Tables:
    """Both tables, with their texts of few values as categories."""
    codes = pd.read_parquet(
        folder / "codes.parquet",
        columns=[*KEY, "start_date", "expiry_date", "parent_code", "redemption_time", "batch"],
        read_dictionary=TEXTS,
    )
    redemptions = pd.read_parquet(
        folder / "transactions.parquet",
        columns=[*KEY, "time", "cancelled", "code_deleted", "from_codes_file", "site_ref",
                 "campaign_id"],
        read_dictionary=TEXTS,
    )  # fmt: skip
    return Tables(codes, redemptions)


def pivot(of: Tables) -> pd.DataFrame:
    """Net redemptions by group and month, with totals."""
    live = of.redemptions[~of.redemptions["cancelled"]]
    months = live["time"].dt.strftime("%Y-%m")
    return pd.crosstab(live["group_name"], months, margins=True)


def verdicts(of: Tables, texts: Sequence[str], asof: pd.Timestamp) -> pd.Series:
    """How many codes of a list have which verdict."""
    listed = pd.DataFrame({"code": list(dict.fromkeys(texts))})
    found = listed.merge(of.codes[[*KEY, "start_date", "expiry_date"]], how="left", on="code")
    used = of.redemptions.merge(listed, on="code")
    used = used[used["time"] <= asof]
    by_code = used.assign(live=~used["cancelled"]).groupby("code")
    of_code = by_code.agg(deleted=("code_deleted", "any"), redeemed=("live", "any"))
    found = found.merge(of_code, how="left", left_on="code", right_index=True)
    was_used = found["redeemed"].notna()
    verdict = np.select(
        [
            found["group_name"].isna() & ~was_used,
            found["deleted"].fillna(value=False).astype(bool),
            found["redeemed"].fillna(value=False).astype(bool),
            was_used,
            found["expiry_date"] <= asof,
            found["start_date"] > asof,
        ],
        ["unknown", "deleted", "redeemed", "cancelled only", "expired", "scheduled"],
        "not redeemed",
    )
    return pd.Series(verdict).value_counts()


def checks(of: Tables) -> dict[str, int]:
    """How many rows some of the checks find."""
    # By the number of its row: an index of two texts takes 16 GB at ten million codes.
    codes = of.codes.assign(row=np.arange(len(of.codes)))
    transactions = of.redemptions[~of.redemptions["from_codes_file"]]
    joined = transactions.merge(
        codes[[*KEY, "row", "start_date", "expiry_date", "redemption_time"]], how="left", on=KEY
    )
    live = joined[~joined["cancelled"]]
    known = joined[joined["row"].notna()]
    known_live = known[~known["cancelled"]]
    uses = known.groupby("row")["cancelled"].agg(["size", "sum"])
    reported = codes.loc[codes["redemption_time"].notna(), "row"]
    without_campaign = live[live["campaign_id"].isna()]
    repeated = without_campaign.groupby(KEY, observed=True).agg(
        uses=("time", "size"), sites=("site_ref", "nunique")
    )
    at_its_time = known_live[known_live["time"] == known_live["redemption_time"]]
    used_twice = repeated[repeated["uses"] > 1]
    dead = uses[uses["size"] == uses["sum"]]
    undone = joined[joined["cancelled"]].merge(live, on=KEY, suffixes=("", "_later"))
    elsewhere = undone[
        (undone["time_later"] > undone["time"]) & (undone["site_ref_later"] != undone["site_ref"])
    ]
    parents = of.codes.loc[of.codes["parent_code"].notna(), ["parent_code"]]
    loaded = parents["parent_code"].isin(of.codes["code"])
    by_code = transactions.groupby("code")["cancelled"].min()
    redeemed = parents["parent_code"].map(by_code)
    times, matching = (reported.isin(rows["row"]) for rows in (known_live, at_its_time))
    return {
        "no live transaction": int(reported.isin(dead.index).sum()),
        "codes file silent": int(known_live["redemption_time"].isna().sum()),
        "times disagree": int((times & ~matching).sum()),
        "unknown code": int(joined["row"].isna().sum()),
        "used twice": len(used_twice),
        "used at two sites": int((used_twice["sites"] > 1).sum()),
        "before the start": int((known_live["time"] < known_live["start_date"]).sum()),
        "after the expiry": int((known_live["time"] >= known_live["expiry_date"]).sum()),
        "redeemed elsewhere": elsewhere.drop_duplicates(KEY).shape[0],
        "expiry not after start": int((of.codes["expiry_date"] <= of.codes["start_date"]).sum()),
        "parent not loaded": int((~loaded).sum()),
        "parent not redeemed": int((loaded & redeemed.isna()).sum()),
        "parent cancelled": int((loaded & (redeemed == True)).sum()),  # noqa: E712
    }
