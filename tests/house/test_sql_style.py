"""A query looks like a query of this house."""

import ast
import re
from pathlib import Path

import duckdb
import pytest

from tests.support.paths import ROOT
from tests.support.sources import in_folder, name_of

QUERIES = sorted((ROOT / "queries").rglob("*.sql"))


def header(text: str) -> list[str]:
    """The comment lines that a query begins with."""
    lines = text.splitlines()
    end = next(number for number, line in enumerate(lines) if not line.startswith("--"))
    return lines[:end]


def bare(text: str) -> str:
    """A query without its comments, its texts and its quoted names."""
    return re.sub(r"--[^\n]*|'[^']*'|\"[^\"]*\"", "", text)


def test_there_are_queries_to_look_at() -> None:
    assert len(QUERIES) > 10


def test_a_querys_name_stands_once() -> None:
    names = [path.stem for path in QUERIES]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("path", QUERIES, ids=name_of)
def test_a_query_states_its_question_and_its_grain(path: Path) -> None:
    comments = header(path.read_text("utf-8"))
    assert comments[0].startswith("-- ")
    assert comments[0][3].isupper()
    assert [line for line in comments if line.startswith("-- One row")]
    assert comments[-1].endswith(".")


@pytest.mark.parametrize("path", QUERIES, ids=name_of)
def test_a_query_is_one_statement_without_a_semicolon(path: Path) -> None:
    text = path.read_text("utf-8")
    assert ";" not in bare(text)
    assert len(duckdb.extract_statements(text)) == 1


@pytest.mark.parametrize("path", QUERIES, ids=name_of)
def test_a_query_is_lower_case_and_80_columns_wide_and_indented_by_fours(path: Path) -> None:
    text = path.read_text("utf-8")
    too_wide = [line for line in text.splitlines() if len(line) > 80]
    shouting = re.findall(r"[A-Z]+", bare(text))
    askew = [
        line
        for line in text.splitlines()
        if "\t" in line or (len(line) - len(line.lstrip(" "))) % 4 or line != line.rstrip()
    ]
    assert (too_wide, shouting, askew) == ([], [], [])
    assert text.endswith("\n")


@pytest.mark.parametrize("path", QUERIES, ids=name_of)
def test_a_query_reads_the_macros_and_not_the_tables_for_what_is_chosen(path: Path) -> None:
    tables = set(re.findall(r"vouchers\.(\w+)", bare(path.read_text("utf-8"))))
    # What the store holds, and what an import changed, whatever is chosen.
    if path.stem != "held" and not path.stem.startswith(("import_", "export_changes")):
        assert tables <= {"imports"}


@pytest.mark.parametrize("path", in_folder("queries") + in_folder("pages"), ids=name_of)
def test_every_query_that_python_names_is_there(path: Path) -> None:
    called = [
        node.args[0].value
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "fetch"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    ]
    assert set(called) <= {query.stem for query in QUERIES}
