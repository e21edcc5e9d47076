"""A session of a Spark Connect endpoint, begun anew where it was lost."""

from __future__ import annotations

import socket
import threading
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

import pyarrow as pa

from queries.engine.cluster.address import hide_warning
from queries.engine.cluster.asking import Asking
from queries.engine.cluster.errors import Abandoned, ClusterAway, ClusterError, ClusterFailed
from queries.engine.cluster.views import Source, Views

if TYPE_CHECKING:
    from pyspark.sql.connect.session import SparkSession

SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",  # as the store's: of no time zone
}
PORT = 15002  # of Spark Connect
REACHED = 5  # seconds in which the endpoint must take a connection
RETRIES = 5  # of a call that is not taken, in 17 s; the client of itself goes on for ten minutes
CHANNEL = [
    # Else a new session waits as an earlier one does whose server was gone, for minutes.
    ("grpc.use_local_subchannel_pool", 1),
    # A machine that is gone without a word is noticed; more often a server does not allow to ask.
    ("grpc.keepalive_time_ms", 310_000),
    ("grpc.keepalive_timeout_ms", 20_000),
]
LOGGER = "SQLQueryContextLogger"


class Statement(NamedTuple):
    """What is asked: SQL, its arguments, and what the tables in it are, by their names there."""

    name: str
    sql: str
    arguments: dict[str, Any]
    tables: Mapping[str, Source]
    passing: Sequence[str] = ()  # those of the tables that go with the answer


class Connection:
    """The session of one endpoint, for any number of threads."""

    def __init__(self, address: str) -> None:
        """`address` is "sc://host:port", with the options of Spark Connect after it."""
        self._address = address
        self._lock = threading.RLock()
        self._open: tuple[SparkSession, Views] | None = None

    def rows(self, statement: Statement, asking: Asking) -> Iterator[pa.RecordBatch]:
        """The rows of the answer, as they come. Raises ClusterError, also while they come.

        A session that was lost is begun anew, and asked once more if no row had come.
        """
        try:
            batches, first = self._begun(statement, asking)
            while first is not None:
                asking.check()
                yield first
                try:
                    first = next(batches, None)
                except Exception as error:
                    raise self._reason(statement, asking, error) from None
        finally:
            self._drop(statement.passing)

    def close(self) -> None:
        """End the session."""
        with self._lock:
            known, self._open = self._open, None
        if known is not None:
            with suppress(Exception):  # it may be gone already
                known[0].stop()

    def _drop(self, passing: Sequence[str]) -> None:
        with self._lock:
            opened = self._open
        if opened is not None and passing:
            with suppress(Exception):  # the session is gone, and they with it
                opened[1].drop(opened[0], passing)

    def _begun(
        self, statement: Statement, asking: Asking
    ) -> tuple[Iterator[pa.RecordBatch], pa.RecordBatch | None]:
        """The answer's batches, and the first of them: by then the endpoint has run it."""
        is_second = False
        while True:
            session, views = self._connected()
            tag = uuid.uuid4().hex
            session.addTag(tag)
            try:
                asking.runs(session, tag)
                views.create(session, statement.tables)
                batches = _batches(session, statement)
                return batches, next(batches, None)
            except Exception as error:
                if is_second or asking.is_abandoned or _is_final(error):
                    raise self._reason(statement, asking, error) from None
                self._forget(session)
                is_second = True
            finally:
                session.removeTag(tag)

    def _connected(self) -> tuple[SparkSession, Views]:
        """The session, begun if there is none. Raises ClusterAway."""
        hide_warning()
        from pyspark.logger import PySparkLogger
        from pyspark.sql.connect.client.core import DefaultChannelBuilder
        from pyspark.sql.connect.client.retries import DefaultPolicy
        from pyspark.sql.connect.session import SparkSession

        # It writes what the engine says, and that may quote codes.
        PySparkLogger.getLogger(LOGGER).disabled = True
        with self._lock:
            if self._open is None:
                if not self.listens():
                    raise ClusterAway
                try:
                    session = SparkSession(DefaultChannelBuilder(self._address, CHANNEL))
                    session.client.set_retry_policies([DefaultPolicy(max_retries=RETRIES)])
                    for key, value in SETTINGS.items():
                        session.conf.set(key, value)
                except Exception:
                    raise ClusterAway from None
                self._open = session, Views()
            return self._open

    def _forget(self, session: SparkSession) -> None:
        with self._lock:
            if self._open is not None and self._open[0] is session:
                self._open = None

    def listens(self) -> bool:
        """Whether something at the address takes connections. The client would wait for long."""
        address = urlsplit(self._address)
        with suppress(OSError):
            at = (address.hostname or "", address.port or PORT)
            with socket.create_connection(at, timeout=REACHED):
                return True
        return False

    def _reason(self, statement: Statement, asking: Asking, error: Exception) -> ClusterError:
        if asking.is_abandoned:
            return Abandoned()
        if isinstance(error, ClusterError):
            return error
        kind = type(error).__name__
        return ClusterFailed(statement.name, kind) if self.listens() else ClusterAway()


def _batches(session: SparkSession, statement: Statement) -> Iterator[pa.RecordBatch]:
    rows = session.sql(statement.sql, args=statement.arguments)
    plan = rows._plan.to_proto(session.client)
    for part in session.client.to_table_as_iterator(plan, {}):
        if isinstance(part, pa.Table):
            yield from part.to_batches()


def _is_final(error: Exception) -> bool:
    """Whether asking again cannot help: the engine did not understand the query."""
    from pyspark.errors import AnalysisException

    return isinstance(error, ClusterError | AnalysisException)
