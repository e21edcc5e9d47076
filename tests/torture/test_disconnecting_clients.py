"""Clients that disconnect or read slowly leave nothing behind."""

import hashlib
import http.client
import socket
import struct
import threading
import time
from pathlib import Path
from random import Random

import httpx

from tests.support.downloads import (
    disconnect_after,
    download,
    import_code,
    request_on_socket,
    sha256,
    spools,
    wait_until_no_spool,
)
from tests.support.effort import rounds
from tests.support.rows import HEADERS
from tests.support.server import Server

DISCONNECTS = rounds(8, torture=200)


def test_clients_that_disconnect_at_any_byte_leave_nothing_behind(
    large_server: Server, tmp_path: Path
) -> None:
    random = Random(4)
    for number in range(DISCONNECTS):
        count = int(10 ** random.uniform(0, 7.9)) if number else 0
        path = random.choice(["codes.csv", "codes.csv?more=yes", "codes.parquet"])
        disconnect_after(large_server, f"/export/{path}", count, abruptly=random.random() < 0.5)
        wait_until_no_spool(large_server)
    assert download(large_server, "/_stcore/health").status_code == 200
    assert download(large_server, "/export/codes.csv?group=nobody").text == HEADERS["codes"] + "\n"
    import_code(large_server, f"DISCONNECTED{DISCONNECTS}", tmp_path)


def test_many_clients_that_disconnect_at_once_leave_nothing_behind(
    large_server: Server, tmp_path: Path
) -> None:
    clients = [request_on_socket(large_server, "/export/codes.csv") for _ in range(20)]
    for client in clients[:8]:  # the others wait for their turn
        client.recv(1000)
    for client in clients:
        client.close()
    wait_until_no_spool(large_server)
    assert download(large_server, "/export/codes.csv?group=nobody").status_code == 200
    import_code(large_server, "AT-ONCE", tmp_path)


def test_an_import_and_its_checkpoint_go_on_while_somebody_downloads_slowly(
    large_server: Server, tmp_path: Path
) -> None:
    old = httpx.get(f"{large_server.url}/export/codes.csv", timeout=120)
    digest, size = hashlib.sha256(), 0
    url = httpx.URL(large_server.url)
    connection = http.client.HTTPConnection(url.host, url.port or 80, timeout=120)
    connection.connect()
    connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024)
    connection.request("GET", "/export/codes.csv")
    response = connection.getresponse()
    receipt = response.getheader("X-Receipt")
    assert receipt
    go_on = threading.Event()

    def read_slowly() -> None:
        nonlocal size
        while data := response.read(1 << 20 if go_on.is_set() else 5000):
            digest.update(data)
            size += len(data)
            if not go_on.is_set():
                time.sleep(0.1)

    reader = threading.Thread(target=read_slowly)
    reader.start()
    time.sleep(2)
    import_code(large_server, "MEANWHILE", tmp_path)
    wal = large_server.store.with_name(large_server.store.name + ".wal")
    assert not wal.exists() or wal.stat().st_size == 0, "No checkpoint was made."
    assert download(large_server, "/export/codes.csv?prefix=MEANWHILE").text.count("\n") == 2
    assert reader.is_alive()
    assert 0 < size < 1_000_000
    go_on.set()
    reader.join(120)
    connection.close()
    assert (size, digest.hexdigest()) == (len(old.content), sha256(old.content))
    found = download(large_server, receipt).json()
    assert (found["bytes"], found["sha256"]) == (size, digest.hexdigest())
    assert (
        download(large_server, "/export/codes.csv").content.count(b"\n")
        == old.content.count(b"\n") + 1
    )
    wait_until_no_spool(large_server)


def test_a_client_that_disconnects_before_the_first_byte_leaves_nothing_behind(
    large_server: Server,
) -> None:
    """The first byte of an Excel file takes long; its writing must stop."""
    for abruptly in (True, False):
        client = request_on_socket(large_server, "/export/codes.xlsx")
        time.sleep(0.7)
        assert spools(large_server)
        if abruptly:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.close()
        wait_until_no_spool(large_server)
