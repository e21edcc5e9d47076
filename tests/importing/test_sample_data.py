"""Sample data can be cleared without a trace."""

import contextlib
import shutil
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.importing.pipeline import load
from data.importing.scope import Scope
from data.owner import fill_with_sample
from data.replay.rebuild import rebuild
from data.replay.undo import clear_sample, undo
from data.store.database import Store
from queries.engine.totals import run
from queries.filters import Filters
from tests.support.changes import changes_of, email_keys
from tests.support.effort import examples
from tests.support.expected import EXPECTED, import_fixtures
from tests.support.exports import export_bytes
from tests.support.model import File, Model
from tests.support.queries import FEBRUARY_10, query_rows
from tests.support.rows import Code, Transaction, codes_file
from tests.support.soundness import assert_sound
from tests.support.stores import (
    all_rows,
    import_file,
    import_rows,
    number_of,
    stored_rows,
    temporary_store,
    view,
)
from tests.support.strategies import CHOICES, FILES, SLOW

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def sample_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed store with the sample data in it. Copy it, do not change it."""
    opened = Store(tmp_path_factory.mktemp("sample") / "vouchers.duckdb")
    fill_with_sample(opened, date(2026, 11, 23))
    opened.close()
    return opened.path


def contents(store: Store) -> list[object]:
    """What a store shows, from several sides."""
    return [
        *(view(store, filters) for filters in CHOICES),
        export_bytes(store, "codes"),
        export_bytes(store, "transactions"),
        stored_rows(store, "codes"),
        stored_rows(store, "transactions"),
    ]


def test_real_files_over_the_sample_count_as_if_it_had_never_been_there(
    sample_file: Path, loaded: Store, tmp_path: Path
) -> None:
    (tmp_path / "used").mkdir()
    used = Store(Path(shutil.copy(sample_file, tmp_path / "used" / "vouchers.duckdb")))
    try:
        assert number_of(used, "codes_issued") > 50_000
        import_fixtures(used)
        clear_sample(used)
        assert_sound(used)
        for case in EXPECTED["answers"]:
            filters = {name: [value] if isinstance(value, str) else value
                       for name, value in case["filters"].items()}  # fmt: skip
            pairs = [(name, value) for name, values in filters.items() for value in values]
            chosen, problems = Filters.from_query([*pairs, ("asof", case["asof"])])
            assert problems == []
            assert view(used, chosen) == view(loaded, chosen)
        assert contents(used) == contents(loaded)
        with used.cursor() as cursor:
            (held,) = query_rows(cursor, "held", Filters(), FEBRUARY_10)
        assert (held["sample_imports"], held["own_imports"]) == (0, len(EXPECTED["load"]))
    finally:
        used.close()


def test_the_sample_alone_leaves_nothing_behind(sample_file: Path, tmp_path: Path) -> None:
    used = Store(Path(shutil.copy(sample_file, tmp_path / "vouchers.duckdb")))
    try:
        clear_sample(used)
        assert stored_rows(used, "imports") == stored_rows(used, "codes") == []
        assert number_of(used, "redemptions") == 0
    finally:
        used.close()


SAMPLES: dict[str, tuple[list[File], list[File]]] = {
    "the same code": (
        [File("codes", [Code("A1", redeemed="02/01/2016 10:00")], Scope("Sample", "A", "1"))],
        [File("codes", [Code("A1")], Scope())],
    ),
    "the same code, unchanged": (
        [File("codes", [Code("A1")], Scope())],
        [File("codes", [Code("A1")], Scope())],
    ),
    "the same transaction": (
        [File("transactions", [Transaction(1, "A1", cancelled="Yes")], Scope("Sample"))],
        [File("transactions", [Transaction(1, "A1")], Scope())],
    ),
    "a real transaction of a sample code": (
        [File("codes", [Code("A1", redeemed="02/01/2016 10:00")], Scope("Sample", "A", "1"))],
        [File("transactions", [Transaction(1, "A1")], Scope("May", None, "7"))],
    ),
    "a sample transaction of a real code": (
        [File("transactions", [Transaction(1, "A1", cancelled="Yes")], Scope("Sample"))],
        [File("codes", [Code("A1", redeemed="02/01/2016 10:00")], Scope("May"))],
    ),
}


@pytest.mark.parametrize("clash", SAMPLES)
def test_clearing_the_sample_keeps_what_real_files_hold_too(clash: str) -> None:
    made_up, real = SAMPLES[clash]
    assert_as_without_the_sample(made_up, real)


@settings(SLOW, max_examples=examples(20))
@given(
    st.lists(FILES, min_size=1, max_size=3),
    st.lists(FILES, min_size=0, max_size=3),
    st.sampled_from(CHOICES),
)
def test_clearing_the_sample_leaves_what_the_real_files_alone_would_give(
    made_up: list[File], real: list[File], filters: Filters
) -> None:
    assert_as_without_the_sample(made_up, real, filters)


def assert_as_without_the_sample(
    made_up: list[File], real: list[File], filters: Filters = Filters(folder=("May",))
) -> None:
    model = Model()
    with temporary_store() as store:
        for file in made_up:
            import_file(store, file, is_sample=True)
        for file in real:
            import_file(store, file)
            model.apply(file.kind, file.rows, file.scope)
        clear_sample(store)
        assert_sound(store)
        for chosen in (Filters(), filters):
            assert view(store, chosen) == model.view(chosen, FEBRUARY_10)
        assert len(stored_rows(store, "imports")) == len(real)


def test_clearing_the_sample_leaves_undone_imports_undone(store: Store, tmp_path: Path) -> None:
    load(store, codes_file(tmp_path / "sample.csv", Code("S1"), Code("A1")), is_sample=True)
    wrong = import_rows(store, tmp_path / "1.csv", Code("W1"), Code("A1", quantity="9"))
    import_rows(store, tmp_path / "2.csv", Code("A1"))
    undo(store, {wrong.import_id})
    clear_sample(store)
    assert [row[0] for row in stored_rows(store, "codes")] == ["A1"]
    assert [row[0] for row in stored_rows(store, "imports")] == ["1.csv", "2.csv"]
    before = all_rows(store)
    clear_sample(store)
    assert all_rows(store) == before
    with contextlib.closing(rebuild(store.originals, tmp_path / "new.duckdb")) as rebuilt:
        assert all_rows(rebuilt) == before


def test_an_import_after_the_sample_was_cleared_gets_a_number_of_its_own(
    store: Store, tmp_path: Path
) -> None:
    load(store, codes_file(tmp_path / "sample.csv", Code("S1")), is_sample=True)
    clear_sample(store)
    done = import_rows(store, tmp_path / "1.csv", Code("A1"))
    assert done.import_id == 2
    assert changes_of(store, done) == {"new codes": email_keys("A1")}
    with store.cursor() as cursor:
        assert list(run(cursor, "imports", Filters(), FEBRUARY_10)["file"]) == ["1.csv"]
    undo(store, {done.import_id})
    assert stored_rows(store, "codes") == []
