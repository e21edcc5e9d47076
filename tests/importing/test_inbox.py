"""Files in the inbox are imported and archived."""

import json
import shutil
from pathlib import Path

import pytest

from data import load as command
from data.importing import inbox
from data.store import settings
from data.store.settings import DATA
from tests.support.rows import Code, codes_file
from tests.support.stores import opened, stored_rows

pytestmark = pytest.mark.slow


@pytest.fixture
def inbox_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An inbox of the test's own."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    monkeypatch.setenv("VOUCHERS_INBOX", str(folder))
    return folder


def command_line(store: Path, *arguments: str) -> int:
    return command.main(["--store", str(store), *arguments])


def test_the_inbox_lies_beside_the_data_unless_configured_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("VOUCHERS_INBOX", raising=False)
    assert settings.inbox_folder() == DATA / "inbox"
    monkeypatch.setenv("VOUCHERS_INBOX", "/somewhere/else")
    assert settings.inbox_folder() == Path("/somewhere/else")
    assert inbox.files() == []


def test_the_inbox_offers_its_csv_files_by_name(inbox_folder: Path) -> None:
    for name in ("b.csv", "A.CSV", "c.txt", "d.csv.part"):
        (inbox_folder / name).write_bytes(b"x")
    (inbox_folder / "imported").mkdir()
    (inbox_folder / "imported" / "old.csv").write_bytes(b"x")
    (inbox_folder / "folder.csv").mkdir()
    assert [path.name for path in inbox.files()] == ["A.CSV", "b.csv"]


def test_the_command_imports_what_waits_in_the_inbox_and_archives_it(
    inbox_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    contents = [codes_file(inbox_folder / "a.csv", Code("A1")).read_bytes(),
                codes_file(inbox_folder / "b.csv", Code("B1")).read_bytes()]  # fmt: skip
    assert command_line(tmp_path / "s.duckdb", "--inbox", "--folder", "May", "--json") == 0
    files = json.loads(capsys.readouterr().out)["files"]
    assert [Path(row["file"]).name for row in files] == ["a.csv", "b.csv"]
    assert inbox.files() == []
    assert [path.read_bytes() for path in sorted((inbox_folder / "imported").iterdir())] == contents
    with opened(tmp_path / "s.duckdb") as store:
        assert [row[:2] for row in stored_rows(store, "codes")] == [("A1", "May"), ("B1", "May")]


def test_a_refused_file_stays_in_the_inbox(
    inbox_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    codes_file(inbox_folder / "a.csv", Code("A1"), Code(""))
    codes_file(inbox_folder / "b.csv", Code("B1"))
    assert command_line(tmp_path / "s.duckdb", "--inbox") == 1
    printed = capsys.readouterr()
    assert "a.csv: line 3" in printed.err
    assert "b.csv: 1 code" in printed.out
    assert [path.name for path in inbox.files()] == ["a.csv"]


@pytest.mark.parametrize("times", [2, 3])
def test_files_of_one_name_are_archived_side_by_side(
    inbox_folder: Path, tmp_path: Path, times: int
) -> None:
    for n in range(times):
        codes_file(inbox_folder / "a.csv", Code(f"A{n}"))
        assert command_line(tmp_path / "s.duckdb", "--inbox") == 0
    assert len(list((inbox_folder / "imported").iterdir())) == times
    assert {path.suffix for path in (inbox_folder / "imported").iterdir()} == {".csv"}


@pytest.mark.parametrize("is_there", [True, False])
def test_an_empty_inbox_is_no_mistake(inbox_folder: Path, tmp_path: Path, is_there: bool) -> None:
    if not is_there:
        shutil.rmtree(inbox_folder)
    assert command_line(tmp_path / "s.duckdb", "--inbox") == 0


def test_the_inbox_can_be_imported_with_files_of_other_places(
    inbox_folder: Path, tmp_path: Path
) -> None:
    codes_file(inbox_folder / "a.csv", Code("A1"))
    other = codes_file(tmp_path / "b.csv", Code("B1"))
    assert command_line(tmp_path / "s.duckdb", "--inbox", str(other)) == 0
    with opened(tmp_path / "s.duckdb") as store:
        assert [row[0] for row in stored_rows(store, "codes")] == ["A1", "B1"]
    assert other.exists()  # only what waited in the inbox is put away
    assert not (tmp_path / "imported").exists()


def test_the_command_prints_warnings_without_a_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = codes_file(tmp_path / "a.csv", Code("QZ7 A", quantity=""), Code("qz7 a"))
    assert command_line(tmp_path / "s.duckdb", str(path)) == 0
    printed = capsys.readouterr()
    assert "a.csv: note: 1 code without a quantity" in printed.err
    assert "line 2" in printed.err.lower()
    assert "qz7" not in (printed.err + printed.out).lower()


def test_an_inbox_that_is_no_folder_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VOUCHERS_INBOX", str(codes_file(tmp_path / "inbox", Code("A1"))))
    assert command_line(tmp_path / "s.duckdb", "--inbox") == 1
    assert "inbox cannot be read: not a directory." in capsys.readouterr().err
