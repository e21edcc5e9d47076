"""Messages between the app and a sandbox: JSON, then Arrow tables, over a pipe."""

import json
import struct
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import pyarrow as pa

HEAD = struct.Struct(">II")  # the lengths of the JSON and of all tables
MOMENT, DAY = "$moment", "$day"


class Message(NamedTuple):
    """Values, and the Arrow tables that come with them."""

    values: dict[str, Any]
    tables: tuple[pa.Table, ...] = ()


class TooLong(Exception):
    """A message is longer than whoever reads it takes."""


def packed(values: dict[str, Any], tables: Sequence[pa.Table] = ()) -> bytes:
    """The bytes of a message. Raises TooLong."""
    buffers = [_ipc(table) for table in tables]
    sizes = [len(buffer) for buffer in buffers]
    head = json.dumps({**values, "sizes": sizes}, default=_tagged).encode()
    if max(len(head), sum(sizes)) >= 2**32:
        raise TooLong
    return b"".join([HEAD.pack(len(head), sum(sizes)), head, *buffers])


def read(take: Callable[[int], bytes], most: int = 2**32) -> Message:
    """Read a message with `take`, which gives so many bytes. Raises TooLong above `most` bytes."""
    length, length_of_tables = HEAD.unpack(take(HEAD.size))
    if length + length_of_tables > most:
        raise TooLong
    values = json.loads(take(length), object_hook=_untagged)
    tables = tuple(_table(take(size)) for size in values.pop("sizes"))
    return Message(values, tables)


def _ipc(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    data: bytes = sink.getvalue().to_pybytes()
    return data


def _table(data: bytes) -> pa.Table:
    with pa.ipc.open_stream(data) as stream:
        table = stream.read_all()
    table.validate(full=True)  # a sandbox that was broken could send anything
    return table


def _tagged(value: object) -> dict[str, str]:
    if isinstance(value, datetime):
        return {MOMENT: value.isoformat()}
    if isinstance(value, date):
        return {DAY: value.isoformat()}
    raise TypeError(type(value).__name__)


def _untagged(found: dict[str, Any]) -> object:
    if len(found) == 1 and MOMENT in found:
        return datetime.fromisoformat(found[MOMENT])
    if len(found) == 1 and DAY in found:
        return date.fromisoformat(found[DAY])
    return found
