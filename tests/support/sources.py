"""The modules of the app, and what they import."""

import ast
from pathlib import Path

from tests.support.paths import ROOT

MODULES = sorted(
    path
    for path in [ROOT / "app.py", *(ROOT / "pages").rglob("*.py"),
                 *(ROOT / "queries").rglob("*.py"), *(ROOT / "data").rglob("*.py")]
)  # fmt: skip


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
