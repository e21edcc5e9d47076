"""A code is found by its whole text, and by a part of it."""

from pathlib import Path

import pytest

from data.importing.scope import Scope
from data.store.database import Store
from queries.engine.totals import run
from queries.filters import Filters
from tests.support.queries import FEBRUARY_10
from tests.support.rows import Code
from tests.support.server import Server, code_rows, elements, serving
from tests.support.stores import import_rows, opened


@pytest.fixture
def three_batches(store: Store, tmp_path: Path) -> Store:
    """Two batches of two codes each, and two codes without a batch."""
    for batch, codes in (("7", "A1 A9"), ("8", "B1 B9"), (None, "A5 B5")):
        rows = map(Code, codes.split())
        import_rows(store, tmp_path / f"{batch}.csv", *rows, scope=Scope(batch=batch))
    return store


@pytest.mark.parametrize(
    ("text", "batches"),
    [
        ("A1", {"7"}),
        ("A5", {"7", "(no batch)"}),
        ("B0", {"(no batch)"}),
        ("B9", {"8"}),
        ("C1", set()),
        ("", set()),
    ],
)
def test_a_code_may_be_in_the_batches_that_have_codes_before_and_after_it(
    three_batches: Store, text: str, batches: set[str]
) -> None:
    with three_batches.cursor() as db:
        found = run(db, "batches_around", Filters(), FEBRUARY_10, search=text)
        assert set(found["batch"]) == batches


@pytest.mark.parametrize(
    ("search", "query", "expected"),
    [
        ("JANE7K2QD", [], ["JANE7K2QD"]),
        ("jane7k2qd", [], ["JANE7K2QD"]),  # a partial match ignores case
        ("7K2", [], ["JANE7K2QD"]),
        ("JANE7K2QD", [("batch", "1041")], ["JANE7K2QD"]),
        ("JANE7K2QD", [("batch", "1042")], []),
        ("JANE7K2QD", [("status", "active")], []),
        ("JANE7K2Q0", [], []),
    ],
)
def test_a_search_lists_the_chosen_codes_that_match(
    server: Server, search: str, query: list[tuple[str, str]], expected: list[str]
) -> None:
    page = server.page("codes", [("asof", "2016-02-10"), *query], {"code_search": search})
    assert [row[0] for row in code_rows(page)] == expected


@pytest.mark.parametrize("groups", [49, 50, 51])
def test_all_codes_with_one_text_are_counted_and_listed(tmp_path: Path, groups: int) -> None:
    path = tmp_path / "vouchers.duckdb"
    with opened(path) as store:
        same = [Code("A1", f"Group {number:02}") for number in range(groups)]
        import_rows(store, tmp_path / "codes.csv", *same, Code("A12"))
    with serving(path, tmp_path / "server.log", VOUCHERS_SAMPLE="0") as app:
        page = app.page("codes", None, {"code_search": "A1"})
        assert f"{groups} codes found, by its whole text" in [
            caption["props"]["body"] for caption in elements(page, "caption")
        ]
        assert [row[0] for row in code_rows(page)] == ["A1"] * min(groups, 50)
