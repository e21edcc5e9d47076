"""Which downloads held a code."""

from datetime import datetime
from pathlib import Path

import pytest

from data.importing.pipeline import load
from data.importing.scope import Scope
from data.replay.undo import clear_sample, undo
from tests.support.compression import zstd
from tests.support.rows import HEADERS, Code, Transaction
from tests.support.tracing import Downloads

pytestmark = pytest.mark.slow


def test_the_downloads_that_held_a_code_are_found_by_their_filters(downloads: Downloads) -> None:
    vouchers = downloads.vouchers
    vouchers.load(Code("AB1", "Email"), Code("AB2", "SMS"), Code("=1'+\"1", "Email"), folder="May")
    vouchers.load(Transaction("T1", "AB1", time="10/01/2016 12:00", site="Site007"))
    downloads.download("all")
    downloads.download("more", kind="codes_more")
    downloads.download("email", "group=Email")
    downloads.download("sms in May", "group=SMS&folder=May")
    downloads.download("begins", "prefix=AB")
    downloads.download("whole code", "prefix=AB1")
    downloads.download("two", "prefix=AB1&prefix=AB2")
    downloads.download("nobody", "group=nobody")
    downloads.download("redeemed", "status=redeemed")
    downloads.download("active then", "status=active&asof=2016-01-05")
    downloads.download("scans", kind="transactions")
    downloads.download(
        "scans of Site007", "site=Site007&from=2016-01-10&to=2016-01-10", "transactions"
    )
    downloads.download("scans of Site008", "site=Site008", "transactions")
    downloads.download("scans of February", "from=2016-02-01", "transactions")
    downloads.download("not email", "group!=Email")
    downloads.download("not AB1", "prefix!=AB1")
    downloads.download("scans elsewhere", "site!=Site007", "transactions")
    downloads.download("scans not there", "site!=Site008&expiry_from=2100-02-01", "transactions")
    assert downloads.held("AB1") == {
        *("all", "more", "email", "begins", "whole code", "two", "redeemed", "active then"),
        *("scans", "scans of Site007", "scans not there"),
    }
    assert "AB1" not in downloads.history.path.read_text("utf-8")
    assert downloads.held("AB2") == {
        *("all", "more", "sms in May", "begins", "two", "active then", "not email", "not AB1"),
    }
    assert downloads.held("=1'+\"1") == {"all", "more", "email", "active then", "not AB1"}
    for other in ("AB", "AB11", "ab1", "", " AB1"):
        assert downloads.held(other) == set()


def test_a_download_from_before_the_code_was_imported_did_not_hold_it(downloads: Downloads) -> None:
    downloads.download("of the empty store")
    downloads.vouchers.load(Code("A1"))
    downloads.download("first")
    downloads.download("first scans", kind="transactions")
    downloads.vouchers.load(Code("A1"), Code("A2"))
    downloads.vouchers.load(
        Transaction("T1", "A1", time="10/01/2016 12:00"),
        Transaction("T2", "A2", time="10/01/2016 12:00"),
    )
    downloads.download("second")
    downloads.download("second scans", kind="transactions")
    assert downloads.held("A1") == {"first", "second", "second scans"}
    assert downloads.held("A2") == {"second", "second scans"}


def test_a_code_redeemed_after_a_download_was_active_then(downloads: Downloads) -> None:
    vouchers = downloads.vouchers
    vouchers.load(Code("A1"))
    downloads.download("active", "status=active", now=datetime(2016, 1, 5))
    downloads.download("redeemed", "status=redeemed", now=datetime(2016, 1, 5))
    vouchers.load(Transaction("T1", "A1", time="10/01/2016 12:00"))
    downloads.download("redeemed later", "status=redeemed", now=datetime(2016, 1, 11))
    assert downloads.held("A1") == {"active", "redeemed later"}


def test_a_download_that_broke_off_is_listed_too_because_it_may_have_held_the_code(
    downloads: Downloads,
) -> None:
    downloads.vouchers.load(Code("A1"))
    downloads.download("broken")
    (receipt,) = downloads.history.receipts()
    assert "sha256" not in receipt
    assert downloads.held("A1") == {"broken"}


def test_a_code_that_moved_to_another_folder_is_traced_to_the_downloads_of_each_folder_then(
    downloads: Downloads,
) -> None:
    vouchers = downloads.vouchers
    vouchers.load(Code("A1"), folder="May")
    vouchers.load(Code("B1"), folder="June")
    downloads.download("May before", "folder=May")
    downloads.download("June before", "folder=June")
    vouchers.load(Code("A1"), folder="June")
    downloads.download("May after", "folder=May")
    downloads.download("June after", "folder=June")
    assert downloads.held("A1") == {"May before", "June after"}
    assert downloads.held("B1") == {"June before", "June after"}


def test_a_code_whose_import_was_undone_is_traced_to_the_earlier_downloads(
    downloads: Downloads,
) -> None:
    vouchers = downloads.vouchers
    wrong = vouchers.load(Code("A1"), Code("W1"))
    downloads.download("before")
    undo(vouchers.store, {wrong.import_id})
    downloads.download("between")
    vouchers.load(Code("A1"))
    downloads.download("after")
    assert downloads.held("A1") == {"before", "after"}
    assert downloads.held("W1") == {"before"}


def test_a_redemption_that_became_known_later_changes_nothing_about_a_download(
    downloads: Downloads,
) -> None:
    vouchers, late = downloads.vouchers, datetime(2016, 1, 20)
    vouchers.load(Code("A1"))
    vouchers.load(Transaction("T1", "A1", time="05/01/2016 12:00"))
    for status in ("redeemed", "cancelled"):
        downloads.download(f"{status} before", f"status={status}", now=late)
        downloads.download(
            f"{status} scans before", f"cancelled={'yes' if status == 'cancelled' else 'no'}",
            "transactions", late,
        )  # fmt: skip
    vouchers.load(Transaction("T1", "A1", time="05/01/2016 12:00", cancelled="Yes"))
    for status in ("redeemed", "cancelled"):
        downloads.download(f"{status} after", f"status={status}", now=late)
    assert downloads.held("A1") == {"redeemed before", "redeemed scans before", "cancelled after"}


def test_dates_that_changed_since_are_as_they_were(downloads: Downloads) -> None:
    vouchers, day = downloads.vouchers, datetime(2016, 3, 1)
    vouchers.load(Code("A1", expiry="01/02/2016 00:00"))
    downloads.download("expired", "status=expired", now=day)
    downloads.download("active", "status=active", now=day)
    vouchers.load(Code("A1", expiry="01/02/2017 00:00"))
    downloads.download("expired later", "status=expired", now=day)
    downloads.download("active later", "status=active", now=day)
    assert downloads.held("A1") == {"expired", "active later"}


def test_sample_data_and_the_real_files_after_it_are_not_confused(
    downloads: Downloads, tmp_path: Path
) -> None:
    vouchers = downloads.vouchers
    sample = tmp_path / "sample.csv"
    sample.write_text(f"{HEADERS['codes']}\nA1,Email,,,Item,1,,,\n", "utf-8")
    first = load(vouchers.store, sample, Scope(folder="Sample"), is_sample=True)
    downloads.download("of the sample")
    clear_sample(vouchers.store)
    downloads.download("of nothing")
    real = vouchers.load(Code("B1"), folder="May")
    downloads.download("of May", "folder=May")
    assert real.import_id > first.import_id
    assert downloads.held("A1") == {"of the sample"}
    assert downloads.held("B1") == {"of May"}


def test_a_transaction_that_names_another_code_later_is_traced_to_each_of_them(
    downloads: Downloads,
) -> None:
    vouchers = downloads.vouchers
    vouchers.load(Transaction("T1", "A1", time="05/01/2016 12:00"), folder="May")
    downloads.download("first", kind="transactions")
    vouchers.load(Transaction("T1", "B1", time="05/01/2016 12:00"))
    downloads.download("second", "folder=May", "transactions")
    assert downloads.held("A1") == {"first"}
    assert downloads.held("B1") == {"second"}


def test_a_typed_code_that_is_a_prefix_of_others_is_traced_for_those_too(
    downloads: Downloads,
) -> None:
    downloads.vouchers.load(Code("AB1"), Code("AB12"), Code("XY3"), prefix="AB1")
    downloads.download("whole code", "prefix=AB1")
    downloads.download("another", "prefix=XY3")
    assert "AB1" not in downloads.history.path.read_text("utf-8")
    assert downloads.held("AB1") == downloads.held("AB12") == {"whole code"}
    # By its import's prefix, of which the receipt has a hash only.
    assert downloads.held("XY3") == {"whole code", "another"}


def test_a_code_in_a_windows_file_with_quotes_in_it_is_traced(
    downloads: Downloads, tmp_path: Path
) -> None:
    file = tmp_path / "windows.csv"
    text = f'{HEADERS["codes"]}\r\n"É""1",Email,,,Item,1,,,\r\n'
    file.write_bytes(text.encode("windows-1252"))
    load(downloads.vouchers.store, file, encoding="windows-1252")
    downloads.download("all")
    assert downloads.held('É"1') == {"all"}
    assert downloads.held("語") == set()


@pytest.mark.parametrize("damage", ["gone", "cut short", "altered"])
def test_with_an_original_gone_or_damaged_the_untraceable_downloads_are_counted(
    downloads: Downloads, damage: str
) -> None:
    vouchers = downloads.vouchers
    vouchers.load(Code("A1"))
    downloads.download("first")
    lost = vouchers.load(Code("B1"), folder="May")
    downloads.download("second")
    downloads.download("third", "folder=May")
    (row,) = vouchers.query("imports")[:1]
    kept = vouchers.store.originals / f"{row['sha256']}.csv.zst"
    content = {"cut short": kept.read_bytes()[:20], "altered": zstd.compress(b"Code\nA1\n")}
    kept.unlink()
    if damage != "gone":
        kept.write_bytes(content[damage])
    for code in ("A1", "B1"):
        found = downloads.trace(code)
        assert downloads.named(found) == {"A1": {"first"}, "B1": set()}[code]
        ((reason, count),) = found.unknown.items()
        assert count == 2
        assert f"{lost.file} (import {lost.import_id})" in reason
        assert "gone or damaged" in reason


def test_a_receipt_without_a_recorded_state_is_counted_as_untraceable(
    downloads: Downloads,
) -> None:
    downloads.vouchers.load(Code("A1"))
    downloads.download("older")
    path = downloads.history.path
    path.write_text(path.read_text("utf-8").split("\n", 1)[1], "utf-8")  # the state's line
    found = downloads.trace("A1")
    assert found.receipts == []
    assert list(found.unknown.values()) == [1]


def test_tracing_leaves_nothing_behind_and_changes_nothing(downloads: Downloads) -> None:
    store = downloads.vouchers.store
    downloads.vouchers.load(Code("A1"))
    downloads.download("all")
    before = sorted(path.name for path in store.scratch.iterdir()), store.version
    assert downloads.held("A1") == {"all"}
    assert (sorted(path.name for path in store.scratch.iterdir()), store.version) == before
