"""The command `python -m data.rebuild`: makes the store anew from the kept originals."""

import argparse
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from data.check import Refused
from data.store import StoreBusy, StoreUnavailable, default_path, originals_of, owned_by_nobody
from data.undo import rebuild


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns 0 (made), 1 (it could not be) or 2 (wrong usage)."""
    options = _options(arguments)
    store = options.store.resolve()
    made = options.output or store.with_name(store.name + ".rebuilt")
    try:
        if not options.output:
            owned_by_nobody(store)
            made.unlink(missing_ok=True)  # of a rebuild that was killed
        rebuild(originals_of(store), made, _say).close()
    except (Refused, StoreBusy, StoreUnavailable) as error:
        print(f"Not made: {error}", file=sys.stderr)
        return 1
    if not options.output:
        _replace(store, made)
    print(f"Made {options.output or store} from {originals_of(store).name}.")
    return 0


def _replace(store: Path, made: Path) -> None:
    """Put the new store in the old one's place, which stays beside it."""
    if store.exists():
        shutil.copy2(store, store.with_name(store.name + ".before"))
    made.replace(store)
    store.with_name(store.name + ".wal").unlink(missing_ok=True)


def _say(share: float, doing: str) -> None:
    print(f"{share:4.0%} {doing}", file=sys.stderr)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m data.rebuild",
        description="Make the store anew from the originals that lie beside it.",
    )
    parser.add_argument("--store", type=Path, default=default_path(), help="the store's file")
    parser.add_argument("-o", "--output", type=Path, help="make another file, keep the store")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
