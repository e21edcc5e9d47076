"""Asks a cluster, where one is named, for the rows that lie on a lake: the same queries by name.

The files are those in force for the cursor's snapshot, so that an answer is of the same state as
the totals beside it. What a cluster is not asked reads the same files here.
"""

import logging
import weakref
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import duckdb
import pyarrow as pa

from queries.engine.cluster.asking import Asking
from queries.engine.cluster.errors import Abandoned, ClusterError, NotOnCluster
from queries.engine.cluster.which import FILES, SENT
from queries.engine.texts import parameters, sql

if TYPE_CHECKING:
    from queries.engine.cluster.cluster import Answer, Cluster

_log = logging.getLogger(__name__)
Cursor = duckdb.DuckDBPyConnection
Relation = duckdb.DuckDBPyRelation
ROWS = "rows_of_cluster"  # the name under which a file's rows stand while it is written
# What a file's query reads, and what stands in its place while it is written.
IN_PLACE = {
    "export_codes": f"create or replace temp macro codes_file(f) as table from {ROWS}",
    "export_codes_more": f"create or replace temp macro codes_file_more(f) as table from {ROWS}",
    "export_transactions": (
        f"create or replace temp macro transactions_file(f) as table from {ROWS}"
    ),
}
GONE = {
    "export_codes": "drop macro table if exists temp.codes_file",
    "export_codes_more": "drop macro table if exists temp.codes_file_more",
    "export_transactions": "drop macro table if exists temp.transactions_file",
}


class _Place(NamedTuple):
    cluster: "Cluster"
    folder: Path  # of the files, at the same path for the cluster


_place: _Place | None = None
_asking: weakref.WeakKeyDictionary[Cursor, Asking] = weakref.WeakKeyDictionary()


def ask_at(address: str, folder: Path) -> None:
    """From now on ask the cluster at "sc://host:port" for rows in the files of this folder."""
    global _place
    from queries.engine.cluster.cluster import Cluster

    _place = _Place(Cluster(address), folder)


def stop_asking() -> None:
    """Ask no cluster any more."""
    global _place
    place, _place = _place, None
    if place:
        place.cluster.close()


def is_asked() -> bool:
    """Whether a cluster is named."""
    return _place is not None


def is_reached() -> bool:
    """Whether the cluster takes connections; without one, whether nothing is missing."""
    return _place is None or _place.cluster.is_reached()


def rows_of(cursor: Cursor, name: str, values: Mapping[str, Any]) -> Relation | None:
    """All rows of a query from the cluster; None where it is asked here. Raises ClusterError."""
    if _place is None:
        return None
    if name in IN_PLACE:
        return _written(_place, cursor, name, values)
    answer = _answer(_place, cursor, name, values)
    return None if answer is None else cursor.from_arrow(answer.table())


class Stream(Protocol):
    """Rows that come in batches."""

    @property
    def schema(self) -> pa.Schema:
        """Their columns."""
        ...

    def __iter__(self) -> Iterator[pa.RecordBatch]: ...


def stream_of(cursor: Cursor, name: str, values: Mapping[str, Any]) -> Stream | None:
    """The rows of a query from the cluster as they come; None where it is asked here.

    Reading them raises ClusterError.
    """
    return _answer(_place, cursor, name, values) if _place else None


def write(cursor: Cursor, name: str, path: Path) -> bool:
    """Write the cluster's rows of a query without parameters to a Parquet file.

    Returns False where it does not answer. Raises duckdb.InterruptException after interrupt().
    """
    from pyarrow import parquet  # most runs of the app need it never

    try:
        stream = stream_of(cursor, name, {})
        if stream is None:
            return False
        with parquet.ParquetWriter(path, stream.schema) as file:
            for batch in stream:
                file.write_batch(batch)
    except Abandoned:
        raise duckdb.InterruptException from None
    except ClusterError as error:
        _log.warning("%s An import reads their files here.", error)
        return False
    except (OSError, pa.ArrowException) as error:  # whose words may quote a value
        _log.warning("%s: An import reads the files of the rows here.", type(error).__name__)
        return False
    finally:
        _asking.pop(cursor, None)
    return True


def interrupt(cursor: Cursor) -> None:
    """Interrupt what the cursor runs, also what it waits for at the cluster."""
    cursor.interrupt()  # first: it waits for nobody
    if asking := _asking.get(cursor):
        asking.interrupt()


def _answer(place: _Place, cursor: Cursor, name: str, values: Mapping[str, Any]) -> "Answer | None":
    if name not in SENT:
        return None
    files, small = _read(place, cursor, name, values)
    if not files:
        return None
    asking = _asking[cursor] = Asking()
    try:
        return place.cluster.ask(name, values, files, small, asking)
    except NotOnCluster:  # with these values it reads none of the rows
        return None


def _read(
    place: _Place, cursor: Cursor, name: str, values: Mapping[str, Any]
) -> tuple[dict[str, list[str]], dict[str, pa.Table]]:
    """The files in force and the small tables that go with a query, of one state."""
    while True:
        files = _files(cursor, place.folder)
        small = {
            table: cursor.sql(f"from {table}").to_arrow_table()
            for table in place.cluster.small_tables(name, values)
        }
        # Each import that changes a row changes the files. Outside of a transaction one may
        # have come in between.
        if files == _files(cursor, place.folder):
            return files, small


def _written(
    place: _Place, cursor: Cursor, name: str, values: Mapping[str, Any]
) -> Relation | None:
    """Write a file from the cluster's rows, by the query that writes it from those here."""
    answer = _answer(place, cursor, FILES[name], values)
    if answer is None:
        return None
    cursor.register(ROWS, answer.reader())
    try:
        cursor.execute(IN_PLACE[name])
        used = {key: values[key] for key in parameters(name)}
        ((rows,),) = cursor.execute(sql(name), used).fetchall()
    except duckdb.Error:
        if answer.error:  # the engine has read it, and says only that
            raise answer.error from None
        raise
    finally:
        with suppress(duckdb.Error):  # where the transaction is aborted, all is gone with it
            cursor.execute(GONE[name])
            cursor.unregister(ROWS)
    return cursor.from_arrow(pa.table({"rows": [rows]}))


def _files(cursor: Cursor, folder: Path) -> dict[str, list[str]]:
    """The files in force by what they hold; none where the store holds its rows itself."""
    found: dict[str, list[str]] = {}
    named = (
        "select kind, name from vouchers.files where until_import is null"
        " order by kind, first_position, last_position"
    )
    for kind, name in cursor.execute(named).fetchall():
        found.setdefault(kind, []).append(str(folder / name))
    return found
