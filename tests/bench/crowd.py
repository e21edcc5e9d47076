"""A crowd: `python -m tests.bench.crowd 100k`. For Linux.

In each of six rounds 500 people load the page, 200 open its WebSocket and let it run, and 200
download the codes, all at once. The memory of the server should level off, and nobody should be
refused.
"""

import argparse
import asyncio
import sys
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from shutil import copyfile

import httpx
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect
from websockets.typing import Origin

from tests.bench.fill import SCALES, fill
from tests.bench.measuring import memory
from tests.bench.report import megabytes
from tests.bench.servers import opened, visited
from tests.support.server import Server
from tests.support.tab import GIVE_UP, STREAMLIT, stopwatch

Crowd = Callable[[str], Coroutine[None, None, Counter[str]]]
ROUNDS, PAGES, WEBSOCKETS, DOWNLOADS = 6, 500, 200, 200


async def page(client: httpx.AsyncClient) -> str:
    return f"page {(await client.get('/')).status_code}"


async def download(client: httpx.AsyncClient) -> str:
    async with client.stream("GET", "/export/codes.csv?group=Email") as response:
        rows = 0
        async for data in response.aiter_raw():
            rows += data.count(b"\n")
    return f"download {response.status_code}, {rows:,} lines"


async def websocket(url: str) -> str:
    address = f"{url.replace('http', 'ws', 1)}/_stcore/stream"
    async with connect(
        address,
        origin=Origin(url),
        subprotocols=[STREAMLIT],
        max_size=None,
        open_timeout=GIVE_UP,
        ping_interval=None,
    ) as tab:
        request = BackMsg()
        request.rerun_script.query_string = ""
        await tab.send(request.SerializeToString())
        async for data in tab:
            assert isinstance(data, bytes)
            if ForwardMsg.FromString(data).WhichOneof("type") == "script_finished":
                return "WebSocket drew its page"
    return "WebSocket was closed"


async def pages(url: str) -> Counter[str]:
    async with client_of(url) as client:
        return await outcomes(page(client) for _ in range(PAGES))


async def websockets(url: str) -> Counter[str]:
    return await outcomes(websocket(url) for _ in range(WEBSOCKETS))


async def downloads(url: str) -> Counter[str]:
    async with client_of(url) as client:
        return await outcomes(download(client) for _ in range(DOWNLOADS))


def client_of(url: str) -> httpx.AsyncClient:
    limits = httpx.Limits(max_connections=None)
    return httpx.AsyncClient(base_url=url, timeout=GIVE_UP, limits=limits)


async def outcomes(works: Iterable[Awaitable[str]]) -> Counter[str]:
    """How often what came of works that begin at once."""
    found = await asyncio.gather(*works, return_exceptions=True)
    return Counter(o if isinstance(o, str) else f"failed: {o!r}" for o in found)


def in_process(
    crowd: Callable[[str], Coroutine[None, None, Counter[str]]], url: str
) -> Counter[str]:
    return asyncio.run(crowd(url))


def at_once(url: str) -> Counter[str]:
    """Everything of a round, in a process for each kind: one alone would be slower than the app."""
    with ProcessPoolExecutor(3, get_context("spawn")) as pool:
        kinds = [pool.submit(in_process, crowd, url) for crowd in (pages, websockets, downloads)]
        return sum((kind.result() for kind in kinds), Counter())


def rounds(server: Server) -> bool:
    """Print each round. Returns whether nothing was refused."""
    print(f"At first {megabytes(memory(server))}")
    seen: set[str] = set()
    for number in range(1, ROUNDS + 1):
        with stopwatch() as elapsed:
            found = at_once(server.url)
            text = ", ".join(f"{count} × {what}" for what, count in sorted(found.items()))
            print(
                f"Round {number}: {elapsed():.0f} s, {megabytes(memory(server))}; {text}",
                flush=True,
            )
        seen |= set(found)
    return len(seen) == 3


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.crowd")
    parser.add_argument("scale", choices=SCALES, help="how many codes there are")
    parser.add_argument("--store", type=Path, help="one that is filled: a copy is used")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="voucher-explorer-crowd-") as name:
        store = Path(name) / "vouchers.duckdb"
        if options.store:
            copyfile(options.store, store)
        else:
            with opened(store) as empty:
                fill(empty, options.scale)
        with visited(str(store)) as app:
            return 0 if rounds(app) else 1


if __name__ == "__main__":
    sys.exit(main())
