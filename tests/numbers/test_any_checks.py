"""The checks match plain Python over the same rows, whatever was imported and chosen."""

from collections import Counter
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.store.database import Store
from queries.filters import Filters
from tests.support.checks import PAGE, THRESHOLDS
from tests.support.effort import examples, rounds
from tests.support.model import File, Model
from tests.support.model_checks import ModelChecks
from tests.support.queries import NOW, Record, query_rows
from tests.support.rows import Code, Transaction
from tests.support.stores import import_file, temporary_store
from tests.support.strategies import CHOICES, SCOPES, SLOW, YES_NO

pytestmark = pytest.mark.slow

TEXTS = ("A1", "A2", "a1", "B1", "B2")
TIMES = ("30/01/2016 23:59", "31/01/2016 00:00", "31/01/2016 00:04", "31/01/2016 00:10",
         "07/02/2016 00:01", "09/02/2016 12:00")  # fmt: skip
PER_CODE = {"unknown_code": False, "outside_dates": False, "outside_dates_in_campaign": False}

texts, times, groups = map(st.sampled_from, (TEXTS, TIMES, ("Email", "SMS")))
codes = st.builds(
    Code,
    texts,
    groups,
    start=st.sampled_from([*TIMES, ""]),
    expiry=st.sampled_from([*TIMES, ""]),
    type=st.just("Item"),
    quantity=st.just("1"),
    item=st.just("10000056168"),
    parent=st.sampled_from(["", *TEXTS, "C9"]),
    redeemed=st.sampled_from([*TIMES, "", ""]),
)


def transaction(id: int, code: str, group: str, **columns: str) -> Transaction:
    return Transaction(id, code, group, **columns)


transactions = st.builds(
    transaction,
    st.integers(1, 40),
    texts,
    st.sampled_from(["Email", "Email", "SMS", ""]),
    time=times,
    campaign=st.sampled_from(["", "", "C1"]),
    site=st.sampled_from(["Site001", "Site002", "Site003", ""]),
    cancelled=YES_NO,
)
files = st.one_of(
    *(
        st.builds(File, st.just(kind), st.lists(rows, min_size=1, max_size=most), SCOPES)
        for kind, rows, most in (("codes", codes, 8), ("transactions", transactions, 25))
    )
)


def key_of(check: str, row: Record) -> tuple[Any, ...]:
    if check == "site_far_from_rest":
        return (row["site_ref"],)
    of_code = (row["group_name"] or "", row["code"])
    return of_code if PER_CODE.get(check, True) else (*of_code, row["time"])


def rows_found(store: Store, check: str, filters: Filters, values: dict[str, Any]) -> list[Record]:
    with store.cursor() as db:
        return query_rows(db, "to_check_rows", filters, NOW, check=check, **PAGE, **values)


def assert_silence_is_proven(imports: list[tuple[File, datetime]], rows: list[Record]) -> None:
    """Each named code stood without a Redemption_Time in a file that is newer than its use."""
    for row in rows:
        assert row["exported_at"] > row["time"]
        silent = [
            exported_at
            for file, exported_at in imports
            if file.kind == "codes"
            and {(r[1], r[0]): r[8] for r in file.rows}.get((row["group_name"], row["code"])) == ""
        ]
        assert row["exported_at"] in silent


@settings(SLOW, max_examples=examples(rounds(15, torture=300)))
@given(
    st.lists(files, min_size=1, max_size=4),
    st.sampled_from(CHOICES),
    st.sampled_from([(5, 99.8), (6, 95.0), (60 * 24 * 10, 50.0)]),
)
def test_every_check_finds_what_plain_python_finds(
    imported: list[File], filters: Filters, chosen: tuple[int, float]
) -> None:
    minutes, limits = chosen
    values = THRESHOLDS | {"minutes": minutes, "limits": limits}
    model = Model()
    with temporary_store() as store:
        for file in imported:
            import_file(store, file)
            model.apply(file.kind, file.rows, file.scope)
        wanted = ModelChecks(model, filters, NOW).found(minutes, limits)
        with store.cursor() as db:
            counted = {
                row["check"]: row["rows"]
                for row in query_rows(db, "to_check", filters, NOW, **values)
            }
            exports = db.execute(
                "select exported_at from vouchers.imports order by import_id"
            ).fetchall()
        for check, keys in wanted.items():
            rows = rows_found(store, check, filters, values)
            assert Counter(key_of(check, row) for row in rows) == keys, check
            assert counted[check] == keys.total(), check
        silent = rows_found(store, "codes_file_silent", filters, values)
        assert counted["codes_file_silent"] == len(silent)
        assert_silence_is_proven(
            [(file, at) for file, (at,) in zip(imported, exports, strict=True)], silent
        )
