"""While the app runs: the command line works through it, and its pages take files of any size."""

import contextlib
import json
import os
import re
import resource
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from data.handover import HEADER
from data.importing.pipeline import load
from data.store.database import Store
from tests.browsing import settled
from tests.conftest import ROOT, Server, tiles
from tests.files import CODES, code, codes_file, csv_bytes, transaction, transactions_file

MINUTE = 60_000
MB = 1024 * 1024
SECRET = "QZ7"  # begins every code here
Start = Callable[..., Server]


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport={"width": 1440, "height": 900})
    opened.set_default_timeout(MINUTE // 2)
    yield opened
    opened.close()


def make_store(path: Path, codes: int) -> Path:
    """A closed store of so many codes of the group Old, each redeemed once."""
    with contextlib.closing(Store(path)) as store:
        rows = (code(f"{SECRET}{n:07}", "Old", redeemed="20/01/2016 10:00") for n in range(codes))
        load(store, codes_file(path.with_name("old.csv"), *rows))
    return path


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A closed store of ten codes, in a folder of its own."""
    (tmp_path / "store").mkdir()
    return make_store(tmp_path / "store" / "vouchers.duckdb", 10)


def command(store: Path, module: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run one of the commands as people do."""
    return subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)],
        cwd=ROOT,
        env=os.environ | {"VOUCHERS_STORE": str(store)},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )


def in_windows_1252(path: Path) -> Path:
    """A codes file of the group Café, as an older program writes it."""
    path.write_bytes(csv_bytes([CODES, code(f"{SECRET}W", "Café")]).decode().encode("cp1252"))
    return path


def exported(server: Server, kind: str = "codes", **query: str) -> list[str]:
    """The rows that the server exports, without the header."""
    answer = httpx.get(f"{server.url}/export/{kind}.csv", params=query, timeout=60)
    assert answer.status_code == 200
    return answer.text.splitlines()[1:]


def asked(server: Server, task: str, body: object, headers: dict[str, str]) -> httpx.Response:
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    return httpx.post(f"{server.url}/control/{task}", json=body, headers=raw, timeout=60)


def password_file(server: Server) -> Path:
    return server.store.with_name(server.store.name + ".app.json")


def open_imports(server: Server, context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto(f"{server.url}/imports")
    settled(page)
    return page


def drop(page: Page, *files: Path) -> None:
    """Drop files on the page, and wait until it has looked at them."""
    page.set_input_files("input[type=file]", list(files))
    page.get_by_role("button", name=re.compile("Import \\d+ file")).wait_for(timeout=MINUTE)


def press_import(page: Page) -> None:
    page.get_by_role("button", name=re.compile("Import \\d+ file")).click()


@contextlib.contextmanager
def full_disk(server: Server) -> Iterator[None]:
    """No file of the server's may grow beyond 20 bytes for as long as the block runs."""
    no_limit = resource.RLIM_INFINITY
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (20, no_limit))
    try:
        yield
    finally:
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (no_limit, no_limit))


def assert_clean(server: Server) -> None:
    """The log has no traceback and no code."""
    log = server.log.read_text("utf-8")
    assert "Traceback" not in log, log
    assert SECRET not in log


# The command line through the running app.


def test_the_command_imports_through_the_running_app(
    old: Path, tmp_path: Path, start: Start
) -> None:
    server = start(old, VOUCHERS_SAMPLE="0")
    files = [
        codes_file(tmp_path / "new.csv", code(f"{SECRET}0000001", "Old"), code(f"{SECRET}A")),
        transactions_file(tmp_path / "sold.csv", transaction(1, f"{SECRET}A")),
    ]
    scope = ("--folder", "May", "--prefix", SECRET, "--batch", "7")
    done = command(old, "data.load", "--json", *scope, *files)
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
    in_words = command(old, "data.load", *files)
    assert in_words.returncode == 0
    assert "new.csv: 2 codes: 0 new, 0 updated, 2 unchanged, 0 duplicates" in in_words.stdout
    assert_clean(server)


def test_a_refused_file_is_refused_by_the_running_app_in_the_same_words(
    old: Path, tmp_path: Path, start: Start
) -> None:
    wrong = codes_file(tmp_path / "wrong.csv", code(f"{SECRET}A"), code(f"{SECRET}B", expiry="x"))
    right = codes_file(tmp_path / "right.csv", code(f"{SECRET}C"))
    alone = command(tmp_path / "other.duckdb", "data.load", wrong)
    server = start(old, VOUCHERS_SAMPLE="0")
    done = command(old, "data.load", "--json", wrong, right, tmp_path / "nowhere.csv")
    assert done.returncode == 1
    assert [file["file"] for file in json.loads(done.stdout)["files"]] == ["right.csv"]
    assert alone.stderr.strip() in done.stderr
    for word in ("wrong.csv", "line 3", "Expiry_Date", "nowhere.csv", "cannot be read"):
        assert word in done.stderr
    assert SECRET not in done.stderr
    assert "Traceback" not in done.stderr
    assert len(exported(server)) == 11
    assert_clean(server)


def test_the_command_takes_the_sample_out_and_reads_windows_1252_through_the_running_app(
    tmp_path: Path, start: Start
) -> None:
    path = tmp_path / "vouchers.duckdb"
    server = start(path, VOUCHERS_SAMPLE="1")
    assert len(exported(server)) > 100
    file = in_windows_1252(tmp_path / "café.csv")
    refused = command(path, "data.load", file)
    assert refused.returncode == 1
    assert "Windows-1252" in refused.stderr
    done = command(path, "data.load", "--clear-sample", "--encoding", "windows-1252", file)
    assert done.returncode == 0, done.stderr
    assert [row.split(",")[1] for row in exported(server)] == ["Café"]
    assert exported(server, "transactions") == []
    assert_clean(server)


def test_a_backup_through_the_running_app_opens_as_a_store_with_the_same_numbers(
    old: Path, tmp_path: Path, start: Start
) -> None:
    server = start(old, VOUCHERS_SAMPLE="0")
    assert command(old, "data.load", codes_file(tmp_path / "a.csv", code("A"))).returncode == 0
    target = tmp_path / "copy" / "backup.duckdb"
    target.parent.mkdir()
    done = command(old, "data.backup", target)
    assert done.returncode == 0, done.stderr
    again = command(old, "data.backup", target)
    assert again.returncode == 1
    assert "there already" in again.stderr
    nowhere = command(old, "data.backup", tmp_path / "nowhere" / "backup.duckdb")
    assert nowhere.returncode == 1
    assert "Traceback" not in nowhere.stderr
    copied = start(target, VOUCHERS_SAMPLE="0")
    assert tiles(copied.page("codes")) == tiles(server.page("codes"))
    assert exported(copied) == exported(server)
    assert len(exported(copied)) == 11
    assert sorted(path.name for path in target.parent.glob("*.part")) == []


def test_a_rebuild_says_that_the_app_runs_and_changes_nothing(old: Path, start: Start) -> None:
    server = start(old, VOUCHERS_SAMPLE="0")
    done = command(old, "data.rebuild")
    assert done.returncode == 1
    assert "in use" in done.stderr
    assert "Traceback" not in done.stderr
    assert len(exported(server)) == 10
    assert not old.with_name(old.name + ".rebuilt").exists()


def test_the_control_routes_are_for_those_who_can_read_the_password(
    old: Path, tmp_path: Path, start: Start
) -> None:
    server = start(old, VOUCHERS_SAMPLE="0")
    file = password_file(server)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    known = json.loads(file.read_text("utf-8"))["password"]
    question = {
        **{"path": str(codes_file(tmp_path / "a.csv", code("A"))), "encoding": "utf-8"},
        **{"scope": {}, "clear_sample": False},
    }
    target = tmp_path / "backup.duckdb"
    wrong: list[dict[str, str]] = [
        {},
        {HEADER: ""},
        {HEADER: known[:-1]},
        {HEADER: known.swapcase()},
        {HEADER: "é"},
        {"Cookie": f"{HEADER}={known}"},
    ]
    for headers in wrong:
        for task, body in (("import", question), ("backup", {"path": str(target)})):
            answer = asked(server, task, body, headers)
            assert answer.status_code == 403, headers
            assert str(old) not in answer.text
    strange = asked(server, "import", question, {HEADER: known, "Host": "evil.example"})
    assert strange.status_code == 400
    assert len(exported(server)) == 10
    assert not target.exists()
    assert known not in server.log.read_text("utf-8")
    assert asked(server, "import", question, {HEADER: known}).json()["imported"]["new"] == 1
    server.process.terminate()
    server.process.wait(20)
    assert not file.exists()


def test_what_a_killed_app_left_does_not_keep_the_command_from_importing(
    old: Path, tmp_path: Path, start: Start
) -> None:
    server = start(old, VOUCHERS_SAMPLE="0")
    server.process.kill()
    server.process.wait(20)
    assert password_file(server).exists()
    done = command(old, "data.load", codes_file(tmp_path / "a.csv", code("A")))
    assert (done.returncode, "1 new" in done.stdout) == (0, True)
    again = start(old, VOUCHERS_SAMPLE="0")
    assert len(exported(again)) == 11


def test_pages_and_downloads_see_the_old_or_the_new_state_during_an_import(
    old: Path, tmp_path: Path, start: Start
) -> None:
    rows = (code(f"N{n:07}", "New", redeemed="20/01/2016 10:00") for n in range(200_000))
    file = codes_file(tmp_path / "large.csv", *rows)
    server = start(old, VOUCHERS_SAMPLE="0")
    done = threading.Event()
    counted: list[int] = []
    shown: list[tuple[str, str]] = []
    failed: list[str] = []

    def poll(ask: Callable[[], None]) -> None:
        try:
            while not done.is_set():
                ask()
            ask()
        except Exception as error:  # else the thread would keep it to itself
            failed.append(repr(error))

    def download() -> None:
        counted.append(len(exported(server)))

    def look() -> None:
        seen = tiles(server.page())
        shown.append((seen["Codes issued"], seen["Redeemed codes"]))

    polling = [threading.Thread(target=poll, args=(ask,)) for ask in (download, look)]
    for thread in polling:
        thread.start()
    time.sleep(0.5)
    imported = command(old, "data.load", file)
    done.set()
    for thread in polling:
        thread.join(60)
    assert imported.returncode == 0, imported.stderr
    assert failed == []
    assert set(counted) == {10, 200_010}
    assert set(shown) == {("10", "10"), ("200,010", "200,010")}
    assert counted == sorted(counted)
    assert counted.count(10) > 3, "The import was over before anybody asked."
    assert_clean(server)


def test_the_command_and_the_running_app_refuse_a_full_disk_in_the_same_words(
    old: Path, tmp_path: Path, start: Start
) -> None:
    # What the app cannot do is not taken for an app that is not there.
    server = start(old, VOUCHERS_SAMPLE="0")
    file = in_windows_1252(tmp_path / "a.csv")
    with full_disk(server):
        done = command(old, "data.load", "--encoding", "windows-1252", file)
    assert done.returncode == 1
    assert "in use by another process" not in done.stderr, done.stderr
    assert re.search("disk|room|cannot be kept", done.stderr), done.stderr
    again = command(old, "data.load", "--encoding", "windows-1252", file)
    assert again.returncode == 0, again.stderr
    assert len(exported(server)) == 11


def test_a_second_app_on_the_same_store_says_so_and_takes_nothing_from_the_first(
    old: Path, tmp_path: Path, start: Start
) -> None:
    first = start(old, VOUCHERS_SAMPLE="0")
    second = start(old, VOUCHERS_SAMPLE="0")
    assert "in use" in json.dumps(second.page()["tree"])
    second.process.terminate()
    second.process.wait(20)
    done = command(old, "data.load", codes_file(tmp_path / "a.csv", code("A")))
    assert done.returncode == 0, done.stderr
    assert len(exported(first)) == 11


# Files through the page.


def test_the_page_says_that_the_disk_is_full_and_imports_as_soon_as_there_is_room(
    old: Path, tmp_path: Path, start: Start, context: BrowserContext
) -> None:
    server = start(old, VOUCHERS_SAMPLE="0")
    plain = codes_file(tmp_path / "plain.csv", code(f"{SECRET}A", "Cafe"))
    windows = in_windows_1252(tmp_path / "windows.csv")
    page = open_imports(server, context)
    for is_full in (True, False):
        page.set_input_files("input[type=file]", [plain, windows])
        page.get_by_text("WINDOWS-1252", exact=True).click()
        expect(page.get_by_text("1 code of Café")).to_be_visible()
        if is_full:
            with full_disk(server):
                press_import(page)
                said = page.get_by_text(re.compile("disk|room|cannot be kept"))
                expect(said).to_have_count(2)  # one of each file
        else:
            press_import(page)
            expect(page.get_by_text("1 code: 1 new")).to_have_count(2, timeout=MINUTE)
        assert len(exported(server)) == 10 + (0 if is_full else 2)
    assert list(scratch(server).glob("upload-*")) == []


def test_an_upload_to_a_full_disk_is_said_and_leaves_nothing(
    old: Path, tmp_path: Path, start: Start, context: BrowserContext
) -> None:
    server = start(old, VOUCHERS_SAMPLE="0")
    page = open_imports(server, context)
    file = codes_file(tmp_path / "a.csv", *(code(f"{SECRET}{n}") for n in range(1_000)))
    with full_disk(server):
        page.set_input_files("input[type=file]", file)
        expect(page.get_by_text(re.compile("could not be stored|disk|room"))).to_be_visible()
        assert list(scratch(server).glob("upload-*")) == []
    page.reload()
    settled(page)
    drop(page, file)
    press_import(page)
    expect(page.get_by_text("1,000 codes: 1,000 new")).to_be_visible(timeout=MINUTE)


class Memory:
    """Watches how much memory a process has, in MB, until the block ends."""

    def __init__(self, pid: int) -> None:
        self._status = Path(f"/proc/{pid}/status")
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.before = self.peak = self._now()

    def __enter__(self) -> "Memory":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def rise(self) -> float:
        """By how much it has grown at most."""
        return self.peak - self.before

    def _watch(self) -> None:
        while not self._ended.wait(0.01):
            self.peak = max(self.peak, self._now())

    def _now(self) -> float:
        said = re.search(r"VmRSS:\s+(\d+) kB", self._status.read_text())
        assert said
        return int(said[1]) / 1024


def scratch(server: Server) -> Path:
    return server.store.with_name(server.store.name + ".scratch")


@pytest.fixture(scope="module")
def huge(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A codes file of 150 MB."""
    path = tmp_path_factory.mktemp("huge") / "codes_batch_1042.csv"
    parent = "x" * 900
    with path.open("wb") as file:
        file.write(csv_bytes([CODES]))
        for first in range(0, 160_000, 10_000):
            rows = (
                code(f"{SECRET}{n:07}", "New", parent=parent) for n in range(first, first + 10_000)
            )
            file.write(csv_bytes(rows))
    assert path.stat().st_size > 140 * MB
    return path


def test_an_upload_of_150_mb_goes_to_disk_is_imported_and_another_one_is_stopped(
    old: Path, start: Start, context: BrowserContext, huge: Path
) -> None:
    server = start(old, VOUCHERS_SAMPLE="0", VOUCHERS_MEMORY="200MB")
    page = open_imports(server, context)
    with Memory(server.process.pid) as memory:
        with page.expect_response(
            lambda answer: "upload_file" in answer.url and answer.request.method == "PUT",
            timeout=MINUTE,
        ) as uploaded:
            page.set_input_files("input[type=file]", huge)
        assert uploaded.value.ok
        while_uploading = memory.rise()
        expect(page.get_by_text("160,000 codes of New")).to_be_visible(timeout=MINUTE)
        expect(page.get_by_role("textbox", name="Batch (optional)")).to_have_value("1042")
        press_import(page)
        expect(
            page.get_by_text("160,000 codes: 160,000 new, 0 updated, 0 unchanged, 0 duplicates.")
        ).to_be_visible(timeout=MINUTE)
        in_all = memory.rise()
    print(f"memory: {while_uploading:.0f} MB more while uploading, {in_all:.0f} MB in all")
    assert while_uploading < 120
    assert in_all < 200 + 120  # the engine's own, as configured, and what the upload may take
    assert tiles(server.page(query=[("batch", "1042")]))["Codes issued"] == "160,000"
    assert list(scratch(server).glob("upload-*")) == []

    drop(page, huge)
    press_import(page)
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("the import was stopped")).to_be_visible(timeout=MINUTE)
    expect(page.get_by_text("Nothing of this file is stored")).to_be_visible()
    assert tiles(server.page())["Codes issued"] == "160,010"
    assert list(scratch(server).glob("upload-*")) == [], "The stopped upload stays on the disk."
    page.reload()
    settled(page)
    assert_clean(server)


def test_an_upload_that_is_taken_off_the_page_leaves_the_disk(
    old: Path, tmp_path: Path, start: Start, context: BrowserContext
) -> None:
    server = start(old, VOUCHERS_SAMPLE="0")
    page = open_imports(server, context)
    drop(page, codes_file(tmp_path / "a.csv", code("A")))
    assert len(list(scratch(server).glob("upload-*"))) == 1
    page.get_by_role("button", name=re.compile("Remove|Delete|Clear")).last.click()
    expect(page.get_by_role("button", name=re.compile("Import \\d+ file"))).to_have_count(0)
    settled(page)
    assert list(scratch(server).glob("upload-*")) == []


def test_an_import_is_taken_back_by_the_page(
    old: Path, tmp_path: Path, start: Start, context: BrowserContext
) -> None:
    server = start(old, VOUCHERS_SAMPLE="0")
    page = open_imports(server, context)
    drop(page, codes_file(tmp_path / "new.csv", code(f"{SECRET}0000001", "Old"), code("A")))
    press_import(page)
    expect(page.get_by_text("2 codes: 1 new, 1 updated")).to_be_visible(timeout=MINUTE)
    settled(page)
    assert len(exported(server)) == 11
    page.get_by_test_id("stDataFrame").last.click(position={"x": 18, "y": 52})
    expect(page.get_by_text("Import 2: new.csv")).to_be_visible()
    page.get_by_role("button", name="Take this import back").click()
    page.get_by_role("button", name="Take it back", exact=True).click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    settled(page)
    rows = exported(server)
    assert len(rows) == 10
    assert all("20/01/2016 10:00" in row for row in rows)
    page.goto(server.url)
    settled(page)
    assert tiles(server.page())["Codes issued"] == "10"
    assert_clean(server)


def test_files_of_the_inbox_are_offered_by_the_page_and_put_away(
    old: Path, tmp_path: Path, start: Start, context: BrowserContext
) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    codes_file(inbox / "codes_*bold*.csv", code("A"), code("B"))
    wrong = codes_file(inbox / "wrong.csv", code(f"{SECRET}A", expiry="soon"))
    (inbox / "notes.txt").write_text("not offered")
    server = start(old, VOUCHERS_SAMPLE="0", VOUCHERS_INBOX=str(inbox))
    page = open_imports(server, context)
    expect(page.get_by_text("From the inbox:")).to_have_count(2)
    page.get_by_text("From the inbox: codes_*bold*.csv").click()
    page.get_by_text("From the inbox: wrong.csv").click()
    expect(page.get_by_text("line 2, column Expiry_Date")).to_be_visible()
    page.get_by_role("button", name="Import 1 file").click()
    expect(page.get_by_text("2 codes: 2 new")).to_be_visible(timeout=MINUTE)
    settled(page)
    assert (inbox / "imported" / "codes_*bold*.csv").exists()
    assert wrong.exists()
    expect(page.get_by_text("From the inbox:")).to_have_count(1)
    assert len(exported(server)) == 12
    assert_clean(server)


def test_two_tabs_that_import_at_once_both_succeed(
    old: Path, tmp_path: Path, start: Start, context: BrowserContext
) -> None:
    server = start(old, VOUCHERS_SAMPLE="0")
    pages = [open_imports(server, context) for _ in range(2)]
    for name, page in zip("AB", pages, strict=True):
        # One code is in both files: whoever comes second meets it.
        rows = [code(f"{name}{n:07}", "New") for n in range(20_000)] + [code("SHARED", "New")]
        drop(page, codes_file(tmp_path / f"{name}.csv", *rows))
    for page in pages:
        press_import(page)
    results = []
    for page in pages:
        said = page.get_by_text(re.compile("20,001 codes: .* duplicates"))
        said.wait_for(timeout=MINUTE)
        results.append(said.inner_text())
    assert sorted(re.findall(r"([\d,]+) (?:new|unchanged)", " ".join(results))) == sorted(
        ["20,001", "0", "20,000", "1"]
    )
    assert len(exported(server)) == 10 + 40_001
    assert_clean(server)


def test_windows_1252_is_asked_about_on_the_page_and_then_read_right(
    old: Path, tmp_path: Path, start: Start, context: BrowserContext
) -> None:
    server = start(old, VOUCHERS_SAMPLE="0")
    file = in_windows_1252(tmp_path / "a.csv")
    page = open_imports(server, context)
    page.set_input_files("input[type=file]", file)
    expect(page.get_by_text("It may be Windows-1252")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Import \\d+ file"))).to_have_count(0)
    page.get_by_text("WINDOWS-1252", exact=True).click()
    expect(page.get_by_text("1 code of Café")).to_be_visible()
    press_import(page)
    expect(page.get_by_text("1 code: 1 new")).to_be_visible(timeout=MINUTE)
    assert len(exported(server, group="Café")) == 1
    assert_clean(server)
