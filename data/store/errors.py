"""What can go wrong with a file or the store, in sentences for the analyst."""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from data.store.reasons import is_damage, is_full, why

EngineError = duckdb.Error
Interrupted = duckdb.InterruptException
# What the engine raises where it cannot split a file into rows, or type them.
UnreadableRows = (duckdb.InvalidInputException, duckdb.ConversionException)
MAKE_ROOM = " Make room and import it again."


class StoreUnavailable(Exception):
    """The store cannot be opened; the text says why and what to do."""


class StoreBusy(StoreUnavailable):
    """Another process has the store's file locked."""


class Refused(Exception):
    """A file that cannot be stored: what is wrong, where, and what would be right.

    The text never quotes the file: what stands in the wrong column may be a code.
    `maybe_windows`: the file may be right when it is read as Windows-1252.
    """

    def __init__(
        self,
        reason: str,
        *,
        line: int | None = None,
        column: str | None = None,
        maybe_windows: bool = False,
    ) -> None:
        place = [f"line {line:,}"] if line else []
        place += [f"column {column}"] if column else []
        super().__init__(f"{', '.join(place)}: {reason}" if place else reason)
        self.reason = reason
        self.line = line
        self.column = column
        self.maybe_windows = maybe_windows


class Stopped(Refused):
    """Somebody stopped the import."""

    def __init__(self) -> None:
        super().__init__("the import was stopped.")


@contextmanager
def refused_by_engine() -> Iterator[None]:
    """Turn the engine's errors into Refused: their messages may quote a row."""
    try:
        yield
    except duckdb.Error as error:
        raise not_stored(error) from None


def not_stored(error: duckdb.Error) -> Refused:
    """Refused for a file that the engine could not store, without the engine's message."""
    reason = why(error)
    if is_damage(error):
        advice = " `python -m data.rebuild` makes it anew from the kept files."
    else:
        advice = MAKE_ROOM if is_full(reason) else ""
    return Refused(f"it could not be stored: {reason}.{advice}")


def not_read(error: OSError) -> Refused:
    """Refused for a file that the system could not read or copy."""
    reason = why(error)
    if is_full(reason):
        return Refused(f"{reason}.{MAKE_ROOM}")
    return Refused(f"the file cannot be read: {reason}.")
