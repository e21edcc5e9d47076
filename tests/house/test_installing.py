"""What is installed: declared, locked with hashes, or from requirements.txt where that fails."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.support.paths import ROOT
from tests.support.sources import MODULES

LISTS = [ROOT / "requirements.txt", ROOT / "tests" / "requirements.txt"]
OF_CLUSTERS = [path.with_stem(f"{path.stem}-cluster") for path in LISTS]
OF_PEERS = ROOT / "tests" / "requirements-peers.txt"
ASKS_CLUSTERS = ROOT / "queries" / "engine" / "cluster"
NAMES = {  # of modules that are not called as their package
    "python_multipart": "python-multipart",
    "backports": "backports-zstd",
    "markdown_it": "markdown-it-py",
    "yaml": "pyyaml",
    "pyspark": "pyspark-client",
}


def requirements(path: Path) -> list[Requirement]:
    """The lines of a list that apply to this Python."""
    lines = [line.split(" #")[0].strip() for line in path.read_text("utf-8").splitlines()]
    found = [Requirement(line) for line in lines if line and not line.startswith(("#", "-r"))]
    return [requirement for requirement in found if not requirement.marker]


def locked(path: Path) -> dict[str, str]:
    """The versions of a lock by the names of their packages."""
    text = path.with_suffix(".lock").read_text("utf-8")
    return dict(re.findall(r"^([\w.-]+)==([\w.+!]+)", text, re.MULTILINE))


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize(
    "path",
    [*LISTS, *OF_CLUSTERS, OF_PEERS],
    ids=["app", "tests", "app on a cluster", "clusters", "peers"],
)
def test_each_requirement_is_met_by_the_lock_with_hashes(path: Path) -> None:
    versions = locked(path)
    for requirement in requirements(path):
        assert requirement.specifier.contains(versions[plain(requirement.name)]), requirement
    text = path.with_suffix(".lock").read_text("utf-8")
    entries = re.findall(r"^[\w.-]+==(?:.*\\\n)*.*", text, re.MULTILINE)
    assert len(entries) == len(versions)
    assert all("--hash=sha256:" in entry for entry in entries)


def test_the_locks_agree_and_name_no_index() -> None:
    app, tests = locked(LISTS[0]), locked(LISTS[1])
    assert {name: tests[name] for name in app if name in tests} == app
    asking = locked(OF_CLUSTERS[0])
    assert {name: asking[name] for name in app if name in asking} == app
    assert locked(OF_PEERS)["duckdb"] == app["duckdb"]
    for path in [*LISTS, *OF_CLUSTERS, OF_PEERS]:
        text = path.with_suffix(".lock").read_text("utf-8")
        assert "://" not in text
        assert not re.search(r"(?m)^\s*(-i|--index|--find-links|-f)\b", text)


def test_the_app_imports_only_what_it_declares() -> None:
    declared = {plain(r.name) for r in requirements(LISTS[0])} | {"backports-zstd"}
    on_clusters = declared | {plain(r.name) for r in requirements(OF_CLUSTERS[0])}
    project = {"app", "pages", "queries", "data"}
    for path in MODULES:
        imported = set()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                imported.add(node.module.split(".")[0])
        others = imported - set(sys.stdlib_module_names) - project - {"compression"}
        known = on_clusters if path.is_relative_to(ASKS_CLUSTERS) else declared
        assert {plain(NAMES.get(name, name)) for name in others} <= known, path.name


def stub(path: Path, script: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    path.chmod(0o755)


@pytest.mark.parametrize(
    ("uv", "pip", "code", "sentence"),
    [
        ("exit 0", "exit 0", 0, ""),
        ("exit 1", "exit 0", 0, "uv could not install requirements.lock"),
        (
            'case "$*" in *hashes*) exit 1;; esac',
            'case "$*" in *hashes*) exit 1;; esac',
            0,
            "requirements.lock cannot be installed from this index",
        ),
        ("exit 1", 'case "$*" in *config*) exit 0;; esac; exit 1', 1, "cannot be installed"),
    ],
    ids=["uv installs the lock", "pip does", "the list is taken", "nothing can be had"],
)
def test_an_install_says_in_one_sentence_where_it_falls_back(
    tmp_path: Path, uv: str, pip: str, code: int, sentence: str
) -> None:
    for name in ("requirements.txt", "requirements.lock", ".ci/install.sh"):
        target = tmp_path / name
        target.parent.mkdir(exist_ok=True)
        target.write_bytes((ROOT / name).read_bytes())
    (tmp_path / ".ci" / "install.sh").chmod(0o755)
    stub(tmp_path / ".venv" / "bin" / "python", pip)
    stub(tmp_path / "bin" / "uv", uv)
    done = subprocess.run(
        [tmp_path / ".ci" / "install.sh", "requirements.txt"],
        env={"PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode != 0) == bool(code)
    assert sentence in done.stdout
    assert len(done.stdout.splitlines()) == (1 if sentence else 0)
