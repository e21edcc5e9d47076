"""Large downloads wait for one another; small ones do not."""

import errno
import os
import resource
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from data.store.database import Store
from pages.routes import downloads
from queries.downloading import job, spool
from queries.downloading.spool import Spool
from queries.downloading.write import write
from queries.filters import Filters
from tests.support.downloads import rows_in
from tests.support.queries import NOW
from tests.support.routes import serving_routes


@pytest.mark.slow
def test_a_large_file_waits_for_another_one_and_a_small_one_for_none(
    loaded: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "LARGE", 18)
    may_write = threading.Event()

    def write_when_allowed(*arguments: Any, **values: Any) -> int:  # noqa: ANN401 - as it comes
        assert arguments[2].group or may_write.wait(20)
        return write(*arguments, **values)

    monkeypatch.setattr(spool, "write", write_when_allowed)
    with serving_routes(loaded, monkeypatch) as url, ThreadPoolExecutor(2) as pool:
        large = [pool.submit(httpx.get, f"{url}/export/codes.csv", timeout=20) for _ in range(2)]
        assert httpx.get(f"{url}/export/codes.csv?group=nobody").status_code == 200
        with pytest.raises(httpx.ReadTimeout):  # it disconnects while it waits for its turn
            httpx.get(f"{url}/export/codes.csv", timeout=0.5)
        assert not any(response.done() for response in large)
        may_write.set()
        assert [rows_in(response.result(20).content, "csv") for response in large] == [18, 18]
        for _ in range(2):  # a refused one ends its turn too
            monkeypatch.setattr(job, "ROOM", 2**60)
            assert httpx.get(f"{url}/export/codes.csv").status_code == 507


def test_a_file_comes_whole_also_where_very_many_are_open(loaded: Store) -> None:
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, limits[1]), limits[1]))
    others = [os.open(os.devnull, os.O_RDONLY) for _ in range(1100)]  # select() ends at 1023
    try:
        file = Spool(loaded.cursor(), "codes", Filters(), NOW, loaded.scratch)
        content = b"".join(iter(file.chunk, b""))
        file.close()
    finally:
        for other in others:
            os.close(other)
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert rows_in(content, "csv") == file.outcome()["rows"] == 18


def test_a_spool_that_is_aborted_before_the_engine_starts_leaves_nothing(
    loaded: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write_later(*arguments: Any, **values: Any) -> int:  # noqa: ANN401 - as it comes
        time.sleep(0.3)
        return write(*arguments, **values)

    monkeypatch.setattr(spool, "write", write_later)
    file = Spool(loaded.cursor(), "codes", Filters(), NOW, loaded.scratch)
    file.abort()
    file.close()
    assert not list(loaded.scratch.iterdir())


def test_a_pipe_that_cannot_be_opened_ends_the_turn_of_its_large_file(
    loaded: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = os.open

    def open_no_pipe(path: Any, *how: Any) -> int:  # noqa: ANN401 - as it comes
        if "pipe-" in str(path):
            raise OSError(errno.EMFILE, "Too many open files")
        return opened(path, *how)

    monkeypatch.setattr(downloads, "LARGE", 1)
    with serving_routes(loaded, monkeypatch) as url:
        with monkeypatch.context() as broken:
            broken.setattr(os, "open", open_no_pipe)
            assert httpx.get(f"{url}/export/codes.csv").status_code == 507
        assert httpx.get(f"{url}/export/codes.csv", timeout=10).status_code == 200
