"""What Streamlit holds in place of an upload's content: the name of a file on the disk."""

from pathlib import Path

MOST_FAILURES = 1000
_failures: dict[str, str] = {}  # the reasons, by the names of files that are not there
MARK = b"\0on disk: "  # no CSV file begins with a zero byte


def stand_in(path: Path) -> bytes:
    """The content that stands for the file at `path`."""
    return MARK + path.name.encode()


def on_disk(folder: Path, content: bytes) -> Path | None:
    """The file in `folder` that a content stands for, or None if it is a file's own content."""
    if not content.startswith(MARK):
        return None
    return folder / Path(content.removeprefix(MARK).decode()).name


def note_failure(path: Path, reason: str) -> None:
    """Remember why the upload that was to lie at `path` could not be kept."""
    while len(_failures) >= MOST_FAILURES:
        _failures.pop(next(iter(_failures)), None)
    _failures[path.name] = reason


def failure_of(path: Path) -> str:
    """Why there is no upload at `path`, as a clause."""
    return _failures.get(path.name, "it is no longer there")
