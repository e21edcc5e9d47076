"""What goes into the audit log: who imported, took back, copied, queried and exported."""

import itertools
import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from data import audited, backup, load, owner, rebuild
from data.importing.pipeline import load as load_file
from data.importing.scope import Scope
from data.store import audit
from data.store.audit_file import Entry, log_of
from data.store.copying import NotCopied
from data.store.database import Store
from data.store.errors import Refused
from pages.importing.job import Job, ReadyFile
from queries import run
from tests.support.commands import export_main
from tests.support.rows import SECRET, Code, codes_file

pytestmark = pytest.mark.slow

ME = audit.command_user()


@pytest.fixture
def path(ten_codes: Path) -> Path:
    """A closed store of ten codes, without a log."""
    return ten_codes


@pytest.fixture
def opened(path: Path) -> Iterator[Store]:
    """A store of ten codes, which nothing was recorded of."""
    with closing(Store(path)) as store:
        yield store


@pytest.fixture
def unwritable(path: Path) -> Path:
    """A store beside which no log can be written."""
    log_of(path).mkdir()
    return path


def events(store: Path) -> list[str]:
    """The events, the first one first; the log is whole and holds no code."""
    assert audit.problem(store) is None
    assert SECRET not in log_of(store).read_text("utf-8")
    return [entry["event"] for entry in audit.entries(store)][::-1]


def latest(store: Path) -> Entry:
    return next(iter(audit.entries(store)))


def rows(store: Store) -> int:
    with store.cursor() as cursor:
        return int(cursor.execute("select count(*) from vouchers.codes").fetchall()[0][0])


def test_an_import_by_a_command_is_recorded_with_its_counts(path: Path, tmp_path: Path) -> None:
    file = codes_file(tmp_path / f"{SECRET}.csv", Code(f"{SECRET}A"), Code(f"{SECRET}0000001"))
    assert load.main(["--store", str(path), "--prefix", SECRET, str(file)]) == 0
    assert events(path) == ["import began", "imported"]
    entry = latest(path)
    assert entry["who"] == ME
    assert entry["facts"] == {
        **{"kind": "codes", "rows": 2, "new": 2, "updated": 0, "unchanged": 0, "duplicates": 0},
        **{"import_id": 2, "bytes": file.stat().st_size},
    }


def test_a_refused_import_is_recorded_with_the_reason(path: Path, tmp_path: Path) -> None:
    file = codes_file(tmp_path / "a.csv", Code(f"{SECRET}A", expiry=SECRET))
    assert load.main(["--store", str(path), str(file)]) == 1
    assert events(path) == ["import began", "import refused"]
    assert latest(path)["facts"]["reason"].startswith("line 2, column Expiry_Date: ")


def test_an_import_of_the_page_is_recorded_with_the_person_who_started_it(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOUCHERS_STORE", str(path))
    file = codes_file(tmp_path / "a.csv", Code(f"{SECRET}A"))
    ready = ReadyFile("a.csv", file, Scope(), "utf-8")
    Job([ready], datetime(2016, 1, 20), clear=True, who="Ann").run()
    owner.close()
    assert events(path) == ["sample cleared", "import began", "imported"]
    assert {entry["who"] for entry in audit.entries(path)} == {"Ann"}


def test_nothing_is_imported_where_it_cannot_be_recorded(
    unwritable: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = codes_file(tmp_path / "a.csv", Code(f"{SECRET}A"))
    assert load.main(["--store", str(unwritable), str(file)]) == 1
    said = capsys.readouterr().err
    assert "a.csv: the audit log cannot be written: is a directory." in said
    assert "Nothing of this file is stored." in said
    with closing(Store(unwritable)) as store:
        assert rows(store) == 10


def test_an_import_whose_end_cannot_be_recorded_says_so(
    opened: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = itertools.count()
    real = audit.record

    def second_fails(*given: object, **facts: object) -> None:
        if next(records):
            raise audit.NotRecorded("the disk is full")
        real(*given, **facts)  # type: ignore[arg-type]

    monkeypatch.setattr(audit, "record", second_fails)
    file = codes_file(tmp_path / "a.csv", Code(f"{SECRET}A"))
    result = audited.import_file(opened, file, Scope(), "Ann")
    assert result.new == 1
    assert "it is stored, but the audit log could not be written" in result.warnings[-1]
    assert events(opened.path) == ["import began"]


def test_a_take_back_is_recorded_and_so_is_one_that_fails(opened: Store, tmp_path: Path) -> None:
    load_file(opened, codes_file(tmp_path / "a.csv", Code(f"{SECRET}A")))
    audited.take_back(opened, 1, "Ann")
    assert events(opened.path) == ["taken back"]
    assert latest(opened.path)["facts"] == {"import_id": 1}
    load_file(opened, codes_file(tmp_path / "b.csv", Code(f"{SECRET}B")))
    shutil.rmtree(opened.originals)
    with pytest.raises(Refused):
        audited.take_back(opened, 2, "Ann")
    assert events(opened.path) == ["taken back", "taken back", "not done"]
    assert latest(opened.path)["facts"] == {"what": "taken back", "import_id": 2}


def test_nothing_is_taken_back_or_cleared_where_it_cannot_be_recorded(unwritable: Path) -> None:
    with closing(Store(unwritable)) as store:
        with pytest.raises(Refused, match="the audit log cannot be written"):
            audited.take_back(store, 1, "Ann")
        with pytest.raises(Refused, match="the audit log cannot be written"):
            audited.clear_sample(store, "Ann")
        assert rows(store) == 10


def test_a_backup_is_recorded_with_where_it_went(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "monday.duckdb"
    assert backup.main(["--store", str(path), str(target)]) == 0
    assert events(path) == ["backup"]
    assert latest(path)["facts"] == {"to": str(target)}
    assert backup.main(["--store", str(path), str(target)]) == 1  # it is there already
    assert events(path) == ["backup", "backup", "not done"]


def test_no_backup_is_made_where_it_cannot_be_recorded(unwritable: Path, tmp_path: Path) -> None:
    with closing(Store(unwritable)) as store, pytest.raises(NotCopied, match="Nothing was copied"):
        audited.backup(store, tmp_path / "monday.duckdb", "Ann")
    assert not (tmp_path / "monday.duckdb").exists()


def test_a_rebuild_is_recorded(path: Path) -> None:
    assert rebuild.main(["--store", str(path)]) == 0
    assert events(path) == ["rebuilt"]


def test_a_query_is_recorded_by_its_name_without_values(path: Path) -> None:
    given = ["codes_found", "--group", "Old", "--prefix", SECRET, "--search", f"{SECRET}0000001"]
    assert run.main([*given, "--store", str(path)]) == 0
    assert events(path) == ["query run"]
    assert latest(path)["facts"] == {
        **{"query": "codes_found", "filters": ["group", "prefix"], "parameters": ["search"]}
    }


def test_no_query_is_run_where_it_cannot_be_recorded(
    unwritable: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run.main(["numbers", "--store", str(unwritable)]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "The query was not run: the audit log cannot be written: is a directory." in said.err


def test_a_file_of_the_command_is_recorded_before_it_leaves_and_after(
    path: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    output = tmp_path / "out.csv"
    assert export_main(capsysbinary, "codes", "--store", path, "-o", output, "--group=Old")[0] == 0
    left, began = audit.entries(path)
    assert events(path) == ["file began", "file left"]
    assert began["who"] == left["who"] == ME
    assert began["facts"]["filters"] == "Old"
    assert left["facts"]["receipt"] == began["facts"]["receipt"]
    assert (left["facts"]["rows"], left["facts"]["bytes"]) == (10, output.stat().st_size)


def test_no_file_leaves_where_it_cannot_be_recorded(
    unwritable: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    code, out, said = export_main(capsysbinary, "codes", "--store", unwritable)
    assert (code, out) == (1, b"")
    assert "Nothing was written: the audit log cannot be written: is a directory." in said
    to_file = export_main(capsysbinary, "codes", "--store", unwritable, "-o", tmp_path / "a.csv")
    assert to_file[0] == 1
    assert not (tmp_path / "a.csv").exists()


def test_a_file_that_cannot_be_delivered_is_recorded_as_broken_off(
    path: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert export_main(capsysbinary, "codes", "--store", path, "-o", tmp_path)[0] == 1
    assert events(path) == ["file began", "file broke off"]
