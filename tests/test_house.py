"""What the house promises of its own code: which way imports point, how a query looks."""

import ast
import re
import subprocess
from pathlib import Path

import duckdb
import pytest

from tests.conftest import ROOT

QUERIES = sorted((ROOT / "queries").glob("*.sql"))
MODULES = sorted(
    path
    for path in [ROOT / "app.py", *(ROOT / "pages").rglob("*.py"),
                 *(ROOT / "queries").rglob("*.py"), *(ROOT / "data").rglob("*.py")]
)  # fmt: skip
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


def imports(path: Path) -> set[str]:
    """The modules that a module imports, anywhere in it, by their full names."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide the direction"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def packages(path: Path) -> set[str]:
    """The top levels of what a module imports."""
    return {name.split(".")[0] for name in imports(path)}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def in_folder(folder: str) -> list[Path]:
    return [path for path in MODULES if name_of(path).startswith(f"{folder}/")]


PAGES = [path for path in in_folder("pages") if path.parent.name == "pages"]


# Imports point one way.


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


# A query looks like a query of this house.


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


@pytest.mark.parametrize("path", QUERIES, ids=name_of)
def test_a_query_says_its_question_and_its_grain(path: Path) -> None:
    said = header(path.read_text("utf-8"))
    assert said[0].startswith("-- ")
    assert said[0][3].isupper()
    assert [line for line in said if line.startswith("-- One row")]
    assert said[-1].endswith(".")


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
def test_a_query_asks_the_macros_and_not_the_tables_for_what_is_chosen(path: Path) -> None:
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


# The repository.


def tracked() -> list[Path]:
    """The texts that git keeps."""
    if not (ROOT / ".git").exists():
        pytest.skip("This is no clone: nothing is tracked.")
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    paths = [ROOT / name for name in listed.split("\0") if name]
    pictures = {".png", ".jpg", ".gif", ".webp", ".ico"}
    return [path for path in paths if path.is_file() and path.suffix not in pictures]


def test_no_tracked_file_names_a_path_of_somebodys_machine() -> None:
    homes = ("work", "home", "root", "Users", "mnt")
    somebodys = re.compile(rf"(?<![\w.$}}/-])/({'|'.join(homes)})/\w|[A-Z]:\\Users")
    found = [name_of(path) for path in tracked() if somebodys.search(path.read_text("utf-8"))]
    assert found == []


def test_the_top_level_holds_what_the_owner_fixed_and_nothing_else() -> None:
    allowed = {"app.py", "pages", "queries", "data", "tests", "requirements.txt", "docs"}
    usual = {"README.md", "LICENSE", "CHANGELOG.md", "Makefile", "pyproject.toml"}
    top = {path.relative_to(ROOT).parts[0] for path in tracked()}
    assert {name for name in top if not name.startswith(".")} <= allowed | usual
