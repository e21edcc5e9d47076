"""Keeps the totals of schema.sql exact: they change in the same transaction as the rows."""

from collections.abc import Iterator
from contextlib import contextmanager

from data.store.sql import Cursor, run_script

ALL, NONE = -1, -2  # in place of an import's ID
TABLES = ("code_totals", "redemption_totals", "site_totals")
TEMPORARY = tuple(
    table.replace("totals", suffix) for table in TABLES for suffix in ("before", "changes", "sums")
)


@contextmanager
def updating(cursor: Cursor, import_id: int) -> Iterator[None]:
    """Update the totals by what the block changes.

    The block may change only rows of the import itself, of the codes in the temporary table
    `affected`, and of the keys in `affected_keys`.
    """
    run_script(cursor, "store/totals/1_count", import_id=import_id, sign=-1)
    run_script(cursor, "store/totals/2_set_aside")
    with leaving_out(cursor):
        yield
    run_script(cursor, "store/totals/1_count", import_id=import_id, sign=1)
    run_script(cursor, "store/totals/4_add")


@contextmanager
def leaving_out(cursor: Cursor) -> Iterator[None]:
    """Leave the totals out of what the block changes, for a recount() after it.

    Only what rows themselves keep of others, their previous times, is updated.
    """
    yield
    run_script(cursor, "store/totals/3_previous_times")


def find_previous_times(cursor: Cursor) -> None:
    """Update the previous times of all redemptions."""
    run_script(cursor, "store/totals/all_repeated")
    run_script(cursor, "store/totals/3_previous_times")


def recount(cursor: Cursor) -> None:
    """Count all totals from the rows, of which it changes none."""
    run_script(cursor, "store/totals/all_rows")
    run_script(cursor, "store/totals/1_count", import_id=NONE, sign=-1)
    run_script(cursor, "store/totals/2_set_aside")
    run_script(cursor, "store/totals/1_count", import_id=ALL, sign=1)
    run_script(cursor, "store/totals/4_add")
