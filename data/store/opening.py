"""Opens a store's file: creates it, checks it, updates older ones, and says why it cannot."""

import contextlib
from pathlib import Path

import duckdb

from data.store import settings, temporary, totals
from data.store.errors import StoreBusy, StoreUnavailable
from data.store.lake.files import are_views
from data.store.lake.placing import check_place
from data.store.names import shown
from data.store.priority import behind_pages
from data.store.reasons import is_damage, why
from data.store.settings import DATA
from data.store.sql import Cursor, run_script

# In an order in which each finds those that it uses.
MACROS = (DATA / "store" / "macros" / "order.txt").read_text("utf-8").split()
# version_N.sql updates an older store to version N; the highest is that of the schema.
MIGRATIONS = sorted(
    int(path.stem.removeprefix("version_"))
    for path in (DATA / "store" / "migrations").glob("version_*.sql")
)
SCHEMA_VERSION = MIGRATIONS[-1]


def connect(path: Path, scratch: Path, engine: str, *, for_pages: bool = False) -> Cursor:
    """Connect to the store at `path`, created empty if there is none. Raises StoreUnavailable.

    `engine` says where its rows should lie, as VOUCHERS_ENGINE does.

    The file is attached as `vouchers`; the macros live in memory beside it, so that they are
    never older than the code. `scratch` is the folder for what does not fit the memory.
    `for_pages`: the engine's own threads go behind pages, whose threads do most of what they ask.
    """

    def start() -> Cursor:
        return duckdb.connect(
            config={
                "memory_limit": settings.memory_limit(),
                "temp_directory": str(scratch / "spill"),
                "autoload_known_extensions": "false",
                "autoinstall_known_extensions": "false",
            }
        )

    # The engine's threads inherit the priority of the one that starts them.
    db = behind_pages(start) if for_pages else start()
    created = is_missing(path)
    try:
        if created:
            _create(db, path)
        db.execute("attach ? as vouchers", [str(path)])
        _check(db, path)
        is_old = _version(db) < SCHEMA_VERSION
        if is_old:
            _migrate(db)
        check_place(db, path, engine)
        for macros in MACROS:
            run_script(db, f"store/macros/{macros}")
        if is_old:
            _end_migration(db)
    except (duckdb.Error, OSError) as error:
        db.close()
        raise unavailable(path, error, created) from None
    except StoreUnavailable:
        db.close()
        raise
    return db


def is_missing(path: Path) -> bool:
    """Whether there is no store yet. An empty file is none."""
    return not path.exists() or (path.is_file() and path.stat().st_size == 0)


def check_not_locked(path: Path) -> None:
    """Raise StoreBusy if another process has the store locked. A damaged file counts as free."""
    if path.exists():
        with contextlib.suppress(duckdb.Error), duckdb.connect() as db:
            try:
                db.execute("attach ? as vouchers", [str(path)])
            except duckdb.IOException as error:
                if isinstance(busy := unavailable(path, error, False), StoreBusy):
                    raise busy from None


def _create(db: Cursor, path: Path) -> None:
    """Create a store, under another name until it is whole: a kill leaves no half store."""
    part = temporary.beside(path)
    try:
        db.execute("attach ? as vouchers", [str(part)])
        run_script(db, "store/schema")
        db.execute("insert into vouchers.store (schema_version) values (?)", [SCHEMA_VERSION])
        db.execute("checkpoint vouchers")
        db.execute("detach vouchers")
        part.replace(path)
    finally:
        temporary.delete(part)


def _version(db: Cursor) -> int:
    ((version,),) = db.execute("select schema_version from vouchers.store").fetchall()
    return int(version)


def _migrate(db: Cursor) -> None:
    """Give an older store the tables and columns that it lacks.

    On a lake views stand where schema.sql would make tables: there a migration makes by itself
    what is new. No lake is older than version 5.
    """
    is_on_lake = are_views(db)
    if not is_on_lake:
        run_script(db, "store/schema")
    for version in MIGRATIONS:
        if version > _version(db):
            run_script(db, f"store/migrations/version_{version}")
    if not is_on_lake:
        run_script(db, "store/exported_at")


def _end_migration(db: Cursor) -> None:
    """Count the totals that an older store lacks, unless its rows lie on a lake."""
    with db.cursor() as cursor:
        cursor.execute("begin transaction")
        if not are_views(db):
            totals.find_previous_times(cursor)
            totals.recount(cursor)
        cursor.execute("update vouchers.store set schema_version = ?", [SCHEMA_VERSION])
        cursor.execute("commit")
    db.execute("checkpoint vouchers")


def _check(db: Cursor, path: Path) -> None:
    """Check that Voucher Explorer made the file, in a version that it reads. Writes nothing."""
    tables = db.execute(
        "select table_name from duckdb_tables() where database_name = 'vouchers'"
    ).fetchall()
    if ("store",) not in tables:
        raise StoreUnavailable(
            f"{path} is a database, but not one that Voucher Explorer made. "
            "Name another file with VOUCHERS_STORE or --store."
        )
    if not 1 <= _version(db) <= SCHEMA_VERSION:
        raise StoreUnavailable(
            f"{path} was written by another version of Voucher Explorer. Update it, or make the "
            "store anew with `python -m data.rebuild`."
        )


def unavailable(path: Path, error: Exception, created: bool) -> StoreUnavailable:
    """The error for a store that could not be opened, or created. StoreBusy where it is locked."""
    name, text = shown(str(path)), str(error).replace(str(path), "")
    if "set lock on file" in text or "already opened" in text:
        return StoreBusy(
            f"{name} is in use by another process: most likely Voucher Explorer is running. "
            "Import on its Imports page, or stop it first."
        )
    if "storage version number" in text:
        age, advice = (
            ("a newer version", "Update Voucher Explorer, or name")
            if "newer version of DuckDB" in text
            else ("another version", "Name")
        )
        return StoreUnavailable(
            f"{name} was written by {age} of DuckDB. {advice} another store with VOUCHERS_STORE."
        )
    if is_damage(error):
        return StoreUnavailable(
            f"{name} cannot be opened as a store: it is damaged or not a DuckDB file. Make it anew "
            "with `python -m data.rebuild`, put back a copy of it, or name another store with "
            "VOUCHERS_STORE."
        )
    verb = "made" if created else "opened"
    return StoreUnavailable(f"{name} cannot be {verb}: {why(error, path.parent)}.")
