"""`python -m data.load`."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from data.importing.pipeline import load
from tests.support.commands import run_load
from tests.support.paths import ROOT
from tests.support.rows import Code, Transaction, codes_file, transactions_file
from tests.support.stores import opened, stored_rows

pytestmark = pytest.mark.slow


def test_the_command_stores_files_and_prints_one_json_object(tmp_path: Path) -> None:
    codes = codes_file(tmp_path / "codés.csv", Code("A1"), Code("A1"))
    sold = transactions_file(tmp_path / "sold.csv", Transaction(1, "A1"))
    scope = ("--folder", "May", "--prefix", "A", "--batch", "7")
    done = run_load(tmp_path / "s.duckdb", *scope, "--json", codes, sold)
    assert done.returncode == 0
    first, second = json.loads(done.stdout)["files"]
    assert list(json.loads(done.stdout)) == ["files"]
    names = {"file", "kind", "rows", "new", "updated", "unchanged", "duplicates", "import_id"}
    assert set(first) == set(second) == names
    assert (Path(first["file"]).name, first["kind"], first["rows"]) == ("codés.csv", "codes", 2)
    assert [first[n] for n in ("new", "updated", "unchanged", "duplicates")] == [1, 0, 0, 1]
    assert (second["kind"], second["new"]) == ("transactions", 1)
    with opened(tmp_path / "s.duckdb") as store:
        assert stored_rows(store, "codes") == [("A1", "May", "A", "7")]
        assert stored_rows(store, "transactions") == [("A1", "May", "A", "7")]


def test_the_command_prints_what_it_did_in_words(tmp_path: Path) -> None:
    path = codes_file(tmp_path / "codes.csv", Code("A1"))
    done = run_load(tmp_path / "s.duckdb", path)
    assert done.returncode == 0
    for word in ("codes.csv", "1 new", "0 updated", "0 unchanged", "0 duplicates"):
        assert word in done.stdout


def test_the_command_uses_the_store_of_its_option(tmp_path: Path) -> None:
    path = codes_file(tmp_path / "codes.csv", Code("A1"))
    assert run_load(tmp_path / "a.duckdb", "--store", tmp_path / "b.duckdb", path).returncode == 0
    assert (tmp_path / "b.duckdb").exists()
    assert not (tmp_path / "a.duckdb").exists()


@pytest.mark.parametrize("wrong_first", [True, False])
def test_of_two_files_the_refused_one_does_not_keep_the_other_out(
    tmp_path: Path, wrong_first: bool
) -> None:
    wrong = transactions_file(tmp_path / "wrong.csv", Transaction(1, "QZ7A", cancelled=""))
    right = codes_file(tmp_path / "right.csv", Code("QZ7A"))
    files = [wrong, right] if wrong_first else [right, wrong]
    done = run_load(tmp_path / "s.duckdb", "--json", *files)
    assert done.returncode == 1
    (file,) = json.loads(done.stdout)["files"]
    assert (Path(file["file"]).name, file["new"]) == ("right.csv", 1)
    for word in ("wrong.csv", "line 2", "Cancelled", "Yes", "No"):
        assert word in done.stderr
    assert "QZ7" not in done.stderr
    with opened(tmp_path / "s.duckdb") as store:
        assert len(stored_rows(store, "codes")) == 1
        assert stored_rows(store, "transactions") == []
        assert [row[0] for row in stored_rows(store, "imports")] == ["right.csv"]


def test_the_command_reports_a_missing_file(tmp_path: Path) -> None:
    done = run_load(tmp_path / "s.duckdb", "--json", tmp_path / "nowhere.csv")
    assert done.returncode == 1
    assert json.loads(done.stdout) == {"files": []}
    assert "nowhere.csv" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [(), ("--json",), ("--folder",), ("--colour", "red", "x.csv"), ("--batch", " ", "x.csv")],
    ids=str,
)
def test_wrong_usage_ends_with_two(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = run_load(tmp_path / "s.duckdb", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "usage" in done.stderr
    assert not (tmp_path / "s.duckdb").exists()


def test_a_store_in_use_is_reported_with_the_page_that_imports_instead(tmp_path: Path) -> None:
    path = codes_file(tmp_path / "codes.csv", Code("QZ7A"))
    hold = (
        "import sys; from data.store.database import Store; "
        "from data.store.settings import store_path; s = Store(store_path());"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", hold + "print('open', flush=True); sys.stdin.read(); s.close()"],
        cwd=ROOT,
        env=os.environ | {"VOUCHERS_STORE": str(tmp_path / "s.duckdb")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with holder:
        assert holder.stdout
        assert holder.stdin
        assert holder.stdout.readline() == b"open\n"
        done = run_load(tmp_path / "s.duckdb", path)
        holder.stdin.close()
    assert (done.returncode, done.stdout) == (1, "")
    assert "in use" in done.stderr
    assert "Imports page" in done.stderr
    assert "Traceback" not in done.stderr
    assert run_load(tmp_path / "s.duckdb", path).returncode == 0


def test_a_file_that_is_no_store_is_not_harmed(tmp_path: Path) -> None:
    path = codes_file(tmp_path / "codes.csv", Code("QZ7A"))
    other = tmp_path / "holiday.duckdb"
    other.write_bytes(b"not a database\n" * 1000)
    done = run_load(other, path)
    assert done.returncode == 1
    assert "holiday.duckdb" in done.stderr
    assert "Traceback" not in done.stderr
    assert other.read_bytes() == b"not a database\n" * 1000


def test_the_command_clears_the_sample_first_on_request(tmp_path: Path) -> None:
    with opened(tmp_path / "s.duckdb") as store:
        load(store, codes_file(tmp_path / "sample.csv", Code("S1")), is_sample=True)
    path = codes_file(tmp_path / "codes.csv", Code("A1"))
    assert run_load(tmp_path / "s.duckdb", "--clear-sample", path).returncode == 0
    with opened(tmp_path / "s.duckdb") as store:
        assert [row[0] for row in stored_rows(store, "codes")] == ["A1"]
