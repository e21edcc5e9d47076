"""What the repository holds."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.support.paths import ROOT
from tests.support.sources import name_of


def tracked() -> list[Path]:
    """The text files that git tracks."""
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
    usual = {"README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"}
    usual |= {"Makefile", "Dockerfile", "pyproject.toml", "requirements.lock"}
    usual |= {"requirements-cluster.txt", "requirements-cluster.lock"}
    top = {path.relative_to(ROOT).parts[0] for path in tracked()}
    assert {name for name in top if not name.startswith(".")} <= allowed | usual
