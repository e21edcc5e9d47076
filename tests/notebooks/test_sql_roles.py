"""Roles hold in SQL: no whole code for who sees them masked, no row of an unseen group."""

from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from data.store.database import Store
from data.store.reading_copy import Copies
from queries.access import Access
from queries.engine.prefixes import looked_up
from queries.engine.sandbox.cells import SqlCell
from queries.engine.sandbox.sandbox import Sandbox
from queries.filters import Filters
from tests.support.queries import NOW
from tests.support.rows import Code, Transaction
from tests.support.sandboxes import cell, outcome_of, rows_of
from tests.support.vouchers import Vouchers

CODES = ("NOV26E7K2M8Q", "NOV26E1111ZZ", "HIDDEN4SMS99")
MASKED = Access(masked=True)
SMS = Access(groups=("SMS",))
EVERYTHING_IN_IT = "select * from chosen_codes"
QUERIES = (
    EVERYTHING_IN_IT,
    "select * from chosen_transactions",
    "select string_agg(code, ' ') from chosen_codes",
    "select list(chosen_codes) from chosen_codes",
    "select max(code), min(code), any_value(parent_code) from chosen_codes",
    "select columns('.*ode') from chosen_codes",
    "select c.code, t.code from chosen_codes c cross join chosen_transactions t",
    "select histogram(code) from chosen_transactions",
    "unpivot (select code, parent_code from chosen_codes) on columns(*)",
    "select to_json(chosen_codes) from chosen_codes",
    "select transaction_id || code from chosen_transactions",
)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Sandbox]]:
    """A store with codes of two groups, and a sandbox over it."""
    folder = tmp_path_factory.mktemp("roles")
    with closing(Store(folder / "vouchers.duckdb")) as store:
        vouchers = Vouchers(store, folder)
        vouchers.load(
            Code(CODES[0], "Email"), Code(CODES[1], "Email", parent=CODES[0]), Code(CODES[2], "SMS")
        )
        vouchers.load(
            Transaction(f"ID-{CODES[0]}", CODES[0], "Email"), Transaction(2, CODES[2], "SMS")
        )
        copy = Copies().of(store)
        with closing(Sandbox(copy.path, seconds=60)) as sandbox:
            yield store, sandbox
        copy.release()


def masked_cell(store: Store, sql: str, name: str = "cell") -> SqlCell:
    """A cell of somebody who sees codes masked, as the app makes it."""
    with store.cursor() as cursor:
        filters = looked_up(cursor, Filters(access=MASKED))
    return SqlCell(name, sql, filters.parameters(NOW))


@pytest.mark.parametrize("sql", QUERIES)
def test_who_sees_codes_masked_gets_no_whole_code(opened: tuple[Store, Sandbox], sql: str) -> None:
    store, sandbox = opened
    direct = rows_of(sandbox, masked_cell(store, sql))
    earlier = [masked_cell(store, sql, "earlier")]
    behind = rows_of(sandbox, masked_cell(store, "from earlier"), earlier)
    assert "•••••" in repr(direct)
    assert not [code for code in CODES if code in repr(direct) + repr(behind)]


@pytest.mark.parametrize("sql", QUERIES)
def test_who_sees_one_group_gets_no_row_of_another(opened: tuple[Store, Sandbox], sql: str) -> None:
    _, sandbox = opened
    direct = rows_of(sandbox, cell(sql, access=SMS))
    earlier = [cell(sql, access=SMS, name="earlier")]
    behind = rows_of(sandbox, cell("from earlier", access=SMS), earlier)
    for rows in (repr(direct), repr(behind)):
        assert "NOV26E" not in rows
        assert "Email" not in rows


@pytest.mark.parametrize(
    "condition",
    [
        "code like 'NOV26E7%'",
        "starts_with(code, 'NOV26E7')",
        "length(code) = 12",
        "contains(code, 'K2M')",
        "code in (select 'NOV26E7K2M8Q')",
        "regexp_matches(code, '7K2')",
        "list_contains(['NOV26E7K2M8Q'], code)",
    ],
)
def test_a_condition_sees_no_more_of_a_masked_code_than_the_result(
    opened: tuple[Store, Sandbox], condition: str
) -> None:
    store, sandbox = opened
    sql = f"select count(*) from chosen_codes where {condition}"  # noqa: S608
    assert rows_of(sandbox, masked_cell(store, sql)) == [(0,)]


@pytest.mark.parametrize(
    "condition",
    [
        "case when group_name <> 'SMS' then code::int > 0 else true end",
        "case when code like 'NOV%' then code::int else 1 end = 1",
        "code::varchar(3) <> 'x' and case when code[1] = 'N' then 'a'::int else 1 end = 1",
        "strptime(if(code like 'NOV%', 'x', '1'), '%d') is not null",
        "cast(if(group_name = 'Email', 'no number', '1') as int) = 1 or code = 'x'",
    ],
)
@pytest.mark.parametrize("clause", ["where", "a join chosen_codes on"])
def test_an_error_never_tells_that_there_is_a_row_of_another_group(
    opened: tuple[Store, Sandbox], condition: str, clause: str
) -> None:
    _, sandbox = opened
    for column in ("code", "group_name"):
        condition = condition.replace(column, f"chosen_codes.{column}")
    sql = f"select count(*) from chosen_codes {clause} {condition}"  # noqa: S608
    assert rows_of(sandbox, cell(sql, access=SMS)) == [(1,)]


def test_a_cell_of_one_person_reads_an_earlier_one_with_its_own_access_only(
    opened: tuple[Store, Sandbox],
) -> None:
    store, sandbox = opened
    earlier = [cell(EVERYTHING_IN_IT, access=SMS, name="earlier")]
    rows = rows_of(sandbox, masked_cell(store, "select code from earlier"), earlier)
    assert rows == [(CODES[2],)]


def test_a_query_cannot_put_a_list_of_its_own_in_place_of_the_filters(
    vouchers: Vouchers, sandbox_of: Callable[[Store], Sandbox]
) -> None:
    vouchers.load(Code("A1"), Code("A2"))
    sandbox = sandbox_of(vouchers.store)
    parameters = Filters(list_="x").parameters(NOW)
    assert parameters["listed"] == "no_list"
    for name in ("no_list", "list_1", "main", "vouchers", "codes"):
        sql = f"with {name} as (select 'A1' as code) select code from chosen_codes"  # noqa: S608
        outcome = outcome_of(sandbox, SqlCell("cell", sql, parameters))
        assert isinstance(outcome, Exception) or outcome.row_count == 0
