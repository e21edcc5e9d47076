"""Cohorts: batches, groups, folders and months of start, as charts and sentences name them."""

from datetime import datetime
from typing import NamedTuple

import pandas as pd

from queries.text import listed

AGES = (7, 14, 28, 90)  # days, by which cohorts are compared
MOST_NAMED = 6  # in a sentence


class Kind(NamedTuple):
    """What cohorts are made of: the label of a column, and the words for one and for several."""

    label: str
    one: str
    several: str


# By the parameter "by" of the queries.
KINDS = {
    "batch": Kind("Batch", "batch", "batches"),
    "group": Kind("Group", "group", "groups"),
    "folder": Kind("Folder", "folder", "folders"),
    "month": Kind("Month of start", "month of start", "months of start"),
}
SITE = Kind("Site", "site", "sites")
# By the parameter "by" of over_time_split.sql.
SPLITS = {
    "group": KINDS["group"],
    "folder": KINDS["folder"],
    "batch": KINDS["batch"],
    "site": SITE,
    "month": KINDS["month"],
}


def shown(name: str, by: str) -> str:
    """A cohort's name as the screen has it: 2017-08 as Aug 2017."""
    return f"{datetime.strptime(name, '%Y-%m'):%b %Y}" if by == "month" else name


def all_shown(names: pd.Series, by: str) -> pd.Series:
    """The names of several cohorts as the screen has them."""
    return names.map(lambda name: shown(name, by))


def those(names: list[str], by: str) -> str:
    """The first of several names in a phrase, with the number of the others."""
    return listed([shown(name, by) for name in names], MOST_NAMED)
