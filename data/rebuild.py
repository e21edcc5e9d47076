"""The command `python -m data.rebuild`: rebuilds the store from the kept originals."""

import argparse
import contextlib
import shutil
from collections.abc import Sequence
from itertools import chain, count
from pathlib import Path

from data.replay.rebuild import rebuild
from data.store import audit, originals, privacy, settings, temporary, terminal
from data.store.errors import Refused, StoreBusy, StoreUnavailable
from data.store.names import scratch_of
from data.store.opening import check_not_locked


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns 0 (made), 1 (it could not be) or 2 (wrong usage)."""
    options = _options(arguments)
    store = options.store.resolve()
    target = options.output or temporary.beside(store)
    try:
        if not options.output:
            check_not_locked(store)
            _delete_left(store)
        with audit.recorded(store, audit.Event.REBUILT, audit.command_user(), to=target):
            rebuild(originals.folder_of(store), target, _print_progress).close()
    except (Refused, StoreBusy, StoreUnavailable) as error:
        terminal.warn(f"Not made: {error}")
        return 1
    if not options.output:
        try:
            _replace(store, target)
        finally:
            temporary.delete(target)
    terminal.say(f"Made {options.output or store} from {originals.folder_of(store).name}.")
    return 0


def _replace(store: Path, rebuilt: Path) -> None:
    """Put the new store in the old one's place, which stays beside it with its log."""
    log = _log_of(store)
    before = _free_name(store)
    if store.exists():
        _keep(store, before)
    if log.exists():
        _keep(log, _log_of(before))
        log.unlink()
    rebuilt.replace(store)


def _keep(file: Path, copy: Path) -> None:
    shutil.copy2(file, copy)
    privacy.tighten(copy)


def _free_name(store: Path) -> Path:
    """A name for the old store that no earlier one has."""
    endings = chain([".before"], (f".before-{number}" for number in count(2)))
    paths = (store.with_name(store.name + ending) for ending in endings)
    return next(path for path in paths if not (path.exists() or _log_of(path).exists()))


def _log_of(store: Path) -> Path:
    """The engine's log of what the file of a store does not hold yet."""
    return store.with_name(store.name + ".wal")


def _delete_left(store: Path) -> None:
    """Delete what rebuilds that were killed have left, not what another one is writing."""
    for part in temporary.left(store):
        with contextlib.suppress(StoreBusy):
            check_not_locked(part)
            temporary.delete(part)
            shutil.rmtree(scratch_of(part), ignore_errors=True)


def _print_progress(share: float, doing: str) -> None:
    terminal.warn(f"{share:4.0%} {doing}")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = terminal.Parser(
        prog="python -m data.rebuild",
        description="Make the store anew from the originals that lie beside it.",
    )
    parser.add_argument("--version", action="version", version=settings.version())
    parser.add_argument(
        "--store", type=Path, default=settings.store_path(), help="the store's file"
    )
    parser.add_argument("-o", "--output", type=Path, help="make another file, keep the store")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    terminal.run(main)
