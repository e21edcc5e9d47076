"""Downloads of the chosen rows, exactly those that a page counts.

Also the command `python -m queries.export`; see `--help`.
"""

import argparse
import contextlib
import hashlib
import http.client
import json
import os
import re
import shutil
import sys
import tempfile
import unicodedata
import urllib.error
import urllib.request
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlencode

import duckdb

from queries.filters import PARAMETERS, Filters
from queries.formats import FORMATS, Failed, write
from queries.receipts import history_of, verify
from queries.run import HERE, one_state
from queries.spool import CHUNK, Spool

KINDS = ("codes", "transactions")
MACROS = HERE.parent / "data" / "store" / "macros" / "chosen.sql"
LONGEST_MIDDLE = 75  # bytes of a file's name between its kind and its day

__all__ = ["FORMATS", "KINDS", "Failed", "Spool", "main", "name", "slug", "write"]


def name(kind: str, filters: Filters, today: date, form: str = "csv") -> str:
    """A file name that says what is in it: codes_email_january-2016_2026-11-23.csv."""
    said = [
        slug(value)
        for values in (filters.group, filters.folder, filters.batch)
        for value in values or ()
    ]
    middle = "_".join(part for part in said if part)
    while len(middle.encode()) > LONGEST_MIDDLE:
        middle = middle[:-1]
    parts = (kind.replace("_", "-"), middle.strip("-_"), today.isoformat())
    return "_".join(part for part in parts if part) + f".{form}"


def slug(text: str) -> str:
    """The text as part of a file name that is safe everywhere."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return re.sub(r"[^\w]+", "-", plain).strip("-_")


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. Returns 0 (written, or whole), 1 (not) or 2 (wrong usage)."""
    options = _options(arguments)
    try:
        if options.verify:
            return _verified(*options.verify)
        try:
            with _open(options.store) as db:
                _write_out(db, options)
        except duckdb.IOException as error:
            if "lock" not in str(error).lower():
                raise
            _through_the_app(options)
    except BrokenPipeError:  # the reader has had enough, as in `| head`
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123 - or Python complains at exit
        return 0
    except (duckdb.Error, Failed, OSError) as error:
        print(_reason(options, error), file=sys.stderr)
        return 1
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m queries.export",
        description="Write the chosen codes or transactions as a file.",
    )
    parser.add_argument("kind", choices=KINDS, nargs="?")
    parser.add_argument("--store", type=Path, default=_default_store(), help="the store's file")
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
    for parameter in PARAMETERS:
        parser.add_argument(
            f"--{parameter}",
            action="append",
            default=[],
            metavar="VALUE",
            help="as in the address of a page",
        )
    options = parser.parse_args(arguments)
    if not options.verify and not options.kind:
        parser.error("say codes or transactions")
    if options.more and options.kind != "codes":
        parser.error("--more is for codes")
    pairs = [(name, value) for name in PARAMETERS for value in vars(options)[name]]
    options.filters, problems = Filters.from_query(pairs)
    if problems:
        parser.error(" ".join(problems))
    return options


def _verified(file: Path, receipt: Path) -> int:
    try:
        wrong = verify(file, json.loads(receipt.read_text("utf-8")))
    except (ValueError, KeyError, TypeError):
        wrong = "the receipt cannot be read."
    print(f"{file.name}: {wrong or 'whole and unaltered.'}")
    return 1 if wrong else 0


def _default_store() -> Path:
    return Path(os.environ.get("VOUCHERS_STORE") or HERE.parent / "data" / "vouchers.duckdb")


def _open(store: Path) -> duckdb.DuckDBPyConnection:
    db = duckdb.connect()
    db.execute("attach ? as vouchers (read_only)", [str(store)])
    db.execute(MACROS.read_text("utf-8"))
    return db


def _write_out(db: duckdb.DuckDBPyConnection, options: argparse.Namespace) -> None:
    """Through a file beside the output, so that no short file ever looks whole."""
    output, kind, now = options.output, options.kind, datetime.now()
    kind += "_more" if options.more else ""
    with _directory(output) as directory:
        part = Path(directory) / f"part.{options.format}"
        history = history_of(options.store)
        one_state(db)
        file_name = output.name if output else "standard output"
        receipt = history.begin(db, kind, options.format, options.filters, now, file_name)
        rows = write(db, kind, options.filters, now, part, options.format)
        with part.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = part.stat().st_size
        _hand_over(part, output)
        history.end(receipt, {"rows": rows, "bytes": size, "sha256": digest})
        if output and _is_file(output):
            _write_receipt(output, history.receipt(receipt))


def _hand_over(part: Path, output: Path | None) -> None:
    if output and _is_file(output):
        part.replace(output.resolve())
        return
    with part.open("rb") as file, _opened(output) as target:
        shutil.copyfileobj(file, target, CHUNK)
        target.flush()


def _through_the_app(options: argparse.Namespace) -> None:
    """The app owns the store: download from it. Raises duckdb.IOException without an app."""
    announced = options.store.resolve().with_name(options.store.name + ".app.json")
    try:
        url = json.loads(announced.read_text("utf-8"))["url"]
    except (OSError, ValueError, KeyError):
        raise duckdb.IOException("lock") from None
    query = [*options.filters.to_query(), *([("more", "yes")] if options.more else [])]
    address = f"{url}/export/{options.kind}.{options.format}?{urlencode(query)}"
    try:
        with urllib.request.urlopen(address) as answer, _directory(options.output) as directory:
            part = Path(directory) / "part"
            with part.open("wb") as file:
                shutil.copyfileobj(answer, file, CHUNK)
            with urllib.request.urlopen(url + answer.headers["X-Receipt"]) as said:
                receipt = json.load(said)
            if wrong := verify(part, receipt):
                raise Failed(f"What came from the app is not whole: {wrong}")
            _hand_over(part, options.output)
            if options.output and _is_file(options.output):
                _write_receipt(options.output, receipt)
    except urllib.error.HTTPError as error:
        raise Failed(error.read(1000).decode("utf-8", "replace")) from None
    except http.client.HTTPException:
        raise Failed("The app broke off before the file was whole.") from None
    except urllib.error.URLError:
        raise duckdb.IOException("lock") from None


def _write_receipt(output: Path, receipt: dict[str, object] | None) -> None:
    beside = output.with_name(output.name + ".receipt.json")
    beside.write_text(json.dumps(receipt, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _is_file(output: Path | None) -> bool:
    """Whether the output is to be a file of ours; a pipe or a device is written into."""
    return output is not None and (output.is_file() or not output.exists())


def _directory(output: Path | None) -> tempfile.TemporaryDirectory[str]:
    beside = output.resolve().parent if output and _is_file(output) else None
    return tempfile.TemporaryDirectory(prefix=".export-", dir=beside)


def _opened(output: Path | None) -> contextlib.AbstractContextManager[BinaryIO]:
    return output.open("wb") if output else contextlib.nullcontext(sys.stdout.buffer)


def _reason(options: argparse.Namespace, error: Exception) -> str:
    if isinstance(error, Failed):
        return str(error)
    if isinstance(error, OSError):
        return f"The file cannot be written or read: {error.strerror}."
    if not options.store.exists():
        return f"There is no store at {options.store}. Name another one with --store."
    if "lock" in str(error).lower():
        return (
            f"{options.store} is in use by another process: most likely Voucher Explorer is "
            "running. Download from its pages, or stop it first."
        )
    if isinstance(error, duckdb.IOException):
        return f"{options.store} cannot be read, or the file cannot be written."
    return (
        f"{options.store} is not a store of this version of Voucher Explorer. Open one of an "
        "earlier version once with the app, or name another one with --store."
    )


if __name__ == "__main__":
    sys.exit(main())
