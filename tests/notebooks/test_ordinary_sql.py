"""Questions that analysts ask in SQL, each with its result on rows written by hand."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pytest

from data.store.database import Store
from data.store.reading_copy import Copies
from queries.access import Access
from queries.engine.sandbox.cells import Rows
from queries.engine.sandbox.columns import columns
from queries.engine.sandbox.sandbox import Sandbox
from tests.support.rows import Code, Transaction
from tests.support.sandboxes import cell, rows_of
from tests.support.vouchers import Vouchers

ROWS = (
    Code("A1", "SMS", expiry="01/02/2016 00:00"),
    Code("A2", "SMS", parent="A1", quantity="2"),
    Code("B1", "Email", type="Discount", item="77"),
    Code("B2", "Email"),
)
REDEEMED = (
    Transaction(1, "A1", "SMS", time="08/01/2016 19:42", campaign="C1", campaign_name="New year"),
    Transaction(2, "A1", "SMS", time="09/01/2016 08:00", site="Site002", cancelled="Yes"),
    Transaction(3, "A2", "SMS", time="10/01/2016 12:30", site="Site002"),
    Transaction(4, "X9", "SMS", time="10/01/2016 23:59", deleted="Yes"),
)


@pytest.fixture(scope="module")
def asked(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Sandbox]:
    """A sandbox over the rows above."""
    folder = tmp_path_factory.mktemp("ordinary")
    with closing(Store(folder / "vouchers.duckdb")) as store:
        vouchers = Vouchers(store, folder)
        vouchers.load(*ROWS, folder="January", batch="7")
        vouchers.load(*REDEEMED)
        copy = Copies().of(store)
        with closing(Sandbox(copy.path, seconds=60)) as opened:
            yield opened
        copy.release()


JANUARY_8 = datetime(2016, 1, 8)
QUESTIONS: dict[str, list[tuple[Any, ...]]] = {
    "select count(*) from chosen_codes": [(4,)],
    "select count(*) from chosen_transactions": [(4,)],
    "select count(*) from chosen_transactions where not cancelled": [(3,)],
    "select code from chosen_codes order by code limit 2": [("A1",), ("A2",)],
    "SELECT CODE FROM CHOSEN_CODES ORDER BY 1 DESC LIMIT 1;": [("B2",)],
    "select group_name, count(*) from chosen_codes group by all order by all": [
        ("Email", 2),
        ("SMS", 2),
    ],
    "select group_name from chosen_codes group by 1 having count(*) > 1 order by 1": [
        ("Email",),
        ("SMS",),
    ],
    "select date_trunc('day', time) as day, count(*) as redemptions from chosen_transactions "
    "where not cancelled group by all order by day": [
        (JANUARY_8, 1),
        (datetime(2016, 1, 10), 2),
    ],
    "select time::date as day, sum(cancelled::int) from chosen_transactions group by all "
    "order by day limit 2": [(date(2016, 1, 8), 0), (date(2016, 1, 9), 1)],
    "select dayname(time), hour(time) from chosen_transactions order by time limit 1": [
        ("Friday", 19)
    ],
    "select extract(month from time) from chosen_transactions limit 1": [(1,)],
    "select strftime(min(time), '%d/%m/%Y') from chosen_transactions": [("08/01/2016",)],
    "select min(time), max(time) from chosen_transactions": [
        (datetime(2016, 1, 8, 19, 42), datetime(2016, 1, 10, 23, 59))
    ],
    "select datediff('day', min(time), max(time)) from chosen_transactions": [(2,)],
    "select count(*) from chosen_transactions where time >= date '2016-01-09' "
    "and time < date '2016-01-09' + interval 1 day": [(1,)],
    "select count(*) from chosen_codes where expiry_date between '2016-01-01' and '2016-12-31'": [
        (1,)
    ],
    "select code from chosen_codes where code like 'A%' and not code ilike 'a1'": [("A2",)],
    "select code from chosen_codes where code in ('B1', 'B2') and redemption_time is null": [
        ("B1",),
        ("B2",),
    ],
    "select code from chosen_codes where parent_code is not null": [("A2",)],
    "select regexp_extract(code, '[0-9]+')::int from chosen_codes order by code limit 1": [(1,)],
    "select status, count(*) from chosen_codes group by all order by all": [
        ("active", 2),
        ("redeemed", 2),
    ],
    "select folder, batch, prefix from chosen_codes limit 1": [("January", "7", None)],
    "select sum(aztec_redemption_quantity) from chosen_codes": [(5,)],
    "select round(avg(scans), 2), median(scans) from chosen_codes": [(0.5, 0.5)],
    "select site_ref, count(*) filter (where cancelled) as cancelled, count(*) from "
    "chosen_transactions group by all order by site_ref": [("Site001", 0, 2), ("Site002", 1, 2)],
    "select coalesce(campaign_name, '(none)') as campaign, count(*) from chosen_transactions "
    "group by all order by 2": [("New year", 1), ("(none)", 3)],
    "select case when scans = 0 then 'never' else 'used' end as used, count(*) from chosen_codes "
    "group by all order by all": [("never", 2), ("used", 2)],
    'select count(*) from chosen_transactions where "Code Deleted"': [(1,)],
    "select c.code, count(t.code) from chosen_codes as c left join chosen_transactions as t "
    "using (code, group_name) group by c.code order by all": [
        ("A1", 2),
        ("A2", 1),
        ("B1", 0),
        ("B2", 0),
    ],
    "select t.code from chosen_transactions t anti join chosen_codes c on t.code = c.code": [
        ("X9",)
    ],
    "select code from chosen_codes where code not in (select code from chosen_transactions) "
    "order by code": [("B1",), ("B2",)],
    "select code from chosen_codes c where exists (from chosen_transactions t where "
    "t.code = c.code) order by code": [("A1",), ("A2",)],
    "with used as (select distinct code from chosen_transactions), mine as (from chosen_codes) "
    "select count(*) from used join mine using (code)": [(2,)],
    "select code, row_number() over (partition by group_name order by code desc) as place from "
    "chosen_codes order by code": [("A1", 2), ("A2", 1), ("B1", 2), ("B2", 1)],
    "select code, time - lag(time) over (order by time) > interval 1 day as late from "
    "chosen_transactions order by time": [
        ("A1", None),
        ("A1", False),
        ("A2", True),
        ("X9", False),
    ],
    "select sum(count(*)) over (order by time::date) from chosen_transactions "
    "group by time::date order by 1": [(1,), (2,), (4,)],
    "select code from chosen_transactions qualify row_number() over (order by time desc) = 1": [
        ("X9",)
    ],
    "select distinct site_ref from chosen_transactions order by all": [("Site001",), ("Site002",)],
    "select distinct on (group_name) group_name, code from chosen_codes order by all": [
        ("Email", "B1"),
        ("SMS", "A1"),
    ],
    "select string_agg(code, ', ' order by code) from chosen_codes": [("A1, A2, B1, B2",)],
    "select list(code order by code) from chosen_codes where group_name = 'SMS'": [(["A1", "A2"],)],
    "select unnest(['a', 'b']) as letter": [("a",), ("b",)],
    "select code from chosen_codes union all select code from chosen_transactions order by 1 "
    "limit 2": [("A1",), ("A1",)],
    "select code from chosen_transactions except select code from chosen_codes": [("X9",)],
    "select code from chosen_transactions intersect select code from chosen_codes order by 1": [
        ("A1",),
        ("A2",),
    ],
    "pivot chosen_codes on status in ('active', 'redeemed') using count(*) group by group_name "
    "order by group_name": [("Email", 2, 0), ("SMS", 0, 2)],
    "from chosen_codes select code order by code limit 1 offset 1": [("A2",)],
    "select * exclude (code) from (select code, scans from chosen_codes order by code) limit 1": [
        (1,)
    ],
    "select d::date, count(t.code) from generate_series(timestamp '2016-01-08', "
    "timestamp '2016-01-10', interval 1 day) as days(d) left join chosen_transactions t on "
    "t.time::date = d group by all order by 1": [
        (date(2016, 1, 8), 1),
        (date(2016, 1, 9), 1),
        (date(2016, 1, 10), 2),
    ],
    "select quantile_cont(scans, 0.5), mode(group_name), arg_max(code, scans) is not null from "
    "chosen_codes where group_name = 'SMS'": [(1.0, "SMS", True)],
    "select count(*) from chosen_codes group by rollup (group_name) order by 1": [(2,), (2,), (4,)],
    "select width, 100.0 * width / 8 from (values (1), (2)) as v(width)": [(1, 12.5), (2, 25.0)],
    "with recursive days as (select date '2016-01-01' as d union all select d + 1 from days "
    "where d < date '2016-01-03') select count(*) from days": [(3,)],
    "select nullif(scans, 0), if(scans > 0, 'yes', 'no') from chosen_codes where code = 'B1'": [
        (None, "no")
    ],
    "select upper(trim(' a ')), replace('a-b', '-', ''), split_part('a/b', '/', 2), 'a' || 1": [
        ("A", "ab", "b", "a1")
    ],
    "-- the codes of the newsletter\nselect count(*) /* all */ from chosen_codes -- done": [(4,)],
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_ordinary_question_has_its_result(asked: Sandbox, question: str) -> None:
    assert rows_of(asked, question) == QUESTIONS[question]


def test_the_columns_are_those_that_the_editor_names(asked: Sandbox) -> None:
    for table, known in columns().items():
        found = asked.run(cell(f"from {table}"))
        assert found.columns == [(column.name, column.type) for column in known]
        assert all(column.definition.endswith(".") for column in known)


def test_a_cell_reads_the_rows_that_its_filter_chooses(
    vouchers: Vouchers, sandbox_of: Callable[[Store], Sandbox]
) -> None:
    vouchers.load(Code("A1", "SMS"), Code("B1", "Email"))
    opened = sandbox_of(vouchers.store)
    assert rows_of(opened, cell("select code from chosen_codes", "group=SMS")) == [("A1",)]


def test_redemptions_are_those_of_the_tiles_also_where_only_a_codes_file_tells_of_one(
    vouchers: Vouchers, sandbox_of: Callable[[Store], Sandbox]
) -> None:
    vouchers.load(Code("A1", redeemed="20/01/2016 10:00"), Code("A2"), folder="January")
    vouchers.load(Transaction(1, "A2"), Transaction(2, "X9"))
    opened = sandbox_of(vouchers.store)
    asked = (
        "select time, transaction_id, site_ref, from_codes_file, folder "
        "from chosen_transactions where code = 'A1'"
    )
    assert rows_of(opened, asked) == [(datetime(2016, 1, 20, 10), None, None, True, "January")]
    of_period = cell("select count(*) from chosen_transactions", "to=2016-01-19")
    assert rows_of(opened, of_period) == [(2,)]
    (tiles,) = vouchers.query("numbers")
    net = rows_of(opened, "select count(*) from chosen_transactions where not cancelled")
    assert net == [(tiles["net"],)] == [(3,)]


def test_a_number_stands_for_a_code_in_both_tables_also_where_codes_are_masked(
    vouchers: Vouchers, sandbox_of: Callable[[Store], Sandbox]
) -> None:
    vouchers.load(Code("SECRET1"), Code("SECRET2"), Code("SECRET3"))
    vouchers.load(Transaction(1, "SECRET1"), Transaction(2, "SECRET2"), Transaction(3, "X9"))
    asked = cell(
        "select count(distinct code), count(distinct code_id), count(*) "
        "from chosen_codes join chosen_transactions using (code_id, code)",
        access=Access(masked=True),
    )
    assert rows_of(sandbox_of(vouchers.store), asked) == [(1, 2, 2)]


def test_a_code_is_live_in_the_chosen_period_and_as_old_as_the_data_reach(
    vouchers: Vouchers, sandbox_of: Callable[[Store], Sandbox]
) -> None:
    vouchers.load(
        Code("A1", start="01/01/2016 00:00", expiry="11/01/2016 00:00"),
        Code("A2", start="12/01/2016 00:00"),
        Code("A3", start=""),
    )
    opened = sandbox_of(vouchers.store)
    asked = "select code, live, age_days from chosen_codes order by code"
    now = datetime(2016, 1, 20, 12)
    week = cell(asked, "from=2016-01-04&to=2016-01-11", now=now)
    assert rows_of(opened, week) == [("A1", True, 19), ("A2", False, 8), ("A3", True, None)]
    later = cell(asked, "from=2016-01-11&to=2016-01-12", now=now)
    assert [live for _, live, _ in rows_of(opened, later)] == [False, True, True]


def test_each_earlier_cell_has_a_filter_of_its_own(asked: Sandbox) -> None:
    both = "select group_name, count(*) as n from chosen_codes group by all"
    sms = cell(both, "group=SMS", name="of_sms")
    email = cell(both + " union all from of_sms", "group=Email", name="of_both")
    rows = rows_of(asked, cell("from Of_Both order by all", "group=none"), [sms, email])
    assert rows == [("Email", 2), ("SMS", 2)]


def test_a_cell_reads_tables_that_are_no_sql_by_their_names(asked: Sandbox) -> None:
    chosen = Rows("least", pa.table({"scans": [1]}))
    busy = cell(
        "select code from chosen_codes where scans >= (select scans from least)", name="busy"
    )
    rows = rows_of(asked, "select code from busy, least order by code", [chosen, busy])
    assert rows == [("A1",), ("A2",)]


def test_an_earlier_cell_that_is_wrong_harms_only_those_that_read_it(asked: Sandbox) -> None:
    wrong = cell("select nothing from chosen_codes", name="wrong")
    assert rows_of(asked, "select 1", [wrong]) == [(1,)]


def test_the_copy_that_is_read_is_of_the_store_as_it_was(
    vouchers: Vouchers, sandbox_of: Callable[[Store], Sandbox]
) -> None:
    vouchers.load(Code("A1"))
    opened = sandbox_of(vouchers.store)
    vouchers.load(Code("A2"))
    assert rows_of(opened, "select code from chosen_codes") == [("A1",)]
