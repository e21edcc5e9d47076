"""A notebook from its first cell to a report, in a real browser, alone and with somebody else."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import MINUTE, choose, settle, tile
from tests.support.notebook_browser import (
    add,
    add_with,
    cell,
    editor,
    live_number,
    marks,
    open_notebook,
    pick,
    pick_of_text,
    press,
    ready,
    type_in,
)
from tests.support.notebook_page import folder_of, load, write
from tests.support.rows import Code
from tests.support.server import Server, serving
from tests.support.stores import copied

BY_GROUP = "select group_name, count(*) as codes\nfrom chosen_codes group by all order by all\n"
TWO_CELLS = (
    "Codes: {{ all.codes_issued }}\n\n```numbers all\n```\n\n```chart weeks\nquery: status\n```\n"
)


@pytest.fixture
def server(fixture_file: Path, tmp_path: Path) -> Iterator[Server]:
    """The app with no notebook yet: a second try of a test finds none of the first one."""
    with serving(copied(fixture_file, tmp_path), tmp_path / "log", VOUCHERS_SAMPLE="0") as running:
        yield running


@pytest.fixture
def other(browser: Browser) -> Iterator[Page]:
    """A tab of somebody else's browser."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


def file_of(server: Server, name: str) -> str:
    return (folder_of(server) / f"{name}.md").read_text("utf-8")


def pin(page: Page, card: str, name: str) -> None:
    """Pin a card to a notebook; the dialog offers the one that was pinned to last."""
    page.locator(f".st-key-pin_{card} button").click()
    dialog = page.get_by_role("dialog")
    new = dialog.get_by_label("Its name")
    dialog.get_by_role("button", name="Pin", exact=True).wait_for()
    if new.count():
        new.fill(name)
    dialog.get_by_role("button", name="Pin", exact=True).click()
    expect(dialog.get_by_text(f"Pinned to “{name}”")).to_be_visible(timeout=MINUTE)
    settle(page)
    dialog.get_by_role("button", name="Close").click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def frozen(page: Page, file: Path) -> Path:
    """The notebook as one file, as the page gives it."""
    page.get_by_role("button", name=re.compile("Freeze")).click()
    link = page.locator(".st-key-freeze_html").get_by_role("link")
    address = link.get_attribute("href") or ""
    with page.expect_download() as started:
        page.evaluate("address => { window.location.href = address }", address)
    started.value.save_as(file)
    return file


def test_from_pins_to_a_frozen_report(
    server: Server, page: Page, other: Page, tmp_path: Path
) -> None:
    page.goto(f"{server.url}/?asof=2016-02-10")
    settle(page)
    for card in ("over_time", "by_site", "status"):
        pin(page, card, "A report")

    open_notebook(page, server, "A report")
    assert marks(page) == ["fresh"] * 3
    add(page, "Numbers")
    press(page, "Done")
    add_with(page, "Text", "\n{{ numbers.codes_issued }} codes were issued.\n\n")
    expect(live_number(page, "18")).to_be_visible()
    add_with(page, "SQL", BY_GROUP)
    assert marks(page) == ["fresh"] * 5
    cell(page, "sql").get_by_text("As a chart").click()
    cell(page, "sql").get_by_role("button", name=re.compile("Suggested: bar")).click()
    ready(page)
    expect(cell(page, "sql").locator(".js-plotly-plot")).to_be_visible()

    choose(page, "Code group", "Email")
    ready(page)
    expect(live_number(page, "10")).to_be_visible()
    assert tile(page, "Codes issued") == "10"
    expect(cell(page, "sql")).to_contain_text("1 row")
    assert "filter: group=Email&asof=2016-02-10" in file_of(server, "A report")

    address = page.url
    for tab in (page, other):
        tab.goto(address)
        ready(tab)
        expect(live_number(tab, "10")).to_be_visible(timeout=MINUTE)
        expect(cell(tab, "sql").locator(".js-plotly-plot")).to_be_visible(timeout=MINUTE)
        assert marks(tab) == ["fresh"] * 5

    file = frozen(page, tmp_path / "report.html")
    other.context.set_offline(True)
    other.goto(file.as_uri())
    expect(other.get_by_role("heading", name="A report", level=1)).to_be_visible()
    expect(other.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    assert other.locator(".js-plotly-plot").count() == 4
    expect(other.get_by_text("10 codes were issued.")).to_be_visible()


def test_the_second_of_two_saves_is_refused_with_the_difference(
    server: Server, page: Page, other: Page
) -> None:
    write(server, "Two people", TWO_CELLS)
    open_notebook(page, server, "Two people")
    open_notebook(other, server, "Two people")
    pick(other, "all", "Edit")
    pick(page, "all", "Remove")
    theirs = file_of(server, "Two people")
    box = other.get_by_role("textbox", name="Title", exact=True)
    box.fill("My numbers")
    box.press("Enter")
    expect(other.get_by_text("Your last change is not saved")).to_be_visible()
    expect(other.get_by_test_id("stCode")).to_contain_text("+ title: My numbers")
    assert file_of(server, "Two people") == theirs
    press(other, "Save mine instead")
    assert "title: My numbers" in file_of(server, "Two people")
    expect(other.get_by_text("Your last change is not saved")).to_have_count(0)


def test_what_two_people_type_into_one_cell_is_never_merged(
    server: Server, page: Page, other: Page
) -> None:
    write(server, "One cell", "```sql one\nselect 1 as a\n```\n")
    for tab in (page, other):
        open_notebook(tab, server, "One cell")
        pick(tab, "one", "Edit")
    type_in(page, "select 2 as a\n")
    type_in(other, "select 3 as a\n")
    expect(other.get_by_text("Your last change is not saved")).to_be_visible()
    assert "select 2" in file_of(server, "One cell")
    expect(other.get_by_test_id("stCode")).to_contain_text("+ select 3")
    press(other, "Keep theirs")
    assert "select 2" in file_of(server, "One cell")
    assert "select 3" not in file_of(server, "One cell")


def test_an_import_in_between_is_named_and_results_stay_until_somebody_says_otherwise(
    server: Server, page: Page, other: Page
) -> None:
    write(server, "Before", TWO_CELLS)
    open_notebook(page, server, "Before")
    before = tile(page, "Codes issued")
    load(server, Code("LATER1", "Email"))
    page.reload()
    ready(page)
    expect(page.get_by_text("1 import since (new.csv)")).to_be_visible()
    assert all(mark.startswith("stale: data until") for mark in marks(page))
    assert tile(page, "Codes issued") == before
    press(page, "Keep these results")
    expect(page.get_by_text("1 import since")).to_have_count(0)
    assert all(mark.startswith("stale") for mark in marks(page))
    page.reload()
    ready(page)
    press(page, "Run again")
    assert marks(page) == ["fresh", "fresh"]
    assert tile(page, "Codes issued") == f"{int(before) + 1}"
    expect(live_number(page, f"{int(before) + 1}")).to_be_visible()
    open_notebook(other, server, "Before")
    expect(other.get_by_text("1 import since")).to_have_count(0)


def test_what_is_typed_survives_a_page_change_and_a_reload(server: Server, page: Page) -> None:
    write(server, "Typing", "Before\n\n```numbers all\n```\n")
    open_notebook(page, server, "Typing")
    pick_of_text(page, 0, "Edit")
    editor(page).fill("Half a sentence")
    page.get_by_role("link", name="Codes", exact=True).click()
    page.get_by_role("heading", name="Codes", level=1).wait_for()
    settle(page)
    page.go_back()
    page.get_by_role("heading", name="Typing", level=1).wait_for()
    ready(page)
    reopen(page)
    expect(editor(page)).to_have_value("Half a sentence\n")  # the file ends each line
    editor(page).fill("Half a sentence that goes on")
    page.reload()
    ready(page)
    reopen(page)
    expect(editor(page)).to_have_value("Half a sentence that goes on")
    press(page, "Done")
    assert "Half a sentence that goes on" in file_of(server, "Typing")
    assert "Before" not in file_of(server, "Typing")


def test_what_is_typed_survives_a_restart_of_the_server(
    start: Callable[..., Server], ten_codes: Path, page: Page
) -> None:
    first = start(ten_codes)
    write(first, "Typing", "```sql one\nselect 1 as a\n```\n")
    open_notebook(page, first, "Typing")
    pick(page, "one", "Edit")
    editor(page).fill("select 12345 as a")
    expect(page.get_by_text("is not in the notebook yet")).to_be_visible(timeout=MINUTE)
    first.process.kill()
    first.process.wait()
    second = start(ten_codes)
    open_notebook(page, second, "Typing")
    assert file_of(second, "Typing") == "```sql one\nselect 1 as a\n```\n"
    expect(editor(page)).to_have_value("select 12345 as a")


def reopen(page: Page) -> None:
    """Open the editor of the first cell, a text, unless it is open."""
    if not editor(page).count():
        pick_of_text(page, 0, "Edit")
