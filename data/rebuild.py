"""The command `python -m data.rebuild`: rebuilds the store from the kept originals."""

import argparse
import shutil
from collections.abc import Sequence
from pathlib import Path

from data.replay.rebuild import rebuild
from data.store import audit, originals, settings, terminal
from data.store.errors import Refused, StoreBusy, StoreUnavailable
from data.store.names import shown
from data.store.opening import check_not_locked


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns 0 (made), 1 (it could not be) or 2 (wrong usage)."""
    options = _options(arguments)
    store = options.store.resolve()
    target = options.output or store.with_name(store.name + ".rebuilt")
    try:
        if not options.output:
            check_not_locked(store)
            target.unlink(missing_ok=True)  # left by a rebuild that was killed
        with audit.recorded(store, audit.Event.REBUILT, audit.command_user(), to=target):
            rebuild(originals.folder_of(store), target, _print_progress).close()
    except (Refused, StoreBusy, StoreUnavailable) as error:
        terminal.warn(f"Not made: {error}")
        return 1
    if not options.output:
        _replace(store, target)
    made = shown(str(options.output or store))
    terminal.say(f"Made {made} from {shown(originals.folder_of(store).name)}.")
    return 0


def _replace(store: Path, rebuilt: Path) -> None:
    """Put the new store in the old one's place, which stays beside it."""
    if store.exists():
        shutil.copy2(store, store.with_name(store.name + ".before"))
    rebuilt.replace(store)
    store.with_name(store.name + ".wal").unlink(missing_ok=True)


def _print_progress(share: float, doing: str) -> None:
    terminal.warn(f"{share:4.0%} {doing}")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
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
