"""SQL on a lake with too many rows for a copy: it reads a copy of those that its filters choose."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from data.store import reading_copy
from data.store.copying import NotCopied
from data.store.lake import lake as lakes
from data.store.lake.slicing import write_slice
from data.store.reading_copy import Copies, Copy
from pages.cells import sql_cells
from queries.access import Access
from queries.engine.prefixes import looked_up
from queries.engine.sandbox.cells import SqlCell
from queries.filters import Filters
from queries.listed import Listed
from tests.support.queries import NOW, filters_of
from tests.support.rows import Code
from tests.support.sandboxes import cell
from tests.support.slices import (
    ROWS,
    answer,
    assert_same_answer,
    filled_lake,
    slice_for,
    sliced_above,
)
from tests.support.stores import in_scratch
from tests.support.vouchers import Vouchers

CODES = "select * from chosen_codes"
REDEMPTIONS = "select * from chosen_transactions"
CODES_BY_NAME = "select code from chosen_codes"
MOST = 6


@pytest.fixture(scope="module", autouse=True)
def processes() -> Iterator[None]:
    """End the process that says what a cell names."""
    yield
    sql_cells.close()


@pytest.fixture
def lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Vouchers]:
    """Two batches, and redemptions, in files of three rows."""
    monkeypatch.setattr(lakes, "MOST_ROWS", 3)
    with filled_lake(tmp_path) as filled:
        yield filled


def rows_in(copy: Copy, table: str) -> int:
    with duckdb.connect(str(copy.path), read_only=True) as opened:
        ((rows,),) = opened.execute(f"select count(*) from {table}").fetchall()  # noqa: S608
    return int(rows)


def test_a_lake_with_few_rows_is_copied_whole(lake: Vouchers) -> None:
    with sliced_above(ROWS):
        copies = Copies()
        one = slice_for(copies, lake.store, cell(CODES, "batch=7"))
        other = slice_for(copies, lake.store, cell(CODES, "batch=8"))
    assert one.path == other.path
    assert (one.is_slice, rows_in(one, "codes")) == (False, 7)


def test_without_a_filter_the_sentence_says_how_many_rows_are_too_many(lake: Vouchers) -> None:
    both = cell("select count(*) from chosen_codes join chosen_transactions using (code_id)")
    with sliced_above(MOST):
        with pytest.raises(NotCopied) as told:
            slice_for(Copies(), lake.store, cell(CODES))
        assert str(told.value) == (
            "SQL cells read a copy of the rows that their filters choose: here 7, and 6 are the "
            "most. Narrow the filter of the cell, and of the cells that it reads; a chart or a "
            "pivot answers from all rows."
        )
        with pytest.raises(NotCopied, match="here 7, and 6"):
            slice_for(Copies(), lake.store, both)
    assert in_scratch(lake.store) == []


def test_two_choices_that_are_too_many_together_are_refused(lake: Vouchers) -> None:
    earlier = cell(CODES, "batch=8", name="earlier")
    one = cell("select count(*) from chosen_codes, earlier", "batch=7")
    with sliced_above(MOST), pytest.raises(NotCopied, match="here 7, and 6"):
        slice_for(Copies(), lake.store, one, [earlier])


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("batch=7", ["NOV26E7K2M8Q", "E2", "E3", "E4"]),
        ("group=SMS&prefix=S", ["S1", "S2"]),
        ("status=expired", ["E2"]),
        ("status!=active&folder=May", ["NOV26E7K2M8Q", "E2", "E3", "E4"]),
        ("status=redeemed&asof=2016-01-10", ["NOV26E7K2M8Q", "E3"]),
        ("batch=7&rest=yes", ["S1", "S2", "E2"]),
    ],
)
def test_codes_are_those_of_the_whole_lake(lake: Vouchers, query: str, names: list[str]) -> None:
    rows = assert_same_answer(lake.store, MOST, cell(CODES_BY_NAME, query))
    assert rows == [(name,) for name in names]
    assert len(assert_same_answer(lake.store, MOST, cell(CODES, query))) == len(names)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("site=Site002", ["S1", "E4"]),
        ("site=(no site)", ["E2", "OTHER", "E3"]),
        ("from=2016-02-06&to=2016-02-07", ["E4", "GHOST", "E2"]),
        ("cancelled=yes", ["S1"]),
        ("cancelled=no&from=2016-02-01", ["E4", "GHOST", "E2", "OTHER"]),
        ("group=SMS", ["S1", "GHOST", "E2"]),
        ("group=(no group)", ["OTHER"]),
        ("prefix=GHO", ["GHOST"]),
        ("batch=7", ["NOV26E7K2M8Q", "E4", "E3"]),
        ("batch=7&status=redeemed", ["NOV26E7K2M8Q", "E4", "E3"]),
        ("status!=redeemed", ["S1", "GHOST", "OTHER"]),
        ("status=redeemed&asof=2016-01-10", ["NOV26E7K2M8Q", "E3"]),
        ("site=Site002&rest=yes", ["NOV26E7K2M8Q", "GHOST", "E2", "OTHER", "E3"]),
    ],
)
def test_redemptions_are_those_of_the_whole_lake(
    lake: Vouchers, query: str, names: list[str]
) -> None:
    rows = assert_same_answer(lake.store, 7, cell("select code from chosen_transactions", query))
    assert sorted(name for (name,) in rows) == sorted(names)
    assert len(assert_same_answer(lake.store, 7, cell(REDEMPTIONS, query))) == len(names)


def test_a_cell_that_reads_redemptions_alone_needs_no_codes(lake: Vouchers) -> None:
    with sliced_above(MOST):
        copies = Copies()
        of_site = slice_for(copies, lake.store, cell(REDEMPTIONS, "site=Site001"))
        of_status = slice_for(copies, lake.store, cell(REDEMPTIONS, "site=Site001&status=redeemed"))
        neither = slice_for(copies, lake.store, cell("select 1"))
    rows = [
        (rows_in(c, "codes"), rows_in(c, "transactions")) for c in (of_site, of_status, neither)
    ]
    assert rows == [(0, 2), (1, 1), (0, 0)]


def test_a_cell_reads_an_earlier_cell_of_another_filter(lake: Vouchers) -> None:
    earlier = [
        cell(CODES, "batch=8", name="of_sms"),
        cell("select code_id from chosen_transactions", "site=Site002", name="of_site"),
        cell(
            "select s.code, s.code_id from of_sms s semi join of_site using (code_id)",
            name="On_Site",
        ),
        cell(CODES, name="not_read"),
    ]
    asked = cell("select code from on_site union all select code from chosen_codes", "prefix=E3")
    rows = assert_same_answer(lake.store, MOST, asked, earlier, is_ordered=False)
    assert rows == [("E3",), ("S1",)]


def test_who_sees_codes_masked_or_one_group_sees_no_more_and_no_less(lake: Vouchers) -> None:
    with lake.store.cursor() as cursor:
        masked = looked_up(cursor, Filters(batch=("7",), access=Access(masked=True)))
    for sql in (CODES, REDEMPTIONS):
        shown = assert_same_answer(lake.store, MOST, SqlCell("cell", sql, masked.parameters(NOW)))
        assert "•••••" in repr(shown)
        assert "NOV26E7K2M8Q" not in repr(shown)
    sms = Access(groups=("SMS",))
    assert assert_same_answer(lake.store, MOST, cell(CODES_BY_NAME, access=sms)) == [
        ("S1",),
        ("S2",),
        ("E2",),
    ]
    with sliced_above(MOST):
        part = slice_for(Copies(), lake.store, cell(REDEMPTIONS, access=sms))
    assert (rows_in(part, "codes"), rows_in(part, "transactions")) == (0, 3)


def test_a_list_of_codes_chooses(lake: Vouchers) -> None:
    filters = replace(filters_of("group=SMS"), list_="key", listed=Listed("list_7", 2))
    listed = pa.table({"code": ["S1", "GHOST", "E2"]})
    codes = SqlCell("cell", CODES_BY_NAME, filters.parameters(NOW), listed)
    redemptions = SqlCell("cell", "select code from chosen_transactions", codes.parameters, listed)
    found = assert_same_answer(lake.store, MOST, codes, is_ordered=False)
    assert found == [("E2",), ("S1",)]
    found = assert_same_answer(lake.store, MOST, redemptions, is_ordered=False)
    assert found == [("E2",), ("GHOST",), ("S1",)]


def test_a_list_that_is_not_known_chooses_nothing(lake: Vouchers) -> None:
    unknown = SqlCell("cell", CODES, Filters(list_="key").parameters(NOW))
    assert assert_same_answer(lake.store, MOST, unknown) == []


def test_after_an_import_the_slice_is_of_the_new_data(lake: Vouchers) -> None:
    asked = cell(CODES_BY_NAME, "batch=8")
    copies = Copies()
    with sliced_above(MOST):
        older = slice_for(copies, lake.store, asked)
        lake.load(Code("S3", "SMS"), Code("S4", "SMS"), batch="8")
        newer = slice_for(copies, lake.store, asked)
    assert older.version < newer.version == lake.store.version
    assert answer(older, asked) == [("S1",), ("S2",), ("E2",)]
    assert answer(newer, asked) == [("S1",), ("S2",), ("E2",), ("S3",), ("S4",)]


def test_who_asks_for_the_same_rows_shares_a_slice_that_goes_with_the_last(lake: Vouchers) -> None:
    copies = Copies()
    with sliced_above(MOST):
        first, second = (
            slice_for(copies, lake.store, cell(sql, "batch=8"))
            for sql in (CODES, "select count(*) from chosen_codes")
        )
        other = slice_for(copies, lake.store, cell(CODES, "batch=7"))
    assert first.path == second.path != other.path
    first.release()
    assert answer(second, cell("select count(*) from chosen_codes", "batch=8")) == [(3,)]
    second.release()
    assert in_scratch(lake.store) == [other.path]
    assert other.path.stat().st_mode & 0o777 == 0o600
    other.release()
    assert in_scratch(lake.store) == []


def test_two_tabs_with_different_filters_have_their_own_rows_at_once(lake: Vouchers) -> None:
    copies = Copies()
    cells = [cell(CODES_BY_NAME, query) for query in ("batch=7", "batch=8")]
    with sliced_above(MOST):
        held = [slice_for(copies, lake.store, one) for one in cells]
    assert [len(answer(copy, one)) for copy, one in zip(held, cells, strict=True)] == [4, 3]


def test_an_import_goes_on_while_a_slice_is_made_which_is_of_the_data_before_it(
    lake: Vouchers, monkeypatch: pytest.MonkeyPatch
) -> None:
    def imported_meanwhile(*arguments: Any) -> None:  # noqa: ANN401 - as write_slice() has them
        lake.load(Code("E9"), batch="7")
        write_slice(*arguments)

    monkeypatch.setattr(reading_copy, "write_slice", imported_meanwhile)
    before = lake.store.version
    with sliced_above(MOST):
        copy = slice_for(Copies(), lake.store, cell(CODES, "batch=7"))
    assert copy.version == before < lake.store.version
    with duckdb.connect(str(copy.path), read_only=True) as opened:
        assert opened.execute("from codes where code = 'E9'").fetchall() == []
