"""The history stays fast and its lines short, whatever is in it."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from data.store.database import Store
from pages.downloading.receipts import MOST
from pages.routes import downloads, tables
from queries.downloading import history_index
from queries.downloading.history_index import Index
from queries.downloading.receipts import LONGEST_LINE, History, TooMany
from queries.filters import Filters
from tests.support.downloads import download, history_of_text, history_path
from tests.support.queries import NOW
from tests.support.routes import serving_routes
from tests.support.rows import Code
from tests.support.server import Server
from tests.support.tracing import begin_download
from tests.support.vouchers import Vouchers

pytestmark = pytest.mark.slow


def with_many(history: History, store: Store, count: int) -> list[str]:
    """Some thousand more receipts, as copies of one; their IDs."""
    one = begin_download(history, store)
    history.end(one, {"rows": 1, "bytes": 2, "sha256": "0" * 64})
    lines = [line for line in history.path.read_text("utf-8").splitlines() if one in line]
    names = [f"{number:016x}" for number in range(count)]
    with history.path.open("a", encoding="utf-8") as file:
        for name in names:
            file.writelines(line.replace(one, name) + "\n" for line in lines)
    return names


@pytest.fixture
def bytes_read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many bytes of the file each look at it has read."""
    read: list[int] = []
    entry_at, read_lines = history_index._entry_at, Index._read_lines

    def counted_entry(file: Any, place: int) -> Any:  # noqa: ANN401 - as it comes
        entry = entry_at(file, place)
        read.append(file.tell() - place)
        return entry

    def counted_lines(index: Index, file: Any) -> None:  # noqa: ANN401
        begin = index._end
        read_lines(index, file)
        read.append(index._end - begin)

    monkeypatch.setattr(history_index, "_entry_at", counted_entry)
    monkeypatch.setattr(Index, "_read_lines", counted_lines)
    return read


def test_looking_up_beginning_ending_and_continuing_read_only_what_is_new(
    loaded: Store, history: History, bytes_read: list[int]
) -> None:
    names = with_many(history, loaded, 2_000)
    assert history.count() == 2_001
    of_file = history.path.stat().st_size
    bytes_read.clear()
    middle = history.receipt(names[1_000])
    assert middle
    assert middle["receipt"] == names[1_000]
    assert middle["sha256"] == "0" * 64
    assert len(middle["rests_on"]) == middle["imports"] == 6
    latest = begin_download(history, loaded)
    history.end(latest, {"rows": 0})
    assert history.continues(latest)
    assert history.count() == 2_002
    assert sum(bytes_read) < of_file / 100


def test_the_downloads_page_reads_the_latest_receipts_alone(
    loaded: Store, history: History, bytes_read: list[int]
) -> None:
    names = with_many(history, loaded, 3 * MOST)
    assert history.count() == 3 * MOST + 1
    bytes_read.clear()
    found = history.receipts(MOST)
    assert [receipt["receipt"] for receipt in found] == names[: -MOST - 1 : -1]
    assert sum(bytes_read) < history.path.stat().st_size / 2


@pytest.mark.parametrize("how", ["shrunk", "replaced", "rewritten", "gone"])
def test_a_history_that_was_put_in_the_place_of_another_is_read_anew(
    loaded: Store, history: History, how: str
) -> None:
    first = begin_download(history, loaded)
    second = begin_download(history, loaded)
    assert history.receipt(second)
    lines = history.path.read_text("utf-8").splitlines(keepends=True)
    if how == "shrunk":
        history.path.write_text("".join(lines[:-1]), "utf-8")
    elif how == "replaced":
        other = history.path.with_name("other")
        other.write_text("".join(lines[:-1]) + lines[-2].replace(first, "f" * 16), "utf-8")
        other.replace(history.path)
    elif how == "rewritten":  # in place, and longer than before
        changed = [line.replace(second, "e" * 16) for line in lines]
        history.path.write_text("".join(changed) + lines[-2].replace(first, "f" * 16), "utf-8")
    else:
        history.path.unlink()
    assert history.receipt(second) is None
    assert (history.receipt(first) is None) == (how == "gone")
    third = begin_download(history, loaded)
    receipt = history.receipt(third)
    assert receipt
    assert len(receipt["rests_on"]) == 6


def test_threads_that_download_at_the_same_time_tear_no_line(
    loaded: Store, history: History
) -> None:
    def one(_: int) -> str:
        receipt_id = begin_download(history, loaded)
        history.end(receipt_id, {"rows": 7})
        found = history.receipt(receipt_id)
        assert found
        assert found["rows"] == 7
        return receipt_id

    with ThreadPoolExecutor(8) as threads:
        ids = set(threads.map(one, range(40)))
    entries = [json.loads(line) for line in history.path.read_text("utf-8").splitlines()]
    assert len(ids) == history.count() == 40
    assert {entry["receipt"] for entry in entries if "receipt" in entry} == ids


def test_a_torn_line_that_looks_whole_is_skipped(loaded: Store, history: History) -> None:
    first = begin_download(history, loaded)
    with history.path.open("a", encoding="utf-8") as file:
        file.write('{"receipt": "0123456789abcdef", "what": "table x", "parameters": {}\n')
    second = begin_download(history, loaded)
    assert [receipt["receipt"] for receipt in history.receipts()] == [second, first]
    assert history.receipt("0123456789abcdef") is None


def test_the_lines_of_a_state_with_many_imports_stay_short_and_old_long_ones_are_read(
    vouchers: Vouchers, history: History
) -> None:
    first = vouchers.load(Code("A1"), folder="F" * 200)
    with vouchers.store.writing() as cursor:
        cursor.execute(
            "insert into vouchers.imports "
            "select i.* replace (import_id + n as import_id) "
            "from vouchers.imports as i, range(1, 600) as numbers(n)"
        )
    receipt = history.receipt(begin_download(history, vouchers.store))
    assert receipt
    assert [row["import_id"] for row in receipt["rests_on"]] == [
        first.import_id + number for number in range(600)
    ]
    lines = history.path.read_bytes().splitlines()
    assert max(map(len, lines)) < LONGEST_LINE
    states = [json.loads(line) for line in lines[:-1]]
    assert [state["part"] for state in states] == list(range(1, len(states) + 1))
    # As version 1.0.0 wrote it, in one line.
    old = {"state": receipt["state"], "imports": receipt["rests_on"]}
    history.path.write_bytes(json.dumps(old).encode() + b"\n" + lines[-1] + b"\n")
    again = history.receipt(receipt["receipt"])
    assert again == receipt
    # A crash between two parts.
    history.path.write_bytes(b"\n".join([lines[0], lines[-1], b""]))
    torn = history.receipt(receipt["receipt"])
    assert torn
    assert "rests_on" not in torn
    whole = history.receipt(begin_download(history, vouchers.store))
    assert whole
    assert len(whole["rests_on"]) == 600


def test_a_line_that_would_be_too_long_names_fewer_values(loaded: Store, history: History) -> None:
    many = Filters(group=tuple(f"Group {number:05}" for number in range(6_000)))
    with loaded.cursor() as cursor:
        receipt = history.receipt(history.begin(cursor, "codes", "csv", many, NOW, "codes.csv"))
    assert receipt
    assert receipt["filters"].endswith("and 5,900 others")
    assert receipt["url"].count("group=") == 6_000
    assert max(map(len, history.path.read_bytes().splitlines())) < LONGEST_LINE


def test_filters_that_no_line_can_hold_are_refused_before_anything_starts(
    loaded: Store, history: History
) -> None:
    many = Filters(group=tuple(f"Group {number:05}" for number in range(12_000)))
    with loaded.cursor() as cursor, pytest.raises(TooMany, match="choose fewer"):
        history.begin(cursor, "codes", "csv", many, NOW, "codes.csv")
    assert not history.path.exists()


def test_a_receipt_is_stored_by_nobody_on_its_way(server: Server) -> None:
    response = download(server, download(server, "/export/codes.csv").headers["X-Receipt"])
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-content-type-options"] == "nosniff"


def test_asking_for_the_head_alone_writes_no_receipt(server: Server) -> None:
    paths = ("codes.csv", "transactions.xlsx", "tables/by_site.csv",
             "changes.csv?import=1&change=new+codes")  # fmt: skip
    before = history_of_text(server)
    for path in paths:
        response = httpx.head(f"{server.url}/export/{path}")
        assert response.status_code == 200, path
        assert "attachment" in response.headers["content-disposition"]
        assert "x-receipt" not in response.headers
    assert history_of_text(server) == before


def test_no_request_waits_while_the_history_is_read(
    loaded: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers: set[str] = set()
    read_on = Index._read_on

    def noted(index: Index) -> None:
        readers.add(threading.current_thread().name)
        read_on(index)

    monkeypatch.setattr(Index, "_read_on", noted)
    routes = [*downloads.ROUTES, *tables.ROUTES]
    with serving_routes(loaded, monkeypatch, routes) as url:
        for path in ("codes.csv", "tables/by_site.csv"):
            sent = httpx.get(f"{url}/export/{path}")
            assert httpx.get(url + sent.headers["X-Receipt"]).status_code == 200
        httpx.get(f"{url}/export/codes.csv", headers={"Range": "bytes=1-"})
    assert readers
    assert [name for name in readers if not name.startswith("AnyIO worker")] == []


def test_the_history_is_readable_by_its_owner_alone(server: Server) -> None:
    download(server, "/export/codes.csv")
    assert history_path(server.store).stat().st_mode & 0o077 == 0
