"""Named views in a real browser: saved, opened, renamed, deleted, at the start, and as a file."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import MINUTE, pick_of, save_download, settle, tile
from tests.support.server import Server
from tests.support.stores import copied


@pytest.fixture
def app(fixture_file: Path, tmp_path: Path, start: Callable[..., Server]) -> Server:
    return start(copied(fixture_file, tmp_path), VOUCHERS_SAMPLE="0")


def open_menu(page: Page) -> None:
    settle(page)
    page.get_by_test_id("stSidebar").get_by_text("Views", exact=True).click()
    expect(page.get_by_label("Save this view as")).to_be_visible()


def save(page: Page, name: str) -> None:
    page.get_by_label("Save this view as").fill(name)
    page.get_by_role("button", name="Save", exact=True).click()


def link(page: Page, name: str) -> None:
    """Wait for the link of a view."""
    expect(page.get_by_role("link", name=name, exact=True)).to_be_visible(timeout=MINUTE)


def change(page: Page, name: str) -> None:
    pick_of(page, page.get_by_role("combobox", name="Change a view"), name)
    expect(page.get_by_label("Name", exact=True)).to_be_visible(timeout=MINUTE)
    settle(page)


def test_a_view_is_saved_opened_elsewhere_renamed_and_deleted_and_brought_back(
    app: Server, page: Page, browser: Browser
) -> None:
    address = f"{app.url}/codes?group=Email&asof=2016-02-10&sort=code"
    page.goto(address)
    open_menu(page)
    save(page, "Monday *check*")
    link(page, "Monday *check*")
    elsewhere = browser.new_context().new_page()
    elsewhere.goto(f"{app.url}/batches")
    open_menu(elsewhere)
    elsewhere.get_by_role("link", name="Monday *check*", exact=True).click()
    elsewhere.wait_for_url(address)
    settle(elsewhere)
    assert tile(elsewhere, "Codes issued") == "10"
    elsewhere.context.close()
    change(page, "Monday *check*")
    page.get_by_label("Name", exact=True).fill("Tuesday")
    page.keyboard.press("Enter")
    link(page, "Tuesday")
    settle(page)
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("“Tuesday” is deleted.")).to_be_visible(timeout=MINUTE)
    expect(page.get_by_role("link", name="Tuesday", exact=True)).to_have_count(0)
    settle(page)
    page.get_by_role("button", name="Undo: bring Tuesday back").click()
    link(page, "Tuesday")


def test_a_view_opens_at_the_start_and_at_no_other_address(
    app: Server, page: Page, browser: Browser
) -> None:
    address = f"{app.url}/transactions?group=Email&grain=week"
    page.goto(address)
    open_menu(page)
    save(page, "Start here")
    link(page, "Start here")
    change(page, "Start here")
    page.get_by_text("Open at start").click()
    settle(page)
    for wanted, opened in (("/", address), ("/?group=SMS", "/?group=SMS"), ("/codes", "/codes")):
        another = browser.new_context().new_page()
        another.goto(app.url + wanted)
        another.wait_for_url(re.compile(re.escape(opened) + "$"))
        settle(another)
        if opened == address:  # and a click leads on to the Overview
            another.get_by_role("link", name="Overview").first.click()
            another.wait_for_url(re.compile(r"/\?group=Email$"))
            settle(another)
        another.context.close()


def test_views_are_taken_along_as_a_file(app: Server, page: Page, tmp_path: Path) -> None:
    page.goto(f"{app.url}/batches?group=Email")
    open_menu(page)
    save(page, "Email")
    link(page, "Email")
    file = save_download(page, "Download my views", tmp_path)
    assert json.loads(file.read_text("utf-8"))["views"] == [
        {"name": "Email", "page": "batches", "query": "group=Email"}
    ]
    views = app.store.with_name("vouchers.views.json")
    views.unlink()
    page.reload()
    open_menu(page)
    expect(page.get_by_role("link", name="Email", exact=True)).to_have_count(0)
    page.locator("input[type=file][accept*=json]").set_input_files(file)
    expect(page.get_by_text("1 view added.")).to_be_visible(timeout=MINUTE)
    link(page, "Email")
    settle(page)
    wrong = tmp_path / "wrong.json"
    wrong.write_text('{"views": []}', "utf-8")
    page.locator("input[type=file][accept*=json]").set_input_files(wrong)
    expect(page.get_by_text("This is no file of views")).to_be_visible(timeout=MINUTE)
    assert json.loads(views.read_text("utf-8"))["views"][0]["query"] == "group=Email"


def test_a_view_keeps_no_code(app: Server, page: Page) -> None:
    page.goto(f"{app.url}/codes?batch=JANEB0001")
    open_menu(page)
    save(page, "One code")
    expect(page.get_by_text("This has a code in it")).to_be_visible(timeout=MINUTE)
    page.goto(f"{app.url}/codes")
    open_menu(page)
    save(page, "All about JANEB0001")
    expect(page.get_by_text("This has a code in it")).to_be_visible(timeout=MINUTE)
    # No row of this page can be selected yet, so nothing has read this part of its address.
    page.goto(f"{app.url}/downloads?selected=JANEB0001")
    open_menu(page)
    save(page, "A download")
    expect(page.get_by_text("This has a code in it")).to_be_visible(timeout=MINUTE)
    assert not app.store.with_name("vouchers.views.json").exists()


def test_a_replaced_view_comes_back_also_after_a_failure(app: Server, page: Page) -> None:
    views = app.store.with_name("vouchers.views.json")
    for path in ("codes?group=Email", "batches?group=SMS"):
        page.goto(f"{app.url}/{path}")
        open_menu(page)
        save(page, "Mine")
        link(page, "Mine")
    expect(page.get_by_text("“Mine” is replaced.")).to_be_visible(timeout=MINUTE)
    settle(page)
    saved = views.read_text("utf-8")
    assert json.loads(saved)["views"][0]["page"] == "batches"
    undo = page.get_by_role("button", name="Undo: bring Mine back")
    views.write_text("broken", "utf-8")
    undo.click()
    expect(page.get_by_text("vouchers.views.json is no file of views.")).to_be_visible(
        timeout=MINUTE
    )
    views.write_text(saved, "utf-8")
    page.get_by_role("link", name="Codes", exact=True).first.click()
    settle(page)
    undo.click()
    expect(undo).to_have_count(0, timeout=MINUTE)
    assert json.loads(views.read_text("utf-8"))["views"][0]["page"] == "codes"


def test_of_a_file_with_a_code_no_view_is_taken(app: Server, page: Page, tmp_path: Path) -> None:
    page.goto(f"{app.url}/batches?group=Email")
    open_menu(page)
    save(page, "Email")
    link(page, "Email")
    file, query = tmp_path / "views.json", "group=SMS"
    filed = [
        {"name": "Email", "page": "batches", "query": query},
        {"name": "New", "page": "codes", "query": query},
        {"name": "mail,JANEB0001", "page": "codes", "query": query},
    ]
    for views, sentence in ((filed, "This has a code in it"), (filed[:2], "1 view replaced.")):
        content = {"format": "voucher-explorer-views", "views": views}
        file.write_text(json.dumps(content), "utf-8")
        settle(page)
        page.locator("input[type=file][accept*=json]").set_input_files(file)
        expect(page.get_by_text(sentence)).to_be_visible(timeout=MINUTE)
        has_new = page.get_by_role("link", name="New", exact=True)
        expect(has_new).to_have_count(0 if views is filed else 1, timeout=MINUTE)
