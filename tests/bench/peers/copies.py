"""What each peer holds: the same rows, copied once out of a store."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

HERE = Path(__file__).parent
ROWS_AT_A_TIME = 100_000


def raw_tables(store: Path, file: Path) -> None:
    """Write the store's raw tables into a DuckDB file of their own."""
    with duckdb.connect(file) as db:
        db.execute("attach ? as vouchers (read_only)", [str(store)])
        db.execute(_text("raw"))
        db.execute("detach vouchers")


class Copies(NamedTuple):
    """An SQLite file, and a folder of Parquet files."""

    sqlite: Path
    parquet: Path


def kept_copies(raw: Path, folder: Path) -> Copies:
    """The raw tables for SQLite and pandas, kept in a folder until there are other rows."""
    with duckdb.connect(raw, read_only=True) as db:
        found = db.execute(_text("fingerprint")).fetchall()[0]
        mark = f"{found[0] ^ found[1]:016x}"
        copies = Copies(folder / f"{mark}.sqlite", folder / f"{mark}.parquet")
        if not copies.sqlite.exists():
            _forget_others(folder)
            _into_sqlite(db, copies.sqlite)
        if not copies.parquet.exists():
            _into_parquet(db, copies.parquet)
    return copies


def _into_sqlite(db: duckdb.DuckDBPyConnection, file: Path) -> None:
    unfinished = file.with_suffix(".part")
    unfinished.unlink(missing_ok=True)
    made = sqlite3.connect(unfinished, isolation_level=None)
    made.executescript(
        "pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -1000000;"
        "pragma temp_store = memory; pragma threads = 2;" + _text("sqlite_tables")
    )
    made.execute("begin")
    made.executemany("insert into codes values (?,?,?,?,?,?,?,?,?,?,?,?)", _rows(db, "codes"))
    made.executemany(
        "insert into transactions values (?,?,?,?,?,?,?,?,?,?,?,?,?)", _rows(db, "transactions")
    )
    made.execute("commit")
    made.executescript(_text("sqlite_indexes"))
    made.close()
    unfinished.rename(file)


def _rows(db: duckdb.DuckDBPyConnection, table: str) -> Iterator[tuple[Any, ...]]:
    db.execute(_text(f"{table}_for_sqlite"))
    while rows := db.fetchmany(ROWS_AT_A_TIME):
        yield from rows


def _into_parquet(db: duckdb.DuckDBPyConnection, folder: Path) -> None:
    unfinished = folder.with_suffix(".part")
    unfinished.mkdir(exist_ok=True)
    for table in ("codes", "transactions"):
        db.table(table).write_parquet(str(unfinished / f"{table}.parquet"))
    unfinished.rename(folder)


def _forget_others(folder: Path) -> None:
    """Rows that have changed since leave copies that nobody asks for."""
    for old in [*folder.glob("*.sqlite"), *folder.glob("*.parquet/*")]:
        old.unlink()
    for empty in folder.glob("*.parquet"):
        empty.rmdir()


def _text(name: str) -> str:
    return (HERE / "made" / f"{name}.sql").read_text("utf-8")
