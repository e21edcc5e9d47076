"""The command `python -m data.backup FILE`: copies the store safely, also while the app runs."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from data import audited, handover
from data.store import audit, settings, terminal
from data.store.copying import NotCopied
from data.store.database import Store
from data.store.errors import StoreBusy, StoreUnavailable


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns 0 (copied), 1 (it could not be) or 2 (wrong usage)."""
    options = _options(arguments)
    if not options.store.exists():
        return _failed(f"There is no store at {options.store}. Name another one with --store.")
    try:
        _in_this_process(options.store, options.file)
    except StoreBusy as busy:
        try:
            _through_the_app(options.store, options.file)
        except handover.AppNotRunning:
            return _failed(str(busy))
        except NotCopied as error:
            return _failed(str(error))
    except (StoreUnavailable, NotCopied) as error:
        return _failed(str(error))
    terminal.say(f"Copied {options.store} to {options.file}.")
    return 0


def _in_this_process(path: Path, target: Path) -> None:
    store = Store(path)
    try:
        audited.backup(store, target.resolve(), audit.command_user())
    finally:
        store.close()


def _through_the_app(path: Path, target: Path) -> None:
    result = handover.ask(path, "backup", {"path": str(target.resolve())})
    if "refused" in result:
        raise NotCopied(result["refused"])


def _failed(reason: str) -> int:
    terminal.warn(reason)
    return 1


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = terminal.Parser(
        prog="python -m data.backup",
        description="Copy the store safely, also while the app runs.",
    )
    parser.add_argument("--version", action="version", version=settings.version())
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument(
        "--store", type=Path, default=settings.store_path(), help="the store's file"
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    terminal.run(main)
