"""The spool: a file is read while it is written."""

import os
import threading
import time
from collections.abc import Callable

import duckdb
import pytest
from duckdb.sqltypes import VARCHAR

from data.store.database import Store
from queries.downloading.formats import Failed
from queries.downloading.job import KINDS
from queries.downloading.spool import Spool
from queries.filters import Filters
from tests.support.exports import export_bytes, read_spool
from tests.support.queries import NOW, filters_of
from tests.support.rows import Code
from tests.support.vouchers import Vouchers

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("query", ["", "group=Email", "group=nobody"])
def test_a_spool_gives_the_bytes_that_writing_gives(loaded: Store, kind: str, query: str) -> None:
    spool = Spool(loaded.cursor(), kind, filters_of(query), NOW, loaded.scratch)
    assert read_spool(spool) == export_bytes(loaded, kind, query)
    assert not list(loaded.scratch.glob("export-*"))


@pytest.fixture
def large_store(vouchers: Vouchers) -> Store:
    """A store whose codes file has about 100 MB: enough to abandon it half-way."""
    vouchers.load(Code("C0", parent="x" * 300))
    with vouchers.store.writing() as cursor:
        cursor.execute(
            "insert into vouchers.codes "
            "select codes.* replace (code_id + i as code_id, 'C' || i as code) "
            "from vouchers.codes, range(1, 300_000) as numbers(i)"
        )
    return vouchers.store


def test_a_spool_of_many_chunks_is_whole(large_store: Store) -> None:
    whole = export_bytes(large_store, "codes")
    for _ in range(3):
        data = read_spool(Spool(large_store.cursor(), "codes", Filters(), NOW, large_store.scratch))
        assert data.count(b"\0") == 0
        assert data.count(b"\n") == 300_001
        assert data == whole


def test_a_spool_gives_no_bytes_that_the_engine_has_not_written_yet(
    loaded: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its threads write batches side by side: a later one may reach the file first."""
    monkeypatch.delattr(os, "mkfifo")  # as on Windows; a pipe has no holes
    whole = export_bytes(loaded, "codes")
    go_on = threading.Event()
    cursor = loaded.cursor()
    cursor.create_function("when_told", lambda text: text if go_on.wait(30) else "",
                           [VARCHAR], VARCHAR)  # fmt: skip
    cursor.execute(
        "create or replace macro chosen_codes(f) as table "
        "select * replace (when_told(code) as code) from vouchers.codes"
    )
    spool = Spool(cursor, "codes", Filters(), NOW, loaded.scratch)
    chunks: list[bytes] = []
    reader = threading.Thread(target=lambda: chunks.extend(iter(spool.chunk, b"")))
    reader.start()
    (path,) = loaded.scratch.glob("export-*")
    wait_until(lambda: path.stat().st_size > 0)
    with path.open("r+b") as file:  # what a thread that is ahead of the others does
        file.seek(len(whole) - 100)
        file.write(whole[-100:])
    time.sleep(0.2)
    go_on.set()
    reader.join(30)
    spool.close()
    assert b"".join(chunks) == whole


def wait_until(happened: Callable[[], bool]) -> None:
    for _ in range(500):
        if happened():
            return
        time.sleep(0.01)
    raise AssertionError("It did not happen within five seconds.")


def test_closing_a_spool_early_stops_the_engine_and_deletes_the_file(large_store: Store) -> None:
    threads = threading.active_count()
    spool = Spool(large_store.cursor(), "codes", Filters(), NOW, large_store.scratch)
    assert spool.chunk()
    (file,) = large_store.scratch.glob("export-*")
    with file.open("rb") as held:
        spool.close()
        stopped_at = os.fstat(held.fileno()).st_size
    assert stopped_at < 50_000_000
    assert not list(large_store.scratch.glob("export-*"))
    wait_until(lambda: threading.active_count() <= threads)


def test_a_spool_that_fails_raises_instead_of_ending_early(loaded: Store) -> None:
    without_a_store = duckdb.connect()
    spool = Spool(without_a_store, "codes", Filters(), NOW, loaded.scratch)
    with pytest.raises(Failed) as failed:
        read_spool(spool)
    sentence = failed.value.sentence(lambda error: type(error).__name__)
    assert sentence == "The file could not be written: CatalogException."
    assert not list(loaded.scratch.glob("export-*"))


def test_a_spool_holds_the_rows_as_of_its_start(loaded: Store) -> None:
    whole = export_bytes(loaded, "codes")
    spool = Spool(loaded.cursor(), "codes", Filters(), NOW, loaded.scratch)
    first = spool.chunk()
    Vouchers(loaded, loaded.scratch).load(Code("LATER1", "Email"))
    assert first + read_spool(spool) == whole
