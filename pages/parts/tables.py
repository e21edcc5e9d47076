"""The charts' numbers as tables under readable column names; every fraction is a rate."""

import pandas as pd

from pages.parts.charts import TOP, WEEKDAYS
from pages.parts.once import once
from queries.filters import STATUS_WORDS

OF_BATCHES = {
    "batch": "Batch",
    "groups": "Group",
    "folders": "Folder",
    "prefixes": "Prefix",
    "imported": "Imported",
    "starts": "Start",
    "expires": "Expiry",
    "codes": "Codes issued",
    "redeemed_codes": "Redeemed codes",
    "redemption_rate": "Redemption rate",
    "matured": "State",
    "net": "Net redemptions",
    "cancelled": "Cancelled",
}


@once
def over_time(found: pd.DataFrame) -> pd.DataFrame:
    """One row per period."""
    return pd.DataFrame(
        {
            "Period from": found["period"],
            "Net redemptions": found["net"],
            "Cancelled": found["cancelled"],
            "Cancellation rate": found["cancellation_rate"],
            "Whole": found["whole"].map({True: "Yes", False: "No"}),
        }
    )


@once
def uptake_by_group(found: pd.DataFrame) -> pd.DataFrame:
    """One row per group."""
    return pd.DataFrame(
        {
            "Group": found["group_name"],
            "Codes issued": found["codes_issued"],
            "Redeemed codes": found["redeemed_codes"],
            "Redemption rate": found["redemption_rate"],
            "Net redemptions": found["net"],
            "Cancelled": found["cancelled"],
        }
    )


@once
def by_site(found: pd.DataFrame) -> pd.DataFrame:
    """One row per site, all of them."""
    return pd.DataFrame(
        {
            "Site": found["site"],
            "Net redemptions": found["net"],
            "Share": found["share"],
            "Cancelled": found["cancelled"],
            "Redemptions": found["redemptions"],
            "Cancellation rate": found["cancellation_rate"],
        }
    )


@once
def top_sites(found: pd.DataFrame) -> pd.DataFrame:
    """The first 20 rows, and the rest gathered in one."""
    if len(found) <= TOP + 1:
        return found
    rest = found[TOP:]
    sums = rest[["net", "share", "cancelled", "redemptions"]].sum()
    gathered = sums.to_dict() | {
        "site": f"{len(rest)} other sites",
        "cancellation_rate": sums["cancelled"] / sums["redemptions"],
        "gathered": True,
    }
    top = found[:TOP].assign(gathered=False)
    both = pd.concat([top, pd.DataFrame([gathered])], ignore_index=True)
    return both.astype({"net": int, "cancelled": int, "redemptions": int})


@once
def weekday_hour(found: pd.DataFrame) -> pd.DataFrame:
    """One row per weekday and hour that has any."""
    return pd.DataFrame(
        {
            "Weekday": found["weekday"].map(dict(enumerate(WEEKDAYS, 1))),
            "Hour": found["hour"],
            "Net redemptions": found["net"],
            "Cancelled": found["cancelled"],
        }
    )


@once
def named_statuses(found: pd.DataFrame) -> pd.DataFrame:
    """The statuses as people read them; `key` keeps the URL's word."""
    return found.assign(key=found["status"], status=found["status"].map(STATUS_WORDS))


@once
def status(found: pd.DataFrame) -> pd.DataFrame:
    """One row per status."""
    return pd.DataFrame(
        {
            "Status": found["status"].map(STATUS_WORDS),
            "Codes": found["codes"],
            "Share": found["share"],
        }
    )


@once
def cancellations(found: pd.DataFrame, name: str, label: str) -> pd.DataFrame:
    """One row per name."""
    return pd.DataFrame(
        {
            label: found[name],
            "Cancellation rate": found["cancellation_rate"],
            "Cancelled": found["cancelled"],
            "Redemptions": found["redemptions"],
        }
    )


@once
def batches(found: pd.DataFrame) -> pd.DataFrame:
    """One row per batch, without its curve."""
    return found[list(OF_BATCHES)].rename(columns=OF_BATCHES)
