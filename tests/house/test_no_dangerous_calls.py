"""What no module of the app does: run programs, evaluate texts, unpickle, read markup."""

import ast
from collections.abc import Iterator

from tests.support.sources import MODULES, name_of, packages

RUN_PROGRAMS = {"subprocess", "pty", "multiprocessing"}
READ_OBJECTS = {"pickle", "marshal", "shelve", "dill", "yaml"}
READ_MARKUP = {"xml", "lxml", "bs4", "openpyxl", "html5lib"}
OF_WORKBOOKS = "queries/checking/workbook.py"  # bounds what it reads, and says how
OF_CELLS = "queries/notebooks/yaml_texts.py"  # reads texts, lists and maps alone
# Each starts one program, by its path and without a shell; SECURITY.md says why.
PROGRAMS = ("data/store/reading_copy.py", "queries/engine/sandbox/process.py")
EVALUATE = {"eval", "exec", "compile", "__import__"}
START = ("os.system", "os.popen", "os.exec", "os.spawn", "os.posix_spawn")
WRITE_MARKUP = {"st.html", "st.iframe", "st.components.v1.html"}
BROKEN_HASHES = {"md5", "sha1"}
SAMPLE = "data/sample.py"  # its templates are those of its own tables


def calls() -> Iterator[tuple[str, str, ast.Call]]:
    """The calls in all modules: the module, what is called, and the call."""
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                yield name_of(path), ast.unparse(node.func), node


def is_constant(template: ast.expr) -> bool:
    """Whether a template stands in the module: a literal, or a name in capitals."""
    if isinstance(template, ast.Constant):
        return True
    return ast.unparse(template).partition("[")[0].rpartition(".")[2].isupper()


def test_no_module_runs_programs_unpickles_or_reads_markup() -> None:
    forbidden = RUN_PROGRAMS | READ_OBJECTS | READ_MARKUP
    found: dict[str, set[str]] = {name_of(path): packages(path) & forbidden for path in MODULES}
    assert {name: names for name, names in found.items() if names} == {
        OF_WORKBOOKS: {"openpyxl"},
        OF_CELLS: {"yaml"},
        **{name: {"subprocess"} for name in PROGRAMS},
    }
    assert [(where, name) for where, name, _ in calls() if name.startswith(START)] == []


def test_no_program_is_started_by_a_shell() -> None:
    started = [call for where, _, call in calls() if where in PROGRAMS]
    assert [call for call in started if "shell" in {word.arg for word in call.keywords}] == []


def test_no_module_evaluates_a_text() -> None:
    assert [(where, name) for where, name, _ in calls() if name in EVALUATE] == []


def test_only_texts_of_the_module_itself_are_templates() -> None:
    found = [
        (where, ast.unparse(call))
        for where, _, call in calls()
        if where != SAMPLE
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in ("format", "format_map")
        and not is_constant(call.func.value)
    ]
    assert found == []


def test_no_module_gives_the_browser_markup_of_its_own() -> None:
    found = [
        (where, name)
        for where, name, call in calls()
        if name in WRITE_MARKUP or "unsafe_allow_html" in {word.arg for word in call.keywords}
    ]
    assert found == []


def test_no_module_uses_a_broken_hash() -> None:
    found = [
        (where, name) for where, name, _ in calls() if name.rpartition(".")[2] in BROKEN_HASHES
    ]
    assert found == []
    queries = (path for path in MODULES[0].parent.rglob("*.sql") if ".venv" not in path.parts)
    assert [path for path in queries if "md5(" in path.read_text("utf-8").lower()] == []
