"""The command `python -m queries.run NAME`: prints the rows of any query of queries/."""

import argparse
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from data import handover
from data.store import audit, terminal
from data.store.audit import Event, NotRecorded
from data.store.names import shown
from data.store.reasons import why
from data.store.settings import store_path
from queries.downloading.printed import not_recorded, printed_rows
from queries.downloading.receipts import TooMany, history_of
from queries.engine import by_name
from queries.engine.read_only import StoreLocked, StoreUnreadable, open_read_only
from queries.filters import PARAMETERS
from queries.options import add_comparison, add_filters, comparison_of, filters_of
from queries.printing import as_csv, as_table
from queries.version import version


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns 0 (printed), 1 (it could not be run) or 2 (wrong usage)."""
    options = _options(arguments)
    try:
        text = by_name.text_of(options.name)
        rows = [] if options.sql else _rows(options)
    except NotRecorded as error:
        terminal.warn(f"The query was not run: {error}")
        return 1
    except (by_name.NotRun, StoreUnreadable, TooMany) as error:
        terminal.warn(str(error))
        return 1
    except OSError as error:
        terminal.warn(not_recorded(why(error, options.store.parent)))
        return 1
    try:
        if options.sql:
            terminal.deliver(text)
        else:
            _print(rows, options.format)
    except OSError as error:
        terminal.warn(f"The rows could not be written: {why(error)}.")
        return 1
    return 0


def _rows(options: argparse.Namespace) -> list[by_name.Row]:
    asked_at = datetime.now()
    try:
        with open_read_only(options.store, why) as cursor:
            facts = by_name.facts(options.name, options.filters, options.values, options.compared)
            who = audit.command_user()
            audit.record(options.store, Event.QUERY_RUN, who, **facts)
            return printed_rows(
                cursor,
                history_of(options.store),
                options.name,
                options.filters,
                asked_at,
                options.values,
                who,
                options.compared,
            )
    except StoreLocked as locked:
        try:
            return _through_the_app(options)
        except handover.AppNotRunning:
            raise StoreUnreadable(str(locked)) from None


def _through_the_app(options: argparse.Namespace) -> list[by_name.Row]:
    """Have the app that has the store locked run the query. Raises AppNotRunning, NotRun."""
    result = handover.ask(
        options.store,
        "query",
        {
            "name": options.name,
            "filters": options.filters.to_query(),
            "values": options.values,
            "compared": options.compared.to_query() if options.compared else [],
        },
    )
    if "refused" in result:
        raise by_name.NotRun(result["refused"])
    rows: list[by_name.Row] = result["rows"]
    return rows


def _print(rows: list[by_name.Row], form: str) -> None:
    if form == "json":
        terminal.deliver(terminal.as_json(rows) + "\n")
    elif form == "csv":
        terminal.deliver(as_csv(rows), "utf-8")
    else:
        terminal.deliver(as_table(rows, shown))


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = terminal.Parser(
        prog="python -m queries.run",
        description="Print the rows of a query of queries/, for the chosen codes. A query's own "
        "parameters are given as --PARAMETER VALUE.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=version())
    parser.add_argument("name", metavar="NAME", help="the query: the .sql file without its ending")
    parser.add_argument("--store", type=Path, default=store_path(), help="the store's file")
    parser.add_argument("--format", choices=("table", "csv", "json"), default="table")
    parser.add_argument("--sql", action="store_true", help="print the query instead of its rows")
    add_filters(parser)
    add_comparison(parser)
    options, rest = parser.parse_known_args(arguments)
    options.filters = filters_of(parser, options)
    options.compared = comparison_of(parser, options)
    options.values = _values(parser, rest)
    return options


def _values(parser: argparse.ArgumentParser, rest: Sequence[str]) -> dict[str, list[str]]:
    """The query's own parameters, which argparse does not know: --name value or --name=value."""
    values: dict[str, list[str]] = {}
    words = iter(rest)
    for word in words:
        name, equals, value = word.removeprefix("--").partition("=")
        if not word.startswith("--") or not name or name in PARAMETERS:
            parser.error(f"unrecognized argument: {word}")
        if not equals:
            try:
                value = next(words)
            except StopIteration:
                parser.error(f"--{name} needs a value")
        values.setdefault(name.replace("-", "_"), []).append(value)
    return values


if __name__ == "__main__":
    terminal.run(main)
