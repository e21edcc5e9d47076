"""The command `python -m data.load`: imports files by itself, or through the running app."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from data import handover
from data.importing import inbox
from data.importing.input_file import ENCODINGS, UTF8
from data.importing.pipeline import load
from data.importing.result import ImportResult
from data.importing.scope import Scope
from data.replay.undo import clear_sample
from data.store import settings
from data.store.database import Store
from data.store.errors import Refused, StoreBusy, StoreUnavailable

ImportFile = Callable[[Path], ImportResult]


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns 0 (all stored), 1 (a file was refused) or 2 (wrong usage)."""
    options = _options(arguments)
    try:
        results = _in_this_process(options)
    except StoreBusy as busy:
        try:
            results = _import_all(options, _through_the_app(options))
        except handover.AppNotRunning:
            return _failed(str(busy))
    except (StoreUnavailable, Refused) as error:
        return _failed(str(error))
    if options.json:
        files = [result.as_row() for result in results if result]
        print(json.dumps({"files": files}, ensure_ascii=False))
    return 0 if all(results) else 1


def _in_this_process(options: argparse.Namespace) -> list[ImportResult | None]:
    store = Store(options.store)
    try:
        if options.clear_sample:
            clear_sample(store)
        scope = _scope(options)
        return _import_all(
            options, lambda path: load(store, path, scope, encoding=options.encoding)
        )
    finally:
        store.close()


def _through_the_app(options: argparse.Namespace) -> ImportFile:
    def import_file(path: Path) -> ImportResult:
        parameters = {
            "path": str(path.resolve()),
            "encoding": options.encoding,
            "scope": asdict(_scope(options)),
            "clear_sample": options.clear_sample,
        }
        result = handover.ask(options.store, "import", parameters)
        if "refused" in result:
            raise Refused(result["refused"])
        return ImportResult(**result["imported"])

    return import_file


def _import_all(options: argparse.Namespace, import_file: ImportFile) -> list[ImportResult | None]:
    """Import each file; None stands for one that was refused."""
    results: list[ImportResult | None] = []
    for path in options.files:
        try:
            result = import_file(path)
        except Refused as error:
            print(f"{path.name}: {error} Nothing of this file is stored.", file=sys.stderr)
            results.append(None)
            continue
        results.append(result)
        for warning in result.warnings:
            print(f"{path.name}: note: {warning}", file=sys.stderr)
        if not options.json:
            print(_in_words(result))
        if path in options.waiting:
            inbox.put_away(path)
    return results


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m data.load", description="Import Voucher Manager's CSV files."
    )
    parser.add_argument("--version", action="version", version=settings.version())
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument(
        "--store", type=Path, default=settings.store_path(), help="the store's file"
    )
    parser.add_argument(
        "--batch", type=_not_blank, help="the batch that the files were exported for"
    )
    parser.add_argument("--folder", type=_not_blank, help="the reporting folder")
    parser.add_argument("--prefix", type=_not_blank, help="the prefix of the codes")
    parser.add_argument(
        "--encoding", choices=ENCODINGS, default=UTF8, help="how the files are written"
    )
    parser.add_argument(
        "--inbox", action="store_true", help=f"import what waits in {settings.inbox_folder()}"
    )
    parser.add_argument(
        "--clear-sample", action="store_true", help="take the sample data out first"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(arguments)
    options.waiting = inbox.files() if options.inbox else []
    options.files += options.waiting
    if not options.files and not options.inbox:
        parser.error("name at least one file, or --inbox")
    return options


def _scope(options: argparse.Namespace) -> Scope:
    return Scope(options.folder, options.prefix, options.batch)


def _not_blank(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("is blank; leave it out instead")
    return text.strip()


def _failed(reason: str) -> int:
    print(reason, file=sys.stderr)
    return 1


def _in_words(result: ImportResult) -> str:
    return (
        f"{result.file}: {result.rows:,} {result.kind}: {result.new:,} new, "
        f"{result.updated:,} updated, {result.unchanged:,} unchanged, "
        f"{result.duplicates:,} duplicates"
    )


if __name__ == "__main__":
    sys.exit(main())
