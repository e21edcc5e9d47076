"""Where the rows are read that a staged file may touch: from all files, or from a cluster's answer.

A cluster looks through all rows, and hands back those near the file's: all that an import needs,
and some more, as no engine but the store's knows what a code looks like. The import's own scripts
then choose among them as they do among all rows.
"""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from data.store.lake import files
from data.store.sql import Cursor, run_script

READ_HERE = 100_000_000  # rows that are read here in ten seconds, on two cores
MOST_KEYS = 250_000  # of a file that are sent to a cluster
Paths = Mapping[str, list[str]]  # Parquet files by what they hold: "codes" and "transactions"


class Cluster(NamedTuple):
    """Who asks a cluster."""

    # Writes the rows of a query of queries/ to a Parquet file, with their positions. Returns False
    # where the cluster does not answer. Raises Interrupted.
    write: Callable[[Cursor, str, Path], bool]
    # Interrupts that, and what else the cursor runs.
    interrupt: Callable[[Cursor], None]


_cluster: Cluster | None = None


def use(cluster: Cluster | None) -> None:
    """From now on have imports use this cluster; with None, none."""
    global _cluster
    _cluster = cluster


def interrupt(cursor: Cursor) -> None:
    """Interrupt what the cursor runs, also what it waits for at the cluster."""
    if _cluster is None:
        cursor.interrupt()
    else:
        _cluster.interrupt(cursor)


@contextmanager
def near(cursor: Cursor, kind: str, every: Paths, scratch: Path) -> Iterator[Paths]:
    """Files that have all rows near those of the staged file, for as long as the block runs.

    Those of `every` row, unless there are many and a cluster hands back a part of them.
    """
    if _cluster is None or files.row_count(cursor) <= READ_HERE:
        yield every
        return
    with tempfile.TemporaryDirectory(prefix="near-", dir=scratch) as folder:
        yield _handed_back(_cluster, cursor, kind, Path(folder)) or every


def _handed_back(cluster: Cluster, cursor: Cursor, kind: str, folder: Path) -> Paths | None:
    """Files in the folder of the rows that the cluster hands back; None where it does not."""
    written = {of: folder / f"{of}.parquet" for of in files.KINDS}
    paths = {of: [str(file)] for of, file in written.items()}
    run_script(cursor, f"store/lake/keys_of_{kind}")
    if _has_many_keys(cursor):
        return None
    if kind == "transactions":
        if not cluster.write(cursor, "near_transactions", written["transactions"]):
            return None
        run_script(cursor, "store/lake/name_codes", **paths)
        run_script(cursor, "store/lake/keys_of_named")
        if _has_many_keys(cursor):
            return None
    is_answered = all(cluster.write(cursor, f"near_{of}", file) for of, file in written.items())
    return paths if is_answered and _is_whole(cluster, cursor, folder) else None


def _has_many_keys(cursor: Cursor) -> bool:
    ((keys,),) = run_script(cursor, "store/lake/keys")
    return int(keys) > MOST_KEYS


def _is_whole(cluster: Cluster, cursor: Cursor, folder: Path) -> bool:
    """Whether the cluster has all rows. One that has lost a file may leave it out in silence."""
    counted = folder / "rows.parquet"
    if not cluster.write(cursor, "near_rows", counted):
        return False
    ((is_whole,),) = run_script(cursor, "store/lake/is_whole", rows=str(counted))
    return bool(is_whole)
