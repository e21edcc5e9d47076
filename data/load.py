"""The command `python -m data.load`: imports files itself, or through the running app."""

import argparse
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from data import audited, handover
from data.importing import exported, inbox
from data.importing.input_file import ENCODINGS, UTF8, spooled
from data.importing.result import ImportResult
from data.importing.scope import LONGEST, Scope, normalized
from data.importing_by_app import ImportByApp
from data.store import audit, settings, terminal
from data.store.database import Store
from data.store.errors import Refused, StoreBusy, StoreUnavailable
from data.store.names import is_text, shown
from data.store.reasons import why

# A path, the name to show for it, and when it was exported.
ImportFile = Callable[[Path, str, datetime | None], ImportResult]
Propose = Callable[[list[Path]], datetime | None]
MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d", re.ASCII)


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns 0 (all stored), 1 (a file was refused) or 2 (wrong usage)."""
    options = _options(arguments)
    results: list[ImportResult | None] = []
    failure = ""
    try:
        _in_this_process(options, results)
    except StoreBusy as busy:
        try:
            if options.clear_sample and not options.files:
                failure = handover.ask(options.store, "clear_sample", {}).get("refused", "")
            scope, by_app = _scope(options), ImportByApp(options.store, options.encoding)
            importing = partial(by_app.import_file, scope, options.clear_sample)
            _import_all(options, importing, by_app.propose, results)
        except handover.AppNotRunning:
            failure = str(busy)
    except (StoreUnavailable, Refused) as error:
        failure = str(error)
    if options.inbox and (problem := inbox.problem()):
        failure = failure or problem
    if failure:
        terminal.warn(failure)
    if options.json:
        files = [result.as_row() for result in results if result]
        terminal.say(terminal.as_json({"files": files}))
    return 0 if all(results) and not failure else 1


def _in_this_process(options: argparse.Namespace, results: list[ImportResult | None]) -> None:
    store = Store(options.store)
    try:
        who = audit.command_user()
        if options.clear_sample:
            audited.clear_sample(store, who)
        scope = _scope(options)
        _import_all(
            options,
            lambda path, name, exported_at: audited.import_file(
                store,
                path,
                scope,
                who,
                name=name,
                encoding=options.encoding,
                exported_at=exported_at,
            ),
            lambda paths: exported.proposed_for(store, paths, options.encoding, datetime.now()),
            results,
        )
    finally:
        store.close()


def _import_all(
    options: argparse.Namespace,
    import_file: ImportFile,
    propose: Propose,
    results: list[ImportResult | None],
) -> None:
    """Import each file and add its result; None stands for one that was refused."""
    exported_at = options.exported_at
    if not exported_at and len(options.files) > 1:
        # Of a file alone, the import itself proposes by what it reads anyway.
        exported_at = propose(options.files)
    for path in options.files:
        name = shown(path.name)
        try:
            with spooled(path) as file:
                result = import_file(file, name, exported_at)
        except handover.AppNotRunning:
            if not results:
                raise
            terminal.warn(f"{name}: the app was stopped meanwhile. Nothing of this file is stored.")
            results.append(None)
            continue
        except Exception as error:  # the files after it are still to be imported
            known = isinstance(error, Refused | StoreUnavailable)
            reason = str(error) if known else f"it could not be imported: {why(error)}."
            terminal.warn(f"{name}: {reason} Nothing of this file is stored.")
            results.append(None)
            continue
        results.append(result)
        if path in options.waiting and (problem := inbox.put_away(path)):
            terminal.warn(f"{name}: {problem}")
        for warning in result.warnings:
            terminal.warn(f"{name}: note: {warning}")
        if not options.json:
            terminal.say(_in_words(result))


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = terminal.Parser(
        prog="python -m data.load", description="Import Voucher Manager's CSV files."
    )
    parser.add_argument("--version", action="version", version=settings.version())
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument(
        "--store", type=Path, default=settings.store_path(), help="the store's file"
    )
    parser.add_argument("--batch", type=_not_blank, help="the batch number of the files")
    parser.add_argument("--folder", type=_not_blank, help="the reporting folder")
    parser.add_argument("--prefix", type=_not_blank, help="the prefix of the codes")
    parser.add_argument(
        "--encoding", choices=ENCODINGS, default=UTF8, help="how the files are written"
    )
    parser.add_argument(
        "--exported-at",
        type=_moment,
        metavar="'YYYY-MM-DD HH:MM'",
        help="when the files were exported; without it now, or their latest redemption where "
        "that is more than 31 days old",
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
    if not is_text(Path(text)):
        raise argparse.ArgumentTypeError("is no text in the encoding of this terminal")
    if not normalized(text):
        raise argparse.ArgumentTypeError("is blank; leave it out instead")
    if len(normalized(text)) > LONGEST:
        raise argparse.ArgumentTypeError(f"has more than {LONGEST} characters")
    return normalized(text)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.strptime(text, "%Y-%m-%d %H:%M") if MOMENT.fullmatch(text) else None
    except ValueError:
        moment = None
    if moment is None:
        raise argparse.ArgumentTypeError('must be a day and a time like "2017-12-31 21:57"')
    if exported.is_future(moment, datetime.now()):
        raise argparse.ArgumentTypeError("lies in the future: nothing was exported then yet")
    return moment


def _in_words(result: ImportResult) -> str:
    kind = result.kind.removesuffix("s") if result.rows == 1 else result.kind
    return (
        f"{result.file}: {result.rows:,} {kind}: {result.new:,} new, "
        f"{result.updated:,} updated, {result.unchanged:,} unchanged, "
        f"{result.duplicates:,} duplicate{'' if result.duplicates == 1 else 's'}"
    )


if __name__ == "__main__":
    terminal.run(main)
