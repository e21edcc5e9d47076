"""The inbox: a folder whose CSV files are offered for import."""

from pathlib import Path

from data.store.settings import inbox_folder

DONE = "imported"


def files() -> list[Path]:
    """The files in the inbox that are not imported yet, by name."""
    folder = inbox_folder()
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.glob("*.[cC][sS][vV]") if path.is_file())


def put_away(path: Path) -> None:
    """Move an imported file into the inbox's folder of imported files."""
    done = path.parent / DONE
    done.mkdir(exist_ok=True)
    target = done / path.name
    number = 1
    while target.exists():
        number += 1
        target = done / f"{path.stem} ({number}){path.suffix}"
    path.replace(target)
