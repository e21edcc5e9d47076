"""Traced downloads are those whose files have the code, after random imports and undos."""

import contextlib
import csv
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from data.replay.undo import undo
from data.store.errors import Refused
from pages.downloading.leak_search import search
from queries.downloading.receipts import History
from queries.downloading.write import write
from queries.filters import STATUSES, Filters
from tests.support.choices import random_filters
from tests.support.effort import rounds
from tests.support.rows import Code, Transaction
from tests.support.vouchers import Vouchers

# A code that others begin with, and one that a spreadsheet would alter.
TRACED_CODES = ["A1", "A12", "B1", "=1'+\"1", "007"]


def random_rows(random: Random) -> list[Code] | list[Transaction]:
    """A few rows of one kind, now and then with the same key twice."""
    if random.random() < 0.5:
        return [
            Code(
                random.choice(TRACED_CODES),
                random.choice(["Email", "SMS"]),
                expiry=random.choice(["", "15/01/2016 00:00", "01/09/2016 00:00"]),
                redeemed=random.choice(["", "", "10/01/2016 09:00"]),
            )
            for _ in range(random.randint(1, 4))
        ]
    return [
        Transaction(
            f"T{random.randint(1, 6)}",
            random.choice(TRACED_CODES),
            random.choice(["Email", "SMS"]),
            time=f"{random.randint(1, 28):02}/01/2016 12:00",
            cancelled=random.choice(["No", "Yes"]),
            deleted=random.choice(["No", "No", "No", "Yes"]),
        )
        for _ in range(random.randint(1, 4))
    ]


def random_scope(random: Random) -> dict[str, str]:
    offered = {"folder": ["May", "June"], "prefix": ["A", "A1"], "batch": ["1", "2"]}
    return {n: random.choice(values) for n, values in offered.items() if random.random() < 0.4}


TRACED_CHOICES = {
    "folder": ["May", "June", "(no folder)"],
    "group": ["Email", "SMS"],
    "prefix": ["A", "A1", "A12", "00", "(no prefix)"],
    "batch": ["1", "2", "(no batch)"],
    "status": list(STATUSES),
}
TRACED_CHOICES |= {f"{name}!": values for name, values in TRACED_CHOICES.items()}


def codes_in(file: Path) -> set[str]:
    with file.open(encoding="utf-8", newline="") as lines:
        return {row["Code"] for row in csv.DictReader(lines)}


@pytest.mark.parametrize("seed", range(rounds(2, torture=100)))
def test_the_traced_downloads_are_those_whose_files_have_the_code_whatever_happened_since(
    vouchers: Vouchers, tmp_path: Path, seed: int
) -> None:
    random, holding, file = Random(seed), dict[str, set[str]](), tmp_path / "out.csv"
    history = History(tmp_path / "vouchers.downloads.jsonl")
    for _ in range(14):
        what = random.random()
        if what < 0.45:
            with contextlib.suppress(Refused):
                vouchers.load(*random_rows(random), **random_scope(random))
        elif what < 0.55:
            undo(vouchers.store, {random.randint(1, 8)})
        for _ in range(3):
            pairs = random_filters(random, TRACED_CHOICES)
            filters = Filters.from_query(pair for pair in pairs if pair[0] in TRACED_CHOICES)[0]
            kind = random.choice(["codes", "codes_more", "transactions"])
            now = datetime(2016, 1, 1) + timedelta(hours=random.randrange(1000))
            with vouchers.store.cursor() as cursor:
                receipt = history.begin(cursor, kind, "csv", filters, now, "out.csv")
                write(cursor, kind, filters, None, file)
            holding[receipt] = codes_in(file)
    for code in TRACED_CODES:
        found = search(vouchers.store, history.receipts(), code)
        assert not found.unknown
        assert {receipt["receipt"] for receipt in found.receipts} == {
            receipt for receipt, codes in holding.items() if code in codes
        }
