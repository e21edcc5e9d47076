"""Asks a cluster what the rows are asked: any endpoint of Spark Connect."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from queries.engine.cluster import local
from queries.engine.cluster.asking import Asking
from queries.engine.cluster.connection import Connection, Statement
from queries.engine.cluster.errors import ClusterError, NotOnCluster
from queries.engine.cluster.order import OF_FILES, POSITION
from queries.engine.cluster.page import page_of
from queries.engine.cluster.scopes import STORE
from queries.engine.cluster.translate import translate
from queries.engine.cluster.views import Files, view_of
from queries.engine.cluster.which import ANSWERED, PLACED, WITH_POSITION
from queries.engine.paging import TIES
from queries.listed import NO_LIST

NO_TABLES: Mapping[str, pa.Table] = {}


class Cluster:
    """One endpoint, for any number of threads."""

    def __init__(self, address: str) -> None:
        """`address` is "sc://host:port", with the options of Spark Connect after it."""
        self._connection = Connection(address)

    def ask(
        self,
        name: str,
        values: Mapping[str, Any],
        files: Mapping[str, Sequence[str]],
        tables: Mapping[str, pa.Table] = NO_TABLES,
        asking: Asking | None = None,
    ) -> "Answer":
        """The rows of the query `name`, with the columns and types that it has in DuckDB.

        After these comes the position of a row, for the queries of WITH_POSITION.
        `values` are those of its parameters, and of paging.page() where one page is wanted;
        `files` the Parquet files of "codes" and "transactions" that are in force; `tables` what
        else it reads by a name: lists of codes, or "vouchers.imports". Nothing has run yet.
        """
        if name not in ANSWERED:
            raise NotOnCluster(f"No cluster is asked {name}.")
        page = page_of(values, values["filters"]["masked"] if "filters" in values else False)
        sources = {
            **{
                f"{STORE}.{table}": Files(table, tuple(files[table]), name in PLACED)
                for table in OF_FILES
            },
            NO_LIST: pa.table({"code": pa.array([], pa.string())}),
            **tables,
        }
        names = {table: view_of(table, source) for table, source in sources.items()}
        schema = local.schema(name, values, tables)
        if page:
            if page.sort not in schema.names:
                raise ValueError(f"There is no column {page.sort} to sort by.")
            schema = pa.schema([field for field in schema if field.name not in TIES])
        if name in WITH_POSITION:
            schema = schema.append(pa.field(POSITION, pa.int64()))
        translated = translate(name, values, names, page=page)
        read = {theirs: sources[ours] for theirs, ours in translated.tables.items()}
        if not any(isinstance(source, Files) for source in read.values()):
            raise NotOnCluster(f"With these values {name} reads no row that a cluster holds.")
        small = [theirs for theirs, source in read.items() if not isinstance(source, Files)]
        passing = small if name in WITH_POSITION else []  # the keys of a file are codes
        statement = Statement(name, translated.sql, translated.arguments, read, passing)
        asking = asking or Asking()
        return Answer(schema, self._connection.rows(statement, asking))

    def small_tables(self, name: str, values: Mapping[str, Any]) -> frozenset[str]:
        """What ask() must be given as `tables` for this query with these values."""
        sources = translate(name, values, _Same()).tables
        of_files = {f"{STORE}.{table}" for table in OF_FILES}
        return frozenset(set(sources.values()) - of_files - {NO_LIST})

    def is_reached(self) -> bool:
        """Whether the endpoint takes connections."""
        return self._connection.listens()

    def close(self) -> None:
        """End the session."""
        self._connection.close()


class Answer:
    """The rows of a query, to be read once, as they come. Reading raises ClusterError."""

    def __init__(self, schema: pa.Schema, batches: Iterator[pa.RecordBatch]) -> None:
        self.schema: pa.Schema = schema
        self.error: ClusterError | None = None  # by which reading has ended
        self._batches = batches

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        try:
            for batch in self._batches:
                yield _as(batch, self.schema)
        except ClusterError as error:
            self.error = error
            raise

    def reader(self) -> pa.RecordBatchReader:
        """The rows as a stream of Arrow."""
        return pa.RecordBatchReader.from_batches(self.schema, iter(self))

    def table(self) -> pa.Table:
        """All rows at once."""
        return pa.Table.from_batches(list(self), self.schema)


class _Same(dict[str, str]):
    """Each table under its own name."""

    def __missing__(self, table: str) -> str:
        return table


def _as(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """The batch with the columns and types of the schema."""
    columns = [batch.column(field.name).cast(field.type) for field in schema]
    return pa.RecordBatch.from_arrays(columns, schema=schema)
