"""Files imported on the page, in a real browser."""

import re
import threading
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.support.browser import settle
from tests.support.imports_page import (
    MB,
    MINUTE,
    Start,
    assert_clean,
    cell,
    drop,
    exported,
    in_windows_1252,
    open_imports,
    press_import,
)
from tests.support.rows import (
    CODES,
    SECRET,
    Code,
    Transaction,
    codes_file,
    csv_bytes,
    transactions_file,
)
from tests.support.server import file_size_limit, tiles


def test_the_page_reports_a_full_disk_and_imports_as_soon_as_there_is_room(
    ten_codes: Path, tmp_path: Path, start: Start, context: BrowserContext
) -> None:
    server = start(ten_codes, VOUCHERS_SAMPLE="0")
    plain = codes_file(tmp_path / "plain.csv", Code(f"{SECRET}A", "Cafe"))
    windows = in_windows_1252(tmp_path / "windows.csv")
    page = open_imports(server, context)
    for is_full in (True, False):
        page.set_input_files("input[type=file][accept*=csv]", [plain, windows])
        page.get_by_text("WINDOWS-1252", exact=True).click()
        expect(cell(page, "Groups", 1)).to_have_text("Café")
        if is_full:
            with file_size_limit(server, 20):
                press_import(page)
                message = page.get_by_text(re.compile("disk|room|cannot be kept"))
                expect(message).to_have_count(2)  # one of each file
        else:
            press_import(page)
            expect(page.get_by_text("2 files: 2 rows, 2 new")).to_be_visible(timeout=MINUTE)
        assert len(exported(server)) == 10 + (0 if is_full else 2)
    assert list(server.scratch.glob("upload-*")) == []


def test_an_upload_to_a_full_disk_is_reported_and_leaves_nothing(
    ten_codes: Path, tmp_path: Path, start: Start, context: BrowserContext
) -> None:
    server = start(ten_codes, VOUCHERS_SAMPLE="0")
    page = open_imports(server, context)
    file = codes_file(tmp_path / "a.csv", *(Code(f"{SECRET}{n}") for n in range(1_000)))
    with file_size_limit(server, 20):
        page.set_input_files("input[type=file][accept*=csv]", file)
        expect(page.get_by_text(re.compile("could not be stored|disk|room"))).to_be_visible()
        assert list(server.scratch.glob("upload-*")) == []
    page.reload()
    settle(page)
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
        found = re.search(r"VmRSS:\s+(\d+) kB", self._status.read_text())
        assert found
        return int(found[1]) / 1024


@pytest.fixture(scope="module")
def huge_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A codes file of 150 MB."""
    path = tmp_path_factory.mktemp("huge_file") / "codes_batch_1042.csv"
    parent = "x" * 900
    with path.open("wb") as file:
        file.write(csv_bytes([CODES]))
        for first in range(0, 160_000, 10_000):
            rows = (
                Code(f"{SECRET}{n:07}", "New", parent=parent) for n in range(first, first + 10_000)
            )
            file.write(csv_bytes(rows))
    assert path.stat().st_size > 140 * MB
    return path


def test_an_upload_of_150_mb_goes_to_disk_is_imported_and_another_one_is_stopped(
    ten_codes: Path, start: Start, context: BrowserContext, huge_file: Path
) -> None:
    server = start(ten_codes, VOUCHERS_SAMPLE="0", VOUCHERS_MEMORY="200MB")
    page = open_imports(server, context)
    with Memory(server.process.pid) as memory:
        with page.expect_response(
            lambda response: "upload_file" in response.url and response.request.method == "PUT",
            timeout=MINUTE,
        ) as uploaded:
            page.set_input_files("input[type=file][accept*=csv]", huge_file)
        assert uploaded.value.ok
        while_uploading = memory.rise()
        expect(page.get_by_text("160,000 codes of New")).to_be_visible(timeout=MINUTE)
        expect(cell(page, "Batch")).to_have_text("1042")
        press_import(page)
        expect(
            page.get_by_text("160,000 codes: 160,000 new, 0 updated, 0 unchanged, 0 duplicates.")
        ).to_be_visible(timeout=MINUTE)
        in_all = memory.rise()
    print(f"memory: {while_uploading:.0f} MB more while uploading, {in_all:.0f} MB in all")
    assert while_uploading < 120
    assert in_all < 200 + 120  # the engine's own, as configured, and what the upload may take
    assert tiles(server.page(query=[("batch", "1042")]))["Codes issued"] == "160,000"
    assert list(server.scratch.glob("upload-*")) == []

    drop(page, huge_file)
    press_import(page)
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("the import was stopped")).to_be_visible(timeout=MINUTE)
    expect(page.get_by_text("Nothing of this file is stored")).to_be_visible()
    assert tiles(server.page())["Codes issued"] == "160,010"
    assert list(server.scratch.glob("upload-*")) == [], "The stopped upload stays on the disk."
    page.reload()
    settle(page)
    assert_clean(server)


def test_an_upload_that_is_taken_off_the_page_is_deleted_from_the_disk(
    ten_codes: Path, tmp_path: Path, start: Start, context: BrowserContext
) -> None:
    server = start(ten_codes, VOUCHERS_SAMPLE="0")
    page = open_imports(server, context)
    drop(page, codes_file(tmp_path / "a.csv", Code("A")))
    assert len(list(server.scratch.glob("upload-*"))) == 1
    page.get_by_role("button", name=re.compile("Remove|Delete|Clear")).last.click()
    expect(page.get_by_role("button", name=re.compile("Import \\d+ file"))).to_have_count(0)
    settle(page)
    assert list(server.scratch.glob("upload-*")) == []


def test_an_import_is_undone_on_the_page(
    ten_codes: Path, tmp_path: Path, start: Start, context: BrowserContext
) -> None:
    server = start(ten_codes, VOUCHERS_SAMPLE="0")
    page = open_imports(server, context)
    drop(page, codes_file(tmp_path / "new.csv", Code(f"{SECRET}0000001", "Old"), Code("A")))
    press_import(page)
    expect(page.get_by_text("2 codes: 1 new, 1 updated")).to_be_visible(timeout=MINUTE)
    settle(page)
    assert len(exported(server)) == 11
    page.get_by_test_id("stDataFrame").last.click(position={"x": 18, "y": 52})
    expect(page.get_by_text("Import 2: new.csv")).to_be_visible()
    page.get_by_role("button", name="Take this import back").click()
    page.get_by_role("button", name="Take it back", exact=True).click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    settle(page)
    rows = exported(server)
    assert len(rows) == 10
    assert all("20/01/2016 10:00" in row for row in rows)
    page.goto(server.url)
    settle(page)
    assert tiles(server.page())["Codes issued"] == "10"
    assert_clean(server)


def test_files_of_the_inbox_are_offered_by_the_page_and_archived(
    ten_codes: Path, tmp_path: Path, start: Start, context: BrowserContext
) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    codes_file(inbox / "codes_*bold*.csv", Code("A"), Code("B"))
    wrong = codes_file(inbox / "wrong.csv", Code(f"{SECRET}A", expiry="soon"))
    (inbox / "notes.txt").write_text("not offered")
    server = start(ten_codes, VOUCHERS_SAMPLE="0", VOUCHERS_INBOX=str(inbox))
    page = open_imports(server, context)
    expect(page.get_by_text("From the inbox:")).to_have_count(2)
    page.get_by_text("From the inbox: codes_*bold*.csv").click()
    page.get_by_text("From the inbox: wrong.csv").click()
    expect(page.get_by_text("line 2, column Expiry_Date")).to_be_visible()
    page.get_by_role("button", name="Import 1 file").click()
    expect(page.get_by_text("2 codes: 2 new")).to_be_visible(timeout=MINUTE)
    settle(page)
    assert (inbox / "imported" / "codes_*bold*.csv").exists()
    assert wrong.exists()
    expect(page.get_by_text("From the inbox:")).to_have_count(1)
    assert len(exported(server)) == 12
    assert_clean(server)


def test_a_refused_file_among_good_ones_says_why_and_keeps_no_other_out(
    ten_codes: Path, tmp_path: Path, start: Start, context: BrowserContext
) -> None:
    server = start(ten_codes, VOUCHERS_SAMPLE="0")
    page = open_imports(server, context)
    wrong = codes_file(tmp_path / "wrong.csv", Code(f"{SECRET}A", expiry="soon"))
    right = [codes_file(tmp_path / f"{name}.csv", Code(f"{SECRET}{name}")) for name in "bc"]
    drop(page, wrong, *right)
    expect(page.get_by_text("line 2, column Expiry_Date")).to_be_visible()
    assert [cell(page, "File", row).inner_text() for row in range(2)] == ["b.csv", "c.csv"]
    page.get_by_role("button", name="Import 2 files").click()
    expect(page.get_by_text("2 files: 2 rows, 2 new, 0 updated")).to_be_visible(timeout=MINUTE)
    assert len(exported(server)) == 12
    assert_clean(server)


def test_the_table_shows_names_of_files_and_groups_letter_for_letter(
    ten_codes: Path, tmp_path: Path, start: Start, context: BrowserContext
) -> None:
    server = start(ten_codes, VOUCHERS_SAMPLE="0")
    page = open_imports(server, context)
    file = "**codes** :red[1] <b>x.csv"
    group = "=1+1 <img src=x onerror=alert(1)> _a_ $x$"
    drop(page, codes_file(tmp_path / file, Code("A1", group), Code("A2", group)))
    expect(cell(page, "File")).to_have_text(file)
    expect(cell(page, "Groups")).to_have_text(group)
    words = page.get_by_text(re.compile("2 codes of")).inner_text()
    assert words.replace("\u2060", "").startswith(f"{file}: 2 codes of {group}")
    press_import(page)
    expect(page.get_by_text("2 codes: 2 new, 0 updated")).to_be_visible(timeout=MINUTE)
    assert_clean(server)


def test_the_page_proposes_until_when_the_data_reach_and_takes_what_is_typed(
    ten_codes: Path, tmp_path: Path, start: Start, context: BrowserContext
) -> None:
    server = start(ten_codes, VOUCHERS_SAMPLE="0")
    page = open_imports(server, context)
    sold = transactions_file(tmp_path / "sold.csv", Transaction(1, "A1", time="31/12/2017 21:57"))
    drop(page, codes_file(tmp_path / "codes.csv", Code("A1")), sold)
    asked = page.locator("[class*=st-key-data_until]")
    expect(asked).to_contain_text(re.compile(r"31.*12.*2017.*21.*57"))
    asked.get_by_role("spinbutton").first.click()
    page.keyboard.type("020120180815", delay=20)
    page.keyboard.press("Tab")
    settle(page)
    page.get_by_role("button", name="Import 2 files").click()
    expect(page.get_by_text("2 files: 2 rows, 2 new")).to_be_visible(timeout=MINUTE)
    settle(page)
    expect(page.get_by_text("Data until 2 Jan 2018, 08:15")).to_be_visible()
    assert_clean(server)


def test_many_files_of_the_inbox_are_taken_at_once(
    ten_codes: Path, tmp_path: Path, start: Start, context: BrowserContext
) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for number in range(1041, 1045):
        codes_file(inbox / f"codes_batch_{number}.csv", Code(f"{SECRET}{number}"))
    server = start(ten_codes, VOUCHERS_SAMPLE="0", VOUCHERS_INBOX=str(inbox))
    page = open_imports(server, context)
    expect(page.get_by_text(str(inbox))).to_be_visible()
    page.get_by_role("button", name="Take all 4 files of the inbox").click()
    page.get_by_role("button", name="Import 4 files").click()
    expect(page.get_by_text("4 files: 4 rows, 4 new")).to_be_visible(timeout=MINUTE)
    assert len(exported(server, batch="1043")) == 1
    assert_clean(server)


def test_two_tabs_that_import_at_once_both_succeed(
    ten_codes: Path, tmp_path: Path, start: Start, context: BrowserContext
) -> None:
    server = start(ten_codes, VOUCHERS_SAMPLE="0")
    pages = [open_imports(server, context) for _ in range(2)]
    for name, page in zip("AB", pages, strict=True):
        # One code is in both files: the second import finds it stored.
        rows = [Code(f"{name}{n:07}", "New") for n in range(20_000)] + [Code("SHARED", "New")]
        drop(page, codes_file(tmp_path / f"{name}.csv", *rows))
    for page in pages:
        press_import(page)
    results = []
    for page in pages:
        message = page.get_by_text(re.compile("20,001 codes: .* duplicates"))
        message.wait_for(timeout=MINUTE)
        results.append(message.inner_text())
    assert sorted(re.findall(r"([\d,]+) (?:new|unchanged)", " ".join(results))) == sorted(
        ["20,001", "0", "20,000", "1"]
    )
    assert len(exported(server)) == 10 + 40_001
    assert_clean(server)


def test_the_page_offers_windows_1252_and_then_reads_it_right(
    ten_codes: Path, tmp_path: Path, start: Start, context: BrowserContext
) -> None:
    server = start(ten_codes, VOUCHERS_SAMPLE="0")
    file = in_windows_1252(tmp_path / "a.csv")
    page = open_imports(server, context)
    page.set_input_files("input[type=file][accept*=csv]", file)
    expect(page.get_by_text("It may be Windows-1252")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Import \\d+ file"))).to_have_count(0)
    page.get_by_text("WINDOWS-1252", exact=True).click()
    expect(page.get_by_text("1 code of Café")).to_be_visible()
    press_import(page)
    expect(page.get_by_text("1 code: 1 new")).to_be_visible(timeout=MINUTE)
    assert len(exported(server, group="Café")) == 1
    assert_clean(server)
