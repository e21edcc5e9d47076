"""How commands end: with what they are for, or with 1 and one sentence."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from data import handover
from data.store.database import Store
from tests.support.commands import run_load, run_module
from tests.support.imports_page import Start
from tests.support.paths import ROOT
from tests.support.rows import Code, codes_file
from tests.support.stores import import_rows, opened

pytestmark = pytest.mark.slow


def bytes_of(
    store: Path,
    *arguments: str | bytes,
    stdout: int = subprocess.PIPE,
    **environment: Any,  # noqa: ANN401 - names and values
) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        env=os.environ | {"VOUCHERS_STORE": str(store)} | environment,
        stdout=stdout,
        stderr=subprocess.PIPE,
        timeout=120,
    )


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    """A store with a code in a group with a Japanese name."""
    path = tmp_path / "vouchers.duckdb"
    with opened(path) as store:
        import_rows(store, tmp_path / "codes.csv", Code("A1", "日本"))
    return path


def assert_one_sentence(done: "subprocess.CompletedProcess[bytes]") -> str:
    text = done.stderr.decode()
    assert done.returncode == 1
    assert "Traceback" not in text
    sentence = text.splitlines()[-1]  # before it may come the log
    assert sentence.endswith(".")
    return sentence


@pytest.mark.parametrize("form", ["csv", "json", "table"])
def test_rows_that_could_not_be_written_are_no_success(stored: Path, form: str) -> None:
    with Path("/dev/full").open("wb") as full:
        done = bytes_of(
            stored, "queries.run", "numbers", "--format", form,
            stdout=full.fileno(),
        )  # fmt: skip
    assert assert_one_sentence(done) == "The rows could not be written: the disk is full."


def test_csv_is_utf_8_whatever_the_terminal_can_print(stored: Path) -> None:
    arguments = ("queries.run", "uptake_by_group", "--format", "csv")
    done = bytes_of(stored, *arguments, PYTHONIOENCODING="cp1252")
    assert done.returncode == 0
    assert "日本" in done.stdout.decode("utf-8")


@pytest.mark.parametrize(
    ("module", "arguments"),
    [
        ("data.load", [b"--folder", b"Caf\xe9", b"codes.csv"]),
        ("queries.export", [b"codes", b"--group", b"Caf\xe9"]),
        ("queries.run", [b"numbers", b"--group", b"Caf\xe9"]),
    ],
)
def test_an_option_that_is_no_text_is_wrong_usage(
    stored: Path, module: str, arguments: list[bytes]
) -> None:
    done = bytes_of(stored, module, *arguments)
    assert done.returncode == 2
    assert b"no text" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("module", "arguments", "environment"),
    [
        ("data.backup", ["/etc/hostname/backup"], {}),
        ("data.rebuild", [], {"VOUCHERS_STORE": "/etc/hostname/v.duckdb"}),
        ("queries.run", ["numbers", "--store", "/" + "x" * 300], {}),
        ("queries.run", ["numbers"], {"VOUCHERS_LOG_FILE": "/nonexistent/x"}),
        ("data.load", ["x.csv"], {"VOUCHERS_LOG_LEVEL": "loud"}),
        ("data.load", ["x.csv"], {"VOUCHERS_MEMORY": "lots"}),
    ],
)
def test_no_command_ends_with_a_traceback(
    stored: Path, module: str, arguments: list[str], environment: dict[str, Any]
) -> None:
    assert_one_sentence(bytes_of(stored, module, *arguments, **environment))


def test_a_file_of_one_row_is_told_in_the_singular(tmp_path: Path) -> None:
    done = run_load(tmp_path / "v.duckdb", codes_file(tmp_path / "a.csv", Code("A1")))
    assert done.stdout == "a.csv: 1 code: 1 new, 0 updated, 0 unchanged, 0 duplicates\n"


def test_no_command_takes_another_app_at_the_port_of_a_killed_one_for_its_own(
    tmp_path: Path, stored: Path, start: Start
) -> None:
    mine = tmp_path / "mine.duckdb"
    other = start(stored, VOUCHERS_SAMPLE="0")
    store = Store(mine)
    try:
        handover.announce(mine, other.url)
        for module, arguments in (
            ("queries.export", ["codes", "-o", str(tmp_path / "out.csv")]),
            ("queries.run", ["numbers"]),
            ("data.backup", [str(tmp_path / "backup.duckdb")]),
        ):
            done = run_module(module, mine, *arguments)
            assert done.returncode == 1
            assert "in use by another process" in done.stderr
        assert not (tmp_path / "out.csv").exists()
    finally:
        store.close()


def test_the_sample_is_cleared_through_the_app_also_when_nothing_waits(
    tmp_path: Path, start: Start
) -> None:
    store = tmp_path / "sample.duckdb"
    start(store, VOUCHERS_SAMPLE="1")
    assert run_load(store, "--inbox", "--clear-sample").returncode == 0
    held = run_module("queries.run", store, "held", "--format", "json")
    assert '"codes": 0' in held.stdout
