"""The command `python -m queries.export`: writes the chosen rows as a file, with a receipt."""

import argparse
import contextlib
import http.client
import json
import os
import secrets
import shutil
import sys
import tempfile
import urllib.error
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlencode

from data import handover
from data.store import audit, terminal
from data.store.audit import Event, NotRecorded
from data.store.names import is_text, shown
from data.store.reasons import why
from data.store.settings import store_path
from queries.downloading.formats import FORMATS, NOT_WHOLE, Failed
from queries.downloading.job import KINDS
from queries.downloading.receipts import History, history_of, verify
from queries.downloading.records import CHUNK, digest_and_rows
from queries.downloading.way_out import facts_of_beginning, facts_of_outcome
from queries.downloading.write import write
from queries.engine.execute import begin_snapshot
from queries.engine.read_only import StoreLocked, StoreUnreadable, open_read_only
from queries.options import add_filters, filters_of
from queries.version import version


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. Returns 0 (written, or whole), 1 (not) or 2 (wrong usage)."""
    options = _options(arguments)
    try:
        if options.verify:
            return _verified(*options.verify)
        try:
            _in_this_process(options)
        except StoreLocked as locked:
            try:
                _through_the_app(options)
            except handover.AppNotRunning:
                raise StoreUnreadable(str(locked)) from None
    except BrokenPipeError:  # the reader has closed the pipe, as `| head` does
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123 - or Python complains at exit
        return 0
    except Failed as error:
        terminal.warn(error.sentence(why))
        return 1
    except NotRecorded as error:
        terminal.warn(f"Nothing was written: {error}")
        return 1
    except StoreUnreadable as error:
        terminal.warn(str(error))
        return 1
    except OSError as error:
        terminal.warn(f"The file cannot be written or read: {why(error)}.")
        return 1
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = terminal.Parser(
        prog="python -m queries.export",
        description="Write the chosen codes or transactions as a file.",
    )
    parser.add_argument("--version", action="version", version=version())
    parser.add_argument("kind", choices=KINDS, nargs="?")
    parser.add_argument("--store", type=Path, default=store_path(), help="the store's file")
    parser.add_argument("-o", "--output", type=Path, help="the file; standard output without it")
    parser.add_argument("--format", choices=list(FORMATS), default="csv")
    parser.add_argument(
        "--more", action="store_true", help="further columns behind the nine (codes only)"
    )
    parser.add_argument(
        "--verify",
        nargs=2,
        type=Path,
        metavar=("FILE", "RECEIPT"),
        help="say whether a file is whole and unaltered",
    )
    add_filters(parser)
    options = parser.parse_args(arguments)
    if not options.verify and not options.kind:
        parser.error("say codes or transactions")
    if options.more and options.kind != "codes":
        parser.error("--more is for codes")
    options.filters = filters_of(parser, options)
    return options


def _verified(file: Path, receipt: Path) -> int:
    try:
        wrong = verify(file, json.loads(receipt.read_text("utf-8")))
    except (ValueError, KeyError, TypeError):
        wrong = "the receipt cannot be read."
    terminal.say(f"{file.name}: {wrong or 'whole and unaltered.'}")
    return 1 if wrong else 0


def _in_this_process(options: argparse.Namespace) -> None:
    """Write beside the output and move it when it is whole: no short file ever looks whole."""
    output, kind, asked_at = options.output, options.kind, datetime.now()
    kind += "_more" if options.more else ""
    with open_read_only(options.store, why) as cursor, _directory(output) as directory:
        part = Path(directory) / f"part.{options.format}"
        history = history_of(options.store)
        begin_snapshot(cursor)
        named = shown(output.name) if output else "standard output"
        receipt = history.begin(
            cursor,
            kind,
            options.format,
            options.filters,
            asked_at,
            history.redaction(cursor).file_name(named),
            who=audit.command_user(),
        )
        with _recorded(options.store, history, receipt):
            rows = write(cursor, kind, options.filters, None, part, options.format)
            digest, rows_in_file = digest_and_rows(part, options.format)
            if rows_in_file not in (rows, None):
                raise Failed(NOT_WHOLE)
            size = part.stat().st_size
            _deliver(part, output)
            history.end(receipt, {"rows": rows, "bytes": size, "sha256": digest})
        if output and _is_file(output):
            _write_receipt(output, history.receipt(receipt))


@contextlib.contextmanager
def _recorded(store: Path, history: History, receipt_id: str) -> Iterator[None]:
    """Record in the audit log that a file leaves, and what has become of it."""
    who = audit.command_user()
    began = facts_of_beginning(history.receipt(receipt_id) or {})
    audit.record(store, Event.FILE_BEGAN, who, **began)
    try:
        yield
    except BaseException:
        with contextlib.suppress(NotRecorded):  # the reason of the block is the one to tell
            audit.record(store, Event.FILE_BROKE_OFF, who, receipt=receipt_id)
        raise
    left = facts_of_outcome(history.receipt(receipt_id) or {})
    try:
        audit.record(store, Event.FILE_LEFT, who, **left)
    except NotRecorded as error:
        terminal.warn(f"The file is whole, but {error}")


def _through_the_app(options: argparse.Namespace) -> None:
    """Download from the app that has the store locked. Raises AppNotRunning, Failed."""
    query = [*options.filters.to_query(), *([("more", "yes")] if options.more else [])]
    path = f"/export/{options.kind}.{options.format}?{urlencode(query)}"
    try:
        with (
            handover.download(options.store, path) as response,
            _directory(options.output) as directory,
        ):
            part = Path(directory) / "part"
            with part.open("wb") as file:
                shutil.copyfileobj(response, file, CHUNK)
            receipt_path = "/export/" + response.headers["X-Receipt"].partition("/export/")[2]
            with handover.download(options.store, receipt_path) as body:
                receipt = json.load(body)
            if wrong := verify(part, receipt):
                raise Failed(f"What came from the app is not whole: {wrong}")
            _deliver(part, options.output)
            if options.output and _is_file(options.output):
                _write_receipt(options.output, receipt)
    except urllib.error.HTTPError as error:
        raise Failed(error.read(1000).decode("utf-8", "replace")) from None
    except http.client.HTTPException:
        raise Failed("The app broke off before the file was whole.") from None
    except urllib.error.URLError:
        raise handover.AppNotRunning from None


def _deliver(part: Path, output: Path | None) -> None:
    """Move the finished file to the output, or write it to a pipe, device or standard output."""
    if output and _is_file(output):
        _replace(output.resolve(), part)
        return
    with part.open("rb") as file, _opened(output) as target:
        shutil.copyfileobj(file, target, CHUNK)
        target.flush()


def _replace(output: Path, part: Path) -> None:
    """Replace the output by the file atomically, also from another disk."""
    if part.parent.parent == output.parent:
        part.replace(output)
        return
    beside = output.with_name(f".export-{secrets.token_hex(4)}")
    try:
        shutil.copyfile(part, beside)
        beside.replace(output)
    finally:
        beside.unlink(missing_ok=True)


def _write_receipt(output: Path, receipt: dict[str, object] | None) -> None:
    beside = output.with_name(output.name + ".receipt.json")
    beside.write_text(json.dumps(receipt, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _is_file(output: Path | None) -> bool:
    """Whether the output can be replaced; a pipe or a device is written into."""
    return output is not None and (output.is_file() or not output.exists())


def _directory(output: Path | None) -> tempfile.TemporaryDirectory[str]:
    beside = output.resolve().parent if output and _is_file(output) else None
    if beside and not (is_text(beside) and "\\" not in str(beside)):
        beside = None  # the engine cannot write there
    return tempfile.TemporaryDirectory(prefix=".export-", dir=beside)


def _opened(output: Path | None) -> contextlib.AbstractContextManager[BinaryIO]:
    return output.open("wb") if output else contextlib.nullcontext(sys.stdout.buffer)


if __name__ == "__main__":
    terminal.run(main)
