"""Downloads leave room on the disk."""

import resource
import shutil
import threading
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from data import owner
from data.store.database import Store
from queries.downloading import receipts, spool
from queries.downloading.formats import Failed
from queries.downloading.spool import Spool
from queries.downloading.write import write
from queries.filters import Filters
from tests.support.downloads import ALL, read_to_the_end, read_until_broken
from tests.support.queries import NOW
from tests.support.routes import serving_routes
from tests.support.rows import HEADERS

pytestmark = pytest.mark.slow


class Usage(NamedTuple):
    """What the operating system says of a disk."""

    free: int


@pytest.mark.parametrize(("kind", "form"), ALL)
def test_a_download_that_would_leave_less_than_256_mb_free_is_refused_and_not_recorded(
    loaded: Store, monkeypatch: pytest.MonkeyPatch, kind: str, form: str
) -> None:
    history = receipts.history_of(loaded.path)
    with serving_routes(loaded, monkeypatch) as url:
        monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(256 * 1024**2 + 500))
        response = httpx.get(f"{url}/export/{kind}.{form}")
        assert response.status_code == 507
        assert response.text == spool.NO_ROOM
        assert history.receipts() == []
        assert list(owner.store().scratch.iterdir()) == []
        monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(257 * 1024**2))
        assert httpx.get(f"{url}/export/{kind}.{form}").status_code == 200


def test_a_csv_file_that_reaches_the_limit_half_way_breaks_the_connection(
    loaded: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with loaded.writing() as cursor:
        cursor.execute(
            "insert into vouchers.codes select codes.* replace (code || i as code)"
            " from vouchers.codes, range(100_000) as numbers(i)"
        )
    started = threading.Event()

    def free(_: Path) -> Usage:
        return Usage(256 * 1024**2 - 1 if started.is_set() else 10**9)

    history = receipts.history_of(loaded.path)
    with serving_routes(loaded, monkeypatch) as url:
        monkeypatch.setattr(shutil, "disk_usage", free)
        with httpx.stream("GET", f"{url}/export/codes.csv") as response:
            assert response.status_code == 200
            started.set()
            content = read_until_broken(response)
    assert content.startswith(HEADERS["codes"].encode())
    (receipt,) = history.receipts()
    assert "sha256" not in receipt


@pytest.mark.parametrize("form", ["xlsx", "parquet"])
def test_an_excel_or_parquet_file_that_reaches_the_limit_half_way_fails(
    loaded: Store, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(99))
    file = Spool(loaded.cursor(), "codes", Filters(), NOW, loaded.scratch, form, room=100)
    with pytest.raises(Failed, match="not enough room"):
        read_to_the_end(file)
    file.close()


def test_a_disk_that_takes_only_a_part_of_the_last_bytes_is_noticed(loaded: Store) -> None:
    """It then refuses the next bytes only, and there are none."""
    with loaded.cursor() as cursor:
        whole = loaded.path.with_name("whole.csv")
        write(cursor, "codes", Filters(), NOW, whole)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (whole.stat().st_size - 10, before[1]))
    try:
        file = Spool(loaded.cursor(), "codes", Filters(), NOW, loaded.scratch)
        with pytest.raises(Failed):
            read_to_the_end(file)
        file.close()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
