"""Imports, backups and downloads by the app go behind pages, as data/store/priority.py has it."""

import ast

from tests.support.paths import ROOT
from tests.support.sources import in_folder, name_of

LONG = ("audited.import_file", "audited.backup")  # taking back draws its progress itself


def calls(tree: ast.AST, *names: str) -> list[ast.Call]:
    """The calls of functions by these names."""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [call for call in found if ast.unparse(call.func) in names]


def test_an_import_or_a_backup_by_the_app_goes_behind_pages() -> None:
    found = []
    for path in in_folder("pages"):
        tree = ast.parse(path.read_text("utf-8"))
        behind = [inner for call in calls(tree, "behind_pages") for inner in calls(call, *LONG)]
        for call in calls(tree, *LONG):
            found.append(name_of(path))
            assert call in behind, f"{name_of(path)}:{call.lineno} is in no behind_pages()"
    assert found == ["pages/importing/job.py", *["pages/routes/commands.py"] * 2]


def test_the_thread_that_has_the_engine_write_a_download_goes_last() -> None:
    tree = ast.parse((ROOT / "pages" / "routes" / "downloads.py").read_text("utf-8"))
    (start,) = calls(tree, "start")
    assert "go_last" in [ast.unparse(argument) for argument in start.args]
