"""A Monday of an analyst, in a real browser."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.support.browser import choose, click_bar, open_page, settle, tile
from tests.support.paths import FIXTURES
from tests.support.server import Server

MINUTE = 60_000


def import_files(page: Page, names: list[str], scope: dict[str, str]) -> None:
    page.set_input_files("input[type=file][accept*=csv]", [FIXTURES / name for name in names])
    page.get_by_role("button", name=re.compile("Import \\d+ file")).wait_for()
    for label, value in scope.items():
        box = page.get_by_role("textbox", name=f"{label} of all files")
        box.fill(value)
        box.press("Tab")
        settle(page)
    page.get_by_role("button", name=re.compile("Import \\d+ file")).click()
    # Of this import: the result of the one before it is off the page while this one runs.
    page.get_by_role("progressbar").wait_for(timeout=MINUTE)
    page.get_by_text(re.compile(f"{len(names)} files: .* new, .* updated")).wait_for(timeout=MINUTE)
    settle(page)


def test_from_a_fresh_start_to_a_download_that_changes_nothing_when_it_comes_back(
    start: Callable[..., Server], context: BrowserContext, browser: Browser, tmp_path: Path
) -> None:
    server = start(tmp_path / "vouchers.duckdb", VOUCHERS_SAMPLE="1")
    page = context.new_page()

    # A fresh store shows the made-up chain, and says so.
    page.goto(server.url)
    settle(page)
    expect(page.get_by_text("This is sample data of a made-up chain")).to_be_visible()
    assert int(tile(page, "Codes issued").replace(",", "")) > 50_000

    # The first real import offers to clear it.
    open_page(page, "Imports", "Files")
    page.get_by_text("Clear the sample data first").wait_for()
    settle(page)
    import_files(
        page,
        ["codes_folder_january_2016.csv", "transactions_folder_january_2016.csv"],
        {},  # the folder is guessed from the names
    )
    import_files(
        page,
        ["codes_prefix_back.csv", "transactions_prefix_back.csv"],
        {"Folder": "Bouncebacks"},
    )
    expect(page.get_by_text("This is sample data")).to_have_count(0)

    # Choose a folder and a group.
    page.get_by_role("link", name="Overview").click()
    settle(page)
    assert tile(page, "Codes issued") == "18"
    choose(page, "Reporting folder", "January 2016")
    choose(page, "Code group", "Email")
    assert tile(page, "Codes issued") == "10"
    assert tile(page, "Net redemptions") == "7"
    assert "folder=January+2016" in page.url
    assert "group=Email" in page.url

    # Click a bar: Site001, the first of the sites.
    click_bar(page, "by_site", -1)
    page.wait_for_url(re.compile("site="))
    settle(page)
    assert tile(page, "Net redemptions") == "3"
    main = page.get_by_test_id("stMainBlockContainer")
    expect(main.get_by_role("button", name="Site001")).to_be_visible()

    # The URL shows the same numbers in another browser.
    other = browser.new_context().new_page()
    other.goto(page.url)
    settle(other)
    for label in ("Codes issued", "Redeemed codes", "Net redemptions", "Outstanding"):
        assert tile(other, label) == tile(page, label)
    other.reload()
    settle(other)
    assert tile(other, "Net redemptions") == "3"
    other.context.close()

    # The filters survive a change of page; the download has what was counted.
    page.get_by_role("link", name="Transactions").click()
    settle(page)
    assert "site=Site001" in page.url
    assert tile(page, "Net redemptions") == "3"
    with page.expect_download() as started:
        page.get_by_role("link", name="Download CSV (4 rows)").click()
    download = started.value
    file = tmp_path / download.suggested_filename
    download.save_as(file)
    assert file.name.startswith("transactions_email_january-2016_")
    assert len(file.read_text("utf-8").splitlines()) == 5

    # Imported again, it changes nothing.
    open_page(page, "Imports", "Files")
    settle(page)
    page.set_input_files("input[type=file][accept*=csv]", file)
    page.get_by_role("button", name="Import 1 file").click()
    expect(
        page.get_by_text("4 transactions: 0 new, 0 updated, 4 unchanged, 0 duplicates.")
    ).to_be_visible(timeout=MINUTE)
    log = server.log.read_text("utf-8")
    assert "Traceback" not in log
    assert "JANE" not in log
