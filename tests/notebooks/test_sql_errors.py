"""What an analyst reads where SQL gives no result: our sentence, its place, our names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.engine.sandbox.cells import NotAllowed, Place, SqlFailed
from queries.engine.sandbox.places import place_at, suggestion, word_at
from queries.engine.sandbox.sandbox import Sandbox
from tests.support.sandboxes import cell, error_of

CASES = {
    "select redemption_tme from chosen_codes": (
        "line 1, column 8: There is no column redemption_tme in chosen_codes: "
        "did you mean Redemption_Time?"
    ),
    "select code,\n  redeemd\nfrom chosen_codes": (
        "line 2, column 3: There is no column redeemd in chosen_codes: did you mean "
        "Redemption_Time or First_Redemption?"
    ),
    "select 'é', cod from chosen_codes": (
        "line 1, column 13: There is no column cod in chosen_codes: did you mean Code?"
    ),
    "select nothing_like_it from chosen_codes": (
        "line 1, column 8: There is no column nothing_like_it in chosen_codes."
    ),
    "select 1 from chosen_code": (
        "line 1, column 15: There is no table or cell chosen_code above: did you mean chosen_codes?"
    ),
    "select *\nfrom chosen_codes\n  join by_day using (day)": (
        "line 3, column 8: There is no table or cell by_day above: there are chosen_codes, "
        "chosen_transactions."
    ),
    "select lenght(code) from chosen_codes": (
        "line 1, column 8: lenght() is no function that a cell can use: did you mean length()?"
    ),
    "select code,, batch from chosen_codes": (
        "line 1, column 13: The SQL cannot be read from “,” on."
    ),
    "select code\nfrom chosen_codes\nwher batch = 1": (
        "line 3, column 6: The SQL cannot be read from “batch” on."
    ),
    "select (1": "line 1, column 9: The SQL cannot be read from “1” on.",
    "delete from chosen_codes": (
        "A cell holds one query that begins with select, from, with or values."
    ),
    "select code, count(*) from chosen_codes": (
        "line 1, column 8: “code” must stand in group by, or in an aggregate: sum()."
    ),
    "select code from chosen_codes a, chosen_codes b": (
        "line 1, column 8: More than one table has “code”: put the table's name before it."
    ),
    "select x.code from chosen_codes": "line 1, column 8: There is no table “x” in from.",
    "select code from chosen_codes where sum(scans) > 1": (
        "line 1, column 37: An aggregate cannot stand here: having takes one, where none."
    ),
    "select sum(code) from chosen_codes": (
        "line 1, column 8: “sum” does not take values of these types, or not so many."
    ),
    "select code::int from chosen_codes": (
        "line 1, column 12: A value cannot be read as this type: try_cast() gives null instead."
    ),
    "select (select code from chosen_codes)": ("A query that stands for one value has more rows."),
    "select 2147483647::int + 1::int": (
        "A number or a date is too large or too small for its type."
    ),
    "select strptime(code, '%d') from chosen_codes": (
        "A text is not as the format says: try_strptime() gives null."
    ),
}


@pytest.mark.parametrize("sql", CASES)
def test_an_error_says_what_is_wrong_and_where(sandbox: Sandbox, sql: str) -> None:
    assert str(error_of(sandbox, sql)) == CASES[sql]


def test_an_error_of_an_earlier_cell_names_it_and_the_place_in_it(sandbox: Sandbox) -> None:
    wrong = cell("select code,\nredeemd from chosen_codes", name="wrong")
    error = error_of(sandbox, "select * from wrong", [wrong])
    assert isinstance(error, SqlFailed)
    assert (error.cell, error.place) == ("wrong", Place(2, 1))


def test_an_unknown_column_of_an_earlier_cell_is_looked_for_there(sandbox: Sandbox) -> None:
    by_day = cell("select count(*) as redemptions from chosen_codes", name="by_day")
    error = error_of(sandbox, "select redemption from by_day", [by_day])
    assert str(error) == (
        "line 1, column 8: There is no column redemption in by_day: did you mean redemptions?"
    )


def test_a_suggestion_never_comes_from_the_engines_own_names(sandbox: Sandbox) -> None:
    for sql in ("from duckdb_table", "from pg_clas", "from sqlite_maste", "select duckdb_column()"):
        error = error_of(sandbox, sql)
        assert isinstance(error, NotAllowed)
        assert "did you mean" not in str(error)


def test_no_error_quotes_a_row(sandbox: Sandbox) -> None:
    codes = {row for (row,) in _codes(sandbox)}
    for sql in (
        "select code::int from chosen_codes",
        "select code::timestamp from chosen_codes",
        "select code::enum('a', 'b') from chosen_codes",
        "select strptime(code, '%Y') from chosen_codes",
        "select regexp_matches('a', code || '(') from chosen_codes",
        "select chr(length(code)::int * -1000) from chosen_codes",
        "select code::json from chosen_codes",
        "select struct_extract(chosen_codes, code) from chosen_codes",
        "select date_trunc(code, expiry_date) from chosen_codes",
        "select list_aggregate([1], code) from chosen_codes",
        "select printf(code || '%d', 'x') from chosen_codes",
        "select (select code from chosen_codes)",
    ):
        text = str(error_of(sandbox, sql))
        assert not [code for code in codes if code in text], sql


def _codes(sandbox: Sandbox) -> list[tuple[str]]:
    table = sandbox.run(cell("select code from chosen_codes")).table
    return [(code,) for code in table.column(0).to_pylist()]


def test_names_are_the_tables_and_columns_that_a_cell_uses(sandbox: Sandbox) -> None:
    names = sandbox.names(
        "with mine as (select Code, day from Chosen_Codes join by_day using (code)) "
        "select count(code) from mine where batch = '7'"
    )
    assert names.tables == {"chosen_codes", "by_day"}
    assert names.columns == {"code", "day", "batch"}


@given(st.text(), st.text())
def test_a_place_counts_lines_and_characters(before: str, after: str) -> None:
    place = place_at(before + after, len(before.encode(errors="ignore")))
    lines = before.split("\n")
    assert place == Place(len(lines), len(lines[-1]) + 1)


def test_a_word_stands_at_a_byte_of_the_text() -> None:
    assert word_at('é "a b" c', 3) == "a b"
    assert word_at("select ,", 7) == ","
    assert word_at("select", 6) == ""


def test_a_suggestion_is_the_word_that_is_most_alike() -> None:
    assert suggestion("colde", ["Code", "Batch"]) == ": did you mean Code?"
    assert suggestion("zzz", ["Code", "Batch"]) == "."
    assert suggestion("zzz", []) == "."
