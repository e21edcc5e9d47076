"""Random walks: imports, undos, exports and restarts in any order, all from a seed."""

import os
import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from data.importing.scope import Scope
from data.replay.undo import undo
from data.store.database import Store
from tests.support.exports import export_rows
from tests.support.ledger import Ledger, state_of
from tests.support.model import TIMES, File
from tests.support.rows import Code, Row, Transaction
from tests.support.stores import import_file

STEPS = (3, 5)
TEXTS = ["A1", "A1", "A2", "a1", "0A"]
IN_MEMORY = Path("/dev/shm")


@dataclass(frozen=True)
class Step:
    """One step of a walk."""

    what: str  # import, undo, export or reopen
    file: File | None = None
    import_id: int = 0

    def of(self, ledger: Ledger) -> Ledger:
        """The ledger after this step."""
        if self.file:
            return ledger.with_import(self.file)
        return ledger.with_undo(self.import_id) if self.what == "undo" else ledger

    def __str__(self) -> str:
        return " ".join(map(str, [self.what, self.file or self.import_id or ""])).strip()


def random_code(dice: random.Random) -> Row:
    return Code(
        dice.choice(TEXTS),
        dice.choice(["Email", "Email", "SMS"]),
        start=dice.choice(TIMES),
        expiry=dice.choice(TIMES),
        type=dice.choice(["Item", "Item", "Discount", ""]),
        quantity=dice.choice(["1", "6", ""]),
        item=dice.choice(["10000056168", "", "Café"]),
        parent=dice.choice(["", "", "P1"]),
        redeemed=dice.choice([*TIMES, "", ""]),
    )


def random_transaction(dice: random.Random) -> Row:
    return Transaction(
        dice.randint(1, 7),
        dice.choice(TEXTS),
        dice.choice(["Email", "Email", "SMS", ""]),
        time=dice.choice(TIMES[:-1]),
        campaign=dice.choice(["", "", "C1"]),
        site=dice.choice(["Site001", "Café", ""]),
        cancelled=dice.choice(["No", "Yes"]),
        deleted=dice.choice(["No", "No", "Yes"]),
    )


def random_scope(dice: random.Random) -> Scope:
    return Scope(
        dice.choice([None, "May", "June"]), dice.choice([None, "ZZ"]), dice.choice([None, "7"])
    )


def random_file(dice: random.Random) -> File:
    kind = dice.choice(["codes", "transactions"])
    a_row = random_code if kind == "codes" else random_transaction
    return File(
        kind,
        [a_row(dice) for _ in range(dice.randint(1, 9))],
        random_scope(dice),
        name=dice.choice([f"{kind}.csv", f"{kind}_2016-01-0{dice.randint(1, 9)}.csv"]),
        encoding=dice.choice(["utf-8", "utf-8", "windows-1252"]),
        line_end=dice.choice(["\n", "\n", "\r\n"]),
    )


def random_walk(dice: random.Random) -> list[Step]:
    steps: list[Step] = []
    ledger = Ledger()
    for _ in range(dice.randint(*STEPS)):
        ways = ["import"] if not ledger.files else (
            ["import"] * 5 + ["again"] * 2 + ["undo"] * 4 + ["export", "reopen"]
        )  # fmt: skip
        what = dice.choice(ways)
        if what == "undo" and (ids := ledger.live_ids()):
            step = Step("undo", import_id=dice.choice(ids))
        elif what == "again":
            step = Step("import", dice.choice(ledger.files))
        elif what in ("export", "reopen"):
            step = Step(what)
        else:
            step = Step("import", random_file(dice))
        steps.append(step)
        ledger = step.of(ledger)
    return steps


def execute(store: Store, step: Step, ledger: Ledger) -> Store:
    """Do a step. Returns the store, which is another one after it was reopened."""
    if step.what == "undo":
        undo(store, {step.import_id})
    elif step.file:
        imported = import_file(store, step.file)
        assert imported.import_id == len(ledger.files) + 1
    elif step.what == "export":
        for kind in ("codes", "transactions"):
            assert export_rows(store, kind) == ledger.exported(kind)
    else:
        store.close()
        return open_fast(store.path)
    return store


def open_fast(path: Path) -> Store:
    """Open a store with one engine thread, which is faster for a few rows."""
    store = Store(path)
    with store.cursor() as cursor:
        cursor.execute("set global threads = 1")
    return store


def assert_holds(store: Store, ledger: Ledger) -> None:
    assert state_of(store).differences(ledger.state()) == []


@contextmanager
def memory_folder() -> Iterator[Path]:
    """A temporary folder, in memory where that can be had: a walk waits for the disk most."""
    where = IN_MEMORY if os.access(IN_MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=where) as directory:
        yield Path(directory)
