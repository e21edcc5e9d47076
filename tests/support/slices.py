"""Cells of SQL run on a copy of all rows of a lake, and on one of the rows that they read."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from data.store import reading_copy
from data.store.database import Store
from data.store.reading_copy import Copies, Copy
from pages.cells.sql_cells import tables_of
from queries.engine.sandbox.cells import Earlier, SqlCell
from queries.engine.sandbox.choices import choices_of
from queries.engine.sandbox.sandbox import Sandbox
from tests.support.lakes import on_lake
from tests.support.rows import Code, Transaction
from tests.support.sandboxes import rows_of
from tests.support.vouchers import Vouchers

Answer = list[tuple[Any, ...]]
ROWS = 14  # of the lake below: seven codes, six transactions, a redemption that its codes file has


@contextmanager
def filled_lake(folder: Path) -> Iterator[Vouchers]:
    """A lake with two batches, and redemptions of them and of codes that no file has."""
    with on_lake(folder / "vouchers.duckdb") as store:
        vouchers = Vouchers(store, folder)
        vouchers.load(
            Code("NOV26E7K2M8Q"),
            Code("E2", expiry="01/02/2016 00:00"),
            Code("E3", redeemed="09/01/2016 12:00"),
            Code("E4"),
            batch="7",
            folder="May",
        )
        vouchers.load(Code("S1", "SMS"), Code("S2", "SMS"), Code("E2", "SMS"), batch="8")
        vouchers.load(
            Transaction(1, "NOV26E7K2M8Q", time="04/01/2016 12:00"),
            Transaction(2, "S1", "SMS", time="05/01/2016 12:00", site="Site002", cancelled="Yes"),
            Transaction(3, "E4", time="06/02/2016 12:00", site="Site002"),
            Transaction(4, "GHOST", "SMS", time="07/02/2016 12:00"),
            Transaction(5, "E2", "SMS", time="07/02/2016 13:00", site=""),
            Transaction(6, "OTHER", "", time="08/02/2016 12:00", site=""),
        )
        yield vouchers


def slice_for(copies: Copies, store: Store, cell: SqlCell, earlier: Earlier = ()) -> Copy:
    """A copy on which the cell can run."""
    return copies.of(store, lambda: choices_of(cell, earlier, tables_of))


def answer(copy: Copy, cell: SqlCell, earlier: Earlier = ()) -> Answer:
    """The rows of a cell on a copy."""
    with closing(Sandbox(copy.path, seconds=60)) as sandbox:
        return rows_of(sandbox, cell, earlier)


@contextmanager
def sliced_above(rows: int) -> Iterator[None]:
    """Have lakes of more rows be copied in slices while the block runs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading_copy, "MOST_ROWS", rows)
        yield


def assert_same_answer(
    store: Store, most: int, cell: SqlCell, earlier: Earlier = (), *, is_ordered: bool = True
) -> Answer:
    """Assert that a cell answers on a slice as on all rows. Returns its rows.

    A cell that joins rows, or chooses them by a list, gives them in no order.
    """
    copies = Copies()
    all_rows = copies.of(store)
    with sliced_above(most):
        part = slice_for(copies, store, cell, earlier)
    assert (all_rows.is_slice, part.is_slice) == (False, True)
    rows, wanted = (answer(copy, cell, earlier) for copy in (part, all_rows))
    if not is_ordered:
        rows, wanted = sorted(rows, key=repr), sorted(wanted, key=repr)
    assert rows == wanted
    for copy in (all_rows, part):
        copy.release()
    return rows
