"""The rows of bounceback.sql as the charts of Bounceback have them, and their days in words."""

from decimal import Decimal

import pandas as pd

from pages.text.numbers import missing

UNKNOWN = "(parent unknown)"
NO_CHILD = "None of these codes is a bounceback."
DAYS = {
    "lower_quartile": "Days, quarter sooner",
    "median": "Days, median",
    "upper_quartile": "Days, quarter later",
}


def rows_of(frame: pd.DataFrame, kind: str) -> pd.DataFrame:
    """The rows per "pair" of groups or per "trigger" group; those without a parent come last."""
    rows = frame[frame["of"] == kind]
    is_unknown = rows["trigger_group"] == UNKNOWN
    return pd.concat([rows[~is_unknown], rows[is_unknown]])


def of_all(frame: pd.DataFrame) -> pd.Series:
    """The one row of all children; with no child there is one too."""
    return frame[frame["of"] == "all"].iloc[0]


def days_columns(rows: pd.DataFrame) -> dict[str, list[Decimal | None]]:
    """The days to the second visit as columns of a table, with one decimal."""
    return {label: [_decimal(days) for days in rows[name]] for name, label in DAYS.items()}


def in_days(value: float) -> str:
    """A number of days with one decimal; a dash where there is none."""
    return "–" if missing(value) else f"{value:.1f}"


def _decimal(value: float) -> Decimal | None:
    return None if missing(value) else Decimal(f"{value:.1f}")
