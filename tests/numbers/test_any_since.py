"""What changed since an import matches the model in plain Python, whatever was imported."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.replay.undo import undo
from data.store.database import Store
from queries.filters import Filters
from tests.support.effort import examples, rounds
from tests.support.model import File
from tests.support.model_since import SinceModel
from tests.support.since import MONDAY, make_on, summary
from tests.support.stores import import_file, temporary_store
from tests.support.strategies import CHOICES, FILES, SLOW

pytestmark = pytest.mark.slow


def assert_headings_match(
    store: Store, imports: list[tuple[int, File]], several: list[Filters], first: int
) -> None:
    """By the first import that counts, and by the day on which it was made."""
    model = SinceModel()
    for _, file in imports:
        model.apply(file)
    place = sum(import_id < first for import_id, _ in imports)
    for filters in several:
        wanted = model.summary(filters, place)
        assert summary(store, filters, from_import=first) == wanted
        assert summary(store, filters, since=day_of(first)) == wanted


def day_of(import_id: int) -> date:
    return MONDAY + timedelta(import_id)


@settings(SLOW, max_examples=examples(rounds(15, torture=400)))
@given(
    st.lists(FILES, min_size=1, max_size=6),
    st.lists(st.sampled_from(CHOICES), min_size=1, max_size=3),
    st.integers(1, 7),
    st.integers(1, 6),
)
def test_the_headings_of_any_imports_match_the_model_in_plain_python(
    files: list[File], several: list[Filters], first: int, taken_back: int
) -> None:
    with temporary_store() as store:
        imports = [(import_file(store, file).import_id, file) for file in files]
        for import_id, _ in imports:
            make_on(store, import_id, day_of(import_id))
        assert_headings_match(store, imports, several, first)
        if taken_back <= len(imports):
            undo(store, {taken_back})
            imports = [one for one in imports if one[0] != taken_back]
            assert_headings_match(store, imports, several, first)
