"""Each import is recorded."""

from datetime import datetime
from pathlib import Path

from data.importing.pipeline import load
from data.importing.scope import Scope
from data.store.database import Store
from pages.text.numbers import latest
from queries.engine.totals import run
from queries.filters import Filters
from tests.support.queries import FEBRUARY_10
from tests.support.rows import Code, Transaction, codes_file
from tests.support.stores import import_rows, stored_rows


def test_each_import_is_recorded(store: Store, tmp_path: Path) -> None:
    began = datetime.now().replace(microsecond=0)
    first = import_rows(store, tmp_path / "a.csv", Code("A1"), scope=Scope("May", "A", "7"))
    second = import_rows(store, tmp_path / "b.csv", Transaction(1, "A1"), Transaction(1, "A1"))
    assert second.import_id > first.import_id
    assert stored_rows(store, "imports") == [
        ("a.csv", "codes", "May", "A", "7", 1, 1, 0, 0, 0),
        ("b.csv", "transactions", None, None, None, 2, 1, 0, 0, 1),
    ]
    with store.cursor() as cursor:
        frame = run(cursor, "imports", Filters(), FEBRUARY_10)
    assert list(frame["file"]) == ["b.csv", "a.csv"]
    assert all(began <= at <= datetime.now() for at in frame["imported_at"])


def test_the_history_says_how_many_imports_it_leaves_out() -> None:
    assert latest(500, 500) == ""
    assert latest(500, 1234) == " These are the latest 500 of 1,234."


def test_an_import_reports_its_progress(store: Store, tmp_path: Path) -> None:
    shares: list[float] = []
    path = codes_file(tmp_path / "a.csv", Code("A1"))
    load(store, path, progress=lambda share, doing: shares.append(share))
    assert all(0 <= share <= 1 for share in shares)
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_an_import_changes_the_version_of_the_store(store: Store, tmp_path: Path) -> None:
    before = store.version
    import_rows(store, tmp_path / "a.csv", Code("A1"))
    assert store.version != before
