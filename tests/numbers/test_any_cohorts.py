"""Rates within days and curves by age match the model in plain Python, whatever was imported."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.store.database import Store
from queries.filters import Filters
from tests.support.effort import examples, rounds
from tests.support.model import TIMES, File, Life, Model, moment
from tests.support.queries import Record, query_rows
from tests.support.stores import import_file, temporary_store
from tests.support.strategies import CHOICES, FILES, SLOW

pytestmark = pytest.mark.slow

LATEST = max(time for text in TIMES if (time := moment(text)))  # of all redemptions


class Cohorts(NamedTuple):
    """What is compared: which codes, by what, and until when they are observed."""

    filters: Filters
    by: str
    days: int
    now: datetime

    def lives(self, model: Model) -> dict[str, list[Life]]:
        return model.lives(self.filters, self.now, self.by)


COHORTS = st.builds(
    Cohorts,
    st.sampled_from(CHOICES),
    st.sampled_from(["batch", "group", "folder", "month"]),
    st.integers(1, 60),
    st.integers(0, 50).map(lambda days: LATEST + timedelta(days)),
)


def assert_rates_match(store: Store, model: Model, wanted: Cohorts) -> None:
    lives = wanted.lives(model)
    with store.cursor() as db:
        filters, by, days, now = wanted
        rows = query_rows(db, "rate_within_days", filters, now, by=by, days=days)
    assert {row["name"] for row in rows} == set(lives)
    for row in rows:
        old = [life for life in lives[row["name"]] if life.observed >= timedelta(wanted.days)]
        redeemed = sum(life.is_redeemed_within(wanted.days) for life in old)
        assert (row["codes"], row["redeemed"]) == (len(old), redeemed)
        assert row["too_young"] == len(lives[row["name"]]) - len(old)
        if old:
            assert row["rate"] == redeemed / len(old)
            assert 0 <= row["low"] <= row["rate"] <= row["high"] <= 1


def assert_curves_match(store: Store, model: Model, wanted: Cohorts) -> None:
    lives = wanted.lives(model)
    last_days = {name: min(life.observed for life in all_).days for name, all_ in lives.items()}
    points = {
        (name, age): (sum(life.is_redeemed_within(age) for life in lives[name]), len(lives[name]))
        for name, last in last_days.items()
        for age in range(1, last + 1)
    }
    rows = curve_rows(store, wanted, every_day=True)
    assert {(r["name"], r["age_days"]): (r["redeemed"], r["codes"]) for r in rows} == points
    for before, after in pairwise(rows):
        assert before["name"] != after["name"] or before["rate"] <= after["rate"]


def assert_thinned_curves_are_the_same(store: Store, wanted: Cohorts) -> None:
    every = curve_rows(store, wanted, every_day=True)
    filled: list[Record] = []
    kept: Record = {}
    thinned = {(r["name"], r["age_days"]): r for r in curve_rows(store, wanted, every_day=False)}
    for row in every:
        kept = thinned.pop((row["name"], row["age_days"]), kept)
        filled.append(kept | {"age_days": row["age_days"]})
    assert filled == every
    assert not thinned


def assert_rates_meet_the_curves(store: Store, wanted: Cohorts) -> None:
    filters, by, _, now = wanted
    for point in curve_rows(store, wanted, every_day=False):
        days = point["age_days"]
        with store.cursor() as db:
            rows = query_rows(db, "rate_within_days", filters, now, by=by, days=days)
        (row,) = (row for row in rows if row["name"] == point["name"])
        assert {name: row[name] for name in ("codes", "redeemed", "rate")} == {
            name: point[name] for name in ("codes", "redeemed", "rate")
        }
        assert row["too_young"] == 0


def curve_rows(store: Store, wanted: Cohorts, *, every_day: bool) -> list[Record]:
    filters, by, _, now = wanted
    values = {"by": by, "most": 1_000_000, "every_day": every_day}
    with store.cursor() as db:
        return query_rows(db, "redemption_curve", filters, now, **values)


@settings(SLOW, max_examples=examples(rounds(15, torture=400)))
@given(st.lists(FILES, min_size=1, max_size=5), st.lists(COHORTS, min_size=1, max_size=4))
def test_cohorts_of_any_imports_match_the_model_in_plain_python(
    files: list[File], several: list[Cohorts]
) -> None:
    model = Model()
    with temporary_store() as store:
        for file in files:
            import_file(store, file)
            model.apply(file.kind, file.rows, file.scope)
        for wanted in several:
            assert_rates_match(store, model, wanted)
            assert_curves_match(store, model, wanted)
            assert_thinned_curves_are_the_same(store, wanted)
            assert_rates_meet_the_curves(store, wanted)
