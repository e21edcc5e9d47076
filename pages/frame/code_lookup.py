"""Finds one code among all that the person sees, also on large stores."""

import time
from typing import NamedTuple

import pandas as pd

from pages.answers.fetch import fetch
from pages.answers.recording import lookup_recorded
from pages.people.current import person
from pages.people.lookups import lookups
from queries.engine.totals import within_batches
from queries.filters import Filters

WHERE = "A code"  # the page that the audit log names


class Rows(NamedTuple):
    """Filters that choose all rows of a code and few others; whether a codes file has brought it.

    Where they are known, queries of one code need not look through all redemptions.
    """

    among: Filters
    stored: bool


def rows_with_file(code: str) -> Rows:
    """Where the code is if a codes file has brought it: in a few batches."""
    batches = fetch("batches_around", Filters(), search=code)["batch"]
    return Rows(within_batches(Filters(), list(batches)), stored=True)


def rows_without_file(code: str) -> Rows | None:
    """Where the code is if only redemptions name it: on some days. None where it is nowhere."""
    days = fetch("code_days", Filters(), code=code).iloc[0]
    if pd.isna(days["first"]):
        return None
    return Rows(Filters(from_=days["first"].date(), to=days["last"].date()), stored=False)


def groups_with(code: str) -> list[str]:
    """The groups that have a code. Those without a codes file only where no other has one."""
    if groups := _groups(code, rows_with_file(code)):
        return groups
    rows = rows_without_file(code)
    return _groups(code, rows) if rows else []


def only_group(code: str) -> str | None:
    """The group of a code that somebody has typed, if exactly one has it; it is on the record.

    None also where the person has looked up too many, or the search cannot be recorded: then the
    search of the Codes page says so.
    """
    somebody = person()
    if somebody.access.masked and lookups.wait(somebody.id, code, time.monotonic()):
        return None
    groups = groups_with(code)
    is_one = len(groups) == 1 and lookup_recorded(code, WHERE)
    return groups[0] if is_one else None


def _groups(code: str, rows: Rows) -> list[str]:
    found = fetch("code_groups", rows.among, code=code, stored=rows.stored)
    return [str(group) for group in found["group_name"]]
