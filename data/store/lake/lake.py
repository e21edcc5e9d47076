"""The rows of a store as Parquet files in a folder, of which the store names those in force.

An import takes the rows that it may touch out of the files into tables of the store, which stand
in the place of the views for as long as its transaction runs; its scripts are those of a store
that holds its rows itself. What changed is written to new files. The table of files changes in
the same transaction as the totals: that is the commit. Files that were replaced stay for a while,
so that an import can be taken back without a replay of those before it (history.py).
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from data.store.lake import files, history
from data.store.lake.files import KINDS, File
from data.store.lake.folder import Folder
from data.store.lake.near import near
from data.store.sql import Cursor, relation, run_script

MOST_ROWS = 1_000_000  # of a file, so that a change of one row writes no more anew
COMPRESSION = "zstd"
NO_FRESH = {"after": -1, "base": 0, "start": 0, "end": 0}  # of the rows that no file has


class Lake:
    """Rows on a lake, as data/store/rows.py describes what an import needs of them."""

    def __init__(self, folder: Folder, scratch: Path) -> None:
        """`scratch` is the folder for what an import needs for a while."""
        self.folder = folder
        self._scratch = scratch

    @contextmanager
    def at_hand(self, cursor: Cursor, kind: str, import_id: int | None = None) -> Iterator[None]:
        """Have the tables hold the rows that the staged file of this kind may touch."""
        with near(cursor, kind, self.paths(cursor), self._scratch) as paths:
            self._open_tables(cursor)
            named = "staged"
            if kind == "transactions":
                named = "codes_named"
                run_script(cursor, "store/lake/name_codes", **paths)
            run_script(cursor, "store/lake/take_alike", named=named, **paths)
            run_script(cursor, f"store/lake/take_{kind}", **paths)
        run_script(cursor, "store/lake/at_hand")
        yield
        self._put_away(cursor, import_id or history.newest_import(cursor))
        history.drop_oldest(cursor, self.folder)

    @contextmanager
    def all_anew(self, cursor: Cursor) -> Iterator[None]:
        """Have the tables be written anew by the block."""
        self._open_tables(cursor)
        run_script(cursor, "store/lake/take_none")
        history.drop_all(cursor, self.folder)
        yield
        self._put_away_all(cursor)

    def paths(self, cursor: Cursor) -> dict[str, list[str]]:
        """The files in force by what they hold, in the order of their rows."""
        return files.paths_by_kind(cursor, self.folder)

    def restore_before(self, cursor: Cursor, import_id: int) -> bool:
        """Put the files in force again that were so before an import, if they are still there."""
        is_restored = history.restore_before(cursor, self.folder, import_id)
        if is_restored:
            files.point_views(cursor, self.folder)
        return is_restored

    def committed(self, readers: Iterable[Cursor]) -> None:
        """Delete what was dropped, once the readers have gone."""
        self.folder.committed(readers)

    def rolled_back(self) -> None:
        """Delete what was written."""
        self.folder.rolled_back()

    def unknown(self) -> None:
        """Delete nothing: the next start knows which files the store names."""
        self.folder.unknown()

    def closed(self) -> None:
        """Delete what was dropped: nobody reads any more."""
        self.folder.closed()

    def enter(self, cursor: Cursor) -> None:
        """Write all rows of a store that holds them itself to files."""
        run_script(cursor, "store/lake/positions")
        run_script(cursor, "store/lake/take_none")
        self._put_away_all(cursor)

    def leave(self, cursor: Cursor) -> None:
        """Have the store hold all rows itself, in the tables of schema.sql."""
        names = files.names(cursor)
        self._fill(cursor)
        self.folder.drop(names)

    def settle(self, copy: Path) -> None:
        """Have a copy of the store hold all rows itself. Raises EngineError.

        The files must be in force, or held by a reader, for as long as this takes.
        """
        with duckdb.connect() as db:
            db.execute("attach ? as vouchers", [str(copy)])
            db.execute("begin transaction")
            self._fill(db)
            db.execute("commit")

    def _put_away_all(self, cursor: Cursor) -> None:
        """Write all rows to files, of which it is not known what they were before."""
        self._put_away(cursor, history.newest_import(cursor))
        history.begin(cursor)

    def _put_away(self, cursor: Cursor, import_id: int) -> None:
        """Write what changed in the tables to files, and put views of the files in their place."""
        for kind in KINDS:
            self._write(cursor, kind, import_id)
        self.folder.sync()
        run_script(cursor, "store/lake/drop_taken")
        run_script(cursor, "store/lake/drop_tables")
        files.point_views(cursor, self.folder)

    def _fill(self, cursor: Cursor) -> None:
        paths = self.paths(cursor)
        run_script(cursor, "store/lake/tables")
        run_script(cursor, "store/schema")
        run_script(cursor, "store/lake/leave", **paths)

    def _open_tables(self, cursor: Cursor) -> None:
        run_script(cursor, "store/lake/tables")
        run_script(cursor, "store/schema")
        run_script(cursor, "store/lake/positions")

    def _write(self, cursor: Cursor, kind: str, import_id: int) -> None:
        names: dict[str, object] = {
            "table": f"vouchers.{kind}",
            "taken": f"{kind}_taken",
            "fresh": f"{kind}_fresh",
            "import_id": import_id,
        }
        ((rows, base, last_row),) = run_script(cursor, "store/lake/fresh_rows", **names)
        there = files.in_force(cursor, kind)
        joined = _joined(there, rows)
        touched = {name for (name,) in run_script(cursor, "store/lake/touched", kind=kind, **names)}
        for file in there:
            if file.name in touched and file not in joined:
                history.replace(cursor, self.folder, [file], import_id)
                self._save(cursor, kind, "kept", names | self._place([file]) | NO_FRESH)
        after = there[-1].last_position if there else -1
        if rows and joined:
            history.replace(cursor, self.folder, joined, import_id)
            every = {"after": after, "base": base, "start": base, "end": last_row + 1}
            self._save(cursor, kind, "kept", names | self._place(joined) | every)
        elif rows:
            empty = [file for file in there if not file.rows]
            history.replace(cursor, self.folder, empty, import_id)
            for start in range(base, last_row + 1, MOST_ROWS):
                part = {"after": after, "base": base, "start": start, "end": start + MOST_ROWS}
                self._save(cursor, kind, "fresh", names | part)
        if not files.in_force(cursor, kind):
            self._save(cursor, kind, "fresh", names | NO_FRESH, keep_empty=True)

    def _place(self, those: list[File]) -> dict[str, object]:
        return {
            "paths": [str(self.folder.file(file.name)) for file in those],
            "first": those[0].first_position,
            "last": those[-1].last_position,
        }

    def _save(
        self,
        cursor: Cursor,
        kind: str,
        query: str,
        values: dict[str, object],
        *,
        keep_empty: bool = False,
    ) -> None:
        """Write the rows of a query to a file that is then in force, if there are any."""
        path = self.folder.new_file(kind)
        rows = relation(cursor, f"store/lake/{query}", **values)
        rows.write_parquet(str(path), compression=COMPRESSION)
        (facts,) = run_script(cursor, "store/lake/facts", kind=kind, path=str(path))
        if facts[0] or keep_empty:
            cursor.execute(
                "insert into vouchers.files values (?, ?, ?, ?, ?, ?, ?, null)",
                [kind, path.name, *facts, values["import_id"]],
            )
        else:
            self.folder.drop([path.name])


def _joined(there: list[File], rows: int) -> list[File]:
    """The last files that are no larger than what comes after them, and go into its file.

    So there are about as many files as the number of rows has digits, and no row is written
    more often than that.
    """
    joined: list[File] = []
    for file in reversed(there):
        if file.rows > rows or file.rows + rows > MOST_ROWS:
            break
        joined.insert(0, file)
        rows += file.rows
    return joined
