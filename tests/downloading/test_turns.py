"""Downloads take turns: so many per person and in all; nobody is refused, nobody waits in vain."""

import asyncio
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import httpx
import pytest
from starlette.types import Scope

from data.store.database import Store
from pages.people.person import Person
from pages.routes import clients, downloads
from pages.routes.turns import Limit, Turn, Turns
from tests.support.downloads import request_on_socket, spools, wait_until_no_spool
from tests.support.loops import in_loop
from tests.support.routes import serving_routes
from tests.support.rows import HEADERS
from tests.support.server import Server


def workbooks(server: Server) -> list[str]:
    """The workbooks that are being written, or wait for their client."""
    return [name for name in spools(server) if name.endswith(".xlsx")]


def wait_until(happened: Callable[[], bool]) -> None:
    for _ in range(30_000):
        if happened():
            return
        time.sleep(0.01)
    raise AssertionError("It did not happen within five minutes.")


async def begun(turns: Turns, *waiting: tuple[str, str]) -> list[asyncio.Task[Turn]]:
    """Requests of persons for a kind, in this order."""
    tasks = [asyncio.create_task(turns.turn(person, kind)) for person, kind in waiting]
    await asyncio.sleep(0)
    return tasks


def test_a_person_has_so_many_turns_at_a_time_and_all_together_so_many() -> None:
    async def scenario() -> None:
        turns = Turns(file=Limit(per_person=2, in_all=3))
        anna = await begun(turns, *[("Anna", "file")] * 3)
        ben = await begun(turns, *[("Ben", "file")] * 2)
        assert [task.done() for task in anna + ben] == [True, True, False, True, False]
        (await ben[0]).release()
        await asyncio.sleep(0)
        assert [task.done() for task in anna + ben] == [True, True, False, True, True]
        for held in (anna[0], anna[1], ben[1]):
            (await held).release()
        await anna[2]

    in_loop(scenario())


def test_who_has_the_fewest_turns_comes_first_then_who_came_first() -> None:
    async def scenario() -> None:
        turns = Turns(file=Limit(per_person=9, in_all=2))
        first, second = await begun(turns, ("Anna", "file"), ("Anna", "file"))
        waiting = await begun(turns, ("Anna", "file"), ("Anna", "file"), ("Ben", "file"))
        (await first).release()
        await asyncio.sleep(0)
        assert [task.done() for task in waiting] == [False, False, True]
        (await second).release()
        await asyncio.sleep(0)
        assert [task.done() for task in waiting] == [True, False, True]
        for task in waiting:
            (await task).release()

    in_loop(scenario())


def test_who_waits_for_one_kind_holds_up_nobody_who_wants_another() -> None:
    async def scenario() -> None:
        turns = Turns(file=Limit(9, 9), book=Limit(1, 1))
        book = await turns.turn("Anna", "file", "book")
        waiting = asyncio.create_task(turns.turn("Anna", "file", "book"))
        await asyncio.sleep(0)
        for _ in range(8):  # the one that waits has taken none of them
            await turns.turn("Anna", "file")
        book.release("book")
        assert not waiting.done()
        book.release()
        assert await waiting

    in_loop(scenario())


def test_who_stops_waiting_takes_no_turn_away() -> None:
    async def scenario() -> None:
        turns = Turns(file=Limit(1, 1))
        held = await turns.turn("Anna", "file")
        gone, given, next_one = await begun(turns, *[("Anna", "file")] * 3)
        gone.cancel()
        held.release()
        given.cancel()  # at the moment at which it gets its turn
        assert await next_one
        held.release()  # once more
        assert len(await begun(turns, ("Anna", "file"))) == len(turns) == 1

    in_loop(scenario())


def test_twenty_workbooks_of_a_person_hold_up_no_csv_of_theirs(large_server: Server) -> None:
    wait_until_no_spool(large_server)
    with ExitStack() as open_sockets:
        books = [
            open_sockets.enter_context(request_on_socket(large_server, "/export/codes.xlsx"))
            for _ in range(20)
        ]
        wait_until(lambda: len(workbooks(large_server)) >= 2)
        for _ in range(3):
            response = httpx.get(f"{large_server.url}/export/codes.csv?prefix=C12", timeout=60)
            assert response.text.startswith(HEADERS["codes"])
        begun = len(workbooks(large_server))
        assert 2 <= begun < 20, "The workbooks were not being written all the time."
        for book in books:
            book.setblocking(False)
            with pytest.raises(BlockingIOError):  # none has been begun to be sent, nor refused
                book.recv(1)
    wait_until_no_spool(large_server)


@pytest.fixture
def many_codes(loaded: Store) -> Store:
    """A store whose codes file is larger than what lies between a server and its client."""
    with loaded.writing() as cursor:
        cursor.execute(
            "insert into vouchers.codes select codes.* replace (code || i as code)"
            " from vouchers.codes, range(20_000) as numbers(i)"
        )
    return loaded


@pytest.fixture
def url(many_codes: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The routes; a header says who a request is from."""

    def person_of(scope: Scope) -> Person:
        name = dict(scope["headers"]).get(b"x-name", b"Anna").decode()
        return Person(name, name, "admin")

    monkeypatch.setattr(downloads, "person_of", person_of)
    with serving_routes(many_codes, monkeypatch) as address:
        yield address


@contextmanager
def not_reading(url: str, count: int) -> Iterator[list[socket.socket]]:
    """So many downloads that have begun, and whose clients then read nothing."""
    to = httpx.URL(url)
    with ExitStack() as stack:
        sockets = []
        for _ in range(count):
            client = stack.enter_context(socket.create_connection((to.host, to.port or 80), 60))
            request = f"GET /export/codes.csv HTTP/1.1\r\nHost: {to.host}\r\n\r\n"
            client.sendall(request.encode())
            assert client.recv(8) == b"HTTP/1.1"
            sockets.append(client)
        yield sockets


@pytest.mark.slow
def test_a_ninth_download_waits_without_a_thread_until_one_of_the_eight_is_gone(url: str) -> None:
    with not_reading(url, 8) as sockets:
        to = httpx.URL(url)
        ninth = socket.create_connection((to.host, to.port or 80), 60)
        ninth.sendall(b"GET /export/codes.csv?group=nobody HTTP/1.1\r\nHost: x\r\n\r\n")
        wait_until(lambda: len(downloads.TURNS) == 1)
        other = httpx.get(f"{url}/export/codes.csv?group=nobody", headers={"X-Name": "Ben"})
        assert other.text == HEADERS["codes"] + "\n"
        assert clients.THREADS.borrowed_tokens == 0
        assert len(downloads.TURNS) == 1
        sockets[0].close()
        assert ninth.recv(15) == b"HTTP/1.1 200 OK"
        ninth.close()


@pytest.mark.slow
def test_a_client_that_goes_away_while_it_waits_is_forgotten(url: str) -> None:
    with not_reading(url, 8):
        to = httpx.URL(url)
        with socket.create_connection((to.host, to.port or 80), 60) as ninth:
            ninth.sendall(b"GET /export/codes.csv HTTP/1.1\r\nHost: x\r\n\r\n")
            wait_until(lambda: len(downloads.TURNS) == 1)
        wait_until(lambda: len(downloads.TURNS) == 0)


@pytest.mark.slow
def test_a_client_that_takes_no_byte_for_long_loses_its_download(
    url: str, monkeypatch: pytest.MonkeyPatch, many_codes: Store
) -> None:
    monkeypatch.setenv("VOUCHERS_STALLED_SECONDS", "0.2")
    with not_reading(url, 8):
        response = httpx.get(f"{url}/export/codes.csv?group=nobody", timeout=60)
        assert response.text == HEADERS["codes"] + "\n"
