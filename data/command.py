"""The command `python -m data.load`: imports by itself, or through the running app."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from data import handover, inbox
from data.check import Refused
from data.load import UTF8, Imported, Scope, load
from data.store import Store, StoreBusy, StoreUnavailable, default_path
from data.undo import clear_sample

ImportOne = Callable[[Path], Imported]
ENCODINGS = (UTF8, "windows-1252")


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns 0 (all stored), 1 (a file was refused) or 2 (wrong usage)."""
    options = _options(arguments)
    try:
        done = _by_ourselves(options)
    except StoreBusy as busy:
        try:
            done = _import_all(options, _through_the_app(options))
        except handover.NobodyThere:
            return _failed(str(busy))
    except (StoreUnavailable, Refused) as error:
        return _failed(str(error))
    if options.json:
        files = [imported.as_row() for imported in done if imported]
        print(json.dumps({"files": files}, ensure_ascii=False))
    return 0 if all(done) else 1


def _by_ourselves(options: argparse.Namespace) -> list[Imported | None]:
    store = Store(options.store)
    try:
        if options.clear_sample:
            clear_sample(store)
        scope = _scope(options)
        done = _import_all(
            options, lambda path: load(store, path, scope, encoding=options.encoding)
        )
        return done
    finally:
        store.close()


def _through_the_app(options: argparse.Namespace) -> ImportOne:
    def through_the_app(path: Path) -> Imported:
        question = {
            "path": str(path.resolve()),
            "encoding": options.encoding,
            "scope": asdict(_scope(options)),
            "clear_sample": options.clear_sample,
        }
        answer = handover.ask(options.store, "import", question)
        if "refused" in answer:
            raise Refused(answer["refused"])
        return Imported(**answer["imported"])

    return through_the_app


def _import_all(options: argparse.Namespace, import_one: ImportOne) -> list[Imported | None]:
    """Import each file; None stands for one that was refused."""
    done: list[Imported | None] = []
    for path in options.files:
        try:
            imported = import_one(path)
        except Refused as error:
            print(f"{path.name}: {error} Nothing of this file is stored.", file=sys.stderr)
            done.append(None)
            continue
        done.append(imported)
        for warning in imported.warnings:
            print(f"{path.name}: note: {warning}", file=sys.stderr)
        if not options.json:
            print(_in_words(imported))
        if path in options.waiting:
            inbox.put_away(path)
    return done


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m data.load", description="Import Voucher Manager's CSV files."
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument("--store", type=Path, default=default_path(), help="the store's file")
    parser.add_argument("--batch", type=_said, help="the batch that the files were exported for")
    parser.add_argument("--folder", type=_said, help="the reporting folder")
    parser.add_argument("--prefix", type=_said, help="the prefix of the codes")
    parser.add_argument(
        "--encoding", choices=ENCODINGS, default=UTF8, help="how the files are written"
    )
    parser.add_argument(
        "--inbox", action="store_true", help=f"import what waits in {inbox.folder()}"
    )
    parser.add_argument(
        "--clear-sample", action="store_true", help="take the sample data out first"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(arguments)
    options.waiting = inbox.files() if options.inbox else []
    options.files += options.waiting
    if options.inbox:
        return options
    if not options.files:
        parser.error("name at least one file, or --inbox")
    return options


def _scope(options: argparse.Namespace) -> Scope:
    return Scope(options.folder, options.prefix, options.batch)


def _said(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("is blank; leave it out instead")
    return text.strip()


def _failed(reason: str) -> int:
    print(reason, file=sys.stderr)
    return 1


def _in_words(imported: Imported) -> str:
    return (
        f"{imported.file}: {imported.rows:,} {imported.kind}: {imported.new:,} new, "
        f"{imported.updated:,} updated, {imported.unchanged:,} unchanged, "
        f"{imported.duplicates:,} duplicates"
    )
