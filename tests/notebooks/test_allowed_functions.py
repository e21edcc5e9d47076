"""The list of allowed functions, held against those that the engine has."""

import duckdb
import pytest

from data.store.opening import MACROS
from data.store.settings import DATA
from queries.engine.sandbox.allowed import allowed
from queries.engine.sandbox.cells import NotAllowed
from queries.engine.sandbox.sandbox import Sandbox

TABLE_KINDS = "('table', 'table_macro', 'pragma')"


def functions(condition: str) -> list[str]:
    with duckdb.connect() as db:
        rows = db.execute(
            f"select distinct function_name from duckdb_functions() where {condition}"  # noqa: S608
        ).fetchall()
    return sorted(name for (name,) in rows)


SCALARS = functions(f"function_type not in {TABLE_KINDS}")
TABLES = functions(f"function_type in {TABLE_KINDS}")


def is_allowed(sandbox: Sandbox, sql: str) -> bool:
    try:
        sandbox.names(sql)
    except NotAllowed:
        return False
    return True


def test_there_are_functions_to_look_at() -> None:
    assert len(SCALARS) > 500
    assert len(TABLES) > 100


def test_each_function_that_a_query_can_call_is_on_the_list_or_refused(sandbox: Sandbox) -> None:
    let_through = [name for name in SCALARS if is_allowed(sandbox, f'select "{name}"(1)')]
    assert set(map(str.lower, let_through)) == {name.lower() for name in allowed("functions")} & {
        name.lower() for name in SCALARS
    }


def test_each_window_function_is_on_the_list_or_refused(sandbox: Sandbox) -> None:
    let_through = [name for name in SCALARS if is_allowed(sandbox, f'select "{name}"(1) over ()')]
    assert {name.lower() for name in let_through} <= {name.lower() for name in allowed("functions")}


def test_each_table_function_is_on_the_list_or_refused(sandbox: Sandbox) -> None:
    let_through = {name for name in [*TABLES, *SCALARS] if is_allowed(sandbox, f'from "{name}"(1)')}
    assert let_through == allowed("table functions")


def test_the_list_names_no_function_that_the_engine_does_not_have() -> None:
    assert allowed("functions") - {*SCALARS, *TABLES} == set()
    assert allowed("table functions") <= set(TABLES)


def test_no_macro_of_ours_has_the_name_of_an_allowed_function() -> None:
    with duckdb.connect() as db:
        db.execute("attach ':memory:' as vouchers")
        db.execute((DATA / "store" / "schema.sql").read_text("utf-8"))
        for name in MACROS:
            db.execute((DATA / "store" / "macros" / f"{name}.sql").read_text("utf-8"))
        ours = db.execute(
            "select distinct lower(function_name) from duckdb_functions() where not internal"
        ).fetchall()
    known = allowed("functions") | allowed("table functions")
    assert {name for (name,) in ours} & {name.lower() for name in known} == set()


@pytest.mark.parametrize(
    "name",
    [
        *("read_csv", "read_blob", "read_text", "glob", "sniff_csv", "parquet_scan", "query"),
        *("query_table", "seq_scan", "duckdb_tables", "json_execute_serialized_sql"),
        *("getvariable", "current_setting", "nextval", "random", "now", "sleep_ms", "error"),
    ],
)
def test_what_reads_files_settings_or_the_clock_is_on_no_list(name: str) -> None:
    assert name not in allowed("functions") | allowed("table functions")
