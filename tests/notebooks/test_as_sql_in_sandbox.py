"""What is shown as SQL runs in the sandbox, and gives there what it gives on the store."""

from collections.abc import Callable
from dataclasses import replace

from data.store.database import Store
from queries.engine.sandbox.cells import SqlCell
from queries.engine.sandbox.sandbox import Sandbox
from queries.engine.totals import read_data_until
from queries.filters import Filters
from tests.support.rows import Code, Transaction
from tests.support.sql_cells import every_sql, rows_of_sql
from tests.support.vouchers import Vouchers


def test_all_of_it_passes_the_fence(sandbox: Sandbox) -> None:
    several = every_sql()
    assert len(several) > 300
    tables = {table for sql in several for table in sandbox.names(sql).tables}
    assert tables == {"chosen_codes", "chosen_transactions"}


def test_it_gives_in_the_sandbox_what_it_gives_on_the_store(
    vouchers: Vouchers, sandbox_of: Callable[[Store], Sandbox]
) -> None:
    vouchers.load(
        *[Code(f"C{n}", "SMS" if n % 2 else "Email") for n in range(6)],
        Code("R1", redeemed="07/01/2016 10:00"),
        folder="January",
        batch="1",
    )
    vouchers.load(
        *[Transaction(n, f"C{n}", "SMS" if n % 2 else "Email") for n in range(3)],
        Transaction(7, "C4", time="05/02/2016 09:00", cancelled="Yes", campaign="7"),
        Transaction(8, "XX", site=""),
    )
    week = replace(Filters(), group=("SMS", "Email", "(no group)"))
    opened = sandbox_of(vouchers.store)
    with vouchers.store.cursor() as db:
        parameters = week.parameters(read_data_until(db))
        for sql in every_sql(columns=["none"]):
            table = opened.run(SqlCell("cell", sql, parameters)).table
            found = [
                {name.lower(): value for name, value in row.items()} for row in table.to_pylist()
            ]
            assert found == rows_of_sql(db, sql, week)
            assert found, sql
