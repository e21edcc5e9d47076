"""Every .sql file has the style that CONTRIBUTING.md describes."""

import ast
import itertools
import re
from pathlib import Path

import duckdb
import pytest

from data.store.opening import MACROS
from tests.support.paths import ROOT
from tests.support.sources import in_folder, name_of

QUERIES = sorted((ROOT / "queries").rglob("*.sql"))
EVERY_FILE = sorted([*QUERIES, *(ROOT / "data").rglob("*.sql")])


def header(text: str) -> list[str]:
    """The comment lines that a query begins with."""
    lines = text.splitlines()
    ends = (number for number, line in enumerate(lines) if not line.startswith("--"))
    end = next(ends, len(lines))
    return lines[:end]


def statements(text: str) -> list[str]:
    """The statements of a file, each with the comments before it."""
    hidden = re.sub(r"--[^\n]*|'[^']*'|\"[^\"]*\"", lambda found: "x" * len(found[0]), text)
    ends = [0, *(match.end() for match in re.finditer(";", hidden)), len(text)]
    return [text[start:end] for start, end in itertools.pairwise(ends)]


def makes_rows(words: str) -> bool:
    """Whether a statement yields rows, or makes what has some."""
    if re.match(r"create (or replace )?(temp )?macro", words):
        return " as table" in words
    if words.startswith("with"):
        return not re.search(r"\) (delete|update|insert)\b", words)
    return bool(re.match(r"(create (or replace )?(temp )?(table|view)|select|from|copy)\b", words))


def bare(text: str) -> str:
    """A query without its comments, its texts and its quoted names."""
    return re.sub(r"--[^\n]*|'[^']*'|\"[^\"]*\"", "", text)


def test_there_are_queries_to_look_at() -> None:
    assert len(QUERIES) > 10


def test_a_querys_name_stands_once() -> None:
    names = [path.stem for path in QUERIES]
    assert sorted(names) == sorted(set(names))


def test_the_order_of_the_macros_names_each_of_their_files_once() -> None:
    files = [path.stem for path in EVERY_FILE if path.parent.name == "macros"]
    assert sorted(MACROS) == sorted(files)


@pytest.mark.parametrize("path", EVERY_FILE, ids=name_of)
def test_a_file_begins_with_a_sentence(path: Path) -> None:
    comments = header(path.read_text("utf-8"))
    assert re.match(r"-- [A-Z0-9]", comments[0])
    assert not comments[0].startswith("-- One row")
    assert comments[-1].endswith((".", ":"))


@pytest.mark.parametrize("path", EVERY_FILE, ids=name_of)
def test_what_makes_rows_says_its_grain(path: Path) -> None:
    text = path.read_text("utf-8")
    without = [
        words[:60]
        for statement in statements(text)
        if (words := " ".join(bare(statement).split())) and makes_rows(words)
        if "-- One row" not in statement
    ]
    assert without == []


@pytest.mark.parametrize("path", QUERIES, ids=name_of)
def test_a_query_is_one_statement_without_a_semicolon(path: Path) -> None:
    text = path.read_text("utf-8")
    assert ";" not in bare(text)
    assert len(duckdb.extract_statements(text)) == 1


@pytest.mark.parametrize("path", EVERY_FILE, ids=name_of)
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
    # What the store holds, and what an import changed or may touch, whatever is chosen.
    if path.stem not in ("held", "data_until") and not path.stem.startswith(
        ("import_", "export_changes", "near_codes", "near_transactions", "near_rows")
    ):
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


@pytest.mark.parametrize("path", QUERIES, ids=name_of)
def test_a_query_takes_the_as_of_moment_as_an_argument(path: Path) -> None:
    # A query's parameters say whether it judges a status: its cache key depends on that.
    assert "$filters['asof']" not in path.read_text("utf-8")


@pytest.mark.parametrize("path", QUERIES, ids=name_of)
def test_a_query_has_fewer_than_60_lines(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) < 60
