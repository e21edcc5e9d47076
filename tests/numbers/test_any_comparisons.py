"""Two choices side by side match the model in plain Python, whatever was imported."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queries.filters import Filters
from tests.support.effort import examples, rounds
from tests.support.model import File, Model
from tests.support.model_compare import compared
from tests.support.queries import FEBRUARY_10, query_rows
from tests.support.stores import import_file, temporary_store
from tests.support.strategies import CHOICES, FILES, SLOW

pytestmark = pytest.mark.slow

PERIODS = [(None, None), (date(2016, 1, 20), date(2016, 2, 9)), (date(2016, 2, 10), None)]


def _second(filters: Filters, ends: tuple[date | None, date | None], is_rest: bool) -> Filters:
    return replace(filters, from_=ends[0], to=ends[1], rest=is_rest or filters.rest)


SECONDS = st.builds(
    _second, st.sampled_from(CHOICES), st.sampled_from(PERIODS), st.sampled_from([True, False])
)


@settings(SLOW, max_examples=examples(rounds(25, torture=400)))
@given(st.lists(FILES, min_size=1, max_size=5), st.sampled_from(CHOICES), SECONDS)
def test_any_two_choices_match_the_model_in_plain_python(
    files: list[File], first: Filters, second: Filters
) -> None:
    model = Model()
    second = replace(second, asof=date(2016, 2, 10))  # the model's statuses are of one moment
    with temporary_store() as store:
        for file in files:
            import_file(store, file)
            model.apply(file.kind, file.rows, file.scope)
        with store.cursor() as db:
            rows = query_rows(db, "compare_numbers", first, FEBRUARY_10, b=second)
    found = {row.pop("number"): row for row in rows}
    for name, row in compared(model, first, second, FEBRUARY_10).items():
        assert found[name] == pytest.approx(row._asdict(), abs=1e-9), name
