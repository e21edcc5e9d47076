"""Uploads go to disk as they arrive, not into memory.

A middleware around Streamlit: it stores the file of an upload and hands on, in its place, only
the name under which it lies on the disk.
"""

import asyncio
import logging
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import File, FormParser, create_form_parser
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from data.importing.upload_names import note_failure, stand_in
from data.store.reasons import why

_log = logging.getLogger(__name__)

ROUTE = "/_stcore/upload_file/"
LONGEST_HEAD = 64 * 1024  # bytes of a part's headers
HEAD_ENDS = b"\r\n\r\n"


class UploadsToDisk:
    """The middleware. `folder` returns the folder for uploads."""

    def __init__(self, app: ASGIApp, folder: Callable[[], Path]) -> None:
        self.app = app
        self.folder = folder

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on but the body of an upload."""
        if scope["type"] != "http" or scope["method"] != "PUT" or ROUTE not in scope["path"]:
            await self.app(scope, receive, send)
            return
        upload = _Upload(self.folder())
        try:
            await upload.store(scope, receive)
        except (ValueError, FormParserError):
            await asyncio.to_thread(upload.delete)
            await PlainTextResponse("This is no upload.", 400)(scope, receive, send)
            return
        body = upload.body()
        await self.app(_with_length(scope, body), _body_once(body), _deleting_refused(send, upload))


class _Upload:
    """One upload: its file on the disk, and the body that Streamlit gets instead."""

    def __init__(self, folder: Path) -> None:
        name = f"upload-{secrets.token_hex(8)}"
        self._path = folder / f"{name}.csv"
        self._folder = folder / name  # where the parser writes, under names of its own
        self._head = b""

    async def store(self, scope: Scope, receive: Receive) -> None:
        """Store the body of a request. Raises ValueError, FormParserError.

        Where it cannot be written there is no file in the end, and the page says why.
        """
        headers = {name.decode().title(): value for name, value in scope["headers"]}
        parser: FormParser | None = None
        try:
            self._folder.mkdir()
            config = {
                "UPLOAD_DIR": str(self._folder),
                "UPLOAD_DELETE_TMP": False,
                "MAX_MEMORY_FILE_SIZE": 0,
            }
            parser = create_form_parser(headers, None, self._keep, config=config)
        except OSError as error:
            self._give_up(error)
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ValueError("The client has gone.")
            data, more = message.get("body", b""), message.get("more_body", False)
            self._take_head(data)
            if parser:
                try:
                    await asyncio.to_thread(parser.write, data)
                except OSError as error:
                    parser = None
                    self._give_up(error)
        if parser:
            parser.finalize()
        if HEAD_ENDS not in self._head:
            raise ValueError("There is no part in the body.")
        shutil.rmtree(self._folder, ignore_errors=True)

    def body(self) -> bytes:
        """A body of the same shape, with the file's name in place of its content."""
        head, _, _ = self._head.partition(HEAD_ENDS)
        boundary, _, _ = head.partition(b"\r\n")
        return head + HEAD_ENDS + stand_in(self._path) + b"\r\n" + boundary + b"--\r\n"

    def delete(self) -> None:
        """Delete what is stored."""
        self._path.unlink(missing_ok=True)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _give_up(self, error: OSError) -> None:
        reason = why(error, self._path.parent)
        _log.warning("An upload could not be kept: %s", reason)
        note_failure(self._path, reason)
        self.delete()

    def _take_head(self, data: bytes) -> None:
        if HEAD_ENDS not in self._head and len(self._head) < LONGEST_HEAD:
            self._head += data[:LONGEST_HEAD]

    def _keep(self, file: File) -> None:
        """Give a file that the parser has written whole its own name."""
        if file.in_memory:  # an empty one
            file.flush_to_disk()
        name = file.actual_file_name
        file.close()
        if name:
            Path(name.decode()).replace(self._path)


def _with_length(scope: Scope, body: bytes) -> Scope:
    headers = [(name, value) for name, value in scope["headers"] if name != b"content-length"]
    return {**scope, "headers": [*headers, (b"content-length", str(len(body)).encode())]}


def _body_once(body: bytes) -> Receive:
    messages = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def receive() -> Message:
        return next(messages, {"type": "http.disconnect"})

    return receive


def _deleting_refused(send: Send, upload: _Upload) -> Send:
    """Delete the file where Streamlit refuses the upload."""

    async def send_on(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] >= 300:
            await asyncio.to_thread(upload.delete)
        await send(message)

    return send_on
