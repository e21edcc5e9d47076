"""Imports between the app's modules point one way, from layer to layer."""

import ast
import re
from pathlib import Path

import pytest

from tests.support.paths import ROOT
from tests.support.sources import MODULES, imports, in_folder, name_of, packages

PROJECT = {"app", "pages", "queries", "data", "tests"}
# Each layer may import those below it, and itself.
PAGES = (
    ("pages",),
    ("pages.routes",),
    ("pages.cells",),
    ("pages.pivoting",),
    (
        *("pages.charts", "pages.importing", "pages.downloading", "pages.auditing"),
        *("pages.stories", "pages.checks", "pages.checking"),
    ),
    ("pages.tables",),
    ("pages.frame",),
    ("pages.answers",),
    ("pages.people",),
    ("pages.text",),
)
QUERIES = (
    ("queries.run", "queries.export", "queries.check_list", "queries.notebook"),
    ("queries.options",),
    ("queries.notebooks",),
    ("queries.printing",),
    ("queries.checking",),
    ("queries.downloading",),
    ("queries.engine",),
    ("queries.comparison",),
    ("queries.filters",),
    ("queries.fields",),
    ("queries.access", "queries.listed"),
    ("queries.forecast",),
    ("queries.chance", "queries.text", "queries.version"),
)
DATA = (
    ("data.load", "data.backup", "data.rebuild", "data.move", "data.audit", "data.owner"),
    ("data.sample_oddities",),
    ("data.handover", "data.importing_by_app", "data.sample", "data.audited"),
    ("data.replay",),
    ("data.importing",),
    ("data.store",),
)
COMMANDS_OF_QUERIES = (
    *("queries/run.py", "queries/export.py", "queries/check_list.py", "queries/notebook.py"),
)
# What it writes has the charts of the pages.
DRAWS = ("queries/notebook.py",)
# Pages fetch; only what imports, replays or owns the store touches data/.
MAY_IMPORT_DATA = (
    "app.py",
    "pages/imports.py",
    "pages/answers/compare.py",
    "pages/answers/fetch.py",
    "pages/answers/recording.py",
    "pages/answers/sql_parameters.py",
    "pages/auditing/",
    "pages/cells/",
    "pages/checking/",
    "pages/downloading/",
    "pages/frame/fragments.py",
    "pages/frame/pin.py",
    "pages/importing/",
    "pages/people/",
    "pages/routes/",
    *COMMANDS_OF_QUERIES,
)
# What changes or copies the store; data/audited.py does it on the record.
UNRECORDED = (
    "data.importing.pipeline.load.",
    "data.replay.undo.",
    "data.replay.rebuild.",
    "data.store.copying.backup.",
)
MAY_CHANGE_UNRECORDED = ("data/audited.py", "data/rebuild.py", "data/importing/", "data/replay/")
MAY_IMPORT_DUCKDB = ("queries/engine/", "data/store/")


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def layer_of(name: str, layers: tuple[tuple[str, ...], ...]) -> int | None:
    """The layer of a module, 0 on top."""
    # A page is a module directly in pages/, without the packages in that folder.
    own = "pages" if name.startswith("pages.") and name.count(".") == 1 else name
    for layer, packages_in_it in enumerate(layers):
        inside = [p for p in packages_in_it if p != "pages" and name.startswith(f"{p}.")]
        if own in packages_in_it or inside:
            return layer
    return None


def imported_modules(path: Path) -> set[str]:
    """The project's modules that a module imports: names of packages' members are cut off."""
    known = {module_of(module) for module in MODULES}
    found = set()
    for name in imports(path):
        while name and name not in known:
            name = name.rpartition(".")[0]
        if name:
            found.add(name)
    return found


@pytest.mark.parametrize(
    ("folder", "layers"), [("pages", PAGES), ("queries", QUERIES), ("data", DATA)]
)
def test_each_layer_imports_only_layers_below_it(
    folder: str, layers: tuple[tuple[str, ...], ...]
) -> None:
    upward = []
    for path in in_folder(folder):
        if path.name == "__init__.py":
            continue
        own = layer_of(module_of(path), layers)
        assert own is not None, f"{name_of(path)} is in no layer"
        for name in imported_modules(path):
            other = layer_of(name, layers) if name.startswith(f"{folder}.") else None
            if other is not None and other < own:
                upward.append(f"{name_of(path)} imports {name}")
    assert upward == [], name_of(path)


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = {module_of(path): imported_modules(path) for path in MODULES}
    done: set[str] = set()

    def visit(name: str, way: tuple[str, ...]) -> None:
        assert name not in way, f"A circle: {' → '.join([*way, name])}"
        if name not in done:
            for other in graph[name]:
                visit(other, (*way, name))
            done.add(name)

    for name in graph:
        visit(name, ())


def test_a_package_has_no_pages_name() -> None:
    pages = {path.stem for path in in_folder("pages") if path.parent.name == "pages"}
    packages_of_pages = {path.name for path in (ROOT / "pages").iterdir() if path.is_dir()}
    assert not pages & packages_of_pages


def test_queries_import_data_only_in_commands() -> None:
    for path in in_folder("queries"):
        allowed = {"queries", "data"} if name_of(path) in COMMANDS_OF_QUERIES else {"queries"}
        allowed |= {"pages"} if name_of(path) in DRAWS else set()
        assert packages(path) & PROJECT <= allowed, name_of(path)


def test_data_imports_nothing_of_the_project_but_data() -> None:
    for path in in_folder("data"):
        assert packages(path) & PROJECT <= {"data"}, name_of(path)


def test_streamlit_stays_out_of_queries_and_data() -> None:
    for path in in_folder("queries") + in_folder("data"):
        assert "streamlit" not in packages(path), name_of(path)


def test_no_module_imports_the_app_or_the_tests() -> None:
    for path in MODULES:
        assert not packages(path) & {"app", "tests"}, name_of(path)


def test_duckdb_stays_behind_the_engine_and_the_store() -> None:
    for path in MODULES:
        if not name_of(path).startswith(MAY_IMPORT_DUCKDB):
            assert "duckdb" not in packages(path), name_of(path)


def test_few_modules_outside_data_import_data() -> None:
    importers = {name_of(path) for path in MODULES if "data" in packages(path)}
    others = {name for name in importers if not name.startswith(("data/", *MAY_IMPORT_DATA))}
    assert others == set()


def test_imports_take_backs_and_copies_are_recorded() -> None:
    for path in MODULES:
        if not name_of(path).startswith(MAY_CHANGE_UNRECORDED):
            assert {
                n for n in imports(path) if any(f"{n}.".startswith(u) for u in UNRECORDED)
            } == set()


def test_environment_variables_are_read_in_one_module() -> None:
    for path in MODULES:
        if name_of(path) != "data/store/settings.py":
            text = path.read_text("utf-8")
            assert "os.environ" not in text, name_of(path)
            assert "getenv" not in text, name_of(path)


def test_a_page_writes_no_sql() -> None:
    for path in [path for path in in_folder("pages") if path.parent.name == "pages"]:
        texts = [
            node.value
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]
        sql = [text for text in texts if re.search(r"\bselect\b.*\bfrom\b", text, re.S)]
        assert sql == [], name_of(path)


def test_the_app_module_imports_no_duckdb_pandas_or_plotly() -> None:
    assert not packages(ROOT / "app.py") & {"duckdb", "pandas", "plotly"}
