"""The history of downloads, as a file."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from data.replay.undo import undo
from data.store.database import Store
from queries.downloading.receipts import History
from queries.filters import Filters
from tests.support.queries import NOW
from tests.support.rows import Code, Transaction
from tests.support.tracing import begin_download
from tests.support.vouchers import Vouchers


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x85", "\x0b", "\x1e", "\r\n", '"', "🍺"])
def test_the_history_can_be_read_whatever_a_group_is_called(
    loaded: Store, history: History, sign: str
) -> None:
    filters = Filters(group=(f"a{sign}b",))
    with loaded.cursor() as cursor:
        first = history.begin(cursor, "codes", "csv", filters, NOW, "codes.csv")
    second = begin_download(history, loaded)
    assert [receipt["receipt"] for receipt in history.receipts()] == [second, first]
    receipt = history.receipt(first)
    assert receipt
    assert receipt["filters"] == filters.in_words()


def test_a_line_cut_off_by_a_crash_leaves_the_others_readable(
    loaded: Store, history: History
) -> None:
    first = begin_download(history, loaded)
    with history.path.open("a", encoding="utf-8") as file:
        file.write('{"receipt": "0123456789abcdef", "asked_at": "20')
    second = begin_download(history, loaded)
    third = begin_download(history, loaded)
    found = [receipt["receipt"] for receipt in history.receipts()]
    assert [name for name in found if name in (first, second, third)] == [third, second, first]


def states_in(history: History) -> list[dict[str, Any]]:
    entries = [json.loads(line) for line in history.path.read_text("utf-8").splitlines()]
    return [line for line in entries if "receipt" not in line]


def test_a_receipt_lists_the_imports_it_rests_on_which_are_written_once_for_each_state(
    vouchers: Vouchers, history: History
) -> None:
    first = vouchers.load(Code("A1"), folder="May", batch="7")
    for _ in range(3):
        begin_download(history, vouchers.store)
    second = vouchers.load(Transaction("T1", "A1", time="05/01/2016 12:00"))
    begin_download(history, vouchers.store)
    undo(vouchers.store, {second.import_id})
    begin_download(history, vouchers.store)
    assert [len(state["imports"]) for state in states_in(history)] == [1, 2]
    last, before, *_ = history.receipts()
    assert [row["import_id"] for row in before["rests_on"]] == [first.import_id, second.import_id]
    (row,) = last["rests_on"]
    assert (row["file"], row["kind"], row["encoding"]) == ("codes.csv", "codes", "utf-8")
    assert (row["folder"], row["prefix"], row["batch"]) == ("May", None, "7")
    assert re.fullmatch("[0-9a-f]{64}", row["sha256"])


def test_the_imports_of_a_state_whose_line_was_cut_off_by_a_crash_are_written_again(
    loaded: Store, history: History
) -> None:
    begin_download(history, loaded)
    line = history.path.read_bytes().splitlines()[0]
    history.path.write_bytes(line[: len(line) // 2])
    second = begin_download(history, loaded)
    receipt = history.receipt(second)
    assert receipt
    assert len(receipt["rests_on"]) == 6


@pytest.mark.parametrize("scope", [{"folder": "May"}, {"prefix": "May"}, {"batch": "May"}, {}])
def test_the_same_file_with_another_scope_is_another_state(
    tmp_path: Path, scope: dict[str, str]
) -> None:
    states = set()
    for number, given in enumerate(({"folder": "A", "prefix": "B", "batch": "C"}, scope)):
        folder = tmp_path / str(number)
        vouchers = Vouchers(Store(folder / "vouchers.duckdb"), folder)
        vouchers.load(Code("A1"), **given)
        states.add(vouchers.query("state")[0]["digest"])
        vouchers.store.close()
    assert len(states) == 2
