"""Imports between the app's modules point one way."""

import ast
import re
from pathlib import Path

import pytest

from tests.support.paths import ROOT
from tests.support.sources import MODULES, imports, in_folder, name_of, packages

PROJECT = {"app", "pages", "queries", "data", "tests"}
MAY_IMPORT_DATA = {
    "app.py",
    "pages/imports.py",
    "pages/parts/alone.py",
    "pages/parts/fetch.py",
    "pages/parts/control.py",
    "pages/parts/history.py",
    "pages/parts/past.py",
    "pages/parts/sending.py",
    "pages/parts/importing.py",
}
PAGES = [path for path in in_folder("pages") if path.parent.name == "pages"]


@pytest.mark.parametrize("path", in_folder("queries"), ids=name_of)
def test_queries_import_nothing_of_the_project_but_queries(path: Path) -> None:
    assert packages(path) & PROJECT <= {"queries"}


@pytest.mark.parametrize("path", in_folder("data"), ids=name_of)
def test_data_imports_nothing_of_the_project_but_data(path: Path) -> None:
    assert packages(path) & PROJECT <= {"data"}


@pytest.mark.parametrize("path", in_folder("queries") + in_folder("data"), ids=name_of)
def test_streamlit_stays_out_of_queries_and_data(path: Path) -> None:
    assert "streamlit" not in packages(path)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_nobody_imports_the_app_or_the_tests(path: Path) -> None:
    assert not packages(path) & {"app", "tests"}


def test_few_modules_outside_data_import_data() -> None:
    importers = {name_of(path) for path in MODULES if "data" in packages(path)}
    assert {name for name in importers if not name.startswith("data/")} <= MAY_IMPORT_DATA


@pytest.mark.parametrize("path", in_folder("pages/parts"), ids=name_of)
def test_what_pages_share_imports_no_page(path: Path) -> None:
    pages = {name for name in imports(path) if name.startswith("pages.")}
    assert all(name.startswith("pages.parts.") for name in pages)


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_a_page_touches_no_duckdb_and_writes_no_sql(path: Path) -> None:
    assert "duckdb" not in packages(path)
    texts = [
        node.value
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    assert not [text for text in texts if re.search(r"\bselect\b.*\bfrom\b", text, re.S)]


def test_the_app_is_nothing_but_the_app() -> None:
    assert not packages(ROOT / "app.py") & {"duckdb", "pandas", "plotly"}
