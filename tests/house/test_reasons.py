"""Only one module says that a disk is full or a store damaged; the others ask it."""

import ast
import re
from pathlib import Path

import pytest

from tests.support.sources import MODULES, name_of

GUESSES = re.compile(r"disk is full|[Ii]s the disk|may be damaged|quota of the disk|strerror")


def texts(path: Path) -> list[str]:
    """The texts of a module but for its docstrings."""
    tree = ast.parse(path.read_text("utf-8"))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    described = {ast.get_docstring(n, False) for n in ast.walk(tree) if isinstance(n, documented)}
    found = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant)]
    names = [n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute)]
    return [*names, *(text for text in found if isinstance(text, str) and text not in described)]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_only_one_module_gives_the_reasons_of_the_system_and_the_engine(path: Path) -> None:
    if name_of(path) != "data/store/reasons.py":
        assert [text for text in texts(path) if GUESSES.search(text)] == []
