"""A list is checked in a real browser: 200 codes, of which 3 are misspelt and 2 stand twice."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from data.store import audit
from tests.support.browser import MINUTE, pick_of, settle, tile
from tests.support.imports_page import Start
from tests.support.rows import SECRET, Code, Transaction
from tests.support.vouchers import Vouchers

CODES = [f"{SECRET}{number:05d}" for number in range(0, 1950, 10)]
MISSPELT = [CODES[0].lower(), f"{CODES[1][:-1]}X", f" {CODES[2]}"]
LIST = [*CODES, *MISSPELT, CODES[7], CODES[9]]


@pytest.fixture
def shop(vouchers: Vouchers) -> Path:
    """195 codes, 40 of which are redeemed, and 5 expired."""
    of_year = [Code(code, expiry="01/02/2100 00:00") for code in CODES[:190]]
    vouchers.load(*of_year, *(Code(code, expiry="01/01/2016 12:00") for code in CODES[190:]))
    vouchers.load(*(Transaction(n, code, site="Site007") for n, code in enumerate(CODES[:40], 1)))
    vouchers.store.close()
    return vouchers.store.path


def expect_the_verdicts(page: Page) -> None:
    unknown = page.get_by_text("3 codes are unknown; 3 of them have a near miss")
    expect(unknown).to_be_visible(timeout=MINUTE)
    expect(page.get_by_text("2 lines repeat a code of an earlier line.")).to_be_visible()
    expect(page.get_by_text("198 different codes, 2 lines doubled")).to_be_visible()
    assert {label: tile(page, label) for label in ("Lines in the list", "Redeemed", "Unknown")} == {
        "Lines in the list": "200",
        "Redeemed": "40",
        "Unknown": "3",
    }
    verdicts = ("Redeemed", "Not redeemed", "Cancelled only", "Expired", "Scheduled", "Deleted")
    assert sum(int(tile(page, verdict)) for verdict in (*verdicts, "Unknown")) == 198


def test_a_pasted_list_has_its_verdicts_rows_and_file_and_stands_in_no_address(
    shop: Path, start: Start, page: Page
) -> None:
    server = start(shop, VOUCHERS_SAMPLE="0")
    page.goto(f"{server.url}/check_list")
    settle(page)
    page.get_by_label("Paste codes").fill("\n".join(LIST))
    page.get_by_role("button", name="Check the list").click()
    expect_the_verdicts(page)
    assert SECRET.lower() not in page.url.lower()

    page.get_by_role("radio", name="Unknown").click()
    expect(page.get_by_text("Rows 1–50 of 200")).to_have_count(0)
    expect(page).to_have_url(re.compile("verdict=unknown"), timeout=MINUTE)
    address = page.url
    with page.expect_download() as saved:
        page.get_by_role("link", name="CSV").click()
    lines = saved.value.path().read_text("utf-8-sig").splitlines()
    assert len(lines) == 201
    assert [line.split(",")[6:8] for line in lines if ",unknown," in line] == [
        [CODES[0], "case"],
        [CODES[1], "one letter off"],
        [CODES[2], "blanks"],
    ]

    page.get_by_role("radio", name="Doubled").click()
    expect(page).to_have_url(re.compile("verdict=doubled"), timeout=MINUTE)
    settle(page)
    expect(page.get_by_text(re.compile(r"Rows 1–\d+ of 20\d"))).to_have_count(0)

    page.goto(address)  # as a new tab would
    expect_the_verdicts(page)
    for name in ("Codes", "Check a list"):
        page.get_by_test_id("stSidebar").get_by_role("link", name=name).first.click()
        expect(page.get_by_role("heading", level=1, name=name)).to_be_visible(timeout=MINUTE)
        settle(page)
    expect_the_verdicts(page)
    entries = "".join(str(entry) for entry in audit.entries(shop))
    assert "list checked" in entries
    assert SECRET.lower() not in (entries + server.log.read_text("utf-8")).lower()


def test_a_list_in_a_file_is_checked_and_another_column_can_be_chosen(
    shop: Path, start: Start, page: Page, tmp_path: Path
) -> None:
    server = start(shop, VOUCHERS_SAMPLE="0")
    file = tmp_path / "guests.csv"
    rows = "\n".join(f"{number},{code}" for number, code in enumerate(LIST))
    file.write_text(f"Name,Voucher\n{rows}", "utf-8")
    page.goto(f"{server.url}/check_list")
    settle(page)
    page.get_by_label("Choose a file").set_input_files(file)
    expect_the_verdicts(page)
    pick_of(page, page.get_by_role("combobox", name="Column with the codes"), "Name")
    expect(page.get_by_text("0 codes of 200 (0.0%) are redeemed.")).to_be_visible(timeout=MINUTE)


def test_what_is_no_list_is_said(shop: Path, start: Start, page: Page, tmp_path: Path) -> None:
    server = start(shop, VOUCHERS_SAMPLE="0")
    file = tmp_path / "book.xlsx"
    file.write_bytes(b"PK\x03\x04rest")
    page.goto(f"{server.url}/check_list")
    settle(page)
    page.get_by_label("Choose a file").set_input_files(file)
    expect(page.get_by_text("This workbook cannot be read.")).to_be_visible(timeout=MINUTE)
