"""The command `python -m data.move`: moves the rows of a store to a lake, or back into it."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from data.store import audit, moving, settings, terminal
from data.store.errors import Refused, StoreUnavailable
from data.store.moving import NotMoved


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns 0 (moved), 1 (it could not be) or 2 (wrong usage)."""
    options = _options(arguments)
    path: Path = options.store
    if not path.exists():
        terminal.warn(f"There is no store at {path}. Name another one with --store.")
        return 1
    move, where = (moving.to_lake, "lake") if options.to_lake else (moving.to_store, "store")
    try:
        with audit.recorded(path.resolve(), audit.Event.MOVED, audit.command_user(), to=where):
            rows = move(path)
    except (NotMoved, Refused, StoreUnavailable) as error:
        terminal.warn(f"Not moved: {error}")
        return 1
    terminal.say(_done(path, rows, to_lake=options.to_lake))
    return 0


def _done(path: Path, rows: int, *, to_lake: bool) -> str:
    if to_lake:
        return (
            f"Moved {rows:,} rows to {settings.rows_folder(path)}, and compared them. "
            f"Start the app with VOUCHERS_ENGINE={settings.PARQUET}, or with the address of a "
            f"cluster, such as {settings.EXAMPLE}."
        )
    return f"Moved {rows:,} rows into {path}, and compared them. Unset VOUCHERS_ENGINE."


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = terminal.Parser(
        prog="python -m data.move",
        description="Move the rows of a store to Parquet files, or back. Stop the app first.",
    )
    parser.add_argument("--version", action="version", version=settings.version())
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--to-lake", action="store_true", help="to VOUCHERS_ROWS, or beside it")
    where.add_argument("--to-store", action="store_true", help="into the store's own file")
    parser.add_argument(
        "--store", type=Path, default=settings.store_path(), help="the store's file"
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    terminal.run(main)
