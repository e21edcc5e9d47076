"""Bouncebacks match the model in plain Python, whatever was imported and chosen."""

from collections import Counter
from datetime import datetime, timedelta
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queries.filters import Filters
from tests.support.effort import examples, rounds
from tests.support.model import File, Model
from tests.support.model_bounceback import Child, children
from tests.support.queries import Record, query_rows
from tests.support.stores import import_file, temporary_store
from tests.support.strategies import CHOICES, CODE_ROWS, FILES, SCOPES, SLOW

pytestmark = pytest.mark.slow

FAMILY = st.builds(
    lambda code, parent: code._replace(parent=parent),
    CODE_ROWS,
    st.sampled_from(["", "A1", "A2", "a1", "0A", "gone"]),
)
FAMILIES = st.builds(File, st.just("codes"), st.lists(FAMILY, min_size=2, max_size=8), SCOPES)
NOWS = st.integers(10, 60).map(lambda days: datetime(2016, 1, 1, 12) + timedelta(days))


def assert_matches(row: Record, wanted: list[Child]) -> None:
    days = [child.days for child in wanted if child.days is not None]
    redeemed = sum(child.redeemed is not None for child in wanted)
    assert row["children"] == len(wanted)
    assert row["redeemed"] == redeemed
    assert row["parents"] == len({id(child.parent) for child in wanted if child.parent})
    assert row["without_parent"] == sum(child.parent is None for child in wanted)
    assert row["return_rate"] == (redeemed / len(wanted) if wanted else None)
    assert (row["paired"], row["before_parent"]) == (len(days), sum(day < 0 for day in days))
    old = [child for child in wanted if (child.age or 0) >= 28]
    assert (row["old_enough"], row["within_28"]) == (len(old), sum(map(is_within, old)))
    assert row["too_young"] == sum(child.age is not None and child.age < 28 for child in wanted)
    assert row["running"] == sum(child.is_running for child in wanted)
    later = [day for day in days if day >= 0]
    assert row["median"] == (pytest.approx(median(later)) if later else None)


def is_within(child: Child) -> bool:
    return child.redeemed_age is not None and child.redeemed_age < 28


def trigger_of(child: Child) -> str:
    return child.parent.row[1] if child.parent else "(parent unknown)"


@settings(SLOW, max_examples=examples(rounds(15, torture=600)))
@given(
    st.lists(FAMILIES, min_size=1, max_size=3),
    st.lists(FILES, max_size=3),
    st.lists(st.sampled_from(CHOICES), min_size=1, max_size=4),
    NOWS,
)
def test_bouncebacks_of_any_imports_match_the_model_in_plain_python(
    families: list[File], files: list[File], choices: list[Filters], now: datetime
) -> None:
    model = Model()
    with temporary_store() as store:
        for file in (*files, *families):
            import_file(store, file)
            model.apply(file.kind, file.rows, file.scope)
        for filters in choices:
            with store.cursor() as db:
                rows = query_rows(db, "bounceback", filters, now)
                chains = query_rows(db, "bounceback_chains", filters, now)
            wanted = children(model, filters, now)
            pairs = {(trigger_of(child), child.held.row[1]) for child in wanted}
            triggers = {trigger for trigger, _ in pairs}
            assert len(rows) == 1 + len(pairs) + len(triggers)
            for row in rows:
                key = (row["trigger_group"], row["group_name"])
                assert row["of"] != "pair" or key in pairs
                assert row["of"] != "trigger" or key[0] in triggers
                assert_matches(
                    row,
                    [
                        child
                        for child in wanted
                        if key[0] in (None, trigger_of(child))
                        and key[1] in (None, child.held.row[1])
                    ],
                )
            assert {row["depth"]: row["children"] for row in chains} == Counter(
                child.depth for child in wanted
            )
            assert sum(row["redeemed"] for row in chains) == sum(
                child.redeemed is not None for child in wanted
            )
