"""Other users of the computer can read nothing that the app or a command writes."""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from data.store import privacy
from data.store.database import Store
from tests.support.commands import run_export, run_load, run_module
from tests.support.downloads import download
from tests.support.imports_page import make_store
from tests.support.paths import ROOT
from tests.support.rows import Code, codes_file
from tests.support.server import serving

NOBODY = 65534  # a user without rights of its own
READS = """
import sys
for path in sys.argv[1:]:
    try:
        open(path, "rb").close()
        print(path)
    except OSError:
        pass
"""
SYSTEMS = "/usr/local/bin:/usr/bin:/bin"  # the folders of a Python that another user can run


@contextmanager
def umask(mask: int) -> Iterator[None]:
    """What is started in the block inherits this umask."""
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may enter, unlike those of pytest."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    with umask(0o022):
        yield folder
    shutil.rmtree(folder)


def open_to_others(folder: Path) -> list[str]:
    """The files and folders below `folder` that group or others have a right to."""
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if stat.S_IMODE(path.stat().st_mode) & privacy.OTHERS
    )


def read_by_others(folder: Path) -> list[str]:
    """What another user can open below `folder`; without the right to become one: by the modes."""
    files = [str(path) for path in folder.rglob("*") if not path.is_dir()]
    if os.geteuid() != 0:
        return [path for path in files if Path(path).stat().st_mode & privacy.OTHERS]
    reader = subprocess.run(
        [
            shutil.which("python3", path=SYSTEMS) or sys.executable,
            "-c",
            READS,
            *files,
        ],
        user=NOBODY,
        group=NOBODY,
        extra_groups=[],
        cwd="/",
        capture_output=True,
        text=True,
        check=True,
    )
    return reader.stdout.splitlines()


def loosen(folder: Path) -> None:
    """Give everybody all rights to read, as versions before this one did."""
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)


def test_the_app_and_the_commands_write_and_leave_nothing_that_another_user_can_read(
    open_folder: Path, tmp_path: Path
) -> None:
    (open_folder / "store").mkdir()
    store = make_store(open_folder / "store" / "vouchers.duckdb", 10)
    for written in store.parent.glob("*.csv"):
        written.unlink()
    inbox = open_folder / "inbox"
    (inbox / "imported").mkdir(parents=True)
    for ending in (".before", ".rebuilt"):
        shutil.copy(store, store.with_name(store.name + ending))
    for ending in (".downloads.jsonl", ".audit.jsonl", ".key"):
        store.with_name(store.stem + ending).touch()
    loosen(open_folder)
    users_own = open_folder / "store" / "notes.csv"
    users_own.write_text("mine", "utf-8")
    assert str(store) in read_by_others(open_folder)  # the reader can read
    file = codes_file(inbox / "codes.csv", Code("A1"))
    with serving(store, tmp_path / "log", VOUCHERS_SAMPLE="0", VOUCHERS_INBOX=str(inbox)) as server:
        assert run_load(store, "--json", file).returncode == 0
        assert download(server, "/export/codes.csv").status_code == 200
        assert run_module("data.backup", store, open_folder / "live.duckdb").returncode == 0
        output = ("--store", store, "-o", open_folder / "live.csv")
        assert run_export("codes", *output).returncode == 0
        beside = {path.name for path in store.parent.iterdir()}
        assert {"vouchers.duckdb.app.json", "vouchers.duckdb.wal"} & beside
        expected = {"inbox", "inbox/codes.csv", "inbox/imported", "store", "store/notes.csv"}
        assert {*open_to_others(open_folder)} == expected
        assert sorted(read_by_others(open_folder)) == [str(file), str(users_own)]
    workbook = ("--store", store, "-o", open_folder / "own.xlsx", "--format", "xlsx")
    assert run_export("codes", *workbook).returncode == 0
    assert run_module("data.backup", store, open_folder / "own.duckdb").returncode == 0
    os.environ["VOUCHERS_INBOX"] = str(inbox)
    try:
        assert run_load(store, "--inbox").returncode == 0
    finally:
        del os.environ["VOUCHERS_INBOX"]
    assert run_module("data.rebuild", store).returncode == 0
    assert list((inbox / "imported").iterdir())
    assert not read_by_others(inbox)
    left = {*open_to_others(open_folder)} - {"inbox/imported/codes.csv"}
    assert left == {"inbox", "store", "store/notes.csv"}
    assert read_by_others(open_folder) == [str(users_own)]


@pytest.mark.slow
def test_a_store_that_is_made_in_a_new_folder_is_its_users_own(open_folder: Path) -> None:
    store = open_folder / "new" / "deep" / "vouchers.duckdb"
    file = codes_file(open_folder / "codes.csv", Code("A1"))
    assert run_load(store, file).returncode == 0
    assert open_to_others(open_folder) == ["codes.csv"]


@pytest.mark.slow
def test_importing_the_app_is_enough_whatever_server_runs_it() -> None:
    script = "import os; os.umask(0o022); import app; print(f'{os.umask(0):o}')"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "77\n"


def test_a_file_whose_rights_cannot_be_changed_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, mode: int) -> None:
        raise PermissionError(1, "Operation not permitted")

    path = make_store(tmp_path / "vouchers.duckdb", 1)
    path.chmod(0o644)
    monkeypatch.setattr(Path, "chmod", refuse)
    with closing(Store(path)) as store:
        assert store.path == path
