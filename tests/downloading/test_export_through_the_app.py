"""The export command: receipts, and its way through the running app."""

import json
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from data.store.database import Store
from queries.downloading import receipts
from tests.support.commands import export_main, run_export
from tests.support.downloads import ALL, download, receipt_beside, rows_in, sha256, verify
from tests.support.read_back import FURTHER_COLUMNS
from tests.support.rows import HEADERS
from tests.support.server import Server

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("kind", "form"), ALL)
def test_the_command_writes_a_receipt_beside_its_file_and_into_the_history(
    fixture_file: Path,
    tmp_path: Path,
    capsysbinary: pytest.CaptureFixture[bytes],
    kind: str,
    form: str,
) -> None:
    store = Path(shutil.copy(fixture_file, tmp_path / "vouchers.duckdb"))
    file = tmp_path / f"out.{form}"
    code, output, error = export_main(
        capsysbinary, kind, "--store", store, "--format", form, "--group", "Email", "-o", file
    )
    assert (code, output, error) == (0, b"", "")
    receipt = json.loads(receipt_beside(file).read_text("utf-8"))
    assert receipt["sha256"] == sha256(file.read_bytes())
    assert receipt["bytes"] == file.stat().st_size
    assert receipt["rows"] == rows_in(file.read_bytes(), form) > 0
    assert receipt["filters"] == "Email"
    assert receipt["url"] == f"/{kind}?group=Email&receipt={receipt['receipt']}"
    assert receipts.history_of(store).receipts() == [receipt]
    assert verify(capsysbinary, file, receipt_beside(file))[0] == 0


def test_what_the_command_writes_to_standard_output_is_in_the_history_too(
    fixture_file: Path, tmp_path: Path
) -> None:
    store = Path(shutil.copy(fixture_file, tmp_path / "vouchers.duckdb"))
    done = run_export("codes", "--store", store)
    (receipt,) = receipts.history_of(store).receipts()
    assert receipt["sha256"] == sha256(done.stdout)


def test_the_command_adds_further_columns_to_codes_and_to_nothing_else(
    fixture_file: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    _, output, _ = export_main(capsysbinary, "codes", "--more", "--store", fixture_file)
    assert output.decode().splitlines()[0] == ",".join([HEADERS["codes"], *FURTHER_COLUMNS])
    code, output, error = export_main(
        capsysbinary, "transactions", "--more", "--store", fixture_file
    )
    assert (code, output) == (2, b"")
    assert "--more is for codes" in error


@pytest.mark.parametrize(("kind", "form"), ALL)
def test_while_the_app_runs_the_command_goes_through_it(
    server: Server, tmp_path: Path, kind: str, form: str
) -> None:
    file = tmp_path / f"out.{form}"
    done = run_export(
        kind, "--store", server.store, "--format", form, "--group", "Email", "-o", file
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert file.read_bytes() == download(server, f"/export/{kind}.{form}?group=Email").content
    receipt = json.loads(receipt_beside(file).read_text("utf-8"))
    assert receipt["sha256"] == sha256(file.read_bytes())
    assert receipt in receipts.history_of(server.store).receipts()
    assert {path.name for path in tmp_path.iterdir()} == {file.name, receipt_beside(file).name}


def test_while_the_app_runs_the_command_writes_to_standard_output_too(server: Server) -> None:
    done = run_export("codes", "--more", "--prefix", "JANE", VOUCHERS_STORE=str(server.store))
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == download(server, "/export/codes.csv?prefix=JANE&more=yes").content


@contextmanager
def fake_app(store: Store, response: bytes) -> Iterator[None]:
    """A server that sends this response in the app's place, while the store is in use."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            for sent in (HELLO, response):
                client, _ = listener.accept()
                with client:
                    client.recv(65_536)
                    client.sendall(sent)

        thread = threading.Thread(target=serve)
        thread.start()
        announced = store.path.with_name(store.path.name + ".app.json")
        port = listener.getsockname()[1]
        announced.write_text(json.dumps({"url": f"http://127.0.0.1:{port}", "password": "x"}))
        yield
        announced.unlink()
        thread.join(10)


HELLO = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"  # the password is right
BROKEN_RESPONSES = {
    "chunked": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Receipt: /r\r\n\r\n"
    b"5\r\nCode,\r\n",
    "cut in a chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Receipt: /r\r\n\r\n"
    b"ff\r\nCode,",
    "nothing": b"",
}


@pytest.mark.parametrize("broken", BROKEN_RESPONSES)
@pytest.mark.parametrize("to_file", [True, False])
def test_a_download_that_breaks_off_on_its_way_to_the_command_is_no_file(
    loaded: Store, tmp_path: Path, broken: str, to_file: bool
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    with fake_app(loaded, BROKEN_RESPONSES[broken]):
        output = ["-o", folder / "out.csv"] if to_file else []
        done = run_export("codes", "--store", loaded.path, *output)
    assert done.returncode == 1
    assert done.stdout == b""
    assert list(folder.iterdir()) == []
    assert b"Traceback" not in done.stderr
    assert done.stderr.count(b"\n") == 1


def test_the_command_prints_the_sentence_with_which_the_app_refuses(
    loaded: Store, tmp_path: Path
) -> None:
    sentence = b"The file could not be written: the disk is full."
    response = b"HTTP/1.1 507 Insufficient Storage\r\nContent-Length: %d\r\n\r\n%s"
    with fake_app(loaded, response % (len(sentence), sentence)):
        done = run_export("codes", "--store", loaded.path, "-o", tmp_path / "out.csv")
    assert done.returncode == 1
    assert done.stderr == sentence + b"\n"
    assert not (tmp_path / "out.csv").exists()
