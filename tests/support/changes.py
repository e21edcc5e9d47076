"""What an import changed: its changes, its warnings and its original."""

import csv
import io
from pathlib import Path

from data.importing.result import ImportResult
from data.importing.scope import Scope
from data.store.database import Store
from queries.downloading.write import write
from queries.filters import Filters
from tests.support.compression import zstd
from tests.support.model import File
from tests.support.queries import FEBRUARY_10, query_rows
from tests.support.rows import CODES, Code, Transaction, csv_bytes

ChangeKey = tuple[str | None, str, str | None]
MAY = Scope(folder="May")


def changes_csv(store: Store, import_id: int, change: str) -> bytes:
    path = store.path.with_name("changes.csv")
    with store.cursor() as cursor:
        write(cursor, "changes", Filters(), FEBRUARY_10, path, import_id=import_id, change=change)
    return path.read_bytes()


def changes_of(store: Store, done: ImportResult | int) -> dict[str, list[ChangeKey]]:
    """What an import changed: the count, the list and the CSV say the same."""
    import_id = done if isinstance(done, int) else done.import_id
    found: dict[str, list[ChangeKey]] = {}
    with store.cursor() as cursor:
        counted = query_rows(cursor, "import_changes", Filters(), FEBRUARY_10, import_id=import_id)
        for row in counted:
            values = {"import_id": import_id, "change": row["change"], "offset": 0}
            listed = query_rows(cursor, "import_changes_rows", Filters(), FEBRUARY_10, **values)
            found[row["change"]] = [
                (one["group_name"], one["code"], one["transaction_id"]) for one in listed
            ]
            assert len(listed) == min(row["count"], 50)
    for change, keys in found.items():
        content = changes_csv(store, import_id, change).decode()
        header, *lines = csv.reader(io.StringIO(content, newline=""))
        assert header == ["Group_Name", "Code", "Transaction_ID"]
        if len(keys) < 50:
            assert [tuple(text or "" for text in key) for key in keys] == [*map(tuple, lines)]
    return {change: sorted(keys, key=repr) for change, keys in found.items()}


def gone_codes(store: Store, done: ImportResult) -> list[str]:
    return [text for _, text, _ in changes_of(store, done).get("gone", [])]


def warnings_of(store: Store, done: ImportResult) -> dict[str, tuple[int, list[int], str | None]]:
    """Kind of oddity → how many rows, the first lines, the detail."""
    with store.cursor() as cursor:
        cursor.execute(
            "select kind || if(kind = 'day_month', ' ' || detail, ''), rows, lines, detail"
            " from vouchers.warnings where import_id = ?",
            [done.import_id],
        )
        rows = cursor.fetchall()
    assert len(rows) == len(done.warnings)
    return {kind: (count, lines, detail) for kind, count, lines, detail in rows}


def warning_lines(store: Store, done: ImportResult, kind: str) -> tuple[int, list[int]] | None:
    found = warnings_of(store, done).get(kind)
    return found and found[:2]


def email_keys(*texts: str) -> list[ChangeKey]:
    return [("Email", text, None) for text in texts]


def transaction_key(number: object, text: str, group: str | None = "Email") -> ChangeKey:
    return (group, text, f"DF9AF431-{number}")


OVERLAPPING: list[File] = [
    File("codes", [Code("A1"), Code("A2"), Code("A1", "SMS")], MAY, name="1.csv"),
    File("transactions", [Transaction(1, "A1"), Transaction(2, "B1")], MAY, name="2.csv"),
    File(
        "codes",
        [
            Code("A1", quantity="6", redeemed="02/01/2016 10:00"),
            Code("A2", expiry="01/03/2016 00:00", item="Café"),
            Code("B1", redeemed="03/01/2016 10:00"),
        ],
        Scope("June", "A", "7"),
        name="3.csv",
        encoding="windows-1252",
    ),
    File(
        "transactions",
        [
            Transaction(1, "A2", cancelled="Yes"),
            Transaction(3, "A1", "SMS", deleted="Yes"),
            Transaction(4, "A1"),
        ],
        Scope(),
        name="4.csv",
        line_end="\r\n",
    ),
    File("codes", [Code("A1", quantity="2"), Code("B1")], Scope(batch="8"), name="5.csv"),
]


def original_of(store: Store, number: int) -> Path:
    with store.cursor() as cursor:
        cursor.execute("select sha256 from vouchers.imports where import_id = ?", [number])
        ((digest,),) = cursor.fetchall()
    return store.originals / f"{digest}.csv.zst"


DAMAGE = ["gone", "empty", "cut", "altered", "another file", "not compressed"]


def damage(original: Path, how: str) -> None:
    content = original.read_bytes()
    if how == "gone":
        original.unlink()
        return
    flipped = content[:-3] + bytes([content[-3] ^ 1]) + content[-2:]
    original.write_bytes(
        {
            "empty": b"",
            "cut": content[: len(content) // 2],
            "altered": flipped,
            "another file": zstd.compress(csv_bytes([CODES, Code("QZ7")])),
            "not compressed": csv_bytes([CODES, Code("QZ7")]),
        }[how]
    )
