"""The tables that a query reads, as views of a session: files of the store, or small tables."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import pyarrow as pa

from queries.engine.cluster import local
from queries.engine.cluster.errors import FilesUnseen
from queries.engine.cluster.order import POSITION

if TYPE_CHECKING:
    from pyspark.sql.connect.session import SparkSession

MOST = 40  # views of a session, also of files that are in force no more; the oldest are dropped
TYPES = {
    "INTEGER": "int",
    "BIGINT": "bigint",
    "VARCHAR": "string",
    "BOOLEAN": "boolean",
    "TIMESTAMP": "timestamp_ntz",
}


class Files(NamedTuple):
    """The Parquet files of a table of the store, on a path that app and workers share."""

    table: str
    paths: tuple[str, ...]
    with_position: bool


Source: TypeAlias = Files | pa.Table


def view_of(table: str, source: Source) -> str:
    """The name of a view: another one for other files, and for other rows."""
    digest = hashlib.sha256()
    if isinstance(source, Files):
        digest.update("\n".join((str(source.with_position), *source.paths)).encode())
    else:
        with pa.ipc.new_stream(_Hashed(digest), source.schema) as written:
            written.write_table(source)
    return f"{table.replace('.', '_')}_{digest.hexdigest()[:20]}"


class Views:
    """The views of one session. It may be used by any number of threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[str, None] = OrderedDict()

    def create(self, session: SparkSession, sources: Mapping[str, Source]) -> None:
        """Let the session know the sources by these names, those of view_of()."""
        with self._lock:
            for name, source in sources.items():
                if name not in self._known:
                    _rows(session, source).createOrReplaceTempView(name)
                self._known[name] = None
                self._known.move_to_end(name)
            while len(self._known) > MOST:
                oldest, _ = self._known.popitem(last=False)
                session.catalog.dropTempView(oldest)

    def drop(self, session: SparkSession, names: Iterable[str]) -> None:
        """Have the session forget views of these names."""
        with self._lock:
            for name in names:
                self._known.pop(name, None)
                session.catalog.dropTempView(name)


def _rows(session: SparkSession, source: Source) -> Any:  # noqa: ANN401 - pyspark may be missing
    """The rows of a source. The columns of files are known: none is opened to plan a query."""
    if not isinstance(source, Files):
        return session.createDataFrame(source) if source.num_rows else _nothing(session, source)
    of_table = local.columns(f"vouchers.{source.table}")
    columns = {name: TYPES[type_] for name, type_ in of_table.items()} | {POSITION: "bigint"}
    if source.paths:
        written = ", ".join(f"`{name}` {type_}" for name, type_ in columns.items())
        rows = session.read.schema(written).parquet(*source.paths)
        if len(_seen(rows)) != len(set(source.paths)):  # one engine leaves out what is missing
            raise FilesUnseen
    else:
        nulls = (f"cast(null as {type_}) as `{name}`" for name, type_ in columns.items())
        rows = session.range(0).selectExpr(*nulls)
    return rows if source.with_position else rows.drop(POSITION)


def _nothing(session: SparkSession, table: pa.Table) -> Any:  # noqa: ANN401 - pyspark may be missing
    """A table without rows, which the client takes for one without columns."""
    from pyspark.sql.pandas.types import from_arrow_schema

    return session.createDataFrame([], from_arrow_schema(table.schema, prefer_timestamp_ntz=True))


def _seen(rows: Any) -> set[str]:  # noqa: ANN401 - pyspark may be missing
    """The files that the cluster finds."""
    from pyspark.errors import AnalysisException

    try:
        return set(rows.inputFiles())
    except AnalysisException:  # another engine refuses all
        return set()


class _Hashed:
    """A file of which only the digest is kept."""

    closed = False

    def __init__(self, digest: hashlib._Hash) -> None:
        self._digest = digest

    def write(self, data: bytes) -> int:
        """Take more bytes."""
        self._digest.update(data)
        return len(data)

    def flush(self) -> None:
        """Nothing waits to be written."""
