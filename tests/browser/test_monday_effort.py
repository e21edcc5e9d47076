"""How few clicks and characters the files of a Monday take, in a real browser."""

import re
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from data.store.database import Store
from tests.support.browser import settle
from tests.support.clicks import Effort, begin_again, count_clicks, effort
from tests.support.imports_page import MINUTE, assert_clean, cell, open_imports
from tests.support.rows import SECRET, Code, Transaction, codes_file, transactions_file
from tests.support.server import Server

FOLDER = "Winter 2017"
BATCHES = range(1041, 1068)
SIZE = 50  # codes of a batch


def prefix(batch: int) -> str:
    return f"{SECRET}W{'ABC'[batch % 3]}{batch - 1024}"


def codes(batch: int) -> list[str]:
    """Codes without anything in common but their prefix."""
    return [f"{prefix(batch)}{'BCDFGHJKLM'[n % 10]}{n:02}" for n in range(SIZE)]


def monday_files(folder: Path) -> list[Path]:
    """27 batches of codes, and all their redemptions of December."""
    folder.mkdir()
    group = {batch: ("Email", "SMS", "Social")[batch % 3] for batch in BATCHES}
    used = [(batch, code) for batch in BATCHES for code in codes(batch)[::5]]
    return [
        *(
            codes_file(
                folder / f"codes_batch_{batch}.csv",
                *(Code(code, group[batch], start="01/12/2017 00:00") for code in codes(batch)),
            )
            for batch in BATCHES
        ),
        transactions_file(
            folder / "transactions.csv",
            *(
                Transaction(n, code, group[batch], time="31/12/2017 21:57")
                for n, (batch, code) in enumerate(used)
            ),
        ),
    ]


def drop_all(page: Page, files: Sequence[Path]) -> None:
    page.set_input_files("input[type=file][accept*=csv]", list(files))
    page.get_by_role("button", name=f"Import {len(files)} files").wait_for(timeout=MINUTE)
    settle(page)


def import_all(page: Page, result: str) -> None:
    page.get_by_role("button", name=re.compile("Import \\d+ files")).click()
    expect(page.get_by_text(result)).to_be_visible(timeout=2 * MINUTE)
    settle(page)


def type_into_cell(page: Page, text: str) -> None:
    """Type into the cell that has the focus, which then goes to the one below."""
    page.keyboard.press("Enter")
    page.locator(".gdg-input").wait_for()
    page.keyboard.type(text, delay=20)
    page.keyboard.press("Enter")
    page.locator(".gdg-input").wait_for(state="detached")


def stored(path: Path) -> list[tuple[object, ...]]:
    """The scopes of the stored codes, one row per scope."""
    with closing(Store(path)) as store, store.cursor() as cursor:
        query = "select folder, prefix, batch, count(*) from vouchers.codes group by all order by 3"
        return cursor.execute(query).fetchall()


def imports(path: Path) -> list[tuple[object, ...]]:
    with closing(Store(path)) as store, store.cursor() as cursor:
        query = "select distinct folder, kind, exported_at from vouchers.imports order by all"
        return cursor.execute(query).fetchall()


def test_27_new_batches_take_few_clicks_and_the_same_files_a_week_later_hardly_any(
    tmp_path: Path, start: Callable[..., Server], context: BrowserContext
) -> None:
    store = tmp_path / "vouchers.duckdb"
    server = start(store, VOUCHERS_SAMPLE="0")
    files = monday_files(tmp_path / "monday")
    count_clicks(context)
    page = open_imports(server, context)

    # New files: the folder is typed once, all else is proposed.
    drop_all(page, files)
    expect(cell(page, "Prefix", 3)).to_have_text(prefix(1044))
    expect(cell(page, "Batch", 3)).to_have_text("1044")
    expect(cell(page, "Known or proposed", 3)).to_have_text("proposed by its name and codes")
    expect(cell(page, "File", 27)).to_have_text("transactions.csv")
    page.get_by_role("textbox", name="Folder of all files").click()
    page.keyboard.type(FOLDER, delay=20)
    import_all(page, "28 files: 1,620 rows, 1,620 new, 0 updated, 0 unchanged, 0 duplicates.")
    first = effort(page)
    print(first)
    assert first.clicks <= 15
    assert first.characters <= 60
    assert first == Effort(clicks=3, characters=len(FOLDER), keys=0)

    # A week later: known files, nothing to type.
    page.reload()
    settle(page)
    begin_again(page)
    drop_all(page, files)
    today = datetime.now()
    known = re.compile(rf"^known since {today.day} ")
    expect(cell(page, "Known or proposed", 3)).to_have_text(known)
    expect(cell(page, "Folder", 27)).to_have_text(FOLDER)
    import_all(page, "28 files: 1,620 rows, 0 new, 0 updated, 1,620 unchanged, 0 duplicates.")
    second = effort(page)
    print(second)
    assert second.clicks <= 4
    assert second == Effort(clicks=2, characters=0, keys=0)

    assert_clean(server)
    server.process.terminate()
    server.process.wait(20)
    assert stored(store) == [(FOLDER, prefix(batch), str(batch), SIZE) for batch in BATCHES]
    end = datetime(2017, 12, 31, 21, 57)
    assert imports(store) == [(FOLDER, "codes", end), (FOLDER, "transactions", end)]


def test_two_folders_are_typed_into_the_table_and_filled_down_by_keyboard_too(
    tmp_path: Path, start: Callable[..., Server], context: BrowserContext
) -> None:
    store = tmp_path / "vouchers.duckdb"
    server = start(store, VOUCHERS_SAMPLE="0")
    files = monday_files(tmp_path / "monday")[:4]
    count_clicks(context)
    page = open_imports(server, context)
    drop_all(page, files)
    # From the button above the table into it, without a mouse.
    page.get_by_role("button", name="Fill folders down").focus()
    for _ in range(4):  # over the table's three buttons
        page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    type_into_cell(page, "Winter")
    page.keyboard.press("ArrowDown")
    type_into_cell(page, "Spring")
    page.get_by_role("button", name="Fill folders down").press("Enter")
    settle(page)
    folders = [cell(page, "Folder", row) for row in range(4)]
    for found, wanted in zip(folders, ["Winter", "Winter", "Spring", "Spring"], strict=True):
        expect(found).to_have_text(wanted)
    import_all(page, "4 files: 200 rows, 200 new, 0 updated, 0 unchanged, 0 duplicates.")
