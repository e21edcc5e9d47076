"""The inbox: a folder whose CSV files are offered for import."""

import os
from pathlib import Path

from data.script import HERE

DONE = "imported"


def folder() -> Path:
    """Where the inbox is: `VOUCHERS_INBOX`, or data/inbox."""
    return Path(os.environ.get("VOUCHERS_INBOX") or HERE / "inbox")


def files() -> list[Path]:
    """The files that wait, by name."""
    if not folder().is_dir():
        return []
    return sorted(path for path in folder().glob("*.[cC][sS][vV]") if path.is_file())


def put_away(path: Path) -> None:
    """Move an imported file out of the way, into the inbox's own folder for those."""
    done = path.parent / DONE
    done.mkdir(exist_ok=True)
    target = done / path.name
    number = 1
    while target.exists():
        number += 1
        target = done / f"{path.stem} ({number}){path.suffix}"
    path.replace(target)
