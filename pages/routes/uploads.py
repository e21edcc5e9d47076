"""Uploads go to disk as they arrive, not into memory.

A middleware around Streamlit: of an upload it stores the file and hands on, in its place, only
the name under which it lies on the disk.
"""

import asyncio
import contextlib
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MARK = b"\0on disk: "  # no CSV file begins with a zero byte
ROUTE = "/_stcore/upload_file/"


def on_disk(folder: Path, content: bytes) -> Path | None:
    """The file that an upload's content stands for, or None if it is the content itself."""
    if not content.startswith(MARK):
        return None
    return folder / Path(content.removeprefix(MARK).decode()).name


class ToDisk:
    """The middleware. `folder` tells where uploads are to lie."""

    def __init__(self, app: ASGIApp, folder: Callable[[], Path]) -> None:
        self.app = app
        self.folder = folder

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on but the body of an upload."""
        if scope["type"] != "http" or scope["method"] != "PUT" or ROUTE not in scope["path"]:
            await self.app(scope, receive, send)
            return
        part = _Part(self.folder())
        try:
            await part.take(scope, receive)
        except ValueError:
            part.path.unlink(missing_ok=True)
            await PlainTextResponse("This is no upload.", 400)(scope, receive, send)
            return
        body = part.stand_in()
        await self.app(_announcing(scope, body), _once(body), _watched(send, part.path))


class _Part:
    """The file part of a multipart body, on its way to the disk."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / f"upload-{secrets.token_hex(8)}.csv"
        self._file: BinaryIO | None = None
        self._name = b""
        self._header = b""
        self._boundary = b""
        self._disposition = b""

    async def take(self, scope: Scope, receive: Receive) -> None:
        """Store the body of a request. Raises ValueError.

        Where the disk is full there is no file in the end, which the page then says.
        """
        headers = dict(scope["headers"])
        _, options = parse_options_header(headers.get(b"content-type", b""))
        self._boundary = options.get(b"boundary", b"")
        parser = MultipartParser(
            self._boundary,
            {
                "on_header_field": self._on_header_field,
                "on_header_value": self._on_header_value,
                "on_header_end": self._on_header_end,
                "on_part_data": self._on_part_data,
            },
        )
        with contextlib.suppress(OSError):
            self._file = self.path.open("wb")
        try:
            more = True
            while more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise ValueError("The client has gone.")
                await asyncio.to_thread(parser.write, message.get("body", b""))
                more = message.get("more_body", False)
        finally:
            self._close()

    def stand_in(self) -> bytes:
        """A body of the same shape, with the file's name in place of its content."""
        head = b"--" + self._boundary + b"\r\nContent-Disposition: " + self._disposition
        content = MARK + self.path.name.encode()
        end = b"\r\n--" + self._boundary + b"--\r\n"
        return head + b"\r\nContent-Type: text/csv\r\n\r\n" + content + end

    def _on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _on_header_end(self) -> None:
        if self._name.lower() == b"content-disposition":
            self._disposition = self._header
        self._name = self._header = b""

    def _on_part_data(self, data: bytes, start: int, end: int) -> None:
        if self._file and b"filename" in self._disposition:
            try:
                self._file.write(data[start:end])
            except OSError:
                self._give_up()

    def _close(self) -> None:
        try:
            if self._file:
                self._file.close()
        except OSError:
            self._give_up()

    def _give_up(self) -> None:
        self._file = None
        self.path.unlink(missing_ok=True)


def _announcing(scope: Scope, body: bytes) -> Scope:
    headers = [(name, value) for name, value in scope["headers"] if name != b"content-length"]
    return {**scope, "headers": [*headers, (b"content-length", str(len(body)).encode())]}


def _once(body: bytes) -> Receive:
    messages = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def receive() -> Message:
        return next(messages, {"type": "http.disconnect"})

    return receive


def _watched(send: Send, path: Path) -> Send:
    async def watched(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] >= 300:
            path.unlink(missing_ok=True)  # Streamlit did not want it
        await send(message)

    return watched
