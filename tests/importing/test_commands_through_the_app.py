"""While the app runs, the commands work through it."""

import json
import re
import stat
import threading
import time
from collections.abc import Callable
from pathlib import Path

from data.handover import HEADER
from tests.support.commands import run_load, run_module
from tests.support.imports_page import (
    Start,
    assert_clean,
    exported,
    in_windows_1252,
    password_file,
    post_control,
)
from tests.support.rows import SECRET, Code, Transaction, codes_file, transactions_file
from tests.support.server import file_size_limit, tiles


def test_the_command_imports_through_the_running_app(
    ten_codes: Path, tmp_path: Path, start: Start
) -> None:
    server = start(ten_codes, VOUCHERS_SAMPLE="0")
    files = [
        codes_file(tmp_path / "new.csv", Code(f"{SECRET}0000001", "Old"), Code(f"{SECRET}A")),
        transactions_file(tmp_path / "sold.csv", Transaction(1, f"{SECRET}A")),
    ]
    scope = ("--folder", "May", "--prefix", SECRET, "--batch", "7")
    done = run_load(ten_codes, "--json", *scope, *files)
    assert done.returncode == 0, done.stderr
    assert list(json.loads(done.stdout)) == ["files"]
    first, second = json.loads(done.stdout)["files"]
    assert first == {
        **{"file": "new.csv", "kind": "codes", "rows": 2, "new": 1, "updated": 1},
        **{"unchanged": 0, "duplicates": 0, "import_id": 2},
    }
    assert (second["kind"], second["new"], second["import_id"]) == ("transactions", 1, 3)
    assert len(exported(server)) == 11
    assert len(exported(server, folder="May", batch="7")) == 2
    assert len(exported(server, "transactions", folder="May")) == 1
    assert tiles(server.page())["Codes issued"] == "11"
    in_words = run_load(ten_codes, *files)
    assert in_words.returncode == 0
    assert "new.csv: 2 codes: 0 new, 0 updated, 2 unchanged, 0 duplicates" in in_words.stdout
    assert_clean(server)


def test_a_refused_file_is_refused_by_the_running_app_in_the_same_words(
    ten_codes: Path, tmp_path: Path, start: Start
) -> None:
    wrong = codes_file(tmp_path / "wrong.csv", Code(f"{SECRET}A"), Code(f"{SECRET}B", expiry="x"))
    right = codes_file(tmp_path / "right.csv", Code(f"{SECRET}C"))
    alone = run_module("data.load", tmp_path / "other.duckdb", wrong)
    server = start(ten_codes, VOUCHERS_SAMPLE="0")
    done = run_load(ten_codes, "--json", wrong, right, tmp_path / "nowhere.csv")
    assert done.returncode == 1
    assert [file["file"] for file in json.loads(done.stdout)["files"]] == ["right.csv"]
    assert alone.stderr.strip() in done.stderr
    for word in ("wrong.csv", "line 3", "Expiry_Date", "nowhere.csv", "cannot be read"):
        assert word in done.stderr
    assert SECRET not in done.stderr
    assert "Traceback" not in done.stderr
    assert len(exported(server)) == 11
    assert_clean(server)


def test_the_command_clears_the_sample_and_reads_windows_1252_through_the_running_app(
    tmp_path: Path, start: Start
) -> None:
    path = tmp_path / "vouchers.duckdb"
    server = start(path, VOUCHERS_SAMPLE="1")
    assert len(exported(server)) > 100
    file = in_windows_1252(tmp_path / "café.csv")
    refused = run_load(path, file)
    assert refused.returncode == 1
    assert "Windows-1252" in refused.stderr
    done = run_load(path, "--clear-sample", "--encoding", "windows-1252", file)
    assert done.returncode == 0, done.stderr
    assert [row.split(",")[1] for row in exported(server)] == ["Café"]
    assert exported(server, "transactions") == []
    assert_clean(server)


def test_a_backup_through_the_running_app_opens_as_a_store_with_the_same_numbers(
    ten_codes: Path, tmp_path: Path, start: Start
) -> None:
    server = start(ten_codes, VOUCHERS_SAMPLE="0")
    assert run_load(ten_codes, codes_file(tmp_path / "a.csv", Code("A"))).returncode == 0
    target = tmp_path / "copy" / "backup.duckdb"
    target.parent.mkdir()
    done = run_module("data.backup", ten_codes, target)
    assert done.returncode == 0, done.stderr
    again = run_module("data.backup", ten_codes, target)
    assert again.returncode == 1
    assert "there already" in again.stderr
    nowhere = run_module("data.backup", ten_codes, tmp_path / "nowhere" / "backup.duckdb")
    assert nowhere.returncode == 1
    assert "Traceback" not in nowhere.stderr
    copied = start(target, VOUCHERS_SAMPLE="0")
    assert tiles(copied.page("codes")) == tiles(server.page("codes"))
    assert exported(copied) == exported(server)
    assert len(exported(copied)) == 11
    assert sorted(path.name for path in target.parent.glob("*.part")) == []


def test_a_rebuild_says_that_the_app_runs_and_changes_nothing(
    ten_codes: Path, start: Start
) -> None:
    server = start(ten_codes, VOUCHERS_SAMPLE="0")
    done = run_module("data.rebuild", ten_codes)
    assert done.returncode == 1
    assert "in use" in done.stderr
    assert "Traceback" not in done.stderr
    assert len(exported(server)) == 10
    assert not ten_codes.with_name(ten_codes.name + ".rebuilt").exists()


def test_the_control_routes_are_for_those_who_can_read_the_password(
    ten_codes: Path, tmp_path: Path, start: Start
) -> None:
    server = start(ten_codes, VOUCHERS_SAMPLE="0")
    file = password_file(server)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    password = json.loads(file.read_text("utf-8"))["password"]
    request = {
        **{"path": str(codes_file(tmp_path / "a.csv", Code("A"))), "encoding": "utf-8"},
        **{"scope": {}, "clear_sample": False},
    }
    target = tmp_path / "backup.duckdb"
    wrong: list[dict[str, str]] = [
        {},
        {HEADER: ""},
        {HEADER: password[:-1]},
        {HEADER: password.swapcase()},
        {HEADER: "é"},
        {"Cookie": f"{HEADER}={password}"},
    ]
    for headers in wrong:
        for task, body in (("import", request), ("backup", {"path": str(target)})):
            response = post_control(server, task, body, headers)
            assert response.status_code == 403, headers
            assert str(ten_codes) not in response.text
    foreign = post_control(server, "import", request, {HEADER: password, "Host": "evil.example"})
    assert foreign.status_code == 400
    assert len(exported(server)) == 10
    assert not target.exists()
    assert password not in server.log.read_text("utf-8")
    accepted = post_control(server, "import", request, {HEADER: password})
    assert accepted.json()["imported"]["new"] == 1
    server.process.terminate()
    server.process.wait(20)
    assert not file.exists()


def test_what_a_killed_app_left_does_not_keep_the_command_from_importing(
    ten_codes: Path, tmp_path: Path, start: Start
) -> None:
    server = start(ten_codes, VOUCHERS_SAMPLE="0")
    server.process.kill()
    server.process.wait(20)
    assert password_file(server).exists()
    done = run_load(ten_codes, codes_file(tmp_path / "a.csv", Code("A")))
    assert (done.returncode, "1 new" in done.stdout) == (0, True)
    again = start(ten_codes, VOUCHERS_SAMPLE="0")
    assert len(exported(again)) == 11


def test_pages_and_downloads_see_the_old_or_the_new_state_during_an_import(
    ten_codes: Path, tmp_path: Path, start: Start
) -> None:
    rows = (Code(f"N{n:07}", "New", redeemed="20/01/2016 10:00") for n in range(200_000))
    file = codes_file(tmp_path / "large.csv", *rows)
    server = start(ten_codes, VOUCHERS_SAMPLE="0")
    done = threading.Event()
    counted: list[int] = []
    shown: list[tuple[str, str]] = []
    failed: list[str] = []

    def poll(request: Callable[[], None]) -> None:
        try:
            while not done.is_set():
                request()
            request()
        except Exception as error:  # else the thread would keep it to itself
            failed.append(repr(error))

    def download() -> None:
        counted.append(len(exported(server)))

    def look() -> None:
        seen = tiles(server.page())
        shown.append((seen["Codes issued"], seen["Redeemed codes"]))

    polling = [threading.Thread(target=poll, args=(request,)) for request in (download, look)]
    for thread in polling:
        thread.start()
    time.sleep(0.5)
    imported = run_load(ten_codes, file)
    done.set()
    for thread in polling:
        thread.join(60)
    assert imported.returncode == 0, imported.stderr
    assert failed == []
    assert set(counted) == {10, 200_010}
    assert set(shown) == {("10", "10"), ("200,010", "200,010")}
    assert counted == sorted(counted)
    assert counted.count(10) > 3, "The import was over before the first request."
    assert_clean(server)


def test_the_command_and_the_running_app_refuse_a_full_disk_in_the_same_words(
    ten_codes: Path, tmp_path: Path, start: Start
) -> None:
    # An app that fails must not be taken for an app that does not run.
    server = start(ten_codes, VOUCHERS_SAMPLE="0")
    file = in_windows_1252(tmp_path / "a.csv")
    with file_size_limit(server, 20):
        done = run_load(ten_codes, "--encoding", "windows-1252", file)
    assert done.returncode == 1
    assert "in use by another process" not in done.stderr, done.stderr
    assert re.search("disk|room|cannot be kept", done.stderr), done.stderr
    again = run_load(ten_codes, "--encoding", "windows-1252", file)
    assert again.returncode == 0, again.stderr
    assert len(exported(server)) == 11


def test_a_second_app_on_the_same_store_says_so_and_takes_nothing_from_the_first(
    ten_codes: Path, tmp_path: Path, start: Start
) -> None:
    first = start(ten_codes, VOUCHERS_SAMPLE="0")
    second = start(ten_codes, VOUCHERS_SAMPLE="0")
    assert "in use" in json.dumps(second.page()["tree"])
    second.process.terminate()
    second.process.wait(20)
    done = run_load(ten_codes, codes_file(tmp_path / "a.csv", Code("A")))
    assert done.returncode == 0, done.stderr
    assert len(exported(first)) == 11
