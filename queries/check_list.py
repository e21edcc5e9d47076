"""The command `python -m queries.check_list FILE`: a verdict on each code of a list."""

import argparse
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from data import handover
from data.importing.input_file import spooled
from data.store import audit, terminal
from data.store.audit import Event, NotRecorded
from data.store.errors import Refused
from data.store.names import shown
from data.store.reasons import why
from data.store.settings import store_path
from queries.checking.listing import NotAList
from queries.checking.printed import Row, facts_of, printed_verdicts
from queries.checking.reading import read
from queries.downloading.printed import not_recorded
from queries.downloading.receipts import TooMany, history_of
from queries.engine.read_only import StoreLocked, StoreUnreadable, open_read_only
from queries.options import add_filters, filters_of
from queries.printing import as_csv, as_table
from queries.version import version


class NotChecked(Exception):
    """The app has not checked the list; the text says why."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns 0 (printed), 1 (it could not be checked) or 2 (wrong usage)."""
    options = _options(arguments)
    try:
        with spooled(options.file) as file:
            rows = _rows(options, file)
    except NotRecorded as error:
        terminal.warn(f"The list was not checked: {error}")
        return 1
    except (NotAList, NotChecked, StoreUnreadable, TooMany) as error:
        terminal.warn(str(error))
        return 1
    except Refused as error:
        terminal.warn(f"{options.file}: {error}")
        return 1
    except OSError as error:
        terminal.warn(not_recorded(why(error, options.store.parent)))
        return 1
    try:
        _print(rows, options.format)
    except OSError as error:
        terminal.warn(f"The verdicts could not be written: {why(error)}.")
        return 1
    return 0


def _rows(options: argparse.Namespace, file: Path) -> list[Row]:
    asked_at = datetime.now()
    listed = read(_content(file), options.column)
    try:
        with open_read_only(options.store, why) as cursor:
            who = audit.command_user()
            facts = facts_of(listed, options.filters)
            audit.record(options.store, Event.LIST_CHECKED, who, **facts)
            history = history_of(options.store)
            return printed_verdicts(cursor, history, listed, options.filters, asked_at, who)
    except StoreLocked as locked:
        try:
            return _through_the_app(options, file)
        except handover.AppNotRunning:
            raise StoreUnreadable(str(locked)) from None


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise NotAList(f"{shown(str(file))} cannot be read: {why(error)}.") from None


def _through_the_app(options: argparse.Namespace, file: Path) -> list[Row]:
    """Have the app that has the store locked check the list. Raises AppNotRunning, NotChecked."""
    result = handover.ask(
        options.store,
        "check_list",
        {
            "path": str(file.resolve()),
            "column": options.column,
            "filters": options.filters.to_query(),
        },
    )
    if "refused" in result:
        raise NotChecked(result["refused"])
    rows: list[Row] = result["rows"]
    return rows


def _print(rows: list[Row], form: str) -> None:
    if form == "json":
        terminal.deliver(terminal.as_json(rows) + "\n")
    elif form == "csv":
        terminal.deliver(as_csv(rows), "utf-8")
    else:
        terminal.deliver(as_table(rows, shown))


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = terminal.Parser(
        prog="python -m queries.check_list",
        description="Print what has become of each code of a list: one code per line, a CSV file "
        "or an Excel workbook. The filters choose the codes among which they are looked up.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=version())
    parser.add_argument("file", metavar="FILE", type=Path, help="the list")
    parser.add_argument("--column", help="the name of the column with the codes")
    parser.add_argument("--store", type=Path, default=store_path(), help="the store's file")
    parser.add_argument("--format", choices=("table", "csv", "json"), default="table")
    add_filters(parser)
    options = parser.parse_args(arguments)
    options.filters = filters_of(parser, options)
    return options


if __name__ == "__main__":
    terminal.run(main)
