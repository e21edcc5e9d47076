"""What the app does for long, and no page waits for, goes behind pages: imports and copies."""

import ast

from tests.support.sources import in_folder, name_of

LONG = ("import_file", "backup")  # of data/audited.py; taking back draws its progress itself


def calls(tree: ast.AST, of: str, names: tuple[str, ...]) -> list[ast.Call]:
    """The calls of audited.backup, where `of` is "audited."; of a plain name where it is empty."""
    wanted = [of + name for name in names]
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [call for call in found if ast.unparse(call.func) in wanted]


def test_an_import_or_a_copy_by_the_app_goes_behind_pages() -> None:
    found = []
    for path in in_folder("pages"):
        tree = ast.parse(path.read_text("utf-8"))
        behind = [
            inner
            for call in calls(tree, "", ("behind_pages",))
            for inner in calls(call, "audited.", LONG)
        ]
        for call in calls(tree, "audited.", LONG):
            found.append(name_of(path))
            assert call in behind, f"{name_of(path)}:{call.lineno} is in no behind_pages()"
    assert found == ["pages/importing/job.py", *["pages/routes/commands.py"] * 2]
