"""The inbox: a folder whose CSV files are offered for import."""

from pathlib import Path

from data.store import privacy
from data.store.names import shown
from data.store.reasons import why
from data.store.settings import inbox_folder

DONE = "imported"


def files() -> list[Path]:
    """The files in the inbox that are not imported yet, by name."""
    folder = inbox_folder()
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.glob("*.[cC][sS][vV]") if path.is_file())


def problem() -> str | None:
    """Why the inbox cannot be read, as a sentence; None where it can, or where there is none."""
    folder = inbox_folder()
    try:
        next(folder.iterdir(), None)
    except FileNotFoundError:
        return None
    except OSError as error:
        return f"The inbox {shown(str(folder))} cannot be read: {why(error)}."
    return None


def put_away(path: Path) -> str | None:
    """Move an imported file into the inbox's folder of imported files.

    Returns a sentence where that cannot be done: the file is stored all the same.
    """
    done = path.parent / DONE
    try:
        done.mkdir(mode=0o700, exist_ok=True)
        privacy.tighten(done)
        target = done / path.name
        number = 1
        while target.exists():
            number += 1
            target = done / f"{path.stem} ({number}){path.suffix}"
        path.replace(target)
    except OSError as error:
        return f"It is stored, but could not be moved into {DONE}/: {why(error, path.parent)}."
    return None
