"""Uploads go to disk as they arrive, not into memory, and only those that may.

A middleware around Streamlit, which would check an upload only when it is there: it checks the
request before its first byte, stores the file, and hands on, in its place, only the name under
which it lies on the disk.
"""

import asyncio
import errno
import logging
import re
import secrets
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import File, FormParser, create_form_parser
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from data.importing.upload_names import note_failure, stand_in
from data.store.errors import StoreUnavailable
from data.store.reasons import why
from data.store.settings import stalled_seconds
from pages.people.current import person_of, without
from pages.people.person import Right
from pages.routes import stored_uploads
from pages.routes.clients import in_thread
from pages.routes.streamlit_sessions import is_connected, is_forged, largest_upload
from pages.routes.turns import Limit, Turns
from pages.text.addresses import base_path
from queries.downloading.job import ROOM

_log = logging.getLogger(__name__)

ROUTE = "/_stcore/upload_file/"  # and the session's ID and the file's
LONGEST_HEAD = 64 * 1024  # bytes of a part's headers
HEAD_ENDS = b"\r\n\r\n"
# A browser sends all files that were dropped at once: one is written, the others wait.
TURNS = Turns(upload=Limit(per_person=1, in_all=8))


class Rejected(Exception):
    """An upload that is not taken: the status and the sentence of the response."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


def ids_of(scope: Scope) -> tuple[str, str] | None:
    """The session and the file of an address for uploads; None for any other."""
    pattern = re.escape(base_path() + ROUTE) + "([^/]+)/([^/]+)"
    found = re.fullmatch(pattern, scope["path"])
    return (found[1], found[2]) if found else None


def is_upload(scope: Scope) -> bool:
    """Whether a request brings a file, which may take long."""
    return scope["method"] == "PUT" and ids_of(scope) is not None


class UploadsToDisk:
    """The middleware. `folder` returns the folder for uploads."""

    def __init__(self, app: ASGIApp, folder: Callable[[], Path]) -> None:
        self.app = app
        self.folder = folder

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on but the body of an upload."""
        ids = ids_of(scope) if scope["type"] == "http" else None
        if ids and scope["method"] == "DELETE":
            # Where Streamlit says that the file has been taken off the page.
            await self.app(scope, receive, _deleting(send, ids, lambda status: status < 300))
        elif ids and scope["method"] == "PUT":
            try:
                await self._take(ids, scope, receive, send)
            except Rejected as rejected:
                close = {"Connection": "close"}  # the body is not read
                response = PlainTextResponse(str(rejected), rejected.status, close)
                await response(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _take(self, ids: tuple[str, str], scope: Scope, receive: Receive, send: Send) -> None:
        """Store an upload and hand its name on. Raises Rejected."""
        session, file = ids
        _check(scope, session)
        turn = await TURNS.turn(person_of(scope).id, "upload")
        try:
            _check(scope, session)  # it may have waited for long
            try:
                upload = _Upload(await in_thread(self.folder))
            except StoreUnavailable as error:
                raise Rejected(503, str(error)) from None
            await _store(upload, scope, receive)
        finally:
            turn.release()
        stored_uploads.remember(session, file, upload.path)
        body = upload.body()
        with_length = _with_length(scope, body)
        # Where Streamlit refuses the upload.
        send_on = _deleting(send, ids, lambda status: status >= 300)
        await self.app(with_length, _body_once(body), send_on)


def _check(scope: Scope, session: str) -> None:
    """Raise Rejected where the request must not bring a file."""
    somebody = person_of(scope)
    if not somebody.may(Right.IMPORT):
        raise Rejected(403, without(somebody, Right.IMPORT))
    if is_forged(scope):
        raise Rejected(403, "This upload does not come from a page of Voucher Explorer.")
    if not is_connected(session):
        raise Rejected(400, "The page of this upload is not open any more. Reload it.")
    length = dict(scope["headers"]).get(b"content-length", b"0")
    if not re.fullmatch(rb"\d{1,18}", length):
        raise Rejected(400, "The length of this upload is no number.")
    _check_size(int(length))


def _check_size(size: int) -> None:
    if size > (most := largest_upload()):
        sentence = f"This file is too large: an upload may have {most // 1024**2:,} MB at most."
        raise Rejected(413, f"{sentence} Put it into the inbox.")


async def _store(upload: "_Upload", scope: Scope, receive: Receive) -> None:
    """Store the body, or leave nothing. Raises Rejected."""
    is_stored = False
    try:
        await upload.store(scope, receive)
        is_stored = True
    except (ValueError, FormParserError):
        raise Rejected(400, "This is no upload.") from None
    except TimeoutError:
        raise Rejected(408, "Nothing more came of this upload.") from None
    finally:
        if not is_stored:
            await asyncio.shield(in_thread(upload.delete))


class _Upload:
    """One upload: its file on the disk, and the body that Streamlit gets instead."""

    def __init__(self, folder: Path) -> None:
        name = f"upload-{secrets.token_hex(8)}"
        self.path = folder / f"{name}.csv"
        self._folder = folder / name  # where the parser writes, under names of its own
        self._head = b""
        self._parser: FormParser | None = None

    async def store(self, scope: Scope, receive: Receive) -> None:
        """Store the body of a request. Raises Rejected, ValueError, FormParserError, TimeoutError.

        Where it cannot be written there is no file in the end, and the page says why.
        """
        headers = {name.decode().title(): value for name, value in scope["headers"]}
        writing = await in_thread(lambda: self._begin(headers))
        size, more = 0, True
        while more:
            async with asyncio.timeout(stalled_seconds()):
                message = await receive()
            if message["type"] == "http.disconnect":
                raise ValueError("The client has gone.")
            data, more = message.get("body", b""), message.get("more_body", False)
            size += len(data)
            _check_size(size)
            self._take_head(data)
            if writing:
                writing = await in_thread(partial(self._write, data))
        await in_thread(self._end)
        if HEAD_ENDS not in self._head:
            raise ValueError("There is no part in the body.")

    def body(self) -> bytes:
        """A body of the same shape, with the file's name in place of its content."""
        head, _, _ = self._head.partition(HEAD_ENDS)
        boundary, _, _ = head.partition(b"\r\n")
        return head + HEAD_ENDS + stand_in(self.path) + b"\r\n" + boundary + b"--\r\n"

    def delete(self) -> None:
        """Delete what is stored."""
        self.path.unlink(missing_ok=True)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _begin(self, headers: dict[str, bytes]) -> bool:
        """Begin to write. Returns whether there is any use in more bytes."""
        try:
            self._check_room()
            self._folder.mkdir()
            config = {
                "UPLOAD_DIR": str(self._folder),
                "UPLOAD_DELETE_TMP": False,
                "MAX_MEMORY_FILE_SIZE": 0,
            }
            self._parser = create_form_parser(headers, None, self._keep, config=config)
        except OSError as error:
            self._give_up(error)
        return self._parser is not None

    def _write(self, data: bytes) -> bool:
        """Write a part of the body. Returns whether there is any use in more bytes."""
        try:
            self._check_room()
            if self._parser:
                self._parser.write(data)
        except OSError as error:
            self._give_up(error)
        return self._parser is not None

    def _end(self) -> None:
        if self._parser:
            self._parser.finalize()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _check_room(self) -> None:
        """Raise OSError where the disk has no room left that is not for others."""
        if shutil.disk_usage(self.path.parent).free < ROOM:
            raise OSError(errno.ENOSPC, "The rest of the disk is for others.")

    def _give_up(self, error: OSError) -> None:
        reason = why(error, self.path.parent)
        _log.warning("An upload could not be kept: %s", reason)
        note_failure(self.path, reason)
        self._parser = None
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
            Path(name.decode()).replace(self.path)


def _with_length(scope: Scope, body: bytes) -> Scope:
    headers = [(name, value) for name, value in scope["headers"] if name != b"content-length"]
    return {**scope, "headers": [*headers, (b"content-length", str(len(body)).encode())]}


def _body_once(body: bytes) -> Receive:
    messages = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def receive() -> Message:
        return next(messages, {"type": "http.disconnect"})

    return receive


def _deleting(send: Send, ids: tuple[str, str], is_wanted: Callable[[int], bool]) -> Send:
    """A `send` that deletes the stored file first where the status of the response says so."""

    async def send_on(message: Message) -> None:
        if message["type"] == "http.response.start" and is_wanted(message["status"]):
            await in_thread(lambda: stored_uploads.delete(*ids))
        await send(message)

    return send_on
