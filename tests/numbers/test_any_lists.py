"""The verdicts on random lists match the model in plain Python, whatever was imported."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queries.checking.check import check
from queries.checking.listing import listing
from queries.filters import Filters
from tests.support.effort import examples
from tests.support.model import File, Model
from tests.support.model_lists import Line, lines
from tests.support.queries import NOW
from tests.support.stores import import_file, temporary_store
from tests.support.strategies import CHOICES, FILES, SLOW

pytestmark = pytest.mark.slow

CODES = st.lists(
    st.sampled_from(["A1", "A2", "a1", "0A", "A", "A11", "A 1", "A\u200b1", "ZZ"]),
    min_size=1,
    max_size=12,
)


@given(st.lists(FILES, min_size=1, max_size=4), CODES, st.lists(st.sampled_from(CHOICES)))
@settings(SLOW, max_examples=examples(25))
def test_a_random_list_has_the_verdicts_of_the_model(
    files: list[File], codes: list[str], choices: list[Filters]
) -> None:
    model = Model()
    with temporary_store() as store:
        for file in files:
            import_file(store, file)
            model.apply(file.kind, file.rows, file.scope)
        with store.cursor() as cursor:
            for filters in [Filters(), *choices]:
                found = check(cursor, listing(enumerate(codes, 1)), filters, NOW)
                names = ("code", "verdict", "group_name", "redeemed_at", "doubled")
                rows = zip(*(found.rows[name].to_pylist() for name in names), strict=True)
                assert [Line(*row) for row in rows] == lines(model, codes, filters, NOW)
