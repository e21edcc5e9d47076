"""An import that changes a store from one known state to another."""

import re
import shutil
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.importing.pipeline import load
from data.store import originals
from data.store.database import Store
from queries.engine.totals import run
from queries.filters import Filters
from tests.support.commands import run_load
from tests.support.effort import rounds
from tests.support.queries import FEBRUARY_10
from tests.support.rows import SECRET, Code, Row, Transaction, codes_file, transactions_file
from tests.support.stores import opened

ROUNDS = rounds(8, torture=200)
State = dict[str, Any]
# Everything that an import writes, without the time of the import.
TABLES = {
    "codes": "from (select * from vouchers.codes) as row",
    "transactions": "from vouchers.transactions as row",
    "changes": "from vouchers.changes as row",
    "warnings": "from vouchers.warnings as row",
    "imports": "from (select * exclude (imported_at) from vouchers.imports) as row",
}


def store_state(store: Store) -> State:
    """What the store holds: rows and a sum over all their values, and the numbers of the page."""
    with store.cursor() as cursor:
        found: State = {
            name: cursor.execute(f"select count(*), sum(hash(row)) {rows}").fetchall()
            for name, rows in TABLES.items()
        }
        found["numbers"] = run(cursor, "numbers", Filters(), FEBRUARY_10).to_csv()
    return found


def assert_originals_are_whole(store: Store) -> None:
    """Each import's original is there and has its SHA-256."""
    with store.cursor() as cursor:
        named = cursor.execute("select distinct sha256 from vouchers.imports").fetchall()
    for (sha256,) in named:
        originals.restore(store.originals, sha256, store.scratch / "original.csv")
    (store.scratch / "original.csv").unlink(missing_ok=True)


def files_beside(store: Store) -> list[str]:
    """What lies in the folders of the store, by name."""
    folders = (store.originals, store.scratch)
    return sorted(path.name for folder in folders for path in folder.rglob("*") if path.is_file())


def assert_a_sentence(message: str) -> None:
    """A sentence for people: no code of a voucher, no traceback, no name of an exception."""
    assert message.strip()
    assert SECRET not in message
    assert "Traceback" not in message
    assert not re.search(r"[a-z](Exception|Error)\b", message), message
    assert message.rstrip().endswith(".")


@dataclass(frozen=True)
class Week:
    """A store of last week and this week's file, which changes it from `before` to `after`."""

    store: Path
    file: Path
    before: State
    after: State
    took: float  # seconds that the command needs

    def copy_to(self, folder: Path) -> Path:
        """The store of last week, with its originals, in a folder of its own."""
        folder.mkdir()
        shutil.copytree(self.store.with_name("vouchers.originals"), folder / "vouchers.originals")
        return Path(shutil.copy(self.store, folder / "vouchers.duckdb"))


def one_code(number: int, this_week: bool) -> Row:
    redeemed = "18/01/2016 19:42" if number % (2 if this_week else 3) == 0 else ""
    item = str(number * 7919 % 1_000_003) if this_week else "10000056168"
    return Code(f"{SECRET}{number:07}", item=item, redeemed=redeemed)


def make_week(folder: Path, known: int, changed: int, new: int) -> Week:
    """Last week has `known` codes; this week's file changes some of them and adds new ones."""
    sold = [Transaction(n, f"{SECRET}{n * 5:07}", time="20/01/2016 10:00") for n in range(500)]
    last = codes_file(folder / "last.csv", *(one_code(n, False) for n in range(known)))
    some = range(known - changed, known + new)
    file = codes_file(folder / "this.csv", *(one_code(n, True) for n in some))
    path = folder / "last" / "vouchers.duckdb"
    with opened(path) as store:
        load(store, last)
        load(store, transactions_file(folder / "sold.csv", *sold))
        before = store_state(store)
    week = Week(path, file, before, {}, 0)
    after = week.copy_to(folder / "after")
    began = time.monotonic()
    assert run_load(after, file).returncode == 0
    took = time.monotonic() - began
    with opened(after) as store:
        return Week(path, file, before, store_state(store), took)


def load_command(store: Path, *arguments: object) -> list[str]:
    return [sys.executable, "-m", "data.load", "--store", str(store), *map(str, arguments)]
