"""Whatever is chosen, a slice of a lake has what analysts' SQL reads of a copy of all rows."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.store.database import Store
from data.store.lake.files import KINDS, paths
from data.store.lake.lake import Lake
from data.store.lake.slicing import write_slice
from data.store.opening import MACROS
from data.store.sql import Cursor, run_script
from queries.access import EVERYTHING, Access
from queries.engine.sandbox.choices import Choice
from queries.filters import Filters
from tests.support.effort import rounds
from tests.support.lakes import on_lake
from tests.support.odd_rows import fill, odd_filters
from tests.support.queries import FEBRUARY_10

TABLES = {"codes": "codes_for_sql", "transactions": "redemptions_for_sql"}
ACCESS = st.sampled_from(
    [EVERYTHING, Access(masked=True), Access(groups=("Email", "it's")), Access(folders=("May",))]
)


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A lake of odd rows, in more than one file of each kind."""
    with on_lake(tmp_path_factory.mktemp("lake") / "vouchers.duckdb") as store:
        fill(store)
        yield store


def choices() -> st.SearchStrategy[list[Choice]]:
    """What one or two cells read."""
    filters = st.builds(lambda one, access: replace(one, access=access), odd_filters(), ACCESS)
    one = st.builds(choice, st.sampled_from(KINDS), filters)
    return st.lists(one, min_size=1, max_size=3)


def choice(kind: str, filters: Filters) -> Choice:
    return Choice(kind, filters.parameters(FEBRUARY_10))


@contextmanager
def sliced(lake: Store, chosen: list[Choice]) -> Iterator[Cursor]:
    """An engine that reads a slice of the lake."""
    assert isinstance(lake.rows, Lake)
    with tempfile.TemporaryDirectory() as directory, lake.cursor() as cursor:
        folder, target = Path(directory), Path(directory) / "slice.duckdb"
        there = {kind: paths(cursor, lake.rows.folder, kind) for kind in KINDS}
        write_slice(target, there, chosen, 1_000, folder)
        with duckdb.connect() as db:
            db.execute("attach ? as vouchers (read_only)", [str(target)])
            for macros in MACROS:
                run_script(db, f"store/macros/{macros}")
            yield db


def rows_of(cursor: Cursor, one: Choice) -> list[tuple[Any, ...]]:
    """What a table of SQL has; where a status chooses redemptions, a join leaves no order."""
    sql = f"from {TABLES[one.kind]}($filters)"
    rows = cursor.execute(sql, {"filters": one.filters}).fetchall()
    is_joined = one.filters["status"] is not None or one.filters["status!"] is not None
    return sorted(rows, key=repr) if is_joined and one.kind == "transactions" else rows


def test_a_slice_answers_as_the_whole_lake(lake: Store) -> None:
    @settings(max_examples=rounds(40, torture=400))
    @given(choices())
    def agree(chosen: list[Choice]) -> None:
        with sliced(lake, chosen) as part, lake.cursor() as whole:
            for one in chosen:
                assert rows_of(part, one) == rows_of(whole, one)

    agree()


def test_a_slice_has_no_row_that_nothing_chooses(lake: Store) -> None:
    @settings(max_examples=rounds(20, torture=200))
    @given(odd_filters())
    def agree(filters: Filters) -> None:
        codes = choice("codes", filters)
        with sliced(lake, [codes]) as part:
            wanted = len(rows_of(part, codes))
            counts = "select (select count(*) from vouchers.codes), count(*)"
            rows = part.execute(f"{counts} from vouchers.transactions").fetchall()
            assert rows == [(wanted, 0)]

    agree()
