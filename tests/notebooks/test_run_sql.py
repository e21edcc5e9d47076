"""SQL cells of a notebook that runs: over the data, and over the cells before them."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from decimal import Decimal

import pandas as pd
import pyarrow as pa
import pytest

from data.store.reading_copy import Copies
from queries.access import Access
from queries.engine.sandbox.sandbox import Sandbox
from queries.notebooks.references import filled
from queries.notebooks.result import Run
from queries.notebooks.run import StateChanged
from queries.notebooks.sandboxed import Sandboxed, frame_of
from tests.support.notebooks import run_notebook, values
from tests.support.rows import SECRET, Code, Transaction
from tests.support.vouchers import Vouchers


@pytest.fixture
def filled_store(vouchers: Vouchers) -> Vouchers:
    """Three codes by e-mail and one by SMS; two of them redeemed, one cancelled."""
    vouchers.load(*(Code(f"{SECRET}{n}", "SMS" if n == 4 else "Email") for n in range(1, 5)))
    vouchers.load(
        Transaction(1, f"{SECRET}1", time="04/01/2016 12:00"),
        Transaction(2, f"{SECRET}2", time="05/01/2016 12:00", cancelled="Yes"),
        Transaction(3, f"{SECRET}4", "SMS", time="05/01/2016 13:00"),
    )
    return vouchers


@contextmanager
def sandboxed(vouchers: Vouchers) -> Iterator[Sandboxed]:
    """SQL on a copy of the store as it is now."""
    copy = Copies().of(vouchers.store)
    try:
        with closing(Sandbox(copy.path)) as sandbox:
            yield Sandboxed(sandbox, lambda: vouchers.store.version == copy.version)
    finally:
        copy.release()


def run_sql(vouchers: Vouchers, text: str, access: Access = Access()) -> Run:
    with sandboxed(vouchers) as sql_cells:
        return run_notebook(vouchers.store, text, access=access, sql_cells=sql_cells)


def test_sql_reads_the_chosen_rows_and_earlier_cells(filled_store: Vouchers) -> None:
    run = run_sql(
        filled_store,
        "---\nfilter: group=Email\n---\n"
        "{{ total.net }} of {{ total.first }}\n\n"
        "```control least\ntype: number\nvalue: 1\n```\n"
        "```chart by_day\nquery: over_time\ngrain: day\nfilter: group=\n```\n"
        "```sql codes\nselect count(*) as n from chosen_codes\n```\n"
        "```sql of_sms\n-- filter: group=SMS\nselect count(*) as n from chosen_codes\n```\n"
        "```sql both\nselect codes.n, of_sms.n from codes, of_sms\n```\n"
        "```sql total\nselect sum(net) as net, min(period) as first from by_day, least\n"
        "where net >= least.value\n```\n",
    )
    assert values(run, "codes") == [[3]]
    assert values(run, "of_sms") == [[1]]
    assert values(run, "both") == [[3, 1]]
    assert values(run, "total") == [[2.0, pd.Timestamp(2016, 1, 4)]]
    assert filled(run.document.cells[0].body, run).strip() == "2 of 4 Jan 2016"
    both = run.named("both")
    assert both is not None
    assert '"codes" as (\nwith chosen_codes as (from codes_for_sql($filters))' in both.sql


def test_an_alert_of_sql_fires(filled_store: Vouchers) -> None:
    rules = "-- alert: n > 2\n-- alert: rows > 5"
    text = f"```sql odd\n{rules}\nselect count(*) as n from chosen_codes\n```\n"
    (result,) = run_sql(filled_store, text).results
    assert result.fired == ("odd: n is 4, above 2",)


def test_sql_that_cannot_run_says_where_and_quotes_no_code(filled_store: Vouchers) -> None:
    run = run_sql(
        filled_store,
        "```sql a\nselect redeemd from chosen_codes\n```\n"
        "```sql b\nselect * from nothing\n```\n"
        "```sql c\nselect code::integer as n from chosen_codes\n```\n"
        "```sql d\ncopy (select 1) to 'file'\n```\n```sql e\nfrom a\n```\n"
        "```sql last\nselect 1 as one\n```\n",
    )
    errors = {one.meaning.name: one.error for one in run.results}
    assert errors["a"].startswith("line 1, column 8: There is no column redeemd")
    assert errors["b"].startswith("line 1, column 15: There is no table or cell nothing above")
    assert errors["c"]
    assert errors["d"]
    assert errors["e"] == "e reads a, which has failed."
    assert errors["last"] == ""
    assert SECRET not in str(errors)


def test_groups_that_a_person_does_not_see_are_in_no_sql(filled_store: Vouchers) -> None:
    text = (
        "```sql a\nselect count(*) as n from chosen_codes\n```\n"
        "```sql b\n-- filter: group=Email\nselect count(*) as n from chosen_codes\n```\n"
        "```sql c\nselect a.n + b.n as n from a, b\n```\n"
    )
    run = run_sql(filled_store, text, Access(groups=("SMS",)))
    assert [values(run, name) for name in "abc"] == [[[1]], [[0]], [[1]]]


def test_an_import_after_the_copy_stops_the_run(filled_store: Vouchers) -> None:
    with sandboxed(filled_store) as sql_cells:
        filled_store.load(Code("NEW"))
        with pytest.raises(StateChanged, match="run it again"):
            run_notebook(filled_store.store, "```sql a\nselect 1\n```\n", sql_cells=sql_cells)


def test_sums_of_counts_are_whole_numbers() -> None:
    table = pa.table(
        {
            "sum": pa.array([Decimal("369")], pa.decimal128(38, 0)),
            "half": pa.array([Decimal("0.5")], pa.decimal128(38, 1)),
            "huge": pa.array([Decimal(10) ** 30], pa.decimal128(38, 0)),
        }
    )
    assert [list(column) for _, column in frame_of(table).items()] == [[369], [0.5], [1e30]]
    assert frame_of(table).dtypes.astype(str).tolist() == ["int64", "float64", "float64"]
