"""Redemptions that a status chooses are those of its codes, by a plain reading of the rules."""

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.store.database import Store
from queries.filters import STATUS_WORDS
from tests.support.effort import examples
from tests.support.model import status
from tests.support.odd_rows import model_of_odd_rows
from tests.support.queries import Record, filters_of, query_rows, records

MOMENTS = [
    datetime(2016, 1, 10),
    datetime(2016, 1, 20, 12),
    datetime(2016, 2, 10),
    datetime(2030, 1, 1),
]
EVERY_ROW = {"sort": "time", "descending": False, "offset": 0, "of": None}


@pytest.fixture(autouse=True)
def all_on_one_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("queries.engine.paging.PAGE", 10_000)


def by_hand(store: Store, wanted: set[str], excluded: set[str], moment: datetime) -> list[str]:
    """Which redemptions those are, as texts, sorted."""
    model = model_of_odd_rows()
    uses = model.uses()
    with store.cursor() as cursor:
        rows = records(cursor.sql("from vouchers.transactions").df())
    found = []
    for row in rows:
        held = model.codes.get((row["group_name"], row["code"]))
        of_code = status(held, uses, moment) if held else None
        is_chosen = not wanted or of_code in wanted
        if is_chosen and (of_code not in excluded):
            found.append(text(row))
    return sorted(found)


def text(row: Record) -> str:
    return f"{row['transaction_id']} {row['time']} {row['code']!r} {row['group_name']!r}"


STATUSES = st.sets(st.sampled_from(sorted(STATUS_WORDS)))


@settings(max_examples=examples(80))
@given(wanted=STATUSES, excluded=STATUSES, moment=st.sampled_from(MOMENTS), asof=st.booleans())
def test_any_statuses_at_any_moment_choose_the_redemptions_of_their_codes(
    odd_store: Store, wanted: set[str], excluded: set[str], moment: datetime, asof: bool
) -> None:
    parts = [f"status={name}" for name in wanted] + [f"status!={name}" for name in excluded]
    if asof:  # an earlier day than until when the data reach: its first moment
        parts.append(f"asof={moment:%Y-%m-%d}")
        moment = datetime(moment.year, moment.month, moment.day)
    until = MOMENTS[-1] if asof else moment
    with odd_store.cursor() as cursor:
        found = query_rows(
            cursor, "transactions_rows", filters_of("&".join(parts)), until, **EVERY_ROW
        )
    assert sorted(map(text, found)) == by_hand(odd_store, wanted, excluded, moment)
