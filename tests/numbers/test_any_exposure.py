"""Exposure matches the model in plain Python, whatever was imported and chosen."""

from datetime import datetime, timedelta
from random import Random

import pytest

from data.importing.scope import Scope
from tests.support.effort import QUICK, rounds
from tests.support.model import File, Model
from tests.support.model_exposure import exposure, own_lifetimes, stretches
from tests.support.queries import query_rows
from tests.support.rows import Code, Transaction
from tests.support.stores import import_file, temporary_store
from tests.support.strategies import CHOICES

pytestmark = pytest.mark.slow

OUTSTANDING = ("group_name", "reach", "expires", "days_left", "lifetime")
FIRST = datetime(2016, 1, 1)
WAYS: tuple[dict[str, str], ...] = ({}, {}, {}, {"cancelled": "Yes"}, {"deleted": "Yes"})


def random_files(random: Random) -> list[File]:
    """Batches of one or two groups, and transactions of their codes."""

    def time(first: int, last: int, hours: tuple[int, ...] = (0, 0, 0, 24, 1, 720, 1439)) -> str:
        at = FIRST + timedelta(random.randint(first, last), minutes=random.choice(hours))
        return f"{at:%d/%m/%Y %H:%M}"

    files, codes = [], []
    for batch in ("7", "8", None):
        ends = [time(20, 45) for _ in range(random.randint(1, 3))]
        starts = [*[time(-5, 15)] * 8, time(-5, 15), ""]
        rows = [
            Code(
                f"{random.choice('Aa0Z')}{batch}{n}",
                random.choice(["Email"] * 9 + ["SMS"]),
                start=random.choice(starts),
                expiry=random.choice(ends) if random.random() < 0.998 else "",
                redeemed=random.choice([""] * 9 + [time(0, 50)]),
            )
            for n in range(random.randint(40, 80))
        ]
        codes += rows
        scope = Scope(random.choice([None, "May", "June"]), random.choice([None, "ZZ"]), batch)
        files.append(File("codes", rows, scope))
    used = [random.choice(codes) for _ in range(40)]
    files.append(
        File(
            "transactions",
            [
                Transaction(
                    n, code.code, code.group, time=time(0, 50, (0, 720, 1)), **random.choice(WAYS)
                )
                for n, code in enumerate(used)
            ],
        )
    )
    return files


@pytest.mark.parametrize("seed", range(1 if QUICK else rounds(6, torture=100)))
def test_exposure_of_any_imports_matches_the_model_in_plain_python(seed: int) -> None:
    random, model, seen = Random(seed), Model(), 0
    with temporary_store() as store:
        for file in random_files(random):
            import_file(store, file)
            model.apply(file.kind, file.rows, file.scope)
        for filters in random.sample(CHOICES, 6):
            now = FIRST + timedelta(random.randint(30, 60), minutes=random.choice([0, 700, 1380]))
            with store.cursor() as db:
                rows = query_rows(db, "exposure", filters, now)
                past = query_rows(db, "exposure_backtest", filters, now)
                shares = query_rows(db, "last_stretch", filters, now)
                (numbers,) = query_rows(db, "numbers", filters, now)
            found = {tuple(row[name] for name in OUTSTANDING): row["codes"] for row in rows}
            assert found == exposure(model, filters, now)
            assert sum(found.values()) == numbers["outstanding"]
            wanted, own = stretches(model, filters, now), own_lifetimes(model, filters, now)
            seen += len(wanted)
            assert {
                (row["group_name"], row["lifetime"], row["batch"], row["days_left"]): (
                    row["outstanding"],
                    row["redeemed"],
                )
                for row in past
            } == {key: counts for key, counts in wanted.items() if key[3] in (7, 14, 28)}
            for row in past:
                is_own = own[row["group_name"], row["batch"]] == row["lifetime"]
                assert row["is_own"] == is_own
            for row in shares:
                key = (row["group_name"], row["lifetime"], row["days_left"])
                parts = [c for (g, life, _, days), c in wanted.items() if (g, life, days) == key]
                assert row["batches"] == len(parts)
                assert row["share"] == pytest.approx(sum(r / n for n, r in parts) / len(parts))
            assert {(row["group_name"], row["lifetime"], row["days_left"]) for row in shares} == {
                (group, life, days) for group, life, _, days in wanted
            }
    assert seen
