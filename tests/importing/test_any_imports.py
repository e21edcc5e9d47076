"""Random imports match the model in plain Python."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queries.filters import Filters
from tests.support.effort import examples, rounds
from tests.support.model import File, Model
from tests.support.queries import FEBRUARY_10
from tests.support.soundness import assert_sound
from tests.support.stores import counts, import_file, temporary_store, view
from tests.support.strategies import CHOICES, FILES, SLOW

pytestmark = pytest.mark.slow


@settings(SLOW, max_examples=examples(rounds(15, torture=400)))
@given(st.lists(FILES, min_size=1, max_size=5), st.sampled_from(CHOICES))
def test_any_imports_in_any_order_match_the_model_in_plain_python(
    files: list[File], filters: Filters
) -> None:
    model = Model()
    with temporary_store() as store:
        for file in files:
            assert counts(import_file(store, file)) == model.apply(file.kind, file.rows, file.scope)
        assert_sound(store)
        assert view(store) == model.view(Filters(), FEBRUARY_10)
        assert view(store, filters) == model.view(filters, FEBRUARY_10)
        again = import_file(store, file)
        assert (again.new, again.updated) == (0, 0)
        assert view(store) == model.view(Filters(), FEBRUARY_10)
