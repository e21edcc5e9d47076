"""The stores of the tests have the macros that the app creates."""

import re
from contextlib import closing
from pathlib import Path

import pytest

from data.store import opening, sql
from data.store.database import Store

MACROS = """
select function_name, parameters, macro_definition from duckdb_functions()
where database_name = 'memory' order by all
"""


def macros_of(store: Path) -> list[tuple[str, ...]]:
    """The macros as text; the engine keeps the columns that one excludes in no order."""
    with closing(Store(store)) as opened, opened.cursor() as cursor:
        return [
            tuple(re.sub(r"EXCLUDE \(.*?\)", in_order, str(value)) for value in row)
            for row in cursor.execute(MACROS).fetchall()
        ]


def in_order(excluded: re.Match[str]) -> str:
    return " ".join(sorted(re.findall(r"\w+", excluded[0])))


def test_copied_macros_are_the_created_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Store(tmp_path / "first.duckdb").close()
    copied = macros_of(tmp_path / "copied.duckdb")
    monkeypatch.setattr(opening, "run_script", sql.run_script)
    created = macros_of(tmp_path / "created.duckdb")
    assert copied == created
    assert len(created) > 200
