"""`python -m queries.export`."""

from pathlib import Path

import duckdb
import pytest

from data.store.database import Store
from queries.downloading.job import KINDS
from tests.support.commands import export_main, run_export
from tests.support.expected import FOLDER_FILES
from tests.support.exports import export_bytes
from tests.support.rows import HEADERS

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("kind", KINDS)
def test_the_command_writes_the_same_bytes_into_a_file_and_to_standard_output(
    fixture_file: Path, tmp_path: Path, kind: str
) -> None:
    chosen = (kind, "--store", fixture_file, "--folder", "January 2016")
    to_file = run_export(*chosen, "-o", tmp_path / "out.csv")
    to_output = run_export(kind, "--folder=January 2016", VOUCHERS_STORE=str(fixture_file))
    assert (to_file.returncode, to_file.stdout, to_file.stderr) == (0, b"", b"")
    assert (to_output.returncode, to_output.stderr) == (0, b"")
    expected = FOLDER_FILES[kind].read_bytes()
    assert (tmp_path / "out.csv").read_bytes() == to_output.stdout == expected
    assert {file.name for file in tmp_path.iterdir()} == {"out.csv", "out.csv.receipt.json"}


def test_the_command_takes_every_filter_of_a_page_repeated_where_that_makes_sense(
    fixture_file: Path, loaded: Store, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    query = (
        "folder=January 2016&folder=Bouncebacks&group=Email&prefix=J&prefix=B&batch=1041"
        "&batch=1042&type=Item&type=Discount&item=10000056168&item=17&site=Site001"
        "&cancelled=no&status=redeemed&status=deleted&from=2016-01-01&to=2016-01-31"
        "&asof=2016-02-10&site!=Site002&group!=SMS&start_to=2016-01-31&expiry_from=2016-01-01"
    )
    options = [f"--{pair}" for pair in query.split("&")]
    code, output, _ = export_main(
        capsysbinary, "transactions", "--store", fixture_file, *options
    )  # fmt: skip
    assert code == 0
    assert output == export_bytes(loaded, "transactions", query)
    assert output.count(b"\n") == 1 + 3


def test_the_command_replaces_an_older_file(
    fixture_file: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    output = tmp_path / "out.csv"
    output.write_text("older and longer\n" * 1000)
    code, _, _ = export_main(
        capsysbinary, "codes", "--store", fixture_file, "--group", "nobody", "-o", output
    )
    assert code == 0
    assert output.read_text() == HEADERS["codes"] + "\n"


def assert_refused(code: int, output: bytes, error: str, store: Path | None = None) -> None:
    """Exit 1, nothing on standard output, and one sentence or two for the analyst."""
    assert code == 1
    assert output == b""
    assert error.count("\n") == 1
    assert "Traceback" not in error
    assert "Error" not in error
    assert store is None or str(store) in error


def test_a_missing_store_is_reported_and_not_created(tmp_path: Path) -> None:
    store = tmp_path / "none.duckdb"
    done = run_export("codes", "--store", store)
    assert_refused(done.returncode, done.stdout, done.stderr.decode(), store)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"Code,Group_Name\nACODE1,Email\n", b"\0" * 20_000])
def test_a_file_in_the_place_of_a_store_is_reported_and_left_unchanged(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes], content: bytes
) -> None:
    store = tmp_path / "ACODE1.duckdb"
    store.write_bytes(content)
    code, output, error = export_main(capsysbinary, "codes", "--store", store)
    assert_refused(code, output, error, store)
    assert "ACODE1" not in error.replace(str(store), "")
    assert store.read_bytes() == content


def test_another_programs_database_is_no_store(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    store = tmp_path / "another.duckdb"
    duckdb.connect(store).execute("create table codes as select 'ACODE1' as code").close()
    code, output, error = export_main(capsysbinary, "codes", "--store", store)
    assert_refused(code, output, error, store)
    assert "not a store" in error
    assert "ACODE1" not in error


def test_a_store_in_use_is_reported_with_what_to_do_instead(loaded: Store) -> None:
    done = run_export("transactions", "--store", loaded.path)
    assert_refused(done.returncode, done.stdout, done.stderr.decode(), loaded.path)
    assert b"in use" in done.stderr
    assert b"JANE" not in done.stderr


def test_a_file_that_cannot_be_written_is_reported(
    fixture_file: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    for output in (tmp_path / "no folder" / "out.csv", tmp_path):
        result = export_main(capsysbinary, "codes", "--store", fixture_file, "-o", output)
        assert_refused(*result)
        assert "written" in result[2]
    assert list(tmp_path.iterdir()) == []


def test_a_failure_leaves_the_older_file_as_it_was(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    store, output = tmp_path / "another.duckdb", tmp_path / "out.csv"
    duckdb.connect(store).close()
    output.write_text("older\n")
    code, _, _ = export_main(capsysbinary, "codes", "--store", store, "-o", output)
    assert code == 1
    assert output.read_text() == "older\n"
    assert {file.name for file in tmp_path.iterdir()} == {"another.duckdb", "out.csv"}


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        ["vouchers"],
        ["codes", "--from", "ACODE1"],
        ["codes", "--cancelled", "ACODE1"],
        ["codes", "--status", "ACODE1"],
        ["codes", "--group", ""],
        ["codes", "--from", "2016-01-01", "--from", "2016-01-02"],
        ["codes", "--colour", "red"],
        ["codes", "--group"],
        ["codes", "--batch", "B" * 8193],
    ],
    ids=lambda wrong: " ".join(wrong)[:40],
)
def test_wrong_usage_is_exit_2_and_writes_nothing(
    fixture_file: Path, capsysbinary: pytest.CaptureFixture[bytes], wrong: list[str]
) -> None:
    code, output, error = export_main(capsysbinary, *wrong, f"--store={fixture_file}")
    assert code == 2
    assert output == b""
    assert error
    assert "ACODE1" not in error


def test_wrong_usage_is_exit_2_for_the_shell_too(tmp_path: Path) -> None:
    done = run_export("codes", "--from", "soon", "-o", tmp_path / "out.csv")
    assert done.returncode == 2
    assert b" from " in done.stderr
    assert b"soon" not in done.stderr
    assert list(tmp_path.iterdir()) == []
