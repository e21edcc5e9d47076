"""Copies of some rows of a lake: all that analysts' SQL can read under the filters of its cells."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import duckdb

from data.store.lake import files
from data.store.opening import MACROS
from data.store.sql import Cursor, relation, run_script

MEMORY = "1GB"  # beside what the store's own engine may use


class Choice(Protocol):
    """The rows of a table of analysts' SQL, as one cell reads it."""

    @property
    def kind(self) -> str:
        """What its rows are: codes or transactions."""
        ...

    @property
    def filters(self) -> Mapping[str, object]:
        """The struct that the macros take (Filters.parameters() in queries/filters.py)."""
        ...

    @property
    def listed(self) -> object | None:
        """An Arrow table with the codes of the list that the filters name, if they name one."""
        ...


class TooManyRows(Exception):
    """More rows are chosen than may be; `rows` says how many."""

    def __init__(self, rows: int) -> None:
        super().__init__(f"{rows:,} rows")
        self.rows = rows


def write_slice(
    target: Path,
    paths: Mapping[str, Sequence[str]],
    choices: Iterable[Choice],
    most: int,
    scratch: Path,
) -> None:
    """Write a store with the chosen rows alone. Raises TooManyRows, EngineError.

    `paths` are the files in force, by kind, which must stay for as long as this takes; `scratch`
    is for what does not fit memory. All other tables are empty: analysts' SQL reads none of them.
    """
    with duckdb.connect(config=_config(scratch)) as db:
        _read_files(db, paths)
        for choice in choices:
            _choose(db, choice, most)
        ((rows,),) = db.execute("select count(*) from (select distinct * from chosen)").fetchall()
        if rows > most:
            raise TooManyRows(rows)
        db.execute("detach vouchers")
        db.execute("attach ? as vouchers", [str(target)])
        run_script(db, "store/schema")
        run_script(db, "store/lake/slice_rows", **paths)
        db.execute("detach vouchers")


def _config(scratch: Path) -> dict[str, str | bool | int | float | list[str]]:
    return {
        "memory_limit": MEMORY,
        "temp_directory": str(scratch / "spill-of-slices"),
        "autoload_known_extensions": "false",
        "autoinstall_known_extensions": "false",
    }


def _read_files(db: Cursor, paths: Mapping[str, Sequence[str]]) -> None:
    """Have the macros read the files at these paths, and see the positions of rows."""
    db.execute("attach ':memory:' as vouchers")
    run_script(db, "store/schema")
    run_script(db, "store/lake/drop_tables")
    files.point_views_at(db, paths, "*")
    for macros in MACROS:
        run_script(db, f"store/macros/{macros}")
    db.execute("create table chosen (kind varchar, position bigint)")


def _choose(db: Cursor, choice: Choice, most: int) -> None:
    """Note what a choice chooses. Raises TooManyRows before anything is noted."""
    if choice.listed is not None:
        db.register(str(choice.filters["listed"]), choice.listed)
    of = {"kind": choice.kind, "filters": dict(choice.filters)}
    chosen = relation(db, "store/lake/slice", **of)
    ((rows,),) = chosen.count("*").fetchall()
    if rows > most:
        raise TooManyRows(rows)
    chosen.insert_into("chosen")
