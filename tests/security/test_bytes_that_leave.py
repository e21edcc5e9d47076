"""A file looks whole only if the bytes that left hold every row that the engine wrote."""

import csv
import io
import os
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.store.database import Store
from queries import export
from queries.downloading import formats
from queries.downloading.formats import NOT_WHOLE, Batches, Failed
from queries.downloading.receipts import History
from queries.downloading.records import Records
from queries.downloading.spool import Spool
from queries.downloading.write import write
from queries.filters import Filters
from tests.support.commands import export_main
from tests.support.downloads import history_path, receipt_of, whole_file
from tests.support.exports import read_spool
from tests.support.queries import NOW
from tests.support.rows import Code
from tests.support.server import Server
from tests.support.stores import copied
from tests.support.vouchers import Vouchers

pytestmark = pytest.mark.slow

CELLS = st.text(st.sampled_from('a,"\n\r é'), max_size=6)


class Thief(threading.Thread):
    """Reads from the first pipe of a download until it has the end of a row."""

    def __init__(self, scratch: Path) -> None:
        super().__init__(daemon=True)
        self._scratch = scratch
        self._gives_up = threading.Event()
        self.stolen = b""
        self.mode = 0

    def run(self) -> None:
        while b"\n" not in self.stolen and not self._gives_up.is_set():
            for pipe in self._scratch.glob("pipe-*"):
                self._read(pipe)

    def _read(self, pipe: Path) -> None:
        try:
            handle = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        except FileNotFoundError:
            return
        self.mode = stat.S_IMODE(os.fstat(handle).st_mode)
        try:
            while b"\n" not in self.stolen and pipe.exists():
                try:
                    self.stolen += os.read(handle, 10_000)
                except BlockingIOError:
                    continue
        finally:
            os.close(handle)

    def end(self) -> None:
        self._gives_up.set()
        self.join()


@contextmanager
def stealing(scratch: Path) -> Iterator[Thief]:
    """A thief at work while the block runs."""
    thief = Thief(scratch)
    thief.start()
    try:
        yield thief
    finally:
        thief.end()


@pytest.fixture
def many_codes(store: Store, tmp_path: Path) -> Store:
    """A store of 50,000 codes with long names: more than the pipe holds at once."""
    Vouchers(store, tmp_path).load(Code("C0", parent="x" * 300))
    with store.writing() as cursor:
        cursor.execute(
            "insert into vouchers.codes "
            "select codes.* replace (code_id + i as code_id, 'C' || i as code) "
            "from vouchers.codes, range(1, 50_000) as numbers(i)"
        )
    return store


@given(rows=st.lists(st.tuples(CELLS, CELLS), max_size=8), cuts=st.lists(st.integers(0, 120)))
def test_rows_are_counted_as_a_reader_of_csv_counts_them_wherever_the_bytes_are_cut(
    rows: list[tuple[str, str]], cuts: list[int]
) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([("one", "two"), *rows])
    content = text.getvalue().encode()
    records = Records()
    places = sorted({0, len(content), *(cut for cut in cuts if cut < len(content))})
    for start, end in pairwise(places):
        records.add(content[start:end])
    assert records.rows == len(rows)


def breaks_off(response: httpx.Response) -> bool:
    """Whether the connection breaks before the response has ended."""
    try:
        response.read()
    except httpx.RemoteProtocolError:
        return True
    return False


def test_a_download_from_whose_pipe_somebody_reads_breaks_off_and_never_looks_whole(
    large_server: Server,
) -> None:
    url = large_server.url + "/export/codes.csv"
    thief = Thief(large_server.scratch)
    while b"\n" not in thief.stolen:  # a download may be over before the thief is there
        with (
            stealing(large_server.scratch) as thief,
            httpx.stream("GET", url, timeout=60) as response,
        ):
            has_broken = breaks_off(response)
    assert thief.mode == 0o600
    assert has_broken
    assert "sha256" not in receipt_of(large_server, response)
    assert "A download is not whole" in large_server.log.read_text("utf-8")


def test_the_rest_of_a_download_from_whose_pipe_somebody_reads_is_not_sent(
    many_codes: Store,
) -> None:
    thief = Thief(many_codes.scratch)
    while b"\n" not in thief.stolen:
        with stealing(many_codes.scratch) as thief:
            of_codes = Spool(many_codes.cursor(), "codes", Filters(), NOW, many_codes.scratch)
            try:
                whole_file(of_codes)
                failure = None
            except Failed as error:
                failure = str(error)
            finally:
                of_codes.close()
    assert failure == NOT_WHOLE


def test_what_finished_says_of_a_whole_file_is_what_its_chunks_say(many_codes: Store) -> None:
    one, other = (
        Spool(many_codes.cursor(), "codes", Filters(), NOW, many_codes.scratch) for _ in range(2)
    )
    whole_file(one)
    outcome = one.outcome()
    one.close()
    size = sum(len(chunk) for chunk in iter(other.chunk, b""))
    assert other.outcome() == outcome
    assert outcome["rows"] == 50_000
    assert outcome["bytes"] == size
    other.close()


def test_the_command_delivers_no_file_that_lacks_rows(
    fixture_file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    def cut_short(*arguments: Any) -> int:  # noqa: ANN401
        rows, file = write(*arguments), arguments[4]
        lines = file.read_bytes().splitlines(keepends=True)
        file.write_bytes(b"".join(lines[:-1]))
        return rows

    monkeypatch.setattr(export, "write", cut_short)
    store = copied(fixture_file, tmp_path)
    output = tmp_path / "out.csv"
    code, _, error = export_main(capsysbinary, "codes", "--store", store, "-o", output)
    assert (code, error) == (1, f"{NOT_WHOLE}\n")
    assert not output.exists()
    (receipt,) = History(history_path(store)).receipts()
    assert not {"rows", "sha256"} & receipt.keys()


@pytest.mark.parametrize("form", ["xlsx", "parquet"])
def test_a_workbook_or_parquet_file_that_lacks_rows_is_no_file(
    loaded: Store, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    whole = formats.FORMATS[form]
    assert whole.write
    writer = whole.write

    def lose_rows(batches: Batches, file: Path) -> int:
        return writer((batch.slice(0, max(0, batch.num_rows - 1)) for batch in batches), file)

    def lose_all_but_the_header(batches: Batches, file: Path) -> int:
        return writer(iter([next(batches)]), file)

    for lossy in (lose_rows, lose_all_but_the_header):
        monkeypatch.setitem(formats.FORMATS, form, whole._replace(write=lossy))
        spool = Spool(loaded.cursor(), "codes", Filters(), NOW, loaded.scratch, form)
        with pytest.raises(Failed, match="not whole"):
            read_spool(spool)
