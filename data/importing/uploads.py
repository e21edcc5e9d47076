"""What Streamlit holds in place of an upload's content: the name of a file on the disk."""

from pathlib import Path

MARK = b"\0on disk: "  # no CSV file begins with a zero byte


def stand_in(path: Path) -> bytes:
    """The content that stands for the file at `path`."""
    return MARK + path.name.encode()


def on_disk(folder: Path, content: bytes) -> Path | None:
    """The file in `folder` that a content stands for, or None if it is a file's own content."""
    if not content.startswith(MARK):
        return None
    return folder / Path(content.removeprefix(MARK).decode()).name
