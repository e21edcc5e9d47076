"""Limits to connections: how many, how long a request may take to come, a response to be taken.

The server, uvicorn, has no such limits. Its protocol class is replaced by one that has them, once
the app starts: uvicorn reads it anew for each connection.
"""

import asyncio
import gc
import ipaddress
import logging
from collections.abc import Callable

import h11
from uvicorn import Server
from uvicorn.protocols.http.h11_impl import H11Protocol

from data.store.settings import header_seconds, most_connections, stalled_seconds
from pages.routes.uploads import is_upload

LONGEST_HEAD = 256 * 1024  # bytes: what /export reads may stand in an address three times as long
TOO_LONG = "This address is too long. Choose fewer values."
TOO_MANY = "Too many connections are open. Try again in a minute."

_log = logging.getLogger(__name__)


def limit_connections() -> None:
    """Give the running server these limits. Raises SettingError where one is no number."""
    header_seconds(), stalled_seconds(), most_connections()  # a wrong one fails now, not later
    # The app has no reference to the server that runs it.
    for server in gc.get_objects():
        if type(server) is Server:
            server.config.http_protocol_class = LimitedProtocol
            server.config.h11_max_incomplete_event_size = LONGEST_HEAD


class LimitedProtocol(H11Protocol):
    """One connection with limits; of a WebSocket, until uvicorn hands it to another class."""

    _late: asyncio.TimerHandle | None = None  # runs while a request is coming in
    _stalled: asyncio.TimerHandle | None = None  # runs while the client takes nothing
    _is_over = False  # refused, or handed over

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request, or refuse the connection."""
        super().connection_made(transport)
        if self._is_one_too_many():
            self._refuse(503, TOO_MANY)
        else:
            self._late = self._later(header_seconds(), self._close_late)

    def data_received(self, data: bytes) -> None:
        """Take a part of a request."""
        if self._is_over:
            return
        super().data_received(data)
        if self._is_over or not self._is_coming_in():
            self._stop_late()
        elif self._late is None:
            self._late = self._later(header_seconds(), self._close_late)

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no request, with a sentence where it is only too long."""
        if self.conn.their_state is h11.ERROR and len(self.conn.trailing_data[0]) > LONGEST_HEAD:
            self._refuse(414, TOO_LONG)
        else:
            super().send_400_response(msg)

    def pause_writing(self) -> None:
        """The client takes less than there is: begin to watch it."""
        super().pause_writing()
        self._watch(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        """The client has taken enough."""
        super().resume_writing()
        self._stop_stalled()

    def connection_lost(self, exc: Exception | None) -> None:
        """End all timers with the connection."""
        self._stop_late()
        self._stop_stalled()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """Hand the connection over to another class."""
        self._is_over = True
        self._stop_late()
        self._stop_stalled()
        super().handle_websocket_upgrade(event)

    def _is_one_too_many(self) -> bool:
        """Whether there are more than the limit, or one address of another computer has half."""
        most = most_connections()
        if len(self.connections) > most:
            return True
        if self.client is None or _is_this_computer(self.client[0]):
            return False  # a proxy here speaks for many
        clients = [getattr(connection, "client", None) for connection in self.connections]
        mine = [client for client in clients if client and client[0] == self.client[0]]
        return len(mine) > most // 2

    def _is_coming_in(self) -> bool:
        """Whether a request has begun and is not complete. An upload may take its time."""
        if self.conn.their_state is h11.IDLE:
            return True
        return self.conn.their_state is h11.SEND_BODY and not is_upload({**self.scope})

    def _close_late(self) -> None:
        self._late = None
        if not self.transport.is_closing():
            self.transport.abort()

    def _watch(self, before: int) -> None:
        """Break the connection where its buffer does not shrink for long."""

        def look() -> None:
            now = self.transport.get_write_buffer_size()
            if now < before:
                self._watch(now)
            else:
                _log.warning("A client has taken nothing for long; its connection is closed.")
                self.transport.abort()

        self._stalled = self._later(stalled_seconds(), look)

    def _stop_late(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _stop_stalled(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None

    def _later(self, seconds: float, call: Callable[[], None]) -> asyncio.TimerHandle:
        return self.loop.call_later(seconds, call)

    def _refuse(self, status: int, sentence: str) -> None:
        """Send a response of our own and close."""
        self._is_over = True
        body = sentence.encode()
        head = (
            f"HTTP/1.1 {status} \r\nContent-Type: text/plain; charset=utf-8\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()


def _is_this_computer(address: str) -> bool:
    return ipaddress.ip_address(address.removeprefix("::ffff:")).is_loopback
