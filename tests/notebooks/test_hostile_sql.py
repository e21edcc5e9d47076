"""What an analyst's SQL cannot do: everything in the table of hostile statements."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queries.engine.sandbox.cells import NotAllowed, SqlError
from queries.engine.sandbox.sandbox import Sandbox
from tests.support.effort import examples
from tests.support.hostile_sql import BOMBS, HARMLESS, NO_QUERY, NOT_LISTED, filled
from tests.support.sandboxes import cell, error_of, outcome_of, rows_of
from tests.support.strategies import SLOW

SECONDS = 1.0  # of a bomb, before it is killed


@pytest.fixture(scope="module")
def impatient(copy_of_fixtures: Path) -> Iterator[Sandbox]:
    """A sandbox that kills a cell soon."""
    with closing(Sandbox(copy_of_fixtures, seconds=SECONDS)) as opened:
        yield opened


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A readable file with a text that nobody may get to see."""
    path = tmp_path_factory.mktemp("hostile") / "file.csv"
    path.write_text("a,b\nNOBODY-MAY-SEE,2\n", "utf-8")
    return path


def test_the_table_holds_more_than_200_statements() -> None:
    assert len({*NO_QUERY, *NOT_LISTED, *BOMBS, *HARMLESS}) > 200


@pytest.mark.parametrize("statement", [*NO_QUERY, *NOT_LISTED])
def test_a_hostile_statement_is_refused_before_it_runs(
    sandbox: Sandbox, copy_of_fixtures: Path, file: Path, statement: str
) -> None:
    new = file.with_name("new.csv")
    sql = filled(statement, str(file), str(copy_of_fixtures), str(new))
    error = error_of(sandbox, sql)
    assert isinstance(error, NotAllowed)
    assert str(error).endswith((".", "?"))
    assert "NOBODY-MAY-SEE" not in str(error)
    assert [path.name for path in file.parent.iterdir()] == ["file.csv"]
    assert [path.name for path in copy_of_fixtures.parent.iterdir()] == ["copy.duckdb"]


@pytest.mark.slow
@pytest.mark.parametrize("statement", BOMBS, ids=range(len(BOMBS)))
def test_a_bomb_ends_and_the_next_cell_runs(
    impatient: Sandbox, copy_of_fixtures: Path, statement: str
) -> None:
    outcome = outcome_of(impatient, filled(statement, "", "", ""))
    if isinstance(outcome, SqlError):
        assert str(outcome).endswith((".", "?"))
    else:
        assert outcome.table.num_rows <= 1_000
        assert outcome.table.nbytes <= 1_000_000
    assert rows_of(impatient, "select 1 as one") == [(1,)]
    assert [path.name for path in copy_of_fixtures.parent.iterdir()] == ["copy.duckdb"]


@pytest.mark.parametrize("statement", HARMLESS)
def test_what_only_looks_hostile_runs(sandbox: Sandbox, statement: str) -> None:
    rows_of(sandbox, filled(statement, "", "", ""))


WORDS = [
    *("select", "from", "chosen_codes", "vouchers.codes", "code", "(", ")", ",", "*", "with", "x"),
    *("as", "where", "union all", "1", "'a'", '"', "'", "--", "\n", "/*", "*/", ";", "$$", "$1"),
    *("?", "copy", "to", "values", "read_text", "count", "{", "}", "[", "]", "é"),
]


@settings(SLOW, max_examples=examples(150))
@given(st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join))
def test_any_words_are_a_result_or_an_error_of_ours(sandbox: Sandbox, sql: str) -> None:
    outcome = outcome_of(sandbox, sql)
    assert isinstance(outcome, NotAllowed) or "vouchers" not in _without_texts(sql)


def _without_texts(sql: str) -> str:
    """SQL without its comments, texts and quoted names."""
    return re.sub(r"""(?s)--[^\n]*|/\*.*?\*/|'[^']*'|"[^"]*"|\$\$.*?\$\$""", " ", sql)


@pytest.mark.parametrize("name", ["no_list", "list_1", "rows_0", "chosen_codes", "duckdb_tables",
                                  "a b", 'a" as (select 1), "b', "", "1", "größe"])  # fmt: skip
def test_a_cell_cannot_take_the_name_of_something_else(sandbox: Sandbox, name: str) -> None:
    earlier = [cell("select 1", name=name)]
    assert isinstance(error_of(sandbox, "select 1", earlier), NotAllowed)
