"""The callback by which slow work reports its progress."""

from collections.abc import Callable

# Called with the share that is done, from 0 to 1, and what is being done.
Progress = Callable[[float, str], None]


def ignore_progress(share: float, doing: str) -> None:
    """A Progress that does nothing."""
